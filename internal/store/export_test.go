package store

// RankAtOnce makes the store rank n matches together.
func (s *Store) RankAtOnce(n int) { s.window = n }

// CacheBytes bounds the documents that are kept decoded.
func (s *Store) CacheBytes(n int) { s.cache = newCache(n) }

// Cached returns how many documents are kept decoded, and the size of their text.
func (s *Store) Cached() (docs, size int) { return s.cache.order.Len(), s.cache.size }
