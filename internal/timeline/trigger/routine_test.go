package trigger_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

func TestRoutine(t *testing.T) {
	change := func(clock, title string) *fact.Fact {
		return &fact.Fact{Class: fact.Changed, At: facttest.At(clock), Title: title, Events: []hindcast.Event{{Kind: hindcast.ConfigChange}}}
	}
	incident := func(f *fact.Fact) bool {
		return !f.At.Before(facttest.At("10:00")) && f.At.Before(facttest.At("11:00"))
	}
	facts := []*fact.Fact{
		change("08:00", "shop.rotation 7 to 12"), change("09:00", "shop.rotation 12 to 40"), change("10:10", "shop.rotation 40 to 3"),
		change("10:20", "cart.limit 5 to 9"), change("10:30", "cart.limit 9 to 12"), change("10:40", "cart.limit 12 to 5"),
		change("09:30", "search.boost 1 to 2"), change("10:50", "search.boost 2 to 1"),
	}
	got := trigger.Routine(facts, incident)
	for i, want := range []bool{true, true, true, false, false, false, false, false} {
		if got[facts[i]] != want {
			t.Errorf("Routine() of %q at %s is %t, want %t", facts[i].Title, facts[i].At.Format("15:04"), got[facts[i]], want)
		}
	}
}

// What a machine did often before set nothing off, though it did it once more in the
// minute that people name.
func TestAHabitIsNoTrigger(t *testing.T) {
	moved := func(clock, title string) *fact.Fact {
		return &fact.Fact{Class: fact.Changed, At: facttest.At(clock), Title: title, Service: "exam-db", Actor: hindcast.Actor{Name: "balancer", Kind: hindcast.Automation}, Events: []hindcast.Event{{Kind: hindcast.Record}}}
	}
	facts := []*fact.Fact{
		moved("08:00", "balancer moved web-1 from host-3"), moved("08:20", "balancer moved db-1 from host-2"), moved("08:40", "balancer moved web-2 from host-1"),
		moved("09:00", "balancer moved mail-1 from host-3"), moved("09:20", "balancer moved web-3 from host-4"), moved("10:00", "balancer moved web-1 from host-4"),
	}
	hit := func(string) bool { return true }
	for _, from := range []int{0, 5} {
		j := &trigger.Judge{Facts: facts[from:], Hit: hit, Near: hit, In: hit}
		want := from == 5
		if got := j.Weigh(facts[5], facttest.At("10:00:10")).Likely(); got != want {
			t.Errorf("with %d before it, likely is %t, want %t", len(j.Facts)-1, got, want)
		}
	}
}

// So is a setting that a machine writes again and again, the same to the letter; another
// value is none.
func TestASettingWrittenAgainAndAgainIsNoTrigger(t *testing.T) {
	wrote := func(clock, title string) *fact.Fact {
		return &fact.Fact{Class: fact.Changed, At: facttest.At(clock), Title: title, Service: "exam-db", Actor: hindcast.Actor{Name: "rotator", Kind: hindcast.Automation}, Events: []hindcast.Event{{Kind: hindcast.ConfigChange}}}
	}
	hit := func(string) bool { return true }
	for _, last := range []string{"update kv/exam-db/lease", "update kv/exam-db/pool 40"} {
		facts := []*fact.Fact{
			wrote("08:00", "update kv/exam-db/lease"), wrote("08:20", "update kv/exam-db/lease"), wrote("08:40", "update kv/exam-db/lease"),
			wrote("09:00", "update kv/exam-db/lease"), wrote("09:20", "update kv/exam-db/lease"), wrote("10:00", last),
		}
		j := &trigger.Judge{Facts: facts, Hit: hit, Near: hit, In: hit}
		want := last != facts[0].Title
		if got := j.Weigh(facts[5], facttest.At("10:00:10")).Likely(); got != want {
			t.Errorf("%q after five leases: likely is %t, want %t", last, got, want)
		}
	}
}

// A step of a ramp takes nothing back; switching it off does.
func TestTheNextStepOfARampTakesNothingBack(t *testing.T) {
	step := func(clock, setting string) *fact.Fact {
		return &fact.Fact{Class: fact.Changed, At: facttest.At(clock), Title: setting, Verb: command.Flag, Object: "fares", Setting: setting, Service: "search", Events: []hindcast.Event{{}}}
	}
	first, second, off := step("09:50", "fares=25%"), step("09:55", "fares=100%"), step("10:20", "fares=0%")
	in := func(string) bool { return true }
	for _, tt := range []struct {
		facts []*fact.Fact
		want  bool
	}{{[]*fact.Fact{first, second}, false}, {[]*fact.Fact{first, second, off}, true}} {
		j := &trigger.Judge{Facts: tt.facts, Hit: in, Near: in, In: in}
		if got := j.Weigh(first, facttest.At("09:52")).Back; got != tt.want {
			t.Errorf("with %d changes, taken back is %t, want %t", len(tt.facts), got, tt.want)
		}
	}
	cut, restored := step("09:50", "fares=10%"), step("10:20", "fares=100%")
	cut.Title = "share of fares from 100% to 10%"
	j := &trigger.Judge{Facts: []*fact.Fact{cut, restored}, Hit: in, Near: in, In: in}
	if !j.Weigh(cut, facttest.At("09:52")).Back {
		t.Error("a share that was cut and raised again is not taken back")
	}
}
