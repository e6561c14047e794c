package store_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/words"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	march  = time.Date(2024, 3, 15, 10, 0, 0, 0, time.UTC)
	author = hindcast.Viewer{PersonID: "author", Role: hindcast.RoleMember}
	other  = hindcast.Viewer{PersonID: "other", Role: hindcast.RoleMember}
	admin  = hindcast.Viewer{PersonID: "admin", Role: hindcast.RoleAdmin}
)

// draft returns a document of the author with one of everything.
func draft(change ...func(*store.Document)) *store.Document {
	d := &store.Document{
		ID: store.NewID(march), CreatedAt: march, CreatedBy: "author", UpdatedAt: march, UpdatedBy: "author",
		People:   []store.Participant{{PersonID: "author", Role: "owner", AddedAt: march, AddedBy: "author"}},
		Required: true, Why: "severity 2 (High) requires one", DraftDue: march.AddDate(0, 0, 3), PublishDue: march.AddDate(0, 0, 7),
		Post: hindcast.Postmortem{
			Incident: hindcast.Incident{
				Number: "INC-77", Title: "Checkout requests timed out", Kind: hindcast.KindIncident, Severity: 2,
				Services: []string{"checkout-api", "Payments"},
				Phases:   hindcast.Phases{StartedAt: march, DetectedAt: march.Add(4 * time.Minute), ResolvedAt: march.Add(time.Hour)},
			},
			Status: hindcast.StatusDraft, Owner: "payments team", Category: hindcast.CategoryWords()[0],
			Sections: []hindcast.Section{
				{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: "Requests failed because the connection pool was exhausted.\n"},
				{Kind: hindcast.SectionRootCauses, Heading: "Root Cause Analysis", Text: "The pool is as large as on the day it was made.\n"},
				{Heading: "Lessons", Text: "See #4388.\n"},
			},
			Timeline: []hindcast.Entry{{ID: "e1", At: march, Kind: hindcast.Change, Title: "Deployed checkout-api 41", Evidence: []hindcast.Ref{}}},
			Factors:  []hindcast.Factor{{ID: "f1", Number: 1, Description: "No alert on pool saturation"}},
			Actions: []hindcast.ActionItem{
				{ID: "a1", Description: "Alert on pool saturation", Owner: "Payments team", Status: hindcast.ActionOpen, Due: hindcast.Date{Year: 2024, Month: 4, Day: 1}},
				{ID: "a2", Description: "Raise the pool size", Owner: "payments team", Status: hindcast.ActionDone},
			},
		},
	}
	for _, f := range change {
		f(d)
	}
	return d
}

// published makes a document one that everybody may read.
func published(d *store.Document) {
	d.Post.Status = hindcast.StatusPublished
	d.Post.History = []hindcast.Transition{{To: hindcast.StatusPublished, At: d.UpdatedAt.AddDate(0, 0, 5)}}
}

func titled(title string) func(*store.Document) {
	return func(d *store.Document) { d.Post.Incident.Title = title }
}

// insert adds documents and returns them.
func insert(t *testing.T, s *store.Store, docs ...*store.Document) []*store.Document {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		for _, d := range docs {
			if err := tx.Insert(t.Context(), d); err != nil {
				return err
			}
		}
		return nil
	})
	return docs
}

func write(t *testing.T, s *store.Store, f func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// change loads a document, changes it and saves it.
func change(t *testing.T, s *store.Store, id string, f func(*store.Document)) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		d, err := tx.Load(t.Context(), id)
		if err != nil {
			return err
		}
		f(d)
		return tx.Save(t.Context(), d)
	})
}

func get(t *testing.T, s *store.Store, v hindcast.Viewer, ref string) *store.Document {
	t.Helper()
	d, err := s.Get(t.Context(), v, ref)
	if err != nil {
		t.Fatalf("Get(%s) = %v", ref, err)
	}
	return d
}

func TestDocumentComesBackAsItWas(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		want := insert(t, s, draft())[0]
		for _, ref := range []string{want.ID, "1", "#1", "INC-77", "#inc-77"} {
			for range 2 { // the second time from the cache
				if diff := cmp.Diff(want, get(t, s, author, ref)); diff != "" {
					t.Errorf("Get(%s) (-want +got):\n%s", ref, diff)
				}
			}
		}
		change(t, s, want.ID, func(d *store.Document) {
			if diff := cmp.Diff(want, d); diff != "" {
				t.Errorf("Load (-want +got):\n%s", diff)
			}
			d.Post.Sections[1].Text, d.Post.Owner, d.PrivateReason, d.Private = "Changed.\n", "storage team", "contract", true
			published(d)
			want = d
		})
		got := get(t, s, author, want.ID)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after Save (-want +got):\n%s", diff)
		}
		if got.Version != 2 || !got.PublishedAt.Equal(march.AddDate(0, 0, 5)) {
			t.Errorf("version %d, published %v; want 2, and the day in its history", got.Version, got.PublishedAt)
		}
	})
}

