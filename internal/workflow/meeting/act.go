package meeting

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Drives reports whether a person may drive a meeting: who facilitates it, and a
// lead.
func Drives(d *workflow.Document, m *Meeting, person string) bool {
	return person != "" && (m.Facilitator == person || d.Part() == access.Lead)
}

// drive changes a meeting on behalf of who drives it.
func (s *Service) drive(ctx context.Context, v hindcast.Viewer, ref, id string, f func(*workflow.Held, *Meeting) error) (*Meeting, error) {
	return s.change(ctx, v, ref, id, access.Comment, func(h *workflow.Held, m *Meeting) error {
		if !Drives(h.Document, m, v.PersonID) {
			return hindcast.Errorf(hindcast.Denied, "only the facilitator and those who lead the post-mortem drive its meeting")
		}
		return f(h, m)
	})
}

// Turn does an act on the clock. block is the block that was seen, so that what is
// pressed twice counts once; -1 for any.
func (s *Service) Turn(ctx context.Context, v hindcast.Viewer, ref, id, do string, block, minutes int) (*Meeting, error) {
	return s.drive(ctx, v, ref, id, func(h *workflow.Held, m *Meeting) error {
		if block >= 0 && block != m.Block {
			return hindcast.Errorf(hindcast.Conflict, "the meeting is at another block by now; look again")
		}
		was := m.State
		if err := m.turn(do, minutes, s.now()); err != nil {
			return err
		}
		if was == Planned {
			return h.Audit(ctx, "meeting.start", map[string]string{"meeting": m.ID})
		}
		return nil
	})
}

// Show puts a part of the post-mortem on the screen; an empty path shows the block.
func (s *Service) Show(ctx context.Context, v hindcast.Viewer, ref, id, path string) (*Meeting, error) {
	return s.drive(ctx, v, ref, id, func(h *workflow.Held, m *Meeting) error {
		if path != "" {
			if value, err := part.Get(&h.Post, path); err != nil || value == nil {
				return hindcast.Errorf(hindcast.NotFound, "what was to be shown is not there any more")
			}
		}
		m.Shown = path
		return nil
	})
}

// Came says who of those invited came, by their places in the list.
func (s *Service) Came(ctx context.Context, v hindcast.Viewer, ref, id string, came map[int]bool) (*Meeting, error) {
	return s.drive(ctx, v, ref, id, func(_ *workflow.Held, m *Meeting) error {
		if m.State.Over() {
			return hindcast.Errorf(hindcast.Conflict, "the meeting is %s", m.State)
		}
		for i := range m.Attendees {
			m.Attendees[i].Came = came[i]
		}
		return nil
	})
}

// noteLimit is the most characters of what is noted at once.
const noteLimit = 10_000

// said returns a text that somebody wrote.
func said(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case text == "":
		return "", hindcast.Errorf(hindcast.Invalid, "it is empty; write a few words")
	case len(text) > noteLimit:
		return "", hindcast.Errorf(hindcast.Invalid, "it is longer than %d bytes; cut it", noteLimit)
	}
	return text, nil
}

// say keeps something that anybody who takes part may say while the meeting goes.
func (s *Service) say(ctx context.Context, v hindcast.Viewer, ref, id, text string, f func(*workflow.Held, *Meeting, string) error) (*Meeting, error) {
	text, err := said(text)
	if err != nil {
		return nil, err
	}
	return s.change(ctx, v, ref, id, access.Comment, func(h *workflow.Held, m *Meeting) error {
		if m.State.Over() {
			return hindcast.Errorf(hindcast.Conflict, "the meeting is %s", m.State)
		}
		if len(m.Notes)+len(m.Parked)+len(m.Questions) >= 2000 {
			return hindcast.Errorf(hindcast.Invalid, "a meeting keeps at most 2,000 notes, parked remedies and questions")
		}
		return f(h, m, text)
	})
}

// Note adds a line to the minutes of the present block.
func (s *Service) Note(ctx context.Context, v hindcast.Viewer, ref, id, text string) (*Meeting, error) {
	return s.say(ctx, v, ref, id, text, func(_ *workflow.Held, m *Meeting, text string) error {
		m.Notes = append(m.Notes, Note{Block: m.Block, At: s.now(), Text: text})
		return nil
	})
}

// Park keeps a remedy that comes too early.
func (s *Service) Park(ctx context.Context, v hindcast.Viewer, ref, id, text string) (*Meeting, error) {
	return s.say(ctx, v, ref, id, text, func(_ *workflow.Held, m *Meeting, text string) error {
		m.Parked = append(m.Parked, Parked{ID: newID(), At: s.now(), Text: oneLine(text)})
		return nil
	})
}

// Ask gives a question to a person who takes part, who is told.
func (s *Service) Ask(ctx context.Context, v hindcast.Viewer, ref, id, text, to string) (*Meeting, error) {
	return s.say(ctx, v, ref, id, text, func(h *workflow.Held, m *Meeting, text string) error {
		if !takesPart(h.Document, to) {
			return hindcast.Errorf(hindcast.Invalid, "choose somebody who takes part in the post-mortem")
		}
		q := Question{ID: newID(), At: s.now(), Text: text, To: to}
		m.Questions = append(m.Questions, q)
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteMeeting, To: []string{to}, Subject: fmt.Sprintf("A question of the meeting about #%d is yours: %s", h.Num, oneLine(text)), Path: Path(h.Num) + "#question-" + q.ID})
	})
}

