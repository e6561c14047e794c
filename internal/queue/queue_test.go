package queue_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// bench is a queue with a clock that the test moves.
type bench struct {
	*testing.T
	*queue.Queue
	db  *sqldb.DB
	mu  sync.Mutex
	now time.Time
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// onBoth runs a story on SQLite and on PostgreSQL.
func onBoth(t *testing.T, story func(b *bench)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			url := filepath.Join(t.TempDir(), "queue.db")
			if engine == "postgres" {
				url = postgres.URL(t)
			}
			b := &bench{T: t, db: storetest.Open(t, url).DB(), now: time.Date(2026, 3, 15, 14, 0, 0, 0, time.UTC)}
			b.Queue = queue.New(queue.Config{DB: b.db, Now: b.clock})
			story(b)
		})
	}
}

func (b *bench) add(j queue.Job) bool {
	b.Helper()
	added := false
	b.write(func(tx *sqldb.Tx) (err error) { added, err = b.Add(b.Context(), tx, j); return err })
	return added
}

func (b *bench) write(f func(*sqldb.Tx) error) {
	b.Helper()
	if err := b.db.Write(b.Context(), f); err != nil {
		b.Fatal(err)
	}
}

// worker returns a worker that does jobs of the kind "work" with run.
func (b *bench) worker(run func(context.Context, *queue.Job) error) *queue.Worker {
	return &queue.Worker{Queue: b.Queue, Handlers: map[string]queue.Handler{"work": {Run: run}}, Backoff: func(n int) time.Duration { return time.Duration(n) * time.Minute }}
}

func (b *bench) step(w *queue.Worker, want int) {
	b.Helper()
	if n, err := w.Step(b.Context()); n != want || err != nil {
		b.Fatalf("Step = %d, %v, want %d", n, err, want)
	}
}

func (b *bench) job(key string) queue.Job {
	b.Helper()
	j, err := b.Get(b.Context(), "work", key)
	if err != nil {
		b.Fatal(err)
	}
	return j
}

func TestAJobIsAddedOnceAndOnlyWithItsTransaction(t *testing.T) {
	onBoth(t, func(b *bench) {
		undone := errors.New("undone")
		err := b.db.Write(b.Context(), func(tx *sqldb.Tx) error {
			if added, err := b.Add(b.Context(), tx, queue.Job{Kind: "work", Key: "a"}); !added || err != nil {
				b.Errorf("Add = %v, %v", added, err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			b.Fatal(err)
		}
		if list, err := b.List(b.Context(), queue.Filter{}); len(list) != 0 || err != nil {
			b.Fatalf("List after a rollback = %v, %v", list, err)
		}
		payload := json.RawMessage(`{"n":1}`)
		if !b.add(queue.Job{Kind: "work", Key: "a", Payload: payload}) || b.add(queue.Job{Kind: "work", Key: "a"}) {
			b.Error("the second job with one key was added, or the first was not")
		}
		var seen []string
		w := b.worker(func(_ context.Context, j *queue.Job) error {
			seen = append(seen, j.Key+" "+string(j.Payload))
			return nil
		})
		b.step(w, 1)
		b.step(w, 0)
		if diff := cmp.Diff([]string{`a {"n":1}`}, seen); diff != "" {
			b.Errorf("jobs done (-want +got):\n%s", diff)
		}
		if b.add(queue.Job{Kind: "work", Key: "a"}) {
			b.Error("a job that was done is added again")
		}
		b.pass(time.Hour)
		if err := b.Clean(b.Context(), b.clock()); err != nil {
			b.Fatal(err)
		}
		if !b.add(queue.Job{Kind: "work", Key: "a"}) {
			b.Error("the key of a forgotten job is not free")
		}
	})
}

func TestAFailureIsTriedAgainLater(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.add(queue.Job{Kind: "work", Key: "a", MaxAttempts: 3})
		var result error
		w := b.worker(func(context.Context, *queue.Job) error { return result })
		for _, step := range []struct {
			result error
			state  queue.State
			wait   time.Duration
		}{
			{errors.New("busy"), queue.Queued, time.Minute},
			{queue.After(errors.New("come back"), time.Hour), queue.Queued, time.Hour},
			{errors.New("still busy"), queue.Failed, 0},
		} {
			result = step.result
			b.step(w, 1)
			j := b.job("a")
			if j.State != step.state || j.Error != step.result.Error() {
				b.Fatalf("after %v: %s, %q, want %s", step.result, j.State, j.Error, step.state)
			}
			if step.wait > 0 {
				b.pass(step.wait - time.Second)
				b.step(w, 0)
				b.pass(time.Second)
			}
		}
		b.step(w, 0)
		result = queue.Permanent(errors.New("never"))
		b.write(func(tx *sqldb.Tx) error { return b.Retry(b.Context(), tx, "work", "a") })
		b.step(w, 1)
		if j := b.job("a"); j.State != queue.Failed || j.Attempt != 1 {
			b.Errorf("after a permanent error: %s in attempt %d", j.State, j.Attempt)
		}
	})
}

func TestAPostponedJobWasNotTried(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.add(queue.Job{Kind: "work", Key: "a", MaxAttempts: 1})
		begun := 0
		w := b.worker(func(context.Context, *queue.Job) error {
			if begun++; begun < 4 {
				return queue.Postpone(b.clock().Add(time.Hour))
			}
			return nil
		})
		told := 0
		h := w.Handlers["work"]
		h.Ended = func(context.Context, *sqldb.Tx, queue.Job) error { told++; return nil }
		w.Handlers["work"] = h
		for range 3 {
			b.step(w, 1)
			if j := b.job("a"); j.State != queue.Queued || j.Attempt != 0 || j.Error != "" || !j.RunAt.Equal(b.clock().Add(time.Hour)) || told != 0 {
				t.Errorf("a postponed job is %+v, and %d ends were told", j, told)
			}
			b.step(w, 0)
			b.pass(time.Hour)
		}
		b.step(w, 1)
		if j := b.job("a"); j.State != queue.Done || j.Attempt != 1 || told != 1 {
			t.Errorf("then it is %+v, and %d ends were told", j, told)
		}
	})
}