func TestSaveOfAnOldVersionIsAConflict(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s, draft())[0]
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Load(t.Context(), d.ID); err != nil {
				return err
			}
			stale := draft()
			stale.ID, stale.Num, stale.Version = d.ID, d.Num, d.Version-1
			return tx.Save(t.Context(), stale)
		})
		if hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("Save = %v, want a conflict", err)
		}
		if got := get(t, s, author, d.ID); got.Version != 1 {
			t.Errorf("version is %d after a conflict, want 1", got.Version)
		}
	})
}

func TestWritersOfOneDocumentWaitForEachOther(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s, draft())[0]
		const writers = 8
		errs := make(chan error, writers)
		for range writers {
			go func() {
				errs <- s.Write(t.Context(), func(tx *store.Tx) error {
					d, err := tx.Load(t.Context(), d.ID)
					if err != nil {
						return err
					}
					d.Post.Sections[0].Text += "one more\n"
					return tx.Save(t.Context(), d)
				})
			}()
		}
		for range writers {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		got := get(t, s, author, d.ID)
		if n := strings.Count(got.Post.Sections[0].Text, "one more\n"); n != writers || got.Version != writers+1 {
			t.Errorf("%d changes at version %d, want %d at %d: one was lost", n, got.Version, writers, writers+1)
		}
	})
}

func TestInsertNumbersInOrder(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		boom := errors.New("boom")
		for i, end := range []error{nil, boom, nil} {
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				if err := tx.Insert(t.Context(), draft(titled(fmt.Sprint(i)))); err != nil {
					return err
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Fatal(err)
			}
		}
		if got := get(t, s, author, "#2").Post.Incident.Title; got != "2" {
			t.Errorf("#2 is %q, want that of the third: a number that was not kept is given again", got)
		}
	})
}

func TestNULIsRefused(t *testing.T) {
	s := storetest.SQLite(t)
	for name, f := range map[string]func(*store.Document){
		"title":   titled("a\x00b"),
		"section": func(d *store.Document) { d.Post.Sections[0].Text = "\x00" },
		"entry":   func(d *store.Document) { d.Post.Timeline[0].Detail = "\x00" },
	} {
		err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Insert(t.Context(), draft(f)) })
		if hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s: Insert = %v, want invalid", name, err)
		}
	}
}

func nums(list []store.Summary) []int64 {
	var out []int64
	for _, x := range list {
		out = append(out, x.Num)
	}
	return out
}

func texts(spans []words.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Match {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestSearch(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		insert(t, s,
			draft(titled("Checkout requests timed out"), published),
			draft(titled("Queue grew"), published, func(d *store.Document) {
				d.Post.Sections[0].Text = "Workers waited on a <script>alert(1)</script> lock; timeouts everywhere.\n"
				d.Post.Factors, d.Post.Actions, d.Post.Sections[1].Text = nil, nil, ""
			}))
		for _, c := range []struct {
			text string
			want []int64
		}{
			{"pool", []int64{1}}, {"POOLS", []int64{1}}, {"pool exhausted", []int64{1}}, {`"connection pool"`, []int64{1}}, {`"pool connection"`, nil},
			{"satur*", []int64{1}}, {"checkout-api deployed", []int64{1, 2}}, {"checkout-api -pool", []int64{2}}, {"lock OR saturation", []int64{1, 2}},
			{"-pool", nil}, {`"`, nil}, {"* - OR AND ( ) ' : ^ NEAR", nil}, {"lock' | pool", nil}, {"INC-77 queue", []int64{2}}, {"alert(1)", []int64{2}}, {"", nil},
		} {
			page, err := s.Search(t.Context(), other, store.Search{Text: c.text})
			var got []int64
			for _, h := range page.Items {
				got = append(got, h.Num)
			}
			slices.Sort(got)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("Search(%s) = %v, %v; want %v", c.text, got, err, c.want)
			}
		}
		page, err := s.Search(t.Context(), other, store.Search{Text: "waiting queues"})
		if err != nil || len(page.Items) != 1 {
			t.Fatalf("Search = %v, %v; want one hit", page, err)
		}
		if got, want := texts(page.Items[0].Snippet), "Workers [waited] on a <script>alert(1)</script> lock; timeouts everywhere."; !strings.HasPrefix(got, want) {
			t.Errorf("snippet %q, want %q", got, want)
		}
		if got, want := texts(page.Items[0].TitleSpans), "[Queue] grew"; got != want {
			t.Errorf("title %q, want %q", got, want)
		}
		change(t, s, page.Items[0].ID, func(d *store.Document) { d.Post.Sections[0].Text = "Nothing.\n" })
		if page, err := s.Search(t.Context(), other, store.Search{Text: "waiting"}); err != nil || len(page.Items) > 0 {
			t.Errorf("a word that was removed is still found: %v, %v", page.Items, err)
		}
	})
}

