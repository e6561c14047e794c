package sheet

import (
	"context"
	"log/slog"

	"github.com/hindcast/hindcast/internal/workflow/kept"
)

// Keeper keeps what of pages follows from documents. It may be used by several
// goroutines at once, and must be made by [NewKeeper].
type Keeper struct {
	kept    *kept.Service
	log     *slog.Logger // of what could not be kept
	bodies  bodies
	keeping keeping
}

// NewKeeper returns a Keeper that stores in a service.
func NewKeeper(k *kept.Service, log *slog.Logger) *Keeper { return &Keeper{kept: k, log: log} }

// Page is a page that is asked for.
type Page struct {
	Key  kept.Key
	Head *kept.Head // of the document with which it is stored; nil when it is kept in memory only
	// Make renders it; nil when what it follows from changed since the key was made.
	Make func(context.Context) (*Pieces, error)
	// Plain says that it is sent as it is: what it is packed from is kept in memory too.
	Plain bool
}

// stored reports whether the page is kept in the store.
func (p Page) stored() bool { return p.Head != nil && kept.Kept(p.Head) }

// Get returns what of a page is kept, or what is made now; nil when what it follows
// from changed since its key was made.
func (k *Keeper) Get(ctx context.Context, p Page) (*Pieces, error) {
	found, err := k.bodies.get(p.Key.Hash)
	if err != nil || found != nil {
		return k.plain(p, found), err
	}
	if p.stored() {
		data, err := k.kept.Body(ctx, p.Head, p.Key)
		if err != nil {
			return nil, err
		}
		if found, err := decode(data); err == nil { // else it is made again
			k.bodies.put(p.Key.Hash, found)
			return k.plain(p, found), nil
		}
	}
	made, err := p.Make(ctx)
	if err != nil || made == nil {
		return nil, err
	}
	k.bodies.put(p.Key.Hash, made)
	if p.stored() {
		k.keeping.begin(func() { k.keep(context.WithoutCancel(ctx), p, made) })
	}
	return made, nil
}

// plain returns what is kept of a page with what it is packed from, when it is sent
// plain, and keeps that in memory. What is damaged stays as it is and fails when it is
// sent.
func (k *Keeper) plain(p Page, found *Pieces) *Pieces {
	if !p.Plain || found == nil || found.isPlain() {
		return found
	}
	unpacked, err := found.unpack()
	if err != nil {
		return found
	}
	k.bodies.put(p.Key.Hash, unpacked)
	return unpacked
}

// keep compresses what was made and stores it. That it could not be stored is no
// fault of a request: it is made again.
func (k *Keeper) keep(ctx context.Context, p Page, made *Pieces) {
	packed, err := made.pack()
	if err == nil {
		k.bodies.put(p.Key.Hash, packed)
		err = k.kept.Keep(ctx, p.Head, p.Key, packed.encode())
	}
	if err != nil {
		k.log.Warn("a page was not kept", "num", p.Head.Num, "error", err)
	}
}

// Ahead makes and stores a page that nobody asked for yet.
func (k *Keeper) Ahead(ctx context.Context, p Page) error {
	made, err := p.Make(ctx)
	if err != nil || made == nil {
		return err
	}
	packed, err := made.pack()
	if err != nil {
		return err
	}
	return k.kept.Keep(ctx, p.Head, p.Key, packed.encode())
}

// Settled waits for what is being kept.
func (k *Keeper) Settled() { k.keeping.done.Wait() }

// Close waits for what is being kept and lets nothing begin.
func (k *Keeper) Close() { k.keeping.close() }
