package timeline

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// outage is a rollout that breaks a service, told by every kind of source.
func outage() *facttest.Story {
	s := &facttest.Story{}
	s.Deploy("09:55", "search-api", "v1.1.0", "v1.0.0")
	s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
	s.Bot("10:00:02", "cart-api v2.8.0 -> production")
	s.Platform("10:00:20", "Started", "cart-api", "cart-api-9-aaaaa", "Started container cart-api")
	s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
	s.Bot("10:05:03", "Triggered #812: CartErrors on cart-api")
	s.Ack("10:06", "812", "Ada Okoye")
	s.Say("10:06:20", "Ada Okoye", "looking")
	s.SayIn("random", "10:07", "Ben Ruiz", "lunch queue is down to zero")
	s.Say("10:08", "Ada Okoye", "every request to cart-api on 2.8.0 answers 500")
	s.Say("10:09", "Ben Ruiz", "search went out at 09:55, could that be it?")
	s.Say("10:10", "Cleo Baum", "search does not talk to cart, ruling it out")
	s.Say("10:11", "Ada Okoye", "decision: roll back to 2.7.9 rather than wait for a fix")
	s.Run("10:12", "ada", "kubectl -n shop rollout undo deployment/cart-api")
	s.Say("10:14", "Ben Ruiz", "for the record: rollback was started 10:12")
	s.Say("10:20:40", "Ada Okoye", "rollback complete since 10:20, errors are going down")
	s.Close("10:30", "812", "Ada Okoye")
	s.Say("10:30:20", "Ada Okoye", "back to normal, closing the incident")
	s.Say("10:45", "Cleo Baum", "found it: the errors of 10:01:10 came from a missing column")
	return s
}

// failure is what a detector finds in the logs of the outage.
func failure() []signal.Detection {
	from := facttest.At("10:01:10").UnixNano()
	return []signal.Detection{{
		Detector: "new-template", From: from, To: facttest.At("10:20").UnixNano(), Service: "cart-api", Subject: "t1", Direction: 1, Bad: true,
		Surprise: 12, Title: `first "column price does not exist" in cart-api`, Why: "never seen before",
		Marks: []signal.Mark{{At: from, Line: 7}},
	}}
}

func built(events []hindcast.Event, found []signal.Detection, opt Options) hindcast.Timeline {
	b := newBuilder(events, signal.Set{}, opt)
	b.detections = found
	return b.build()
}

// key returns the key entries as lines of clock, known clock, kind, actor kind and title.
func key(tl hindcast.Timeline) []string {
	var out []string
	for _, e := range tl.Entries {
		if e.Key {
			out = append(out, strings.Join([]string{e.At.Format("15:04:05"), e.KnownAt.Format("15:04:05"), string(e.Kind), string(e.Actor.Kind), e.Title}, " | "))
		}
	}
	return out
}

func TestBuild(t *testing.T) {
	tl := built(outage().Events, failure(), Options{})
	want := []string{
		"10:00:00 | 10:00:00 | change | automation | rollout of cart-api v2.8.0 began",
		"10:00:20 | 10:00:20 | observation | system | First pod of cart-api 2.8.0 started: Started container cart-api",
		`10:01:10 | 10:45:00 | symptom | system | first "column price does not exist" in cart-api`,
		"10:05:00 | 10:05:00 | alert | automation | CartErrors on cart-api (#812)",
		"10:06:00 | 10:06:00 | acknowledge | person | Acknowledged by Ada Okoye",
		"10:08:00 | 10:08:00 | observation | person | every request to cart-api on 2.8.0 answers 500",
		"10:11:00 | 10:11:00 | decision | person | decision: roll back to 2.7.9 rather than wait for a fix",
		"10:12:00 | 10:12:00 | action | person | Rollback: kubectl -n shop rollout undo deployment/cart-api",
		"10:20:00 | 10:20:00 | mitigation | system | rollback complete since 10:20, errors are going down",
		"10:30:00 | 10:30:00 | recovery | person | Resolved by Ada Okoye: back to normal, closing the incident",
		"10:45:00 | 10:45:00 | observation | person | found it: the errors of 10:01:10 came from a missing column",
	}
	if diff := cmp.Diff(want, key(tl)); diff != "" {
		t.Errorf("key entries: -want +got:\n%s", diff)
	}
	if got, want := tl.Incident.StartedAt, facttest.At("10:00"); !got.Equal(want) {
		t.Errorf("started at %s, want %s (%s)", got, want, tl.PhaseWhy["started_at"])
	}
	for _, e := range tl.Entries {
		if e.Why == "" || e.ID == "" || len(e.Evidence) == 0 && e.Kind != hindcast.Symptom {
			t.Errorf("entry %q: id %q, why %q, %d references", e.Title, e.ID, e.Why, len(e.Evidence))
		}
	}
}

