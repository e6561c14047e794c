package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/hindcast/hindcast/internal/sqldb"
)

// Handler does the jobs of one kind.
type Handler struct {
	// Run does a job. An error queues it again until its attempts are used up;
	// see [Permanent] and [After]. Its context ends when the job is canceled or
	// when the program stops.
	Run func(ctx context.Context, j *Job) error
	// Ended, when not nil, writes what follows from an attempt in the transaction
	// that ends it: j has the state, the error and the time of the next attempt.
	Ended func(ctx context.Context, tx *sqldb.Tx, j Job) error
	// Every, when not 0, adds a job of this kind at each multiple of it (UTC), one
	// for all programs that share the database.
	Every time.Duration
}

// permanentError is not tried again.
type permanentError struct{ error }

// Unwrap returns the cause.
func (e permanentError) Unwrap() error { return e.error }

// Permanent marks an error that would only come again: the job is given up.
func Permanent(err error) error { return permanentError{err} }

// laterError is tried again not before some time.
type laterError struct {
	error
	wait time.Duration
}

// Unwrap returns the cause.
func (e laterError) Unwrap() error { return e.error }

// After marks an error after which the job should wait at least for a while.
func After(err error, wait time.Duration) error { return laterError{err, wait} }

// postponedError says that a job was not begun.
type postponedError struct{ at time.Time }

// Error says until when it waits.
func (e postponedError) Error() string { return "put off until " + e.at.UTC().Format(time.RFC3339) }

// Postpone is what a handler returns that did not begin: the job comes again at a
// time, which was no attempt. [Handler.Ended] is not told.
func Postpone(at time.Time) error { return postponedError{at} }

// Worker does jobs. Queue and Handlers must be set; the others have defaults.
type Worker struct {
	Queue    *Queue
	Handlers map[string]Handler
	Log      *slog.Logger
	AtOnce   int                             // 4 when 0
	Lease    time.Duration                   // how long a job stays with a program that died; 1 minute when 0
	Poll     time.Duration                   // how often the queue is looked at; 1 s when 0
	Grace    time.Duration                   // how long handlers may go on when the program stops; 10 s when 0
	Backoff  func(attempt int) time.Duration // before the next attempt; [Backoff] when nil
	slots    map[string]time.Time            // of the periodic jobs added last
	free     chan struct{}                   // holds one element for each handler that may run
	running  sync.WaitGroup
}

// Backoff returns how long to wait after an attempt that failed: ten seconds,
// three times as long after each further one, twelve hours at most, less up to a
// half by chance so that many jobs that failed together do not come together.
func Backoff(attempt int) time.Duration {
	wait := 10 * time.Second
	for range min(attempt, 20) - 1 {
		wait *= 3
		if wait >= 12*time.Hour {
			wait = 12 * time.Hour
			break
		}
	}
	return wait - rand.N(wait/2)
}

func (w *Worker) defaults() {
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
	if w.AtOnce == 0 {
		w.AtOnce = 4
	}
	if w.Lease == 0 {
		w.Lease = time.Minute
	}
	if w.Poll == 0 {
		w.Poll = time.Second
	}
	if w.Grace == 0 {
		w.Grace = 10 * time.Second
	}
	if w.Backoff == nil {
		w.Backoff = Backoff
	}
	if w.free == nil {
		w.free, w.slots = make(chan struct{}, w.AtOnce), map[string]time.Time{}
	}
}

// Run does what is due until ctx ends. Then it begins nothing new, lets handlers
// go on for [Worker.Grace], and returns when they have ended. What they did not
// finish is done later, by this program or another.
func (w *Worker) Run(ctx context.Context) error {
	w.defaults()
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	tick := time.NewTicker(w.Poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		n, err := w.begin(ctx, inner)
		if err != nil && ctx.Err() == nil {
			w.Log.Error("looking for work failed; it is tried again", "error", err)
		}
		if n > 0 && err == nil {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-w.Queue.wake:
		}
	}
	grace := time.AfterFunc(w.Grace, cancel)
	defer grace.Stop()
	w.running.Wait()
	return nil
}

// Step does what is due now and returns when it is done, with how many jobs that
// were. It is for tests and for commands that work off a queue once.
func (w *Worker) Step(ctx context.Context) (int, error) {
	w.defaults()
	n, err := w.begin(ctx, ctx)
	w.running.Wait()
	return n, err
}

