package timeline

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/company"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/title"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// single are the detectors that find single lines.
var single = []string{notable.Newcomer, notable.Warning, notable.Broken}

// quote gives the signs of logs a title with the words of a record, which say
// more than a template.
func (b *builder) quote() {
	byID := make(map[string]*signal.Template, len(b.templates))
	for i := range b.templates {
		byID[b.templates[i].ID] = &b.templates[i]
	}
	r := redact.New()
	for _, s := range b.signs {
		t := byID[s.Sign.Subject]
		switch {
		case s.Sign.Detector == "new-template" && t != nil, slices.Contains(single, s.Sign.Detector):
			s.Title = strings.TrimPrefix(s.Service+": "+title.OneLine(r.Text(notable.Quote(t, signal.Mark{At: s.Sign.From}))), ": ")
		case sign.Stated(s.Sign):
			s.Title = title.OneLine(s.Title)
			if sign.Change(s) && notable.Boots(s.Title) && !strings.Contains(strings.ToLower(s.Title), "reboot") {
				s.Title = "Reboot: " + s.Title
			}
		case s.Sign.Detector == "metric-change" && logged(s) != nil && byID[logged(s).Subject] != nil:
			d := logged(s)
			s.Title += ": " + title.OneLine(r.Text(notable.Quote(byID[d.Subject], signal.Mark{At: d.From})))
		case t == nil && sign.Worse(s.Sign) && s.Sign.Detector == "rate-change":
			if t, m := b.companion(s); t != nil {
				s.Title += ": " + title.OneLine(r.Text(notable.Quote(t, m)))
			}
		}
	}
}

// companion returns the error template of a service that is first seen nearest
// to when the rate of its errors changed, with that record; nil when none is near.
func (b *builder) companion(s *fact.Fact) (best *signal.Template, first signal.Mark) {
	near := int64(2 * apart)
	for i := range b.templates {
		t := &b.templates[i]
		if t.Level < hindcast.LevelError {
			continue
		}
		for _, c := range t.Services {
			if d := c.First.At - s.Sign.From; c.Service == s.Service && max(d, -d) < near {
				best, first, near = t, c.First, max(d, -d)
			}
		}
	}
	return best, first
}

// judgeSign gives a sign its score: the chance that it is none, turned around.
func (b *builder) judgeSign(s *fact.Fact) verdict {
	surprise := sign.Surprise(s)
	score := 0.7 * (1 - math.Pow(10, -surprise/4))
	return verdict{score: score, why: fmt.Sprintf("%s (surprise %.1f)", sign.Why(s), surprise)}
}

// chooseSigns keeps the first symptom and the next few that begin apart from
// others; what begins together is one thing to tell.
func (b *builder) chooseSigns() {
	var kept []*fact.Fact
	symptoms := b.symptoms()
	face := b.face(symptoms)
	if face != nil {
		kept = append(kept, face)
		b.set(face, true, 0.92, "the first symptom: %s", b.signWhy(face))
	}
	if first := b.phases.Symptom; face != first {
		b.beside[face] = append(b.beside[face], first)
		b.set(first, false, 0.5, "another record says why, at %s: %s", face.At.Format(time.TimeOnly), b.signWhy(first))
	}
	for _, s := range symptoms {
		if s == face || s == b.phases.Symptom {
			continue
		}
		if near := within(kept, s); near != nil {
			b.beside[near] = append(b.beside[near], s)
			b.set(s, false, 0.5, "began within %s of another symptom that is shown: %s", apart, b.signWhy(s))
			continue
		}
		if face != nil && b.nothingNew(kept, s) {
			b.set(s, false, 0.45, "what fails is shown already: %s", b.signWhy(s))
			continue
		}
		if len(kept) >= maxSigns {
			b.set(s, false, 0.45, "earlier symptoms tell more: %s", b.signWhy(s))
			continue
		}
		kept = append(kept, s)
		b.set(s, true, 0.75, "a further symptom: %s", b.signWhy(s))
	}
}

// nothingNew reports whether a symptom only says that what is shown goes on: that there
// are more or fewer records of the same service, or soon of another, or what the platform
// said of it before.
func (b *builder) nothingNew(kept []*fact.Fact, s *fact.Fact) bool {
	if s.Sign != nil && s.Sign.Detector == "rate-change" {
		return slices.ContainsFunc(kept, func(k *fact.Fact) bool { return k.Service == s.Service || s.At.Sub(k.At).Abs() <= spreading })
	}
	return s.Class == fact.Warned && slices.ContainsFunc(kept, func(k *fact.Fact) bool {
		return k.Class == fact.Warned && k.Subject == s.Subject && k.Service == s.Service
	})
}

// spreading is how soon after a symptom what follows from it shows in others.
const spreading = 10 * time.Minute

// face returns what shows the first symptom: what says why it failed, when the first
// symptom itself only says that something failed, and both began together.
func (b *builder) face(symptoms []*fact.Fact) *fact.Fact {
	first := b.phases.Symptom
	if first == nil || len(lexicon.Troubles(lexicon.Tokens(first.Words()))) > 0 {
		return first
	}
	for _, s := range symptoms {
		if s.At.Sub(first.At).Abs() <= apart && len(lexicon.Troubles(lexicon.Tokens(s.Words()))) > 0 {
			return s
		}
	}
	return first
}

