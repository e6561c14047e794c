package known_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/known"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// told is an incident of cart-api from 10:00 on, in which people say some more.
func told(said ...string) *known.Reader {
	s := &facttest.Story{}
	s.Page("10:05", "812", "cart-api", "FailureRatioHigh on cart-api")
	s.Ack("10:06", "812", "Ada Okoye")
	s.Say("10:08", "Ada Okoye", "nobody can pay, every request to cart-api fails")
	for i := 0; i+1 < len(said); i += 2 {
		s.Say(said[i], "Ben Ruiz", said[i+1])
	}
	s.Close("10:50", "812", "Ada Okoye")
	facts, names := s.Facts()
	sc := scope.Find(facts, names)
	ph := phase.Find(course.Input{Facts: facts, Scope: sc, Names: names, Near: func(string) bool { return false }})
	return known.New(known.Input{Facts: facts, Names: names, Scope: sc, Phases: ph})
}

// clock is when an entry of a fact is known.
func clock(r *known.Reader, f *fact.Fact, kind hindcast.EntryKind) string {
	return r.At(f, hindcast.Entry{At: f.At, Kind: kind}).Format(time.TimeOnly)
}

func TestAtWaitsForWhoNamesTheTrouble(t *testing.T) {
	tests := []struct{ line, said string }{
		{"rate request failed: tls: failed to verify certificate: x509: certificate has expired", "the cert of the broker ran out at ten"},
		{"SSL routines: certificate verify failed: certificate has expired", "got it, x509 on every call"},
		{"could not write to file: No space left on device", "df: / is 100%, zero bytes left"},
		{"write /data/part: ENOSPC", "the volume is full"},
		{"Killed process 311 (java): Out of memory", "the pods get OOMKilled one after the other"},
		{"java.lang.OutOfMemoryError: Java heap space", "it runs out of memory every ten minutes"},
		{"HikariPool-1 - Connection is not available", "the pool is exhausted"},
		{"FATAL: remaining connection slots are reserved", "postgres has no free connections"},
		{"lookup erp-db: no such host", "the name of the erp does not resolve, NXDOMAIN everywhere"},
		{"dial tcp 10.0.0.7:5432: connection refused", "cart cannot reach its database"},
		{"token used before issued", "the clock of that node is 40 s ahead"},
		{"deadlock detected", "two jobs are in a lock wait since ten"},
		{"429 Too Many Requests: quota exceeded", "we hit their rate limit"},
		{"403 Forbidden: permission denied", "the key was revoked"},
	}
	for _, tt := range tests {
		r := told("10:14", tt.said, "10:20", tt.said+", still")
		f := &fact.Fact{
			Class: fact.Sign, At: facttest.At("10:00"), Service: "cart-api", Title: "cart-api: " + tt.line,
			Sign: &signal.Detection{Detector: "new-template", Service: "cart-api", Bad: true, From: facttest.At("10:00").UnixNano()},
		}
		if got := clock(r, f, hindcast.Symptom); got != "10:14:00" {
			t.Errorf("%q is known at %s, want 10:14:00, from %q", tt.line, got, tt.said)
		}
	}
}

func TestAtOfAChangeWaitsForWhoSaysThatItWasMade(t *testing.T) {
	tests := []struct{ title, before, said string }{
		{"RevokeSecurityGroupEgress sg-zone-c udp 123", "all the failures come from zone c", "the rule for udp 123 in zone c was removed at 09:40"},
		{"import of rules july.csv started", "every lookup finds 41 rules", "so: the july rules were loaded in append mode"},
		{"workers of thumbnails set from 50 to 20", "all workers of thumbnails are busy", "somebody scaled the workers of thumbnails down this morning"},
		{"turned on the flag unit-pricing", "a lot of null unit pricing in the log", "unit-pricing was turned on at 09:40"},
		{"DROP INDEX idx_entries_merchant", "full scans of entries, no index is used", "the migration dropped the index on entries"},
	}
	for _, tt := range tests {
		r := told("10:10", tt.before, "10:20", tt.said)
		f := &fact.Fact{Class: fact.Changed, At: facttest.At("09:40"), Title: tt.title, Actor: hindcast.Actor{Name: "importer", Kind: hindcast.Automation}}
		if got := clock(r, f, hindcast.Change); got != "10:20:00" {
			t.Errorf("%q is known at %s, want 10:20:00, from %q", tt.title, got, tt.said)
		}
	}
}

func TestAtOfADeedOfSomebodyWhoIsAbsent(t *testing.T) {
	for who, want := range map[string]string{"Network team": "10:33:00", "Ben Ruiz": "10:30:00"} {
		r := told("10:33", "network confirms: the rule was removed by mistake, it is back since 10:30")
		f := &fact.Fact{Class: fact.Changed, At: facttest.At("10:30"), Title: "AuthorizeSecurityGroupEgress sg-zone-c rule", Actor: hindcast.Actor{Name: who, Kind: hindcast.Person}}
		if got := clock(r, f, hindcast.Action); got != want {
			t.Errorf("what %s did is known at %s, want %s", who, got, want)
		}
	}
}

func TestAtOfANoticeWaitsForWhoSpeaksOfIt(t *testing.T) {
	for said, want := range map[string]string{
		"that slot feeds our Loomtable warehouse":                         "10:20:00",
		"Loomtable has stopped all connectors":                            "10:12:00",
		"the Loomtable status page says maintenance":                      "10:12:00",
		"Loomtable support confirms it on the phone":                      "10:12:00",
		"nothing on the status page of Loomtable, all green, no incident": "10:20:00",
	} {
		r := told("10:12", said, "10:20", "Loomtable posted that their connectors are stopped")
		f := &fact.Fact{Class: fact.VendorPosted, At: facttest.At("10:02"), Title: "Maintenance: all connectors are stopped", Actor: hindcast.Actor{Name: "Loomtable", Kind: hindcast.External}}
		if got := clock(r, f, hindcast.ExternalEvent); got != want {
			t.Errorf("after %q the notice is known at %s, want %s", said, got, want)
		}
	}
}

// What a system writes down when an objective is missed is there to be watched.
func TestAtOfAMissedObjective(t *testing.T) {
	r := told("10:14", "the SLO for latency is missed")
	f := &fact.Fact{
		Class: fact.Sign, At: facttest.At("10:01"), Service: "cart-api", Title: "SLO latency breached",
		Sign: &signal.Detection{Detector: "stated-breach", Service: "cart-api", Bad: true, From: facttest.At("10:01").UnixNano()},
	}
	if got := clock(r, f, hindcast.Symptom); got != "10:01:00" {
		t.Errorf("known at %s, want 10:01:00", got)
	}
}
