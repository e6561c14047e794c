package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// TestMarksOfPagesTellNothingOfWhatIsHidden searches for two words, one of which
// stands in drafts of others too.
func TestMarksOfPagesTellNothingOfWhatIsHidden(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		for range 2 {
			insert(t, s, draft(titled("The giraffe outage of a long and busy day"), published), draft(titled("The zebra outage of a long and busy day"), published))
		}
		insert(t, s, draft(titled("Zebra zebra")), draft(titled("Zebra")))
		marks := map[string]string{}
		for _, word := range []string{"giraffe", "zebra"} {
			page, err := s.Search(t.Context(), other, store.Search{Text: word, Filter: store.Filter{Limit: 1}})
			if err != nil || len(page.Items) != 1 || page.Next == "" {
				t.Fatalf("Search(%s) = %v, %v; want one of two", word, page, err)
			}
			marks[word] = page.Next
			next, err := s.Search(t.Context(), other, store.Search{Text: word, Filter: store.Filter{Limit: 1, After: page.Next}})
			if err != nil || len(next.Items) != 1 || next.Items[0].Num == page.Items[0].Num || next.Next != "" {
				t.Errorf("the next page of %s = %v, %v; want the other one", word, next, err)
			}
		}
		if marks["giraffe"] != marks["zebra"] {
			t.Errorf("the marks %v tell the words apart", marks)
		}
	})
}

// TestFiguresFollowWhatTheyCount changes what counts for who takes part, and derives
// it again.
func TestFiguresFollowWhatTheyCount(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s, draft(), draft(func(d *store.Document) { d.People[0].PersonID = "somebody" }))[0]
		check := func(when string, want store.Counts, drafts ...int64) {
			t.Helper()
			for range 2 { // the second time derived again
				got, err := s.Counts(t.Context(), author, march.AddDate(0, 0, 30))
				got.ActionsOverdue, got.Published = 0, 0 // of all, not of who takes part
				if err != nil || got != want {
					t.Errorf("%s: Counts = %+v, %v; want %+v", when, got, err, want)
				}
				for _, f := range []store.Filter{{Status: hindcast.StatusDraft}, {Status: hindcast.StatusDraft, Mine: true, From: march}, {Status: hindcast.StatusDraft, Service: "payments"}, {Status: hindcast.StatusDraft, Sort: store.SortUpdated}} {
					if list, err := s.List(t.Context(), author, f); err != nil || !slices.Equal(nums(list.Items), drafts) {
						t.Errorf("%s: List(%+v) = %v, %v; want %v", when, f, nums(list.Items), err, drafts)
					}
				}
				write(t, s, func(tx *store.Tx) error { return tx.Derive(t.Context(), d.ID) })
			}
		}
		check("as a draft", store.Counts{Drafts: 1, OverdueDrafts: 1, ActionsOpen: 1}, 1)
		change(t, s, d.ID, func(d *store.Document) { d.PublishDue = march.AddDate(0, 0, 40) })
		check("not due yet", store.Counts{Drafts: 1, ActionsOpen: 1}, 1)
		change(t, s, d.ID, func(d *store.Document) { d.Post.Status = hindcast.StatusInReview; d.PublishDue = march })
		check("in review", store.Counts{InReview: 1, OverdueDrafts: 1, ActionsOpen: 1})
		change(t, s, d.ID, func(d *store.Document) { published(d); d.Post.Actions = nil })
		check("published, without actions", store.Counts{})
		change(t, s, d.ID, func(d *store.Document) { d.Post.Status, d.DeletedAt = hindcast.StatusDraft, march })
		check("in the trash", store.Counts{})
		change(t, s, d.ID, func(d *store.Document) { d.DeletedAt = time.Time{} })
		check("taken out again", store.Counts{Drafts: 1, OverdueDrafts: 1}, 1)
	})
}

