// Package notable finds log lines that state by themselves what a timeline
// needs, however rare they are: an objective that was missed, something that
// ran out or expired, something that works again, and failures never seen
// before an incident that is known to have happened.
//
// Detectors look for change in numbers and must not believe a single line;
// these lines count because of what they say, and only once an incident is
// known from other sources.
package notable

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// The detectors that detections found here name.
const (
	Breach   = "stated-breach"   // an objective was missed
	Expiry   = "stated-expiry"   // something ran out or expired
	Recovery = "stated-recovery" // something works again
	Broken   = "stated-failure"  // a program could not go on, and the line says why
	Newcomer = "new-failure"     // a failure that was never seen before the incident
	Warning  = "new-warning"     // a warning that was never seen before the incident
	Changed  = "stated-change"   // a machine started, a secret was rotated, a job began
	Told     = "told-line"       // people told of it afterwards
)

// Window is when to look.
type Window struct{ From, To time.Time }

const (
	// episode is the silence after which a repeated line is news again.
	episode = 20 * time.Minute
	// burst and often are how soon a new failure must repeat how often.
	burst = 5 * time.Minute
	often = 3
	// history is how much evidence must lie before a failure to call it new.
	history = 10 * time.Minute
)

var (
	breach   = lazyregexp.New(`(?i)\bSL[OAI]s?\b.*\b(?:breach\w*|violat\w*|miss(?:ed)?|burn\w*|exceed\w*|not met|fail\w*|out of)\b|\b(?:breach\w*|violat\w*|exceed\w*)\b.*\b(?:SL[OA]s?|objective|target|error budget)\b|\berror[ _]budget\b.*\b(?:exhaust\w*|burn\w*|spent|gone)\b`)
	expiry   = lazyregexp.New(`(?i)\b(?:certificate|cert|token|licen[sc]e|key|secret|password|credentials?|lease|domain|subscription|contract|session ticket)\b.{0,60}\b(?:has |have |is |are |was )?(?:expired|no longer valid|revoked)\b|\bexpired (?:certificate|cert|token|licen[sc]e|key|credentials?|lease|domain)\b|\bnot ?after\b.*\bpast\b`)
	broken   = lazyregexp.New(`\bPANIC\b|\bFATAL:.*\bcould not\b|(?i)\bno space left\b|\bENOSPC\b|\bout of (?:memory|disk ?space)\b|\bOutOfMemory\w*|\bcannot allocate memory\b|\bread-only file ?system\b|\b(?:disk|volume|file ?system) (?:is )?full\b|\b(?:terminated|killed) by signal\b|\bshut(?:ting)? ?down\b.*\b(?:because|due to|have failed)\b|\b(?:data|page|checksum|index) corrupt\w*|\bcorrupt(?:ed|ion)\b.*\b(?:data|page|file|segment|index)\b|\blost (?:quorum|leadership)\b|\bsplit.brain\b`)
	recovery = lazyregexp.New(`(?i)\b(?:met|available|healthy|reachable|connected|up|ok|online|ready|serving|writable|in sync|running|normal|working|elected|stable) again\b|\b(?:recovered|resumed|re-?established|reconnected|restored)\b|\bback (?:to normal|online|up|in service|within)\b|\bcaught up\b|\b(?:circuit|breaker) (?:\S+ )?closed\b|\b(?:no longer|not) (?:degraded|failing|overloaded|throttled|read-only)\b`)
	negated  = lazyregexp.New(`(?i)\b(?:not|never|cannot|can't|could not|failed to|unable to|to be|will be|wait\w* (?:for|until)|until|try\w* to|attempt\w* to|panic|exception|expires? in|will expire|expiring)\b`)
)

// still is how a line says that it is no news.
var still = lazyregexp.New(`(?i)\bstill\b`)

// Find returns what the templates state inside the window, as detections with
// the direction +1 for trouble and -1 for its end, in order of time.
func Find(ts []signal.Template, w Window) []signal.Detection {
	f := finder{w: w, redact: redact.New(), first: first(ts)}
	for i := range ts {
		f.template(&ts[i])
	}
	slices.SortStableFunc(f.found, func(a, b signal.Detection) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Subject, b.Subject))
	})
	return f.found
}

type finder struct {
	w      Window
	redact *redact.Redactor
	first  map[string]int64 // earliest record of each service
	found  []signal.Detection
}

// first returns when the records of each service begin.
func first(ts []signal.Template) map[string]int64 {
	out := map[string]int64{}
	for _, t := range ts {
		for _, c := range t.Services {
			if at, ok := out[c.Service]; !ok || c.First.At < at {
				out[c.Service] = c.First.At
			}
		}
	}
	return out
}

