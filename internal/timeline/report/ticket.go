package report

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// desk is how files are called that hold what users reported.
var desk = lazyregexp.New(`(?i)tickets?|cases?\b|support|help-?desk|service-?desk|\bcare\b|calls?\b|complaints?|(?:zen|fresh)desk|intercom|zammad|otrs|inbox`)

// fewest is how many words a ticket has at least that reports something.
const fewest = 3

// said returns the subject and the text of a ticket, without its other cells.
func said(r *fact.Fact) string { return r.First().Title + " " + r.First().Text }

// Ticket returns the first row of a table that reports the trouble, when it came shortly
// before the page or the report that people heard, and they pass it on in words of it; nil
// when none does. Page and told may be nil; channels are those where people worked.
func Ticket(facts []*fact.Fact, channels map[string]bool, page, told *fact.Fact) *fact.Fact {
	first := told
	if page != nil && (first == nil || page.At.Before(first.At)) {
		first = page
	}
	if first == nil {
		return nil
	}
	for _, r := range facts {
		lag := first.At.Sub(r.At)
		if r.Class != fact.Row || r.Test || lag <= 0 || lag > passing || !desk.MatchString(r.First().Ref.File) || len(strings.Fields(said(r))) < fewest {
			continue
		}
		words := lexicon.Tokens(r.Words())
		for _, s := range facts {
			if d := s.At.Sub(r.At); s.Class != fact.Said || !channels[s.Channel] || d < 0 || d > passing {
				continue
			}
			if (s == told || speech.PassesOn(s.Text())) && lexicon.Overlap(lexicon.Tokens(s.Text()), words) >= lexicon.Enough {
				return r
			}
		}
	}
	return nil
}
