package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

func TestRevisions(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		docs := insert(t, s, draft(), draft())
		revision := func(note string) store.Revision {
			return store.Revision{At: march, PersonID: "author", Note: note, Paths: []string{"title"}, Reverse: json.RawMessage(`[{"path":"title"}]`)}
		}
		write(t, s, func(tx *store.Tx) error {
			if _, found, err := tx.LastRevision(ctx, docs[0].ID); found || err != nil {
				t.Errorf("a new document has a last revision: %v, %v", found, err)
			}
			for i := range 4 {
				n, err := tx.AppendRevision(ctx, docs[0].ID, revision(fmt.Sprint(i+1)))
				if err != nil || n != int64(i+1) {
					t.Errorf("AppendRevision = %d, %v; want %d", n, err, i+1)
				}
			}
			if n, err := tx.AppendRevision(ctx, docs[1].ID, revision("other")); err != nil || n != 1 {
				t.Errorf("AppendRevision to another = %d, %v; want 1", n, err)
			}
			last, found, err := tx.LastRevision(ctx, docs[0].ID)
			if err != nil || !found || last.N != 4 || last.Note != "4" {
				t.Errorf("LastRevision = %+v, %v, %v; want 4", last, found, err)
			}
			last.Note, last.Snapshot, last.Paths = "folded", "# Title\n", []string{"title", "owner"}
			return tx.ReplaceRevision(ctx, docs[0].ID, last)
		})
		first, err := s.Revisions(ctx, author, docs[0].ID, "", 3)
		if err != nil || len(first.Items) != 3 || first.Next == "" {
			t.Fatalf("Revisions = %+v, %v; want three and a next page", first, err)
		}
		rest, err := s.Revisions(ctx, author, docs[0].ID, first.Next, 3)
		if err != nil || len(rest.Items) != 1 || rest.Items[0].N != 1 || rest.Next != "" {
			t.Errorf("the rest = %+v, %v; want the first", rest, err)
		}
		want := revision("folded")
		want.N, want.Snapshot, want.Whole, want.Paths = 4, "# Title\n", true, []string{"title", "owner"}
		got, err := s.Revision(ctx, author, docs[0].ID, 4)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("Revision (-want +got), %v:\n%s", err, diff)
		}
		if _, err := s.Revision(ctx, author, docs[0].ID, 5); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("Revision 5 = %v, want not found", err)
		}
	})
}

func TestEvidenceAndItsTombstones(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		d := insert(t, s, draft())[0]
		row := func(name, sha string) store.EvidenceRow {
			return store.EvidenceRow{Evidence: hindcast.Evidence{Name: name, SHA256: sha, Size: 3, Format: "text", FetchedAt: march, Records: 2}, AddedAt: march, AddedBy: "author"}
		}
		put := func(rows ...store.EvidenceRow) {
			t.Helper()
			write(t, s, func(tx *store.Tx) error { return tx.PutEvidence(ctx, d.ID, rows) })
		}
		put(row("b.log", "bb"), row("a.log", "aa"), row("copy of a.log", "aa"))
		put(row("b.log", "b2")) // exported again
		write(t, s, func(tx *store.Tx) error {
			n, err := tx.PurgeEvidence(ctx, d.ID, "aa", "admin", "holds a password", march.AddDate(0, 0, 1))
			if n != 2 {
				t.Errorf("PurgeEvidence = %d, want both files", n)
			}
			return err
		})
		put(row("a.log", "a2")) // a purged file stays purged
		purged := func(name string) store.EvidenceRow {
			e := row(name, "aa")
			e.PurgedAt, e.PurgedBy, e.PurgeReason = march.AddDate(0, 0, 1), "admin", "holds a password"
			return e
		}
		want := []store.EvidenceRow{row("b.log", "b2"), purged("a.log"), purged("copy of a.log")}
		got, err := s.Evidence(ctx, author, d.ID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("Evidence (-want +got), %v:\n%s", err, diff)
		}
		kept, err := s.KeptBlobs(ctx, []string{"aa", "bb", "b2"})
		if diff := cmp.Diff(map[string]bool{"aa": false, "bb": false, "b2": true}, kept); diff != "" || err != nil {
			t.Errorf("KeptBlobs (-want +got), %v:\n%s", err, diff)
		}
	})
}

