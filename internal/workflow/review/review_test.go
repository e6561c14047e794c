package review_test

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
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

func viewer(id string) hindcast.Viewer {
	return hindcast.Viewer{PersonID: id, Name: id, Role: hindcast.RoleMember}
}

var lead, writer, reviewer, stranger = viewer("lead"), viewer("writer"), viewer("reviewer"), viewer("stranger")

// office is a library in which a post-mortem is reviewed.
type office struct {
	*testing.T
	*review.Service
	wf    *workflow.Service
	doc   string
	db    *sqldb.DB
	now   time.Time
	notes []string // who is told of what kind
	// subjects are the lines of those notes.
	subjects []string
}

func onBoth(t *testing.T, story func(o *office)) { onBothBy(t, hindcast.DefaultPolicy(), story) }

// onBothBy tells a story where another policy holds.
func onBothBy(t *testing.T, policy hindcast.Policy, story func(o *office)) {
	storetest.Each(t, &postgres, func(t *testing.T, st *store.Store) {
		blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		o := &office{T: t, db: st.DB(), now: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
		now := func() time.Time { o.now = o.now.Add(time.Second); return o.now }
		o.wf = workflow.New(workflow.Config{Store: st, Policy: policy, Blobs: blobs, Now: now, Ready: func(ctx context.Context, h *workflow.Held, to hindcast.Status) error { return o.Ready(ctx, h, to) },
			Notify: func(_ context.Context, _ *sqldb.Tx, _ string, n workflow.Note) error {
				o.subjects = append(o.subjects, n.Subject)
				o.notes = append(o.notes, fmt.Sprint(n.Kind, " ", strings.Join(n.To, ",")))
				return nil
			}})
		o.Service = review.New(review.Config{DB: st.DB(), Workflow: o.wf, Names: auth.Names, IDs: auth.IDs, Now: now})
		d, err := o.wf.Create(t.Context(), lead, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident})
		o.ok(err)
		o.doc = d.ID
		for id, as := range map[string]access.Part{"writer": access.Participant, "reviewer": access.Reviewer} {
			_, err := o.wf.Share(t.Context(), lead, d.ID, id, as)
			o.ok(err)
		}
		o.edit("preamble", "The deployment failed. The alert came late, and the alert was unclear.")
		o.edit("timeline/e1", hindcast.Entry{At: o.now.Add(-time.Hour).Truncate(time.Second), Kind: hindcast.Alert, Title: "Alert", Actor: hindcast.Actor{Kind: hindcast.System}})
		o.notes, o.subjects = nil, nil
		story(o)
	})
}

func (o *office) ok(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) edit(path string, value any) {
	o.Helper()
	_, err := o.wf.Edit(o.Context(), lead, o.doc, []part.Change{{Path: path, Value: workflow.JSON(value)}}, "")
	o.ok(err)
}

func (o *office) threads() []review.Thread {
	o.Helper()
	list, err := o.Threads(o.Context(), lead, o.doc)
	o.ok(err)
	return list
}

