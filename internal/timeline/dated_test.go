package timeline

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// lookup is an incident in which a message says what somebody found, and what became
// of it.
func lookup(said string) *facttest.Story {
	s := &facttest.Story{}
	s.Page("10:05", "812", "cart-api", "CartErrors on cart-api")
	s.Ack("10:06", "812", "Ada Okoye")
	s.Say("10:08", "Ada Okoye", "every third request to cart-api answers 500")
	s.Say("10:13", "Ben Ruiz", said)
	s.Say("10:15", "Ada Okoye", "decision: we go to the standby until that is repaired")
	s.Run("10:17", "ada", "shopctl failover cart-api --to standby")
	s.Say("10:20:40", "Ada Okoye", "errors are gone since 10:20, everybody can shop again")
	s.Close("10:30", "812", "Ada Okoye")
	s.Say("10:30:20", "Ada Okoye", "back to normal, closing the incident")
	return s
}

func TestBuildShowsWhatAFindingDates(t *testing.T) {
	for _, tt := range []struct {
		said string
		want hindcast.EntryKind // of the entry at the minute that is told
	}{
		{"found it: the config push at 09:42 already had it", hindcast.Change},
		{"the cert of the basket store expired at 09:42:00 today", hindcast.Symptom},
		{"root cause: someone rotated the signing key at 09:42", hindcast.Change},
		{"found it, the disk of db-3 hit 100 % at 09:42", hindcast.Symptom},
		{"Found: the log says the certificate of the basket store expired at 09:42:00 UTC. It is their certificate, not ours.", hindcast.ExternalEvent},
		{"got it. the service token ran out at 09:42", hindcast.Symptom},
		{"turns out the license expired 09:42", hindcast.Symptom},
		{"the signing key was revoked at 09:42, that is why", hindcast.Change},
		{"confirmed, the leader election at 09:42 never finished", hindcast.Symptom},
		{"the DNS zone was reloaded at 09:42 without the record of the basket store", hindcast.Change},
		{"culprit: the price import, it started 09:42 and never committed", hindcast.Change},
		{"so the queue stopped draining at 09:42, the consumers say rebalance in progress", hindcast.Symptom},
		{"the firewall team pushed a rule set at 09:42. that explains it", hindcast.Change},
		{"audit log: the role was removed from the service account at 09:42", hindcast.Change},
		{"since 09:42 every write is refused, the quota is reached", hindcast.Symptom},
		{"from the switch: the link to the second site went down at 09:42, both fibers", hindcast.Symptom},
		{"the clock of the host jumped at 09:42, it is 7 min ahead now", hindcast.Symptom},
		{"a cron job at 09:42 deleted the session table, that is our reason", hindcast.Change},
		{"I have it: vm moved to another host at 09:42 and lost its address", hindcast.Change},
		{"there we have it, the kernel killed the session store at 09:42, out of memory", hindcast.Symptom},
		{"replication broke at 09:42, the replica serves old baskets", hindcast.Symptom},
		{"it is the batch: nightly-prices was started by hand at 09:42 and holds a lock on baskets", hindcast.Change},
	} {
		tl := built(lookup(tt.said).Events, failure(), Options{})
		var at, finding *hindcast.Entry
		for i, e := range tl.Entries {
			switch {
			case !e.Key || !strings.Contains(tt.said, strings.TrimSuffix(e.Title, "…")):
			case e.At.Equal(facttest.At("09:42")):
				at = &tl.Entries[i]
			case e.At.Equal(facttest.At("10:13")):
				finding = &tl.Entries[i]
			}
		}
		if at == nil || at.Kind != tt.want || !at.KnownAt.Equal(facttest.At("10:13")) {
			t.Errorf("%q: at 09:42 there is %v, want a %s known at 10:13", tt.said, brief(at), tt.want)
		}
		if finding == nil || finding.Kind != hindcast.Observed {
			t.Errorf("%q: at 10:13 there is %v, want an observation", tt.said, brief(finding))
		}
	}
}

// A change that is told of in doubt, or cleared, is none that is behind it.
func TestBuildShowsNoMomentThatIsOnlyMentioned(t *testing.T) {
	for _, said := range []string{
		"isn't the base backup at 09:42? that would be it",
		"the change board meets at 10:42, every write of cart-api is refused until then",
		"I have a basket in my hand and cart-api refuses it, filled one minute ago",
		"read errors again, and the review is on Monday 09:42",
		"the mail says maintenance of the carrier from 09:42 to 11:00, every read of cart-api fails",
	} {
		for _, e := range built(lookup(said).Events, failure(), Options{}).Entries {
			if e.Key && e.Kind == hindcast.Symptom && strings.Contains(said, strings.TrimSuffix(e.Title, "…")) {
				t.Errorf("%q is shown as a symptom at %s", said, e.At.Format(time.TimeOnly))
			}
		}
	}
}

