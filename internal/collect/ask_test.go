package collect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// begin begins a post-mortem and returns its id, with the connection that is asked.
func (l *library) begin() (incident, endpoint string) {
	l.Helper()
	d, err := l.wf.Create(l.Context(), admin, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident, Severity: 1})
	l.ok(err)
	places, err := l.out.Askable(l.Context(), member)
	l.ok(err)
	if len(places) != 1 || places[0].Name != "Metrics" {
		l.Fatalf("%+v can be asked, want the metrics", places)
	}
	return d.ID, places[0].ID
}

func TestAQueryForOneIncident(t *testing.T) {
	onBoth(t, func(l *library) {
		id, end := l.begin()
		q := collect.Question{EndpointID: end, Queries: []string{" up ", "", "down"}, From: at(0), To: at(60)}
		rows, err := l.Ask(l.Context(), admin, id, q)
		l.ok(err)
		if len(rows) != 2 {
			l.Fatalf("%d files were added, want 2", len(rows))
		}
		want := []connector.Window{{From: at(0), To: at(60), Query: "up"}, {From: at(0), To: at(60), Query: "down"}}
		if diff := cmp.Diff(want, l.metrics.asked); diff != "" {
			l.Errorf("asked (-want +got):\n%s", diff)
		}
		_, err = l.wf.Rebuild(l.Context(), admin, id, nil)
		l.ok(err)
		kept, err := l.wf.Evidence(l.Context(), admin, id)
		l.ok(err)
		for i, want := range []string{"up", "down"} {
			if e := kept[i]; e.Query != want || e.Source != "Metrics" || !e.FetchedAt.Equal(l.now) || e.Name != "Metrics/"+want+".ndjson" {
				l.Errorf("after the timeline was built: %+v, want query %s of Metrics", e.Evidence, want)
			}
		}
		audit, err := sqldb.All(l.Context(), l.DB, func(scan func(...any) error) (s string, err error) { return s, scan(&s) }, `select detail from audit where act = 'evidence.ask'`)
		l.ok(err)
		if len(audit) != 1 || !strings.Contains(audit[0], `["up","down"]`) {
			l.Errorf("the audit trail has %q, want what was asked", audit)
		}
	})
}

func TestWhatIsNotAsked(t *testing.T) {
	onBoth(t, func(l *library) {
		id, end := l.begin()
		good := collect.Question{EndpointID: end, Queries: []string{"up"}, From: at(0), To: at(60)}
		for name, c := range map[string]struct {
			change func(*collect.Question)
			code   hindcast.Code
			says   string
		}{
			"no query":         {func(q *collect.Question) { q.Queries = []string{" ", ""} }, hindcast.Invalid, "queries: write between"},
			"too many":         {func(q *collect.Question) { q.Queries = strings.Split(strings.Repeat("up ", 21), " ") }, hindcast.Invalid, "queries: write between"},
			"too long":         {func(q *collect.Question) { q.Queries = []string{strings.Repeat("u", 5000)} }, hindcast.Invalid, "queries: one is longer"},
			"no beginning":     {func(q *collect.Question) { q.From = time.Time{} }, hindcast.Invalid, "from: enter"},
			"backwards":        {func(q *collect.Question) { q.To = at(-1) }, hindcast.Invalid, "to: it has to be after"},
			"too wide":         {func(q *collect.Question) { q.To = at(60 * 24 * 40) }, hindcast.Invalid, "to: ask for at most"},
			"refused":          {func(q *collect.Question) { q.Queries = []string{"up", "sum("} }, hindcast.Invalid, "queries: line 2: 1:5: unclosed left parenthesis"},
			"refused alone":    {func(q *collect.Question) { q.Queries = []string{"sum("} }, hindcast.Invalid, "queries: 1:5: unclosed left parenthesis"},
			"finds nothing":    {func(q *collect.Question) { q.Queries = []string{"nothing", "up"} }, hindcast.Invalid, "queries: line 1: it finds nothing"},
			"the pager":        {func(q *collect.Question) { q.EndpointID = l.endpoint }, hindcast.Invalid, "Pager answers no queries"},
			"no such endpoint": {func(q *collect.Question) { q.EndpointID = "x" }, hindcast.NotFound, "no endpoint"},
		} {
			q := good
			c.change(&q)
			if _, err := l.Ask(l.Context(), admin, id, q); hindcast.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				l.Errorf("%s: %v, want %s with %q", name, err, c.code, c.says)
			}
		}
		if _, err := l.Ask(l.Context(), member, id, good); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("of a draft that is not shared: %v, want %s", err, hindcast.NotFound)
		}
		no := false
		_, _, err := l.out.PutEndpoint(l.Context(), admin, deliver.Put{ID: end, Name: "Metrics", Asked: &no})
		l.ok(err)
		_, _, err = l.out.PutEndpoint(l.Context(), admin, deliver.Put{ID: end, Name: "Metrics"})
		l.ok(err) // it stays
		if _, err := l.Ask(l.Context(), admin, id, good); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("where none are allowed: %v, want %s", err, hindcast.Denied)
		}
		if places, err := l.out.Askable(l.Context(), member); err != nil || len(places) != 0 {
			l.Errorf("%+v, %v can be asked, want none", places, err)
		}
		if rows, err := l.wf.Evidence(l.Context(), admin, id); err != nil || len(rows) != 0 {
			l.Errorf("%d files, %v were kept, want none", len(rows), err)
		}
	})
}

