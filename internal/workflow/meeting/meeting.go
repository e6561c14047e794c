// Package meeting holds the rules of the meeting about a post-mortem: its plan and
// invitation, its clock, what is on the screen, what is noted, parked and asked, and
// what must be settled before it is closed.
//
// A [Meeting] is read and written whole, with a version. Its clock holds moments and
// no ticks: what it says follows from them and the time of now, on every server
// alike. Only those who take part in a post-mortem learn of its meetings.
package meeting

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. Workflow and DB must be set.
type Config struct {
	Workflow *workflow.Service
	DB       *sqldb.DB
	Now      func() time.Time // time.Now when nil
}

// Service holds the meetings. It may be used by several goroutines at once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{c}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Plan is what is known of a meeting before it begins.
type Plan struct {
	StartsAt    time.Time  `json:"starts_at"` // UTC
	Zone        string     `json:"zone"`      // in which it is told: "Europe/Berlin"
	Kind        Kind       `json:"kind"`
	Agenda      []Block    `json:"agenda"`
	Place       string     `json:"place,omitempty"` // a room or the address of a call
	Facilitator string     `json:"facilitator"`     // id of a person who takes part
	Attendees   []Attendee `json:"attendees"`
}

// Attendee is somebody who is invited.
type Attendee struct {
	Person string `json:"person,omitempty"` // id; empty for others, who are known by their role
	Role   string `json:"role"`
	Came   bool   `json:"came,omitempty"`
}

// Meeting is a meeting about a post-mortem.
type Meeting struct {
	ID       string    `json:"id"`
	Num      int64     `json:"number"`   // of the post-mortem
	Version  int64     `json:"version"`  // counts the times it was written
	Sequence int       `json:"sequence"` // of its invitation
	Stamp    time.Time `json:"stamp"`    // when the invitation was made
	Plan
	Clock
	Shown     string     `json:"shown,omitempty"` // path of the part on the screen: "timeline/e1"
	Notes     []Note     `json:"notes,omitempty"`
	Parked    []Parked   `json:"parked,omitempty"`
	Questions []Question `json:"questions,omitempty"`
	Added     []Added    `json:"added,omitempty"`
	Closing   Closing    `json:"closing,omitzero"`
	Minutes   string     `json:"minutes,omitempty"` // name of the evidence
}

// Note is a line of the minutes.
type Note struct {
	Block int       `json:"block"`
	At    time.Time `json:"at"`
	Text  string    `json:"text"`
}

// Parked is a remedy that came too early.
type Parked struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
	Action string    `json:"action,omitempty"` // id of the action item that it became
	Let    bool      `json:"let,omitempty"`    // it was let go
}

// Question is something that somebody finds out after the meeting.
type Question struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	To   string    `json:"to"` // id of a person
}

// Added is a part of the document that was written in the meeting.
type Added struct {
	Block int       `json:"block"`
	At    time.Time `json:"at"`
	Path  string    `json:"path"`
	Text  string    `json:"text"`
}

// Closing is what is settled before a meeting closes.
type Closing struct {
	Owner      string        `json:"owner"`
	Publish    hindcast.Date `json:"publish"`
	FollowUp   hindcast.Date `json:"follow_up,omitzero"`
	NoFollowUp string        `json:"no_follow_up,omitempty"` // why none is needed
}

// Ends returns when the meeting is planned to end.
func (m *Meeting) Ends() time.Time { return m.StartsAt.Add(Length(m.Agenda)) }

