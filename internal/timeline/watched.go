package timeline

import (
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
)

// How alerts are called that fire when a value is too low, and when it is too high.
var (
	tooLow  = lazyregexp.New(`(?i)\w(?:too)?(?:low|few|below|drop(?:ped)?|missing|less|absent)\b|\b(?:low|few|fewer|below|dropped|missing|less than|absent)\b`)
	tooHigh = lazyregexp.New(`(?i)\w(?:too)?(?:high|many|above|exceeded|over)\b|\b(?:high|many|above|exceeded|more than)\b`)
)

// ripening is how long before an alert what it watches goes wrong.
const ripening = 15 * time.Minute

// watch takes a change of a value for a failure that nothing in its name calls one,
// when an alert fires soon after it that is called after the value and the direction,
// and nothing else shows a failure before it: "DevicesConnectedLow" for connected
// clients that fall.
func (b *builder) watch() {
	for i := range b.detections {
		d := &b.detections[i]
		if d.Detector != "metric-change" || d.Bad || d.Direction == 0 {
			continue
		}
		words, from := lexicon.Tokens(d.Subject+" "+d.Title), time.Unix(0, d.From)
		for _, f := range b.facts {
			if f.Class != fact.Fired && f.Class != fact.Paged || f.Test || f.At.Before(from) || f.At.Sub(from) > ripening || b.failedBefore(f.At) {
				continue
			}
			called := tooLow
			if d.Direction > 0 {
				called = tooHigh
			}
			name := f.Title + " " + f.Name
			if called.MatchString(name) && lexicon.Overlap(lexicon.Tokens(f.Words()+" "+name), words) >= hint {
				d.Bad = true
				break
			}
		}
	}
}

// failedBefore reports whether a failure shows shortly before a moment.
func (b *builder) failedBefore(at time.Time) bool {
	for _, d := range b.detections {
		if lead := at.Sub(time.Unix(0, d.From)); d.Bad && lead >= 0 && lead <= ripening {
			return true
		}
	}
	return false
}
