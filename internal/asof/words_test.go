package asof_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
)

// TestApplyDropsWhatWasWrittenAfterwards holds for messages that people changed or
// deleted in a chat.
func TestApplyDropsWhatWasWrittenAfterwards(t *testing.T) {
	at := time.Date(2024, 3, 15, 14, 42, 0, 0, time.UTC)
	changed := "Changed in the chat at 16:02:00 UTC on 15 March 2024 to: “the pool was exhausted”"
	gone := "No longer in the chat at 16:30:00 UTC on 15 March 2024; it stays here as it was read"
	p := hindcast.Postmortem{Timeline: []hindcast.Entry{{ID: "a", At: at, KnownAt: at, Title: "everything answers 500", Detail: changed + " | " + gone}}}
	for _, tt := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"before", at, ""},
		{"when it was changed", time.Date(2024, 3, 15, 16, 2, 0, 0, time.UTC), changed},
		{"afterwards", time.Date(2024, 3, 15, 17, 0, 0, 0, time.UTC), changed + " | " + gone},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := asof.At(p, tt.at).Apply(p).Timeline[0].Detail; got != tt.want {
				t.Errorf("Detail = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestApplyDropsLaterWordsFromDetails(t *testing.T) {
	at := time.Date(2024, 3, 15, 14, 42, 0, 0, time.UTC)
	p := hindcast.Postmortem{Timeline: []hindcast.Entry{
		{ID: "a", At: at, KnownAt: at, Title: "rollback", Detail: "started by hand | rollback complete, all pods are back | see #4521"},
		{ID: "b", At: at.Add(time.Minute), KnownAt: at.Add(time.Minute), Title: "rollback complete, all pods are back"},
	}}
	for _, tt := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"before it was said", at, "started by hand | see #4521"},
		{"after it was said", at.Add(time.Minute), p.Timeline[0].Detail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := asof.At(p, tt.at).Apply(p).Timeline[0].Detail; got != tt.want {
				t.Errorf("Detail = %q, want %q", got, tt.want)
			}
		})
	}
}
