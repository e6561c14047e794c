package fact_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

var (
	engineer = hindcast.Actor{Name: "Engineer A", Kind: hindcast.Person}
	robot    = hindcast.Actor{Name: "bot", Kind: hindcast.Automation}
)

// brief is what a test looks at.
type brief struct {
	Class   fact.Class
	Actor   hindcast.ActorKind
	Verb    command.Act
	Version string
	Number  string
	Service string
	Act     speech.Act
}

func TestRead(t *testing.T) {
	known := []hindcast.Event{{Service: "cart-api"}, {Service: "search-api"}}
	r := fact.NewReader(speech.New(), fact.NewNames(known, nil), fact.Offsets(known))
	tests := []struct {
		name string
		in   hindcast.Event
		want brief
	}{
		{"page", hindcast.Event{Kind: hindcast.PagerTriggered, Subject: "pagerduty:812", Service: "cart-api", Title: "[#812] CartErrors"}, brief{fact.Paged, hindcast.Automation, "", "", "812", "cart-api", ""}},
		{"escalation", hindcast.Event{Kind: hindcast.PagerStep, Actor: robot, Subject: "pagerduty:812", Attrs: map[string]string{"step": "escalate"}}, brief{Class: fact.Escalated, Actor: hindcast.Automation, Number: "812"}},
		{"alert", hindcast.Event{Kind: hindcast.AlertFiring, Attrs: map[string]string{"alertname": "CartErrors"}}, brief{Class: fact.Fired, Actor: hindcast.Automation}},
		{"rollout", hindcast.Event{Kind: hindcast.Deploy, Actor: robot, Service: "cart-api", Version: "v2.8.0", Title: "rollout of v2.8.0"}, brief{fact.Rollout, hindcast.Automation, command.Deploy, "2.8.0", "", "cart-api", ""}},
		{"rollback by a pipeline", hindcast.Event{Kind: hindcast.Deploy, Actor: robot, Service: "cart-api", Version: "2.7.9", Title: "rolling back to 2.7.9"}, brief{fact.Rollout, hindcast.Automation, command.Rollback, "2.7.9", "", "cart-api", ""}},
		{"failed step", hindcast.Event{Kind: hindcast.DeployStep, Actor: robot, Status: "failure", Title: "verify"}, brief{Class: fact.RolloutFault, Actor: hindcast.Automation}},
		{"flag", hindcast.Event{Kind: hindcast.ConfigChange, Actor: engineer, Title: "flag new-cart turned on"}, brief{Class: fact.Changed, Actor: hindcast.Person, Verb: command.Flag}},
		{"changing command", hindcast.Event{Kind: hindcast.Command, Actor: engineer, Title: "kubectl -n shop rollout undo deployment/cart-api # 2.7.9"}, brief{fact.Ran, hindcast.Person, command.Rollback, "2.7.9", "", "cart-api", ""}},
		{"reading command", hindcast.Event{Kind: hindcast.Command, Actor: engineer, Title: "kubectl get pods"}, brief{Class: fact.Looked, Actor: hindcast.Person}},
		{"pod", hindcast.Event{Kind: hindcast.PlatformEvent, Attrs: map[string]string{"reason": "Started", "object": "Pod/shop/cart-api-1-x"}}, brief{Class: fact.PodStarted, Actor: hindcast.System}},
		{"warning", hindcast.Event{Kind: hindcast.PlatformEvent, Attrs: map[string]string{"reason": "BackOff", "type": "Warning"}}, brief{Class: fact.Warned, Actor: hindcast.System}},
		{"vendor's page", hindcast.Event{Kind: hindcast.StatusUpdate, Actor: hindcast.Actor{Name: "PayCo", Kind: hindcast.External}, Title: "Investigating errors"}, brief{Class: fact.VendorPosted, Actor: hindcast.External}},
		{"chat", hindcast.Event{Kind: hindcast.Message, Actor: engineer, Title: "decision: roll back to 2.7.9"}, brief{Class: fact.Said, Actor: hindcast.Person, Verb: command.Rollback, Version: "2.7.9", Act: speech.Decision}},
		{"bot", hindcast.Event{Kind: hindcast.Message, Actor: robot, Title: "Triggered #812: CartErrors on cart-api"}, brief{Class: fact.Told, Actor: hindcast.Automation, Number: "812", Service: "cart-api"}},
		{"memory", hindcast.Event{Kind: hindcast.Recollection, Actor: engineer, Title: "I think the pool was full"}, brief{Class: fact.Remembered, Actor: hindcast.Person, Act: speech.Observation}},
		{"row", hindcast.Event{Kind: hindcast.Record, Actor: robot, Title: "a row"}, brief{Class: fact.Row, Actor: hindcast.Automation}},
		{"row of an audit log", hindcast.Event{Kind: hindcast.Record, Actor: engineer, Title: "restore price_table"}, brief{Class: fact.Changed, Actor: hindcast.Person, Verb: command.Data}},
		{"row of a cloud's audit log", hindcast.Event{Kind: hindcast.Record, Actor: engineer, Title: "RevokeSecurityGroupEgress sg-nodes"}, brief{Class: fact.Changed, Actor: hindcast.Person, Verb: command.Config}},
		{"row of an audit log that only looks", hindcast.Event{Kind: hindcast.Record, Actor: engineer, Title: "view price_table"}, brief{Class: fact.Row, Actor: hindcast.Person}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := r.Read(tt.in)
			got := brief{f.Class, f.Actor.Kind, f.Verb, f.Version, f.Number, f.Service, f.Speech.Act}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Read: -want +got:\n%s", diff)
			}
		})
	}
}

