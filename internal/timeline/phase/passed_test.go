package phase_test

import (
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

// TestFindReportPassedOn is about trouble that is first told where nobody works on it,
// and then brought to those who do.
func TestFindReportPassedOn(t *testing.T) {
	for _, tt := range []struct{ name, first, passed, want string }{
		{"asked in the channel that is named", "is something up with checkout? two customers just told me they cannot pay", "hi, support has four customers who cannot pay, details in #support-desk", "09:50:00"},
		{"told in the channel that is named", "customers report that checkout fails with an error for them", "support sees customers who cannot pay, see #support-desk", "09:50:00"},
		{"anybody else", "anyone else seeing errors at checkout on the till right now?", "customers cannot pay at checkout, thread in #support-desk", "09:50:00"},
		{"small talk in the channel that is named", "the invoices of last month were sent once more, case closed", "support has four customers who cannot pay, details in #support-desk", "09:53:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.SayIn("support-desk", "09:50", "Agent", tt.first)
			s.Say("09:53", "Agent B", tt.passed)
			s.Say("09:55", "Engineer A", "looking, payments-api answers 500 for a third of all requests")
			s.Page("10:00", "812", "payments-api", "PaymentErrors on payments-api")
			s.Ack("10:02", "812", "Engineer A")
			s.Run("10:12", "engineer", "kubectl rollout undo deployment/payments-api")
			s.Say("10:18:30", "Engineer A", "errors are going down since 10:17")
			s.Close("10:30", "812", "Engineer A")
			if got := clocks(found(&s))[1]; got != tt.want {
				t.Errorf("detected at %s, want %s", got, tt.want)
			}
		})
	}
}

// TestFindCompanyAtWork is about what another company says it did, beside since when
// another part of it was so.
func TestFindCompanyAtWork(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"only since when", "mail from Northhost: their network in zone B was impaired since 09:50", "09:50:00"},
		{"moved", "mail from Northhost: the host was moved at 09:58 for maintenance, and their time service had been impaired since 09:50", "09:58:00"},
		{"rebooted", "Northhost says the switch got rebooted at 09:57, their monitoring was down since 09:50", "09:57:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var s facttest.Story
			s.Vendor("10:05", "Northhost", "investigating", "We investigate connectivity in zone B")
			s.Page("10:01:30", "812", "cart-api", "CartErrors on cart-api")
			s.Ack("10:02", "812", "Engineer A")
			s.Say("10:06", "Engineer A", "Northhost has an outage in zone B, cart-api cannot reach its database")
			s.Say("10:20", "Engineer A", tt.text)
			s.Say("10:25", "Engineer A", "cart-api works again since 10:24")
			s.Close("10:30", "812", "Engineer A")
			facts, names := s.Facts()
			in := course.Input{
				Facts: facts, Scope: scope.Find(facts, names), Names: names, Near: func(string) bool { return false },
				Signs: []*fact.Fact{failing("10:00:30", "cart-api", 1)},
				Company: func(text string) string {
					if strings.Contains(text, "Northhost") {
						return "Northhost"
					}
					return ""
				},
			}
			if r := phase.Find(in); clocks(r)[0] != tt.want {
				t.Errorf("started at %s, want %s: %s", clocks(r)[0], tt.want, r.Why["started_at"])
			}
		})
	}
}
