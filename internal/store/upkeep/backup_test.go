package upkeep_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/dump"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/store/upkeep"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var admin = hindcast.Viewer{PersonID: "person7", Role: hindcast.RoleAdmin}

// add adds a document to a library.
func add(t *testing.T, s *store.Store) *store.Document {
	t.Helper()
	d := storetest.Document(999, small)
	if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Insert(t.Context(), d) }); err != nil {
		t.Fatal(err)
	}
	return d
}

// small is the size of documents in tests that need many.
var small = storetest.Size{Entries: 3, Factors: 2, Actions: 2, Prose: 600, Revisions: 2}

// contents returns what a store holds as one text.
func contents(t *testing.T, s *store.Store) string {
	t.Helper()
	var b strings.Builder
	v := admin
	list, err := s.List(t.Context(), v, store.Filter{Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list.Items {
		d, err := s.Get(t.Context(), v, x.ID)
		if err != nil {
			t.Fatal(err)
		}
		revisions, err := s.Revisions(t.Context(), v, x.ID, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%+v %+v %+v\n", x, d, revisions)
	}
	for _, word := range []string{"exhausted", "ledger", storetest.CommonWord} {
		hits, err := s.Search(t.Context(), v, store.Search{Text: word, Filter: store.Filter{Limit: store.MaxLimit}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s: %d\n", word, len(hits.Items))
	}
	actions, err := s.Actions(t.Context(), v, store.ActionFilter{Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	audit, err := s.Audit(t.Context(), v, store.AuditFilter{Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "%+v\n%+v\n", actions, audit)
	return b.String()
}

func TestBackupAndRestoreIntoEitherEngine(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		if err := storetest.Fill(t.Context(), s, 40, small); err != nil {
			t.Fatal(err)
		}
		want := contents(t, s)
		backup := filepath.Join(t.TempDir(), "backup")
		if err := upkeep.Backup(t.Context(), s, backup); err != nil {
			t.Fatal(err)
		}
		if err := upkeep.Backup(t.Context(), s, backup); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("a second backup to the same file = %v, want a conflict", err)
		}
		add(t, s) // not in the backup
		for engine, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "restored.db"), "postgres": postgres.URL(t)} {
			if err := upkeep.Restore(t.Context(), url, backup); err != nil {
				t.Fatalf("restore into %s: %v", engine, err)
			}
			if err := upkeep.Restore(t.Context(), url, backup); hindcast.CodeOf(err) != hindcast.Conflict {
				t.Errorf("restore over %s = %v, want a conflict", engine, err)
			}
			restored := storetest.Open(t, url)
			if diff := cmp.Diff(want, contents(t, restored)); diff != "" {
				t.Errorf("restored into %s (-want +got):\n%s", engine, diff)
			}
			if d := add(t, restored); d.Num != 41 {
				t.Errorf("the next incident in %s is #%d, want 41", engine, d.Num)
			}
			if err := restored.Write(t.Context(), func(tx *store.Tx) error { return tx.Audit(t.Context(), store.AuditEntry{Act: "x"}) }); err != nil {
				t.Errorf("the audit trail in %s does not go on: %v", engine, err)
			}
		}
	})
}

func TestDamagedBackupIsRefused(t *testing.T) {
	s := storetest.SQLite(t)
	if err := storetest.Fill(t.Context(), s, 3, small); err != nil {
		t.Fatal(err)
	}
	var rows bytes.Buffer
	if err := dump.Write(t.Context(), s.DB(), &rows); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "whole.db")
	if err := upkeep.Backup(t.Context(), s, file); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(whole)
	copy(broken[len(broken)/2:], bytes.Repeat([]byte{0xee}, 9000))
	flipped := bytes.Clone(rows.Bytes())
	flipped[len(flipped)/2] ^= 0x55
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte(strings.Repeat("no backup\n", 99)), "rows cut short": rows.Bytes()[:rows.Len()/2], "rows without end": rows.Bytes()[:rows.Len()-9],
		"rows changed": flipped, "file cut short": whole[:len(whole)/2], "file damaged": broken,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "backup")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			url := filepath.Join(t.TempDir(), "restored.db")
			err := upkeep.Restore(t.Context(), url, path)
			if code := hindcast.CodeOf(err); code != hindcast.Invalid && code != hindcast.Unavailable {
				t.Errorf("Restore = %v (%s), want an error that says so", err, code)
			}
			if list, err := storetest.Open(t, url).List(t.Context(), admin, store.Filter{}); err != nil || len(list.Items) > 0 {
				t.Errorf("after a refusal there are %d incidents, %v; want none", len(list.Items), err)
			}
		})
	}
}

func TestReindexDerivesEverythingAgain(t *testing.T) {
	storetest.Each(t, &postgres, func(t *testing.T, s *store.Store) {
		if err := storetest.Fill(t.Context(), s, 12, small); err != nil {
			t.Fatal(err)
		}
		want := contents(t, s)
		err := s.DB().Write(t.Context(), func(tx *sqldb.Tx) error {
			var errs []error
			for _, text := range []string{`delete from service`, `delete from action`, `delete from link`, `delete from acl`, `delete from search`, `update incident set title = '', status = '', happened_at = 0, actions_open = 0, services = '[]'`} {
				_, err := tx.Exec(t.Context(), text)
				errs = append(errs, err)
			}
			return errors.Join(errs...)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := contents(t, s); got == want {
			t.Fatal("nothing was damaged; the test shows nothing")
		}
		if err := upkeep.Reindex(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, contents(t, s)); diff != "" {
			t.Errorf("after Reindex (-want +got):\n%s", diff)
		}
	})
}
