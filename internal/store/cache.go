package store

import (
	"container/list"
	"slices"
	"sync"
)

// cache keeps documents that were read more than once, decoded: what goes through a
// library reads each once, and would only put out what people work on. What it
// returns is shared and must not be changed.
type cache struct {
	mu    sync.Mutex
	limit int // of the sum of sizes
	size  int
	byNum map[int64]*list.Element
	order *list.List // of *cached, the last read first
	once  [64]int64  // numbers of documents that were read lately and not kept
	next  int        // the oldest of once
}

type cached struct {
	num  int64
	size int
	doc  *Document
}

func newCache(limit int) *cache {
	return &cache{limit: limit, byNum: map[int64]*list.Element{}, order: list.New()}
}

// get returns a version of a document; nil when it is not kept.
func (c *cache) get(num, version int64) *Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byNum[num]
	if e == nil || e.Value.(*cached).doc.Version != version {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*cached).doc
}

// put keeps a document, size bytes of text, instead of its other versions, when it
// was read before.
func (c *cache) put(doc *Document, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byNum[doc.Num]
	if e == nil && !slices.Contains(c.once[:], doc.Num) {
		c.once[c.next] = doc.Num
		c.next = (c.next + 1) % len(c.once)
		return
	}
	if e != nil {
		c.drop(e)
	}
	c.byNum[doc.Num] = c.order.PushFront(&cached{doc.Num, size, doc})
	c.size += size
	for c.size > c.limit && c.order.Len() > 1 {
		c.drop(c.order.Back())
	}
}

func (c *cache) drop(e *list.Element) {
	old := c.order.Remove(e).(*cached)
	delete(c.byNum, old.num)
	c.size -= old.size
}
