package page_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/page"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	march  = time.Date(2024, 3, 15, 10, 0, 0, 0, time.UTC)
	lead   = hindcast.Viewer{PersonID: "lead", Role: hindcast.RoleMember}
	reader = hindcast.Viewer{PersonID: "reader", Role: hindcast.RoleReader}
	admin  = hindcast.Viewer{PersonID: "admin", Role: hindcast.RoleAdmin}
	nobody = hindcast.Viewer{}
)

// insert adds a published document that the lead takes part in.
func insert(t *testing.T, s *store.Store) *store.Document {
	t.Helper()
	d := &store.Document{
		ID: store.NewID(march), CreatedAt: march, CreatedBy: "lead", UpdatedAt: march, UpdatedBy: "lead", DraftDue: march.AddDate(0, 0, 3),
		People: []store.Participant{{PersonID: "lead", Role: "lead", AddedAt: march, AddedBy: "lead"}},
		Post:   hindcast.Postmortem{Incident: hindcast.Incident{Title: "Checkout requests timed out"}, Status: hindcast.StatusPublished},
	}
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Insert(t.Context(), d) }); err != nil {
		t.Fatal(err)
	}
	return d
}

// change changes a document as the workflow does.
func change(t *testing.T, s *store.Store, id string, f func(*store.Document)) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		d, err := tx.Load(t.Context(), id)
		if err != nil {
			return err
		}
		f(d)
		return tx.Save(t.Context(), d)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func keep(ctx context.Context, s *store.Store, num, version int64) error {
	return page.Keep(ctx, s.DB(), []page.Made{{Num: num, Variant: "outside", Version: version, Build: "b1", Key: "k", Body: []byte("\x00body")}})
}

func body(t *testing.T, s *store.Store, num int64) string {
	t.Helper()
	b, err := page.Body(t.Context(), s.DB(), num, "outside", "k")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHeadIsForWhoMaySee(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s)
		tests := []struct {
			name   string
			change func(*store.Document)
			sees   map[string]bool
		}{
			{"published", func(*store.Document) {}, map[string]bool{"lead": true, "reader": true, "admin": true}},
			{"private", func(d *store.Document) { d.Private = true }, map[string]bool{"lead": true}},
			{"open again", func(d *store.Document) { d.Private = false }, map[string]bool{"lead": true, "reader": true, "admin": true}},
			{"draft", func(d *store.Document) { d.Post.Status = hindcast.StatusDraft }, map[string]bool{"lead": true}},
			{"shared", func(d *store.Document) {
				d.People = append(d.People, store.Participant{PersonID: "reader", Role: "reviewer", AddedAt: march, AddedBy: "lead"})
			}, map[string]bool{"lead": true, "reader": true}},
			{"not shared any more", func(d *store.Document) { d.People = d.People[:1] }, map[string]bool{"lead": true}},
			{"removed", func(d *store.Document) { d.Post.Status, d.DeletedAt = hindcast.StatusPublished, march }, nil},
		}
		for _, tt := range tests {
			change(t, s, d.ID, tt.change)
			for _, v := range []hindcast.Viewer{lead, reader, admin, nobody} {
				h, found, err := page.Find(t.Context(), s.DB(), v, d.Num)
				if err != nil {
					t.Fatal(err)
				}
				if found != tt.sees[v.PersonID] {
					t.Errorf("%s: %q finds it = %t, want %t", tt.name, v.PersonID, found, tt.sees[v.PersonID])
				}
				whole, err := s.Get(t.Context(), v, d.ID)
				if (err == nil) != found {
					t.Errorf("%s: %q finds it = %t, and the document: %v", tt.name, v.PersonID, found, err)
				}
				if !found {
					continue
				}
				got := fmt.Sprint(h.Num, h.ID, h.Version, h.UpdatedAt, h.Status, h.Title, h.Private, h.DraftDue, h.PublishDue, h.PublishedAt)
				want := fmt.Sprint(whole.Num, whole.ID, whole.Version, whole.UpdatedAt, whole.Post.Status, whole.Post.Incident.Title, whole.Private, whole.DraftDue, whole.PublishDue, whole.PublishedAt)
				if got != want {
					t.Errorf("%s: head %s, want %s", tt.name, got, want)
				}
				role := ""
				for _, p := range whole.People {
					if p.PersonID == v.PersonID {
						role = p.Role
					}
				}
				if h.Role != role {
					t.Errorf("%s: %q takes part as %q, want %q", tt.name, v.PersonID, h.Role, role)
				}
			}
		}
	})
}

