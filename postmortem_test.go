package hindcast_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func value(v float64) *float64 { return &v }

func at(clock string) time.Time {
	t, err := time.Parse(time.DateTime, "2024-06-07 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

// valid returns a post-mortem without faults.
func valid() hindcast.Postmortem {
	return hindcast.Postmortem{
		Incident: hindcast.Incident{
			Title: "Search answered slowly", Kind: hindcast.KindIncident, Severity: 2, Services: []string{"search"},
			Participants: []hindcast.Participant{{Role: "on-call engineer"}},
			Phases:       hindcast.Phases{StartedAt: at("09:00:00"), DetectedAt: at("09:02:00"), ResolvedAt: at("09:40:00")},
			PhaseWhy:     map[string]string{"started_at": "first slow answer"},
			Impact: hindcast.Impact{
				Users: hindcast.Number{State: hindcast.Measured, Value: value(12), Unit: "%"},
				SLOs:  []hindcast.SLO{{ID: "s1", Name: "latency", Target: 99.5, WindowDays: 30}},
			},
		},
		Status:   hindcast.StatusDraft,
		Sections: []hindcast.Section{{Kind: hindcast.SectionSummary, Heading: "Incident Summary", Text: "Slow."}},
		Timeline: []hindcast.Entry{
			{ID: "e1", At: at("09:00:00"), KnownAt: at("09:02:00"), Kind: hindcast.Symptom, Actor: hindcast.Actor{Name: "search", Kind: hindcast.System}, Title: "answers slow"},
			{ID: "e2", At: at("09:10:00"), KnownAt: at("09:10:00"), Kind: hindcast.Decided, Actor: hindcast.Actor{Name: "Engineer A", Kind: hindcast.Person}, Title: "add a node",
				Decision: &hindcast.Decision{Question: "How to shed load?", Known: []string{"e1"}}},
		},
		Factors: []hindcast.Factor{
			{ID: "f1", Description: "one shard holds half of the data", Tag: hindcast.Root, Category: hindcast.DesignFlaw,
				Counterfactual: hindcast.Counterfactual{Answer: hindcast.AnswerNo}, LedTo: []hindcast.Edge{{To: hindcast.Outcome}}},
			{ID: "f2", Description: "no alert on skew", Tag: hindcast.Contributing, Gap: hindcast.GapMonitoring, LedTo: []hindcast.Edge{{To: "f1"}}},
		},
		Observations: []hindcast.Observation{{ID: "o1", Kind: hindcast.Luck, Text: "traffic was low"}},
		Actions: []hindcast.ActionItem{{ID: "a1", Description: "split the shard", Status: hindcast.ActionOpen, Priority: hindcast.PriorityHigh,
			Effects: []hindcast.Effect{hindcast.PreventsRecurrence}, Factors: []string{"f1"}}},
	}
}

func TestValidate(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*hindcast.Postmortem)
		want   []string // paths
	}{
		"valid":                        {func(*hindcast.Postmortem) {}, nil},
		"empty":                        {func(p *hindcast.Postmortem) { *p = hindcast.Postmortem{} }, []string{"incident.title", "incident.kind", "status"}},
		"times out of order":           {func(p *hindcast.Postmortem) { p.Incident.DetectedAt = at("08:00:00") }, []string{"incident.detected_at"}},
		"unknown phase":                {func(p *hindcast.Postmortem) { p.Incident.PhaseWhy["paused_at"] = "x" }, []string{"incident.phase_why"}},
		"estimate by nobody":           {func(p *hindcast.Postmortem) { p.Incident.Impact.Users.State = hindcast.Estimated }, []string{"incident.impact.users.by"}},
		"more than all users":          {func(p *hindcast.Postmortem) { p.Incident.Impact.Users.Value = value(120) }, []string{"incident.impact.users.value"}},
		"pending with a value":         {func(p *hindcast.Postmortem) { p.Incident.Impact.Users.State = hindcast.Pending }, []string{"incident.impact.users.value"}},
		"objective above 100":          {func(p *hindcast.Postmortem) { p.Incident.Impact.SLOs[0].Target = 999 }, []string{"incident.impact.slos[0].target"}},
		"entry twice":                  {func(p *hindcast.Postmortem) { p.Timeline[1].ID = "e1" }, []string{"timeline[1].id"}},
		"known before it happened":     {func(p *hindcast.Postmortem) { p.Timeline[0].KnownAt = at("08:59:00") }, []string{"timeline[0].known_at"}},
		"decision on an unknown entry": {func(p *hindcast.Postmortem) { p.Timeline[1].Decision.Known[0] = "e9" }, []string{"timeline[1].decision.known[0]"}},
		"root without an answer":       {func(p *hindcast.Postmortem) { p.Factors[0].Counterfactual = hindcast.Counterfactual{} }, []string{"factors[0].counterfactual"}},
		"circle of factors":            {func(p *hindcast.Postmortem) { p.Factors[0].LedTo[0].To = "f2" }, []string{"factors[1].led_to[0]"}},
		"edge to nothing":              {func(p *hindcast.Postmortem) { p.Factors[0].LedTo[0].To = "f9" }, []string{"factors[0].led_to[0]"}},
		"ruled out and tagged":         {func(p *hindcast.Postmortem) { p.Factors[1].RuledOutBy = "the skew came later" }, []string{"factors[1].ruled_out_by"}},
		"believes itself":              {func(p *hindcast.Postmortem) { p.Timeline[0].Prefer = &hindcast.Preference{Entry: "e1", Why: "x"} }, []string{"timeline[0].prefer.entry"}},
		"believes without a reason":    {func(p *hindcast.Postmortem) { p.Timeline[0].Prefer = &hindcast.Preference{Entry: "e2"} }, []string{"timeline[0].prefer.why"}},
		"clock accepted by nobody":     {func(p *hindcast.Postmortem) { p.Clocks = []hindcast.ClockOffset{{Accepted: &hindcast.Acceptance{}}} }, []string{"clock_offsets[0].accepted.by"}},
		"severity changed for nothing": {func(p *hindcast.Postmortem) { p.Incident.SeverityChanges = []hindcast.SeverityChange{{From: 1, To: 2}} }, []string{"incident.severity_changes[0].reason"}},
		"alert without a rule":         {func(p *hindcast.Postmortem) { p.Actions[0].Alert = &hindcast.AlertRule{} }, []string{"actions[0].alert.rule"}},
		"several at once": {func(p *hindcast.Postmortem) {
			p.Actions[0].Factors[0], p.Actions[0].Status, p.Observations[0].Text = "f9", "stuck", ""
		}, []string{"observations[0].text", "actions[0].status", "actions[0].factors[0]"}},
		"declined without a reason": {func(p *hindcast.Postmortem) { p.Actions[0].Status = hindcast.ActionDeclined }, []string{"actions[0].reason"}},
		"status against history":    {func(p *hindcast.Postmortem) { p.History = []hindcast.Transition{{To: hindcast.StatusInReview}} }, []string{"status"}},
		"reopened without a reason": {func(p *hindcast.Postmortem) {
			p.History = []hindcast.Transition{{To: hindcast.StatusInReview}, {To: hindcast.StatusDraft}}
		}, []string{"history[1].reason"}},
		"bad hash": {func(p *hindcast.Postmortem) { p.Evidence = []hindcast.Evidence{{Name: "a.log", SHA256: "12"}} }, []string{"evidence[0].sha256"}},
		"waiver":   {func(p *hindcast.Postmortem) { p.Waivers = []hindcast.Waiver{{Rule: "late"}} }, []string{"waivers[0].reason", "waivers[0].by"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := valid()
			tt.change(&p)
			var got []string
			for _, f := range p.Validate() {
				got = append(got, f.Path)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("paths of Validate() (-want +got):\n%s\n%v", diff, p.Validate())
			}
		})
	}
}