func TestTitleCountsMoreThanProse(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		prose := func(d *store.Document) { d.Post.Sections[0].Text = "The cache was cold.\n" }
		insert(t, s, draft(published, prose), draft(published, titled("Cold cache")), draft(published, prose))
		page, err := s.Search(t.Context(), other, store.Search{Text: "cache"})
		if err != nil || len(page.Items) != 3 || page.Items[0].Num != 2 {
			t.Errorf("Search = %v, %v; want #2 first", page.Items, err)
		}
	})
}

func TestPagesHoldEverythingOnce(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var docs []*store.Document
		for i := range 70 {
			docs = append(docs, draft(func(d *store.Document) {
				if i%3 > 0 { // two of three are seen by others
					published(d)
				}
				d.Post.Incident.StartedAt = march.Add(time.Duration(i/4) * time.Hour)
				d.UpdatedAt, d.Post.Incident.DetectedAt, d.Post.Incident.ResolvedAt = march.Add(time.Duration(i%7)*time.Hour), time.Time{}, time.Time{}
			}))
		}
		insert(t, s, docs...)
		for _, sort := range []store.Sort{store.SortHappened, store.SortUpdated, store.SortPublished} {
			checkPages(t, string(sort), 46, func(after string) ([]int64, string, error) {
				p, err := s.List(ctx, other, store.Filter{Sort: sort, After: after, Limit: 7})
				return nums(p.Items), p.Next, err
			})
		}
		checkPages(t, "due", 24, func(after string) ([]int64, string, error) {
			p, err := s.List(ctx, author, store.Filter{Sort: store.SortDue, After: after, Limit: 7})
			return nums(p.Items), p.Next, err
		})
		checkPages(t, "search", 46, func(after string) (list []int64, next string, err error) {
			p, err := s.Search(ctx, other, store.Search{Text: "pool", Filter: store.Filter{After: after, Limit: 7}})
			for _, h := range p.Items {
				list = append(list, h.Num)
			}
			return list, p.Next, err
		})
		checkPages(t, "actions", 92, func(after string) (list []int64, next string, err error) {
			p, err := s.Actions(ctx, other, store.ActionFilter{After: after, Limit: 7})
			for _, a := range p.Items {
				list = append(list, 10*a.IncidentNum+int64(a.Item.ID[1]-'0'))
			}
			return list, p.Next, err
		})
	})
}

// checkPages walks through pages of seven and checks that nothing is missing and
// nothing comes twice.
func checkPages(t *testing.T, name string, want int, read func(after string) ([]int64, string, error)) {
	t.Helper()
	seen := map[int64]bool{}
	after := ""
	for {
		list, next, err := read(after)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, x := range list {
			if seen[x] {
				t.Errorf("%s: %d comes twice", name, x)
			}
			seen[x] = true
		}
		if next == "" {
			break
		}
		if len(list) != 7 {
			t.Errorf("%s: a page of %d before the last one, want 7", name, len(list))
		}
		after = next
	}
	if len(seen) != want {
		t.Errorf("%s: %d in all pages, want %d", name, len(seen), want)
	}
	if _, _, err := read("%%%"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("%s: a damaged mark gives %v, want invalid", name, err)
	}
}

func TestServicesAreThoseOfVisibleIncidents(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		services := func(names ...string) func(*store.Document) {
			return func(d *store.Document) { d.Post.Incident.Services = names }
		}
		insert(t, s, draft(services("secret", "search")), draft(published, services("Zoo", "search", "SEARCH", "Ärzte")), draft(published, services("Search", "sea")))
		for _, c := range []struct {
			v      hindcast.Viewer
			prefix string
			limit  int
			want   []string
		}{
			{other, "", 0, []string{"sea", "Search", "Zoo", "Ärzte"}}, {other, "", 2, []string{"sea", "Search"}}, {other, "SE", 0, []string{"sea", "Search"}},
			{author, "sec", 0, []string{"secret"}}, {other, "sec", 0, nil}, {hindcast.Viewer{}, "", 0, nil},
		} {
			got, err := s.Services(t.Context(), c.v, c.prefix, c.limit)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("Services(%q, %d) = %v, %v; want %v", c.prefix, c.limit, got, err, c.want)
			}
		}
	})
}
