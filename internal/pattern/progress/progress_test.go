package progress_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/pattern/progress"
)

var today = hindcast.Date{Year: 2024, Month: time.June, Day: 28} // a Friday

// table is the worked table of ten actions, as days before today. The figures are
// counted by hand in TestFiguresByHand.
//
//	status       agreed  closed  due
const table = `
a open           10       -      -20   platform team  critical
b in-progress    80       -       30   Platform team  high
c open           40       -        -   shop           medium
d done           60      50       45   Platform team  critical
e done           85      40       60   shop           high
f verified       30      10        5   shop           high
g wont-do        20      12        1   shop           low
h verified       90      70       80   shop           low
i open          200       -      100   platform team  critical
j done           89      89       70   -              -
`

func actions(t *testing.T) []progress.Action {
	t.Helper()
	var out []progress.Action
	for line := range strings.Lines(strings.TrimSpace(table)) {
		line = strings.Replace(strings.Replace(line, "latform team", "latform_team", 1), "\n", "", 1)
		f := strings.Fields(line)
		day := func(s string) hindcast.Date {
			if s == "-" {
				return hindcast.Date{}
			}
			d, err := time.ParseDuration(s + "h")
			if err != nil {
				t.Fatal(err)
			}
			return today.Add(-int(d.Hours()))
		}
		word := func(s string) string { return strings.ReplaceAll(strings.Trim(s, "-"), "_", " ") }
		out = append(out, progress.Action{ID: f[0], Status: hindcast.ActionStatus(f[1]), Opened: day(f[2]), Closed: day(f[3]), Due: day(f[4]),
			Team: word(f[5]), Priority: hindcast.Priority(word(f[6]))})
	}
	return out
}

// TestFiguresByHand compares with what the formulas of the method give by hand.
//
// Created later than 90 days ago: all but h, which is 90 days old to the day, and i:
// 8 items. Closed: d, e, f, g, j, 5 of 8, 62.5 %. Overdue: b alone; a is due in 20
// days, c has no day, i is no item. Times to close: d 10, e 45, f 20, g 8, j 0: 83 by
// 5 is 16.6 days.
func TestFiguresByHand(t *testing.T) {
	f := progress.Count(actions(t), progress.Window{Today: today, Days: 90})
	want := progress.Plain{Total: 8, Closed: 5, CompletionRate: of(62.5), Overdue: 1, AverageDays: of(16.6)}
	if diff := cmp.Diff(want, f.Plain); diff != "" {
		t.Errorf("plain figures (-want +got)\n%s", diff)
	}
	if f.Open != 3 || f.Done != 3 || f.Verified != 1 || f.Declined != 1 || f.OpenOverdue != 2 {
		t.Errorf("open %d, done %d, verified %d, declined %d, overdue of all %d; want 3 3 1 1 2", f.Open, f.Done, f.Verified, f.Declined, f.OpenOverdue)
	}
	// With open ones: at risk 8 on day 0 (j), 6 on day 10 (d; g left on day 8, and a was
	// last seen open on day 10 itself), 4 on day 20 (f), 2 on day 45 (e, b):
	// 7/8, then by 5/6, then by 3/4: 0.547, then by 1/2: 0.273.
	if f.Time.N != 8 || f.Time.Over != 4 || f.Time.Median == nil || *f.Time.Median != 45 {
		t.Errorf("time to close: %+v, want a median of 45 days", f.Time)
	}
	if got := f.Time.At(20); got < 0.5468 || got > 0.5469 {
		t.Errorf("open after 20 days = %f, want 35/64", got)
	}
}

func TestGroups(t *testing.T) {
	f := progress.Count(actions(t), progress.Window{Today: today, Days: 90})
	var teams, priorities []string
	for _, g := range f.Teams {
		teams = append(teams, g.Name)
	}
	for _, g := range f.Priorities {
		priorities = append(priorities, g.Name)
	}
	if got := strings.Join(teams, ","); got != "shop,Platform team," {
		t.Errorf("teams %q", got)
	}
	if got := strings.Join(priorities, ","); got != "critical,high,medium,low," {
		t.Errorf("priorities %q", got)
	}
	if p := f.Teams[1].Plain; p.Total != 3 || p.Closed != 1 || *p.CompletionRate != 33.33 || p.Overdue != 1 {
		t.Errorf("the platform team: %+v, want 1 of 3", p)
	}
}