func TestBuildIsWhatWasDerivedLast(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		d := insert(t, s, draft())[0]
		var got hindcast.Timeline
		if found, err := s.Build(t.Context(), author, d.ID, &got); found || err != nil {
			t.Errorf("Build before any = %v, %v", found, err)
		}
		for _, title := range []string{"first", "second"} {
			write(t, s, func(tx *store.Tx) error {
				return tx.PutBuild(t.Context(), d.ID, hindcast.Timeline{Entries: []hindcast.Entry{{ID: "e1", Title: title}}}, march)
			})
		}
		if found, err := s.Build(t.Context(), author, d.ID, &got); !found || err != nil || got.Entries[0].Title != "second" {
			t.Errorf("Build = %+v, %v, %v; want the second", got, found, err)
		}
	})
}

func TestReferencesLeadBothWays(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		text := func(number, text string) func(*store.Document) {
			return func(d *store.Document) {
				d.Post.Incident.Number, d.Post.Sections[2].Text = number, text
				d.Post.Related = []hindcast.RelatedIncident{{ID: "r1", Ref: "INC-70", Title: "x"}, {ID: "r2", Ref: "https://example.com/#9", Title: "y"}}
				published(d)
			}
		}
		docs := insert(t, s,
			draft(text("4521", "Color #fff, entity &#2; and anchor a#2, page /x#3.")),
			draft(text("INC-70", "Like (#4521) and #1, again #1.")),
			draft(text("1", "#4521\n#inc-70, ##2")))
		want := map[string][]int64{docs[0].ID: {3, 2}, docs[1].ID: {3, 1}, docs[2].ID: nil}
		for id, want := range want {
			list, err := s.Backlinks(ctx, other, id, 0)
			got := nums(list)
			slices.SortFunc(got, func(a, b int64) int { return int(b - a) })
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("Backlinks of %s = %v, %v; want %v", id, got, err, want)
			}
		}
		resolved, err := s.Resolve(ctx, other, []string{"#1", "4521", "inc-70", "9"})
		got := map[string]int64{}
		for ref, x := range resolved {
			got[ref] = x.Num
		}
		if diff := cmp.Diff(map[string]int64{"#1": 1, "4521": 1, "inc-70": 2}, got); diff != "" || err != nil {
			t.Errorf("Resolve (-want +got), %v:\n%s", err, diff)
		}
		change(t, s, docs[1].ID, func(d *store.Document) { d.Post.Sections[2].Text = "No more.\n" })
		if list, err := s.Backlinks(ctx, other, docs[0].ID, 0); err != nil || !slices.Equal(nums(list), []int64{3}) {
			t.Errorf("Backlinks after the text changed = %v, %v; want 3", nums(list), err)
		}
	})
}

func TestAuditOfAnIncidentIsForThoseWhoReadIt(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		d := insert(t, s, draft())[0]
		write(t, s, func(tx *store.Tx) error {
			for i := range 3 {
				if err := tx.Audit(ctx, store.AuditEntry{At: march, PersonID: "author", Act: "postmortem.edit", IncidentID: d.ID, Detail: i}); err != nil {
					return err
				}
			}
			return tx.Audit(ctx, store.AuditEntry{At: march, PersonID: "admin", Act: "person.add"})
		})
		first, err := s.Audit(ctx, author, store.AuditFilter{IncidentID: d.ID, Limit: 2})
		if err != nil || len(first.Items) != 2 || string(first.Items[0].Detail.(json.RawMessage)) != "2" {
			t.Fatalf("Audit = %+v, %v; want the last two", first, err)
		}
		rest, err := s.Audit(ctx, author, store.AuditFilter{IncidentID: d.ID, Limit: 2, After: first.Next})
		if err != nil || len(rest.Items) != 1 {
			t.Errorf("the rest = %+v, %v; want one", rest, err)
		}
		if _, err := s.Audit(ctx, author, store.AuditFilter{}); hindcast.CodeOf(err) != hindcast.Denied {
			t.Errorf("the whole trail for a member: %v, want denied", err)
		}
		all, err := s.Audit(ctx, admin, store.AuditFilter{})
		if err != nil || len(all.Items) != 4 || all.Items[0].Act != "person.add" {
			t.Errorf("the whole trail = %+v, %v; want four lines", all, err)
		}
	})
}

