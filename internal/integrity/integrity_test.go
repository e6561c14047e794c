package integrity_test

import (
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/integrity"
	"github.com/hindcast/hindcast/internal/sample"
)

func at(s string) time.Time {
	t, err := time.Parse(time.DateTime, "2024-03-15 "+s)
	if err != nil {
		panic(err)
	}
	return t
}

func entry(id, clock string, kind hindcast.EntryKind, title, file string) hindcast.Entry {
	return hindcast.Entry{ID: id, At: at(clock), KnownAt: at(clock), Kind: kind, Title: title, Key: true, Actor: hindcast.Actor{Name: "Engineer A", Kind: hindcast.Person},
		Evidence: []hindcast.Ref{{File: file, Line: 1}}}
}

// sound is a post-mortem without a finding.
func sound() hindcast.Postmortem {
	return hindcast.Postmortem{
		Incident: hindcast.Incident{Phases: hindcast.Phases{DetectedAt: at("10:00:00"), AcknowledgedAt: at("10:01:00"), MitigatedAt: at("10:12:00"), ResolvedAt: at("10:20:00")}},
		Timeline: []hindcast.Entry{
			entry("alert", "10:00:00", hindcast.Alert, "error rate is high", "pager.json"),
			entry("ack", "10:01:00", hindcast.Acknowledge, "acknowledged by Engineer A", "pager.json"),
			entry("fix", "10:12:00", hindcast.Mitigation, "rollback complete", "chat.json"),
			entry("end", "10:20:00", hindcast.Recovery, "resolved by Engineer A", "pager.json"),
		},
		Evidence: []hindcast.Evidence{{Name: "pager.json", Zone: "recorded", From: at("10:00:00"), To: at("10:20:00")}, {Name: "chat.json", Zone: "recorded", From: at("09:00:00"), To: at("11:00:00")}},
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(*hindcast.Postmortem)
		want   []string // rule and entries
	}{
		{"sound", func(*hindcast.Postmortem) {}, nil},
		{"a gap", func(p *hindcast.Postmortem) { p.Incident.ResolvedAt, p.Timeline[3].At = at("10:40:00"), at("10:40:00") }, []string{"gap [fix end]"}},
		{"a gap to the end", func(p *hindcast.Postmortem) { p.Incident.ResolvedAt = at("10:50:00") }, []string{"gap [end]"}},
		{"minor entries fill no gap", func(p *hindcast.Postmortem) { p.Timeline[2].Key = false }, []string{"gap [ack end]"}},
		{"acknowledged before it was detected", func(p *hindcast.Postmortem) {
			p.Incident.AcknowledgedAt, p.Timeline[1].At = at("09:59:00"), at("09:59:00")
		}, []string{"ack-before-trigger [alert ack]"}},
		{"acknowledged before the alert", func(p *hindcast.Postmortem) { p.Timeline[1].At = at("09:58:00") }, []string{"ack-before-trigger [ack alert]"}},
		{"resolved too early", func(p *hindcast.Postmortem) { p.Incident.ResolvedAt = at("10:11:00") }, []string{"resolved-too-early [fix]"}},
		{"over before it got better", func(p *hindcast.Postmortem) { p.Timeline[3].At, p.Timeline[3].KnownAt = at("10:11:00"), at("10:11:00") }, []string{"resolved-too-early [end fix]"}},
		{"in the future", func(p *hindcast.Postmortem) { p.Timeline[3].KnownAt = at("23:00:00") }, []string{"future [end]"}},
		{"a phase in the future", func(p *hindcast.Postmortem) { p.Incident.ResolvedAt = at("23:00:00") }, []string{"future []", "gap [end]"}},
		{"no zone", func(p *hindcast.Postmortem) { p.Evidence[1].Zone = "assumed UTC" }, []string{"ambiguous-zone [fix]"}},
		{"no zone, but another source", func(p *hindcast.Postmortem) {
			p.Evidence[1].Zone = "assumed UTC"
			p.Timeline[2].Evidence = append(p.Timeline[2].Evidence, hindcast.Ref{File: "k8s.json", Line: 1})
		}, nil},
		{"another day than its file", func(p *hindcast.Postmortem) {
			p.Evidence[1].To, p.Evidence[1].From = at("11:00:00").AddDate(0, 0, -3), at("09:00:00").AddDate(0, 0, -3)
		},
			[]string{"beyond-evidence [fix]"}},
		{"two sources, one fact", func(p *hindcast.Postmortem) {
			p.Timeline = append(p.Timeline, entry("told", "10:02:30", hindcast.Acknowledge, "Acknowledged #12 by Engineer A", "chat.json"))
		}, []string{"sources-disagree [ack told]"}},
		{"and one is believed", func(p *hindcast.Postmortem) {
			e := entry("told", "10:02:30", hindcast.Acknowledge, "Acknowledged #12 by Engineer A", "chat.json")
			e.Prefer = &hindcast.Preference{Entry: "ack", Why: "the pager records it itself"}
			p.Timeline = append(p.Timeline, e)
		}, nil},
		{"twice in one source", func(p *hindcast.Postmortem) {
			p.Timeline = append(p.Timeline, entry("again", "10:02:30", hindcast.Acknowledge, "acknowledged by Engineer A", "pager.json"))
		}, nil},
		{"a clock", func(p *hindcast.Postmortem) {
			p.Clocks = []hindcast.ClockOffset{{File: "chat.json", OffsetS: 90, Why: "…"}}
		}, []string{"clock-proposed [fix]"}},
		{"an accepted clock", func(p *hindcast.Postmortem) {
			p.Clocks = []hindcast.ClockOffset{{File: "chat.json", OffsetS: 90, Accepted: &hindcast.Acceptance{By: "facilitator"}}}
		}, []string{"clock-accepted [fix]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := sound()
			tt.change(&p)
			var got []string
			for _, f := range integrity.Check(p, integrity.Options{Now: at("22:00:00")}) {
				got = append(got, fmt.Sprint(f.Rule, " ", f.Entries))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestAcceptCorrectsAClockAndCanBeTakenBack(t *testing.T) {
	p := sound()
	p.Clocks = []hindcast.ClockOffset{{File: "chat.json", OffsetS: 13 * 60, Why: "it stated pages later"}}
	got, err := integrity.Accept(p, "chat.json", "facilitator", hindcast.DateOf(at("12:00:00")))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(sound().Timeline, p.Timeline); d != "" {
		t.Errorf("Accept changed its argument:\n%s", d)
	}
	if m := got.Incident.MitigatedAt; !m.Equal(at("09:59:00")) {
		t.Errorf("mitigated at %s, want it to move with its entry", m)
	}
	first := got.Timeline[0]
	if first.ID != "fix" || !first.At.Equal(at("09:59:00")) || !first.RecordedAt.Equal(at("10:12:00")) || !first.KnownAt.Equal(at("09:59:00")) {
		t.Errorf("first entry %s at %s, recorded as %s, known from %s; want fix at 09:59:00, recorded as 10:12:00", first.ID, first.At, first.RecordedAt, first.KnownAt)
	}
	if c := got.Clocks[0].Accepted; c == nil || c.By != "facilitator" {
		t.Errorf("accepted by %v", c)
	}
	if _, err := integrity.Accept(got, "chat.json", "facilitator", hindcast.Date{}); hindcast.CodeOf(err) != hindcast.Conflict {
		t.Errorf("accepting twice gave %v", err)
	}
	text := document.Markdown(got)
	if d := cmp.Diff(got.Timeline, document.Parse("x", text).Postmortem.Timeline); d != "" {
		t.Errorf("the corrected timeline does not survive Markdown:\n%s", d)
	}
	back, err := integrity.Withdraw(got, "chat.json")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p, back); d != "" {
		t.Errorf("taken back: -want +got:\n%s", d)
	}
	if _, err := integrity.Withdraw(p, "k8s.json"); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("withdrawing an unknown clock gave %v", err)
	}
}

func TestBelieveKeepsBoth(t *testing.T) {
	p := sound()
	if _, err := integrity.Believe(p, "ack", "alert", ""); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	got, err := integrity.Believe(p, "ack", "alert", "the pager records it itself")
	if err != nil || len(got.Timeline) != len(p.Timeline) || got.Timeline[0].Prefer == nil || got.Timeline[0].Prefer.Entry != "ack" || p.Timeline[0].Prefer != nil {
		t.Errorf("%v, %+v", err, got.Timeline[0].Prefer)
	}
}

// TestSamplesAreSound: what the samples' timelines leave open is known.
func TestSamplesAreSound(t *testing.T) {
	want := map[string][]integrity.Rule{}
	got := map[string][]integrity.Rule{}
	for _, inc := range sample.All() {
		text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range integrity.Check(document.Parse(inc.Slug, text).Postmortem, integrity.Options{Now: at("00:00:00").AddDate(1, 0, 0)}) {
			t.Logf("%s: %s %s", inc.Slug, f.Rule, f.Message)
			got[inc.Slug] = append(got[inc.Slug], f.Rule)
		}
	}
	want["2024-04-03-background-jobs"] = []integrity.Rule{integrity.Gap}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
