package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

func TestReplicasShareOneLibrary(t *testing.T) {
	url := postgres.URL(t)
	a, b := storetest.Open(t, url), storetest.Open(t, url)
	d := insert(t, a, draft(published))[0]
	for i, s := range []*store.Store{a, b, a, b} {
		before := get(t, a, other, d.ID).Version
		if got := get(t, b, other, d.ID).Version; got != before {
			t.Errorf("round %d: versions %d and %d", i, before, got)
		}
		change(t, s, d.ID, func(d *store.Document) { d.Post.Incident.Title = fmt.Sprintf("title %d", i) })
		for name, reader := range map[string]*store.Store{"a": a, "b": b} {
			if got, want := get(t, reader, other, "#1").Post.Incident.Title, fmt.Sprintf("title %d", i); got != want {
				t.Errorf("round %d: %s has %q, want %q", i, name, got, want)
			}
		}
	}
	const each = 10
	errs := make(chan error)
	for _, s := range []*store.Store{a, b} {
		go func() {
			var err error
			for range each {
				err = errors.Join(err, s.Write(t.Context(), func(tx *store.Tx) error { return tx.Insert(t.Context(), draft()) }))
			}
			errs <- err
		}()
	}
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Fatal(err)
	}
	list, err := a.List(t.Context(), author, store.Filter{Limit: 50})
	got := nums(list.Items)
	slices.Sort(got)
	if err != nil || len(got) != 2*each+1 || got[len(got)-1] != 2*each+1 {
		t.Errorf("numbers %v, %v; want 1 to %d, each once", got, err, 2*each+1)
	}
}

func TestCacheIsBoundedAndHoldsTheLastVersion(t *testing.T) {
	s := storetest.SQLite(t)
	s.CacheBytes(10_000)
	long := strings.Repeat("word ", 900)
	docs := insert(t, s, draft(), draft(), draft(), draft(), draft())
	for round := range 3 {
		for _, d := range docs {
			change(t, s, d.ID, func(d *store.Document) { d.Post.Sections[0].Text = fmt.Sprint(round) + long })
			get(t, s, author, d.ID) // what is read once is not kept
			if got := get(t, s, author, d.ID); !strings.HasPrefix(got.Post.Sections[0].Text, fmt.Sprint(round)) || got.Version != int64(round+2) {
				t.Errorf("round %d: version %d with %.5q", round, got.Version, got.Post.Sections[0].Text)
			}
		}
		if docs, size := s.Cached(); docs < 1 || docs > 2 || size > 10_000 {
			t.Errorf("%d documents of %d bytes are kept, want at most 10,000 bytes", docs, size)
		}
	}
}

func TestWhoReadsThroughALibraryPutsNothingOutOfTheCache(t *testing.T) {
	s := storetest.SQLite(t)
	list := make([]*store.Document, 70)
	for i := range list {
		list[i] = draft()
	}
	docs := insert(t, s, list...)
	worked := get(t, s, author, docs[0].ID)
	if worked == get(t, s, author, docs[0].ID) {
		t.Error("what was read once is kept")
	}
	worked = get(t, s, author, docs[0].ID)
	for _, d := range docs[1:] {
		get(t, s, author, d.ID)
	}
	if kept, _ := s.Cached(); kept != 1 || get(t, s, author, docs[0].ID) != worked {
		t.Errorf("%d documents are kept after each was read once, want the one that was read twice", kept)
	}
}

func TestReplicasMayStartTogether(t *testing.T) {
	t.Parallel() // the second waits for the first, which it asks every few seconds
	url := postgres.URL(t)
	errs := make(chan error)
	for range 3 {
		go func() {
			s, err := store.Open(t.Context(), url)
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
