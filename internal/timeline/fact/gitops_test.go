package fact_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestReadSync(t *testing.T) {
	r := fact.NewReader(speech.New(), fact.NewNames(nil, nil), nil)
	tests := []struct {
		title   string
		class   fact.Class
		verb    command.Act
		actor   hindcast.ActorKind
		version string
		heals   bool
	}{
		{"OperationStarted: Initiated automated sync to 'a41c0e7'", fact.Rollout, command.Deploy, hindcast.Automation, "a41c0e7", false},
		{"OperationStarted: Initiated automated sync to 'a41c0e7' (cart image tag v3.1.0)", fact.Rollout, command.Deploy, hindcast.Automation, "3.1.0", false},
		{"Initiated automated sync to 9b1c2d3f00 (cart 3.1.0)", fact.Rollout, command.Deploy, hindcast.Automation, "3.1.0", false},
		{"engineer initiated rollback to history id 41 (revision '9b1c2d3')", fact.Rollout, command.Rollback, hindcast.Person, "9b1c2d3", false},
		{"OperationStarted: initiated automated sync to 'main' (version: 3.1.0)", fact.Rollout, command.Deploy, hindcast.Automation, "3.1.0", false},
		{"OperationStarted: Initiated automated sync to 'a41c0e7' (self-heal: live state differs, image tag 3.1.0)", fact.Rollout, command.Deploy, hindcast.Automation, "3.1.0", true},
		{"OperationStarted: Initiated automated sync to 'a41c0e7' (selfHeal)", fact.Rollout, command.Deploy, hindcast.Automation, "a41c0e7", true},
		{"OperationStarted: Initiated automated partial sync (self heal) to 'a41c0e7' (cart image tag 3.1.0)", fact.Rollout, command.Deploy, hindcast.Automation, "3.1.0", true},
		{"OperationStarted: Initiated automated sync, drift of Deployment/cart", fact.Rollout, command.Deploy, hindcast.Automation, "", true},
		{"OperationStarted: Initiated automated sync: live manifest changed", fact.Rollout, command.Deploy, hindcast.Automation, "", true},
		{"OperationStarted: admin initiated sync to HEAD (9b1c2d3)", fact.Rollout, command.Deploy, hindcast.Person, "9b1c2d3", false},
		{"OperationStarted: engineer@example.com initiated sync to 'v3.0.9'", fact.Rollout, command.Deploy, hindcast.Person, "", false},
		{"OperationStarted: engineer initiated rollback to 41", fact.Rollout, command.Rollback, hindcast.Person, "", false},
		{"OperationStarted: engineer initiated rollback to 41 (image tag 3.0.9)", fact.Rollout, command.Rollback, hindcast.Person, "3.0.9", false},
		{"auto-sync initiated sync to 'b83d9e4' (config: rename settings)", fact.Rollout, command.Deploy, hindcast.Automation, "b83d9e4", false},
		{"OperationStarted: Unknown user initiated sync locally", fact.Rollout, command.Deploy, hindcast.Automation, "", false},
		{"OperationStarted: engineer terminated running operation", fact.Platform, "", hindcast.System, "", false},
		{"OperationStarted: backup of volume vol-1", fact.Platform, "", hindcast.System, "", false},
		{"OperationStarted: will be initiated after the sync window", fact.Platform, "", hindcast.System, "", false},
	}
	for _, tt := range tests {
		f := r.Read(hindcast.Event{Kind: hindcast.PlatformEvent, Service: "cart", Title: tt.title, Actor: hindcast.Actor{Name: "controller", Kind: hindcast.System}, Attrs: map[string]string{"reason": "OperationStarted", "object": "Application/cd/cart", "type": "Normal"}})
		if f.Class != tt.class || f.Verb != tt.verb || f.Actor.Kind != tt.actor || f.Version != tt.version || f.Heals() != tt.heals {
			t.Errorf("Read(%q) = %s %s by %s, version %q, heals %t, want %s %s by %s, version %q, heals %t", tt.title, f.Class, f.Verb, f.Actor.Kind, f.Version, f.Heals(), tt.class, tt.verb, tt.actor, tt.version, tt.heals)
		}
	}
}