func TestAThreadOnWordsIsFoundAgain(t *testing.T) {
	onBoth(t, func(o *office) {
		a := review.Anchor{Path: "preamble", Quote: "the alert", Prefix: "came late, and ", Suffix: " was unclear"}
		id, err := o.Open(o.Context(), reviewer, o.doc, a, "In which way?", nil)
		o.ok(err)
		o.ok(o.Reply(o.Context(), writer, o.doc, id, "It named no service.", nil))
		found := func() string {
			x := o.threads()[0]
			if x.Lost {
				return "lost"
			}
			d, err := o.wf.Get(o.Context(), lead, o.doc)
			o.ok(err)
			return d.Post.Preamble[:x.Start] + "[" + d.Post.Preamble[x.Start:x.End] + "]"
		}
		if got, want := found(), "The deployment failed. The alert came late, and [the alert]"; got != want {
			o.Errorf("it is at %q, want %q", got, want)
		}
		o.edit("preamble", "At first nobody knew. The alert came late, and the alert was unclear to all.")
		if got, want := found(), "At first nobody knew. The alert came late, and [the alert]"; got != want {
			o.Errorf("after an edit it is at %q, want %q", got, want)
		}
		o.edit("preamble", "Nothing is as it was.")
		if got := found(); got != "lost" || len(o.threads()[0].Comments) != 2 {
			o.Errorf("its words are gone: %q with %d comments, want it lost and kept", got, len(o.threads()[0].Comments))
		}
		o.ok(o.Resolve(o.Context(), writer, o.doc, id, true))
		if x := o.threads()[0]; x.ResolvedAt.IsZero() || x.ResolvedBy != "writer" {
			o.Errorf("resolved: %+v", x)
		}
		want := []string{"reply reviewer,lead", "reply reviewer,lead"}
		for i := range o.notes {
			o.notes[i] = strings.Replace(o.notes[i], "lead,reviewer", "reviewer,lead", 1)
		}
		if diff := cmp.Diff([]string{"reply lead", want[1]}, o.notes); diff != "" {
			o.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}

func TestWhoIsNamedIsTold(t *testing.T) {
	onBoth(t, func(o *office) {
		for id, name := range map[string]string{"reviewer": "Engineer A", "stranger": "Engineer B", "lead": "Incident commander"} {
			o.ok(o.db.Write(o.Context(), func(tx *sqldb.Tx) error {
				_, err := tx.Exec(o.Context(), `insert into person (id, email, name, role, disabled, password, created_at, seen_at) values ($1, $2, $3, 'member', false, '', 0, 0)`, id, id, name)
				return err
			}))
		}
		id, err := o.Open(o.Context(), writer, o.doc, review.Anchor{}, "@engineer a, was it the ledger? @Engineer B knows.", nil)
		o.ok(err)
		o.ok(o.Reply(o.Context(), reviewer, o.doc, id, "@Incident commander: it was.", nil))
		if diff := cmp.Diff([]string{"mention reviewer", "reply lead", "mention lead", "reply writer"}, o.notes); diff != "" {
			o.Errorf("notes (-want +got):\n%s", diff)
		}
	})
}

func TestOnesOwnCommentIsChanged(t *testing.T) {
	onBoth(t, func(o *office) {
		id, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{}, "Whch alert?", nil)
		o.ok(err)
		c := o.threads()[0].Comments[0]
		if err := o.Edit(o.Context(), lead, o.doc, id, c.ID, "mine"); hindcast.CodeOf(err) != hindcast.Denied {
			o.Errorf("another changes it: %v, want %s", err, hindcast.Denied)
		}
		o.ok(o.Edit(o.Context(), reviewer, o.doc, id, c.ID, "Which alert?"))
		if c := o.threads()[0].Comments[0]; c.Text != "Which alert?" || c.EditedAt.IsZero() {
			o.Errorf("changed: %+v", c)
		}
	})
}

func TestASuggestionLandsInItsPlace(t *testing.T) {
	onBoth(t, func(o *office) {
		entry := hindcast.Entry{At: o.now.Add(-30 * time.Minute).Truncate(time.Second), Kind: hindcast.Action, Title: "Traffic was moved", Actor: hindcast.Actor{Kind: hindcast.Person, Name: "responder"}}
		add := []part.Change{{Path: "timeline/e2", Value: workflow.JSON(entry)}}
		id, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{Path: "timeline/e1"}, "This is missing.", add)
		o.ok(err)
		c := o.threads()[0].Comments[0]
		if _, err := o.Accept(o.Context(), reviewer, o.doc, id, c.ID); hindcast.CodeOf(err) != hindcast.Denied {
			o.Errorf("a reviewer accepts: %v, want %s", err, hindcast.Denied)
		}
		saved, err := o.Accept(o.Context(), writer, o.doc, id, c.ID)
		o.ok(err)
		d, err := o.wf.Get(o.Context(), lead, o.doc)
		o.ok(err)
		if len(d.Post.Timeline) != 2 || d.Post.Timeline[1].Title != "Traffic was moved" {
			o.Errorf("the timeline: %+v, want the entry behind the first", d.Post.Timeline)
		}
		x := o.threads()[0]
		if got := x.Comments[0]; got.Verdict != review.Accepted || got.JudgedBy != "writer" || got.Revision != saved.Revision || x.ResolvedAt.IsZero() {
			o.Errorf("after it was accepted: %+v", x)
		}
		if _, err := o.Accept(o.Context(), writer, o.doc, id, c.ID); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("accepted twice: %v", err)
		}
		_, err = o.wf.Undo(o.Context(), writer, o.doc, saved.Revision)
		o.ok(err)
		if d, err = o.wf.Get(o.Context(), lead, o.doc); err != nil || len(d.Post.Timeline) != 1 {
			o.Errorf("undone: %d entries, %v; want one", len(d.Post.Timeline), err)
		}
	})
}