func TestAPanicIsAFailure(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.add(queue.Job{Kind: "work", Key: "a"})
		b.step(b.worker(func(context.Context, *queue.Job) error { panic("oh") }), 1)
		if j := b.job("a"); j.State != queue.Queued || !strings.Contains(j.Error, "panicked: oh") {
			b.Errorf("after a panic: %s %q", j.State, j.Error)
		}
	})
}

// TestAJobOfAHolderThatDiedIsTakenOver also holds that the one who lost it cannot
// end it any more.
func TestAJobOfAHolderThatDiedIsTakenOver(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.add(queue.Job{Kind: "work", Key: "a"})
		var ended []int
		record := func(_ context.Context, _ *sqldb.Tx, j queue.Job) error { ended = append(ended, j.Attempt); return nil }
		second := b.worker(nil)
		second.Handlers["work"] = queue.Handler{Run: func(context.Context, *queue.Job) error { return nil }, Ended: record}
		first := b.worker(nil)
		first.Handlers["work"] = queue.Handler{Ended: record, Run: func(context.Context, *queue.Job) error {
			b.step(second, 0)
			b.pass(2 * time.Minute) // longer than the lease, which a program that hangs does not renew
			b.step(second, 1)
			return errors.New("too late")
		}}
		b.step(first, 1)
		if j := b.job("a"); j.State != queue.Done || j.Attempt != 2 {
			b.Errorf("the job is %s in attempt %d (%s)", j.State, j.Attempt, j.Error)
		}
		if diff := cmp.Diff([]int{2}, ended); diff != "" {
			b.Errorf("attempts that ended (-want +got):\n%s", diff)
		}
	})
}

func TestCancelInterruptsAHandler(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.add(queue.Job{Kind: "work", Key: "a"})
		w := b.worker(func(ctx context.Context, _ *queue.Job) error {
			b.write(func(tx *sqldb.Tx) error { return b.Cancel(b.Context(), tx, "work", "a") })
			<-ctx.Done()
			return ctx.Err()
		})
		w.Lease = 30 * time.Millisecond // renewed three times as often
		b.step(w, 1)
		if j := b.job("a"); j.State != queue.Canceled {
			b.Errorf("the job is %s", j.State)
		}
		err := b.db.Write(b.Context(), func(tx *sqldb.Tx) error { return b.Cancel(b.Context(), tx, "work", "a") })
		if hindcast.CodeOf(err) != hindcast.Conflict {
			b.Errorf("canceling twice = %v, want a conflict", err)
		}
		err = b.db.Write(b.Context(), func(tx *sqldb.Tx) error { return b.Retry(b.Context(), tx, "work", "b") })
		if hindcast.CodeOf(err) != hindcast.NotFound {
			b.Errorf("retrying what is not there = %v", err)
		}
	})
}

func TestPeriodicWorkIsDoneOnceByAllPrograms(t *testing.T) {
	onBoth(t, func(b *bench) {
		done := 0
		worker := func() *queue.Worker {
			w := b.worker(nil)
			w.Handlers["work"] = queue.Handler{Every: time.Hour, Run: func(context.Context, *queue.Job) error { done++; return nil }}
			return w
		}
		one, two := worker(), worker()
		for range 3 {
			b.step(one, 1)
			b.step(two, 0)
			b.step(one, 0)
			b.pass(time.Hour)
			one, two = two, one
		}
		if done != 3 {
			b.Errorf("done %d times in three hours", done)
		}
	})
}

