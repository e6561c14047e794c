// Package template finds the templates of log messages: the texts that a
// program's logging statements have in common, with <*> where they vary, as in
// "connection to <*> refused after <*> ms".
//
// It works in two steps. A [Miner] replaces what varies by its looks (numbers,
// addresses, times, paths, identifiers) in one pass over each message and counts
// the shapes that remain; it allocates nothing per message and stays in bounded
// memory whatever is logged. [Merge] joins the miners of several workers and
// puts together the shapes that differ only in names: of users, hosts, classes.
// It looks at all shapes at once and at nothing else, so that the same records
// give the same templates in any order, on one core or many.
package template

import (
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Miner counts log records by the shape of their message. It is for one
// goroutine at a time; make one with [New].
type Miner struct {
	mask   masker
	tables tables
	file   *record.File // of the record before that named no service
	part   int          // of that file
}

// New returns an empty Miner.
func New() *Miner { return &Miner{tables: newTables(maxShapes)} }

// Add counts a record. It keeps nothing of l but a copy of up to 512 bytes of
// the message of the earliest record of each shape.
func (m *Miner) Add(l *record.Log) {
	m.of(l).get(m.mask.shape(l.Message, l.Status)).add(l)
}

// Shape identifies the shape of a message in any process.
type Shape uint64

// AddShape is [Miner.Add] for who wants to know later, from [Result.Of], what
// template this very record belongs to.
func (m *Miner) AddShape(l *record.Log) Shape {
	shape := m.mask.shape(l.Message, l.Status)
	m.of(l).get(shape).add(l)
	return Shape(fnv(shape))
}

// of returns the table for a record.
func (m *Miner) of(l *record.Log) *table {
	if len(l.Service) > 0 {
		return m.tables[part(l.Service)]
	}
	if l.File != m.file {
		m.file, m.part = l.File, part(name(l.File))
	}
	return m.tables[m.part]
}

// tables keep what different sources log apart, so that free text from one does
// not blur the shapes of the others.
type tables [8]*table

func newTables(limit int) (ts tables) {
	for i := range ts {
		ts[i] = newTable(limit)
	}
	return ts
}

// part returns the index of the table for what a service logs, or for a file.
func part[T string | []byte](source T) int {
	h := fnv(source)
	return int((h ^ h>>32) % uint64(len(tables{})))
}

// fnv hashes with FNV-1a, which gives the same number in every process.
func fnv[T string | []byte](s T) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}