func TestWhatNobodyCouldAcceptIsNotSuggested(t *testing.T) {
	onBoth(t, func(o *office) {
		for name, entry := range map[string]hindcast.Entry{
			"no title":          {At: o.now, Kind: hindcast.Action, Actor: hindcast.Actor{Kind: hindcast.Person}},
			"a kind of its own": {At: o.now, Kind: "feast", Title: "Traffic was moved", Actor: hindcast.Actor{Kind: hindcast.Person}},
		} {
			add := []part.Change{{Path: "timeline/e2", Value: workflow.JSON(entry)}}
			if _, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{}, "", add); hindcast.CodeOf(err) != hindcast.Invalid {
				o.Errorf("an entry with %s: %v, want it refused", name, err)
			}
		}
		if got := o.threads(); len(got) != 0 {
			o.Errorf("%d threads are left of what was refused", len(got))
		}
	})
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	onBoth(t, func(o *office) {
		id, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{}, "Which alert?", nil)
		o.ok(err)
		long := strings.Repeat("x", review.MaxText+1)
		for name, act := range map[string]func() error{
			"a comment": func() error {
				_, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{}, "a\x00b", nil)
				return err
			},
			"a reply": func() error { return o.Reply(o.Context(), reviewer, o.doc, id, "a\xffb", nil) },
			"an edit": func() error { return o.Edit(o.Context(), reviewer, o.doc, id, o.threads()[0].Comments[0].ID, "a\x00b") },
			"words": func() error {
				_, err := o.Reword(o.Context(), reviewer, o.doc, review.Anchor{Path: "preamble", Quote: "late"}, "", "la\x00te")
				return err
			},
			"a prefix": func() error {
				_, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{Path: "preamble", Quote: "late", Prefix: "\x00"}, "x", nil)
				return err
			},
			"a long suffix": func() error {
				_, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{Path: "preamble", Quote: "late", Suffix: long}, "x", nil)
				return err
			},
		} {
			if err := act(); hindcast.CodeOf(err) != hindcast.Invalid {
				o.Errorf("%s: %v, want it refused", name, err)
			}
		}
	})
}

func TestAStaleSuggestionOverwritesNothing(t *testing.T) {
	onBoth(t, func(o *office) {
		d, err := o.wf.Get(o.Context(), reviewer, o.doc)
		o.ok(err)
		base := d.Tags()["preamble"]
		id, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{Path: "preamble"}, "Clearer:", []part.Change{{Path: "preamble", Base: &base, Value: workflow.JSON("A rollout failed.")}})
		o.ok(err)
		o.edit("preamble", "Somebody else has written.")
		var conflicts part.Conflicts
		if _, err := o.Accept(o.Context(), writer, o.doc, id, o.threads()[0].Comments[0].ID); !errors.As(err, &conflicts) || len(conflicts) != 1 {
			o.Fatalf("a stale suggestion: %v, want the conflict", err)
		}
		if d, err = o.wf.Get(o.Context(), lead, o.doc); err != nil || d.Post.Preamble != "Somebody else has written." {
			o.Errorf("the text is %q, %v", d.Post.Preamble, err)
		}
		c := o.threads()[0].Comments[0]
		if err := o.Decline(o.Context(), writer, o.doc, id, c.ID, " "); hindcast.CodeOf(err) != hindcast.Invalid {
			o.Errorf("declined without a reason: %v", err)
		}
		o.ok(o.Decline(o.Context(), writer, o.doc, id, c.ID, "the text has changed"))
		if c := o.threads()[0].Comments[0]; c.Verdict != review.Declined || c.Reason != "the text has changed" {
			o.Errorf("declined: %+v", c)
		}
	})
}

