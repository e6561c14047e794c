package course

import (
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Matters reports whether a sign concerns the incident: its service was hit or
// is connected to one that was, or it is among the most surprising signs.
func (c Course) Matters(s *fact.Fact) bool {
	if sign.Stated(s.Sign) || c.Told(s) || c.spoken(s) || len(c.Scope.Services) == 0 || s.Service == "" || c.Scope.Hit(s.Service) || c.Near(s.Service) {
		return true
	}
	top := 0.0
	for _, o := range c.Signs {
		if sign.Worse(o.Sign) {
			top = max(top, sign.Surprise(o))
		}
	}
	return sign.Surprise(s) >= top/2
}

// spoken reports whether a line that says why a program could not go on is what people
// speak of, in whatever words.
func (c Course) spoken(s *fact.Fact) bool {
	if s.Sign.Detector != notable.Broken {
		return false
	}
	want := lexicon.Troubles(lexicon.Tokens(s.Title))
	return slices.ContainsFunc(c.Scope.Talk, func(t *fact.Fact) bool {
		return lexicon.Overlap(lexicon.Tokens(t.Text()), want) > 0
	})
}

// Told reports whether somebody told of a record: by its moment, or what the
// platform warned of.
func (c Course) Told(r *fact.Fact) bool {
	return slices.ContainsFunc(c.Tells, func(t Tell) bool {
		return t.Record == r && (t.Dated || r.Class == fact.Warned) && t.By.Speech.Act != speech.RuledOut
	})
}

// Sudden reports whether a symptom is an event rather than a drifting value.
func Sudden(s *fact.Fact) bool { return s.Sign == nil || s.Sign.Detector != "metric-change" }

// Sure reports whether a first symptom is believed for its numbers, from a record of
// which it is known how it was before, or for what the platform says.
func Sure(s *fact.Fact) bool {
	if s.Sign == nil {
		return true
	}
	return sign.Surprise(s) > notable.Surprise && (s.Sign.Detector == "metric-change" || len(s.Sign.Marks) == 0 || s.Sign.Marks[0].Line > 1)
}
