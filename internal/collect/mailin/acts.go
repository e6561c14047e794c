package mailin

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/evidence/message"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Filter chooses messages.
type Filter struct {
	Incident  string // of the address of this post-mortem alone
	Dismissed bool   // those that nobody needs, instead of those that wait
	After     string // the Next of the page before
	Limit     int
}

// visible is which messages a member sees: those to the general address, and those
// about post-mortems in which they take part. $1 is the person.
const visible = `(m.incident is null or exists (select 1 from participant p where p.incident = m.incident and p.person = $1))`

// List returns a page of the messages that wait for a person, the last one first,
// for members.
func (s *Service) List(ctx context.Context, v hindcast.Viewer, f Filter) (store.Page[Mail], error) {
	var page store.Page[Mail]
	if err := member(v); err != nil {
		return page, err
	}
	num := int64(0)
	if f.Incident != "" {
		d, err := s.Workflow.Get(ctx, v, f.Incident)
		if err != nil {
			return page, err
		}
		num = d.Num
	}
	if f.Limit <= 0 {
		f.Limit = store.DefaultLimit
	}
	f.Limit = min(f.Limit, store.MaxLimit)
	state, after := Waiting, f.After
	if f.Dismissed {
		state = Dismissed
	}
	if after == "" {
		after = "~" // after every id
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from mail_in m where m.state = $2 and m.id < $3 and ($4 = 0 or m.incident = $4) and `+visible+` order by m.id desc limit $5`,
		v.PersonID, string(state), after, num, f.Limit+1)
	if err != nil {
		return page, s.DB.Fault(fmt.Errorf("read the mail that waits: %w", err))
	}
	if page.Items = list; len(list) > f.Limit {
		page.Items, page.Next = list[:f.Limit], list[f.Limit-1].ID
	}
	return page, nil
}

// Waits returns how many messages wait that the viewer may see.
func (s *Service) Waits(ctx context.Context, v hindcast.Viewer) (int, error) {
	if !s.Open() || member(v) != nil {
		return 0, nil
	}
	n, _, err := sqldb.Value[int](ctx, s.DB, `select count(*) from mail_in m where m.state = 'waiting' and `+visible, v.PersonID)
	return n, s.DB.Fault(err)
}

func member(v hindcast.Viewer) error {
	if !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "only members see the mail that came in; an admin can make you one")
	}
	return nil
}

// Opened is a message with what it says.
type Opened struct {
	Mail
	Text  string   `json:"text"` // without secrets, quotations and signature
	Files []string `json:"files"`
}

// Read returns a message with what it says, for members.
func (s *Service) Read(ctx context.Context, v hindcast.Viewer, id string) (Opened, error) {
	m, err := s.seen(ctx, s.DB, v, id)
	if err != nil {
		return Opened{}, err
	}
	out := Opened{Mail: m, Files: []string{}}
	if m.sha == "" {
		return out, nil // it is evidence by now
	}
	raw, err := s.open(ctx, m)
	if err != nil {
		return Opened{}, err
	}
	_, body, _, err := message.ReadBody(bytes.NewReader(raw))
	if err != nil {
		return Opened{}, fmt.Errorf("read message %s: %w", id, err)
	}
	out.Text = cut(s.redactor.Text(message.Said(body.Text)), mostShown)
	out.Files = append(out.Files, body.Files...)
	return out, nil
}

// mostShown is how many letters of a message are shown.
const mostShown = 20_000

// seen returns a message that v may see.
func (s *Service) seen(ctx context.Context, q sqldb.Querier, v hindcast.Viewer, id string) (Mail, error) {
	if err := member(v); err != nil {
		return Mail{}, err
	}
	list, err := sqldb.All(ctx, q, scan, `select `+columns+` from mail_in m where m.id = $2 and `+visible, v.PersonID, id)
	if err != nil {
		return Mail{}, s.DB.Fault(fmt.Errorf("read message %s: %w", id, err))
	}
	if len(list) == 0 {
		return Mail{}, hindcast.Errorf(hindcast.NotFound, "there is no such message, or it is about a post-mortem in which you take no part")
	}
	return list[0], nil
}

// waiting returns a message that v may decide about, with its bytes.
func (s *Service) waiting(ctx context.Context, v hindcast.Viewer, id string) (Mail, []byte, error) {
	m, err := s.seen(ctx, s.DB, v, id)
	if err != nil {
		return m, nil, err
	}
	if m.State != Waiting && m.State != Dismissed {
		return m, nil, hindcast.Errorf(hindcast.Conflict, "the message does not wait any more; look at the list again")
	}
	raw, err := s.open(ctx, m)
	return m, raw, err
}

// Attach makes evidence of a message that waits: of a post-mortem that v may write.
// Its timeline is built again in the background. A message from the address of one
// post-mortem goes to no other.
func (s *Service) Attach(ctx context.Context, v hindcast.Viewer, id, incident string) (int64, error) {
	m, raw, err := s.waiting(ctx, v, id)
	if err != nil {
		return 0, err
	}
	d, err := s.Workflow.Get(ctx, v, strings.TrimSpace(incident))
	if err != nil {
		return 0, err
	}
	if m.Num > 0 && m.Num != d.Num {
		return 0, hindcast.Errorf(hindcast.Invalid, "incident: the message came for #%d, and belongs to it or to nobody", m.Num)
	}
	if err := d.May(access.Write); err != nil {
		return 0, err
	}
	if _, _, err := s.Workflow.AddEvidence(ctx, v, d.ID, []workflow.File{s.file(m, raw)}); err != nil {
		return 0, err
	}
	if err := s.done(ctx, v, m, Kept, d.Num, "mail.attach", d.ID); err != nil {
		return 0, err
	}
	_, err = s.Workflow.StartBuild(ctx, v, d.ID)
	return d.Num, err
}

// Draft begins a post-mortem from a message to the general address, led by v.
func (s *Service) Draft(ctx context.Context, v hindcast.Viewer, id string) (int64, error) {
	m, raw, err := s.waiting(ctx, v, id)
	if err != nil {
		return 0, err
	}
	if m.Num > 0 {
		return 0, hindcast.Errorf(hindcast.Invalid, "the message came for #%d, and belongs to it or to nobody", m.Num)
	}
	d, err := s.Workflow.Begin(ctx, v, workflow.NewIncident{Title: cut(s.redactor.Text(subject(m.Subject)), 200), Key: "mail/" + m.ID}, []workflow.File{s.file(m, raw)})
	if err != nil {
		return 0, err
	}
	if err := s.done(ctx, v, m, Kept, d.Num, "mail.draft", d.ID); err != nil {
		return 0, err
	}
	_, err = s.Workflow.StartBuild(ctx, v, d.ID)
	return d.Num, err
}

// Dismiss says that nobody needs a message. It can be brought back for 90 days.
func (s *Service) Dismiss(ctx context.Context, v hindcast.Viewer, id string) error {
	return s.turn(ctx, v, id, Waiting, Dismissed, "mail.dismiss")
}

// Restore lets a message wait again that was dismissed.
func (s *Service) Restore(ctx context.Context, v hindcast.Viewer, id string) error {
	return s.turn(ctx, v, id, Dismissed, Waiting, "mail.restore")
}

// turn moves a message between two states.
func (s *Service) turn(ctx context.Context, v hindcast.Viewer, id string, from, to State, act string) error {
	m, err := s.seen(ctx, s.DB, v, id)
	if err != nil {
		return err
	}
	if m.State == to {
		return nil // somebody did it already
	}
	if m.State != from {
		return hindcast.Errorf(hindcast.Conflict, "the message does not wait any more; look at the list again")
	}
	return s.done(ctx, v, m, to, 0, act, "")
}

// done keeps what a person decided.
func (s *Service) done(ctx context.Context, v hindcast.Viewer, m Mail, to State, became int64, act, incident string) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		res, err := tx.Exec(ctx, `update mail_in set state = $2, became = $3, done_by = $4, done_at = $5, sha256 = case when $2 = 'kept' then '' else sha256 end where id = $1 and state in ('waiting', 'dismissed')`,
			m.ID, string(to), became, v.PersonID, sqldb.Micros(s.now()))
		if err != nil {
			return fmt.Errorf("keep what became of message %s: %w", m.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err // somebody else was first, with the same
		}
		return store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: act, IncidentID: incident, Detail: map[string]string{"mail": m.ID}})
	}))
}
