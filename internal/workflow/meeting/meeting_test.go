package meeting_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead     = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	engineer = hindcast.Viewer{PersonID: "engineer", Name: "Engineer A", Role: hindcast.RoleMember}
	outsider = hindcast.Viewer{PersonID: "outsider", Name: "Engineer B", Role: hindcast.RoleMember}
)

type library struct {
	*testing.T
	docs  *workflow.Service
	here  *meeting.Service
	there *meeting.Service // another server on the same database
	clock time.Time
	notes []workflow.Note
	doc   *workflow.Document
}

func onBoth(t *testing.T, story func(*library)) {
	t.Run("sqlite", func(t *testing.T) { story(open(t, filepath.Join(t.TempDir(), "hindcast.db"))) })
	t.Run("postgres", func(t *testing.T) { story(open(t, postgres.URL(t))) })
}

func open(t *testing.T, url string) *library {
	t.Helper()
	l := &library{T: t, clock: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
	st, err := store.Open(t.Context(), url)
	l.ok(err)
	t.Cleanup(func() { _ = st.Close() })
	blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
	l.ok(err)
	now := func() time.Time { return l.clock }
	l.docs = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Notify: func(_ context.Context, _ *sqldb.Tx, _ string, n workflow.Note) error {
		l.notes = append(l.notes, n)
		return nil
	}})
	l.here = meeting.New(meeting.Config{Workflow: l.docs, DB: st.DB(), Now: now})
	l.there = meeting.New(meeting.Config{Workflow: l.docs, DB: st.DB(), Now: now})
	l.doc, err = l.docs.Create(t.Context(), lead, workflow.NewIncident{Title: "Ledger outage", Severity: 2,
		Phases: hindcast.Phases{StartedAt: time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)}})
	l.ok(err)
	_, err = l.docs.Share(t.Context(), lead, l.doc.ID, "engineer", "participant")
	l.ok(err)
	l.notes = nil
	return l
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *library) refused(what string, err error, code hindcast.Code) {
	l.Helper()
	if got := hindcast.CodeOf(err); got != code {
		l.Errorf("%s: %v (%s), want %s", what, err, got, code)
	}
}

// plan is a valid plan.
func plan() meeting.Plan {
	return meeting.Plan{StartsAt: time.Date(2024, 3, 18, 10, 0, 0, 0, time.UTC), Zone: "Europe/Berlin", Kind: meeting.Full, Facilitator: "lead",
		Attendees: []meeting.Attendee{{Person: "lead", Role: "facilitator"}, {Person: "engineer", Role: "on-call engineer"}, {Role: "payments team"}}}
}

func name(id string) string {
	return map[string]string{"lead": "Incident commander", "engineer": "Engineer A"}[id]
}