func TestSeveralWorkersShareTheWork(t *testing.T) {
	onBoth(t, func(b *bench) {
		const jobs = 200
		b.write(func(tx *sqldb.Tx) error {
			for i := range jobs {
				if _, err := b.Add(b.Context(), tx, queue.Job{Kind: "work", Key: fmt.Sprint(i)}); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		seen := map[string]int{}
		ctx, stop := context.WithCancel(b.Context())
		run := func(_ context.Context, j *queue.Job) error {
			mu.Lock()
			defer mu.Unlock()
			if seen[j.Key]++; len(seen) == jobs {
				stop()
			}
			return nil
		}
		var workers sync.WaitGroup
		for range 3 {
			w := b.worker(run)
			workers.Go(func() {
				if err := w.Run(ctx); err != nil {
					b.Error(err)
				}
			})
		}
		workers.Wait()
		for key, n := range seen {
			if n != 1 {
				b.Errorf("job %s was done %d times", key, n)
			}
		}
		counts, err := b.Counts(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if diff := cmp.Diff([]queue.Count{{Kind: "work", State: queue.Done, Jobs: jobs}}, counts); diff != "" {
			b.Errorf("counts (-want +got):\n%s", diff)
		}
	})
}

func TestStoppingLetsAHandlerFinish(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.add(queue.Job{Kind: "work", Key: "quick"})
		b.add(queue.Job{Kind: "work", Key: "slow"})
		ctx, stop := context.WithCancel(b.Context())
		var begun sync.WaitGroup
		begun.Add(2)
		w := b.worker(func(inner context.Context, j *queue.Job) error {
			begun.Done()
			<-ctx.Done()
			if j.Key == "quick" {
				return inner.Err()
			}
			<-inner.Done() // until its time is over
			return inner.Err()
		})
		w.Grace = 50 * time.Millisecond
		go func() { begun.Wait(); stop() }()
		if err := w.Run(ctx); err != nil {
			b.Fatal(err)
		}
		if quick, slow := b.job("quick"), b.job("slow"); quick.State != queue.Done || slow.State != queue.Queued || slow.RunAt.After(b.clock()) {
			b.Errorf("quick is %s, slow is %s at %s", quick.State, slow.State, slow.RunAt)
		}
	})
}

func TestListAndLag(t *testing.T) {
	onBoth(t, func(b *bench) {
		for _, key := range []string{"a", "b", "c"} {
			b.add(queue.Job{Kind: "work", Key: key})
		}
		b.pass(90 * time.Second)
		if lag, err := b.Lag(b.Context()); lag != 90*time.Second || err != nil {
			b.Errorf("Lag = %v, %v", lag, err)
		}
		list, err := b.List(b.Context(), queue.Filter{State: queue.Queued, Limit: 2})
		if err != nil || len(list) != 2 || list[0].Key != "c" {
			b.Fatalf("List = %+v, %v", list, err)
		}
		if list, err = b.List(b.Context(), queue.Filter{Before: list[1].ID}); err != nil || len(list) != 1 || list[0].Key != "a" {
			b.Errorf("the next page = %+v, %v", list, err)
		}
	})
}

func TestBackoffGrowsAndIsNeverTheSame(t *testing.T) {
	for attempt, longest := range map[int]time.Duration{1: 10 * time.Second, 2: 30 * time.Second, 5: 810 * time.Second, 11: 12 * time.Hour, 1000: 12 * time.Hour} {
		seen := map[time.Duration]bool{}
		for range 20 {
			d := queue.Backoff(attempt)
			if d > longest || d < longest/2 {
				t.Errorf("Backoff(%d) = %s, want between half and the whole of %s", attempt, d, longest)
			}
			seen[d] = true
		}
		if len(seen) < 2 {
			t.Errorf("Backoff(%d) is always the same", attempt)
		}
	}
}

// TestLookingForWorkReadsOnlyWhatIsDue asks SQLite how it looks for work: many
// jobs may wait for a later time, and it looks every second.
func TestLookingForWorkReadsOnlyWhatIsDue(t *testing.T) {
	onBoth(t, func(b *bench) {
		b.step(b.worker(nil), 0)
		texts := b.db.Prepared()
		for _, text := range texts {
			plan, err := sqldb.All(b.Context(), b.db, func(scan func(...any) error) (detail string, err error) {
				var id, parent, unused int
				err = scan(&id, &parent, &unused, &detail)
				return detail, err
			}, `explain query plan `+text, 0)
			if err != nil || !strings.Contains(strings.Join(plan, "\n"), "USING INDEX job_due") {
				b.Errorf("%s: %v, %v", text, plan, err)
			}
		}
		if b.db.Engine == sqldb.SQLite && len(texts) != 1 {
			b.Errorf("statements %q; the test does not see what is read", texts)
		}
	})
}
