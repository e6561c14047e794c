// Package shelf keeps what was made last and takes long to make again.
package shelf

import (
	"container/list"
	"sync"
)

// Shelf keeps values under keys, the ones used last. It may be used by several
// goroutines at once, and must be made by [New].
type Shelf[T any] struct {
	size  int
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of book, the last used first
}

type book[T any] struct {
	key   string
	value T
}

// New returns a shelf for a number of values.
func New[T any](size int) *Shelf[T] {
	return &Shelf[T]{size: size, byKey: map[string]*list.Element{}, order: list.New()}
}

// Get returns what is kept under a key, or else what make makes. Two callers may
// make the same at once; what each gets is shared and must not be changed.
func (s *Shelf[T]) Get(key string, make func() T) T {
	value, _ := s.Try(key, func() (T, error) { return make(), nil }) // make does not fail
	return value
}

// Try is [Shelf.Get] of what may fail to be made; nothing is kept then.
func (s *Shelf[T]) Try(key string, make func() (T, error)) (T, error) {
	s.mu.Lock()
	if e, ok := s.byKey[key]; ok {
		s.order.MoveToFront(e)
		value := e.Value.(book[T]).value
		s.mu.Unlock()
		return value, nil
	}
	s.mu.Unlock()
	value, err := make()
	if err != nil {
		return value, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byKey[key]; !ok {
		s.byKey[key] = s.order.PushFront(book[T]{key, value})
	}
	for s.order.Len() > s.size {
		delete(s.byKey, s.order.Remove(s.order.Back()).(book[T]).key)
	}
	return value, nil
}
