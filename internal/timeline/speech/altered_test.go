package speech_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestAlters(t *testing.T) {
	for text, want := range map[string]bool{
		"somebody rotated the signing key at 09:42":           true,
		"the role was removed from the account at 09:42":      true,
		"the config push at 09:42 already had it":             true,
		"the 9:42 deploy has it":                              true,
		"firewall rule set was tightened at 09:42":            true,
		"the firewall team pushed a rule set at 09:42":        true,
		"the import, it started 09:42 and never committed":    true,
		"the vm moved to another host at 09:42":               true,
		"cron deleted the session table":                      true,
		"legacy dns entry got cleaned up on monday":           true,
		"the flag went live at 9.42":                          true,
		"they switched the upstream over to the new line":     true,
		"vlan 40 was shut down at 09:42":                      true,
		"the limit was set to 10 at 09:42":                    true,
		"quota halved at 09:42":                               true,
		"the nightly job ran at 09:42 with the old table":     true,
		"the disk hit 100 % at 09:42":                         false,
		"the certificate expired at 09:42":                    false,
		"the queue stopped draining at 09:42":                 false,
		"replication broke at 09:42":                          false,
		"the leader election at 09:42 never finished":         false,
		"the kernel killed the session store at 09:42":        false,
		"the errors started at 09:42":                         false,
		"the load was never scaled to two nodes":              false,
		"the list was not updated since 09:42":                false,
		"the link went down at 09:42":                         false,
		"the token ran out at 09:42":                          false,
		"nobody changed the zone since 09:42":                 false,
		"first time-out at 09:42, then one every ten seconds": false,
	} {
		if got := speech.Alters(text); got != want {
			t.Errorf("Alters(%q) = %t, want %t", text, got, want)
		}
	}
}

func TestTheirs(t *testing.T) {
	for text, want := range map[string]bool{
		"it is on their side": true,
		"according to Betalo's portal they disabled our webhook at 10:06": true,
		"per their status page the zone is down":                          true,
		"Wagondata has had a bulletin up since 20:40":                     true,
		"the supplier had an incident open for an hour before that":       true,
		"Kestrel's support says that they throttle us":                    true,
		"their portal lists our key as suspended":                         true,
		"our status page says nothing":                                    false,
		"according to the runbook we drain first":                         false,
		"the pods are up since 20:40":                                     false,
		"support says that two customers called":                          false,
	} {
		if got := speech.Theirs(text); got != want {
			t.Errorf("Theirs(%q) = %t, want %t", text, got, want)
		}
	}
}

func TestUnsure(t *testing.T) {
	for text, want := range map[string]bool{
		"it talks to the assigner. prime suspect if you ask me": true,
		"that is my suspect":                           true,
		"maybe it was the release":                     true,
		"it was the release":                           false,
		"the suspect order is 4711, it has two prices": false,
	} {
		if got := speech.Unsure(text); got != want {
			t.Errorf("Unsure(%q) = %t, want %t", text, got, want)
		}
	}
}