func TestMove(t *testing.T) {
	p := valid()
	for _, step := range []struct {
		to     hindcast.Status
		reason string
		want   hindcast.Code
	}{
		{hindcast.StatusPublished, "", hindcast.Conflict},
		{hindcast.StatusInReview, "", ""},
		{hindcast.StatusApproved, "", ""},
		{hindcast.StatusPublished, "", ""},
		{hindcast.StatusDraft, "", hindcast.Invalid},
		{hindcast.StatusDraft, "a second cause was found", ""},
	} {
		if got := hindcast.CodeOf(p.Move(step.to, at("12:00:00"), "incident commander", step.reason)); got != step.want {
			t.Errorf("Move(%s, %q): code %q, want %q", step.to, step.reason, got, step.want)
		}
	}
	if got := len(p.History); got != 4 {
		t.Errorf("history has %d transitions, want 4", got)
	}
	if faults := p.Validate(); faults != nil {
		t.Errorf("Validate() after the moves = %v, want none", faults)
	}
}

func TestPolicyRequires(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*hindcast.Postmortem)
		want   bool
	}{
		"severity 1": {func(p *hindcast.Postmortem) { p.Incident.Severity = 1 }, true},
		"severity 3": {func(p *hindcast.Postmortem) { p.Incident.Severity = 3 }, false},
		"severity 3, objective violated": {func(p *hindcast.Postmortem) {
			p.Incident.Severity, p.Incident.Impact.SLOs[0].Outcome = 3, hindcast.SLOViolated
		}, true},
		"severity 3, budget burned": {func(p *hindcast.Postmortem) {
			p.Incident.Severity, p.Incident.Impact.SLOs[0].Budget.Value = 3, value(45)
		}, true},
		"systemic near miss": {func(p *hindcast.Postmortem) {
			p.Incident.Severity, p.Incident.Kind = 0, hindcast.KindNearMiss
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := valid()
			tt.change(&p)
			if got, why := hindcast.DefaultPolicy().Requires(p); got != tt.want {
				t.Errorf("Requires() = %v (%s), want %v", got, why, tt.want)
			}
		})
	}
}

