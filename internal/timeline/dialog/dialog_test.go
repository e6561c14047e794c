package dialog_test

import (
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/dialog"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// failure is what the signals show of the story: locker-hub fails for a while.
func failure(from, until string) *fact.Fact {
	return &fact.Fact{
		Class: fact.Sign, At: facttest.At(from), Until: facttest.At(until), Title: "handshake aborted", Service: "locker-hub",
		Sign: &signal.Detection{Detector: "new-template", Service: "locker-hub", Bad: true, Surprise: 9},
	}
}

func story() *facttest.Story {
	s := &facttest.Story{}
	s.Say("09:00", "Clerk", "new mugs arrived, the box stands at reception")
	s.Say("09:17", "Clerk", "our courier in Ghent stands before the lockers and taps his code again and again")
	s.Page("09:18", "7", "locker-hub", "LockerOpenFailures")
	s.Say("09:19", "Engineer", "hello hello")
	s.Say("09:22", "Engineer", "the lockers with boards of 2021 give up during the handshake, the newer ones sail through")
	s.Say("09:26", "Manager", "1100 boards in the field still speak protocol v2")
	s.Say("09:28", "Engineer", "frob the hub back onto its former build, the boards come later")
	s.Say("09:34", "Engineer", "done, it is on the former build")
	s.Say("09:41:40", "Clerk", "Ghent got his parcel")
	s.Say("10:05", "Engineer", "no parcel stuck since, closing this")
	return s
}

// acts reads the story and returns the act of each message, by its text.
func acts(s *facttest.Story, signs ...*fact.Fact) map[string]speech.Act {
	facts, _ := s.Facts()
	dialog.Read(facts, signs, lexicon.NewVocabulary(s.Events, signal.Set{}))
	out := map[string]speech.Act{}
	for _, f := range facts {
		if f.Class == fact.Said {
			out[f.Text()] = f.Speech.Act
		}
	}
	return out
}

func TestReadJudgesByPlace(t *testing.T) {
	got := acts(story(), failure("09:12:10", "09:41:20"))
	for text, want := range map[string]speech.Act{
		"hello hello": speech.Taken,
		"the lockers with boards of 2021 give up during the handshake, the newer ones sail through": speech.Observation,
		"1100 boards in the field still speak protocol v2":                                          speech.Observation,
		"frob the hub back onto its former build, the boards come later":                            speech.Decision,
		"done, it is on the former build":                                                           speech.Action,
		"Ghent got his parcel":                                                                      speech.Mitigation,
		"no parcel stuck since, closing this":                                                       speech.AllClear,
	} {
		if got[text] != want {
			t.Errorf("Read(...): %q is %s, want %s", text, got[text], want)
		}
	}
}

func TestReadLeavesTalkWithoutEvidenceAlone(t *testing.T) {
	s := &facttest.Story{}
	for _, m := range []string{"frob the hub back onto its former build", "done, it is on the former build", "Ghent got his parcel", "folding this up"} {
		s.Say("09:20", "Engineer", m)
	}
	facts, _ := s.Facts()
	before := map[string]speech.Act{}
	for _, f := range facts {
		before[f.Text()] = f.Speech.Act
	}
	for text, act := range acts(s) {
		if act != before[text] {
			t.Errorf("Read(...): %q became %s without an alarm or a failure, want %s", text, act, before[text])
		}
	}
}

func TestReadLeavesWhatWasSaidBeforeTheFailureAlone(t *testing.T) {
	s := story()
	facts, _ := s.Facts()
	want := facts[0].Speech.Act
	if got := acts(s, failure("09:12:10", "09:41:20"))[facts[0].Text()]; got != want {
		t.Errorf("Read(...): what was said before is %s, want %s", got, want)
	}
}

// A failure that nobody was called for is spoken of long after it began.
func TestReadJudgesByPlaceWhatWasNoticedLate(t *testing.T) {
	s := &facttest.Story{}
	s.Deploy("06:00", "locker-hub", "v3.1.0", "v3.0.9")
	for _, m := range [][3]string{
		{"11:17", "Clerk", "customers in Ghent report that the lockers do not open"},
		{"11:22", "Engineer", "the lockers with boards of 2021 give up during the handshake, the newer ones sail through"},
		{"11:24", "Manager", "we switch the kiosk payments off until this is clear"},
		{"11:26", "Engineer", "kiosk is off in the locker-hub"},
		{"11:34", "Engineer", "locker-hub frobbed"},
		{"11:36", "Clerk", "thanks so far"},
	} {
		s.Say(m[0], m[1], m[2])
	}
	got := acts(s, failure("09:12:10", "11:41:20"))
	for text, want := range map[string]speech.Act{
		"the lockers with boards of 2021 give up during the handshake, the newer ones sail through": speech.Observation,
		"we switch the kiosk payments off until this is clear":                                      speech.Decision,
		"kiosk is off in the locker-hub":                                                            speech.Action,
	} {
		if got[text] != want {
			t.Errorf("Read(...): %q is %s, want %s", text, got[text], want)
		}
	}
}