func TestWhatOneMayNotSeeIsAbsentEverywhere(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		secret := insert(t, s,
			draft(titled("drafted")), draft(titled("private"), published, func(d *store.Document) { d.Private = true }),
			draft(titled("deleted"), published, func(d *store.Document) { d.DeletedAt = march }))
		target := insert(t, s, draft(titled("open"), published, func(d *store.Document) { d.Post.Incident.Number = "4388" }))[0]
		write(t, s, func(tx *store.Tx) error {
			for _, d := range secret {
				if err := tx.PutEvidence(ctx, d.ID, []store.EvidenceRow{{Evidence: hindcast.Evidence{Name: "a.log", SHA256: "aa"}, AddedAt: march}}); err != nil {
					return err
				}
				if err := tx.PutBuild(ctx, d.ID, hindcast.Timeline{}, march); err != nil {
					return err
				}
				if _, err := tx.AppendRevision(ctx, d.ID, store.Revision{At: march, PersonID: "author"}); err != nil {
					return err
				}
				if err := tx.Audit(ctx, store.AuditEntry{At: march, Act: "incident.create", IncidentID: d.ID, Detail: map[string]string{"title": "x"}}); err != nil {
					return err
				}
			}
			return nil
		})
		nobody := hindcast.Viewer{}
		token := hindcast.Viewer{PersonID: "author", Role: hindcast.RoleMember, Scopes: []hindcast.Scope{}}
		for _, v := range []hindcast.Viewer{other, admin, nobody, token} {
			mine := []int64{target.Num}
			if !v.MayRead() {
				mine = nil
			}
			for _, f := range []store.Filter{{}, {Sort: store.SortUpdated}, {Sort: store.SortPublished}, {Service: "payments"}, {Severity: 2}} {
				list, err := s.List(ctx, v, f)
				if err != nil || !slices.Equal(nums(list.Items), mine) {
					t.Errorf("%+v: List(%+v) = %v, %v; want %v", v, f, nums(list.Items), err, mine)
				}
			}
			for _, f := range []store.Filter{{Deleted: true}, {Mine: true}, {Sort: store.SortDue}} {
				if list, err := s.List(ctx, v, f); err != nil || len(list.Items) > 0 {
					t.Errorf("%+v: List(%+v) = %v, %v; want none", v, f, nums(list.Items), err)
				}
			}
			found, err := s.Search(ctx, v, store.Search{Text: "pool"})
			if err != nil || len(found.Items) != len(mine) {
				t.Errorf("%+v: Search = %d hits, %v; want %d", v, len(found.Items), err, len(mine))
			}
			actions, err := s.Actions(ctx, v, store.ActionFilter{})
			if err != nil || len(actions.Items) != 2*len(mine) {
				t.Errorf("%+v: Actions = %d, %v; want %d", v, len(actions.Items), err, 2*len(mine))
			}
			counts, err := s.Counts(ctx, v, march.AddDate(0, 0, 30))
			if want := (store.Counts{ActionsOverdue: len(mine), Published: len(mine)}); err != nil || counts != want {
				t.Errorf("%+v: Counts = %+v, %v; want %+v", v, counts, err, want)
			}
			if v.MayRead() {
				if back, err := s.Backlinks(ctx, v, target.ID, 0); err != nil || len(back) > 0 {
					t.Errorf("%+v: Backlinks = %v, %v; want none", v, nums(back), err)
				}
			}
			for _, d := range secret {
				hidden(t, s, v, d)
			}
			resolved, err := s.Resolve(ctx, v, []string{"1", "#2", "3", "4388"})
			if err != nil || len(resolved) != len(mine) {
				t.Errorf("%+v: Resolve = %v, %v; want what is open", v, resolved, err)
			}
		}
		if back, err := s.Backlinks(ctx, author, target.ID, 0); err != nil || !slices.Equal(nums(back), []int64{2, 1}) {
			t.Errorf("the author's backlinks = %v, %v; want 2, 1", nums(back), err)
		}
		if trash, err := s.List(ctx, author, store.Filter{Deleted: true}); err != nil || !slices.Equal(nums(trash.Items), []int64{3}) {
			t.Errorf("the author's trash = %v, %v; want 3", nums(trash.Items), err)
		}
		lines, err := s.Audit(ctx, admin, store.AuditFilter{})
		if err != nil || len(lines.Items) != 3 {
			t.Fatalf("Audit = %v, %v; want three lines", lines, err)
		}
		for _, e := range lines.Items {
			if e.Detail != nil {
				t.Errorf("an administrator sees the detail %s of an incident that is not theirs", e.Detail)
			}
		}
	})
}

// hidden checks that a document is not found in any way of naming it.
func hidden(t *testing.T, s *store.Store, v hindcast.Viewer, d *store.Document) {
	t.Helper()
	ctx := t.Context()
	for name, read := range map[string]func() error{
		"Get":         func() error { _, err := s.Get(ctx, v, d.ID); return err },
		"Get number":  func() error { _, err := s.Get(ctx, v, fmt.Sprint(d.Num)); return err },
		"GetDeleted":  func() error { _, err := s.GetDeleted(ctx, v, d.ID); return err },
		"Evidence":    func() error { _, err := s.Evidence(ctx, v, d.ID); return err },
		"Build":       func() error { _, err := s.Build(ctx, v, d.ID, &hindcast.Timeline{}); return err },
		"Revisions":   func() error { _, err := s.Revisions(ctx, v, d.ID, "", 0); return err },
		"Revision":    func() error { _, err := s.Revision(ctx, v, d.ID, 1); return err },
		"Backlinks":   func() error { _, err := s.Backlinks(ctx, v, d.ID, 0); return err },
		"other audit": func() error { _, err := s.Audit(ctx, other, store.AuditFilter{IncidentID: d.ID}); return err },
	} {
		if err := read(); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("%+v: %s of %s = %v, want not found", v, name, d.Post.Incident.Title, err)
		}
	}
	if versions, err := s.Versions(ctx, v, []string{d.ID}); err != nil || len(versions) > 0 {
		t.Errorf("%+v: Versions = %v, %v; want none", v, versions, err)
	}
}

func TestAccessFollowsEveryChange(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s, draft())[0]
		see := func(when string, want bool) {
			t.Helper()
			_, err := s.Get(t.Context(), other, d.ID)
			if got := err == nil; got != want {
				t.Errorf("%s: seen = %v (%v), want %v", when, got, err, want)
			}
		}
		see("draft", false)
		change(t, s, d.ID, published)
		see("published", true)
		change(t, s, d.ID, func(d *store.Document) { d.Private = true })
		see("made private", false)
		change(t, s, d.ID, func(d *store.Document) {
			d.People = append(d.People, store.Participant{PersonID: "other", AddedAt: march})
		})
		see("joined", true)
		change(t, s, d.ID, func(d *store.Document) { d.People = d.People[:1] })
		see("left", false)
		change(t, s, d.ID, func(d *store.Document) { d.Private = false })
		see("opened", true)
		change(t, s, d.ID, func(d *store.Document) { d.DeletedAt = march })
		see("deleted", false)
		change(t, s, d.ID, func(d *store.Document) { d.DeletedAt = time.Time{} })
		see("restored", true)
	})
}