func TestDefaultPolicyIsValid(t *testing.T) {
	if faults := hindcast.DefaultPolicy().Validate(); faults != nil {
		t.Errorf("Validate() = %v, want none", faults)
	}
}

func TestPriorityDue(t *testing.T) {
	agreed := hindcast.Date{Year: 2024, Month: time.March, Day: 15}
	want := map[hindcast.Priority]string{
		hindcast.PriorityCritical: "2024-03-22", hindcast.PriorityHigh: "2024-04-12",
		hindcast.PriorityMedium: "2024-05-15", hindcast.PriorityLow: "2024-06-14",
	}
	for _, p := range hindcast.Priorities() {
		if got := p.Due(agreed).String(); got != want[p.Priority] {
			t.Errorf("%s action agreed on %s: due %s, want %s", p.Priority, agreed, got, want[p.Priority])
		}
	}
}

func TestDate(t *testing.T) {
	if _, err := hindcast.ParseDate("15.03.2024"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("ParseDate(15.03.2024): %v, want an invalid error", err)
	}
	d, err := hindcast.ParseDate("2024-02-28")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Add(2).String(), "2024-03-01"; got != want {
		t.Errorf("two days after %s = %s, want %s", d, got, want)
	}
	if got := hindcast.DateOf(time.Time{}); !got.IsZero() {
		t.Errorf("DateOf(zero time) = %v, want the zero date", got)
	}
}

func TestPolicyGate(t *testing.T) {
	for level, decided := range map[int]bool{0: false, 1: true, 2: true, 3: true, 9: false} {
		got, ok := hindcast.DefaultPolicy().Gate(level)
		if ok != decided {
			t.Errorf("Gate(%d) decided = %v, want %v", level, ok, decided)
		}
		if strict := len(got.Attests) > 0 && len(got.Warns) == 0; strict != (level != 3) {
			t.Errorf("Gate(%d) = %+v; all but level 3 ask for a person's word and block", level, got)
		}
	}
	p := hindcast.DefaultPolicy()
	p.Severities[2].Gate = hindcast.Gate{Warns: []hindcast.Criterion{"blame"}, Attests: []hindcast.Criterion{"luck"}}
	var paths []string
	for _, f := range p.Validate() {
		paths = append(paths, f.Path)
	}
	if d := cmp.Diff([]string{"severities[2].gate.warns[0]", "severities[2].gate.attests[0]"}, paths); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
}

func TestSetSeverityKeepsTheReasonOfAChange(t *testing.T) {
	var inc hindcast.Incident
	if err := inc.SetSeverity(2, "High", at("09:00:00"), "", ""); err != nil || len(inc.SeverityChanges) != 0 {
		t.Fatalf("the first decision needs no reason: %v, %v", err, inc.SeverityChanges)
	}
	if err := inc.SetSeverity(1, "Critical", at("09:10:00"), "incident commander", ""); hindcast.CodeOf(err) != hindcast.Invalid || inc.Severity != 2 {
		t.Errorf("a change without a reason gave %v and severity %d", err, inc.Severity)
	}
	if err := inc.SetSeverity(1, "Critical", at("09:10:00"), "incident commander", "all users are affected"); err != nil {
		t.Fatal(err)
	}
	want := []hindcast.SeverityChange{{From: 2, To: 1, At: at("09:10:00"), By: "incident commander", Reason: "all users are affected"}}
	if d := cmp.Diff(want, inc.SeverityChanges); d != "" || inc.Severity != 1 || inc.SeverityName != "Critical" {
		t.Errorf("severity %d %q, changes -want +got:\n%s", inc.Severity, inc.SeverityName, d)
	}
}
