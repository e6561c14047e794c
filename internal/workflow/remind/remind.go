// Package remind tells those who lead a post-mortem that its draft or its
// publication is due, when the policy says so, in working days.
//
// Each reminder is kept in the transaction that tells of it, so that nobody is told
// twice, however many servers look and whenever one of them stops.
package remind

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. DB and Post must be set.
type Config struct {
	DB     *sqldb.DB       // with the table reminder
	Policy hindcast.Policy // its calendar and reminders
	// Post tells people, in a transaction; incident is the id of the post-mortem.
	Post func(ctx context.Context, tx *sqldb.Tx, incident string, n workflow.Note) error
	// Announce queues what others are told of, in a transaction; nil when nobody is.
	Announce func(context.Context, *sqldb.Tx, workflow.Event) error
	Now      func() time.Time // time.Now when nil
}

// Service reminds. It may be used by several goroutines at once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{c}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Handlers returns the handler that looks at the clocks, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{"remind": {Every: every, Run: func(ctx context.Context, _ *queue.Job) error {
		_, err := s.Remind(ctx)
		return err
	}}}
}

const (
	every = 15 * time.Minute
	hour  = 9                  // of the day in the organization's zone
	lasts = 7 * 24 * time.Hour // a reminder that nobody could send for so long is left out
)

// clock is what is due of a post-mortem: its draft, or its publication.
type clock struct {
	what string // "draft" or "publication"
	due  time.Time
}

// running is a post-mortem whose clock runs.
type running struct {
	num                  int64
	id, status           string
	severity             int
	private              bool
	draftDue, publishDue int64
}

// clock returns what is due next of it.
func (r running) clock() clock {
	if hindcast.Status(r.status) == hindcast.StatusDraft {
		return clock{"draft", sqldb.Time(r.draftDue)}
	}
	return clock{"publication", sqldb.Time(r.publishDue)}
}

// Remind reminds of what is due now and returns of how many post-mortems. It may
// run at any time, on several servers at once and again after it was interrupted:
// each reminder is kept in the transaction that tells of it.
func (s *Service) Remind(ctx context.Context) (int, error) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (r running, err error) {
		err = scan(&r.num, &r.id, &r.status, &r.severity, &r.private, &r.draftDue, &r.publishDue)
		return r, err
	}, `select num, id, status, severity, private, draft_due, publish_due from incident
		where deleted_at = 0 and required and published_at = 0 and publish_due > 0 order by num`)
	if err != nil {
		return 0, s.DB.Fault(fmt.Errorf("read what is due: %w", err))
	}
	done := 0
	for _, r := range list {
		c := r.clock()
		reminder, ok := s.fires(c)
		if !ok {
			continue
		}
		told := false
		err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
			var err error
			told, err = s.remind(ctx, tx, r, c, reminder)
			return err
		})
		if err != nil {
			return done, fmt.Errorf("remind of #%d: %w", r.num, err)
		}
		if told {
			done++
		}
	}
	return done, nil
}

// fires returns the last reminder of a day whose time has come.
func (s *Service) fires(c clock) (out hindcast.Reminder, ok bool) {
	calendar, now := s.Policy.Calendar, s.now()
	due := calendar.Day(c.due)
	for _, r := range s.Policy.Reminders {
		at := calendar.At(calendar.Add(due, r.Days), hour)
		if !at.After(now) && now.Sub(at) < lasts && (!ok || r.Days > out.Days) {
			out, ok = r, true
		}
	}
	return out, ok
}

// remind keeps one reminder with what it tells, when it was not kept before.
func (s *Service) remind(ctx context.Context, tx *sqldb.Tx, r running, c clock, reminder hindcast.Reminder) (bool, error) {
	calendar := s.Policy.Calendar
	key := fmt.Sprintf("%s/%s/%d", c.what, calendar.Day(c.due), reminder.Days)
	res, err := tx.Exec(ctx, `insert into reminder (incident, key, at)
		select num, $2, $3 from incident where num = $1 and status = $4 and deleted_at = 0 on conflict do nothing`, r.num, key, sqldb.Micros(s.now()), r.status)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	people, err := sqldb.All(ctx, tx, func(scan func(...any) error) (id string, err error) {
		err = scan(&id)
		return id, err
	}, `select person from participant where incident = $1 and (role = 'lead' or $2) order by person`, r.num, reminder.Escalate)
	if err != nil {
		return false, err
	}
	n := workflow.Note{Kind: workflow.NoteDue, To: people, Subject: fmt.Sprintf("The %s of #%d: %s", c.what, r.num, calendar.Until(c.due, s.now())),
		Path: fmt.Sprintf("/p/%d", r.num), Key: fmt.Sprintf("due/%d/%s", r.num, key)}
	if err := s.Post(ctx, tx, r.id, n); err != nil {
		return false, err
	}
	if s.Announce == nil || reminder.Days < 0 {
		return true, nil
	}
	return true, s.Announce(ctx, tx, workflow.Event{Kind: workflow.PostmortemDue, At: s.now(), IncidentID: r.id, Num: r.num, Severity: r.severity,
		Status: hindcast.Status(r.status), To: hindcast.Status(r.status), Private: r.private})
}