func TestWordsAreReplacedWhateverIsWrittenAroundThem(t *testing.T) {
	onBoth(t, func(o *office) {
		a := review.Anchor{Path: "preamble", Quote: "the alert", Prefix: "late, and ", Suffix: " was unclear"}
		id, err := o.Reword(o.Context(), reviewer, o.doc, a, "Which one?", "the alert of the ledger")
		o.ok(err)
		o.edit("preamble", "Nobody knew at first. The alert came late, and the alert was unclear to everybody.")
		c := o.threads()[0].Comments[0]
		if len(c.Changes) != 1 || !strings.Contains(string(c.Changes[0].Value), "late, and the alert of the ledger was unclear to everybody") {
			o.Errorf("it suggests %+v, want the words in the text as it is now", c.Changes)
		}
		_, err = o.Accept(o.Context(), writer, o.doc, id, c.ID)
		o.ok(err)
		d, err := o.wf.Get(o.Context(), lead, o.doc)
		o.ok(err)
		if got, want := d.Post.Preamble, "Nobody knew at first. The alert came late, and the alert of the ledger was unclear to everybody."; got != want {
			o.Errorf("the text is %q, want %q", got, want)
		}
		if x := o.threads()[0]; x.ResolvedAt.IsZero() || !x.Comments[0].Suggests() || len(x.Comments[0].Changes) != 0 {
			o.Errorf("after it was accepted: %+v", x)
		}
		id, err = o.Reword(o.Context(), reviewer, o.doc, review.Anchor{Path: "preamble", Quote: " at first"}, "", "")
		o.ok(err)
		o.edit("preamble", "Nothing is as it was.")
		c = o.threads()[1].Comments[0]
		if _, err := o.Accept(o.Context(), writer, o.doc, id, c.ID); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("words whose place is gone: %v, want a conflict", err)
		}
		for name, bad := range map[string]review.Anchor{"nothing": {Path: "preamble"}, "the same": {Path: "preamble", Quote: "is"}, "a record": {Path: "timeline/e1", Quote: "Alert"}} {
			if _, err := o.Reword(o.Context(), reviewer, o.doc, bad, "", "is"); hindcast.CodeOf(err) != hindcast.Invalid {
				o.Errorf("words in place of %s: %v, want it refused", name, err)
			}
		}
	})
}

func TestWhatIsNotWrittenYetCanBeSpokenOf(t *testing.T) {
	onBoth(t, func(o *office) {
		for _, path := range []string{"sections/summary", "owner", "category", "phases/started_at", "impact/users"} {
			if _, err := o.Open(o.Context(), reviewer, o.doc, review.Anchor{Path: path}, "Who knows?", nil); err != nil {
				o.Errorf("a comment on %s, which is empty: %v", path, err)
			}
		}
		for _, a := range []review.Anchor{{Path: "sections/own-notes"}, {Path: "timeline/e9"}, {Path: "impact/counts/c1"}, {Path: "nothing"}, {Path: "sections/summary", Quote: "words"}} {
			if _, err := o.Open(o.Context(), reviewer, o.doc, a, "x", nil); hindcast.CodeOf(err) != hindcast.Conflict {
				o.Errorf("a comment on %+v, which is not there: %v", a, err)
			}
		}
		for _, x := range o.threads() {
			if x.Lost {
				o.Errorf("the thread on %s is lost", x.Anchor.Path)
			}
		}
	})
}

func TestWhatIsSaidIsCounted(t *testing.T) {
	onBoth(t, func(o *office) {
		d, err := o.wf.Get(o.Context(), lead, o.doc)
		o.ok(err)
		last := int64(0)
		grew := func(what string) {
			o.Helper()
			n, err := o.Said(o.Context(), reviewer, d.Num)
			o.ok(err)
			if n <= last {
				o.Errorf("after %s it is %d, want more than %d", what, n, last)
			}
			last = n
		}
		id, err := o.Open(o.Context(), writer, o.doc, review.Anchor{Path: "pictures/timeline"}, "Where is the rollback?", nil)
		o.ok(err)
		grew("a comment")
		o.ok(o.Reply(o.Context(), lead, o.doc, id, "At 14:20.", nil))
		grew("a reply")
		o.ok(o.Edit(o.Context(), writer, o.doc, id, o.threads()[0].Comments[0].ID, "Where is the first rollback?"))
		grew("an edit")
		o.ok(o.Resolve(o.Context(), writer, o.doc, id, true))
		grew("its end")
		if x := o.threads()[0]; x.Lost {
			o.Errorf("a thread on a picture is lost: %+v", x)
		}
		if n, err := o.Said(o.Context(), stranger, d.Num); n != 0 || err != nil {
			o.Errorf("a stranger is told %d, %v", n, err)
		}
		if _, err := o.Open(o.Context(), writer, o.doc, review.Anchor{Path: "pictures/cat"}, "x", nil); err == nil {
			o.Error("a thread on a picture that is not there")
		}
	})
}

