// Package storetest opens stores for tests, on both engines, and makes libraries
// of post-mortems of any size.
package storetest

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
)

// Each runs a story on an empty store in an SQLite file and on one in a
// PostgreSQL database; the latter is skipped, and says so, where there is no
// server.
func Each(t *testing.T, postgres *pgtest.Server, story func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { story(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { story(t, Open(t, postgres.Copy(t, migrate))) })
}

// migrate makes the tables in an empty database: once for all tests, since that
// takes longer than most of them.
func migrate(url string) error {
	s, err := store.Open(context.Background(), url)
	if err != nil {
		return err
	}
	return s.Close()
}

// SQLite opens an empty store in a folder of the test.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, "sqlite:"+filepath.Join(t.TempDir(), "hindcast.db"))
}

// Open opens a store and closes it when the test ends.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