func TestVelocity(t *testing.T) {
	f := progress.Count(actions(t), progress.Window{Today: today, Days: 90})
	if n := len(f.Weeks); n != 13 || f.Weeks[12].Monday != (hindcast.Date{Year: 2024, Month: time.June, Day: 24}) {
		t.Fatalf("%d weeks, the last from %s", n, f.Weeks[n-1].Monday)
	}
	opened, closed, declined := 0, 0, 0
	for _, w := range f.Weeks {
		opened, closed, declined = opened+w.Opened, closed+w.Closed, declined+w.Declined
	}
	// The 13 weeks begin on 1 April, 88 days ago: j and h fall before, i long before.
	if opened != 7 || closed != 4 || declined != 1 {
		t.Errorf("opened %d, closed %d, declined %d; want 7, 4 and 1", opened, closed, declined)
	}
	if w := f.Weeks[11]; w.Closed != 1 || w.Opened != 1 || w.Declined != 0 { // 17 to 23 June: f closed and a agreed on the 18th
		t.Errorf("the week before is %+v", w)
	}
	for _, d := range []int{17, 20, 23} {
		if m := progress.Monday(hindcast.Date{Year: 2024, Month: time.June, Day: d}); m.Day != 17 {
			t.Errorf("the Monday of 2024-06-%d is %s", d, m)
		}
	}
}

// TestVelocityOfATeam: of shop, f was carried out on 18 June, in the last four whole
// weeks (27 May to 23 June), e on 19 May before them; of the Platform team d on 9 May.
func TestVelocityOfATeam(t *testing.T) {
	f := progress.Count(actions(t), progress.Window{Today: today, Days: 90})
	for i, want := range []float64{0.25, 0, 0} {
		got, from, to := progress.Velocity(f.Teams[i].Weeks)
		if got != want || from.String() != "2024-05-27" || to.String() != "2024-06-23" {
			t.Errorf("velocity of %q = %v from %s to %s, want %v", f.Teams[i].Name, got, from, to, want)
		}
	}
	if got, _, _ := progress.Velocity(f.Weeks); got != 0.25 {
		t.Errorf("velocity of all = %v, want 0.25", got)
	}
	if got, _, _ := progress.Velocity(nil); got != 0 {
		t.Errorf("velocity of no weeks = %v", got)
	}
}

// TestATeamThatOnlyFinishesOldActions is there with its velocity, though nothing of it
// was agreed in the window.
func TestATeamThatOnlyFinishesOldActions(t *testing.T) {
	old := progress.Action{ID: "x", Team: "storage", Status: hindcast.ActionDone, Opened: today.Add(-60), Closed: today.Add(-7)}
	idle := progress.Action{ID: "y", Team: "idle", Status: hindcast.ActionOpen, Opened: today.Add(-60)}
	f := progress.Count([]progress.Action{old, idle}, progress.Window{Today: today, Days: 30})
	if len(f.Teams) != 1 || f.Teams[0].Name != "storage" || f.Teams[0].Plain.Total != 0 || f.Teams[0].Plain.CompletionRate != nil {
		t.Fatalf("teams %+v, want storage alone, without items", f.Teams)
	}
	if got, _, _ := progress.Velocity(f.Teams[0].Weeks); got != 0.25 {
		t.Errorf("velocity = %v, want 0.25", got)
	}
}

func TestNothing(t *testing.T) {
	f := progress.Count(nil, progress.Window{Today: today, Days: 90})
	if f.Plain.CompletionRate != nil || f.Plain.AverageDays != nil || f.Time.Median != nil {
		t.Errorf("of nothing: %+v", f.Plain)
	}
	f = progress.Count([]progress.Action{{Status: hindcast.ActionDone, Opened: today.Add(-3)}}, progress.Window{Today: today})
	if f.Plain.Untimed != 1 || f.Plain.AverageDays != nil || *f.Plain.CompletionRate != 100 || f.Time.N != 0 {
		t.Errorf("of one closed on a day that nobody said: %+v", f.Plain)
	}
}

func TestWindow(t *testing.T) {
	w := progress.Window{Today: today, Days: 90}
	if w.Holds(today.Add(-90)) || !w.Holds(today.Add(-89)) || w.From() != today.Add(-89) {
		t.Error("later than 90 days ago is from 89 days ago on")
	}
	if !(progress.Window{Today: today}).Holds(hindcast.Date{}) {
		t.Error("a window without days holds all")
	}
}

func of(x float64) *float64 { return &x }
