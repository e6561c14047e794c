package workflow

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/saved"
)

// Views returns the views of the library that the viewer keeps, by name.
func (s *Service) Views(ctx context.Context, v hindcast.Viewer) ([]View, error) {
	if !v.MayRead() {
		return nil, nil
	}
	return saved.List(ctx, s.store.DB(), v.PersonID)
}

// SaveView keeps a view for the viewer alone, in place of one of the same name.
// What a query asks for beyond the filters of the library is left out.
func (s *Service) SaveView(ctx context.Context, v hindcast.Viewer, name, query string) (View, error) {
	if err := mayKeepViews(v); err != nil {
		return View{}, err
	}
	view, err := saved.New(name, query, s.now())
	if err != nil {
		return view, err
	}
	return view, s.store.Write(ctx, func(tx *store.Tx) error { return saved.Put(ctx, tx.SQL(), v.PersonID, view) })
}

// RemoveView removes a view of the viewer, if there is one of this name.
func (s *Service) RemoveView(ctx context.Context, v hindcast.Viewer, name string) error {
	if err := mayKeepViews(v); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error { return saved.Remove(ctx, tx.SQL(), v.PersonID, name) })
}

// mayKeepViews refuses who may not read, and tokens that may only read: to keep a
// view is to write, for oneself.
func mayKeepViews(v hindcast.Viewer) error {
	if !v.MayRead() || v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "sign in to keep views of the library")
	}
	return nil
}
