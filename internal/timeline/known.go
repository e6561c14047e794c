package timeline

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// known returns when responders could first know a fact: at once when they did
// or read it themselves; for what lay in logs, metrics, events or elsewhere,
// when the first message or alert stated it.
func (b *builder) known(f *fact.Fact, e hindcast.Entry) time.Time {
	switch f.Class {
	case fact.Said:
		if e.Kind == hindcast.ExternalEvent || e.Kind == hindcast.Mitigation {
			return f.SaidAt
		}
		return e.At
	case fact.VendorPosted:
		if !f.SaidAt.IsZero() {
			return f.SaidAt
		}
		return b.passedOn(f)
	case fact.Ran, fact.Changed:
		if e.Kind == hindcast.Change && (f.Class == fact.Ran || f.First().Kind == hindcast.Record) {
			if s := b.statement(f); s != nil {
				return s.At
			}
		}
		return e.At
	case fact.Sign, fact.Warned, fact.PodStarted, fact.RolloutFault, fact.Platform, fact.Row:
	default:
		return e.At
	}
	if s := b.statement(f); s != nil {
		return s.At
	}
	if a := b.phases.Alarm; a != nil && a.At.After(e.At) && f.Class != fact.VendorPosted && b.phases.Phases.StartedAt.Sub(e.At) < time.Hour {
		return a.At
	}
	return e.At
}

// passedOn returns when somebody first told what another company had posted;
// a status page is public, so otherwise at once.
func (b *builder) passedOn(f *fact.Fact) time.Time {
	for _, s := range b.scope.Talk {
		if s.At.Before(f.At) || !fact.Company(s.Text(), f.Actor.Name) {
			continue
		}
		if better(f) && !s.Speech.Improve && !over.MatchString(s.Text()) {
			continue
		}
		return s.At
	}
	return f.At
}

// over is how people say that another company is done.
var over = regexp.MustCompile(`(?i)\b(?:done|fixed|back|up|over|resolved|recovered|normal|good|green|works?)\b`)

// How much a message must share with a fact to state it, and to hint at it when
// nothing states it; a hint is at least a fifth of what there is to share.
const (
	enough = 1.6
	hint   = 1.0
)

// afterwards is how long after a hint a statement no longer is when people
// learned of a fact, but when they looked it up.
const afterwards = 10 * time.Minute

// statement returns the first message or alert after a fact that states it,
// or a message of a failure that hints at it long before; nil when there is
// none. An alert must share words with the fact's title: what it measures is
// not all that it could be about.
func (b *builder) statement(f *fact.Fact) *fact.Fact {
	title, all := b.distinctive(f.Title, f), b.distinctive(f.Words(), f)
	var hinted *fact.Fact
	for _, s := range b.statements() {
		if s.At.Before(f.At) || s.Class != fact.Said && s.Service != f.Service {
			continue
		}
		want := all
		if s.Class != fact.Said {
			want = title
		}
		shared := s.shares(want, f)
		if shared >= enough {
			if hinted != nil && s.At.Sub(hinted.At) > afterwards {
				return hinted
			}
			return s.Fact
		}
		if hinted == nil && shared >= max(hint, total(title)/5) && s.Class == fact.Said && s.Speech.Failing && s.Speech.Act != speech.Report {
			hinted = s.Fact
		}
	}
	return hinted
}

// statement is a message or an alert with what it can make known.
type statement struct {
	*fact.Fact
	words    map[string]float64
	services []string // that it names
}

// statements returns the messages and alerts that can make facts known, in
// order of time.
func (b *builder) statements() []statement {
	if b.telling == nil {
		b.telling = []statement{}
		for _, s := range b.facts {
			if states(s) && (s.Class != fact.Said || b.scope.Channels[s.Channel]) {
				b.telling = append(b.telling, statement{s, tokens(s.Words()), b.names.Find(s.Words())})
			}
		}
	}
	return b.telling
}

func total(words map[string]float64) float64 {
	sum := 0.0
	for _, w := range words {
		sum += w
	}
	return sum
}

// distinctive returns the words of a text about a fact, without those of its
// service's name.
func (b *builder) distinctive(text string, f *fact.Fact) map[string]float64 {
	out := tokens(text)
	for w := range tokens(f.Service) {
		delete(out, w)
	}
	return out
}

// states reports whether a fact can make another known.
func states(s *fact.Fact) bool {
	switch s.Class {
	case fact.Paged, fact.Fired, fact.Told:
		return !s.Test
	case fact.Said:
		switch s.Speech.Act {
		case speech.Social, speech.Other, speech.Question, speech.Hypothesis, speech.Taken, speech.Restated, speech.RuledOut:
			return false
		}
		return true
	}
	return false
}

// shares adds up what a statement has in common with a fact: rare words, codes,
// names, and a clock that names its moment.
func (s statement) shares(want map[string]float64, f *fact.Fact) float64 {
	sum := overlap(s.words, want)
	for _, m := range s.Moments {
		if m.Exact && m.At.Sub(f.At).Abs() <= 2*time.Second || !m.Exact && m.At.Equal(f.At.Truncate(time.Minute)) {
			sum++
		}
	}
	if f.Service != "" && s.Class == fact.Said && slices.Contains(s.services, f.Service) {
		sum += 0.7
	}
	return sum
}

var (
	word    = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_.\-]*[A-Za-z0-9]|\d+(?:\.\d+)*`)
	code    = regexp.MustCompile(`^[45]\d\d$`)
	version = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	part    = regexp.MustCompile(`[A-Z]+[a-z]+|[a-z]+|[A-Z]{2,}`)
)

// common are words that many failures share.
var common = strings.Fields(`the and for with from that this not are was has have had its our they all one out but into over under than then
	does did done can could will would should been being get got gets only also just very much any some every each both other same here there what when where which who why how about again still already yet may might must shall let see seen say said says look looks make makes need needs want
	error errors fail failed failing failure request requests service services unavailable timeout timeouts timed status response responses http https get post put after before
	rate ratio high low count total seconds second minutes minute per new old first last job jobs server client api app log logs line lines metric value change changed
	increase increased decrease decreased rose fell up down more less level warning critical alert firing since now call calls time times`)

// tokens returns the words of a text that can identify a fact, with weights:
// codes and versions tell most, common words of failures little.
func tokens(text string) map[string]float64 {
	out := map[string]float64{}
	for _, w := range word.FindAllString(text, -1) {
		switch {
		case code.MatchString(w) || version.MatchString(w):
			out[w] = 2
		case w[0] >= '0' && w[0] <= '9':
			switch {
			case strings.Contains(w, ".") || strings.HasSuffix(w, "000"): // a measure or a limit
				out[w] = 0.3
			case len(w) > 4:
				out[w] = 2
			case len(w) > 2:
				out[w] = 1
			}
		default:
			for _, p := range part.FindAllString(w, -1) {
				if p = stem(strings.ToLower(p)); len(p) > 2 {
					out[p] = weight(p)
				}
			}
		}
	}
	return out
}

func weight(w string) float64 {
	if slices.Contains(common, w) || slices.Contains(common, w+"s") {
		return 0.2
	}
	return 1
}

// stem drops the endings that the same word takes in a log and in a sentence:
// of the plural, then of the verb.
func stem(w string) string {
	for _, ends := range [][]string{{"ies", "s"}, {"ation", "ing", "ed", "ion", "e"}} {
		for _, end := range ends {
			if len(w)-len(end) >= 4 && strings.HasSuffix(w, end) {
				w = strings.TrimSuffix(w, end)
				break
			}
		}
	}
	return w
}
