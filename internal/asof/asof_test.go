package asof_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/sample"
)

func at(s string) time.Time {
	t, err := time.Parse(time.DateTime, "2024-03-15 "+s)
	if err != nil {
		panic(err)
	}
	return t
}

func ref(line int) []hindcast.Ref { return []hindcast.Ref{{File: "a.log", Line: line}} }

// outage has one of everything that becomes known at a moment.
func outage() hindcast.Postmortem {
	seven := 7.0
	return hindcast.Postmortem{
		Incident: hindcast.Incident{
			Phases: hindcast.Phases{StartedAt: at("10:00:00"), DetectedAt: at("10:05:00"), ResolvedAt: at("10:30:00")},
			Impact: hindcast.Impact{
				Users: hindcast.Number{State: hindcast.Measured, Value: &seven, Evidence: ref(3)},
				SLOs:  []hindcast.SLO{{ID: "s", Name: "availability", Target: 99.9, Outcome: hindcast.SLOViolated, Budget: hindcast.Number{State: hindcast.Pending}}},
			},
		},
		Sections: []hindcast.Section{{Kind: hindcast.SectionSummary, Heading: "Summary", Text: "told afterwards"}},
		Timeline: []hindcast.Entry{
			{ID: "cause", At: at("10:00:00"), KnownAt: at("11:00:00"), Title: "the migration fails", Key: true, Evidence: ref(1)},
			{ID: "alert", At: at("10:05:00"), KnownAt: at("10:05:00").Add(400 * time.Millisecond), Until: at("10:29:00"), Title: "alert", Key: true, Evidence: ref(3)},
			{ID: "decide", At: at("10:10:00"), KnownAt: at("10:10:00"), Title: "roll back", Key: true, Kind: hindcast.Decided,
				Decision: &hindcast.Decision{Question: "What to do?", Known: []string{"alert", "cause"}}},
			{ID: "well", At: at("10:30:00"), KnownAt: at("10:30:00"), Title: "resolved", Key: true},
			{ID: "memory", Title: "somebody restarted a pod"},
		},
		Factors: []hindcast.Factor{
			{ID: "migration", Description: "the migration was not tried with data", Evidence: ref(1), LedTo: []hindcast.Edge{{To: hindcast.Outcome}}},
			{ID: "alarm", Description: "the alert is quick", Evidence: ref(3), LedTo: []hindcast.Edge{{To: "migration"}, {To: hindcast.Outcome}}},
			{ID: "culture", Description: "nobody reviews migrations"},
		},
		Observations: []hindcast.Observation{{ID: "book", Text: "there was no runbook"}},
		Actions:      []hindcast.ActionItem{{ID: "a", Description: "try migrations with data"}},
	}
}

func ids(items []asof.Item) []string {
	var out []string
	for _, i := range items {
		out = append(out, string(i.Kind)+" "+i.ID)
	}
	return out
}

func TestAt(t *testing.T) {
	tests := []struct {
		name                  string
		at                    time.Time
		known, unknown, later []string
	}{
		{"before all", at("09:59:59"), nil,
			[]string{"factor alarm", "number impact/users", "factor migration", "number s/budget", "factor culture", "observation book", "entry memory"},
			[]string{"entry alert", "phase detected_at", "entry decide", "entry well", "phase resolved_at", "entry cause", "phase started_at"}},
		{"within the second of the alert", at("10:05:00"), []string{"entry alert", "phase detected_at", "number impact/users", "factor alarm"},
			[]string{"entry cause", "phase started_at", "factor migration", "number s/budget", "factor culture", "observation book", "entry memory"},
			[]string{"entry decide", "entry well", "phase resolved_at"}},
		{"when the cause was found", at("11:00:00"),
			[]string{"entry alert", "phase detected_at", "number impact/users", "factor alarm", "entry decide", "entry well", "phase resolved_at", "entry cause", "phase started_at", "factor migration"},
			[]string{"number s/budget", "factor culture", "observation book", "entry memory"}, nil},
		{"afterwards", at("11:00:01"),
			[]string{"entry alert", "phase detected_at", "number impact/users", "factor alarm", "entry decide", "entry well", "phase resolved_at", "entry cause", "phase started_at", "factor migration", "number s/budget", "factor culture", "observation book"},
			[]string{"entry memory"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := asof.At(outage(), tt.at)
			got := [][]string{ids(v.Known), ids(v.Unknown), ids(v.Later)}
			sets := func(x [][]string) []map[string]bool {
				var out []map[string]bool
				for _, l := range x {
					m := map[string]bool{}
					for _, s := range l {
						m[s] = true
					}
					out = append(out, m)
				}
				return out
			}
			if d := cmp.Diff(sets([][]string{tt.known, tt.unknown, tt.later}), sets(got)); d != "" {
				t.Errorf("known, unknown, later: -want +got:\n%s", d)
			}
			want := 0
			for _, id := range slices.Concat(tt.unknown, tt.later) {
				if !strings.HasPrefix(id, "phase ") {
					want++
				}
			}
			if got := v.Hidden(); got != want {
				t.Errorf("Hidden() = %d, want %d", got, want)
			}
		})
	}
}

