package sqldb_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// both runs a story on each engine.
func both(t *testing.T, story func(t *testing.T, db *sqldb.DB)) {
	t.Run("sqlite", func(t *testing.T) { story(t, open(t, "sqlite:"+filepath.Join(t.TempDir(), "a b?c#d%41.db"))) })
	t.Run("postgres", func(t *testing.T) { story(t, open(t, postgres.URL(t))) })
}

func open(t *testing.T, url string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func exec(t *testing.T, db *sqldb.DB, text string, args ...any) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), text, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestParametersAreBoundByNumber(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		exec(t, db, `create table pair (a text, b text, c bigint)`)
		exec(t, db, `insert into pair (c, b, a) values ($3, $2, $1)`, "first", "second", 3)
		for range 3 { // sent as a text, then prepared
			var a, b string
			var c int64
			row := db.QueryRow(t.Context(), `select a, b, c from pair where b = $2 and a = $1 and b = $2 and c = $3 and a <> $2`, "first", "second", 3)
			if err := row.Scan(&a, &b, &c); err != nil {
				t.Fatal(err)
			}
			if a != "first" || b != "second" || c != 3 {
				t.Errorf("read %q, %q, %d; want first, second, 3", a, b, c)
			}
		}
	})
}

func TestWriteRollsBackOnErrorAndOnPanic(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		exec(t, db, `create table n (n bigint)`)
		boom := errors.New("boom")
		insert := func(tx *sqldb.Tx) {
			if _, err := tx.Exec(t.Context(), `insert into n (n) values ($1)`, 1); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Write(t.Context(), func(tx *sqldb.Tx) error { insert(tx); return boom }); !errors.Is(err, boom) {
			t.Errorf("Write = %v, want the error of the function", err)
		}
		func() {
			defer func() { _ = recover() }() // that of the function
			_ = db.Write(t.Context(), func(tx *sqldb.Tx) error { insert(tx); panic(boom) })
		}()
		if got, _, err := sqldb.Value[int](t.Context(), db, `select count(*) from n`); err != nil || got != 0 {
			t.Errorf("%d rows, %v; want none", got, err)
		}
		exec(t, db, `insert into n (n) values ($1)`, 2)
	})
}

func TestReadSeesOneStateAndCannotWrite(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		exec(t, db, `create table n (n bigint)`)
		err := db.Read(ctx, func(tx *sqldb.Tx) error {
			before, _, err := sqldb.Value[int](ctx, tx, `select count(*) from n`)
			if err != nil {
				return err
			}
			exec(t, db, `insert into n (n) values (1)`)
			after, _, err := sqldb.Value[int](ctx, tx, `select count(*) from n`)
			if before != after {
				t.Errorf("read %d, then %d in one transaction", before, after)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(ctx, `insert into n (n) values (1)`)
			return err
		})
		if err == nil {
			t.Error("Read let write")
		}
	})
}

func TestWriteRunsAgainWhenWritersMeet(t *testing.T) {
	db := open(t, postgres.URL(t))
	ctx := t.Context()
	exec(t, db, `create table n (id bigint primary key, n bigint)`)
	exec(t, db, `insert into n (id, n) values (1, 0), (2, 0)`)
	first, met := make(chan bool), make(chan bool)
	add := func(tx *sqldb.Tx, id int) error {
		_, err := tx.Exec(ctx, `update n set n = n + 1 where id = $1`, id)
		return err
	}
	done := make(chan error)
	go func() {
		tries := 0
		done <- db.Write(ctx, func(tx *sqldb.Tx) error {
			if err := add(tx, 1); err != nil {
				return err
			}
			if tries++; tries == 1 {
				close(first)
				<-met
			}
			return add(tx, 2)
		})
	}()
	<-first
	tries := 0
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := add(tx, 2); err != nil {
			return err
		}
		if tries++; tries == 1 {
			close(met)
		}
		return add(tx, 1)
	})
	if err := errors.Join(err, <-done); err != nil {
		t.Fatalf("two writers that lock in different order: %v", err)
	}
	if got, _, err := sqldb.Value[int](ctx, db, `select sum(n) from n`); err != nil || got != 4 {
		t.Errorf("sum = %d, %v; want 4: each writer once", got, err)
	}
}