// Location returns the zone in which the meeting is told.
func (p *Plan) Location() *time.Location {
	if loc, err := time.LoadLocation(p.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// Invited returns the people with an account who are invited.
func (p *Plan) Invited() []string {
	var out []string
	for _, a := range p.Attendees {
		if a.Person != "" {
			out = append(out, a.Person)
		}
	}
	return out
}

// missing is the error for a meeting that is not there, or not for the viewer.
func missing() error {
	return hindcast.Errorf(hindcast.NotFound, "there is no such meeting, or it is not for you: only those who take part in a post-mortem see its meetings")
}

// document returns the post-mortem when v takes part in it.
func (s *Service) document(ctx context.Context, v hindcast.Viewer, ref string) (*workflow.Document, error) {
	d, err := s.Workflow.Get(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	if d.Part() == "" {
		return nil, missing()
	}
	return d, nil
}

// List returns the meetings of a post-mortem, the last planned first, with the
// post-mortem. They are NotFound for who takes no part.
func (s *Service) List(ctx context.Context, v hindcast.Viewer, ref string) (*workflow.Document, []*Meeting, error) {
	d, err := s.document(ctx, v, ref)
	if err != nil {
		return nil, nil, err
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (*Meeting, error) {
		var body string
		var version int64
		if err := scan(&body, &version); err != nil {
			return nil, err
		}
		return decode(body, version)
	}, `select m.body, m.version from meeting m where m.incident = $1 order by m.starts_at desc, m.id desc`, d.Num)
	if err != nil {
		return nil, nil, s.DB.Fault(fmt.Errorf("read the meetings of #%d: %w", d.Num, err))
	}
	return d, list, nil
}

// Get returns a meeting with its post-mortem.
func (s *Service) Get(ctx context.Context, v hindcast.Viewer, ref, id string) (*workflow.Document, *Meeting, error) {
	d, err := s.document(ctx, v, ref)
	if err != nil {
		return nil, nil, err
	}
	m, err := read(ctx, s.DB, d.Num, id)
	if err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
		return nil, nil, s.DB.Fault(err)
	}
	return d, m, err
}

// Version returns the versions of a meeting and of its post-mortem in one number
// that grows with either. It is cheap: followers ask for it several times a second.
func (s *Service) Version(ctx context.Context, v hindcast.Viewer, num int64, id string) (int64, error) {
	n, found, err := sqldb.Value[int64](ctx, s.DB, `select m.version + i.version from meeting m join incident i on i.num = m.incident
		join participant p on p.incident = m.incident and p.person = $3 where m.incident = $1 and m.id = $2 and i.deleted_at = 0`, num, id, v.PersonID)
	if err != nil {
		return 0, s.DB.Fault(fmt.Errorf("read the version of a meeting of #%d: %w", num, err))
	}
	if !found || !v.MayRead() {
		return 0, missing()
	}
	return n, nil
}

func decode(body string, version int64) (*Meeting, error) {
	m := &Meeting{}
	if err := json.Unmarshal([]byte(body), m); err != nil {
		return nil, fmt.Errorf("read a meeting: %w", err)
	}
	m.Version = version
	return m, nil
}

// querier is a database or a transaction.
type querier interface {
	QueryRow(ctx context.Context, text string, args ...any) *sql.Row
}

func read(ctx context.Context, q querier, num int64, id string) (*Meeting, error) {
	var body string
	var version int64
	err := q.QueryRow(ctx, `select m.body, m.version from meeting m where m.incident = $1 and m.id = $2`, num, id).Scan(&body, &version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, missing()
	case err != nil:
		return nil, fmt.Errorf("read a meeting of #%d: %w", num, err)
	}
	return decode(body, version)
}

// write keeps a meeting that was read in the same transaction.
func (m *Meeting) write(ctx context.Context, tx *sqldb.Tx) error {
	was := m.Version
	m.Version++
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write a meeting: %w", err)
	}
	res, err := tx.Exec(ctx, `update meeting set body = $3, version = $4, starts_at = $5 where incident = $1 and id = $2 and version = $6`,
		m.Num, m.ID, string(body), m.Version, sqldb.Micros(m.StartsAt), was)
	if err != nil {
		return fmt.Errorf("write a meeting of #%d: %w", m.Num, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return hindcast.Errorf(hindcast.Conflict, "somebody else changed the meeting in this moment; do it again")
	}
	return nil
}

// change reads a meeting, changes it by f and keeps it, in one transaction.
func (s *Service) change(ctx context.Context, v hindcast.Viewer, ref, id string, act access.Act, f func(*workflow.Held, *Meeting) error) (*Meeting, error) {
	d, err := s.document(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	var out *Meeting
	err = s.Workflow.Hold(ctx, v, d.ID, act, func(h *workflow.Held) error {
		m, err := read(ctx, h.SQL(), h.Num, id)
		if err != nil {
			return err
		}
		if err := f(h, m); err != nil {
			return err
		}
		out = m
		return m.write(ctx, h.SQL())
	})
	return out, err
}

// newID returns the id of something that is noted.
func newID() string { return strings.ToLower(rand.Text()[:12]) }

// takesPart reports whether a person takes part in the post-mortem.
func takesPart(d *workflow.Document, person string) bool {
	return slices.ContainsFunc(d.People, func(p workflow.Participant) bool { return p.PersonID == person })
}
