package letter_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// The tests of this file run the test binary as another program, which tells
// somebody something by mail and is killed at a step of that.
const (
	childDB     = "HINDCAST_TEST_CHILD_DB"
	childFolder = "HINDCAST_TEST_CHILD_FOLDER"
	childStep   = "HINDCAST_TEST_CHILD_STEP"
	childMail   = "HINDCAST_TEST_CHILD_MAIL"
)

// unanswered is the step at which the mail server has the letter and did not say
// so; there the parent kills the child.
const unanswered = "before the server answers"

// steps are where the child dies, with how often its letter arrives all the same.
var steps = []struct {
	name string
	want int
}{
	{"in the change", 0}, // which is not there then
	{"after the change", 1},
	{"when the job is taken", 1},
	{"before sending", 1},
	{"before it is kept that it leaves", 1},
	{"after it is kept that it leaves", 0}, // nobody can know; it is in the inbox
	{unanswered, 1},
	{"after sending", 1},
	{"before the end is kept", 1},
	{"after the end is kept", 1},
}

func runChild() bool {
	url := os.Getenv(childDB)
	if url == "" {
		return false
	}
	fmt.Println("error", tellAndDie(context.Background(), url, os.Getenv(childFolder), os.Getenv(childStep), os.Getenv(childMail)))
	return true
}

// die ends the program without any farewell.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func tellAndDie(ctx context.Context, url, folder, step, addr string) error {
	now := time.Now()
	s := email.Server{Addr: addr, From: "hindcast@example.org", TLS: "none"}
	r, err := open(ctx, url, folder, func() time.Time { return now }, everybody(), s)
	if err != nil {
		return err
	}
	dieAt(r.Service, step)
	r.notices.Mail = func(ctx context.Context, tx *sqldb.Tx, p notice.Posted) error {
		err := r.Take(ctx, tx, p)
		if step == "in the change" && err == nil {
			die()
		}
		return err
	}
	d, err := r.wf.Create(ctx, lead, workflow.NewIncident{Title: step})
	if err != nil {
		return err
	}
	if _, err := r.wf.Share(ctx, lead, d.ID, member.PersonID, access.Participant); err != nil {
		return err
	}
	if step == "after the change" {
		die()
	}
	now = now.Add(letter.Gather)
	w := &queue.Worker{Queue: r.queue, Handlers: map[string]queue.Handler{"letter": dying(r.Handlers()["letter"], step)}}
	if n, err := w.Step(ctx); err != nil || n == 0 {
		return fmt.Errorf("%d jobs were done: %w", n, err)
	}
	die() // after the end is kept
	return nil
}

// dieAt has the sending of letters end at a step.
func dieAt(s *letter.Service, step string) {
	send := s.Send
	s.Send = func(ctx context.Context, l email.Letter, leave func() error) error {
		if step == "before sending" {
			die()
		}
		err := send(ctx, l, func() error {
			if step == "before it is kept that it leaves" {
				die()
			}
			err := leave()
			if step == "after it is kept that it leaves" && err == nil {
				die()
			}
			return err
		})
		if step == "after sending" && err == nil {
			die()
		}
		return err
	}
}

// dying returns a handler that dies before or after it works.
func dying(h queue.Handler, step string) queue.Handler {
	run, ended := h.Run, h.Ended
	h.Run = func(ctx context.Context, j *queue.Job) error {
		if step == "when the job is taken" {
			die()
		}
		return run(ctx, j)
	}
	h.Ended = func(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
		err := ended(ctx, tx, j)
		if step == "before the end is kept" && err == nil {
			die()
		}
		return err
	}
	return h
}

// TestACrashAtAnyStepSendsNothingTwice kills a program at each step, lets another
// one do what is left, and counts what the mail server got.
func TestACrashAtAnyStepSendsNothingTwice(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			folder := t.TempDir()
			url := filepath.Join(folder, "crash.db")
			if engine == "postgres" {
				url = postgres.URL(t)
			}
			later := func() time.Time { return time.Now().Add(time.Hour) } // every lease has ended
			post := emailtest.Start(t, "none")
			r, err := open(t.Context(), url, folder, later, everybody(), post.Settings())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.store.Close() })
			for _, step := range steps {
				crash(t, post, url, folder, step.name)
			}
			w := &queue.Worker{Queue: r.queue, Handlers: map[string]queue.Handler{"letter": r.Handlers()["letter"]}, AtOnce: 1}
			for n := 1; n > 0; {
				if n, err = w.Step(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got, want := map[string]int{}, map[string]int{}
			for _, m := range post.Taken() {
				_, title, _ := strings.Cut(read(t, m).subject, " - ")
				got[title]++
			}
			for _, step := range steps {
				if step.want > 0 {
					want[step.name] = step.want
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("letters by the step of the crash (-want +got):\n%s", diff)
			}
			checkWhatIsKept(t, r)
		})
	}
}

// checkWhatIsKept holds that everything that was told is in the inbox, and that
// admins know of the letters that may not have arrived.
func checkWhatIsKept(t *testing.T, r *rooms) {
	t.Helper()
	list, err := r.notices.List(t.Context(), member)
	if err != nil || len(list) != len(steps)-1 {
		t.Errorf("%d notices, %v, want %d", len(list), err, len(steps)-1)
	}
	office, err := r.Office(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	unsure := 0
	for _, f := range office.Faults {
		if f.State == letter.Unsure {
			unsure++
		}
	}
	// The server got three of them, but whoever sent them did not live to keep that.
	if unsure != 4 || len(office.Faults) != 4 || office.Waiting != 0 {
		t.Errorf("admins see %+v, want four of which nobody knows", office)
	}
	told, err := r.notices.List(t.Context(), hindcast.Viewer{PersonID: "admin", Role: hindcast.RoleAdmin})
	if err != nil || len(told) != 1 || !strings.Contains(told[0].Subject, "may not have arrived") {
		t.Errorf("admins are told %+v, %v", told, err)
	}
}

func crash(t *testing.T, post *emailtest.Server, url, folder, step string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childDB+"="+url, childFolder+"="+folder, childStep+"="+step, childMail+"="+post.Addr)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if step == unanswered {
		post.Arrived(func() { _ = cmd.Process.Kill() })
		defer post.Arrived(nil)
	}
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%s: %v\n%s", step, err, &out)
	}
}