// begin starts the handlers of jobs that are due, as many as may run.
func (w *Worker) begin(ctx, inner context.Context) (int, error) {
	if err := w.periodic(ctx); err != nil {
		return 0, err
	}
	select {
	case w.free <- struct{}{}: // one may run; ask for as many as there is room for
		<-w.free
	default:
		return 0, nil
	}
	if due, err := w.Queue.due(ctx); err != nil || !due {
		return 0, err
	}
	jobs, err := w.Queue.claim(ctx, w.AtOnce-len(w.free), w.Lease)
	for _, j := range jobs {
		w.free <- struct{}{}
		w.running.Go(func() {
			defer w.Queue.Wake()
			defer func() { <-w.free }()
			w.do(inner, &j)
		})
	}
	return len(jobs), err
}

// periodic adds the jobs of this moment. Its time is part of their key, so that
// of all programs one adds it.
func (w *Worker) periodic(ctx context.Context) error {
	for kind, h := range w.Handlers {
		if h.Every == 0 {
			continue
		}
		slot := w.Queue.now().UTC().Truncate(h.Every)
		if w.slots[kind].Equal(slot) {
			continue
		}
		err := w.Queue.db.Write(ctx, func(tx *sqldb.Tx) error {
			_, err := w.Queue.Add(ctx, tx, Job{Kind: kind, Key: slot.Format(time.RFC3339)})
			return err
		})
		if err != nil {
			return err
		}
		w.slots[kind] = slot
	}
	return nil
}

// do runs one job and keeps how it ended.
func (w *Worker) do(ctx context.Context, j *Job) {
	h, known := w.Handlers[j.Kind]
	err := fmt.Errorf("this version of the program does not know the work %q", j.Kind)
	if j.Attempt > j.MaxAttempts {
		err = Permanent(errors.New("the program ended during the last attempt"))
	} else if known {
		err = w.held(ctx, j, h.Run)
	}
	w.settle(j, err)
	ended := h.Ended
	postponed := errors.As(err, new(postponedError))
	if postponed {
		ended = nil
	}
	if err != nil && ctx.Err() != nil && j.State == Queued {
		j.RunAt = w.Queue.now() // the program stops; nothing says that it would fail again
	}
	// What was done is kept also when the program stops.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	switch fault := w.Queue.end(end, *j, ended); {
	case errors.Is(fault, errLost):
		w.Log.Warn("a job was taken over or canceled while it ran", "kind", j.Kind, "key", j.Key)
	case fault != nil:
		w.Log.Error("how a job ended could not be kept; it runs again", "kind", j.Kind, "key", j.Key, "error", fault)
	case err != nil && !postponed:
		w.Log.Warn("a job failed", "kind", j.Kind, "key", j.Key, "attempt", j.Attempt, "state", j.State, "error", err)
	}
}

// settle sets what follows from an attempt.
func (w *Worker) settle(j *Job, err error) {
	now := w.Queue.now()
	j.Err = err
	if err == nil {
		j.State, j.Error, j.EndedAt = Done, "", now
		return
	}
	var postponed postponedError
	if errors.As(err, &postponed) {
		j.State, j.RunAt = Queued, postponed.at
		j.Attempt--
		return
	}
	j.Error = err.Error()
	var permanent permanentError
	if errors.As(err, &permanent) || j.Attempt >= j.MaxAttempts {
		j.State, j.EndedAt = Failed, now
		return
	}
	wait := w.Backoff(j.Attempt)
	var later laterError
	if errors.As(err, &later) {
		wait = max(wait, later.wait)
	}
	j.State, j.RunAt = Queued, now.Add(wait)
}

// held runs a handler and renews the lease meanwhile. A handler that panics has
// failed.
func (w *Worker) held(ctx context.Context, j *Job, run func(context.Context, *Job) error) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	renewed, held := make(chan struct{}), *j
	go func() {
		defer close(renewed)
		w.keep(ctx, cancel, held)
	}()
	defer func() {
		cancel()
		<-renewed
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler of %s panicked: %v", j.Kind, p)
		}
	}()
	return run(ctx, j)
}

// keep renews the lease until ctx ends, and cancels when it is lost.
func (w *Worker) keep(ctx context.Context, cancel func(), j Job) {
	tick := time.NewTicker(w.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		held, err := w.Queue.renew(ctx, j, w.Lease)
		if err == nil && !held {
			cancel()
			return
		}
	}
}