func TestTheAuditTrailIsLookedThrough(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		write(t, s, func(tx *store.Tx) error {
			for i, e := range []store.AuditEntry{
				{PersonID: "author", Act: "person.add"}, {PersonID: "author", Act: "token.create"}, {PersonID: "admin", Act: "person.role"},
				{PersonID: "author", Act: "person.role"}, {PersonID: "author", Act: "session.end"},
			} {
				e.At = march.AddDate(0, 0, i)
				if err := tx.Audit(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
		day := func(n int) time.Time { return march.AddDate(0, 0, n) }
		tests := []struct {
			name   string
			filter store.AuditFilter
			want   string // days of the lines
		}{
			{"all", store.AuditFilter{}, "4 3 2 1 0"},
			{"a person", store.AuditFilter{PersonID: "author"}, "4 3 1 0"},
			{"some acts", store.AuditFilter{Acts: []string{"person.role", "person.add"}}, "3 2 0"},
			{"some acts of a person", store.AuditFilter{Acts: []string{"person.role", "token.create"}, PersonID: "author"}, "3 1"},
			{"a stretch of time", store.AuditFilter{From: day(1), To: day(3)}, "2 1"},
			{"after everything", store.AuditFilter{From: day(9)}, ""},
			{"before everything", store.AuditFilter{To: day(-1)}, ""},
			{"pages", store.AuditFilter{Acts: []string{"person.role", "person.add"}, Limit: 1}, "3 2 0"},
		}
		for _, tt := range tests {
			var got []string
			for more := true; more; {
				page, err := s.Audit(ctx, admin, tt.filter)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page.Items {
					got = append(got, strconv.Itoa(int(e.At.Sub(march).Hours()/24)))
				}
				tt.filter.After = page.Next
				more = page.Next != ""
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%s: days %s, want %s", tt.name, got, tt.want)
			}
		}
	})
}

func TestEraseLeavesOnlyTheAuditTrail(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		docs := insert(t, s, draft(func(d *store.Document) { d.DeletedAt = march }), draft(func(d *store.Document) { d.DeletedAt = march.AddDate(0, 0, 2) }), draft())
		write(t, s, func(tx *store.Tx) error {
			old, err := tx.DeletedBefore(ctx, march.AddDate(0, 0, 1))
			if diff := cmp.Diff([]string{docs[0].ID}, old); diff != "" {
				t.Errorf("DeletedBefore (-want +got):\n%s", diff)
			}
			if err != nil {
				return err
			}
			if err := tx.Audit(ctx, store.AuditEntry{At: march, Act: "incident.erase", IncidentID: docs[0].ID}); err != nil {
				return err
			}
			return tx.Erase(ctx, docs[0].ID)
		})
		if _, err := s.GetDeleted(ctx, author, docs[0].ID); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("an erased incident: %v, want not found", err)
		}
		if got, err := s.GetDeleted(ctx, author, docs[1].ID); err != nil || got.Num != 2 {
			t.Errorf("the other one in the trash: %v", err)
		}
		if hits, err := s.Search(ctx, author, store.Search{Text: "pool"}); err != nil || len(hits.Items) != 1 {
			t.Errorf("Search = %d hits, %v; want one", len(hits.Items), err)
		}
		if lines, err := s.Audit(ctx, admin, store.AuditFilter{IncidentID: docs[0].ID}); err != nil || len(lines.Items) != 1 {
			t.Errorf("its audit trail = %v, %v; want one line", lines.Items, err)
		}
		if d := insert(t, s, draft())[0]; d.Num != 4 {
			t.Errorf("the next incident is #%d, want 4: numbers are not given twice", d.Num)
		}
		if err := upkeep.Check(ctx, s); err != nil {
			t.Error(err)
		}
	})
}

