package workflow

import (
	"context"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
)

// maxView is the most bytes of a view's query, and maxViewName the most letters of
// its name.
const (
	maxView     = 2000
	maxViewName = 60
)

// viewFields are what a view may ask the library for.
var viewFields = []string{"q", "status", "severity", "kind", "service", "category", "from", "to", "mine"}

// Views returns the views of the library that the viewer keeps, by name.
func (s *Service) Views(ctx context.Context, v hindcast.Viewer) ([]View, error) {
	if !v.MayRead() {
		return nil, nil
	}
	return s.store.Views(ctx, v)
}

// SaveView keeps a view for the viewer alone, in place of one of the same name.
// What a query asks for beyond the filters of the library is left out.
func (s *Service) SaveView(ctx context.Context, v hindcast.Viewer, name, query string) (View, error) {
	view := View{Name: strings.TrimSpace(name), Created: s.now()}
	if err := mayKeepViews(v); err != nil {
		return view, err
	}
	if n := utf8.RuneCountInString(view.Name); n == 0 || n > maxViewName || strings.ContainsFunc(view.Name, unicode.IsControl) {
		return view, hindcast.Errorf(hindcast.Invalid, "name the view in up to %d letters", maxViewName)
	}
	asked, err := url.ParseQuery(query)
	if err != nil {
		return view, hindcast.Errorf(hindcast.Invalid, "the view cannot be read; open the library, filter it and save the view there")
	}
	kept := url.Values{}
	for _, field := range viewFields {
		if value := strings.TrimSpace(asked.Get(field)); value != "" {
			kept.Set(field, value)
		}
	}
	if view.Query = kept.Encode(); view.Query == "" || len(view.Query) > maxView {
		return view, hindcast.Errorf(hindcast.Invalid, "filter the library first: a view keeps words and filters")
	}
	return view, s.store.Write(ctx, func(tx *store.Tx) error { return tx.PutView(ctx, v.PersonID, view) })
}

// RemoveView removes a view of the viewer, if there is one of this name.
func (s *Service) RemoveView(ctx context.Context, v hindcast.Viewer, name string) error {
	if err := mayKeepViews(v); err != nil {
		return err
	}
	return s.store.Write(ctx, func(tx *store.Tx) error { return tx.RemoveView(ctx, v.PersonID, name) })
}

// mayKeepViews refuses who may not read, and tokens that may only read: to keep a
// view is to write, for oneself.
func mayKeepViews(v hindcast.Viewer) error {
	if !v.MayRead() || v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "sign in to keep views of the library")
	}
	return nil
}
