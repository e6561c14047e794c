package fuse_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// letter adds a mail.
func letter(s *facttest.Story, clock, who, from, to, text string) {
	s.SayIn("", clock, who, text)
	e := &s.Events[len(s.Events)-1]
	e.ID, e.Attrs = "mail:"+clock, map[string]string{"from": from, "to": to}
}

// TestLettersOfDesks holds that what a desk writes by itself about our request is what
// another company says, and what a monitor writes is none.
func TestLettersOfDesks(t *testing.T) {
	tests := []struct {
		subject, text string
		letter        bool
	}{
		{"Re: [CASE 812] URGENT storage limit", "Hello, the limit was raised from 120 to 140. Case status: resolved", true},
		{"Case 812 updated", "your request was approved and is effective immediately", true},
		{"AW: Störung Leitung 7", "Die Leitung ist wieder in Betrieb.", true},
		{"Ticket closed", "We have closed your support ticket: the certificate was re-issued.", true},
		{"Limit increase", "As requested, the number of connections was raised to 400.", true},
		{"[RESOLVED] checkout latency", "checkout latency p95 is back below 500 ms, resolved", false},
		{"PROBLEM: db-1 is DOWN", "Host db-1 is DOWN", false},
	}
	for _, tt := range tests {
		var s facttest.Story
		s.Say("10:00", "Ada", "every request to cart-api fails with 503")
		s.Bot("10:10", tt.text)
		s.Events[len(s.Events)-1].Attrs = map[string]string{"from": "desk.acme.example", "to": "shop.example", "subject": tt.subject}
		facts, _ := s.Facts()
		for _, f := range facts {
			if f.At.Format("15:04") == "10:10" && (f.Actor.Kind == hindcast.External) != tt.letter {
				t.Errorf("%s: %s by %s", tt.subject, f.Class, f.Actor.Kind)
			}
		}
	}
}

func TestLetters(t *testing.T) {
	const theirs, ours = "noc.acme.example", "shop.example"
	tests := []struct {
		name  string
		story func(*facttest.Story)
		act   speech.Act // of the letter at 10:10
		kind  hindcast.ActorKind
		said  string // when it was known; "" at once
	}{
		{"passed on by the company's name", func(s *facttest.Story) {
			letter(s, "10:10", "Service Desk", theirs, ours, "We confirm that the certificate of our gateway expired.")
			s.Say("10:14", "Ada", "Acme confirms it: their certificate expired")
		}, speech.Vendor, hindcast.External, "10:14"},
		{"passed on by what it says", func(s *facttest.Story) {
			letter(s, "10:10", "Clearing Desk", theirs, ours, "we grant an extension of the cut-off until 06:30")
			s.Say("10:20", "Ada", "they agreed! extension of the cut-off, the mail came at 10:10")
		}, speech.Vendor, hindcast.External, "10:20"},
		{"a question about them passes nothing on", func(s *facttest.Story) {
			letter(s, "10:10", "Service Desk", theirs, ours, "We confirm that the certificate of our gateway expired.")
			s.Say("10:12", "Bo", "did Acme answer?")
		}, speech.Vendor, hindcast.External, ""},
		{"nobody spoke of it", func(s *facttest.Story) {
			letter(s, "10:10", "Service Desk", theirs, ours, "We confirm that the certificate of our gateway expired.")
			s.Say("10:12", "Bo", "pods are restarting now")
		}, speech.Vendor, hindcast.External, ""},
		{"our own to them", func(s *facttest.Story) {
			letter(s, "10:10", "Ada", ours, theirs, "since 09:50 each of our connects fails in the handshake")
		}, speech.Communication, hindcast.Person, ""},
		{"our own, and its writer says so", func(s *facttest.Story) {
			letter(s, "10:10", "Ada", ours, theirs, "since 09:50 each of our connects fails in the handshake")
			s.Say("10:11", "Ada", "wrote to the NOC of Acme")
		}, speech.Communication, hindcast.Person, "10:11"},
		{"between ourselves", func(s *facttest.Story) {
			letter(s, "10:10", "Bo", ours, "lists.shop.example", "decision: we roll back cart-api to 2.7.9")
		}, speech.Decision, hindcast.Person, ""},
	}
	for _, tt := range tests {
		var s facttest.Story
		s.Say("10:00", "Ada", "every request to cart-api fails with 503")
		tt.story(&s)
		facts, _ := s.Facts()
		var got *fact.Fact
		for _, f := range facts {
			if f.At.Equal(facttest.At("10:10")) {
				got = f
			}
		}
		if got == nil {
			t.Errorf("%s: the letter is gone", tt.name)
			continue
		}
		var want time.Time
		if tt.said != "" {
			want = facttest.At(tt.said)
		}
		said := got.SaidAt
		if said.Equal(got.At) {
			said = time.Time{}
		}
		if got.Speech.Act != tt.act || got.Actor.Kind != tt.kind || !said.Equal(want) {
			t.Errorf("%s: %s by %s, known %s; want %s by %s, known %q", tt.name, got.Speech.Act, got.Actor.Kind, got.SaidAt.Format(time.TimeOnly), tt.act, tt.kind, tt.said)
		}
	}
}
