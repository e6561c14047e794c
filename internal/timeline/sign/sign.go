// Package sign turns what detectors found in logs, metrics and traces into
// facts, as few as a reader needs.
//
// Detections are believed by their surprise, with a bound on the share of false
// ones among all that are believed, never by adding weak ones up. Detections of
// one failure in one service are one sign, and a value that climbs step by step
// is one sign from its first step on.
package sign

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	// falseShare bounds the expected share of false detections among those believed.
	falseShare = 0.01
	// together is how far apart the signs of one failure in one service begin.
	together = 90 * time.Second
	// least is the surprise below which a detection is no candidate at all.
	least = 1.0
)

// Find returns the signs that the detections amount to, in order of time. The
// Sign of each is the detection that shows best when the failure began.
func Find(found []signal.Detection) []*fact.Fact {
	return Add(nil, believe(found))
}

// Add returns the signs with further detections, which are believed because of
// what is known from elsewhere.
func Add(signs []*fact.Fact, found []signal.Detection) []*fact.Fact {
	for i := range found {
		d := &found[i]
		if d.Detector == notable.Changed { // each is a deed of its own
			s := Begin(d)
			if d.Service == notable.Scheduler {
				s.Object = d.Subject
			}
			signs = append(signs, s)
			continue
		}
		if host := home(signs, d); host != nil {
			join(host, d)
			continue
		}
		signs = append(signs, Begin(d))
	}
	fact.ByTime(signs)
	return signs
}

// believe returns the detections that are too surprising to be chance, by the
// procedure of Benjamini and Hochberg over all detections: those up to the
// last, in order of falling surprise, whose chance is at most its rank's share
// of [falseShare]. The result is in order of time.
func believe(found []signal.Detection) []signal.Detection {
	ds := slices.Clone(found)
	slices.SortStableFunc(ds, func(a, b signal.Detection) int { return cmp.Compare(b.Surprise, a.Surprise) })
	keep := 0
	for i, d := range ds {
		if d.Surprise >= least && math.Pow(10, -d.Surprise) <= falseShare*float64(i+1)/float64(len(ds)) {
			keep = i + 1
		}
	}
	ds = ds[:keep]
	slices.SortStableFunc(ds, func(a, b signal.Detection) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Surprise, a.Surprise), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Subject, b.Subject))
	})
	return ds
}

// Worse reports whether a detection says that something failed.
func Worse(d *signal.Detection) bool { return d.Bad }

// Better reports whether a detection says that something works again.
func Better(d *signal.Detection) bool { return d.Detector == notable.Recovery }

// Stated reports whether a detection counts for what a line says, rather than
// for numbers.
func Stated(d *signal.Detection) bool {
	switch d.Detector {
	case notable.Breach, notable.Expiry, notable.Recovery, notable.Changed:
		return true
	}
	return false
}

// Change reports whether a sign is a change that a log line states.
func Change(f *fact.Fact) bool {
	return f.Class == fact.Sign && f.Sign != nil && f.Sign.Detector == notable.Changed
}

// rank orders detectors by how exactly they tell when something began.
func rank(d signal.Detection) int {
	switch d.Detector {
	case "new-template":
		return 0
	case "failing-edge":
		return 1
	case "rate-change":
		return 2
	case "vanished-template":
		return 3
	case "slow-edge":
		return 4
	}
	return 5
}

// home returns the sign that a detection belongs to: the same thing going on,
// or another side of the same failure in the same service.
func home(signs []*fact.Fact, d *signal.Detection) *fact.Fact {
	for _, s := range slices.Backward(signs) {
		if s.Sign.Direction != d.Direction || s.Sign.Bad != d.Bad {
			continue
		}
		if s.Sign.Subject == d.Subject && s.Sign.Service == d.Service && (s.Sign.Detector == d.Detector || s.Until.UnixNano() >= d.From) {
			return s
		}
		if s.Service == d.Service && !Stated(d) && time.Duration(d.From-s.Sign.From).Abs() <= together {
			return s
		}
	}
	return nil
}

// Begin returns the sign that a detection is by itself.
func Begin(d *signal.Detection) *fact.Fact {
	return &fact.Fact{
		Class: fact.Sign, At: time.Unix(0, d.From).UTC(), Until: time.Unix(0, d.To).UTC(), Service: d.Service,
		Actor: hindcast.Actor{Name: d.Service, Kind: hindcast.System}, Title: d.Title, Subject: d.Subject, Count: 1, Sign: d,
	}
}

func join(s *fact.Fact, d *signal.Detection) {
	s.Signs = append(s.Signs, d)
	if to := time.Unix(0, d.To).UTC(); to.After(s.Until) {
		s.Until = to
	}
}

// Surprise returns the greatest surprise among the detections of a sign.
func Surprise(s *fact.Fact) float64 {
	top := s.Sign.Surprise
	for _, d := range s.Signs {
		top = max(top, d.Surprise)
	}
	return top
}

// Why says in numbers why a sign is believed.
func Why(s *fact.Fact) string {
	parts := []string{s.Sign.Why}
	for _, d := range s.Signs {
		if len(parts) == 3 {
			break
		}
		if d.Why != "" && d.Service == s.Service {
			parts = append(parts, d.Why)
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "; ")
}
