package workflow_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sample"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead   = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	other  = hindcast.Viewer{PersonID: "other", Name: "Engineer A", Role: hindcast.RoleMember}
	reader = hindcast.Viewer{PersonID: "reader", Name: "Reader", Role: hindcast.RoleReader}
	admin  = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
)

// library is a service with a clock that the test moves.
type library struct {
	*workflow.Service
	*testing.T
	ctx    context.Context
	clock  time.Time
	events []workflow.Event
}

// onBoth runs a story on SQLite and on PostgreSQL.
func onBoth(t *testing.T, story func(l *library)) {
	t.Run("sqlite", func(t *testing.T) { story(open(t, filepath.Join(t.TempDir(), "hindcast.db"))) })
	t.Run("postgres", func(t *testing.T) { story(open(t, postgres.URL(t))) })
}

func open(t *testing.T, url string) *library {
	t.Helper()
	st, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	l := &library{T: t, ctx: t.Context(), clock: time.Date(2024, 3, 18, 9, 0, 0, 0, time.UTC)}
	l.Service = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: func() time.Time { return l.clock },
		Announce: func(_ context.Context, _ *sqldb.Tx, e workflow.Event) error {
			l.events = append(l.events, e)
			return nil
		}})
	return l
}

// ok fails the test when something went wrong.
func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// refused checks the code of an error.
func (l *library) refused(what string, err error, want hindcast.Code) {
	l.Helper()
	if got := hindcast.CodeOf(err); got != want {
		l.Errorf("%s: error %v has code %q, want %q", what, err, got, want)
	}
}

func (l *library) create(title string) *workflow.Document {
	l.Helper()
	d, err := l.Create(l.ctx, lead, workflow.NewIncident{Title: title, Severity: 2})
	l.ok(err)
	return d
}

func (l *library) get(v hindcast.Viewer, ref string) *workflow.Document {
	l.Helper()
	d, err := l.Get(l.ctx, v, ref)
	l.ok(err)
	return d
}

// edit sets one part.
func (l *library) edit(v hindcast.Viewer, id, path string, value any) workflow.Saved {
	l.Helper()
	saved, err := l.Edit(l.ctx, v, id, []part.Change{change(path, value)}, "")
	l.ok(err)
	return saved
}

func change(path string, value any) part.Change {
	c := part.Change{Path: path}
	if value != nil {
		c.Value = workflow.JSON(value)
	}
	return c
}

