package speech_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

func TestReadBot(t *testing.T) {
	tests := []struct {
		text string
		want speech.Bot
	}{
		{"Triggered #812: CartErrors on cart-api, assigned to Engineer A", speech.Bot{Notice: speech.Triggered, Number: "812"}},
		{"[FIRING:1] DiskAlmostFull (db-3 critical)", speech.Bot{Notice: speech.Triggered}},
		{":rotating_light: New incident INC-204 p99 latency above 2 s", speech.Bot{Notice: speech.Triggered, Number: "INC-204"}},
		{"Acknowledged #812 by Ada Okoye", speech.Bot{Notice: speech.Acknowledged, Number: "812", Person: "Ada Okoye"}},
		{"#88214 [P1] batch of 14:00 not acknowledged by the clearing house", speech.Bot{Notice: speech.Triggered, Number: "88214"}},
		{"#88214 was not acknowledged in 5 minutes", speech.Bot{Notice: speech.Escalated, Number: "88214"}},
		{"jdoe acknowledged UnlockSuccessLow", speech.Bot{Notice: speech.Acknowledged, Person: "jdoe"}},
		{"alert acknowledged UnlockSuccessLow", speech.Bot{Notice: speech.Acknowledged}},
		{"Ada Okoye acknowledged INC-204", speech.Bot{Notice: speech.Acknowledged, Number: "INC-204", Person: "Ada Okoye"}},
		{"#812 CartErrors > 20% cart-api -> Engineer A", speech.Bot{Notice: speech.Triggered, Number: "812"}},
		{"#812 escalated to level 2, no response after 10 minutes", speech.Bot{Notice: speech.Escalated, Number: "812"}},
		{"Resolved #812 by Ada Okoye", speech.Bot{Notice: speech.Closed, Number: "812", Person: "Ada Okoye"}},
		{"[RESOLVED] DiskAlmostFull", speech.Bot{Notice: speech.Closed}},
		{"cart-api v2.8.0 -> production (rolling)", speech.Bot{Notice: speech.Deployed, Version: "2.8.0"}},
		{"Deployed cart-api 2.8.0 to prod by ada.okoye", speech.Bot{Notice: speech.Deployed, Version: "2.8.0", Person: "ada.okoye"}},
		{"deploy of cart-api 2.8.0 failed", speech.Bot{Notice: speech.DeployFailed, Version: "2.8.0"}},
		{"cart-api rolled back to v2.7.9", speech.Bot{Notice: speech.RolledBack, Version: "2.7.9"}},
		{"Flag new-cart turned off in production by Ada Okoye", speech.Bot{Notice: speech.Switched, Person: "Ada Okoye"}},
		{"TEST page: please ignore, this is a test alert", speech.Bot{Notice: speech.Triggered, Test: true}},
		{"Reminder: standup", speech.Bot{}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, speech.ReadBot(tt.text)); diff != "" {
				t.Errorf("ReadBot(%q): -want +got:\n%s", tt.text, diff)
			}
		})
	}
}
