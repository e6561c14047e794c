package deliver

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// skippedError says why a delivery was not attempted. It is no fault of the
// receiver.
type skippedError struct{ error }

// errGone says that the delivery itself is not there, or not to be sent, any more.
var errGone = errors.New("the delivery is not wanted any more")

// send does the job of one delivery.
func (s *Service) send(ctx context.Context, j *queue.Job) error {
	d, end, err := s.wanted(ctx, j.Key)
	if err != nil {
		return err
	}
	a, err := s.announcer(end)
	if err != nil {
		return classify(err)
	}
	var msg connector.Message
	if err := json.Unmarshal([]byte(d.body), &msg); err != nil {
		return queue.Permanent(skippedError{fmt.Errorf("read the message: %w", err)})
	}
	msg.ID = d.ID
	j.Note, err = a.Announce(ctx, msg)
	return classify(err)
}

// classify says whether and when a failure is tried again.
func classify(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	var fault *outhttp.Error
	if errors.As(err, &fault) && fault.Wait > 0 {
		return queue.After(err, fault.Wait)
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid, hindcast.NotFound:
		return queue.Permanent(err)
	}
	return err // also when a credential is not accepted, which an admin puts right
}

// wanted returns a delivery and its endpoint, if it is still to be sent: meanwhile
// an incident may have become private, or an endpoint been switched off.
func (s *Service) wanted(ctx context.Context, id string) (d Delivery, end Endpoint, err error) {
	skip := func(format string, args ...any) error {
		return queue.Permanent(skippedError{fmt.Errorf(format, args...)})
	}
	d, err = s.delivery(ctx, s.DB, id)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && d.State != Queued {
		return d, end, skip("%w", errGone)
	}
	if err != nil {
		return d, end, err
	}
	end, err = s.endpoint(ctx, s.DB, d.EndpointID)
	switch {
	case hindcast.CodeOf(err) == hindcast.NotFound:
		return d, end, skip("the endpoint was removed")
	case err != nil:
		return d, end, err
	case !end.Disabled.IsZero():
		return d, end, skip("the endpoint is switched off: %s", end.Why)
	case !end.Silenced.IsZero():
		return d, end, skip("the endpoint is told nothing for now: %s", end.SilencedWhy)
	}
	var private bool
	var deleted int64
	err = s.DB.QueryRow(ctx, `select private, deleted_at from incident where id = $1`, d.IncidentID).Scan(&private, &deleted)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && deleted > 0:
		return d, end, skip("the post-mortem was removed")
	case err == nil && private && !end.Private:
		return d, end, skip("the post-mortem is private now")
	}
	return d, end, err
}

// saidMark stands before what a receiver answered, which may repeat what it was
// told.
const saidMark = " (it says: "

// said returns an error with what the receiver answered, if it did.
func said(err error) string {
	text := err.Error()
	var fault *outhttp.Error
	if errors.As(err, &fault) && fault.Said != "" {
		text += saidMark + fault.Said + ")"
	}
	return strings.ToValidUTF8(text, "?")
}

// tolerated is how many attempts in a row may fail before a failure that is final
// ends that an endpoint is told.
const tolerated = 10

// ended keeps what came of an attempt, in the transaction that ends it.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	if errors.Is(j.Err, errGone) {
		return nil
	}
	state, answer, next, ended := Queued, j.Note, sqldb.Micros(j.RunAt), int64(0)
	switch {
	case j.Err == nil:
		state, next, ended = Sent, 0, sqldb.Micros(s.Now())
	case j.State == queue.Failed:
		state, next, ended = Failed, 0, sqldb.Micros(s.Now())
	}
	if j.Err != nil {
		answer = said(j.Err)
	}
	d, err := s.delivery(ctx, tx, j.Key)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update delivery set state = $2, attempts = attempts + 1, answer = $3, next_at = $4, ended_at = $5 where id = $1`, j.Key, string(state), answer, next, ended); err != nil {
		return err
	}
	return s.judge(ctx, tx, d.EndpointID, j)
}

// judge counts the failures of an endpoint, and tells it nothing more when it says
// that it wants no more or fails again and again. What is good for more, such as for
// reading, goes on with that.
func (s *Service) judge(ctx context.Context, tx *sqldb.Tx, id string, j queue.Job) error {
	var skipped skippedError
	if errors.As(j.Err, &skipped) || errors.Is(j.Err, context.Canceled) {
		return nil
	}
	if j.Err == nil {
		_, err := tx.Exec(ctx, `update endpoint set failures = 0 where id = $1 and failures > 0`, id)
		return err
	}
	if _, err := tx.Exec(ctx, `update endpoint set failures = failures + 1 where id = $1`, id); err != nil {
		return err
	}
	var fault *outhttp.Error
	gone := errors.As(j.Err, &fault) && fault.Status == http.StatusGone
	least := tolerated
	why := fmt.Sprintf("%d attempts in a row failed, the last one: %s", tolerated, j.Error)
	switch {
	case gone:
		least, why = 0, "it answered that it wants no more messages (410 Gone)"
	case j.State != queue.Failed:
		return nil
	}
	silence := `update endpoint set disabled_at = $2, disabled_why = $3 where id = $1 and disabled_at = 0 and failures >= $4`
	if more, err := s.goodForMore(ctx, tx, id); err != nil {
		return err
	} else if more {
		silence = `update endpoint set silenced_at = $2, silenced_why = $3 where id = $1 and silenced_at = 0 and failures >= $4`
	}
	_, err := tx.Exec(ctx, silence, id, sqldb.Micros(s.Now()), why, least)
	return err
}

// goodForMore reports whether an endpoint does other things than pass messages on.
func (s *Service) goodForMore(ctx context.Context, tx *sqldb.Tx, id string) (bool, error) {
	e, err := s.endpoint(ctx, tx, id)
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return false, nil // it was removed meanwhile
	}
	if err != nil {
		return false, err
	}
	vendor, err := s.vendor(e.Kind)
	return slices.ContainsFunc(vendor.Roles, func(r connector.Role) bool { return r != connector.Announces }), err
}
