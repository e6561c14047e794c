package timeline

import (
	"slices"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
)

// TestMarkedMessagesAreEntries marks messages that the rules leave out.
func TestMarkedMessagesAreEntries(t *testing.T) {
	type attrs = map[string]string
	for name, tt := range map[string]struct {
		text    string
		attrs   attrs
		key     bool
		kind    hindcast.EntryKind
		decided bool
	}{
		"left out":              {"search went out at 09:55, could that be it?", attrs{}, false, hindcast.Observed, false},
		"pinned":                {"search went out at 09:55, could that be it?", attrs{"pinned": "true"}, true, hindcast.Observed, false},
		"marked as an entry":    {"search went out at 09:55, could that be it?", attrs{"mark": "entry"}, true, hindcast.Observed, false},
		"marked as a decision":  {"search went out at 09:55, could that be it?", attrs{"mark": "decision", "pinned": "true"}, true, hindcast.Decided, true},
		"small talk, marked":    {"lunch queue is down to zero", attrs{"pinned": "true"}, true, hindcast.Observed, false},
		"any other reaction":    {"lunch queue is down to zero", attrs{"reactions": "eyes"}, false, hindcast.Observed, false},
		"a key entry, pinned":   {"every request to cart-api on 2.8.0 answers 500", attrs{"pinned": "true"}, true, hindcast.Observed, false},
		"a key entry, decision": {"rollback complete since 10:20, errors are going down", attrs{"mark": "decision"}, true, hindcast.Mitigation, false},
	} {
		t.Run(name, func(t *testing.T) {
			events := outage().Events
			for i := range events {
				if events[i].Title == tt.text {
					for k, v := range tt.attrs {
						events[i].Attrs[k] = v
					}
				}
			}
			tl := built(events, failure(), Options{})
			i := slices.IndexFunc(tl.Entries, func(e hindcast.Entry) bool { return e.Title == tt.text })
			if i < 0 {
				t.Fatal("the message is no entry")
			}
			if e := tl.Entries[i]; e.Key != tt.key || e.Kind != tt.kind || (e.Decision != nil) != tt.decided {
				t.Errorf("key %t, kind %s, decision %+v (%s); want %t, %s, %t", e.Key, e.Kind, e.Decision, e.Why, tt.key, tt.kind, tt.decided)
			}
		})
	}
}

// TestMarksOutsideTheIncident pins what was said long before.
func TestMarksOutsideTheIncident(t *testing.T) {
	s := outage()
	s.Say("06:00", "Ada Okoye", "the runbook of the cart is on the wiki")
	for i := range s.Events {
		if s.Events[i].Title == "the runbook of the cart is on the wiki" {
			s.Events[i].Attrs["pinned"] = "true"
		}
	}
	for _, e := range built(s.Events, failure(), Options{}).Entries {
		if e.Title == "the runbook of the cart is on the wiki" && e.Key {
			t.Errorf("it is key: %s", e.Why)
		}
	}
}

// TestWhatWasWrittenLaterIsKnownLater writes an entry for a moment that has passed.
func TestWhatWasWrittenLaterIsKnownLater(t *testing.T) {
	s := outage()
	s.Say("04:03", "Ben Ruiz", "the cache of the cart was flushed by hand")
	for i := range s.Events {
		if s.Events[i].Title == "the cache of the cart was flushed by hand" {
			s.Events[i].Attrs["mark"], s.Events[i].Attrs["written"] = "entry", facttest.At("10:16").Format("2006-01-02T15:04:05Z07:00")
		}
	}
	tl := built(s.Events, failure(), Options{})
	i := slices.IndexFunc(tl.Entries, func(e hindcast.Entry) bool { return e.Title == "the cache of the cart was flushed by hand" })
	if i < 0 {
		t.Fatal("it is no entry")
	}
	if e := tl.Entries[i]; !e.Key || !e.At.Equal(facttest.At("04:03")) || !e.KnownAt.Equal(facttest.At("10:16")) {
		t.Errorf("key %t, at %s, known at %s; want 04:03 and 10:16", e.Key, e.At, e.KnownAt)
	}
}

// TestWhatWasWrittenForItNeedsNoIncident keeps what people wrote for a post-mortem
// whose evidence shows no incident.
func TestWhatWasWrittenForItNeedsNoIncident(t *testing.T) {
	written := facttest.At("10:16").Format("2006-01-02T15:04:05Z07:00")
	e := hindcast.Event{Kind: hindcast.Message, At: facttest.At("10:16"), Title: "we fail over", Text: "we fail over", Actor: hindcast.Actor{Name: "Ben Ruiz", Kind: hindcast.Person}, Ref: hindcast.Ref{File: "a", Line: 1},
		Attrs: map[string]string{"mark": "decision", "written": written}}
	tl := built([]hindcast.Event{e}, nil, Options{})
	if len(tl.Entries) != 1 || !tl.Entries[0].Key || tl.Entries[0].Kind != hindcast.Decided {
		t.Errorf("entries %+v, want the decision", tl.Entries)
	}
}
