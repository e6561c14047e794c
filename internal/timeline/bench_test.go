package timeline

import (
	"fmt"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// busy is the outage in a cluster with many events and a talkative channel.
func busy(events, messages int) *facttest.Story {
	s := outage()
	clock := func(i, n int) string {
		return facttest.At("09:00").Add(time.Duration(i) * 3 * time.Hour / time.Duration(n)).Format("15:04:05")
	}
	reasons := []string{"Scheduled", "Pulled", "Created", "Started", "Killing", "Unhealthy", "BackOff"}
	for i := range events {
		service := fmt.Sprintf("svc-%d", i%40)
		s.Platform(clock(i, events), reasons[i%len(reasons)], service, fmt.Sprintf("%s-7d9c-%05d", service, i), "Readiness probe failed: HTTP probe failed with statuscode: 500")
	}
	said := []string{"svc-%d answers 500 to every request", "is it svc-%d?", "not svc-%d, it was fine", "restarted svc-%d", "svc-%d is at 97%% cpu and growing"}
	for i := range messages {
		s.Say(clock(i, messages), fmt.Sprintf("Engineer %d", i%7), fmt.Sprintf(said[i%len(said)], i%40))
	}
	return s
}

func BenchmarkBuild(b *testing.B) {
	s := busy(5000, 500)
	for b.Loop() {
		built(s.Events, failure(), Options{})
	}
}

// audited is the outage beside an audit log of changes.
func audited(changes int) *facttest.Story {
	s := outage()
	verbs, kinds := []string{"update", "patch", "create", "delete"}, []string{"deployments", "configmaps", "secrets", "roles"}
	for i := range changes {
		object := fmt.Sprintf("%s/svc-%d", kinds[i%len(kinds)], i%400)
		s.Events = append(s.Events, hindcast.Event{
			Ref: hindcast.Ref{File: "audit.jsonl", Line: i + 1}, Kind: hindcast.ConfigChange, At: facttest.At("06:00").Add(time.Duration(i) * 5 * time.Hour / time.Duration(changes)),
			Actor: hindcast.Actor{Name: fmt.Sprintf("engineer-%d", i%9), Kind: hindcast.Person}, Title: fmt.Sprintf("%s %s: replicas=%d", verbs[i%len(verbs)], object, i%9),
			Attrs: map[string]string{"object": object},
		})
	}
	return s
}

func BenchmarkBuildBesideManyChanges(b *testing.B) {
	s := audited(5000)
	for b.Loop() {
		built(s.Events, failure(), Options{})
	}
}
