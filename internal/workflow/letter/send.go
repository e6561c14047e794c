package letter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// attemptError is what came of an attempt of which we know the end.
type attemptError struct{ err error }

// Error says what went wrong.
func (e attemptError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e attemptError) Unwrap() error { return e.err }

// send sends one letter.
func (s *Service) send(ctx context.Context, j *queue.Job) error {
	if !s.Open() {
		return queue.Permanent(attemptError{errors.New("no mail leaves any more")})
	}
	select {
	case s.sending <- struct{}{}:
		defer func() { <-s.sending }()
	default:
		return queue.Postpone(s.now().Add(busy))
	}
	r, err := s.begin(ctx, idOf(j))
	if err == nil && r.due.After(s.now()) && (r.state == Waiting || r.state == Writing) {
		return queue.Postpone(r.due)
	}
	if err != nil || r.state != Writing {
		return err
	}
	l, err := s.write(ctx, r)
	if err != nil {
		return err
	}
	if l == nil {
		return s.set(ctx, r.id, Empty, "", Writing)
	}
	err = s.Send(ctx, *l, func() error { return s.set(ctx, r.id, Leaving, "", Writing) })
	switch {
	case err == nil:
		return nil
	case errors.Is(err, email.ErrUnsure), errors.Is(err, errMoved):
		return queue.Permanent(err)
	case errors.Is(err, email.ErrRefused):
		return queue.Permanent(attemptError{err})
	}
	return attemptError{err}
}

// busy is how long a letter waits when enough others are being sent.
const busy = 15 * time.Second

// begin takes a letter to write it, so that no more joins it; its state is Writing
// then. One that was leaving when a program ended may have arrived. One that its
// reader does not want now stays as it is, and is due later.
func (s *Service) begin(ctx context.Context, id string) (r row, err error) {
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		found, err := sqldb.All(ctx, tx, scan, `select `+columns+` from letter where id = $1`+tx.Dialect().ForUpdate, id)
		if err != nil || len(found) == 0 {
			return err
		}
		r = found[0]
		switch r.state {
		case Leaving:
			r.state, r.said = Unsure, "the server stopped while it was sent"
		case Waiting, Writing:
			if r.due, err = s.putOff(ctx, tx, r); err != nil || r.due.After(s.now()) {
				return err
			}
			r.state = Writing
		default:
			return nil
		}
		_, err = tx.Exec(ctx, `update letter set state = $2, at = $3, said = case when $4 = '' then said else $4 end where id = $1`, id, string(r.state), sqldb.Micros(s.now()), r.said)
		return err
	})
	if err != nil {
		return r, s.DB.Fault(fmt.Errorf("begin letter %s: %w", id, err))
	}
	return r, nil
}

// putOff returns when a letter may be sent: later than now when its reader chose
// hours that are quiet, since it was queued or because it had to be tried again.
func (s *Service) putOff(ctx context.Context, tx *sqldb.Tx, r row) (time.Time, error) {
	c, err := s.Notice.ChoicesOf(ctx, tx, r.person)
	if err != nil {
		return r.due, err
	}
	kinds, err := sqldb.All(ctx, tx, func(scan func(...any) error) (k workflow.NoteKind, err error) { err = scan(&k); return k, err },
		`select distinct n.kind from notice n join letter l on l.id = n.letter where l.id = $1 and l.kind = 'notice'`, r.id)
	if err != nil {
		return r.due, err
	}
	due := s.due(c, kinds, s.now())
	if !due.After(s.now()) {
		return r.due, nil
	}
	_, err = tx.Exec(ctx, `update letter set due_at = $2 where id = $1`, r.id, sqldb.Micros(due))
	return due, err
}

// errMoved is that a letter is not in the state any more that it had.
var errMoved = errors.New("somebody else sends the letter")

// set gives a letter another state. It fails when it has left one of the states
// from.
func (s *Service) set(ctx context.Context, id string, to State, said string, from ...State) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.move(ctx, tx, id, to, said, from...) })
}

