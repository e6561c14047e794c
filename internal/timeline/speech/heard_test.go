package speech_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestPassesOn(t *testing.T) {
	tests := []struct {
		text          string
		passes, heard bool
	}{
		{"a customer wrote at 10:04 that baskets stay empty", true, true},
		{"three partners write that the hooks stopped", true, false},
		{"the Seaview Hotel called me at 11:26, two guests in one room", true, true},
		{"a visitor asked about the price at 02:09", true, true},
		{"I called the carrier at 11:26", false, false},
		{"we told customers at 10:10 that we look into it", false, false},
		{"the index build started at 10:04", false, false},
	}
	for _, tt := range tests {
		if got := speech.PassesOn(tt.text); got != tt.passes {
			t.Errorf("PassesOn(%q) = %t, want %t", tt.text, got, tt.passes)
		}
		if got := speech.Heard(tt.text); got != tt.heard {
			t.Errorf("Heard(%q) = %t, want %t", tt.text, got, tt.heard)
		}
	}
}

func TestRecalls(t *testing.T) {
	for text, want := range map[string]bool{
		"reminds me of the outage in march":                                                       true,
		"(it was cgroups back in January, that's why I ask)":                                      true,
		"erinnert mich an den ausfall im märz":                                                    true,
		"como aquella vez del certificado del portal":                                             true,
		"me lembra do incidente do ano passado":                                                   true,
		"last november we had something alike when the ring split, but that setting is untouched": true,
		"we had the same in 2022 with the old CA, the runbook from then is useless":               true,
		"during the spring sale we had 3x traffic and it was ok because of the cache":             true,
		"last year's index incident was at lunch as well":                                         true,
		"we had it once in 2023, too. The pool of cart-api is at its limit of 50 since 10:02":     false,
		"we moved the queue to the old cluster last October, and that is behind it":               false,
		"the key was issued in 2023 and expired today":                                            false,
		"we saw errors in cart-api that may explain the timeouts":                                 false,
		"we had pods that fall over every minute":                                                 false,
		"we saw timeouts in 2048 of 5000 requests on cart-api":                                    false,
		"we saw timeouts in 2024 requests of cart-api":                                            false,
		"during the rollout we saw 5xx on cart-api":                                               false,
		"during the failover we had 40s of write errors":                                          false,
		"we had the pool size cut to 10 two months ago":                                           false,
		"note to self: in 2023 propagation took 20 minutes":                                       true,
		"back in January we raised the limit, and that is behind it":                              false,
		"the index was dropped in the march release":                                              false,
	} {
		if got := speech.Recalls(text); got != want {
			t.Errorf("Recalls(%q) = %t, want %t", text, got, want)
		}
	}
}

func TestAside(t *testing.T) {
	for text, want := range map[string]bool{
		"leaderboard 0.88 going out in a bit, thats just me":         true,
		"the edge sync at 13:33 was me btw, only header changes":     true,
		"search 4.2 goes out at ten, that is unrelated":              true,
		"it's only us-east-1, cart-api is failing there":             false,
		"the dns blip is unrelated, cart-api is the cause":           false,
		"is that unrelated? cart-api fails since its sync":           false,
		"that was the rollout of cart-api, it fails since it is out": false,
	} {
		if got := speech.Aside(text); got != want {
			t.Errorf("Aside(%q) = %t, want %t", text, got, want)
		}
	}
}
