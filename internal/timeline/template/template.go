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
	known  stencils
	file   *record.File // of the record before that named no service
	part   int          // of that file
}

// New returns an empty Miner.
func New() *Miner { return &Miner{tables: newTables(maxShapes)} }

// Add counts a record. It keeps nothing of l but copies of the service and of up
// to 512 bytes of messages: of the earliest record of each shape, and of some
// that later ones are compared with.
func (m *Miner) Add(l *record.Log) { m.AddShape(l) }

// Shape identifies the shape of a message in any process.
type Shape uint64

// AddShape is [Miner.Add] for who wants to know later, from [Result.Of], what
// template this very record belongs to.
func (m *Miner) AddShape(l *record.Log) Shape {
	service := digest(l.Service)
	i := m.partOf(l, service)
	t := m.tables[i]
	plain := t.tree == nil && l.Status == 0
	at := 0
	if plain {
		at = slot(i, l.Message)
		if s := m.known.find(&m.mask, t, at, l.Message); s != nil {
			s.tally.Add(l, service)
			return s.id
		}
	}
	shape := m.mask.shape(l.Message, l.Status)
	id, v := Shape(digest(shape)), t.get(shape)
	if plain && t.tree == nil {
		m.known.learn(&m.mask, t, at, l.Message, v, id)
	}
	v.Add(l, service)
	return id
}

// partOf returns the index of the table in which a record is counted.
func (m *Miner) partOf(l *record.Log, service uint64) int {
	if len(l.Service) > 0 {
		return part(service)
	}
	if l.File != m.file {
		m.file, m.part = l.File, part(digest(nameOf(l.File)))
	}
	return m.part
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

// part returns the index of the table for what a service logs, or for a file
// with lines of no service, by its hash.
func part(source uint64) int { return int((source ^ source>>32) % uint64(len(tables{}))) }
