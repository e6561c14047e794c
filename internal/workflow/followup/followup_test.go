package followup_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/pattern/recur"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
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
)

// library is a library of actions with a clock that the test moves.
type library struct {
	*testing.T
	*followup.Service
	wf    *workflow.Service
	ctx   context.Context
	clock time.Time
	notes []workflow.Note
}

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
	t.Cleanup(func() { _ = st.Close() }) // the test is over
	blobs, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := &library{T: t, ctx: t.Context(), clock: time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return l.clock }
	l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Notify: func(_ context.Context, _ *sqldb.Tx, _ string, n workflow.Note) error {
		l.notes = append(l.notes, n)
		return nil
	}})
	l.Service = followup.New(followup.Config{Workflow: l.wf, DB: st.DB(), Now: now})
	return l
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *library) refused(what string, err error, want hindcast.Code) {
	l.Helper()
	if got := hindcast.CodeOf(err); got != want {
		l.Errorf("%s: error %v has code %q, want %q", what, err, got, want)
	}
}

// pm is what a post-mortem of a test is made of.
type pm struct {
	title, service string
	factor         hindcast.Factor
	actions        []hindcast.ActionItem
	days           int // that the incident began before the clock
	draft          bool
}

var pool = hindcast.Factor{Description: "Nobody watched the pool", Category: hindcast.MonitoringGap, Gap: hindcast.GapMonitoring}

// add writes a post-mortem, published unless it says otherwise.
func (l *library) add(p pm) *workflow.Document {
	l.Helper()
	began := l.clock.AddDate(0, 0, -p.days)
	d, err := l.wf.Create(l.ctx, lead, workflow.NewIncident{Title: p.title, Services: []string{p.service}, Severity: 2,
		Phases: hindcast.Phases{StartedAt: began, DetectedAt: began, ResolvedAt: began.Add(time.Hour)}})
	l.ok(err)
	changes := []part.Change{{Path: "category", Value: workflow.JSON(hindcast.MonitoringGap)}}
	if p.factor.Description != "" {
		changes = append(changes, part.Change{Path: "factors/f", Value: workflow.JSON(p.factor)})
	}
	for _, a := range p.actions {
		changes = append(changes, part.Change{Path: "actions/" + a.ID, Value: workflow.JSON(a)})
	}
	_, err = l.wf.Edit(l.ctx, lead, d.ID, changes, "")
	l.ok(err)
	if !p.draft {
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := l.wf.Move(l.ctx, lead, d.ID, to, "")
			l.ok(err)
		}
	}
	return d
}

// ids returns which actions a list holds, as INCIDENT/ACTION.
func (l *library) ids(v hindcast.Viewer, query string) string {
	l.Helper()
	q, err := url.ParseQuery(query)
	l.ok(err)
	page, err := l.List(l.ctx, v, followup.FilterOf(q))
	l.ok(err)
	return names(page.Items)
}

func names(rows []followup.Row) string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Title+"/"+r.Item.ID)
	}
	return strings.Join(out, " ")
}