// evidence returns files of the first sample incident whose names keep lets
// through.
func evidence(t *testing.T, keep func(name string) bool) []workflow.File {
	t.Helper()
	files := sample.All()[0].Files()
	var out []workflow.File
	err := fs.WalkDir(files, "evidence", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && keep(name) {
			out = append(out, workflow.File{Name: strings.TrimPrefix(name, "evidence/"), Size: -1,
				Open: func() (io.ReadCloser, error) { return files.Open(name) }})
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("no evidence: %v", err)
	}
	return out
}

func all(string) bool { return true }

func TestDraftFromEvidence(t *testing.T) {
	onBoth(t, func(l *library) {
		d, err := l.Draft(l.ctx, lead, workflow.NewIncident{Severity: 1}, evidence(t, all), nil)
		l.ok(err)
		inc := d.Post.Incident
		if inc.Title == "" || strings.HasPrefix(inc.Title, "Untitled") {
			l.Errorf("title = %q, want one from the evidence", inc.Title)
		}
		if m := inc.Metrics(); m.TimeToDetect == nil || *m.TimeToDetect != 105 || *m.TimeToAcknowledge != 25 || *m.Duration != 23*60 {
			l.Errorf("metrics = %+v, want 105 s, 25 s and 23 min", m)
		}
		if !d.Required || d.PublishDue.IsZero() {
			l.Errorf("required %t, due %s, want a day", d.Required, d.PublishDue)
		}
		rows, err := l.Evidence(l.ctx, lead, d.ID)
		l.ok(err)
		if len(rows) != len(d.Post.Evidence) || rows[0].Format == "" {
			l.Errorf("%d files are kept and %d in the document; the first is %+v", len(rows), len(d.Post.Evidence), rows[0])
		}
		ref := d.Post.Timeline[0].Evidence[0]
		_, lines, err := l.Lines(l.ctx, lead, d.ID, ref.File, ref.Line, ref.Line)
		l.ok(err)
		if len(lines) != 1 || lines[0].Text == "" {
			l.Errorf("lines behind %s = %v", ref, lines)
		}
		tl, err := l.Timeline(l.ctx, lead, d.ID)
		l.ok(err)
		if len(tl.Entries) <= len(d.Post.Timeline) {
			l.Errorf("%d candidates, %d entries; want more candidates", len(tl.Entries), len(d.Post.Timeline))
		}
		charts, err := l.Charts(l.ctx, lead, d.ID)
		l.ok(err)
		if len(charts) == 0 || charts[0].Name != "service:http_success_ratio" || len(charts[0].Shifts) == 0 {
			l.Errorf("%d charts, want the success ratio with its shift first", len(charts))
		}
		replayed, err := l.Replay(l.ctx, lead, d.ID, "service:http_success_ratio < 0.95 for 30s")
		l.ok(err)
		if replayed.EarlierS == nil || *replayed.EarlierS != 30 || replayed.False != 0 {
			l.Errorf("replay says %q, want 30 s earlier", replayed.Verdict())
		}
		if _, err := l.Replay(l.ctx, lead, d.ID, "ratio >"); hindcast.CodeOf(err) != hindcast.Invalid {
			l.Errorf("a rule that is not understood gave %v", err)
		}
		for _, v := range []hindcast.Viewer{other, reader} {
			if _, err := l.Replay(l.ctx, v, d.ID, "x > 1"); err == nil {
				l.Errorf("%s replayed a rule over evidence of a draft of others", v.Name)
			}
			if charts, err := l.Charts(l.ctx, v, d.ID); err == nil && len(charts) > 0 {
				l.Errorf("%s sees charts of a draft of others", v.Name)
			}
		}
	})
}

func TestEvidenceAddedLaterKeepsEdits(t *testing.T) {
	onBoth(t, func(l *library) {
		d, err := l.Draft(l.ctx, lead, workflow.NewIncident{}, evidence(t, func(name string) bool { return !strings.Contains(name, "slack") }), nil)
		l.ok(err)
		before := len(d.Post.Timeline)
		corrected, removed := d.Post.Timeline[0], d.Post.Timeline[1]
		corrected.Title = "Corrected by hand"
		l.edit(lead, d.ID, "timeline/"+corrected.ID, corrected)
		l.edit(lead, d.ID, "timeline/"+removed.ID, nil)
		l.edit(lead, d.ID, "timeline/mine", hindcast.Entry{At: corrected.At.Add(time.Minute), Title: "Remembered", Kind: hindcast.Observed, Actor: hindcast.Actor{Name: "on-call engineer", Kind: hindcast.Person}})
		l.edit(lead, d.ID, "sections/summary", hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: "Told by a person.\n"})

		added, _, err := l.AddEvidence(l.ctx, lead, d.ID, evidence(t, all))
		l.ok(err)
		if len(added) == 0 || !slices.ContainsFunc(added, func(r store.EvidenceRow) bool { return strings.Contains(r.Name, "slack") }) {
			l.Fatalf("added %d files, want the chat only", len(added))
		}
		rebuilt, err := l.Rebuild(l.ctx, lead, d.ID, nil)
		l.ok(err)
		if len(rebuilt.Kept) == 0 {
			l.Error("the rebuild tells of nothing that was kept")
		}
		after := l.get(lead, d.ID).Post
		find := func(id string) *hindcast.Entry {
			i := slices.IndexFunc(after.Timeline, func(e hindcast.Entry) bool { return e.ID == id })
			if i < 0 {
				return nil
			}
			return &after.Timeline[i]
		}
		if e := find(corrected.ID); e == nil || e.Title != "Corrected by hand" {
			l.Errorf("the corrected entry is %+v", e)
		}
		if find(removed.ID) != nil {
			l.Error("a removed entry came back")
		}
		if find("mine") == nil {
			l.Error("an entry written by hand is gone")
		}
		if len(after.Timeline) <= before {
			l.Errorf("%d entries after the chat was added, %d before; want more", len(after.Timeline), before)
		}
		if s := after.Section(hindcast.SectionSummary); s.Text != "Told by a person.\n" {
			l.Errorf("the summary is %q", s.Text)
		}
		again, err := l.Rebuild(l.ctx, lead, d.ID, nil)
		l.ok(err)
		if again.Revision != 0 {
			l.Error("rebuilding the same evidence changed the document")
		}
	})
}

