package recur_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/recur"
)

var (
	began = time.Date(2024, 6, 10, 9, 0, 0, 0, time.UTC)
	today = hindcast.DateOf(began).Add(2)
	ago   = func(days int) hindcast.Date { return hindcast.DateOf(began).Add(-days) }
)

// alike is an incident that another one is like in every respect.
func alike(num int64, days int) recur.Incident {
	return recur.Incident{Num: num, Title: "Pool exhausted", Began: began.AddDate(0, 0, -days), Services: []string{"Checkout"}, Category: hindcast.CapacityInsufficient,
		Factors: []recur.Factor{{ID: "pool", Sign: "capacity-insufficient/monitoring", Said: "Nobody watched the pool"}, {ID: "review", Sign: "process-gap/review", Said: "No review"}}}
}

func open() hindcast.ActionItem {
	return hindcast.ActionItem{ID: "a", Description: "Alert on the pool", Status: hindcast.ActionOpen, Factors: []string{"pool"}}
}

// TestEchoes changes one thing of an incident that is alike in every respect, or of
// its action.
func TestEchoes(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(now *recur.Incident, past *recur.Past)
		want   recur.State // empty: no echo
		part   bool        // not everything is shared
	}{
		"open":        {func(*recur.Incident, *recur.Past) {}, recur.Waiting, false},
		"overdue":     {func(_ *recur.Incident, p *recur.Past) { p.Actions[0].Due = today.Add(-1) }, recur.Overdue, false},
		"due today":   {func(_ *recur.Incident, p *recur.Past) { p.Actions[0].Due = today }, recur.Waiting, false},
		"in progress": {func(_ *recur.Incident, p *recur.Past) { p.Actions[0].Status = hindcast.ActionInProgress }, recur.Waiting, false},
		"not verified": {func(_ *recur.Incident, p *recur.Past) {
			p.Actions[0].Status, p.Actions[0].Closed = hindcast.ActionDone, ago(20)
		}, recur.Unverified, false},
		"done too late": {func(_ *recur.Incident, p *recur.Past) {
			p.Actions[0].Status, p.Actions[0].Closed = hindcast.ActionDone, today
		}, recur.TooLate, false},
		"verified":                           {func(_ *recur.Incident, p *recur.Past) { verify(p, ago(10)) }, recur.CameBack, false},
		"verified on a day that nobody said": {func(_ *recur.Incident, p *recur.Past) { verify(p, hindcast.Date{}) }, recur.CameBack, false},
		"verified only since":                {func(_ *recur.Incident, p *recur.Past) { verify(p, today) }, recur.Unverified, false},
		"decided against":                    {func(_ *recur.Incident, p *recur.Past) { p.Actions[0].Status = hindcast.ActionDeclined }, recur.Declined, false},

		"another service":              {func(n *recur.Incident, _ *recur.Past) { n.Services = []string{"search"} }, "", false},
		"the service in other letters": {func(n *recur.Incident, _ *recur.Past) { n.Services = []string{"search", "checkout"} }, recur.Waiting, false},
		"no service yet":               {func(n *recur.Incident, _ *recur.Past) { n.Services = nil }, recur.Waiting, true},
		"another primary category":     {func(n *recur.Incident, _ *recur.Past) { n.Category = hindcast.CodeDefect }, "", false},
		"no primary category yet":      {func(n *recur.Incident, _ *recur.Past) { n.Category = "" }, recur.Waiting, true},
		"neither yet":                  {func(n *recur.Incident, _ *recur.Past) { n.Category, n.Services = "", nil }, "", false},
		"no factor yet":                {func(n *recur.Incident, _ *recur.Past) { n.Factors = nil }, "", false},
		"another gap":                  {func(n *recur.Incident, _ *recur.Past) { n.Factors[0].Sign = "capacity-insufficient/testing" }, "", false},
		"it answers another factor":    {func(_ *recur.Incident, p *recur.Past) { p.Actions[0].Factors = []string{"other"} }, "", false},
		"it names no factor":           {func(_ *recur.Incident, p *recur.Past) { p.Actions[0].Factors = nil }, recur.Waiting, false},
		"it was later":                 {func(n *recur.Incident, p *recur.Past) { p.Began = n.Began.Add(time.Hour) }, "", false},
		"nobody knows when":            {func(n *recur.Incident, _ *recur.Past) { n.Began = time.Time{} }, recur.Waiting, false},
		"it is itself":                 {func(n *recur.Incident, p *recur.Past) { p.Num = n.Num }, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			now, past := alike(9, 0), recur.Past{Incident: alike(3, 40), Actions: []hindcast.ActionItem{open()}}
			tt.change(&now, &past)
			got := recur.Echoes(now, []recur.Past{past}, today)
			if tt.want == "" {
				if got != nil {
					t.Errorf("Echoes = %+v, want none", got)
				}
				return
			}
			if len(got) != 1 || got[0].State != tt.want || got[0].Whole() == tt.part {
				t.Errorf("Echoes = %+v, want one that is %s", got, tt.want)
			}
		})
	}
}

func verify(p *recur.Past, on hindcast.Date) {
	p.Actions[0].Status, p.Actions[0].Closed = hindcast.ActionVerified, ago(20)
	p.Actions[0].Verification = &hindcast.Verification{How: "it fired", By: "reviewer", On: on}
}

func TestWhatSaysMostComesFirst(t *testing.T) {
	var past []recur.Past
	for i, status := range []hindcast.ActionStatus{hindcast.ActionDeclined, hindcast.ActionDone, hindcast.ActionOpen, hindcast.ActionVerified, hindcast.ActionOpen} {
		a := open()
		a.Status = status
		if i == 4 {
			a.Due = today.Add(-3)
		}
		past = append(past, recur.Past{Incident: alike(int64(i), 10+i), Actions: []hindcast.ActionItem{a}})
	}
	var got []string
	for _, e := range recur.Echoes(alike(9, 0), past, today) {
		got = append(got, string(e.State))
	}
	if s := strings.Join(got, " "); s != "came-back overdue open unverified wont-do" {
		t.Errorf("in the order %s", s)
	}
}

// TestLapses counts only what came back after it was verified, the first time.
func TestLapses(t *testing.T) {
	past := recur.Past{Incident: alike(3, 40), Actions: []hindcast.ActionItem{open(), open()}}
	past.Actions[1].ID = "b"
	verify(&past, ago(10))
	other := alike(7, 4)
	other.Services = []string{"search"}
	got := recur.Lapses([]recur.Past{past}, []recur.Incident{alike(9, 0), alike(8, 5), alike(6, 15), other, past.Incident})
	if len(got) != 1 || got[0].ID != "a" || got[0].Later != 8 {
		t.Errorf("Lapses = %+v, want #8 for action a", got)
	}
}

func TestOf(t *testing.T) {
	p := &hindcast.Postmortem{Category: hindcast.CodeDefect, Factors: []hindcast.Factor{
		{ID: "a", Category: hindcast.ProcessGap, Gap: hindcast.GapReview}, {ID: "b", Category: hindcast.CodeDefect, Tag: hindcast.Detecting}, {ID: "c"},
		{ID: "d", Category: hindcast.CodeDefect, RuledOutBy: "the logs"}}}
	p.Incident.DetectedAt = began
	inc := recur.Of(4, p)
	if inc.Began != began || len(inc.Factors) != 1 || inc.Factors[0].Sign != "process-gap/review" {
		t.Errorf("Of = %+v", inc)
	}
}