func TestBodiesGoWithTheirVersion(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s)
		ctx := t.Context()
		kept := func(version int64) {
			t.Helper()
			if err := keep(ctx, s, d.Num, version); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []func(*store.Document){
			func(d *store.Document) { d.Post.Owner = "storage team" },
			func(d *store.Document) { d.Private = true },
			func(d *store.Document) { d.Private = false },
			func(d *store.Document) { d.People = nil },
			func(d *store.Document) { d.DeletedAt = march },
		} {
			h, err := version(ctx, s, d.Num)
			if err != nil {
				t.Fatal(err)
			}
			kept(h)
			if got := body(t, s, d.Num); got != "\x00body" {
				t.Fatalf("kept body = %q", got)
			}
			change(t, s, d.ID, f)
			if got := body(t, s, d.Num); got != "" {
				t.Errorf("after a change the body is still there: %q", got)
			}
			kept(h) // rendered before the change, and kept after it
			if got := body(t, s, d.Num); got != "" {
				t.Errorf("a body of an older version was kept: %q", got)
			}
		}
		h, err := version(ctx, s, d.Num)
		if err != nil {
			t.Fatal(err)
		}
		if kept(h); body(t, s, d.Num) != "" {
			t.Error("a body was kept of a document in the trash")
		}
		change(t, s, d.ID, func(d *store.Document) { d.DeletedAt = time.Time{} })
		kept(h + 1)
		if err := upkeep.Reindex(ctx, s); err != nil {
			t.Fatal(err)
		}
		if got := body(t, s, d.Num); got != "" {
			t.Errorf("after all was derived again the body is still there: %q", got)
		}
		kept(h + 1)
		if err := s.Write(ctx, func(tx *store.Tx) error { return tx.Erase(ctx, d.ID) }); err != nil {
			t.Fatal(err)
		}
		if got := body(t, s, d.Num); got != "" {
			t.Errorf("after the document was erased the body is still there: %q", got)
		}
	})
}

func version(ctx context.Context, s *store.Store, num int64) (n int64, err error) {
	err = s.DB().QueryRow(ctx, `select version from incident where num = $1`, num).Scan(&n)
	return n, err
}

// TestAWriterAndAKeeperAtOnce lets a body be kept while its document changes: when
// both are done, none of the old version is there.
func TestAWriterAndAKeeperAtOnce(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s)
		for range 20 {
			before, err := version(t.Context(), s, d.Num)
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan error)
			go func() { done <- keep(t.Context(), s, d.Num, before) }()
			change(t, s, d.ID, func(d *store.Document) { d.Post.Owner += "x" })
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if got := body(t, s, d.Num); got != "" {
				t.Fatalf("the body of version %d is there, and the document is of %d", before, before+1)
			}
		}
	})
}

func TestLackingIsWhatEverybodyMayRead(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		open, private, draft, made := insert(t, s), insert(t, s), insert(t, s), insert(t, s)
		change(t, s, private.ID, func(d *store.Document) { d.Private = true })
		change(t, s, draft.ID, func(d *store.Document) { d.Post.Status = hindcast.StatusDraft })
		if err := keep(t.Context(), s, made.Num, 1); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			build, variant string
			after          int64
			want           []int64
		}{
			{"b1", "outside", 0, []int64{open.Num}},
			{"b1", "outside", open.Num, nil},
			{"b2", "outside", 0, []int64{open.Num, made.Num}},
			{"b1", "inside", 0, []int64{open.Num, made.Num}},
		} {
			got, err := page.Lacking(t.Context(), s.DB(), tt.build, tt.variant, tt.after, 10)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("lacking of %s, %s after %d = %v %v, want %v", tt.build, tt.variant, tt.after, got, err, tt.want)
			}
		}
	})
}
