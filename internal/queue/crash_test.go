package queue_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/storetest"
)

// childDB names the database of the test binary run as another program, which
// adds and does jobs until it is killed.
const childDB = "HINDCAST_TEST_CHILD_DB"

func runChild() bool {
	url := os.Getenv(childDB)
	if url == "" {
		return false
	}
	if err := workUntilKilled(url); err != nil {
		fmt.Println("error", err)
	}
	return true
}

// workUntilKilled adds jobs, each with a row that says so, and prints a line for
// each that was done.
func workUntilKilled(url string) error {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, url)
	if err != nil {
		return err
	}
	q := queue.New(queue.Config{DB: db})
	done := func(context.Context, *queue.Job) error { fmt.Println("done"); return nil }
	w := &queue.Worker{Queue: q, Handlers: map[string]queue.Handler{"work": {Run: done, Ended: effect}}, Poll: time.Millisecond}
	go func() { _ = w.Run(ctx) }() // it ends with the program
	for {
		err := db.Write(ctx, func(tx *sqldb.Tx) error {
			n, _, err := sqldb.Value[int64](ctx, tx, `select coalesce(max(n), 0) + 1 from wanted`)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `insert into wanted (n) values ($1)`, n); err != nil {
				return err
			}
			_, err = q.Add(ctx, tx, queue.Job{Kind: "work", Key: fmt.Sprint(n)})
			return err
		})
		if err != nil {
			return err
		}
	}
}

func effect(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	_, err := tx.Exec(ctx, `insert into effect (job, attempt) values ($1, $2)`, j.Key, j.Attempt)
	return err
}

func TestKillingTheWorkerLosesAndRepeatsNothing(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := filepath.Join(t.TempDir(), "crash.db")
			if engine == "postgres" {
				url = postgres.URL(t)
			}
			db := storetest.Open(t, url).DB()
			err := db.Write(t.Context(), func(tx *sqldb.Tx) error {
				for _, text := range []string{`create table wanted (n bigint primary key)`, `create table effect (job text not null, attempt bigint not null)`} {
					if _, err := tx.Exec(t.Context(), text); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				killAfter(t, url, 20)
			}
			drain(t, db)
			check(t, db)
		})
	}
}

// killAfter runs the child and kills it when it has done some jobs.
func killAfter(t *testing.T, url string, jobs int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childDB+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; n < jobs && lines.Scan(); n++ {
		if lines.Text() != "done" {
			t.Fatal(lines.Text())
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
}

// drain does what is left, an hour later, when every lease has ended.
func drain(t *testing.T, db *sqldb.DB) {
	t.Helper()
	q := queue.New(queue.Config{DB: db, Now: func() time.Time { return time.Now().Add(time.Hour) }})
	w := &queue.Worker{Queue: q, Handlers: map[string]queue.Handler{"work": {Run: func(context.Context, *queue.Job) error { return nil }, Ended: effect}}, AtOnce: 32}
	for {
		n, err := w.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func check(t *testing.T, db *sqldb.DB) {
	t.Helper()
	var wanted, effects, distinct, again int
	err := db.QueryRow(t.Context(), `select (select count(*) from wanted), (select count(*) from effect), (select count(distinct job) from effect),
		(select count(*) from effect where attempt > 1)`).Scan(&wanted, &effects, &distinct, &again)
	if err != nil {
		t.Fatal(err)
	}
	if effects != wanted || distinct != wanted || wanted < 60 {
		t.Errorf("%d jobs were added, %d done, %d of them different", wanted, effects, distinct)
	}
	t.Logf("%d jobs, %d of them in a second attempt", wanted, again)
}