// echoes takes back what people said about the platform's trouble when it says
// no more than the platform's own event, which is shown.
func (b *builder) echoes() {
	for _, w := range b.facts {
		if w.Class != fact.Warned || !b.verdict[w].key {
			continue
		}
		for _, s := range b.scope.Talk {
			lag := s.At.Sub(w.At)
			if s.Speech.Act != speech.Observation || !b.verdict[s].key || b.hasRole(s) || lag < 0 || lag > echo {
				continue
			}
			if common := lexicon.Overlap(lexicon.Tokens(s.Text()), lexicon.Tokens(w.Words())); common >= 3 {
				b.set(s, false, 0.5, "says what the platform's event at %s shows", w.At.Format("15:04:05"))
			}
		}
	}
}

// echo is how long after an event of the platform people speak of it.
const echo = 6 * time.Minute

// symptoms returns the signs and warnings that can be told as symptoms, in
// order of time: those of a failure, in what was hit, from the first symptom
// until responders had it in hand.
func (b *builder) symptoms() []*fact.Fact {
	from, to := b.phases.Phases.StartedAt, b.phases.Phases.MitigatedAt
	if to.IsZero() {
		to = b.phases.Phases.ResolvedAt
	}
	var out []*fact.Fact
	for _, s := range slices.Concat(b.signs, b.facts) {
		if s.At.Before(from) || !to.IsZero() && s.At.After(to) {
			continue
		}
		switch {
		case s.Class == fact.Sign && s.Sign.Detector == notable.Told: // see keepTold
		case s.Class == fact.Sign && sign.Worse(s.Sign) && (s.Sign.Detector != "metric-change" || logged(s) != nil) && !b.requests(s):
			out = append(out, s)
		case s.Class == fact.Warned && s.Grave() && (b.scope.Hit(s.Service) || b.near()(s.Service)):
			out = append(out, s)
		}
	}
	fact.ByTime(out)
	return out
}

// logged returns the new line of a log that shows a failure beside a value; nil when
// the value alone shows it.
func logged(s *fact.Fact) *signal.Detection {
	for _, d := range s.Signs {
		if d.Bad && d.Service == s.Service && d.Detector == "new-template" {
			return d
		}
	}
	return nil
}

// requests reports whether a sign only says that requests failed: once failures
// have begun that is no news, while what a log says about them is.
func (b *builder) requests(s *fact.Fact) bool {
	return s.Sign.Subject == "5xx" || slices.ContainsFunc(b.templates, func(t signal.Template) bool {
		return t.ID == s.Sign.Subject && t.Status > 0
	})
}

// within returns the kept symptom that s began together with: at the same time,
// or a little later in the same service.
func within(kept []*fact.Fact, s *fact.Fact) *fact.Fact {
	for _, k := range kept {
		d := s.At.Sub(k.At).Abs()
		if s.Class != k.Class && s.Service != k.Service && d > apart/3 {
			continue // the platform tells why another service fails
		}
		if d <= apart || s.Service == k.Service && d <= 3*apart/2 {
			return k
		}
	}
	return nil
}

func (b *builder) signWhy(s *fact.Fact) string {
	if s.Sign != nil {
		return fmt.Sprintf("%s (surprise %.1f)", sign.Why(s), sign.Surprise(s))
	}
	why := s.Reason + " reported by the platform"
	if s.Count > 1 {
		why += fmt.Sprintf(" %d times", s.Count)
	}
	return why
}

// ranOut is how our own side says that another's certificate is too old, which is
// theirs to renew.
var ranOut = lazyregexp.New(`(?i)\bcert\w*\b.*\bexpired\b|\bexpired\b.*\bcert`)

// distrust is how our own side says that it does not trust another's certificate.
var distrust = lazyregexp.New(`(?i)\bx509\b|\bunknown (?:authority|ca|issuer)\b|\bunable to (?:verify|get local issuer)|\bself.signed\b|\bPKIX\b`)

// external reports whether a sign says that another company's system fails.
func (b *builder) external(s *fact.Fact) string {
	if s.Class != fact.Sign || distrust.MatchString(s.Title) && !ranOut.MatchString(s.Title) {
		return ""
	}
	if t := b.tells[s]; t.By != nil {
		if v := company.Party(t.By.Text(), s.Title, b.names, b.facts); v != "" {
			return v
		}
	}
	if !sign.Worse(s.Sign) {
		return ""
	}
	if v := b.companies.Blamed(s.Title); v != "" {
		return v
	}
	if by := b.known.Statement(s); by != nil && by.Class == fact.Said && by.Speech.Failing && s == b.phases.Symptom {
		return b.companies.Named(by.Text())
	}
	return ""
}

// firstPod keeps the first start of a pod with the version that set the
// incident off: from then on users could meet it.
func (b *builder) firstPod() {
	t := b.phases.Trigger
	if t == nil || t.Class != fact.Rollout {
		return
	}
	sets := fact.PodSets(b.facts)
	for _, f := range b.facts {
		if f.Class != fact.PodStarted || f.At.Before(t.At) || f.At.Sub(t.At) > trigger.Reach || f.Service != t.Service {
			continue
		}
		set := sets[fact.ReplicaSet(f.Object)]
		if set.Version != "" && t.Version != "" && set.Version != t.Version || set.First.Before(t.At) {
			continue
		}
		f.Version = t.Version
		f.Title = strings.TrimSpace(fmt.Sprintf("First pod of %s %s started: %s", t.Service, t.Version, f.Title))
		b.set(f, true, 0.8, "the first pod of the version that set the incident off")
		return
	}
}
