package web

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"sync"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast/internal/web/actions"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
)

// maxBodies is how many bytes of rendered documents are kept.
const maxBodies = 16 << 20

// bodyKey is all that the inside of a post-mortem's page depends on.
type bodyKey struct {
	doc    string // [workflow.Document.Key]
	rights [4]bool
	look   postmortem.Look
	around string // who takes part and what refers to it, which have no part in the version
}

func keyOf(d *workflow.Document, v *postmortem.View) bodyKey {
	return bodyKey{d.Key(), [4]bool{v.MayWrite, v.MayFollow, v.MayManage, v.MayJoin}, v.Look, fmt.Sprint(v.People, v.Backlinks, actions.AgainKey(v.Echoes))}
}

// bodies keeps the documents that were rendered last. The zero value is ready.
type bodies struct {
	mu    sync.Mutex
	byKey map[bodyKey]*list.Element
	order list.List // of keptBody, the last used first
	bytes int
}

type keptBody struct {
	key  bodyKey
	body body
}

// get returns what is kept under a key, or else what render makes. What is looked
// at a second time is worth being compressed well.
func (b *bodies) get(key bodyKey, render func() ([]byte, error)) (body, error) {
	b.mu.Lock()
	var found body
	e, ok := b.byKey[key]
	if ok {
		b.order.MoveToFront(e)
		found = e.Value.(keptBody).body
	}
	b.mu.Unlock()
	if found.packed != nil {
		return found, nil
	}
	var err error
	if ok {
		found, err = kept(found.raw)
	} else {
		found.raw, err = render()
	}
	if err != nil {
		return body{}, err
	}
	b.put(key, found)
	return found, nil
}

func (b *bodies) put(key bodyKey, made body) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.byKey == nil {
		b.byKey = map[bodyKey]*list.Element{}
	}
	if e, ok := b.byKey[key]; ok {
		b.drop(e)
	}
	b.byKey[key] = b.order.PushFront(keptBody{key, made})
	b.bytes += len(made.raw) + len(made.packed)
	for b.bytes > maxBodies && b.order.Len() > 1 {
		b.drop(b.order.Back())
	}
}

func (b *bodies) drop(e *list.Element) {
	old := b.order.Remove(e).(keptBody)
	delete(b.byKey, old.key)
	b.bytes -= len(old.body.raw) + len(old.body.packed)
}

// buffers are used again: a page takes more than a hundred kilobytes.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// rendered returns what a component writes.
func rendered(ctx context.Context, c templ.Component) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := c.Render(ctx, b); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}
