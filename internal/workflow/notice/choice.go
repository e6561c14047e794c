package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Way is how people are told something. What comes by mail is in the inbox too.
type Way string

// The ways.
const (
	Mail   Way = "mail"   // at once, but for quiet hours
	Digest Way = "digest" // with others, when the person chose
	Inbox  Way = "inbox"
	Off    Way = "off" // not at all
)

// Ways returns the ways in the order in which people choose from them.
func Ways() []Way { return []Way{Mail, Digest, Inbox, Off} }

// Choices are what reaches a person how.
type Choices struct {
	Ways   map[workflow.NoteKind]Way `json:"ways,omitempty"` // what is missing comes as it does for everybody
	Zone   string                    `json:"zone,omitempty"` // of the hours; that of the organization when empty
	Weekly bool                      `json:"weekly"`         // the digest comes once a week, not every day
	Day    time.Weekday              `json:"day"`            // of the weekly digest, and of the actions in a daily one
	Hour   int                       `json:"hour"`           // of the digest
	// Actions are told once a week with the digest: those of the person that are
	// overdue, due, or stand still.
	Actions bool  `json:"actions"`
	Quiet   Quiet `json:"quiet"`
}

// Quiet are the hours in which no mail comes; what is held back comes after them.
type Quiet struct {
	From    int                 `json:"from"` // an hour of the day
	To      int                 `json:"to"`   // the same as From for none
	DaysOff bool                `json:"days_off"`
	Except  []workflow.NoteKind `json:"except,omitempty"` // which come at once nevertheless
}

// Default returns the choices of who has chosen nothing.
func Default() Choices { return Choices{Day: time.Monday, Hour: 8, Actions: true} }

// Way returns how a person is told something: as they chose; else what is asked of
// them, and what they cannot know otherwise, comes by mail, what others say in the
// digest, and the rest stays in the inbox.
func (c Choices) Way(k workflow.NoteKind) Way {
	if w, ok := c.Ways[k]; ok {
		return w
	}
	switch k {
	case workflow.NoteReview, workflow.NoteMention, workflow.NoteDue, workflow.NoteMeeting, workflow.NoteShared:
		return Mail
	case workflow.NoteReply, workflow.NoteQuestion, workflow.NoteDecided:
		return Digest
	}
	return Inbox
}

// In returns the choices with a zone: that of an organization when the person
// chose none.
func (c Choices) In(org hindcast.Calendar) Choices {
	if c.Zone == "" {
		c.Zone = org.Zone
	}
	return c
}

func (c Choices) zone() *time.Location {
	if l, err := time.LoadLocation(c.Zone); err == nil {
		return l
	}
	return time.UTC
}

// Awake returns the first moment from t on at which mail may come. Days off are
// those on which the organization does not work, from midnight to midnight where
// the person is.
func (c Choices) Awake(t time.Time, org hindcast.Calendar) time.Time {
	l := t.In(c.zone())
	for range 2 * hindcast.MostDaysOff {
		y, m, d := l.Date()
		switch h := l.Hour(); {
		case c.Quiet.DaysOff && !org.Works(hindcast.Date{Year: y, Month: m, Day: d}):
			l = time.Date(y, m, d+1, 0, 0, 0, 0, l.Location())
		case c.Quiet.From < c.Quiet.To && h >= c.Quiet.From && h < c.Quiet.To, c.Quiet.From > c.Quiet.To && h < c.Quiet.To:
			l = later(l, time.Date(y, m, d, c.Quiet.To, 0, 0, 0, l.Location()))
		case c.Quiet.From > c.Quiet.To && h >= c.Quiet.From:
			l = time.Date(y, m, d+1, 0, 0, 0, 0, l.Location())
		default:
			return l.UTC()
		}
	}
	return t
}

// later returns end, or an hour after t where the clocks make end no later.
func later(t, end time.Time) time.Time {
	if end.After(t) {
		return end
	}
	return t.Add(time.Hour)
}

// Slot returns when the last digest up to t was due, and whether it is the one of
// the week.
func (c Choices) Slot(t time.Time) (at time.Time, week bool) {
	l := t.In(c.zone())
	for day := 0; ; day++ {
		at = time.Date(l.Year(), l.Month(), l.Day()-day, c.Hour, 0, 0, 0, l.Location())
		if week = at.Weekday() == c.Day; !at.After(t) && (week || !c.Weekly) {
			return at.UTC(), week
		}
	}
}

// check returns all that is wrong with choices.
func (c Choices) check() error {
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" || len(c.Zone) > 60 {
		return hindcast.Errorf(hindcast.Invalid, "zone: there is no time zone %q; write one such as Europe/Berlin", c.Zone)
	}
	for name, h := range map[string]int{"hour": c.Hour, "quiet/from": c.Quiet.From, "quiet/to": c.Quiet.To} {
		if h < 0 || h > 23 {
			return hindcast.Errorf(hindcast.Invalid, "%s: %d is no hour of the day; choose 0 to 23", name, h)
		}
	}
	if c.Day < time.Sunday || c.Day > time.Saturday {
		return hindcast.Errorf(hindcast.Invalid, "day: %d is no day of the week; choose 0, Sunday, to 6, Saturday", c.Day)
	}
	for k, w := range c.Ways {
		if !slices.Contains(workflow.NoteKinds(), k) || !slices.Contains(Ways(), w) {
			return hindcast.Errorf(hindcast.Invalid, "ways: %q cannot come as %q; choose one of %v for one of %v", k, w, Ways(), workflow.NoteKinds())
		}
	}
	for _, k := range c.Quiet.Except {
		if !slices.Contains(workflow.NoteKinds(), k) {
			return hindcast.Errorf(hindcast.Invalid, "quiet/except: nobody is told %q; choose some of %v", k, workflow.NoteKinds())
		}
	}
	return nil
}

// ChoicesOf returns what reaches a person how.
func (s *Service) ChoicesOf(ctx context.Context, q sqldb.Querier, person string) (Choices, error) {
	c := Default()
	body, found, err := sqldb.Value[string](ctx, q, `select body from note_choice where person = $1`, person)
	if err == nil && found {
		err = json.Unmarshal([]byte(body), &c)
	}
	if err != nil {
		return c, fmt.Errorf("read what reaches person %s: %w", person, err)
	}
	return c.In(s.Calendar), nil
}

// Choices returns what reaches the viewer how.
func (s *Service) Choices(ctx context.Context, v hindcast.Viewer) (Choices, error) {
	if !v.Known() {
		return Choices{}, hindcast.Errorf(hindcast.Denied, "sign in to choose what reaches you")
	}
	c, err := s.ChoicesOf(ctx, s.DB, v.PersonID)
	return c, s.DB.Fault(err)
}

// SetChoices keeps what reaches the viewer how, from now on: also for mail that
// waits.
func (s *Service) SetChoices(ctx context.Context, v hindcast.Viewer, c Choices) error {
	if err := c.check(); err != nil {
		return err
	}
	return s.mark(ctx, v, func(tx *sqldb.Tx) error { return s.Choose(ctx, tx, v.PersonID, c) })
}

// Choose keeps what reaches a person how.
func (s *Service) Choose(ctx context.Context, tx *sqldb.Tx, person string, c Choices) error {
	slices.Sort(c.Quiet.Except)
	c.Quiet.Except = slices.Compact(c.Quiet.Except)
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into note_choice (person, body, updated_at) values ($1, $2, $3) on conflict (person) do update set body = $2, updated_at = $3`, person, string(body), sqldb.Micros(s.now()))
	if err != nil {
		return fmt.Errorf("keep what reaches person %s: %w", person, err)
	}
	return nil
}