func TestLists(t *testing.T) {
	onBoth(t, func(l *library) {
		today := hindcast.DateOf(l.clock)
		l.add(pm{title: "A", service: "Checkout", days: 10, actions: []hindcast.ActionItem{
			{ID: "late", Description: "x", Owner: "Platform team - Engineer A", Due: today.Add(-3), Priority: hindcast.PriorityHigh, Effects: []hindcast.Effect{hindcast.ImprovesDetection}},
			{ID: "soon", Description: "x", Owner: "platform team", Due: today.Add(3), Effects: hindcast.Effects()},
			{ID: "done", Description: "x", Owner: "Shop_team", Status: hindcast.ActionDone, Closed: today.Add(-2), Opened: today.Add(-9)},
		}})
		l.add(pm{title: "B", service: "search", days: 5, draft: true, actions: []hindcast.ActionItem{{ID: "mine", Description: "x"}}})
		for query, want := range map[string]string{
			"":                           "A/late A/soon B/mine",
			"state=all":                  "A/late A/soon A/done B/mine",
			"state=overdue":              "A/late",
			"state=done":                 "A/done",
			"state=stale":                "A/late B/mine",
			"team=Platform+team":         "A/late A/soon",
			"team=-":                     "B/mine",
			"owner=PLATFORM+TEAM":        "A/soon",
			"priority=high":              "A/late",
			"priority=-":                 "A/soon B/mine",
			"service=checkout":           "A/late A/soon",
			"effect=improves-detection":  "A/late A/soon",
			"effect=prevents-recurrence": "A/soon",
			"effect=%25":                 "",
			"severity=2&team=shop_team":  "",
			"state=all&team=shop_team":   "A/done",
			"state=all&team=shopxteam":   "",
			"state=all&closed_from=" + today.Add(-2).String() + "&closed_to=" + today.Add(-2).String(): "A/done",
			"state=all&closed_from=" + today.Add(-1).String():                                          "",
			"state=all&opened_to=" + today.Add(-9).String():                                            "A/done",
			"state=closed":                        "A/done",
			"state=carried-out":                   "A/done",
			"state=all&took=7":                    "A/done",
			"state=all&took=8":                    "",
			"severity=nonsense&opened_from=never": "A/late A/soon B/mine",
		} {
			if got := l.ids(lead, query); got != want {
				l.Errorf("%q lists %q, want %q", query, got, want)
			}
		}
		if got := l.ids(other, "state=all"); got != "A/late A/soon A/done" {
			l.Errorf("others see %q; drafts stay with those who write them", got)
		}
		if got := l.ids(other, "mine=1"); got != "A/late" {
			l.Errorf("the actions of one who is named as owner: %q", got)
		}
		if got := l.ids(hindcast.Viewer{}, "state=all"); got != "" {
			l.Errorf("nobody sees %q", got)
		}
		counts, err := l.Counts(l.ctx, other, followup.FilterOf(url.Values{"state": {"overdue"}}))
		l.ok(err)
		if counts[hindcast.ActionOpen] != 1 || counts[hindcast.ActionDone] != 0 {
			l.Errorf("Counts of what is overdue = %v", counts)
		}
		page, err := l.List(l.ctx, lead, followup.Filter{Limit: 2})
		l.ok(err)
		next, err := l.List(l.ctx, lead, followup.Filter{Limit: 2, After: page.Next})
		l.ok(err)
		if got := names(page.Items) + "|" + names(next.Items); got != "A/late A/soon|A/done B/mine" || next.Next != "" {
			l.Errorf("in pages %s", got)
		}
		_, err = l.List(l.ctx, lead, followup.Filter{After: "no mark"})
		l.refused("a damaged mark", err, hindcast.Invalid)
		choices, err := l.Choices(l.ctx, other)
		l.ok(err)
		if got := strings.Join(choices.Teams, ","); got != "platform team,shop_team" {
			l.Errorf("teams to choose from: %s", got)
		}
	})
}