func TestAround(t *testing.T) {
	now := at(600)
	var pm hindcast.Postmortem
	pm.Incident.StartedAt, pm.Incident.ResolvedAt = at(10), at(70)
	begun := hindcast.Postmortem{Timeline: []hindcast.Entry{{At: at(30)}, {At: at(20)}, {}}}
	fresh := pm
	fresh.Incident.ResolvedAt = at(590)
	for name, c := range map[string]struct {
		pm       hindcast.Postmortem
		from, to time.Time
	}{
		"phases":   {pm, at(-50), at(100)},
		"timeline": {begun, at(-40), at(60)},
		"just now": {fresh, at(-50), now},
		"no times": {hindcast.Postmortem{}, at(420), now},
	} {
		if from, to := collect.Around(&c.pm, now); !from.Equal(c.from) || !to.Equal(c.to) {
			t.Errorf("%s: %v to %v, want %v to %v", name, from, to, c.from, c.to)
		}
	}
}

// TestWhatASourceLacksStandsWithTheEvidence keeps what sources did not have, once,
// until they are asked again.
func TestWhatASourceLacksStandsWithTheEvidence(t *testing.T) {
	onBoth(t, func(l *library) {
		l.metrics.lacks = []string{"events before 17:10", "statuses, which the token may not read"}
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		l.tell("n2", connector.IncidentResolved, at(60), "P1")
		l.later(5 * time.Minute)
		id := l.only().IncidentID
		notes := func(v hindcast.Viewer) []collect.SourceNote {
			list, err := l.Notes(l.Context(), v, id)
			l.ok(err)
			return list
		}
		want := []collect.SourceNote{{Source: "Metrics", Text: "events before 17:10"}, {Source: "Metrics", Text: "statuses, which the token may not read"}}
		if diff := cmp.Diff(want, notes(admin), cmpopts.IgnoreFields(collect.SourceNote{}, "At")); diff != "" {
			l.Errorf("notes (-want +got):\n%s", diff)
		}
		if !strings.Contains(l.only().Said, "Metrics: events before 17:10") {
			l.Errorf("the episode says %q", l.only().Said)
		}
		if list, err := l.Notes(l.Context(), member, id); hindcast.CodeOf(err) != hindcast.NotFound || list != nil {
			l.Errorf("who may not see it is told %v, %v", list, err)
		}
		places, err := l.out.Askable(l.Context(), admin)
		l.ok(err)
		l.metrics.lacks = []string{"events before 17:10"}
		_, err = l.Ask(l.Context(), admin, id, collect.Question{EndpointID: places[0].ID, Queries: []string{"up"}, From: at(0), To: at(60)})
		if l.ok(err); len(notes(admin)) != 2 {
			l.Errorf("what was said is said again: %+v", notes(admin))
		}
		l.metrics.lacks = nil
		l.ok(l.Draft(l.Context(), admin, l.only().ID))
		if l.later(0); len(notes(admin)) != 0 {
			l.Errorf("everything is there, and it says %+v", notes(admin))
		}
	})
}