func (s *Service) move(ctx context.Context, tx *sqldb.Tx, id string, to State, said string, from ...State) error {
	now, found, err := sqldb.Value[State](ctx, tx, `select state from letter where id = $1`+tx.Dialect().ForUpdate, id)
	if err == nil && (!found || !slices.Contains(from, now)) {
		err = errMoved
	}
	if err == nil {
		_, err = tx.Exec(ctx, `update letter set state = $2, at = $3, said = $4 where id = $1`, id, string(to), sqldb.Micros(s.now()), said)
	}
	if err != nil {
		return fmt.Errorf("keep that letter %s is %s: %w", id, to, err)
	}
	return nil
}

// ended keeps what came of an attempt, in the transaction that ends its job.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	r, found, err := s.row(ctx, tx, idOf(&j))
	if err != nil || !found || errors.Is(j.Err, errMoved) {
		return err
	}
	var attempt attemptError
	known := errors.As(j.Err, &attempt)
	var to State
	switch {
	case r.state == Leaving && j.Err == nil:
		return s.move(ctx, tx, r.id, Sent, "", Leaving)
	case r.state == Leaving && !known:
		to = Unsure
	case r.state == Unsure && j.Err == nil:
		to = Unsure
	case j.Err == nil || r.state != Writing && r.state != Leaving && r.state != Waiting:
		return nil
	case j.State == queue.Failed:
		to = Failed
	default:
		to = Writing // it is tried again
	}
	said := r.said
	if j.Err != nil {
		said = short(strings.TrimPrefix(j.Err.Error(), email.ErrRefused.Error()+": "))
	}
	if err := s.move(ctx, tx, r.id, to, said, r.state); err != nil {
		return err
	}
	if !s.Open() {
		return nil
	}
	return s.complain(ctx, tx, r, to, said, j.Err)
}

func (s *Service) row(ctx context.Context, q sqldb.Querier, id string) (r row, found bool, err error) {
	list, err := sqldb.All(ctx, q, scan, `select `+columns+` from letter where id = $1`, id)
	if err != nil || len(list) == 0 {
		return r, false, err
	}
	return list[0], true, nil
}

// maxSaid bounds what is kept of an answer.
const maxSaid = 500

// short makes one line of an answer.
func short(text string) string {
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "?")
	if r := []rune(text); len(r) > maxSaid {
		text = string(r[:maxSaid])
	}
	return text
}

// complain tells the admins that a letter did not or may not have arrived, or that
// the mail server lets us send none: once a day for each person, and for the
// server.
func (s *Service) complain(ctx context.Context, tx *sqldb.Tx, r row, to State, said string, err error) error {
	day := s.now().Format("2006-01-02")
	n := workflow.Note{Kind: workflow.NoteSystem, Path: "/settings/mail"}
	code := hindcast.CodeOf(err)
	switch {
	case to == Failed || to == Unsure:
		n.Subject, n.Key = "Mail to somebody did not arrive: "+said, "mail/"+r.person+"/"+day
		if to == Unsure {
			n.Subject = "Mail to somebody may not have arrived: " + said
		}
	case code == hindcast.Denied || code == hindcast.Invalid:
		n.Subject, n.Key = "No mail can be sent: "+said, "mail//"+day
	default:
		return nil
	}
	people, perr := s.People(ctx)
	if perr != nil {
		return perr
	}
	for _, p := range people {
		if p.Role == hindcast.RoleAdmin && !p.Disabled {
			n.To = append(n.To, p.PersonID)
		}
		if p.PersonID == r.person && p.Name != "" {
			n.Subject = strings.Replace(n.Subject, "somebody", p.Name, 1)
		}
	}
	return s.Notice.PostSystem(ctx, tx, n)
}

// wanted returns what of a letter's notices its reader still wants by mail.
func wanted(list []notice.Notice, c notice.Choices) []notice.Notice {
	return slices.DeleteFunc(list, func(n notice.Notice) bool {
		way := c.Way(n.Kind)
		return way != notice.Mail && way != notice.Digest
	})
}
