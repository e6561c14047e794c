package scope_test

import (
	"slices"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

// clearPage adds that a monitor closed a page by itself.
func clearPage(s *facttest.Story, clock, number string) {
	s.Close(clock, number, "monitor")
	s.Events[len(s.Events)-1].Actor.Kind = hindcast.Automation
}

// TestEarlierPages is about pages of the same service before the one that people worked
// on: how many of both are about the incident.
func TestEarlierPages(t *testing.T) {
	for _, tt := range []struct {
		name, first, second string
		tell                func(s *facttest.Story)
		want                int
	}{
		{"another thing, that ended by itself", "cart-api p95 latency above 800 ms", "Payments declined", func(s *facttest.Story) { clearPage(s, "09:53", "811") }, 1},
		{"the same thing, that ended by itself", "cart-api latency above 800 ms", "cart-api latency above 2 s", func(s *facttest.Story) { clearPage(s, "09:53", "811") }, 2},
		{"a name that says nothing of what", "High error rate on cart-api", "Payments declined", func(s *facttest.Story) { clearPage(s, "09:53", "811") }, 2},
		{"another thing, right before", "cart-api p95 latency above 800 ms", "Payments declined", func(s *facttest.Story) { clearPage(s, "10:03", "811") }, 2},
		{"another thing, that lasts", "cart-api p95 latency above 800 ms", "Payments declined", func(*facttest.Story) {}, 2},
		{"another thing, taken up", "cart-api p95 latency above 800 ms", "Payments declined", func(s *facttest.Story) {
			s.Ack("09:52", "811", "Engineer A")
			s.Close("09:53", "811", "Engineer A")
		}, 2},
		{"another thing, which people connect by its number", "cart-api p95 latency above 800 ms", "Payments declined", func(s *facttest.Story) {
			clearPage(s, "09:53", "811")
			s.Say("10:12", "Engineer A", "so 811 was the first of it, nobody looked")
		}, 2},
		{"another thing, which people connect by its words", "cart-api p95 latency of search above 800 ms", "Payments declined", func(s *facttest.Story) {
			clearPage(s, "09:53", "811")
			s.Say("10:12", "Engineer A", "the latency of the search half an hour ago was this too, every payment waits for it")
		}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Page("09:50", "811", "cart-api", tt.first)
			tt.tell(&s)
			s.Page("10:05", "812", "cart-api", tt.second)
			s.Ack("10:06", "812", "Engineer A")
			s.Say("10:08", "Engineer A", "every payment answers 500")
			s.Say("10:10", "Engineer A", "decision: roll back")
			if got := scope.Find(s.Facts()); len(got.Pages) != tt.want {
				t.Errorf("Find: %d pages, want %d", len(got.Pages), tt.want)
			}
		})
	}
}

// TestPageThatCameAgain is about a page that was closed two hours before the next one of
// its service.
func TestPageThatCameAgain(t *testing.T) {
	say := func(text string) func(*facttest.Story) {
		return func(s *facttest.Story) { s.Say("10:08", "Engineer A", text) }
	}
	for _, tt := range []struct {
		name, second string
		tell         func(s *facttest.Story)
		want         int
	}{
		{"nothing connects them", "Payments declined", say("every payment answers 500"), 1},
		{"the same alert", "Pods of cart-api crash", say("every payment answers 500"), 2},
		{"again", "Payments declined", say("it is the pods again"), 2},
		{"the same pods", "Payments declined", say("same pods as at eight"), 2},
		{"the same picture", "Payments declined", say("exactly the same picture, three of them are gone"), 2},
		{"like before", "Payments declined", say("this looks like before"), 2},
		{"it is back", "Payments declined", say("ok, it is back. looking"), 2},
		{"closed too early", "Payments declined", say("I closed it too early, sorry"), 2},
		{"not over", "Payments declined", say("this was not over then"), 2},
		{"by its number", "Payments declined", say("see 811 from this morning, I think this is the rest of it"), 2},
		{"ruled out", "Payments declined", say("811 is unrelated, not it"), 1},
		{"again, of something that somebody else tells", "Payments declined", func(s *facttest.Story) {
			s.Say("10:08", "Night desk", "my monitor is dark again")
		}, 1},
		{"the platform warned before both", "Payments declined", func(s *facttest.Story) {
			s.Platform("07:58", "OOMKilling", "cart-api", "cart-api-1-a", "killed container cart")
			s.Platform("09:59", "OOMKilling", "cart-api", "cart-api-1-b", "killed container cart")
		}, 2},
		{"the platform warned before the first alone", "Payments declined", func(s *facttest.Story) {
			s.Platform("07:58", "OOMKilling", "cart-api", "cart-api-1-a", "killed container cart")
		}, 1},
		{"the platform warned of another service", "Payments declined", func(s *facttest.Story) {
			s.Platform("07:58", "OOMKilling", "search-api", "search-api-1-a", "killed container search")
			s.Platform("09:59", "OOMKilling", "search-api", "search-api-1-b", "killed container search")
		}, 1},
		{"long after", "Payments declined", func(s *facttest.Story) {
			s.Say("10:50", "Engineer A", "all green again")
		}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Page("08:00", "811", "cart-api", "Pods of cart-api crash")
			s.Ack("08:02", "811", "Engineer A")
			s.Close("08:09", "811", "Engineer A")
			s.Page("10:05", "812", "cart-api", tt.second)
			s.Ack("10:06", "812", "Engineer A")
			tt.tell(&s)
			s.Say("10:09", "Engineer B", "every payment answers 500")
			s.Say("10:10", "Engineer B", "decision: roll back")
			s.Events = sorted(s.Events)
			if got := scope.Find(s.Facts()); len(got.Pages) != tt.want {
				t.Errorf("Find: %d pages, want %d", len(got.Pages), tt.want)
			}
		})
	}
}

// sorted returns events in order of time.
func sorted(events []hindcast.Event) []hindcast.Event {
	out := slices.Clone(events)
	slices.SortStableFunc(out, func(a, b hindcast.Event) int { return a.At.Compare(b.At) })
	return out
}