func TestItIsApprovedWhenThoseWhoWereAskedApprove(t *testing.T) {
	onBoth(t, func(o *office) {
		due := hindcast.DateOf(o.now).Add(3)
		if err := o.Ask(o.Context(), lead, o.doc, []string{"stranger"}, due, true); hindcast.CodeOf(err) != hindcast.Invalid {
			o.Errorf("a stranger is asked: %v", err)
		}
		o.ok(o.Ask(o.Context(), lead, o.doc, []string{"reviewer"}, due, true))
		_, err := o.wf.Move(o.Context(), lead, o.doc, hindcast.StatusInReview, "")
		o.ok(err)
		approve := func() error { _, err := o.wf.Move(o.Context(), lead, o.doc, hindcast.StatusApproved, ""); return err }
		if err := approve(); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("before the reviewer answered: %v", err)
		}
		if err := o.Answer(o.Context(), reviewer, o.doc, review.Changes, ""); hindcast.CodeOf(err) != hindcast.Invalid {
			o.Errorf("changes without what: %v", err)
		}
		o.ok(o.Answer(o.Context(), reviewer, o.doc, review.Changes, "name the alert"))
		if err := approve(); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("with changes wanted: %v", err)
		}
		o.ok(o.Ask(o.Context(), lead, o.doc, []string{"reviewer"}, due, true))
		o.ok(o.Answer(o.Context(), reviewer, o.doc, review.Approved, ""))
		o.ok(approve())
		list, err := o.Requests(o.Context(), writer, o.doc)
		o.ok(err)
		if len(list) != 2 || list[0].Round != 2 || list[0].Answer != review.Approved || list[0].Due != due || list[1].Answer != review.Changes {
			o.Errorf("requests %+v, want two rounds", list)
		}
		if err := o.Answer(o.Context(), writer, o.doc, review.Approved, ""); hindcast.CodeOf(err) != hindcast.Conflict {
			o.Errorf("who was not asked approves: %v", err)
		}
	})
}

func TestOnlyWhoTakesPartSeesWhatIsSaid(t *testing.T) {
	onBoth(t, func(o *office) {
		_, err := o.Open(o.Context(), writer, o.doc, review.Anchor{}, "SECRET-COMMENT", nil)
		o.ok(err)
		see := func(want hindcast.Code) {
			o.Helper()
			if _, err := o.Threads(o.Context(), stranger, o.doc); hindcast.CodeOf(err) != want {
				o.Errorf("a stranger reads the threads: %v, want %s", err, want)
			}
			if _, err := o.Requests(o.Context(), stranger, o.doc); hindcast.CodeOf(err) != want {
				o.Errorf("a stranger reads the requests: %v, want %s", err, want)
			}
			if _, err := o.Open(o.Context(), stranger, o.doc, review.Anchor{}, "hello", nil); hindcast.CodeOf(err) != want {
				o.Errorf("a stranger comments: %v, want %s", err, want)
			}
		}
		see(hindcast.NotFound)
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := o.wf.Move(o.Context(), lead, o.doc, to, "")
			o.ok(err)
		}
		see(hindcast.Denied)
	})
}

// TestNoticesOfCommentsSayWhatTheyAreAbout speaks of parts, and answers.
func TestNoticesOfCommentsSayWhatTheyAreAbout(t *testing.T) {
	onBoth(t, func(o *office) {
		id, err := o.Open(o.Context(), writer, o.doc, review.Anchor{Path: "timeline/e1"}, "Which alert?", nil)
		o.ok(err)
		o.ok(o.Reply(o.Context(), reviewer, o.doc, id, "That of the pool.", nil))
		_, err = o.Reword(o.Context(), writer, o.doc, review.Anchor{Path: "preamble", Quote: "late"}, "", "four minutes late")
		o.ok(err)
		_, err = o.Open(o.Context(), writer, o.doc, review.Anchor{Path: "sections/summary"}, "What did users see?", nil)
		o.ok(err)
		_, err = o.Open(o.Context(), writer, o.doc, review.Anchor{}, "Thank you.", nil)
		o.ok(err)
		want := []string{"A comment on an entry of #1", "An answer about an entry of #1", "A suggestion on a part of #1", "A comment on Incident Summary of #1", "A comment on #1"}
		if diff := cmp.Diff(want, o.subjects); diff != "" {
			o.Errorf("subjects (-want +got):\n%s", diff)
		}
	})
}
