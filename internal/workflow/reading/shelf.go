package reading

import (
	"container/list"
	"sync"

	"github.com/hindcast/hindcast/internal/audience"
)

// shelfSize is how many publications are kept ready to be read.
const shelfSize = 64

// shelf keeps the publications that were read last: they never change. The zero
// value is ready.
type shelf struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order list.List // of book, the last read first
}

type book struct {
	key  string
	view audience.View
}

// get returns what is kept under a key, or else what read makes.
func (s *shelf) get(key string, read func() audience.View) audience.View {
	s.mu.Lock()
	if e, ok := s.byKey[key]; ok {
		s.order.MoveToFront(e)
		view := e.Value.(book).view
		s.mu.Unlock()
		return view
	}
	s.mu.Unlock()
	view := read()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byKey == nil {
		s.byKey = map[string]*list.Element{}
	}
	if _, ok := s.byKey[key]; !ok {
		s.byKey[key] = s.order.PushFront(book{key, view})
	}
	for s.order.Len() > shelfSize {
		delete(s.byKey, s.order.Remove(s.order.Back()).(book).key)
	}
	return view
}