func TestMeetingFromStartToEnd(t *testing.T) {
	onBoth(t, func(l *library) {
		ctx := l.Context()
		m, err := l.here.Plan(ctx, lead, "1", plan())
		l.ok(err)
		if got := meeting.Length(m.Agenda); got != 90*time.Minute || len(m.Agenda) != 6 {
			l.Errorf("the agenda has %d blocks of %s, want 6 of 1h30m", len(m.Agenda), got)
		}
		if len(l.notes) != 1 || !cmp.Equal(l.notes[0].To, []string{"engineer"}) || l.notes[0].Subject != "A meeting about #1 is set for Mon 18 Mar 11:00 CET" {
			l.Errorf("told %+v", l.notes)
		}
		_, err = l.here.Plan(ctx, lead, "1", plan())
		l.refused("a second meeting", err, hindcast.Conflict)

		turn := func(do string, block, minutes int) *meeting.Meeting {
			l.Helper()
			m, err := l.here.Turn(ctx, lead, "1", m.ID, do, block, minutes)
			l.ok(err)
			return m
		}
		_, err = l.here.Turn(ctx, engineer, "1", m.ID, meeting.DoStart, 0, 0)
		l.refused("a start by who does not facilitate", err, hindcast.Denied)
		_, err = l.here.Turn(ctx, lead, "1", m.ID, meeting.DoNext, 0, 0)
		l.refused("going on before the start", err, hindcast.Conflict)
		turn(meeting.DoStart, 0, 0)
		l.clock = l.clock.Add(7 * time.Minute)
		turn(meeting.DoPause, 0, 0)
		l.clock = l.clock.Add(time.Hour)
		turn(meeting.DoResume, 0, 0)
		turn(meeting.DoNext, 0, 0)
		_, err = l.here.Turn(ctx, lead, "1", m.ID, meeting.DoNext, 0, 0)
		l.refused("going on twice by one press", err, hindcast.Conflict)
		turn(meeting.DoExtend, 1, 5)
		l.clock = l.clock.Add(10 * time.Minute)

		// Another server reads the same clock.
		_, far, err := l.there.Get(ctx, engineer, "1", m.ID)
		l.ok(err)
		want := meeting.Reading{Spent: 10 * time.Minute, Left: 20 * time.Minute, All: 80 * time.Minute, Total: 17 * time.Minute}
		if diff := cmp.Diff(want, far.Read(far.Agenda, l.clock)); diff != "" {
			l.Errorf("the clock on another server (-want +got):\n%s", diff)
		}

		_, err = l.here.Note(ctx, engineer, "1", m.ID, "The pool was full\n# not a heading")
		l.ok(err)
		parked, err := l.here.Park(ctx, engineer, "1", m.ID, "Alert on the pool")
		l.ok(err)
		l.notes = nil
		_, err = l.here.Ask(ctx, lead, "1", m.ID, "How full was the pool?", "engineer")
		l.ok(err)
		if len(l.notes) != 1 || !strings.Contains(l.notes[0].Subject, "How full was the pool?") {
			l.Errorf("a question told %+v", l.notes)
		}
		_, err = l.here.Ask(ctx, lead, "1", m.ID, "And you?", "outsider")
		l.refused("a question to an outsider", err, hindcast.Invalid)
		for _, w := range []meeting.Writing{
			{Kind: meeting.NewEntry, Text: "The pool filled up", Clock: "14:38", Actor: "on-call engineer"},
			{Kind: meeting.NewDecision, Text: "Restart or roll back?", Clock: "2024-03-15 14:50", Lines: []string{"restart", "roll back"}},
			{Kind: meeting.NewFactor, Text: "Nobody saw how full the pool was", To: hindcast.Outcome},
			{Kind: meeting.NewWell, Text: "The roll back took a minute"},
		} {
			_, err := l.here.Add(ctx, lead, "1", m.ID, w)
			l.ok(err)
		}
		turn(meeting.DoSkip, 1, 0)
		_, err = l.here.TakeUp(ctx, lead, "1", m.ID, parked.Parked[0].ID, meeting.Writing{Owner: "platform", Due: "2024-03-29"}, false)
		l.ok(err)
		_, err = l.here.Came(ctx, lead, "1", m.ID, map[int]bool{0: true, 1: true})
		l.ok(err)

		_, err = l.here.Close(ctx, lead, "1", m.ID, meeting.Closing{}, name)
		l.refused("closing with nothing settled", err, hindcast.Invalid)
		if want := "before the meeting closes, settle who owns the document; when it is published; the day of the follow-up, or why none is needed"; err == nil || err.Error() != want {
			l.Errorf("closing says %v, want %s", err, want)
		}
		closing := meeting.Closing{Owner: "platform team", Publish: hindcast.Date{Year: 2024, Month: 3, Day: 22}, NoFollowUp: "the weekly review looks at it"}
		done, err := l.here.Close(ctx, lead, "1", m.ID, closing, name)
		l.ok(err)
		if done.State != meeting.Closed || done.Minutes != "meeting/2024-03-18-minutes.md" {
			l.Errorf("closed it is %s with minutes %q", done.State, done.Minutes)
		}

		d, err := l.docs.Get(ctx, lead, "1")
		l.ok(err)
		p := d.Post
		if p.Owner != "platform team" || len(p.Timeline) != 2 || len(p.Factors) != 1 || len(p.Observations) != 1 || len(p.Actions) != 1 || p.Actions[0].Owner != "platform" {
			l.Errorf("the document has owner %q, %d entries, %d factors, %d observations, actions %+v", p.Owner, len(p.Timeline), len(p.Factors), len(p.Observations), p.Actions)
		}
		_, lines, err := l.docs.Lines(ctx, engineer, d.ID, done.Minutes, 1, 100)
		l.ok(err)
		var text strings.Builder
		for _, line := range lines {
			text.WriteString(line.Text + "\n")
		}
		for _, want := range []string{"- Engineer A, on-call engineer: came", "- payments team: did not come", "- The pool was full\n  \\# not a heading", "- Alert on the pool: became an action item",
			"- Engineer A: How full was the pool?", "- to be published: 2024-03-22", "- no follow-up: the weekly review looks at it", "written into the document (factor): Nobody saw"} {
			if !strings.Contains(text.String(), want) {
				l.Errorf("the minutes lack %q:\n%s", want, text.String())
			}
		}
		_, err = l.here.Note(ctx, engineer, "1", m.ID, "too late")
		l.refused("a note after the end", err, hindcast.Conflict)
	})
}