func TestWhoSeesWhat(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Checkout failed")
		for _, v := range []hindcast.Viewer{other, reader, admin, {}} {
			_, err := l.Get(l.ctx, v, d.ID)
			l.refused("a draft read by "+v.Name, err, hindcast.NotFound)
			_, err = l.Edit(l.ctx, v, d.ID, []part.Change{change("title", "x")}, "")
			l.refused("a draft edited by "+v.Name, err, hindcast.NotFound)
		}
		_, err := l.Share(l.ctx, other, d.ID, "other", access.Lead)
		l.refused("sharing with oneself", err, hindcast.NotFound)
		_, err = l.Share(l.ctx, lead, d.ID, "other", access.Participant)
		l.ok(err)
		l.edit(other, d.ID, "owner", "Payments team")
		_, err = l.Move(l.ctx, other, d.ID, hindcast.StatusInReview, "")
		l.ok(err)
		_, err = l.Move(l.ctx, other, d.ID, hindcast.StatusApproved, "")
		l.refused("approval by a participant", err, hindcast.Denied)
		for _, to := range []hindcast.Status{hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err = l.Move(l.ctx, lead, d.ID, to, "")
			l.ok(err)
		}
		l.get(reader, d.ID)
		_, err = l.Edit(l.ctx, lead, d.ID, []part.Change{change("title", "x")}, "")
		l.refused("editing what is published", err, hindcast.Conflict)
		l.edit(lead, d.ID, "actions/a", hindcast.ActionItem{Description: "Add an alert on the queue length"})

		_, err = l.SetPrivate(l.ctx, lead, d.ID, true, "")
		l.refused("privacy without a reason", err, hindcast.Invalid)
		_, err = l.SetPrivate(l.ctx, lead, d.ID, true, "personal data of a customer")
		l.ok(err)
		_, err = l.Get(l.ctx, reader, d.ID)
		l.refused("a private one read by a reader", err, hindcast.NotFound)
		for _, v := range []hindcast.Viewer{reader, admin} {
			page, err := l.List(l.ctx, v, store.Filter{})
			l.ok(err)
			hits, err := l.Search(l.ctx, v, store.Search{Text: "checkout"})
			l.ok(err)
			actions, err := l.Actions(l.ctx, v, store.ActionFilter{})
			l.ok(err)
			if len(page.Items)+len(hits.Items)+len(actions.Items) != 0 {
				l.Errorf("%s finds a private one: %v %v %v", v.Name, page.Items, hits.Items, actions.Items)
			}
		}
		_, err = l.Join(l.ctx, admin, d.ID, "the lead has left")
		l.ok(err)
		l.get(admin, d.ID)
		l.ok(l.Unshare(l.ctx, lead, d.ID, "lead"))
		l.refused("the last lead leaves", l.Unshare(l.ctx, admin, d.ID, "admin"), hindcast.Conflict)
	})
}

func TestStaleEditShowsBothVersions(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("First title")
		seen := d.Tags()["title"]
		l.edit(lead, d.ID, "title", "Second title")
		c := change("title", "Third title")
		c.Base = &seen
		_, err := l.Edit(l.ctx, lead, d.ID, []part.Change{c}, "")
		l.refused("a stale edit", err, hindcast.Conflict)
		var conflicts workflow.Conflicts
		if !errors.As(err, &conflicts) || string(conflicts[0].Theirs) != `"Second title"` || string(conflicts[0].Yours) != `"Third title"` {
			l.Errorf("conflict = %+v, want both titles", err)
		}
		c.Base = &conflicts[0].Tag
		_, err = l.Edit(l.ctx, lead, d.ID, []part.Change{c}, "")
		l.ok(err)
		if got := l.get(lead, d.ID).Post.Incident.Title; got != "Third title" {
			l.Errorf("title = %q after deciding", got)
		}
	})
}

func TestEditThatBreaksARuleNamesTheField(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Checkout failed")
		_, err := l.Edit(l.ctx, lead, d.ID, []part.Change{
			change("actions/a", hindcast.ActionItem{Priority: "urgent"}),
			change("title", nil),
		}, "")
		l.refused("a bad edit", err, hindcast.Invalid)
		var faults workflow.Faults
		if !errors.As(err, &faults) {
			l.Fatalf("error = %v, want Faults", err)
		}
		var got []string
		for _, f := range faults {
			got = append(got, f.Path+" "+f.Field)
		}
		slices.Sort(got)
		if d := cmp.Diff([]string{"actions/a description", "actions/a priority", "title "}, got); d != "" {
			l.Errorf("faults differ (-want +got):\n%s", d)
		}
	})
}

