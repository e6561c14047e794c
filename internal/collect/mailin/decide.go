package mailin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/evidence/mail"
	"github.com/hindcast/hindcast/internal/evidence/message"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// attempts are made to keep a message; then it waits for a person.
const attempts = 5

// decide does the job of one message. It may be done again when it was broken off:
// evidence of the same bytes is kept once, and what was said is not said twice.
func (s *Service) decide(ctx context.Context, j *queue.Job) error {
	var id string
	if err := json.Unmarshal(j.Payload, &id); err != nil {
		return queue.Permanent(err)
	}
	m, err := find(ctx, s.DB, id)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && m.State != Fresh {
		return nil // its post-mortem was erased, or it is decided
	}
	if err != nil {
		return s.DB.Fault(err)
	}
	raw, err := s.open(ctx, m)
	if err != nil {
		return err
	}
	h, body, _, err := message.ReadBody(bytes.NewReader(raw))
	if err != nil {
		return queue.Permanent(err)
	}
	person, err := s.sender(ctx, m)
	if err != nil {
		return err
	}
	switch {
	case mail.Answers(h):
		return s.settle(ctx, m, Dismissed, "nobody wrote it: it says that somebody is away, or that a letter came back", 0)
	case m.Route == ToIncident:
		return s.toIncident(ctx, m, raw, person)
	case m.Route == Reply:
		return s.toThread(ctx, m, message.Said(body.Text), person)
	}
	return s.settle(ctx, m, Waiting, "it came to the general address", 0)
}

// ended lets a message wait for a person when it could not be kept.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	var id string
	if j.Err == nil || j.State != queue.Failed || json.Unmarshal(j.Payload, &id) != nil {
		return nil
	}
	_, err := tx.Exec(ctx, `update mail_in set state = 'waiting', said = $2 where id = $1 and state = 'new'`, id, cut(j.Err.Error(), 500))
	return err
}

// settle keeps what became of a message. What is evidence by now is not kept twice.
func (s *Service) settle(ctx context.Context, m Mail, to State, why string, became int64) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `update mail_in set state = $2, said = $3, became = $4, done_at = $5, sha256 = case when $2 in ('kept', 'said') then '' else sha256 end where id = $1 and state = 'new'`,
			m.ID, string(to), why, became, sqldb.Micros(s.now()))
		return err
	}))
}

// sender returns the person with the address of the sender; nil when there is none.
func (s *Service) sender(ctx context.Context, m Mail) (*auth.Person, error) {
	ids, err := auth.IDs(ctx, s.DB, []string{m.Sender})
	if err != nil {
		return nil, s.DB.Fault(err)
	}
	id := ids[m.Sender]
	if id == "" {
		return nil, nil
	}
	p, err := s.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// doubt says why a message does not count by itself; empty when it does.
func (s *Service) doubt(m Mail, person *auth.Person) string {
	switch {
	case person == nil && !s.welcome(m.Sender):
		return "nobody here has the address of the sender, and its domain is not one that is trusted"
	case s.Settings.Trusted != "" && !m.Proved:
		return "nothing proves who sent it"
	}
	return ""
}

// toIncident makes evidence of a message to the address of a post-mortem.
func (s *Service) toIncident(ctx context.Context, m Mail, raw []byte, person *auth.Person) error {
	if why := s.doubt(m, person); why != "" {
		return s.settle(ctx, m, Waiting, why, 0)
	}
	v, own, err := s.writer(ctx, m.Num, person)
	if err != nil {
		return err
	}
	if !v.Known() {
		return s.settle(ctx, m, Waiting, "nobody who takes part may write it now", 0)
	}
	d, err := s.Workflow.Get(ctx, v, fmt.Sprint(m.Num))
	if err == nil {
		err = d.May(access.Write)
	}
	if err == nil {
		_, _, err = s.Workflow.AddEvidence(ctx, v, d.ID, []workflow.File{s.file(m, raw)})
	}
	if err == nil {
		_, err = s.Workflow.Rebuild(ctx, v, d.ID, nil)
	}
	if code := hindcast.CodeOf(err); code != "" && code != hindcast.Unavailable && code != hindcast.Internal {
		return s.settle(ctx, m, Waiting, err.Error(), 0)
	}
	if err != nil {
		return err
	}
	detail := map[string]string{"mail": m.ID, "sender": "a stranger of a trusted domain"}
	if person != nil {
		detail["sender"] = person.ID
	}
	if !own {
		detail["on_behalf_of"] = v.PersonID
	}
	if err := s.audit(ctx, v, "mail.keep", d.ID, detail); err != nil {
		return err
	}
	return s.settle(ctx, m, Kept, "", m.Num)
}

// writer returns on whose behalf a message is kept: its sender, when they may write
// the post-mortem; else who asked for the address, or somebody else who takes part.
// own says that it is the sender. The zero Viewer is nobody.
func (s *Service) writer(ctx context.Context, num int64, person *auth.Person) (v hindcast.Viewer, own bool, err error) {
	ids, err := sqldb.All(ctx, s.DB, text, `select person from mail_address where incident = $1`, num)
	if err != nil {
		return v, false, s.DB.Fault(err)
	}
	others, err := sqldb.All(ctx, s.DB, text, `select person from participant where incident = $1 and role in ('lead', 'participant') order by role, added_at, person`, num)
	if err != nil {
		return v, false, s.DB.Fault(err)
	}
	if person != nil {
		ids = append([]string{person.ID}, ids...)
	}
	for _, id := range append(ids, others...) {
		p, err := s.Person(ctx, id)
		if code := hindcast.CodeOf(err); code == hindcast.NotFound || code == hindcast.Invalid {
			continue // their account is gone or switched off
		}
		if err != nil {
			return v, false, err
		}
		d, err := s.Workflow.Get(ctx, p.Viewer(), fmt.Sprint(num))
		if err != nil || d.Part() == "" || d.Part() == access.Reviewer {
			continue
		}
		return p.Viewer(), person != nil && id == person.ID, nil
	}
	return v, false, nil
}

func text(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

func (s *Service) audit(ctx context.Context, v hindcast.Viewer, act, incident string, detail any) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		return store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: act, IncidentID: incident, Detail: detail})
	}))
}