// TestMinutesStayWithThoseWhoTakePart publishes a post-mortem whose meeting left
// marks everywhere, and looks for them as somebody who takes no part.
func TestMinutesStayWithThoseWhoTakePart(t *testing.T) {
	onBoth(t, func(l *library) {
		ctx := l.Context()
		m, err := l.here.Plan(ctx, lead, "1", plan())
		l.ok(err)
		_, err = l.here.Turn(ctx, lead, "1", m.ID, meeting.DoStart, 0, 0)
		l.ok(err)
		_, err = l.here.Note(ctx, lead, "1", m.ID, "MARK-note at 14:38 2024-03-15")
		l.ok(err)
		_, err = l.here.Park(ctx, lead, "1", m.ID, "MARK-parked")
		l.ok(err)
		_, err = l.here.Ask(ctx, lead, "1", m.ID, "MARK-question", "engineer")
		l.ok(err)
		done, err := l.here.Close(ctx, lead, "1", m.ID, meeting.Closing{Owner: "team", Publish: hindcast.Date{Year: 2024, Month: 3, Day: 22}, FollowUp: hindcast.Date{Year: 2024, Month: 4, Day: 22}}, name)
		l.ok(err)
		_, err = l.docs.Rebuild(ctx, lead, l.doc.ID, nil)
		l.ok(err)
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := l.docs.Move(ctx, lead, l.doc.ID, to, "")
			l.ok(err)
		}
		d, err := l.docs.Get(ctx, outsider, "1")
		l.ok(err)
		if text := string(workflow.JSON(d.Post)); strings.Contains(text, "MARK") || strings.Contains(text, workflow.MinutesFolder) {
			l.Errorf("the document tells an outsider of the meeting: %s", text)
		}
		rows, err := l.docs.Evidence(ctx, outsider, d.ID)
		l.ok(err)
		if len(rows) != 0 {
			l.Errorf("an outsider is told of %+v", rows)
		}
		mine, err := l.docs.Evidence(ctx, engineer, d.ID)
		l.ok(err)
		if len(mine) != 1 {
			l.Fatalf("who takes part has %d files, want the minutes", len(mine))
		}
		for _, file := range []string{done.Minutes, mine[0].SHA256} {
			_, _, err := l.docs.Lines(ctx, outsider, d.ID, file, 1, 10)
			l.refused("lines of the minutes", err, hindcast.NotFound)
			_, _, err = l.docs.Bytes(ctx, outsider, d.ID, file)
			l.refused("bytes of the minutes", err, hindcast.Denied)
		}
		_, _, err = l.here.List(ctx, outsider, "1")
		l.refused("the list", err, hindcast.NotFound)
		_, _, err = l.here.Get(ctx, outsider, "1", m.ID)
		l.refused("the meeting", err, hindcast.NotFound)
		_, err = l.here.Version(ctx, outsider, 1, m.ID)
		l.refused("the version", err, hindcast.NotFound)
		_, err = l.here.Note(ctx, outsider, "1", m.ID, "x")
		l.refused("a note", err, hindcast.NotFound)
		if v, err := l.here.Version(ctx, engineer, 1, m.ID); err != nil || v == 0 {
			l.Errorf("the version for who takes part is %d, %v", v, err)
		}
	})
}

func TestPlansThatAreRefused(t *testing.T) {
	onBoth(t, func(l *library) {
		for name, change := range map[string]func(*meeting.Plan){
			"no time":            func(p *meeting.Plan) { p.StartsAt = time.Time{} },
			"a year of long ago": func(p *meeting.Plan) { p.StartsAt = p.StartsAt.AddDate(-10, 0, 0) },
			"no such zone":       func(p *meeting.Plan) { p.Zone = "Mars/Base" },
			"no such kind":       func(p *meeting.Plan) { p.Kind = "party" },
			"own without blocks": func(p *meeting.Plan) { p.Kind = meeting.Own },
			"own without an end": func(p *meeting.Plan) {
				p.Kind, p.Agenda = meeting.Own, []meeting.Block{{Show: meeting.ShowWhys, Title: "Causes", Minutes: 5}}
			},
			"an outsider facilitates": func(p *meeting.Plan) { p.Facilitator = "outsider" },
			"an outsider is invited":  func(p *meeting.Plan) { p.Attendees = []meeting.Attendee{{Person: "outsider"}} },
		} {
			p := plan()
			change(&p)
			_, err := l.here.Plan(l.Context(), lead, "1", p)
			l.refused(name, err, hindcast.Invalid)
		}
	})
}