func (f *finder) template(t *signal.Template) {
	detector, direction := state(t)
	for i := range t.Services {
		c := &t.Services[i]
		switch {
		case detector == Changed:
			f.changes(t, c)
		case detector != "":
			if detector == Broken {
				if f.fresh(c) {
					f.add(t, c, detector, direction, c.First, "a line that states it")
				}
				continue
			}
			for _, m := range f.episodes(c) {
				f.add(t, c, detector, direction, m, "a line that states it")
			}
		case f.isNew(t, c):
			detector, what := Newcomer, "failure"
			if t.Level < hindcast.LevelError {
				detector, what = Warning, "warning"
			}
			f.add(t, c, detector, 1, c.First, "a "+what+" never seen before, repeated at once")
		}
	}
}

// state reads what the lines of a template say.
func state(t *signal.Template) (detector string, direction int) {
	text := t.Example
	failure := t.Level >= hindcast.LevelError && t.Status == 0 && broken.MatchString(text)
	switch {
	case negated.MatchString(text) && !breach.MatchString(text) && !failure, still.MatchString(text):
		return "", 0
	case breach.MatchString(text):
		return Breach, 1
	case expiry.MatchString(text) && t.Level >= hindcast.LevelWarn && (t.Status < 400 || t.Status >= 500): // what one caller brought is no expiry of ours
		return Expiry, 1
	case failure:
		return Broken, 1
	case recovery.MatchString(text) && t.Level <= hindcast.LevelWarn:
		return Recovery, -1
	case Changes(text) && t.Level <= hindcast.LevelWarn && t.Status == 0:
		return Changed, 0
	}
	return "", 0
}

// changes adds each line that states a change. How often a routine ran before is
// the effect: what runs all the time seldom sets something off.
func (f *finder) changes(t *signal.Template, c *signal.Counts) {
	if c.Total > rare {
		return
	}
	routine := Routine(t.Example)
	for i := range c.Buckets {
		m := c.Mark(i)
		if !f.holds(m.At) {
			continue
		}
		f.add(t, c, Changed, 0, m, "a line that states a change")
		if routine {
			f.found[len(f.found)-1].Effect = float64(i)
		} else {
			f.found[len(f.found)-1].Effect = 0
		}
	}
}

// rare is how often a line may occur in all to count for what it says.
const rare = 60

// episodes returns the first record of each run of occurrences in the window.
func (f *finder) episodes(c *signal.Counts) []signal.Mark {
	var out []signal.Mark
	for m, news := range c.Runs(episode) {
		if news && f.holds(m.At) {
			out = append(out, m)
		}
	}
	if c.Total > rare && len(out) > 1 {
		return nil
	}
	return out
}

func (f *finder) holds(at int64) bool {
	return at >= f.w.From.UnixNano() && at <= f.w.To.UnixNano()
}

// isNew reports whether a template is a failure or a warning that was never seen before the
// window and repeats at once.
func (f *finder) isNew(t *signal.Template, c *signal.Counts) bool {
	if t.Level < hindcast.LevelWarn || t.Status > 0 || !f.fresh(c) {
		return false
	}
	n := 0
	for _, b := range c.Buckets {
		if b.Bucket*int64(signal.Bucket)-c.First.At <= int64(burst) {
			n += int(b.N)
		}
	}
	return n >= often
}

// fresh reports whether a template was never seen before the window, in a service that
// was.
func (f *finder) fresh(c *signal.Counts) bool {
	return f.holds(c.First.At) && c.First.At-f.first[c.Service] >= int64(history)
}

// Quote returns the words of a template's record: its example when that is the
// record, else its text with an ellipsis for what varies. It may hold secrets.
func Quote(t *signal.Template, m signal.Mark) string {
	for _, c := range t.Services {
		if c.First.At < m.At {
			return strings.ReplaceAll(t.Text, "<*>", "…")
		}
	}
	return t.Example
}

// Surprise is the surprise given to lines that count for what they say: enough to
// be told, less than what numbers show.
const Surprise = 3

func (f *finder) add(t *signal.Template, c *signal.Counts, detector string, direction int, m signal.Mark, why string) {
	f.found = append(f.found, signal.Detection{
		Detector: detector, From: m.At, To: max(m.At, c.Last.At), Service: c.Service, Subject: t.ID, Direction: direction, Bad: direction > 0,
		Effect: float64(c.Total), Surprise: Surprise, Title: f.redact.Text(Quote(t, m)), Why: why, Marks: []signal.Mark{m},
	})
}
