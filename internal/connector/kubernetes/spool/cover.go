package spool

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/connector/kubernetes"
)

// mostSpans is how many spans are kept; the last ones stay.
const mostSpans = 500

// Cover keeps that everything under a name was heard that the cluster told from one
// time to another. What of it was heard must have been appended.
func (s *Spool) Cover(name string, from, to time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	spans := kubernetes.Extend(s.covered[name], kubernetes.Span{From: from, To: to})
	old := to.Add(-s.Keep)
	spans = slices.DeleteFunc(spans, func(p kubernetes.Span) bool { return p.To.Before(old) })
	s.covered[name] = spans[max(0, len(spans)-mostSpans):]
	return write(s.Dir, coveredFile, s.covered)
}

// uncover notes that what is before a time may have been removed.
func (s *Spool) uncover(before time.Time) {
	for name, spans := range s.covered {
		spans = slices.DeleteFunc(slices.Clone(spans), func(p kubernetes.Span) bool { return !p.To.After(before) })
		for i := range spans {
			if spans[i].From.Before(before) {
				spans[i].From = before
			}
		}
		s.covered[name] = spans
	}
}

// GoOn keeps that everything was heard up to a time since what was covered before; since
// that time, when nothing was.
func (s *Spool) GoOn(name string, to time.Time) error {
	from := to
	if spans := s.Covered(name); len(spans) > 0 {
		from = spans[len(spans)-1].To
	}
	return s.Cover(name, from, to)
}

// Covered returns the spans of which everything was heard under a name, the first one
// first.
func (s *Spool) Covered(name string) []kubernetes.Span {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.covered[name])
}