func TestUniqueViolationIsKnown(t *testing.T) {
	both(t, func(t *testing.T, db *sqldb.DB) {
		exec(t, db, `create table n (id bigint primary key, name text unique)`)
		exec(t, db, `insert into n (id, name) values (1, 'a')`)
		for _, text := range []string{`insert into n (id, name) values (1, 'b')`, `insert into n (id, name) values (2, 'a')`} {
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error { _, err := tx.Exec(t.Context(), text); return err })
			if !sqldb.IsUnique(err) {
				t.Errorf("IsUnique(%v) = false", err)
			}
		}
		err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into gone (id) values (1)`)
			return err
		})
		if err == nil || sqldb.IsUnique(err) {
			t.Errorf("IsUnique(%v) = true", err)
		}
	})
}

func TestLockedFileIsUnavailable(t *testing.T) {
	t.Parallel() // it waits for the lock as long as a program does
	path := filepath.Join(t.TempDir(), "locked.db")
	db := open(t, path)
	other, err := sql.Open("sqlite", "file:"+path+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }() // a test's
	exec(t, db, `create table n (n bigint)`)
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }() // a test's
	err = db.Write(t.Context(), func(*sqldb.Tx) error {
		t.Error("a transaction began on a locked file")
		return nil
	})
	if got := hindcast.CodeOf(err); got != hindcast.Unavailable || !strings.Contains(err.Error(), "locked by another program; stop that program") {
		t.Errorf("Write on a locked file = %v (%s), want unavailable and what to do", err, got)
	}
}

func TestPlacesThatCannotBeOpened(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, url string
		code      hindcast.Code
		want      string
	}{
		{"a folder that is a file", filepath.Join(file, "x.db"), hindcast.Unavailable, "cannot make the folder"},
		{"a file that is a folder", folder, hindcast.Unavailable, "cannot write database"},
		{"another file", "sqlite:" + file, hindcast.Unavailable, "is no database"},
		{"a server that does not run", "postgres://me:secret@127.0.0.1:1/x", hindcast.Unavailable, "does not answer"},
		{"a socket that is not there", "postgres:///x?host=" + folder + "&user=me&password=secret", hindcast.Unavailable, "does not answer"},
		{"an address that is none", "postgres://me:secret@[::1:x/", hindcast.Invalid, "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			db, err := sqldb.Open(t.Context(), c.url)
			if err == nil {
				_ = db.Close() // a test's
			}
			if hindcast.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open = %v (%s), want %s with %q", err, hindcast.CodeOf(err), c.code, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestMigrate(t *testing.T) {
	one := &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table a (id bigint primary key);\n")}
	two := &fstest.MapFile{Data: []byte("-- +goose Up\ncreate table b (id bigint primary key);\n")}
	first := fstest.MapFS{"sqlite/00001_a.sql": one, "postgres/00001_a.sql": one}
	second := fstest.MapFS{"sqlite/00001_a.sql": one, "postgres/00001_a.sql": one, "sqlite/00002_b.sql": two, "postgres/00002_b.sql": two}
	both(t, func(t *testing.T, db *sqldb.DB) {
		for _, folder := range []fstest.MapFS{first, second, second} {
			if err := db.Migrate(t.Context(), folder); err != nil {
				t.Fatal(err)
			}
		}
		exec(t, db, `insert into b (id) values (1)`)
		err := db.Migrate(t.Context(), first)
		if hindcast.CodeOf(err) != hindcast.Unavailable || !strings.Contains(err.Error(), "later one") {
			t.Errorf("Migrate to an older version = %v, want a refusal that says what to start", err)
		}
	})
}

func TestWhereNumbersArguments(t *testing.T) {
	var w sqldb.Where
	if got := w.String(); got != "true" {
		t.Errorf("no condition = %q, want true", got)
	}
	w.And("a = ?", 1)
	w.And("(b = ? or c = ?)", 2, 3)
	w.And("d")
	limit := w.Bind("limit ?", 4)
	if diff := cmp.Diff("a = $1 and (b = $2 or c = $3) and d limit $4", w.String()+" "+limit); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]any{1, 2, 3, 4}, w.Args); diff != "" {
		t.Error(diff)
	}
}

func TestTimesAreMicrosecondsInUTC(t *testing.T) {
	at := time.Date(2024, 3, 15, 10, 0, 0, 123456789, time.FixedZone("", 3600))
	if got, want := sqldb.Time(sqldb.Micros(at)), time.Date(2024, 3, 15, 9, 0, 0, 123456000, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("Time(Micros(%v)) = %v, want %v", at, got, want)
	}
	if got := sqldb.Micros(time.Time{}); got != 0 {
		t.Errorf("Micros of no time = %d, want 0", got)
	}
	if got := sqldb.Time(0); !got.IsZero() {
		t.Errorf("Time(0) = %v, want no time", got)
	}
}