func TestBuildProposesDecisions(t *testing.T) {
	tl := built(outage().Events, failure(), Options{})
	i := slices.IndexFunc(tl.Entries, func(e hindcast.Entry) bool { return e.Decision != nil })
	if i < 0 {
		t.Fatal("no decision")
	}
	d := tl.Entries[i].Decision
	if d.Question != "What to do about cart-api?" || len(d.Options) != 2 || len(d.Known) != 5 || len(d.NotKnown) != 1 {
		t.Errorf("decision %+v", d)
	}
}

func TestBuildDoesNotDependOnOrder(t *testing.T) {
	want := built(outage().Events, failure(), Options{})
	r := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		events := slices.Clone(outage().Events)
		r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		if diff := cmp.Diff(want, built(events, failure(), Options{})); diff != "" {
			t.Fatalf("another order: -want +got:\n%s", diff)
		}
	}
}

func TestBuildKeepsIDs(t *testing.T) {
	ids := map[string]string{}
	for _, e := range built(outage().Events, failure(), Options{}).Entries {
		ids[e.Title] = e.ID
	}
	s := outage()
	s.Say("10:40", "Ben Ruiz", "thanks everyone")
	s.Platform("10:02", "BackOff", "cart-api", "cart-api-9-aaaaa", "Back-off restarting failed container")
	for _, e := range built(s.Events, failure(), Options{}).Entries {
		if want, ok := ids[e.Title]; ok && e.ID != want {
			t.Errorf("%q: id %s with more evidence, %s before", e.Title, e.ID, want)
		}
	}
}

func TestBuildQuiet(t *testing.T) {
	s := &facttest.Story{}
	s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
	s.Drill("10:10", "7")
	s.Ack("10:11", "7", "Ada Okoye")
	s.Close("10:15", "7", "Ada Okoye")
	s.SayIn("general", "10:20", "Ben Ruiz", "the coffee machine is down again, on it")
	tl := built(s.Events, nil, Options{})
	if tl.Incident != (hindcast.Phases{}) || len(key(tl)) > 0 || tl.Suspects == nil {
		t.Errorf("incident %+v, key entries %q, suspects %v", tl.Incident, key(tl), tl.Suspects)
	}
}

func TestBuildLeavesTrialsAside(t *testing.T) {
	found := failure()
	set := signal.Set{Templates: []signal.Template{loggedOnce("cart-api", "request done", hindcast.LevelInfo, "09:50")}}
	for service, want := range map[string]bool{"cart-api": true, "cart-api-staging": false, "qa": false, "qamar-api": true} {
		found[0].Service = service
		b := newBuilder(nil, set, Options{})
		b.detections = found
		if tl := b.build(); tl.Incident.StartedAt.IsZero() == want {
			t.Errorf("errors of %s begin an incident: %t, want %t", service, !want, want)
		}
	}
}

func TestBuildFromSignsAlone(t *testing.T) {
	s := &facttest.Story{}
	s.Deploy("10:00", "cart-api", "v2.8.0", "v2.7.9")
	tl := built(s.Events, failure(), Options{})
	if got, want := tl.Incident, (hindcast.Phases{StartedAt: facttest.At("10:00")}); got != want {
		t.Errorf("incident %+v, want %+v", got, want)
	}
}

func TestBuildStaysInside(t *testing.T) {
	from, to := facttest.At("10:07"), facttest.At("10:25")
	for _, e := range built(outage().Events, failure(), Options{From: from, To: to}).Entries {
		if e.At.Before(from.Add(-time.Minute)) || e.At.After(to) {
			t.Errorf("entry at %s outside %s to %s: %s", e.At, from, to, e.Title)
		}
	}
}

func TestBuildTakesOrdinaryTalkForNoIncident(t *testing.T) {
	tests := map[string][]string{
		"a red build":      {"CI is red on main, anyone?", "looking", "flaky test in the cart suite, I retried it", "green again"},
		"staging is down":  {"staging is down since this morning, cart-api does not start there", "I am on it", "wrong secret in the staging vault, fixed, staging is up again", "works, thanks"},
		"a release":        {"releasing cart-api 3.2 in 10 min", "ok", "cart-api 3.2 is live everywhere, error rate flat", "thanks! closing the release ticket"},
		"a look back":      {"postmortem of last week: the cache outage was caused by the ttl change", "should we go back to 60s?", "decision: we keep 300s and add an alert", "done"},
		"a printer":        {"the printer on 3 is broken again", "I restarted it, works now", "thanks", "it is fine again"},
		"support, as ever": {"customer ACME asks how to export invoices", "settings, export, csv", "a customer cannot find the reset link", "it was the spam folder, solved"},
	}
	for name, said := range tests {
		t.Run(name, func(t *testing.T) {
			s := &facttest.Story{}
			s.Deploy("08:00", "cart-api", "v2.8.0", "v2.7.9")
			for i, text := range said {
				s.SayIn("team", fmt.Sprintf("10:%02d", 3*i), []string{"Ada Okoye", "Ben Ruiz"}[i%2], text)
			}
			if tl := built(s.Events, nil, Options{}); tl.Incident != (hindcast.Phases{}) {
				t.Errorf("incident %+v", tl.Incident)
			}
		})
	}
}