func TestApplyLeavesOutWhatNobodyKnew(t *testing.T) {
	p := outage()
	got := asof.At(p, at("10:10:00")).Apply(p)
	if d := cmp.Diff(outage(), p); d != "" {
		t.Errorf("Apply changed its argument:\n%s", d)
	}
	if len(got.Timeline) != 2 || got.Timeline[0].ID != "alert" || !got.Timeline[0].Until.IsZero() {
		t.Errorf("timeline %+v, want the alert, whose end nobody had seen, and the decision", got.Timeline)
	}
	if d := got.Timeline[1].Decision; len(d.Known) != 1 || d.Known[0] != "alert" {
		t.Errorf("the decision knows %v, want the alert alone", d.Known)
	}
	if len(got.Factors) != 1 || len(got.Factors[0].LedTo) != 1 || got.Factors[0].LedTo[0].To != hindcast.Outcome {
		t.Errorf("factors %+v, want one without the link to what nobody knew", got.Factors)
	}
	if !got.Incident.StartedAt.IsZero() || got.Incident.DetectedAt.IsZero() || !got.Incident.ResolvedAt.IsZero() {
		t.Errorf("phases %+v, want detected alone", got.Incident.Phases)
	}
	if !got.Incident.Impact.Users.Known() || got.Incident.Impact.SLOs[0].Outcome != "" || got.Incident.Impact.SLOs[0].Target != 99.9 {
		t.Errorf("impact %+v, want users, and the objective without its outcome", got.Incident.Impact)
	}
	if len(got.Sections)+len(got.Actions)+len(got.Observations) != 0 {
		t.Errorf("%d sections, %d actions, %d observations, want none: they were written afterwards", len(got.Sections), len(got.Actions), len(got.Observations))
	}
	for _, f := range got.Validate() {
		if f.Path != "incident.title" && f.Path != "incident.kind" && f.Path != "status" {
			t.Errorf("%s", f)
		}
	}
}

func TestDecisionsSayWhatWasKnown(t *testing.T) {
	got, ok := asof.OfDecision(outage(), "decide")
	if !ok {
		t.Fatal("there is no decision")
	}
	got.View = asof.View{}
	want := asof.Moment{ID: "decide", Question: "What to do?", At: at("10:10:00"), Known: []string{"alert"}, NotKnown: []string{"cause"}, Hindsight: []string{"cause"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if _, ok := asof.OfDecision(outage(), "memory"); ok {
		t.Error("an entry without a time was taken for a decision")
	}
}

// TestSamplesDecideWithoutHindsight: what the sample post-mortems say was known at
// a decision could be known, and what they say was not is what is proposed.
func TestSamplesDecideWithoutHindsight(t *testing.T) {
	n := 0
	for _, inc := range sample.All() {
		p := postmortem(t, inc)
		for _, m := range asof.Decisions(p) {
			n++
			if len(m.Hindsight) > 0 {
				t.Errorf("%s: %q was decided with %v, which nobody knew", inc.Slug, m.Question, m.Hindsight)
			}
			for _, e := range p.Timeline {
				if e.ID != m.ID {
					continue
				}
				if d := cmp.Diff(e.Decision.NotKnown, m.NotKnown); d != "" && len(e.Decision.NotKnown)+len(m.NotKnown) > 0 {
					t.Errorf("%s: %q: not known, -written +proposed:\n%s", inc.Slug, m.Question, d)
				}
			}
		}
	}
	if n != 4 {
		t.Errorf("%d decisions, want 4", n)
	}
}

func TestStopsAreOnceAndInOrder(t *testing.T) {
	got := asof.Stops(asof.Items(outage()))
	want := []time.Time{at("10:05:00"), at("10:10:00"), at("10:30:00"), at("11:00:00"), at("11:00:01")}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestSummary(t *testing.T) {
	for want, v := range map[string]asof.View{
		"everything told here was known":                                  {},
		"1 thing nobody knew yet: it had happened":                        {Unknown: make([]asof.Item, 1)},
		"1 thing nobody knew yet: it was still to come":                   {Later: make([]asof.Item, 1)},
		"3 things nobody knew yet: all were still to come":                {Later: make([]asof.Item, 3)},
		"2 things nobody knew yet: all had happened":                      {Unknown: make([]asof.Item, 2)},
		"14 things nobody knew yet: 6 had happened, 8 were still to come": {Unknown: make([]asof.Item, 6), Later: make([]asof.Item, 8)},
	} {
		if got := v.Summary(); got != want {
			t.Errorf("Summary() = %q, want %q", got, want)
		}
	}
}

// TestWhatIsKnownStaysKnown walks through random post-mortems: what could be known
// once is known at every later moment, and nothing is lost or counted twice.
func TestWhatIsKnownStaysKnown(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		var p hindcast.Postmortem
		for i := range 1 + r.IntN(30) {
			e := hindcast.Entry{ID: strconv.Itoa(i), At: at("10:00:00").Add(time.Duration(r.IntN(3600)) * time.Second), Evidence: ref(r.IntN(20))}
			if r.IntN(5) > 0 {
				e.KnownAt = e.At.Add(time.Duration(r.IntN(1800)) * time.Second)
			}
			p.Timeline = append(p.Timeline, e)
			p.Factors = append(p.Factors, hindcast.Factor{ID: strconv.Itoa(i), Evidence: ref(r.IntN(40))})
		}
		items := asof.Items(p)
		known := map[string]bool{}
		for _, stop := range append([]time.Time{at("09:00:00")}, asof.Stops(items)...) {
			v := asof.Of(items, stop)
			if n := len(v.Known) + len(v.Unknown) + len(v.Later); n != len(items) {
				t.Fatalf("%d of %d items at %s", n, len(items), stop)
			}
			now := map[string]bool{}
			for _, id := range ids(v.Known) {
				now[id] = true
			}
			for id := range known {
				if !now[id] {
					t.Fatalf("%s was known and is not at %s", id, stop)
				}
			}
			if known = now; v.Hidden() != len(items)-len(v.Known) {
				t.Fatalf("%d hidden, want %d", v.Hidden(), len(items)-len(v.Known))
			}
			if got := v.Apply(p); len(got.Timeline)+len(got.Factors) != len(v.Known) {
				t.Fatalf("%d entries and %d factors are left of %d known items", len(got.Timeline), len(got.Factors), len(v.Known))
			}
		}
	}
}
