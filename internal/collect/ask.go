package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// The most that is asked at once.
const (
	mostAsked   = 20
	longestAsk  = 4096                // bytes of a query
	widest      = 31 * 24 * time.Hour // of a window
	askPatience = 2 * time.Minute     // with all queries
)

// Question is what a person asks of a system for one incident.
type Question struct {
	EndpointID string
	Queries    []string // in the system's own language; empty ones are left out
	From, To   time.Time
}

// Around returns the window in which an incident is looked at: from an hour before it
// until half an hour after it, and not after now. Of an incident without times it is
// the last hours.
func Around(pm *hindcast.Postmortem, now time.Time) (from, to time.Time) {
	see := func(t time.Time) {
		if !t.IsZero() && (from.IsZero() || t.Before(from)) {
			from = t
		}
		if t.After(to) {
			to = t
		}
	}
	for _, name := range hindcast.PhaseNames() {
		see(*pm.Incident.Moment(name))
	}
	if from.IsZero() {
		for _, e := range pm.Timeline {
			see(e.At)
		}
	}
	if from.IsZero() {
		from, to = now.Add(-2*time.Hour), now
	}
	from, to = from.Add(-before), to.Add(after)
	if to.After(now) && from.Before(now) {
		to = now
	}
	return from.UTC(), to.UTC()
}

// check makes a question one that can be asked, or names the fields that are wrong.
func (q *Question) check() error {
	var faults, queries []string
	for _, text := range q.Queries {
		if text = strings.TrimSpace(text); text != "" {
			queries = append(queries, text)
		}
		if len(text) > longestAsk {
			faults = append(faults, fmt.Sprintf("queries: one is longer than %d letters", longestAsk))
		}
	}
	if q.Queries = queries; len(queries) == 0 || len(queries) > mostAsked {
		faults = append(faults, fmt.Sprintf("queries: write between one and %d, one a line", mostAsked))
	}
	switch {
	case q.From.IsZero():
		faults = append(faults, "from: enter when it begins")
	case q.To.IsZero():
		faults = append(faults, "to: enter when it ends")
	case !q.From.Before(q.To):
		faults = append(faults, "to: it has to be after the beginning")
	case q.To.Sub(q.From) > widest:
		faults = append(faults, "to: ask for at most 31 days")
	}
	if faults == nil {
		return nil
	}
	return hindcast.Errorf(hindcast.Invalid, "%s", strings.Join(faults, "; "))
}

// Ask asks queries for one incident and keeps the answers as evidence, each with its
// query. All of them are kept or none: when one is refused or finds nothing, the
// error is Invalid and says which, in the words of the system. Who may write in the
// incident may do it where the connection allows it. The timeline follows with
// [workflow.Service.Rebuild].
func (s *Service) Ask(ctx context.Context, v hindcast.Viewer, incident string, q Question) ([]workflow.EvidenceRow, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return nil, err
	}
	if err := d.May(access.Write); err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	src, err := s.Deliver.Asker(ctx, q.EndpointID)
	if err != nil {
		return nil, err
	}
	files, notes, err := s.answers(ctx, src, q)
	if err != nil {
		return nil, err
	}
	rows, _, err := s.Workflow.AddEvidence(ctx, v, d.ID, files)
	if err != nil {
		return nil, err
	}
	return rows, s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if err := s.keepNotes(ctx, tx, d.ID, notes); err != nil {
			return err
		}
		return store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: "evidence.ask", IncidentID: d.ID,
			Detail: map[string]any{"endpoint": src.ID, "name": src.Name, "queries": q.Queries, "from": q.From.UTC(), "to": q.To.UTC(), "files": len(rows)}})
	}))
}

// answers fetches what a source answers to every query.
func (s *Service) answers(ctx context.Context, src deliver.Source, q Question) (files []workflow.File, notes []SourceNote, err error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	var faults []string
	left := int64(mostBytes)
	for i, text := range q.Queries {
		got, more, err := fetch(ctx, src, connector.Window{From: q.From, To: q.To, Query: text}, &left)
		switch {
		case hindcast.CodeOf(err) == hindcast.Invalid:
			faults = append(faults, line(i, len(q.Queries))+words(err))
		case err != nil:
			return nil, nil, fmt.Errorf("ask %s: %w", src.Name, err)
		case len(got) == 0:
			faults = append(faults, line(i, len(q.Queries))+"it finds nothing in this window")
		}
		for _, f := range got {
			f.Source, f.Query, f.FetchedAt = src.Name, text, s.now()
			files = append(files, f)
		}
		for _, n := range more {
			notes = append(notes, SourceNote{Source: src.Name, Text: n})
		}
	}
	if faults != nil {
		return nil, nil, hindcast.Errorf(hindcast.Invalid, "queries: %s", strings.Join(faults, "; "))
	}
	return files, notes, nil
}

// line says which query is meant, when there are several.
func line(i, of int) string {
	if of == 1 {
		return ""
	}
	return fmt.Sprintf("line %d: ", i+1)
}

// words is what a system says of a query, without what we say around it.
func words(err error) string {
	var fault *outhttp.Error
	var said *hindcast.Error
	if !errors.As(err, &fault) && errors.As(err, &said) {
		return said.Message
	}
	return err.Error()
}