func TestChanges(t *testing.T) {
	onBoth(t, func(l *library) {
		today := hindcast.DateOf(l.clock)
		a := l.add(pm{title: "A", service: "checkout", actions: []hindcast.ActionItem{{ID: "a", Description: "x", Owner: "Shop team"}, {ID: "b", Description: "y"}}})
		target := followup.Target{Incident: "#1", Action: "a"}
		row, err := l.Get(l.ctx, lead, "1", "a")
		l.ok(err)
		if !row.MayFollow || row.Base == "" {
			l.Errorf("the lead reads %+v, want that it may be changed", row)
		}
		seen, err := l.Get(l.ctx, other, a.ID, "a")
		l.ok(err)
		if seen.MayFollow {
			l.Error("who takes no part may change actions")
		}
		_, err = l.Change(l.ctx, other, target, followup.Change{To: hindcast.ActionDone})
		l.refused("a change by who takes no part", err, hindcast.Denied)
		_, err = l.Change(l.ctx, lead, target, followup.Change{})
		l.refused("no change", err, hindcast.Invalid)
		_, err = l.Change(l.ctx, lead, followup.Target{Incident: "1", Action: "c"}, followup.Change{To: hindcast.ActionDone})
		l.refused("an action that is not there", err, hindcast.NotFound)
		_, err = l.Change(l.ctx, lead, target, followup.Change{To: hindcast.ActionVerified})
		l.refused("verified at once", err, hindcast.Conflict)

		target.Base = row.Base
		_, err = l.Change(l.ctx, lead, target, followup.Change{To: hindcast.ActionDone})
		l.ok(err)
		_, err = l.Change(l.ctx, lead, target, followup.Change{To: hindcast.ActionInProgress, Reason: "not yet"})
		l.refused("from what is not so any more", err, hindcast.Conflict)
		target.Base = ""
		_, err = l.Change(l.ctx, lead, target, followup.Change{To: hindcast.ActionVerified, Verification: &hindcast.Verification{How: "it fired", By: "shop team"}})
		l.refused("the owner's silent word", err, hindcast.Invalid)
		verified, err := l.Change(l.ctx, lead, target, followup.Change{To: hindcast.ActionVerified, Verification: &hindcast.Verification{How: "it fired", By: "on-call engineer"}})
		l.ok(err)
		row, err = l.Get(l.ctx, lead, "1", "a")
		l.ok(err)
		if h := row.Item.History; row.Item.Status != hindcast.ActionVerified || len(h) != 2 || h[1].By != "lead" || row.Item.Verification.On != today {
			l.Errorf("verified it is %+v", row.Item)
		}
		l.ok(l.Undo(l.ctx, lead, []followup.Done{verified}))

		owner, due := "Payments team", today.Add(20)
		made, refused, err := l.ChangeAll(l.ctx, lead, []followup.Target{target, {Incident: a.ID, Action: "b"}, {Incident: a.ID, Action: "gone"}}, followup.Change{Owner: &owner, Due: &due})
		l.ok(err)
		if len(made) != 2 || len(refused) != 1 || refused[0].Action != "gone" || l.ids(lead, "state=all&owner=payments+team") != "A/a A/b" {
			l.Errorf("made %v, refused %v", made, refused)
		}
		l.ok(l.Undo(l.ctx, lead, made))
		if got := l.ids(lead, "state=all&owner=shop+team"); got != "A/a" {
			l.Errorf("after undo %q", got)
		}
		_, _, err = l.ChangeAll(l.ctx, lead, nil, followup.Change{Owner: &owner})
		l.refused("nothing chosen", err, hindcast.Invalid)
		_, refused, err = l.ChangeAll(l.ctx, reader, []followup.Target{target}, followup.Change{Owner: &owner})
		if l.ok(err); len(refused) != 1 {
			l.Error("a reader changes actions")
		}
	})
}