func TestFiltersAndOrders(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		day := func(n int) time.Time { return march.AddDate(0, 0, n) }
		with := func(n int, f func(*store.Document)) *store.Document {
			return draft(func(d *store.Document) {
				inc := &d.Post.Incident
				inc.StartedAt, inc.DetectedAt, inc.ResolvedAt, inc.Services, inc.Severity = day(n), time.Time{}, time.Time{}, []string{"a"}, 1
				d.UpdatedAt, d.PublishDue, d.Required = day(20-n), day(n+7), false
				f(d)
			})
		}
		insert(t, s,
			with(1, func(d *store.Document) { d.Post.Incident.Kind = hindcast.KindNearMiss; d.Required = true }),
			with(2, func(d *store.Document) { d.Post.Incident.Severity = 3; published(d) }),
			with(3, func(d *store.Document) { d.Post.Incident.Services = []string{"Ledger", "a", "LEDGER"} }),
			with(4, func(d *store.Document) { d.Post.Category = hindcast.CategoryWords()[2]; d.Required = true }),
			with(5, func(d *store.Document) {
				d.Post.Incident.StartedAt = time.Time{}
				d.CreatedAt = day(9)
				d.People = nil
				published(d)
			}))
		for _, c := range []struct {
			name string
			f    store.Filter
			want []int64
		}{
			{"all", store.Filter{}, []int64{5, 4, 3, 2, 1}},
			{"updated", store.Filter{Sort: store.SortUpdated}, []int64{1, 2, 3, 4, 5}},
			{"published", store.Filter{Sort: store.SortPublished}, []int64{2, 5}},
			{"due", store.Filter{Sort: store.SortDue}, []int64{1, 4}},
			{"due by", store.Filter{Sort: store.SortDue, DueBy: day(9)}, []int64{1}},
			{"kind", store.Filter{Kind: hindcast.KindNearMiss}, []int64{1}},
			{"severity", store.Filter{Severity: 3}, []int64{2}},
			{"severity, updated", store.Filter{Severity: 3, Sort: store.SortUpdated}, []int64{2}},
			{"service", store.Filter{Service: "lEDGER"}, []int64{3}},
			{"service of many", store.Filter{Service: "A"}, []int64{5, 4, 3, 2, 1}},
			{"service, updated", store.Filter{Service: "ledger", Sort: store.SortUpdated}, []int64{3}},
			{"status", store.Filter{Status: hindcast.StatusPublished}, []int64{5, 2}},
			{"category", store.Filter{Category: hindcast.CategoryWords()[2]}, []int64{4}},
			{"from", store.Filter{From: day(3)}, []int64{5, 4, 3}},
			{"to", store.Filter{To: day(3)}, []int64{2, 1}},
			{"mine", store.Filter{Mine: true}, []int64{4, 3, 2, 1}},
			{"mine of a service", store.Filter{Mine: true, Service: "a", From: day(2)}, []int64{4, 3, 2}},
			{"all together", store.Filter{Mine: true, Service: "a", From: day(1), To: day(3), Severity: 3, Status: hindcast.StatusPublished, Kind: hindcast.KindIncident}, []int64{2}},
		} {
			list, err := s.List(t.Context(), author, c.f)
			if err != nil || !slices.Equal(nums(list.Items), c.want) {
				t.Errorf("%s: %v, %v; want %v", c.name, nums(list.Items), err, c.want)
			}
			if c.f.Sort != "" {
				continue
			}
			hits, err := s.Search(t.Context(), author, store.Search{Text: "pool", Filter: c.f})
			if err != nil || len(hits.Items) != len(c.want) {
				t.Errorf("%s: Search has %d hits, %v; want %d", c.name, len(hits.Items), err, len(c.want))
			}
		}
		if _, err := s.List(t.Context(), author, store.Filter{Sort: "title; drop table incident"}); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("an unknown order: %v, want invalid", err)
		}
	})
}

func TestActions(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		item := func(id, owner string, status hindcast.ActionStatus, due int) hindcast.ActionItem {
			a := hindcast.ActionItem{ID: id, Description: id, Owner: owner, Status: status, Priority: hindcast.PriorityHigh}
			if due > 0 {
				a.Due = hindcast.Date{Year: 2024, Month: 4, Day: due}
			}
			return a
		}
		docs := insert(t, s,
			draft(func(d *store.Document) {
				d.Post.Actions = []hindcast.ActionItem{item("a1", "Storage", hindcast.ActionOpen, 9), item("a2", "search", hindcast.ActionVerified, 1), item("a3", "search", hindcast.ActionOpen, 0)}
			}),
			draft(published, func(d *store.Document) {
				d.People = nil
				d.Post.Actions = []hindcast.ActionItem{item("a1", "storage", hindcast.ActionInProgress, 2), item("a2", "", hindcast.ActionDeclined, 3)}
			}))
		names := func(f store.ActionFilter) (out []string) {
			t.Helper()
			p, err := s.Actions(t.Context(), author, f)
			if err != nil {
				t.Error(err)
			}
			for _, a := range p.Items {
				out = append(out, fmt.Sprintf("%d%s", a.IncidentNum, a.Item.ID))
			}
			return out
		}
		for _, c := range []struct {
			name string
			f    store.ActionFilter
			want []string
		}{
			{"all", store.ActionFilter{}, []string{"1a2", "2a1", "2a2", "1a1", "1a3"}},
			{"open", store.ActionFilter{Open: true}, []string{"2a1", "1a1", "1a3"}},
			{"overdue", store.ActionFilter{Open: true, DueBy: hindcast.Date{Year: 2024, Month: 4, Day: 9}}, []string{"2a1"}},
			{"owner", store.ActionFilter{Owner: "STORAGE"}, []string{"2a1", "1a1"}},
			{"mine", store.ActionFilter{Mine: true, Open: true}, []string{"1a1", "1a3"}},
			{"status", store.ActionFilter{Status: hindcast.ActionVerified}, []string{"1a2"}},
			{"priority", store.ActionFilter{Priority: hindcast.PriorityLow}, nil},
		} {
			if diff := cmp.Diff(c.want, names(c.f)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
		}
		change(t, s, docs[0].ID, func(d *store.Document) {
			d.Post.Actions = []hindcast.ActionItem{item("a3", "storage", hindcast.ActionDone, 8), item("a4", "", hindcast.ActionOpen, 0)}
		})
		if diff := cmp.Diff([]string{"2a1", "2a2", "1a3", "1a4"}, names(store.ActionFilter{})); diff != "" {
			t.Errorf("after a change (-want +got):\n%s", diff)
		}
		if d, err := s.List(t.Context(), author, store.Filter{Mine: true}); err != nil || d.Items[0].ActionsOpen != 1 || d.Items[0].ActionsTotal != 2 {
			t.Errorf("the list counts %+v, %v; want one open of two", d.Items[0], err)
		}
	})
}

