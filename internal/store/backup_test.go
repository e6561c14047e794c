package store_test

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
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// small is the size of documents in tests that need many.
var small = storetest.Size{Entries: 3, Factors: 2, Actions: 2, Prose: 600, Revisions: 2}

// contents returns what a store holds as one text.
func contents(t *testing.T, s *store.Store) string {
	t.Helper()
	var b strings.Builder
	v := hindcast.Viewer{PersonID: "person7", Role: hindcast.RoleAdmin}
	list, err := s.List(t.Context(), v, store.Filter{Limit: store.MaxLimit})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range list.Items {
		d := get(t, s, v, x.ID)
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
		if err := s.Backup(t.Context(), backup); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), backup); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("a second backup to the same file = %v, want a conflict", err)
		}
		insert(t, s, draft(published)) // not in the backup
		for engine, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "restored.db"), "postgres": postgres.URL(t)} {
			if err := store.Restore(t.Context(), url, backup); err != nil {
				t.Fatalf("restore into %s: %v", engine, err)
			}
			if err := store.Restore(t.Context(), url, backup); hindcast.CodeOf(err) != hindcast.Conflict {
				t.Errorf("restore over %s = %v, want a conflict", engine, err)
			}
			restored := storetest.Open(t, url)
			if diff := cmp.Diff(want, contents(t, restored)); diff != "" {
				t.Errorf("restored into %s (-want +got):\n%s", engine, diff)
			}
			if d := insert(t, restored, draft())[0]; d.Num != 41 {
				t.Errorf("the next incident in %s is #%d, want 41", engine, d.Num)
			}
			write(t, restored, func(tx *store.Tx) error { return tx.Audit(t.Context(), store.AuditEntry{At: march, Act: "x"}) })
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
	if err := s.Backup(t.Context(), file); err != nil {
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
			err := store.Restore(t.Context(), url, path)
			if code := hindcast.CodeOf(err); code != hindcast.Invalid && code != hindcast.Unavailable {
				t.Errorf("Restore = %v (%s), want an error that says so", err, code)
			}
			if list, err := storetest.Open(t, url).List(t.Context(), other, store.Filter{}); err != nil || len(list.Items) > 0 {
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
		if err := s.Reindex(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, contents(t, s)); diff != "" {
			t.Errorf("after Reindex (-want +got):\n%s", diff)
		}
	})
}