var (
	unfit = regexp.MustCompile(`[^\pL\pN]+`)
	// secretPart is the part of our addresses that nobody may learn from evidence.
	secretPart = regexp.MustCompile(`(?i)(\+(?:\d{1,19}|r)-)[a-z2-7]{16}@`)
	decided    = regexp.MustCompile(`(?i)^decision\b`)
)

// file is a message as evidence: after two fields of ours, as it came, but without
// the secret part of the address.
func (s *Service) file(m Mail, raw []byte) workflow.File {
	mark := "entry"
	switch {
	case m.Automatic:
		mark = "none" // alerts speak for themselves
	case decided.MatchString(subject(m.Subject)):
		mark = "decision"
	}
	head := fmt.Sprintf("%s: %s\r\n%s: %s\r\n", mail.ReceivedField, m.ReceivedAt.Format(time.RFC3339), mail.MarkField, mark)
	body := append([]byte(head), secretPart.ReplaceAll(raw, []byte("${1}...@"))...)
	at := m.WrittenAt
	if at.IsZero() {
		at = m.ReceivedAt
	}
	about := strings.Trim(unfit.ReplaceAllString(strings.ToLower(subject(m.Subject)), "-"), "-")
	name := strings.Trim(fmt.Sprintf("mail/%s-%s", at.Format("2006-01-02.150405"), cutName(about)), "-") + ".eml"
	return workflow.File{Name: name, Size: int64(len(body)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }}
}

func cutName(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 40)])
}

// toThread says what somebody answered to a letter, in the thread that it told of.
func (s *Service) toThread(ctx context.Context, m Mail, said string, person *auth.Person) error {
	switch {
	case person == nil:
		return s.settle(ctx, m, Waiting, "nobody here has the address of the sender", 0)
	case person.ID != m.reader:
		return s.settle(ctx, m, Waiting, "the sender is not who got the letter", 0)
	case !m.Proved:
		return s.settle(ctx, m, Waiting, "nothing proves who sent it", 0)
	case m.Automatic:
		return s.settle(ctx, m, Waiting, "a program wrote it", 0)
	case strings.TrimSpace(said) == "":
		return s.settle(ctx, m, Waiting, "it says nothing of its own", 0)
	}
	v := person.Viewer()
	there, err := s.there(ctx, v, m, said)
	if err == nil && !there {
		err = s.Review.Reply(ctx, v, fmt.Sprint(m.Num), m.thread, said, nil)
	}
	if code := hindcast.CodeOf(err); code != "" && code != hindcast.Unavailable && code != hindcast.Internal {
		return s.settle(ctx, m, Waiting, err.Error(), 0)
	}
	if err != nil {
		return err
	}
	return s.settle(ctx, m, Said, "", m.Num)
}

// there reports whether an answer is in its thread by now, because the job was broken
// off after that.
func (s *Service) there(ctx context.Context, v hindcast.Viewer, m Mail, said string) (bool, error) {
	threads, err := s.Review.Threads(ctx, v, fmt.Sprint(m.Num))
	if err != nil {
		return false, err
	}
	for _, t := range threads {
		if t.ID != m.thread {
			continue
		}
		for _, c := range t.Comments {
			if c.PersonID == v.PersonID && strings.TrimSpace(c.Text) == strings.TrimSpace(said) && !c.At.Before(m.ReceivedAt) {
				return true, nil
			}
		}
	}
	return false, nil
}
