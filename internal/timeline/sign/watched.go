package sign

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// How alerts are called that fire when a value is too low, and when it is too high.
var (
	tooLow  = lazyregexp.New(`(?i)\w(?:too)?(?:low|few|below|drop(?:ped)?|missing|less|absent)\b|\b(?:low|few|fewer|below|dropped|missing|less than|absent)\b`)
	tooHigh = lazyregexp.New(`(?i)\w(?:too)?(?:high|many|above|exceeded|over)\b|\b(?:high|many|above|exceeded|more than)\b`)
)

const (
	// ripening is how long before an alert what it watches goes wrong: some wait for a
	// quarter of an hour, over a mean of minutes.
	ripening = 30 * time.Minute
	// shortly is how long before an alert another failure can be why it fired.
	shortly = 15 * time.Minute
)

// Watch takes a change of a value for a failure that nothing in its name calls one,
// when an alert fires soon after it that is called after the value and the direction,
// and nothing else shows a failure before it: "DevicesConnectedLow" for connected
// clients that fall.
func Watch(detections []signal.Detection, facts []*fact.Fact) {
	var alerts []*fact.Fact
	for _, f := range facts {
		if (f.Class == fact.Fired || f.Class == fact.Paged) && !f.Test && !failedBefore(detections, f.At) {
			alerts = append(alerts, f)
		}
	}
	for i := range detections {
		if d := &detections[i]; d.Detector == "metric-change" && slices.ContainsFunc(alerts, func(f *fact.Fact) bool { return watches(f, d) }) {
			d.Bad = true
		}
	}
}

// watches reports whether an alert is called after a value and the way it changed
// shortly before.
func watches(f *fact.Fact, d *signal.Detection) bool {
	called := tooHigh
	if d.Direction < 0 {
		called = tooLow
	}
	lead, name := f.At.Sub(time.Unix(0, d.From)), f.Title+" "+f.Name
	return d.Direction != 0 && lead >= 0 && lead <= ripening && called.MatchString(name) &&
		lexicon.Overlap(lexicon.Tokens(f.Words()+" "+name), lexicon.Tokens(d.Subject+" "+d.Title)) >= lexicon.Hint
}

// failedBefore reports whether a failure shows shortly before a moment.
func failedBefore(detections []signal.Detection, at time.Time) bool {
	return slices.ContainsFunc(detections, func(d signal.Detection) bool {
		lead := at.Sub(time.Unix(0, d.From))
		return d.Bad && lead >= 0 && lead <= shortly
	})
}