func TestUndoAndHistory(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("First title")
		start := d.Post
		first := l.edit(lead, d.ID, "title", "Second title")
		second := l.edit(lead, d.ID, "owner", "Payments team")
		_, err := l.Undo(l.ctx, lead, d.ID, first.Revision)
		l.ok(err)
		if now := l.get(lead, d.ID).Post; now.Incident.Title != "First title" || now.Owner != "Payments team" {
			l.Errorf("after undo: title %q, owner %q", now.Incident.Title, now.Owner)
		}
		_, err = l.Undo(l.ctx, lead, d.ID, first.Revision)
		l.refused("undoing what has changed since", err, hindcast.Conflict)
		then, err := l.At(l.ctx, lead, d.ID, first.Revision)
		l.ok(err)
		if then.Incident.Title != "Second title" || then.Owner != "" {
			l.Errorf("at revision %d: title %q, owner %q", first.Revision, then.Incident.Title, then.Owner)
		}
		began, err := l.At(l.ctx, lead, d.ID, 0)
		l.ok(err)
		if diff := cmp.Diff(start, began, cmpopts.EquateEmpty()); diff != "" {
			l.Errorf("at the beginning (-want +got):\n%s", diff)
		}
		_, err = l.BringBack(l.ctx, lead, d.ID, second.Revision)
		l.ok(err)
		if now := l.get(lead, d.ID).Post; now.Incident.Title != "Second title" {
			l.Errorf("after bringing back: title %q", now.Incident.Title)
		}
	})
}

func TestWritingOnIsOneRevision(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Checkout failed")
		write := func(text string) int64 {
			return l.edit(lead, d.ID, "sections/summary", hindcast.Section{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: text}).Revision
		}
		first := write("One.\n")
		l.clock = l.clock.Add(time.Minute)
		if again := write("One. Two.\n"); again != first {
			l.Errorf("writing on is revision %d, want %d", again, first)
		}
		l.clock = l.clock.Add(time.Hour)
		if later := write("One. Two. Three.\n"); later == first {
			l.Error("writing an hour later is the same revision")
		}
	})
}

func TestEventsFollowWrites(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.create("Checkout failed")
		l.edit(lead, d.ID, "owner", "Payments team")
		_, err := l.Move(l.ctx, lead, d.ID, hindcast.StatusInReview, "")
		l.ok(err)
		var got []workflow.EventKind
		for _, e := range l.events {
			got = append(got, e.Kind)
		}
		want := []workflow.EventKind{workflow.IncidentCreated, workflow.PostmortemChanged, workflow.PostmortemMoved}
		if diff := cmp.Diff(want, got); diff != "" {
			l.Errorf("events differ (-want +got):\n%s", diff)
		}
		audit, err := l.Audit(l.ctx, lead, store.AuditFilter{IncidentID: d.ID})
		l.ok(err)
		if len(audit.Items) != 3 {
			l.Errorf("%d lines of audit, want 3", len(audit.Items))
		}
	})
}

func TestBuildInTheBackground(t *testing.T) {
	onBoth(t, func(l *library) {
		d, err := l.Begin(l.ctx, lead, workflow.NewIncident{}, evidence(t, all))
		l.ok(err)
		ctx, cancel := context.WithCancel(l.ctx)
		b, err := l.StartBuild(ctx, lead, d.ID)
		l.ok(err)
		cancel() // whoever started it went away
		<-b.Done()
		p := b.Progress()
		if p.State != workflow.BuildDone || p.Result == nil || p.Result.Entries == 0 {
			l.Errorf("progress = %+v, want a timeline", p)
		}
		if _, err := l.Building(other, b.ID); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("another person's build = %v, want not found", err)
		}
		if l.get(lead, d.ID).Post.Incident.DetectedAt.IsZero() {
			l.Error("the document has no detection")
		}
	})
}

func TestSameKeyCreatesOnce(t *testing.T) {
	onBoth(t, func(l *library) {
		n := workflow.NewIncident{Title: "Checkout failed", Key: "run-1"}
		first, err := l.Create(l.ctx, lead, n)
		l.ok(err)
		again, err := l.Create(l.ctx, lead, n)
		l.ok(err)
		if again.ID != first.ID {
			l.Error("the same key created a second incident")
		}
		if others, err := l.Create(l.ctx, other, n); err != nil || others.ID == first.ID {
			l.Errorf("another person's key = %v, %v, want one of their own", others, err)
		}
		l.clock = l.clock.AddDate(0, 0, 8)
		later, err := l.Create(l.ctx, lead, n)
		l.ok(err)
		if later.ID == first.ID {
			l.Error("the key is remembered for more than a week")
		}
	})
}
