// Package pgtest gives tests an empty PostgreSQL database.
//
// The server is the one that HINDCAST_TEST_POSTGRES names (a URL whose user may
// create databases). Without it a server of the system's postgresql package is
// started for the test binary, on a socket of its own and under another user when
// the tests run as root. When there is neither, the test is skipped and says so.
//
//	var postgres pgtest.Server
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		postgres.Stop()
//		os.Exit(code)
//	}
//
//	func TestStory(t *testing.T) { db, err := sqldb.Open(t.Context(), postgres.URL(t)) ... }
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Variable is the name of the environment variable with the URL of a server.
const Variable = "HINDCAST_TEST_POSTGRES"

// errMissing says that the system has no server to start.
var errMissing = errors.New("no PostgreSQL server is installed; install Debian's package postgresql, or name a server in " + Variable)

// Server is a PostgreSQL server for the tests of one binary. The zero Server is
// started by the first test that needs it.
type Server struct {
	once    sync.Once
	err     error
	url     string // of the database from which others are created
	process *process
	count   atomic.Int64

	filled   sync.Once
	template string // the database of which tests get copies; empty while none was asked for
	fault    error  // in filling it
}

// URL returns the URL of a new, empty database, which is dropped when the test
// ends. Without a server it skips the test.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	s.ready(t)
	return s.create(t, "")
}

// Copy returns the URL of a new database, as URL does, in which is what fill puts
// into an empty one. fill is called once for each server, so all tests of a binary
// pass the same; it closes what it opens.
func (s *Server) Copy(t testing.TB, fill func(url string) error) string {
	t.Helper()
	s.ready(t)
	s.filled.Do(func() {
		s.template = fmt.Sprintf("hindcast_test_%d_template", os.Getpid())
		if s.fault = s.exec(t.Context(), "create database "+s.template); s.fault == nil {
			s.fault = fill(s.named(t, s.template))
		}
	})
	if s.fault != nil {
		t.Fatalf("fill the database of which tests get copies: %v", s.fault)
	}
	return s.create(t, " template "+s.template)
}

// ready starts the server, or skips the test.
func (s *Server) ready(t testing.TB) {
	t.Helper()
	s.once.Do(func() { s.err = s.start() })
	if errors.Is(s.err, errMissing) {
		t.Skipf("SKIPPED, NOT TESTED ON POSTGRESQL: %v", s.err)
	}
	if s.err != nil {
		t.Fatalf("start PostgreSQL for the tests: %v", s.err)
	}
}

// create creates a database for a test.
func (s *Server) create(t testing.TB, like string) string {
	t.Helper()
	name := fmt.Sprintf("hindcast_test_%d_%d", os.Getpid(), s.count.Add(1))
	if err := s.exec(t.Context(), "create database "+name+like); err != nil {
		t.Fatalf("create a database for the test: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec(context.Background(), "drop database "+name+" with (force)"); err != nil {
			t.Errorf("drop the database of the test: %v", err)
		}
	})
	return s.named(t, name)
}

// named returns the URL of a database of the server.
func (s *Server) named(t testing.TB, name string) string {
	t.Helper()
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatalf("read the URL in %s: it is none", Variable)
	}
	u.Path = "/" + name
	return u.String()
}

// Stop stops the server if one was started, and removes what it made on another.
func (s *Server) Stop() {
	if s.process == nil && s.template != "" {
		_ = s.exec(context.Background(), "drop database if exists "+s.template+" with (force)") // the tests are over
	}
	if s.process != nil {
		s.process.stop()
	}
}

func (s *Server) start() error {
	if s.url = os.Getenv(Variable); s.url != "" {
		return nil
	}
	p, err := launch()
	if err != nil {
		return err
	}
	s.process, s.url = p, p.url
	return nil
}

func (s *Server) exec(ctx context.Context, statement string) error {
	db, err := sql.Open("pgx", s.url)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // one statement was run and told
	_, err = db.ExecContext(ctx, statement)
	return err
}
