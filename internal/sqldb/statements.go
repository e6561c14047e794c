package sqldb

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"
)

// statements keeps prepared statements by their text. SQLite parses and plans a
// text again every time when it is not prepared, which costs more than running
// it; pgx keeps its own. The nil pointer keeps none.
type statements struct {
	mu   sync.RWMutex
	text map[string]*sql.Stmt
}

// maxStatements bounds the statements kept; our texts are constants and a few
// combinations of filters. Each takes some 20 KB in every connection.
const maxStatements = 240

// get returns the statement of a text; nil when it is not kept.
func (s *statements) get(text string) *sql.Stmt {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.text[text]
}

// prepare prepares texts for the next time. It must not run inside a
// transaction, which may hold the only connection of the pool. What cannot be
// prepared is not kept: running it says what is wrong.
func (s *statements) prepare(ctx context.Context, pool *sql.DB, texts []string) {
	for _, text := range texts {
		if s.get(text) != nil {
			continue
		}
		if stmt, err := pool.PrepareContext(ctx, text); err == nil {
			s.keep(text, stmt)
		}
	}
}

func (s *statements) keep(text string, stmt *sql.Stmt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text == nil {
		s.text = map[string]*sql.Stmt{}
	}
	if s.text[text] != nil || len(s.text) >= maxStatements {
		_ = stmt.Close() // nothing was done with it
		return
	}
	s.text[text] = stmt
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stmt := range s.text {
		_ = stmt.Close() // the pool is closed next
	}
	s.text = nil
}

// statements returns where the prepared statements of a pool are kept; nil when
// they are not.
func (db *DB) statements(pool *sql.DB) *statements {
	switch {
	case db.Engine != SQLite:
		return nil
	case pool == db.write:
		return &db.stmts[0]
	default:
		return &db.stmts[1]
	}
}

// Prepared returns the texts of the statements that were prepared for reading,
// in alphabetical order: what a test of query plans looks at. It is empty on
// PostgreSQL, whose driver keeps its own.
func (db *DB) Prepared() []string {
	s := &db.stmts[1]
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.text))
}
