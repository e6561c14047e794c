package recount_test

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/recount"
)

func TestKind(t *testing.T) {
	for said, want := range map[string]hindcast.EntryKind{
		"found it: I pushed a rule set at 09:42":                                                            hindcast.Change,
		"found it: the firewall team pushed a rule set at 09:42":                                            hindcast.Change,
		"that is why, mail from the carrier: they moved the resolvers at 09:42":                             hindcast.ExternalEvent,
		"from the access log: the first request was rejected at 09:42":                                      hindcast.Symptom,
		"the certificate of the store expired at 09:42, that is why":                                        hindcast.Symptom,
		"the carrier answered by mail: they switched our link to the other path at 09:42, for a dirty plug": hindcast.ExternalEvent,
		"since 09:42 every write is refused, the quota is reached":                                          hindcast.Symptom,
		"a customer wrote at 09:42 that baskets stay empty, I read it only now":                             hindcast.Symptom,
	} {
		s := &facttest.Story{}
		s.Say("10:13", "Ben Ruiz", said)
		facts, _ := s.Facts()
		if len(facts) != 1 || len(facts[0].Moments) != 1 {
			t.Errorf("%q names %d moments, want 1", said, len(facts[0].Moments))
			continue
		}
		if got := recount.Of(facts[0], facts[0].Moments[0], "").Kind(); got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

func TestHeaded(t *testing.T) {
	for said, want := range map[string]bool{
		"State 10:30: hit ratio 71 %": true, "10:30 cluster green": true, "[10:30 UTC] resumed": true, "queue empty since 10:29": false, "Cluster green 10:22:10.": false,
	} {
		if got := recount.Headed(said); got != want {
			t.Errorf("Headed(%q) = %t, want %t", said, got, want)
		}
	}
}
