package foreign

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func TestMine(t *testing.T) {
	day := func(s string) hindcast.Date {
		d, err := hindcast.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	type A = hindcast.ActionItem
	for _, c := range []struct {
		text, below string
		want        A
	}{
		{"Add an alert", "", A{Status: hindcast.ActionOpen}},
		{"Add an alert (owner: SRE team, due 2024-03-20)", "", A{Status: hindcast.ActionOpen, Owner: "SRE team", Due: day("2024-03-20")}},
		{"Add an alert (SRE team, 2024-03-20)", "", A{Status: hindcast.ActionOpen, Owner: "SRE team", Due: day("2024-03-20")}},
		{"Add an alert - **Owner:** Platform; deadline: March 20, 2024", "", A{Status: hindcast.ActionOpen, Owner: "Platform", Due: day("2024-03-20")}},
		{"Add an alert @org/sre", "", A{Status: hindcast.ActionOpen, Owner: "@org/sre"}},
		{"Add an alert [#12](https://host.example/o/r/issues/12)", "", A{Status: hindcast.ActionOpen, Ticket: "https://host.example/o/r/issues/12"}},
		{"Add an alert (#12)", "", A{Status: hindcast.ActionOpen, Ticket: "#12"}},
		{"OPS-12: decode UTF-8 after CVE-2021-44228", "", A{Status: hindcast.ActionOpen, Ticket: "OPS-12"}},
		{"See https://host.example/blog/why", "", A{Status: hindcast.ActionOpen}},
		{"✅ Add an alert", "", A{Status: hindcast.ActionDone}},
		{"**Done** — Add an alert", "", A{Status: hindcast.ActionDone}},
		{"Add an alert (completed in March)", "", A{Status: hindcast.ActionDone}},
		{"Add an alert", "Immediate (Completed)", A{Status: hindcast.ActionDone}},
		{"Add an alert", "To complete before the next release", A{Status: hindcast.ActionOpen}},
		{"Add an alert", "Detection", A{Status: hindcast.ActionOpen, Effects: []hindcast.Effect{hindcast.ImprovesDetection}}},
		{"Write down when work is done", "", A{Status: hindcast.ActionOpen}},
	} {
		c.want.Description = c.text
		got := A{Status: hindcast.ActionOpen, Description: c.text}
		clock := Clock{Day: time.Date(2024, 3, 15, 0, 0, 0, 0, time.UTC)}
		clock.Mine(&got, c.below)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("Mine(%q) (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct {
		name, value string
		shown       bool
		complaint   bool
		want        hindcast.ActionItem
	}{
		{"DRI", "Platform", true, false, hindcast.ActionItem{Owner: "Platform"}},
		{"ETA", "2024-03-20", true, false, hindcast.ActionItem{Due: hindcast.DateOf(time.Date(2024, 3, 20, 0, 0, 0, 0, time.UTC))}},
		{"ETA", "March 20", false, false, hindcast.ActionItem{Due: hindcast.DateOf(time.Date(2024, 3, 20, 0, 0, 0, 0, time.UTC))}},
		{"Due date", "next sprint", false, true, hindcast.ActionItem{}},
		{"Owner", "TBD", false, false, hindcast.ActionItem{}},
		{"Priority", "High", true, false, hindcast.ActionItem{Priority: hindcast.PriorityHigh}},
		{"Priority", "P0", false, false, hindcast.ActionItem{Priority: hindcast.PriorityCritical}},
		{"Priority", "someday", false, true, hindcast.ActionItem{}},
		{"Status", "Not started", false, false, hindcast.ActionItem{Status: hindcast.ActionOpen}},
		{"Status", "✅ Complete (#12)", false, false, hindcast.ActionItem{Status: hindcast.ActionDone}},
		{"Status", "won't fix: too slow", false, false, hindcast.ActionItem{Status: hindcast.ActionOpen}},
		{"Type", "detect", false, false, hindcast.ActionItem{Effects: []hindcast.Effect{hindcast.ImprovesDetection}}},
		{"Cost", "5 days", false, false, hindcast.ActionItem{}},
	} {
		clock := Clock{Day: time.Date(2024, 3, 15, 0, 0, 0, 0, time.UTC)}
		var got hindcast.ActionItem
		shown, complaint := clock.Set(&got, c.name, c.value)
		if shown != c.shown || (complaint != "") != c.complaint {
			t.Errorf("Set(%q, %q) = %v, %q, want %v, complaint %v", c.name, c.value, shown, complaint, c.shown, c.complaint)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("Set(%q, %q) (-want +got):\n%s", c.name, c.value, diff)
		}
	}
}
