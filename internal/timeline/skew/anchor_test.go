package skew_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/skew"
)

// incident was noticed at 09:45 and declared over at 10:30.
func incident(mitigated string) hindcast.Phases {
	p := hindcast.Phases{DetectedAt: facttest.At("09:45"), ResolvedAt: facttest.At("10:30")}
	if mitigated != "" {
		p.MitigatedAt = facttest.At(mitigated)
	}
	return p
}

func TestFindByWhatPeopleSaidOfTheFailure(t *testing.T) {
	begins := func(clock string, slop time.Duration) skew.Anchor {
		return skew.Anchor{At: facttest.At(clock), Slop: slop, File: "chat.json"}
	}
	ends := func(clock string, slop time.Duration) skew.Anchor {
		return skew.Anchor{At: facttest.At(clock), End: true, Slop: slop, File: "chat.json"}
	}
	const step = 4 * time.Second
	told := []skew.Anchor{begins("09:40", time.Minute), ends("09:58", time.Minute)}
	for _, tt := range []struct {
		name    string
		by      time.Duration // how far the file's clock is ahead
		step    time.Duration // between failures
		anchors []skew.Anchor
		phases  hindcast.Phases
		zones   []time.Duration // of other files
		want    string
	}{
		{name: "both ends, east", by: 2 * time.Hour, step: step, anchors: told, phases: incident(""), want: "edge.log 7200 chat.json"},
		{name: "both ends, west", by: -5 * time.Hour, step: step, anchors: told, phases: incident(""), want: "edge.log -18000 chat.json"},
		{name: "both ends, half an hour", by: 330 * time.Minute, step: step, anchors: told, phases: incident(""), want: "edge.log 19800 chat.json"},
		{name: "both ends, few failures", by: 2 * time.Hour, step: 30 * time.Second, anchors: told, phases: incident(""), want: "edge.log 7200 chat.json"},
		{name: "in UTC", step: step, anchors: told, phases: incident("")},
		{name: "in UTC, and others fit too", step: step, anchors: append(told, begins("08:40", time.Minute), ends("08:58", time.Minute)), phases: incident("")},
		{name: "only the end is told, and it begins shortly before the alarm", by: 2 * time.Hour, step: step, anchors: told[1:], phases: incident(""), want: "edge.log 7200 pager.json"},
		{name: "only the begin is told", by: 2 * time.Hour, step: step, anchors: told[:1], phases: incident("")},
		{name: "one of two lies before the alarm", by: 2 * time.Hour, step: step, anchors: append(told, begins("08:40", time.Minute), ends("09:58", time.Minute), ends("08:58", time.Minute)),
			phases: hindcast.Phases{DetectedAt: facttest.At("08:50"), ResolvedAt: facttest.At("10:30")}, want: "edge.log 10800 chat.json"},
		{name: "nobody noticed anything", by: 2 * time.Hour, step: step, anchors: told},
		{name: "around the alarm in another file's zone", by: 2 * time.Hour, step: step, phases: incident(""), zones: []time.Duration{0, 2 * time.Hour}, want: "edge.log 7200 pager.json"},
		{name: "as it was read it may be the incident", step: step, phases: incident(""), zones: []time.Duration{0, -30 * time.Minute}},
		{name: "until it got better", by: 3 * time.Hour, step: step, phases: incident("09:59"), want: "edge.log 10800 pager.json"},
		{name: "long before it got better", by: 3 * time.Hour, step: step, phases: incident("10:15")},
		{name: "not even a quarter of an hour around the alarm", by: 3 * time.Hour, step: step, phases: hindcast.Phases{DetectedAt: facttest.At("11:45"), ResolvedAt: facttest.At("12:30")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, skew.Find(skew.Input{
				Templates: logged("edge.log", "09:40", "09:58", tt.step, tt.by), Evidence: zoneless("edge.log"),
				Anchors: tt.anchors, Phases: tt.phases, Zones: tt.zones, Alarm: "pager.json",
			}), tt.want, 0)
		})
	}
}

func TestAnchors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"the certificate of the gateway expired at 09:00:00 UTC", "begins 09:00:00 within 10s"},
		{"payments fail since 09:41", "begins 09:41:00 within 1m30s"},
		{"found it: the config push at 09:38 broke it", "begins 09:38:00 within 1m30s"},
		{"results arrive since 09:58", "ends 09:58:00 within 1m30s"},
		{"db ready 10:02:41, logins work again", "ends 10:02:41 within 10s"},
		{"could it be the deploy at 09:38?", ""},
		{"next update by 10:45", ""},
		{"about 20 minutes ago it was fine", ""},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var s facttest.Story
			s.Say("10:05", "Engineer A", tt.text)
			facts, _ := s.Facts()
			got := ""
			for _, a := range skew.Anchors(facts, nil, nil, incident("")) {
				way := "begins "
				if a.End {
					way = "ends "
				}
				got += way + a.At.Format(time.TimeOnly) + " within " + a.Slop.String()
			}
			if got != tt.want {
				t.Errorf("Anchors(%q): %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestAnchorsOfSigns(t *testing.T) {
	found := measured("09:40", "09:58")
	s := &fact.Fact{Class: fact.Sign, At: facttest.At("09:40"), Until: facttest.At("09:58"), Sign: &found}
	want := []skew.Anchor{
		{At: facttest.At("09:40"), Slop: 90 * time.Second, File: "metric.json"},
		{At: facttest.At("09:58"), End: true, Slop: 90 * time.Second, File: "metric.json"},
	}
	if diff := cmp.Diff(want, skew.Anchors(nil, []*fact.Fact{s}, nil, incident(""))); diff != "" {
		t.Errorf("Anchors: -want +got:\n%s", diff)
	}
	if got := skew.Anchors(nil, []*fact.Fact{s}, zoneless("metric.json"), incident("")); len(got) != 0 {
		t.Errorf("Anchors of a file without a zone = %v, want none", got)
	}
}
