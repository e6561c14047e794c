package fact

import (
	"regexp"
	"slices"
	"strings"
)

// Label folds a company's name into what its domain would contain.
func Label(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }), "")
}

// labels returns the words of a text, folded as company names are.
func labels(text string) []string {
	var out []string
	for _, w := range strings.Fields(text) {
		out = append(out, Label(w))
	}
	return out
}

// trade are parts of company names that name no company.
var trade = regexp.MustCompile(`(?i)^(?:inc|ltd|llc|gmbh|corp|co|the|status|page|cloud|systems?|services?|transit|networks?|payments?|bank|group|technologies|solutions|online|platform|api|hosting|telecom|data|global|digital)$`)

// Company reports whether a text names a company, by its whole name or by a word
// of it that is its own.
func Company(text, company string) bool {
	words := labels(text)
	for _, w := range strings.Fields(company) {
		if l := Label(w); len(l) > 2 && !trade.MatchString(l) && slices.ContainsFunc(words, func(x string) bool { return x == l || x == l+"s" }) {
			return true
		}
	}
	return false
}
