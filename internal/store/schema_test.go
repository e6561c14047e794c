package store_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/saved"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// columns returns the columns of every table as table.column type.
func columns(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	text := `select m.name || '.' || c.name || ' ' || lower(c.type) || case when c."notnull" = 1 or c.pk > 0 then ' not null' else '' end
		from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'`
	if db.Engine == sqldb.PostgreSQL {
		text = `select table_name || '.' || column_name || ' ' || data_type || case when is_nullable = 'NO' then ' not null' else '' end
			from information_schema.columns where table_schema = 'public'`
	}
	list, err := sqldb.All(t.Context(), db, func(scan func(...any) error) (s string, err error) {
		err = scan(&s)
		return s, err
	}, text)
	if err != nil {
		t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(s string) bool { // what the engines do differently
		return strings.HasPrefix(s, "search_terms") || strings.HasPrefix(s, "search_titles") || strings.HasPrefix(s, "search.terms") || strings.HasPrefix(s, "schema_version")
	})
	for i := range list {
		list[i] = strings.NewReplacer(" integer", " bigint", " bytea", " blob").Replace(list[i])
	}
	slices.Sort(list)
	return list
}

func TestBothEnginesHaveTheSameTables(t *testing.T) {
	lite, pg := columns(t, storetest.SQLite(t).DB()), columns(t, storetest.Open(t, postgres.URL(t)).DB())
	if diff := cmp.Diff(lite, pg); diff != "" {
		t.Errorf("tables (-sqlite +postgres):\n%s", diff)
	}
	if len(lite) < 80 {
		t.Errorf("%d columns; the test does not see the tables", len(lite))
	}
}

func TestMigrationsHaveTheSameNumbers(t *testing.T) {
	names := func(engine string) (out []string) {
		list, err := filepath.Glob(filepath.Join("migrations", engine, "*.sql"))
		if err != nil || len(list) == 0 {
			t.Fatalf("no migrations of %s: %v", engine, err)
		}
		for _, f := range list {
			out = append(out, filepath.Base(f))
		}
		return out
	}
	if diff := cmp.Diff(names("sqlite"), names("postgres")); diff != "" {
		t.Errorf("migrations (-sqlite +postgres):\n%s", diff)
	}
}

func TestAuditTrailIsOnlyAddedTo(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			return tx.Audit(t.Context(), store.AuditEntry{At: march, PersonID: "author", Act: "person.add", Detail: map[string]string{"role": "member"}})
		})
		for _, text := range []string{`update audit set act = 'x'`, `delete from audit`} {
			err := s.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.SQL().Exec(t.Context(), text); return err })
			if err == nil || !strings.Contains(err.Error(), "only added to") {
				t.Errorf("%s: %v, want a refusal", text, err)
			}
		}
	})
}

// TestNoReadScansALargeTable asks SQLite how it answers every statement that the
// store prepared for reading while everything was read once.
func TestNoReadScansALargeTable(t *testing.T) {
	s := storetest.SQLite(t)
	if err := storetest.Fill(t.Context(), s, 60, storetest.Size{Entries: 2, Factors: 2, Actions: 2, Prose: 500, Revisions: 2}); err != nil {
		t.Fatal(err)
	}
	readEverything(t, s, hindcast.Viewer{PersonID: "person7", Role: hindcast.RoleAdmin})
	texts := s.DB().Prepared()
	if len(texts) < 30 {
		t.Fatalf("only %d statements; the test does not see what is read", len(texts))
	}
	for _, text := range texts {
		if strings.Contains(text, `from audit x where true order by x.id desc`) {
			continue // it goes backward through the table, a page far
		}
		plan, err := sqldb.All(t.Context(), s.DB(), func(scan func(...any) error) (detail string, err error) {
			var id, parent, unused int
			err = scan(&id, &parent, &unused, &detail)
			return detail, err
		}, `explain query plan `+text, make([]any, strings.Count(text, "$")+40)...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, step := range plan {
			if scans(step) {
				t.Errorf("a full scan (%s) in\n%s\n%s", step, text, strings.Join(plan, "\n"))
			}
		}
	}
}

// scans reports whether a step of a plan goes through a whole table. Going
// through an index in its order is how a page begins; the limit ends it.
func scans(step string) bool {
	return strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, " USING ") && !strings.Contains(step, "VIRTUAL TABLE") &&
		!slices.ContainsFunc([]string{"CONSTANT ROW", "counted", "names", "named", "(subquery"}, func(s string) bool { return strings.Contains(step, s) })
}

func readEverything(t *testing.T, s *store.Store, v hindcast.Viewer) {
	t.Helper()
	ctx := t.Context()
	check := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	id := get(t, s, v, "2").ID
	for _, ref := range []string{id, "#2", "INC-100001"} {
		get(t, s, v, ref)
	}
	filters := []store.Filter{{}, {Kind: hindcast.KindIncident}, {Severity: 2}, {Service: "ledger"}, {Status: hindcast.StatusPublished}, {Category: hindcast.CategoryWords()[0]},
		{From: march}, {To: march.AddDate(9, 0, 0)}, {DueBy: march.AddDate(9, 0, 0)}, {Mine: true}, {Deleted: true},
		{Severity: 2, Status: hindcast.StatusPublished, Service: "ledger", Kind: hindcast.KindIncident, From: march}}
	for _, f := range filters {
		for _, f.Sort = range []store.Sort{store.SortHappened, store.SortUpdated, store.SortPublished, store.SortDue} {
			f.Limit = 3
			f.After = ""
			p, err := s.List(ctx, v, f)
			check(p, err)
			if f.After = p.Next; f.After != "" {
				check(s.List(ctx, v, f))
			}
		}
		check(s.Search(ctx, v, store.Search{Text: "exhausted", Filter: f}))
	}
	for _, f := range []store.ActionFilter{{}, {Open: true}, {Status: hindcast.ActionOpen}, {Owner: "ledger team"}, {Priority: hindcast.PriorityHigh}, {Mine: true}, {Open: true, DueBy: hindcast.DateOf(march)}} {
		f.Limit = 3
		p, err := s.Actions(ctx, v, f)
		check(p, err)
		if f.After = p.Next; f.After != "" {
			check(s.Actions(ctx, v, f))
		}
	}
	check(s.Counts(ctx, v, march))
	check(s.Services(ctx, v, "", 5))
	check(s.Backlinks(ctx, v, id, 0))
	check(s.Resolve(ctx, v, []string{"3", "INC-100004"}))
	check(s.Versions(ctx, v, []string{id}))
	check(s.Revisions(ctx, v, id, "", 1))
	check(s.Revision(ctx, v, id, 1))
	check(s.Evidence(ctx, v, id))
	check(s.KeptBlobs(ctx, []string{"aa"}))
	check(s.Audit(ctx, v, store.AuditFilter{Limit: 3}))
	check(s.Audit(ctx, v, store.AuditFilter{IncidentID: id}))
	check(s.Audit(ctx, v, store.AuditFilter{PersonID: "author"}))
	check(saved.List(ctx, s.DB(), v.PersonID))
	check(s.Audit(ctx, v, store.AuditFilter{Acts: []string{"person.add", "postmortem.edit"}, From: march, To: march.AddDate(0, 0, 1)}))
	_, err := s.Build(ctx, v, id, &struct{}{})
	check(nil, err)
}