func TestInvitation(t *testing.T) {
	onBoth(t, func(l *library) {
		p := plan()
		p.Place = "Room 3; second floor,\nleft"
		m, err := l.here.Plan(l.Context(), lead, "1", p)
		l.ok(err)
		guest := func(id string) meeting.Guest {
			return meeting.Guest{Name: "Name \"of\" " + id, Email: id + "@example.org"}
		}
		request := string(meeting.Invitation(m, strings.Repeat("ü", 60), "https://h.example/p/1/meeting", "h.example", guest))
		whole := strings.ReplaceAll(request, "\r\n ", "")
		for _, want := range []string{"METHOD:REQUEST\r\n", "SEQUENCE:0\r\n", "UID:" + m.ID + "@h.example\r\n", "DTSTAMP:20240318T090000Z\r\n", "DTSTART:20240318T100000Z\r\n", "DTEND:20240318T113000Z\r\n",
			`LOCATION:Room 3\; second floor\, left`, "SUMMARY:Post-mortem #1: " + strings.Repeat("ü", 60) + "\r\n", `ORGANIZER;CN="Name 'of' lead":mailto:lead@example.org`, `mailto:engineer@example.org`, `Also: payments team`} {
			if !strings.Contains(whole, want) {
				l.Errorf("the invitation lacks %q:\n%s", want, request)
			}
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(request, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") || strings.ContainsRune(line, '\uFFFD') {
				l.Errorf("%q is no content line of at most 75 octets", line)
			}
		}
		p.StartsAt = p.StartsAt.Add(time.Hour)
		_, err = l.here.Replan(l.Context(), lead, "1", m.ID, p)
		l.ok(err)
		m, err = l.here.Cancel(l.Context(), lead, "1", m.ID)
		l.ok(err)
		canceled := string(meeting.Invitation(m, "x", "", "h.example", guest))
		for _, want := range []string{"METHOD:CANCEL\r\n", "STATUS:CANCELLED\r\n", "SEQUENCE:2\r\n", "UID:" + m.ID + "@h.example\r\n"} {
			if !strings.Contains(canceled, want) {
				l.Errorf("the cancellation lacks %q:\n%s", want, canceled)
			}
		}
		_, err = l.here.Plan(l.Context(), lead, "1", plan())
		l.ok(err) // there is room for another
	})
}

func TestParseAgenda(t *testing.T) {
	blocks, err := meeting.ParseAgenda("10 timeline What happened\n\n5  closing  Next steps\n")
	want := []meeting.Block{{Show: meeting.ShowTimeline, Title: "What happened", Minutes: 10}, {Show: meeting.ShowClosing, Title: "Next steps", Minutes: 5}}
	if diff := cmp.Diff(want, blocks); diff != "" || err != nil {
		t.Errorf("ParseAgenda: %v, -want +got:\n%s", err, diff)
	}
	if again, err := meeting.ParseAgenda(meeting.Lines(blocks)); err != nil || !cmp.Equal(again, blocks) {
		t.Errorf("read again: %+v, %v", again, err)
	}
	for _, text := range []string{"", "x timeline Y", "0 timeline Y", "5 dance Y", "5 timeline", "99999 timeline Y"} {
		if _, err := meeting.ParseAgenda(text); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("ParseAgenda(%q) = %v, want Invalid", text, err)
		}
	}
}

func TestPromptsFollowTheScreen(t *testing.T) {
	p := &hindcast.Postmortem{Timeline: []hindcast.Entry{{ID: "o", Kind: hindcast.Observed}, {ID: "d", Kind: hindcast.Decided}}, Factors: []hindcast.Factor{{ID: "f"}}}
	for shown, want := range map[string]string{
		"timeline/o": "What did you see that told you that?", "timeline/d": "Which options were there?", "factors/f": "What made that likely?", "actions/a": "Which factor does it answer?", "": "What happened before this?"} {
		if got := meeting.Prompts(p, meeting.ShowTimeline, shown); len(got) == 0 || got[0] != want {
			t.Errorf("on %q the first prompt is %q, want %q", shown, got, want)
		}
	}
	for _, s := range meeting.Shows() {
		if len(meeting.Prompts(p, s, "")) == 0 {
			t.Errorf("the block %s has no prompts", s)
		}
	}
}