func TestBuildShowsOnceWhatTwoPeopleDate(t *testing.T) {
	s := lookup("found it: the config push at 09:42 already had it")
	s.Say("10:14", "Ada Okoye", "yes, since 09:42 every write of the basket store is refused")
	n := 0
	for _, e := range built(s.Events, failure(), Options{}).Entries {
		if e.Key && e.At.Format("15:04") == "09:42" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d entries at the minute that two people name, want 1", n)
	}
}

func TestBuildShowsNoChangeThatNobodyBlames(t *testing.T) {
	for _, said := range []string{
		"I shipped price-api 8.1 at 09:42, sry if thats me",
		"price-api 8.1 went out at 09:42, could that be it?",
		"maybe the flag change at 09:42, I have a hunch",
		"the network team replaced a switch at 09:42, I guess that has something to do with it",
		"there was a deploy of price-api at 09:42 by the way, suspicious",
		"we roll back to the build of 09:42",
	} {
		for _, e := range built(lookup(said).Events, failure(), Options{}).Entries {
			if e.Key && e.At.Equal(facttest.At("09:42")) {
				t.Errorf("%q: shown at 09:42: %s", said, brief(&e))
			}
		}
	}
}

func TestBuildTellsWhoChangedWhatAFindingDates(t *testing.T) {
	for said, want := range map[string]string{
		"found it: the firewall team pushed a rule set at 09:42":                             "person somebody",
		"found it: I pushed a rule set at 09:42, that was me":                                "person Ben Ruiz",
		"found it: a cron job deleted the session table at 09:42":                            "automation ",
		"found it: the certificate expired at 09:42, on their side":                          "external another company",
		"found it: the certificate of the store expired at 09:42":                            "system cart-api",
		"mail from the carrier: their resolvers were moved at 09:42, our zone was forgotten": "external another company",
		"the carrier answered by mail: they switched our link to the other path at 09:42":    "external vendor",
		"from the WAF export: the first basket was refused at 09:42":                         "system cart-api",
	} {
		got := ""
		for _, e := range built(lookup(said).Events, failure(), Options{}).Entries {
			if e.Key && e.At.Equal(facttest.At("09:42")) {
				got = string(e.Actor.Kind) + " " + e.Actor.Name
			}
		}
		if got != want {
			t.Errorf("%q: at 09:42 it was %q, want %q", said, got, want)
		}
	}
}

func brief(e *hindcast.Entry) string {
	if e == nil {
		return "nothing"
	}
	return string(e.Kind) + " known " + e.KnownAt.Format(time.TimeOnly) + ": " + e.Title + " (" + e.Why + ")"
}

func TestBuildShowsFurtherReliefAtItsMoment(t *testing.T) {
	for said, want := range map[string]string{
		"queue of baskets is empty since 10:29":        "10:29:00 mitigation",
		"baskets are back since 10:29:10, all of them": "10:29:10 mitigation",
		"State 10:29: errors at 0.2 %, replay runs":    "",
		"baskets were fine at 10:21 already":           "",
	} {
		s := outage()
		s.Say("10:30:20", "Ben Ruiz", said)
		got := ""
		for _, e := range built(s.Events, failure(), Options{}).Entries {
			if e.Key && strings.Contains(e.Why, "further relief") {
				got = e.At.Format(time.TimeOnly) + " " + string(e.Kind)
			}
		}
		if got != want {
			t.Errorf("%q: further relief at %q, want %q", said, got, want)
		}
	}
}

func TestBuildShowsWhatWasFirstBySecondAmongOtherTimes(t *testing.T) {
	said := "exact times from the logs: key promoted 09:58:12, first refused basket 09:58:41"
	var got []string
	for _, e := range built(lookup(said).Events, failure(), Options{}).Entries {
		if e.Key && strings.Contains(e.Why, "by its second") {
			got = append(got, e.At.Format(time.TimeOnly)+" "+string(e.Kind)+" "+e.KnownAt.Format(time.TimeOnly)+" "+e.Title)
		}
	}
	if diff := cmp.Diff([]string{"09:58:41 symptom 10:13:00 first refused basket 09:58:41"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