func TestReview(t *testing.T) {
	onBoth(t, func(l *library) {
		today := hindcast.DateOf(l.clock)
		l.add(pm{title: "A", service: "checkout", actions: []hindcast.ActionItem{
			{ID: "late", Description: "Alert on the pool", Owner: "Shop team", Due: today.Add(-3)},
			{ID: "later", Description: "x", Owner: "Shop team", Due: today.Add(3)},
			{ID: "still", Description: "x", Owner: "Shop team", Due: today.Add(40), Opened: today.Add(-28)},
			{ID: "unshown", Description: "x", Owner: "Shop team", Status: hindcast.ActionDone, Opened: today.Add(-30), Closed: today.Add(-14)},
			{ID: "again", Description: "x", Status: hindcast.ActionDeclined, Reason: "costly", Opened: today.Add(-99), Closed: today.Add(-90), Revisit: today},
			{ID: "nobody", Description: "x", Due: today.Add(50)},
		}})
		l.add(pm{title: "B", service: "search", draft: true, actions: []hindcast.ActionItem{{ID: "draft", Description: "x"}}})
		_, err := l.Begin(l.ctx, reader, "")
		l.refused("a review by a reader", err, hindcast.Denied)
		r, err := l.Begin(l.ctx, lead, "state=done&service=checkout")
		l.ok(err)
		state := func(v hindcast.Viewer) followup.Review {
			l.Helper()
			got, err := l.Review(l.ctx, v, r.ID)
			l.ok(err)
			return got
		}
		queue, err := l.Queue(l.ctx, lead, r)
		l.ok(err)
		if got := names(queue); got != "A/late A/still A/nobody A/again A/unshown" {
			l.Errorf("the review goes through %q", got)
		}
		var why []string
		for _, row := range queue {
			why = append(why, strings.Join(followup.Why(row.Item, row.Agreed, today), ", "))
		}
		if got, want := strings.Join(why, "; "), "due 2024-05-31, 3 days ago; open for 28 days; no owner; to be looked at again since 2024-06-03; done for 14 days, not verified"; got != want {
			l.Errorf("because %s, want %s", got, want)
		}
		look := func(v hindcast.Viewer, id string, outcome followup.Outcome, c followup.Change) error {
			l.clock = l.clock.Add(time.Second)
			_, err := l.Look(l.ctx, v, r.ID, followup.Target{Incident: "1", Action: id}, outcome, "a word", c)
			return err
		}
		due := today.Add(9)
		l.ok(look(lead, "late", followup.Changed, followup.Change{Due: &due}))
		l.ok(look(other, "still", followup.Kept, followup.Change{}))
		l.ok(look(other, "unshown", followup.Asked, followup.Change{}))
		l.ok(look(lead, "again", followup.Skipped, followup.Change{}))
		l.refused("a change by who takes no part", look(other, "nobody", followup.Changed, followup.Change{Due: &due}), hindcast.Denied)
		l.refused("changed without a change", look(lead, "nobody", followup.Changed, followup.Change{}), hindcast.Invalid)
		l.refused("an outcome that nobody knows", look(lead, "nobody", "fine", followup.Change{}), hindcast.Invalid)
		_, err = l.Look(l.ctx, other, r.ID, followup.Target{Incident: "2", Action: "draft"}, followup.Kept, "", followup.Change{})
		l.refused("looking at a draft of others", err, hindcast.NotFound)
		if got := state(lead); got.Left != 1 || got.Next == nil || got.Next.Item.ID != "nobody" || len(got.Looks) != 4 || got.Looks[0].ActionID != "again" {
			l.Errorf("the review stands at %+v", got)
		}
		if n := l.notes; len(n) != 1 || n[0].To[0] != "lead" || n[0].Path != "/actions/1/unshown" || !strings.Contains(n[0].Subject, "a word") {
			l.Errorf("told %+v, want the lead of what was asked", n)
		}
		row, err := l.Get(l.ctx, reader, "1", "still")
		l.ok(err)
		if row.Looked.PersonID != "other" || row.Looked.Outcome != followup.Kept {
			l.Errorf("last looked at %+v", row.Looked)
		}
		l.ok(l.End(l.ctx, lead, r.ID))
		l.refused("looking after the end", look(lead, "nobody", followup.Kept, followup.Change{}), hindcast.Conflict)
		l.refused("ending twice", l.End(l.ctx, lead, r.ID), hindcast.Conflict)
		if got := state(reader); got.Next != nil || got.Ended.IsZero() || len(got.Looks) != 4 {
			l.Errorf("after its end a reader sees %+v", got)
		}

		// The next one asks again for what was left out or skipped, and in a week for all.
		l.clock = l.clock.Add(time.Hour)
		if r, err = l.Begin(l.ctx, lead, ""); err != nil {
			l.Fatal(err)
		}
		queue, err = l.Queue(l.ctx, lead, r)
		if l.ok(err); names(queue) != "A/nobody A/again B/draft" {
			l.Errorf("the next review goes through %q", names(queue))
		}
		l.clock = l.clock.AddDate(0, 0, 7)
		queue, err = l.Queue(l.ctx, lead, r)
		if l.ok(err); !strings.Contains(names(queue), "A/still") {
			l.Errorf("a week later it goes through %q", names(queue))
		}
		reviews, err := l.Reviews(l.ctx, other, 5)
		if l.ok(err); len(reviews) != 2 || reviews[0].ID != r.ID || len(reviews[1].Looks) != 4 {
			l.Errorf("Reviews = %+v", reviews)
		}
		_, err = l.Review(l.ctx, hindcast.Viewer{}, r.ID)
		l.refused("a review for nobody", err, hindcast.NotFound)
	})
}

