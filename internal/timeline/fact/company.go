package fact

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
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

// Registered returns the part of a host that somebody registered, which names whose it
// is: "shop.example" of "mail.shop.example", "shop.co.uk" of "www.shop.co.uk".
func Registered(host string) string {
	parts := strings.Split(strings.ToLower(host), ".")
	i := len(parts) - 2
	if i > 0 && slices.Contains([]string{"co", "com", "net", "org", "gov", "ac"}, parts[i]) && len(parts[len(parts)-1]) == 2 {
		i--
	}
	return strings.Join(parts[max(i, 0):], ".")
}

// replies returns what a text looks like that passes on what one of the companies
// says or that it is back; nil when the events name no company.
func replies(events []hindcast.Event) *regexp.Regexp {
	var names []string
	for _, e := range events {
		if e.Kind != hindcast.StatusUpdate || e.Actor.Kind != hindcast.External {
			continue
		}
		for _, w := range strings.Fields(e.Actor.Name) {
			if l := Label(w); len(l) > 2 && !trade.MatchString(l) && !slices.Contains(names, regexp.QuoteMeta(w)) {
				names = append(names, regexp.QuoteMeta(w))
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return regexp.MustCompile(`(?i)(?:^|[.,;:!] *|\b(?:and|so|ok|now|but) )(?:the )?(?:` + strings.Join(names, "|") + `)(?:'s)?(?::| (?:\w+ )?(?:says?|said|told|writes?|wrote|confirm\w*|claims?|report\w*|announced|posted|answered|replied|status|support|noc|(?:is|are) (?:back|in (?:monitoring|maintenance)|up again|done|fine again|recovered|over|green)|(?:has |have )?(?:fixed|resolved|recovered|restored|finished|closed))(?:\b|$| ))`)
}

// Replies reports whether a text passes on what a company says that a status page
// of the evidence is from.
func (n *Names) Replies(text string) bool { return n.reply != nil && n.reply.MatchString(text) }
