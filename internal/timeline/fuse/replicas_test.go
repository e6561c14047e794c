package fuse_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// scale adds what a deployment does to a replica set.
func scale(s *facttest.Story, clock, text string) {
	s.Platform(clock, "ScalingReplicaSet", "cart-api", "cart-api", "ScalingReplicaSet: "+text)
}

// pod adds the pull of an image for a pod.
func pod(s *facttest.Story, clock, name, image string) {
	s.Platform(clock, "Pulled", "cart-api", name, "Pulled image "+image)
	s.Events[len(s.Events)-1].Attrs["image"] = image
}

func TestReplicas(t *testing.T) {
	type change struct {
		class   fact.Class
		verb    command.Act
		version string
		actor   hindcast.ActorKind
	}
	rollout := func(s *facttest.Story) {
		scale(s, "10:00", "Scaled up replica set cart-api-7f84d6f9b7 to 2")
		pod(s, "10:01", "cart-api-7f84d6f9b7-x2x4z", "registry.example/cart-api:2.8.0")
		scale(s, "10:02", "Scaled down replica set cart-api-6c9f7d8b5c to 4 from 6")
		scale(s, "10:02:05", "Scaled up replica set cart-api-7f84d6f9b7 to 4 from 2")
		scale(s, "10:05", "Scaled down replica set cart-api-6c9f7d8b5c to 0 from 4")
	}
	tests := []struct {
		name  string
		story func(*facttest.Story)
		at    string
		want  change // no class when none is to be seen
	}{
		{"a rollout that nothing else tells of", rollout, "10:00", change{fact.Rollout, command.Deploy, "2.8.0", hindcast.Automation}},
		{"its later steps are none", rollout, "10:02:05", change{}},
		{"in the newer wording", func(s *facttest.Story) {
			scale(s, "10:00", "Scaled up replica set cart-api-7f84d6f9b7 from 0 to 2")
			scale(s, "10:05", "Scaled down replica set cart-api-6c9f7d8b5c from 4 to 0")
		}, "10:00", change{fact.Rollout, command.Deploy, "", hindcast.Automation}},
		{"the set from before comes back", func(s *facttest.Story) {
			rollout(s)
			scale(s, "10:20", "Scaled up replica set cart-api-6c9f7d8b5c to 2 from 0")
		}, "10:20", change{fact.Rollout, command.Rollback, "", hindcast.Automation}},
		{"people decided it", func(s *facttest.Story) {
			rollout(s)
			s.Say("10:07", "Ada", "decision: roll back cart-api to 2.7.9 now")
			scale(s, "10:08", "Scaled up replica set cart-api-6c9f7d8b5c to 2 from 0")
		}, "10:08", change{fact.Rollout, command.Rollback, "", hindcast.Person}},
		{"a set alone may be one that is made", func(s *facttest.Story) {
			scale(s, "10:00", "Scaled up replica set cart-api-7f84d6f9b7 to 2")
		}, "10:00", change{}},
		{"more of the same, as decided", func(s *facttest.Story) {
			s.Say("10:00", "Ada", "I will scale cart-api to 20")
			scale(s, "10:02", "Scaled up replica set cart-api-7f84d6f9b7 to 20 from 5")
		}, "10:02", change{fact.Changed, command.Scale, "", hindcast.Person}},
		{"an autoscaler's work is routine", func(s *facttest.Story) {
			scale(s, "10:02", "Scaled up replica set cart-api-7f84d6f9b7 to 6 from 5")
		}, "10:02", change{}},
		{"a pipeline tells of it", func(s *facttest.Story) {
			s.Deploy("09:59", "cart-api", "2.8.0", "2.7.9")
			rollout(s)
		}, "10:00", change{}},
	}
	for _, tt := range tests {
		var s facttest.Story
		tt.story(&s)
		var got change
		facts, _ := s.Facts()
		for _, f := range facts {
			if f.At.Equal(facttest.At(tt.at)) && (f.Class == fact.Rollout || f.Class == fact.Changed) {
				got = change{f.Class, f.Verb, f.Version, f.Actor.Kind}
			}
		}
		if got != tt.want {
			t.Errorf("%s: at %s there is %+v, want %+v", tt.name, tt.at, got, tt.want)
		}
	}
}