// TestNewIncidentEchoesOldActions begins a draft with the factor of an earlier
// incident, whose action is open, then done, then verified.
func TestNewIncidentEchoesOldActions(t *testing.T) {
	onBoth(t, func(l *library) {
		action := hindcast.ActionItem{ID: "a", Description: "Alert on the pool", Owner: "Shop team", Factors: []string{"f"}, Due: hindcast.DateOf(l.clock).Add(14)}
		old := l.add(pm{title: "Old", service: "Checkout", factor: pool, actions: []hindcast.ActionItem{action}, days: 30})
		l.add(pm{title: "Elsewhere", service: "search", factor: pool, actions: []hindcast.ActionItem{action}, days: 30})
		secret := l.add(pm{title: "Secret", service: "checkout", factor: pool, actions: []hindcast.ActionItem{action}, days: 20, draft: true})
		echoes := func(v hindcast.Viewer, d *workflow.Document) string {
			l.Helper()
			d, err := l.wf.Get(l.ctx, v, d.ID)
			l.ok(err)
			list, err := l.Echoes(l.ctx, v, d)
			l.ok(err)
			var out []string
			for _, e := range list {
				out = append(out, e.Title+" "+string(e.State))
			}
			return strings.Join(out, ", ")
		}
		now := l.add(pm{title: "Now", service: "checkout", draft: true})
		_, err := l.wf.Share(l.ctx, lead, now.ID, other.PersonID, access.Participant)
		l.ok(err)
		if got := echoes(other, now); got != "" {
			l.Errorf("without a factor: %q", got)
		}
		_, err = l.wf.Edit(l.ctx, lead, now.ID, []part.Change{{Path: "factors/again", Value: workflow.JSON(pool)}}, "")
		l.ok(err)
		if got := echoes(lead, now); got != "Secret open, Old open" {
			l.Errorf("the lead reads %q", got)
		}
		if got := echoes(other, now); got != "Old open" {
			l.Errorf("who takes no part in the secret one reads %q", got)
		}
		l.ok(l.wf.Remove(l.ctx, lead, secret.ID, "twice"))

		l.clock = l.clock.AddDate(0, 0, 20)
		if got := echoes(other, now); got != "Old overdue" {
			l.Errorf("past its day: %q", got)
		}
		at := followup.Target{Incident: old.ID, Action: "a"}
		_, err = l.Change(l.ctx, lead, at, followup.Change{To: hindcast.ActionDone})
		l.ok(err)
		if got := echoes(other, now); got != "Old too-late" {
			l.Errorf("done after it happened: %q", got)
		}
		l.clock = l.clock.AddDate(0, 0, 5)
		third := l.add(pm{title: "Third", service: "checkout", factor: pool, draft: true})
		if got := echoes(lead, third); got != "Old unverified" {
			l.Errorf("not verified: %q", got)
		}
		_, err = l.Change(l.ctx, lead, at, followup.Change{To: hindcast.ActionVerified, Verification: &hindcast.Verification{How: "it fired", By: "on-call engineer"}})
		l.ok(err)
		l.clock = l.clock.AddDate(0, 0, 5)
		fourth := l.add(pm{title: "Fourth", service: "checkout", factor: pool})
		if got := echoes(lead, fourth); got != "Old came-back" {
			l.Errorf("verified, and yet: %q", got)
		}
		d, err := l.wf.Get(l.ctx, other, old.ID)
		l.ok(err)
		since, err := l.Since(l.ctx, other, d, "a")
		if l.ok(err); len(since) != 2 || since[0].Title != "Fourth" || since[0].State != recur.CameBack || since[1].Title != "Now" {
			l.Errorf("the action says %+v, want the later incidents that one may read", since)
		}
		f, err := l.Figures(l.ctx, other, followup.Filter{}, 0)
		if l.ok(err); len(f.Lapses) != 1 || f.Lapses[0].Title != "Fourth" || f.Lapses[0].Action != "Alert on the pool" || f.CameBack != 1 {
			l.Errorf("the figures say %+v", f.Lapses)
		}
	})
}

