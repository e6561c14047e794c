package deliver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/slack"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
	"github.com/hindcast/hindcast/internal/connector/webhook"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// The tests of this file run the test binary as another program, which makes an
// incident, tells of it and kills itself at a step of that.
const (
	childDB     = "HINDCAST_TEST_CHILD_DB"
	childFolder = "HINDCAST_TEST_CHILD_FOLDER"
	childStep   = "HINDCAST_TEST_CHILD_STEP"
	childVendor = "HINDCAST_TEST_CHILD_VENDOR"
)

// The steps at which the child dies.
var steps = []string{"in the change", "after the change", "when the job is taken", "before sending", "after sending", "before the end is kept", "after the end is kept"}

func runChild() bool {
	url := os.Getenv(childDB)
	if url == "" {
		return false
	}
	fmt.Println("error", beginAndDie(context.Background(), url, os.Getenv(childFolder), os.Getenv(childStep), told()[os.Getenv(childVendor)]))
	return true
}

// told are the vendors that a child tells, by name.
func told() map[string]connector.Vendor {
	return map[string]connector.Vendor{"webhook": webhook.Vendor(), "slack": slack.Vendor()}
}

// die ends the program without any farewell.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// dying is a vendor that dies before or after it passes a message on.
type dying struct {
	connector.Announcer
	step string
}

// Announce sends a message around which the program dies.
func (d dying) Announce(ctx context.Context, m connector.Message) (string, error) {
	if d.step == "before sending" {
		die()
	}
	answer, err := d.Announcer.Announce(ctx, m)
	if d.step == "after sending" && err == nil {
		die()
	}
	return answer, err
}

func beginAndDie(ctx context.Context, url, folder, step string, vendor connector.Vendor) error {
	open := vendor.Open
	vendor.Open = func(s connector.Settings, deps connector.Deps) (any, error) {
		v, err := open(s, deps)
		if err != nil {
			return nil, err
		}
		return dying{v.(connector.Announcer), step}, nil
	}
	st, d, wf, q, err := parts(ctx, url, folder, time.Now, vendor)
	if err != nil {
		return err
	}
	if step == "in the change" {
		wf = inTheChange(ctx, wf, st.DB(), d)
	}
	if _, err := wf.Create(ctx, lead, workflow.NewIncident{Title: step}); err != nil {
		return err
	}
	if step == "after the change" {
		die()
	}
	handlers := d.Handlers()
	for kind, h := range handlers {
		run, ended := h.Run, h.Ended
		if ended == nil {
			delete(handlers, kind)
			continue
		}
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
		handlers[kind] = h
	}
	w := &queue.Worker{Queue: q, Handlers: handlers}
	if n, err := w.Step(ctx); err != nil || n == 0 {
		return fmt.Errorf("%d jobs were done: %w", n, err)
	}
	die() // after the end is kept
	return nil
}

// inTheChange dies when everything of the change is written but not committed.
func inTheChange(ctx context.Context, _ *workflow.Service, db *sqldb.DB, d *deliver.Service) *workflow.Service {
	err := db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := d.Announce(ctx, tx, workflow.Event{Kind: workflow.IncidentCreated, At: time.Now(), IncidentID: "none"}); err != nil {
			return err
		}
		die()
		return nil
	})
	panic(errors.Join(errors.New("it lives"), err))
}

// TestACrashAtAnyStepLosesAndRepeatsNothing holds that every incident that there
// is was told once, and no other.
func TestACrashAtAnyStepLosesAndRepeatsNothing(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			folder := t.TempDir()
			url := filepath.Join(folder, "crash.db")
			if engine == "postgres" {
				url = postgres.URL(t)
			}
			later := func() time.Time { return time.Now().Add(time.Hour) } // every lease has ended
			st, d, _, q, err := parts(t.Context(), url, folder, later, webhook.Vendor())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = st.Close() })
			r := receive(t)
			if _, _, err := d.PutEndpoint(t.Context(), admin, deliver.Put{Kind: "webhook", Name: "Chat", Events: deliver.Events(), Drafts: true, Settings: map[string]secret.Text{"url": secret.New(r.URL)}}); err != nil {
				t.Fatal(err)
			}
			for _, step := range steps {
				crash(t, url, folder, step, "webhook")
			}
			w := &queue.Worker{Queue: q, Handlers: d.Handlers()}
			for {
				if n, err := w.Step(t.Context()); err != nil {
					t.Fatal(err)
				} else if n == 0 {
					break
				}
			}
			heard, bodies := r.heard()
			if len(heard) != len(steps)-1 {
				t.Errorf("%d messages had an effect, want %d: %s", len(heard), len(steps)-1, bodies)
			}
			for _, step := range steps[1:] {
				if strings.Count(bodies, `"`+step+`"`) != 1 {
					t.Errorf("%s: told %d times", step, strings.Count(bodies, `"`+step+`"`))
				}
			}
			if counts, err := d.Counts(t.Context()); err != nil || counts[deliver.Sent] != int64(len(steps)-1) || len(counts) != 1 {
				t.Errorf("deliveries %v, %v", counts, err)
			}
			if again := r.calls - len(heard); again != 2 { // after sending, before the end is kept
				t.Errorf("%d messages were sent again, want 2", again)
			}
		})
	}
}

// TestACrashAtAnyStepPostsOnce holds the same of Slack, which knows no message again:
// of each incident that there is one message stands in the channel.
func TestACrashAtAnyStepPostsOnce(t *testing.T) {
	folder := t.TempDir()
	url := filepath.Join(folder, "crash.db")
	later := func() time.Time { return time.Now().Add(time.Hour) } // every lease has ended
	st, d, _, q, err := parts(t.Context(), url, folder, later, slack.Vendor())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	space := &slacktest.Workspace{}
	service := httptest.NewServer(space)
	t.Cleanup(service.Close)
	settings := map[string]secret.Text{"url": secret.New(service.URL), "token": secret.New("xoxb"), "secret": secret.New("s"), "channel": secret.New("C0TOLD")}
	if _, _, err := d.PutEndpoint(t.Context(), admin, deliver.Put{Kind: "slack", Name: "Chat", Events: deliver.Events(), Drafts: true, Settings: settings}); err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		crash(t, url, folder, step, "slack")
	}
	w := &queue.Worker{Queue: q, Handlers: d.Handlers()}
	for {
		if n, err := w.Step(t.Context()); err != nil {
			t.Fatal(err)
		} else if n == 0 {
			break
		}
	}
	var texts []string
	for _, form := range space.Posted() {
		texts = append(texts, form.Get("text"))
	}
	all := strings.Join(texts, "\n")
	for _, step := range steps[1:] {
		if n := strings.Count(all, " "+step+" was begun"); n != 1 {
			t.Errorf("%s: posted %d times", step, n)
		}
	}
	if counts, err := d.Counts(t.Context()); err != nil || counts[deliver.Sent] != int64(len(steps)-1) || len(counts) != 1 || len(texts) != len(steps)-1 {
		t.Errorf("deliveries %v, %v, posted:\n%s", counts, err, all)
	}
}

func crash(t *testing.T, url, folder, step, vendor string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childDB+"="+url, childFolder+"="+folder, childStep+"="+step, childVendor+"="+vendor)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%s: %v\n%s", step, err, out)
	}
}
