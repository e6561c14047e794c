package store

// RankAtOnce makes the store rank n matches together.
func (s *Store) RankAtOnce(n int) { s.window = n }
