package sheet

import (
	"container/list"
	"sync"
)

// maxBodies is how many bytes of rendered documents are kept in memory.
const maxBodies = 16 << 20

// bodies keeps the documents that were shown last by the hashes of their keys, see
// [kept.Service.KeyOf]. The zero value is ready.
type bodies struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order list.List // of keptBody, the last used first
	bytes int
}

type keptBody struct {
	key  string
	body *Pieces
}

// get returns what is kept under a key; nil when there is nothing. What is looked
// at a second time is worth being compressed well.
func (b *bodies) get(key string) (*Pieces, error) {
	b.mu.Lock()
	e, ok := b.byKey[key]
	if !ok {
		b.mu.Unlock()
		return nil, nil
	}
	b.order.MoveToFront(e)
	found := e.Value.(keptBody).body
	b.mu.Unlock()
	if found.isPacked() {
		return found, nil
	}
	packed, err := found.pack()
	if err != nil {
		return nil, err
	}
	b.put(key, packed)
	return packed, nil
}

func (b *bodies) put(key string, made *Pieces) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byKey == nil {
		b.byKey = map[string]*list.Element{}
	}
	if e, ok := b.byKey[key]; ok {
		b.drop(e)
	}
	b.byKey[key] = b.order.PushFront(keptBody{key, made})
	b.bytes += made.size()
	for b.bytes > maxBodies && b.order.Len() > 1 {
		b.drop(b.order.Back())
	}
}

func (b *bodies) drop(e *list.Element) {
	old := b.order.Remove(e).(keptBody)
	delete(b.byKey, old.key)
	b.bytes -= old.body.size()
}