func TestCommonWordsAreRankedInWindows(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		s.RankAtOnce(10)
		var docs []*store.Document
		for i := range 64 {
			docs = append(docs, draft(titled(fmt.Sprintf("incident %d", i+1)), func(d *store.Document) {
				if i%3 > 0 {
					published(d)
				}
				if i == 4 || i == 7 {
					d.Post.Incident.Title += " pool"
				}
				if i == 61 {
					d.Post.Sections[0].Text = "pool pool pool"
				}
			}))
		}
		insert(t, s, docs...)
		first, err := s.Search(t.Context(), author, store.Search{Text: "pool", Filter: store.Filter{Limit: 3}})
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, h := range first.Items {
			got = append(got, h.Num)
		}
		slices.Sort(got[:2])
		if !slices.Equal(got, []int64{5, 8, 62}) {
			t.Errorf("the first page is %v, want those with the word in the title, then the best of the newest", got)
		}
		for v, want := range map[string]int{"author": 64, "other": 42} {
			checkPages(t, v, want, func(after string) (list []int64, next string, err error) {
				p, err := s.Search(t.Context(), hindcast.Viewer{PersonID: v, Role: hindcast.RoleMember}, store.Search{Text: "pool", Filter: store.Filter{After: after, Limit: 7}})
				for _, h := range p.Items {
					list = append(list, h.Num)
				}
				return list, p.Next, err
			})
		}
		page, err := s.Search(t.Context(), author, store.Search{Text: "pool", Filter: store.Filter{To: march}})
		if err != nil || len(page.Items) != 0 || page.Next != "" {
			t.Errorf("Search with a filter that lets nothing through = %v, %v", page, err)
		}
	})
}

// TestPhrasesAreRankedByTheirTexts looks for words that follow each other in more
// documents than are ranked together.
func TestPhrasesAreRankedByTheirTexts(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		s.RankAtOnce(20)
		var docs []*store.Document
		for i := range 30 {
			docs = append(docs, draft(published, titled(fmt.Sprintf("incident %d", i+1)), func(d *store.Document) {
				d.Post.Sections[0].Text = "A cold cache.\n"
				switch i {
				case 2:
					d.Post.Incident.Title = "Cold caches everywhere"
				case 3:
					d.Post.Sections[0].Text = "The cache was cold.\n"
				case 28:
					d.Post.Sections[0].Text = "A cold cache. Cold caches, a cold cache, too cold a cache.\n"
				}
			}))
		}
		insert(t, s, docs...)
		all := func(text string) (list []int64) {
			checkPages(t, text, 29, func(after string) ([]int64, string, error) {
				p, err := s.Search(t.Context(), other, store.Search{Text: text, Filter: store.Filter{After: after, Limit: 7}})
				for _, h := range p.Items {
					list = append(list, h.Num)
				}
				return list[len(list)-len(p.Items):], p.Next, err
			})
			return list
		}
		if got := all(`"cold cache"`); !slices.Equal(got[:2], []int64{3, 29}) || slices.Contains(got, 4) {
			t.Errorf("Search = %v; want that with it in the title, that which says it most, and not 4", got)
		}
		if got := all(`"cold cache" -volcano`); slices.Contains(got, 4) {
			t.Errorf("Search without a word = %v; want all that hold the phrase", got)
		}
	})
}