// TakeUp makes an action item of what was parked, or lets it go when owner is empty
// and let is set.
func (s *Service) TakeUp(ctx context.Context, v hindcast.Viewer, ref, id, parked string, a Writing, let bool) (*Meeting, error) {
	return s.drive(ctx, v, ref, id, func(h *workflow.Held, m *Meeting) error {
		for i := range m.Parked {
			p := &m.Parked[i]
			if p.ID != parked {
				continue
			}
			if p.Action != "" {
				return hindcast.Errorf(hindcast.Conflict, "it is an action item already")
			}
			if p.Let = let; let {
				return nil
			}
			a.Kind = NewAction
			if strings.TrimSpace(a.Text) == "" {
				a.Text = p.Text
			}
			path, err := s.add(ctx, h, m, a)
			p.Action = strings.TrimPrefix(path, "actions/")
			return err
		}
		return hindcast.Errorf(hindcast.NotFound, "it is not in the parking lot any more")
	})
}

// The kinds of what a meeting writes into the document.
const (
	NewEntry    = "entry"
	NewDecision = "decision"
	NewFactor   = "factor"
	NewAction   = "action"
	NewWell     = "well"
	NewPoorly   = "poorly"
)

// Writing is something that the meeting writes into the document.
type Writing struct {
	Kind  string
	Text  string
	Clock string   // of an entry or a decision: "14:38", on the day of the incident, UTC; or with the day
	Actor string   // of an entry or a decision: a role
	Lines []string // the options of a decision
	To    string   // id of the factor to which a factor led; the incident when empty
	Owner string   // of an action
	Due   string   // of an action: a day
}

// Add writes something into the document.
func (s *Service) Add(ctx context.Context, v hindcast.Viewer, ref, id string, n Writing) (*Meeting, error) {
	return s.drive(ctx, v, ref, id, func(h *workflow.Held, m *Meeting) error {
		if m.State.Over() {
			return hindcast.Errorf(hindcast.Conflict, "the meeting is %s; write into the document itself", m.State)
		}
		path, err := s.add(ctx, h, m, n)
		if err == nil {
			m.Shown = path
		}
		return err
	})
}

func (s *Service) add(ctx context.Context, h *workflow.Held, m *Meeting, n Writing) (string, error) {
	n.Text = oneLine(n.Text)
	if n.Text == "" {
		return "", hindcast.Errorf(hindcast.Invalid, "it is empty; write a sentence")
	}
	changes, err := n.changes(&h.Post, s.now())
	if err != nil {
		return "", err
	}
	if _, err := h.Edit(ctx, changes, "written in the meeting"); err != nil {
		return "", err
	}
	m.Added = append(m.Added, Added{Block: m.Block, At: s.now(), Path: changes[0].Path, Text: n.Text})
	return changes[0].Path, nil
}

// changes returns what is to be changed in the document; the first is what is new.
func (n Writing) changes(p *hindcast.Postmortem, now time.Time) ([]part.Change, error) {
	id := newID()
	one := func(path string, value any) ([]part.Change, error) {
		return []part.Change{{Path: path, Value: workflow.JSON(value)}}, nil
	}
	switch n.Kind {
	case NewEntry, NewDecision:
		at, err := n.at(p)
		if err != nil {
			return nil, err
		}
		e := hindcast.Entry{ID: id, At: at, KnownAt: at, Kind: hindcast.Observed, Actor: hindcast.Actor{Name: oneLine(n.Actor), Kind: hindcast.Person}, Title: n.Text, Key: true, Score: 1, Why: "told in the meeting"}
		if n.Kind == NewDecision {
			e.Kind, e.Decision = hindcast.Decided, &hindcast.Decision{Question: n.Text, Options: n.Lines}
		}
		return one("timeline/"+id, e)
	case NewFactor:
		x := hindcast.Factor{ID: graph.NewID(*p, n.Text), Description: n.Text, Identified: "in the meeting"}
		if n.To != "" {
			x.LedTo = []hindcast.Edge{{To: n.To}}
		}
		return graph.Add(*p, x)
	case NewAction:
		a := hindcast.ActionItem{ID: id, Description: n.Text, Owner: oneLine(n.Owner), Status: hindcast.ActionOpen, Opened: hindcast.DateOf(now)}
		if n.Due != "" {
			due, err := hindcast.ParseDate(n.Due)
			if err != nil {
				return nil, hindcast.Errorf(hindcast.Invalid, "%.40q is no day; write it as 2024-03-22", n.Due)
			}
			a.Due = due
		}
		return one("actions/"+id, a)
	case NewWell, NewPoorly:
		kind := map[string]hindcast.ObservationKind{NewWell: hindcast.WentWell, NewPoorly: hindcast.WentPoorly}[n.Kind]
		return one("observations/"+id, hindcast.Observation{ID: id, Kind: kind, Text: n.Text})
	}
	return nil, hindcast.Errorf(hindcast.Invalid, "a meeting writes no %.20q", n.Kind)
}

// at reads when an entry was: a time of the day on which the incident began, or a
// day and a time, UTC.
func (n Writing) at(p *hindcast.Postmortem) (time.Time, error) {
	text := strings.TrimSpace(strings.TrimSuffix(strings.Replace(n.Clock, "T", " ", 1), "Z"))
	day := p.Incident.StartedAt
	if day.IsZero() && len(p.Timeline) > 0 {
		day = p.Timeline[0].At
	}
	if !day.IsZero() && text != "" && !strings.Contains(text, "-") {
		text = day.UTC().Format("2006-01-02 ") + text
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, hindcast.Errorf(hindcast.Invalid, "say when it was, in UTC: 14:38, or 2024-03-15 14:38 for another day")
}