// TestFigures counts by hand what TestFiguresByHand of package progress counts in
// memory: 3 of 4 items closed, one overdue, after 10, 4 and 2 days.
func TestFigures(t *testing.T) {
	onBoth(t, func(l *library) {
		today := hindcast.DateOf(l.clock)
		at := func(id string, status hindcast.ActionStatus, opened, closed int) hindcast.ActionItem {
			a := hindcast.ActionItem{ID: id, Description: "x", Owner: "Shop team - Engineer B", Status: status, Opened: today.Add(-opened), Due: today.Add(-1)}
			if closed >= 0 {
				a.Closed = today.Add(-closed)
			}
			if status == hindcast.ActionDeclined {
				a.Reason = "costly"
			}
			return a
		}
		l.add(pm{title: "A", service: "checkout", actions: []hindcast.ActionItem{
			at("a", hindcast.ActionDone, 30, 20), at("b", hindcast.ActionDone, 89, 85), at("c", hindcast.ActionDeclined, 9, 7), at("d", hindcast.ActionOpen, 3, -1), at("old", hindcast.ActionDone, 90, 5)}})
		l.add(pm{title: "B", service: "search", draft: true, actions: []hindcast.ActionItem{at("hidden", hindcast.ActionOpen, 3, -1)}})
		f, err := l.Figures(l.ctx, other, followup.Filter{}, followup.DefaultDays)
		l.ok(err)
		p := f.Plain
		if p.Total != 4 || p.Closed != 3 || *p.CompletionRate != 75 || p.Overdue != 1 || *p.AverageDays != 5.33 {
			l.Errorf("the figures of the method: %+v rate %v mean %v", p, *p.CompletionRate, *p.AverageDays)
		}
		if f.Open != 1 || f.Done != 2 || f.Declined != 1 || f.Teams[0].Name != "Shop team" || f.Time.N != 4 {
			l.Errorf("beside them: %+v", f)
		}
		mine, err := l.Figures(l.ctx, lead, followup.Filter{Service: "search"}, followup.DefaultDays)
		if l.ok(err); mine.Plain.Total != 1 {
			l.Errorf("of one service: %+v", mine.Plain)
		}
		d, err := l.Digest(l.ctx, lead)
		l.ok(err)
		if names(d.Overdue) != "A/d B/hidden" || names(d.Closed) != "A/old" || d.Empty() || d.Figures.Plain.Total != 5 {
			l.Errorf("the digest: overdue %q, closed %q, of %d", names(d.Overdue), names(d.Closed), d.Figures.Plain.Total)
		}
		if d, err = l.Digest(l.ctx, reader); err != nil || !d.Empty() {
			l.Errorf("the digest of who has nothing to do: %+v, %v", d, err)
		}
	})
}

func TestKeptFilters(t *testing.T) {
	onBoth(t, func(l *library) {
		x, err := l.SaveView(l.ctx, other, " Late ones ", "?state=overdue&team=shop&after=xyz&evil=1"[1:])
		l.ok(err)
		if x.Name != "Late ones" || x.Query != "state=overdue&team=shop" {
			l.Errorf("kept as %+v", x)
		}
		_, err = l.SaveView(l.ctx, other, "Nothing", "after=x")
		l.refused("a filter of nothing", err, hindcast.Invalid)
		_, err = l.SaveView(l.ctx, other, "", "state=done")
		l.refused("a filter without a name", err, hindcast.Invalid)
		if list, err := l.Views(l.ctx, lead); err != nil || len(list) != 0 {
			l.Errorf("others see %v, %v", list, err)
		}
		l.ok(l.RemoveView(l.ctx, other, "Late ones"))
		if list, err := l.Views(l.ctx, other); err != nil || len(list) != 0 {
			l.Errorf("after removing: %v, %v", list, err)
		}
	})
}
