package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
)

// Office is how mail leaves, as admins see it.
type Office struct {
	Open bool   `json:"open"`
	Why  string `json:"why,omitempty"` // no mail leaves
	Addr string `json:"addr,omitempty"`
	From string `json:"from,omitempty"`
	TLS  string `json:"tls,omitempty"`
	User string `json:"user,omitempty"` // empty to send without signing in
	// Waiting is how many letters wait: for others to join them, for the end of quiet
	// hours, or for the next attempt.
	Waiting int     `json:"waiting"`
	Faults  []Fault `json:"faults"` // the last first, at most MostFaults
}

// MostFaults is how many letters that did not arrive are shown.
const MostFaults = 50

// Fault is a letter that did not arrive, or not yet.
type Fault struct {
	ID     string    `json:"id"`
	Person string    `json:"person_id"`
	State  State     `json:"state"` // writing while it is tried again, unsure or failed
	At     time.Time `json:"at"`
	Said   string    `json:"said"` // by the mail server, or what happened
}

// Over reports whether it is not tried again by itself.
func (f Fault) Over() bool { return f.State == Failed || f.State == Unsure }

func admin(v hindcast.Viewer) error {
	if !v.MayAdminister() {
		return hindcast.Errorf(hindcast.Denied, "only an admin may see how mail leaves this library")
	}
	return nil
}

// Office returns how mail leaves. It is for admins, and says nothing of what
// letters are about.
func (s *Service) Office(ctx context.Context, v hindcast.Viewer) (Office, error) {
	if err := admin(v); err != nil {
		return Office{}, err
	}
	o := Office{Open: s.Open(), Why: s.Closed, Addr: s.Server.Addr, From: s.Server.From, TLS: s.Server.TLS, User: s.Server.User}
	if s.Server.Addr == "" {
		o.Why = "no mail server is configured; set smtp.addr and smtp.from, see docs/operate.md"
	}
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from letter where said <> '' and state in ('writing', 'unsure', 'failed') order by at desc, id limit $1`, MostFaults)
	if err == nil {
		o.Waiting, _, err = sqldb.Value[int](ctx, s.DB, `select count(*) from letter where state in ('waiting', 'writing')`)
	}
	if err != nil {
		return o, s.DB.Fault(fmt.Errorf("read what became of mail: %w", err))
	}
	o.Faults = []Fault{}
	for _, r := range list {
		o.Faults = append(o.Faults, Fault{r.id, r.person, r.state, r.at, r.said})
	}
	return o, nil
}

// Counts returns how many letters there are in each state.
func (s *Service) Counts(ctx context.Context) (map[State]int64, error) {
	out, err := sqldb.Counts[State](ctx, s.DB, `select state, count(*) from letter group by state`)
	return out, s.DB.Fault(err)
}

// Trial is what came of a test.
type Trial struct {
	OK     bool   `json:"ok"`
	To     string `json:"to"`
	Answer string `json:"answer"`
}

// Test sends a letter to the admin who asks for it, now and once.
func (s *Service) Test(ctx context.Context, v hindcast.Viewer) (Trial, error) {
	if err := admin(v); err != nil {
		return Trial{}, err
	}
	if s.Closed != "" {
		return Trial{}, hindcast.Errorf(hindcast.Denied, "%s", s.Closed)
	}
	if s.Server.Addr == "" {
		return Trial{}, hindcast.Errorf(hindcast.Conflict, "no mail server is configured; set smtp.addr and smtp.from, see docs/operate.md")
	}
	p, err := s.Person(ctx, v.PersonID)
	if err != nil {
		return Trial{}, err
	}
	view := view{Subject: "Test letter from Hindcast", Lede: "You tested whether mail arrives. It does. Nothing has happened.", Address: s.Address()}
	l, err := view.letter(email.Letter{ID: store.NewID(s.now()), Date: s.now(), To: p.Email})
	if err != nil {
		return Trial{}, err
	}
	out := Trial{OK: true, To: p.Email, Answer: "the mail server took it"}
	if err := s.Send(ctx, *l, func() error { return nil }); err != nil {
		out.OK, out.Answer = false, short(err.Error())
	}
	return out, s.keepAct(ctx, v, "mail.test", map[string]any{"ok": out.OK})
}

func (s *Service) keepAct(ctx context.Context, v hindcast.Viewer, act string, detail any) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.audit(ctx, tx, v, act, detail) }))
}

// audit keeps what an admin did.
func (s *Service) audit(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, act string, detail any) error {
	return store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: act, Detail: detail})
}

// Retry sends a letter again that was given up, or of which nobody knows whether it
// arrived.
func (s *Service) Retry(ctx context.Context, v hindcast.Viewer, id string) error {
	if err := admin(v); err != nil {
		return err
	}
	if !s.Open() {
		return hindcast.Errorf(hindcast.Conflict, "no mail leaves now")
	}
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		r, found, err := s.row(ctx, tx, id)
		if err != nil {
			return err
		}
		if !found {
			return hindcast.Errorf(hindcast.NotFound, "there is no such letter; it may be older than %d days", int(keep.Hours()/24))
		}
		if err := s.move(ctx, tx, id, Writing, r.said, Failed, Unsure); err != nil {
			return hindcast.Errorf(hindcast.Conflict, "the letter is %s, and not to be sent again", r.state)
		}
		if err := s.queue(ctx, tx, id, s.now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, v, "mail.retry", map[string]string{"letter": id, "person": r.person})
	})
	if err == nil {
		s.Queue.Wake()
	}
	return s.DB.Fault(err)
}
