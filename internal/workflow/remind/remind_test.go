package remind_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/remind"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var lead = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}

// office is a library with a draft, in Berlin before Easter 2026, whose incident was
// resolved on Tuesday evening, March 31.
type office struct {
	*testing.T
	*remind.Service
	inbox  *notice.Service
	wf     *workflow.Service
	worker *queue.Worker
	doc    string
	now    time.Time
	events int
	crash  string // the step at which the program ends
}

var errCrash = errors.New("the program ended")

func onBoth(t *testing.T, story func(o *office)) {
	storetest.Each(t, &postgres, func(t *testing.T, st *store.Store) {
		blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		o := &office{T: t, now: time.Date(2026, 3, 31, 20, 0, 0, 0, time.UTC)}
		now := func() time.Time { return o.now }
		policy := hindcast.DefaultPolicy()
		policy.Calendar = hindcast.Calendar{Zone: "Europe/Berlin", Holidays: []hindcast.Date{{Year: 2026, Month: 4, Day: 3}, {Year: 2026, Month: 4, Day: 6}}}
		o.inbox = notice.New(notice.Config{DB: st.DB(), Now: now})
		o.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Policy: policy})
		o.Service = remind.New(remind.Config{DB: st.DB(), Policy: policy, Now: now,
			Post: func(ctx context.Context, tx *sqldb.Tx, incident string, n workflow.Note) error {
				if o.crash == "before the note" {
					return errCrash
				}
				err := o.inbox.Post(ctx, tx, incident, n)
				if err == nil && o.crash == "after the note" {
					err = errCrash
				}
				return err
			},
			Announce: func(context.Context, *sqldb.Tx, workflow.Event) error {
				if o.crash == "at the announcement" {
					return errCrash
				}
				o.events++
				return nil
			}})
		o.worker = &queue.Worker{Queue: queue.New(queue.Config{DB: st.DB(), Now: now}), Handlers: o.Handlers(), AtOnce: 1, Backoff: func(int) time.Duration { return time.Minute }}
		d, err := o.wf.Create(t.Context(), lead, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident, Severity: 1})
		if err == nil {
			_, err = o.wf.Share(t.Context(), lead, d.ID, "member", access.Participant)
		}
		if err == nil {
			_, err = o.wf.Edit(t.Context(), lead, d.ID, []part.Change{{Path: "phases/started_at", Value: workflow.JSON(part.Phase{At: o.now.Add(-time.Hour)})}, {Path: "phases/resolved_at", Value: workflow.JSON(part.Phase{At: o.now.Add(-time.Minute)})}}, "")
		}
		if err != nil {
			t.Fatal(err)
		}
		o.doc = d.ID
		story(o)
	})
}

// told returns what a person was told, the first first, with the time in Berlin.
func (o *office) told(person string) []string {
	o.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		o.Fatal(err)
	}
	list, err := o.inbox.List(o.Context(), hindcast.Viewer{PersonID: person, Role: hindcast.RoleMember})
	if err != nil {
		o.Fatal(err)
	}
	out := []string{}
	for _, n := range list {
		out = append([]string{fmt.Sprint(n.At.In(zone).Format("Mon 02 15:04 "), strings.TrimPrefix(n.Subject, "The "))}, out...)
	}
	return out
}

// pass lets time go by until a day, an hour at a time, with the worker at work.
func (o *office) pass(days int) {
	o.Helper()
	for end := o.now.AddDate(0, 0, days); o.now.Before(end); o.now = o.now.Add(time.Hour) {
		if _, err := o.worker.Step(o.Context()); err != nil {
			o.Fatal(err)
		}
	}
}

func TestRemindersFireOverWeeks(t *testing.T) {
	onBoth(t, func(o *office) {
		o.pass(28)
		want := []string{
			"Thu 02 09:00 draft of #1: due in 1 working day", // Good Friday to Easter Monday nobody works
			"Tue 07 09:00 draft of #1: due today",
			"Wed 08 09:00 draft of #1: 1 working day late",
			"Fri 10 09:00 draft of #1: 3 working days late",
		}
		if d := cmp.Diff(want, o.told("lead")); d != "" {
			o.Errorf("the lead was told (-want +got):\n%s", d)
		}
		if d := cmp.Diff(want[3:], o.told("member")); d != "" {
			o.Errorf("a participant was told (-want +got):\n%s", d)
		}
		if o.events != 3 {
			o.Errorf("%d announcements, want 3", o.events)
		}
	})
}

func TestNobodyIsToldTwiceAfterACrash(t *testing.T) {
	for _, step := range []string{"before the note", "after the note", "at the announcement"} {
		t.Run(step, func(t *testing.T) {
			onBoth(t, func(o *office) {
				o.now = time.Date(2026, 4, 8, 7, 0, 0, 0, time.UTC)
				o.crash = step
				if _, err := o.Remind(o.Context()); !errors.Is(err, errCrash) {
					o.Fatalf("Remind = %v, want the crash", err)
				}
				if got := o.told("lead"); len(got) != 0 || o.events != 0 {
					o.Errorf("before it was kept %q were told, and %d announced", got, o.events)
				}
				o.crash = ""
				for range 3 { // again, and by another server
					if _, err := o.Remind(o.Context()); err != nil {
						o.Fatal(err)
					}
				}
				if got := o.told("lead"); len(got) != 1 || o.events != 1 {
					o.Errorf("after it %q were told, and %d announced, want one of each", got, o.events)
				}
			})
		})
	}
}

func TestWhatMovedOnIsNotLate(t *testing.T) {
	onBoth(t, func(o *office) {
		if _, err := o.wf.Move(o.Context(), lead, o.doc, hindcast.StatusInReview, ""); err != nil {
			o.Fatal(err)
		}
		o.pass(10) // the draft was due on the seventh
		want := []string{"Fri 10 09:00 publication of #1: due in 1 working day"}
		if d := cmp.Diff(want, o.told("lead")); d != "" {
			o.Errorf("of what is in review the lead was told (-want +got):\n%s", d)
		}
	})
}