// TestDescribes holds that edits of what people read about a flag change nothing.
func TestDescribes(t *testing.T) {
	r := fact.NewReader(speech.New(), fact.NewNames(nil, nil), nil)
	for title, want := range map[string]fact.Class{
		"updated the description of new-cart":                       fact.Row,
		"ada updated the description of [new-cart] in `Production`": fact.Row,
		"added the tag checkout to new-cart":                        fact.Row,
		"removed a tag from new-cart":                               fact.Row,
		"changed the maintainer of flag new-cart":                   fact.Row,
		"edited the flag's description for new-cart":                fact.Row,
		"turned on the flag new-cart":                               fact.Changed,
		"updated the default rollout of new-cart":                   fact.Changed,
		"changed the targeting of new-cart":                         fact.Changed,
		"removed a rule from new-cart":                              fact.Changed,
		"added a user target to new-cart":                           fact.Changed,
		"updated new-cart: description and rollout 10% to 50%":      fact.Changed,
	} {
		if got := r.Read(hindcast.Event{Kind: hindcast.ConfigChange, Subject: "flag:new-cart", Title: title, Actor: hindcast.Actor{Name: "ada", Kind: hindcast.Person}}).Class; got != want {
			t.Errorf("%q is %s, want %s", title, got, want)
		}
	}
	const image = "deploy-bot updated tag v5.8.0 in checkout"
	if got := r.Read(hindcast.Event{Kind: hindcast.ConfigChange, Title: image, Actor: hindcast.Actor{Name: "deploy-bot", Kind: hindcast.Automation}}).Class; got != fact.Changed {
		t.Errorf("%q, of no flag, is %s, want %s", image, got, fact.Changed)
	}
}

func TestFindNames(t *testing.T) {
	n := fact.NewNames([]hindcast.Event{{Service: "cart-api"}, {Service: "payment_worker"}, {Service: "k"}}, []string{"ledger"})
	tests := []struct {
		text string
		want []string
	}{
		{"cart-api on 2.8.0 answers 500", []string{"cart-api"}},
		{"the cart is slow, ledger too", []string{"cart-api", "ledger"}},
		{"payment worker restarted (deployment/cart-api)", []string{"payment_worker", "cart-api"}},
		{"cartography", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, n.Find(tt.text)); diff != "" {
			t.Errorf("Find(%q): -want +got:\n%s", tt.text, diff)
		}
	}
}

func TestHideKeepsTheSense(t *testing.T) {
	n := fact.NewNames([]hindcast.Event{{Service: "pizza-orders"}, {Service: "cache"}}, nil)
	if got, want := n.Hide("pizza-orders returns 500, cache is full"), "service returns 500, cache is full"; got != want {
		t.Errorf("Hide = %q, want %q", got, want)
	}
}

func TestByTimeIsTotal(t *testing.T) {
	at := time.Unix(1000, 0)
	a := &fact.Fact{At: at, Title: "b", Events: []hindcast.Event{{Ref: hindcast.Ref{File: "x", Line: 2}}}}
	b := &fact.Fact{At: at, Title: "a", Events: []hindcast.Event{{Ref: hindcast.Ref{File: "x", Line: 1}}}}
	list := []*fact.Fact{a, b}
	fact.ByTime(list)
	if list[0] != b {
		t.Error("ByTime does not order equal times by line")
	}
}

func TestAsks(t *testing.T) {
	for text, want := range map[string]bool{"is it the deploy?": true, "¿no será el drenaje? broker-1 vivía ahí": true, "it is the deploy": false} {
		f := fact.Fact{Title: text}
		if got := f.Asks(); got != want {
			t.Errorf("Asks() of %q = %t, want %t", text, got, want)
		}
	}
}
