package company

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Claim takes a status page for our own when its updates name one of our services and
// neither people nor logs name whose page it is: of another company's failure somebody
// speaks, and its page knows nothing of our services. It is our own, too, when people say
// of every other update as it appears that they posted it, and do not speak of its company
// by its proper name, which is the first word of the page's.
func Claim(facts []*fact.Fact, templates []signal.Template, names *fact.Names) {
	type page struct {
		updates, posted int
		knows           bool // one of our services
	}
	pages := map[string]*page{}
	for _, f := range facts {
		if f.Class != fact.VendorPosted || f.Actor.Name == "" {
			continue
		}
		p := pages[f.Actor.Name]
		if p == nil {
			p = &page{}
			pages[f.Actor.Name] = p
		}
		p.updates++
		if posted(f, facts) {
			p.posted++
		}
		p.knows = p.knows || len(names.Find(f.Text())) > 0
	}
	ours := map[string]bool{}
	for name, p := range pages {
		proper, _, _ := strings.Cut(name, " ")
		ours[name] = p.knows && !spoken(name, facts) && !logged(name, templates) || 2*p.posted >= p.updates && !spoken(proper, facts)
	}
	for _, f := range facts {
		if f.Class == fact.VendorPosted && ours[f.Actor.Name] {
			f.Class, f.Actor.Kind = fact.Posted, hindcast.Person
		}
	}
}

// posting is how long before or after an update people say that they posted it.
const posting = 150 * time.Second

// posts is how people say that they posted something on their own status page, and
// theirs how they speak of another's.
var (
	posts  = lazyregexp.New(`(?i)\bstatus[- ]?(?:page|site)\b|\b(?:page|banner|notice(?: \d+)?(?: to \w+)?|announcement|update) (?:is |was |has been )?(?:up|live|out|posted|published|updated|changed|green)\b|\b(?:posted|published|updated|put up|wrote)\b.{0,40}\b(?:page|site|banner|notice|update|customers|passengers|users)\b`)
	theirs = lazyregexp.New(`(?i)\b(?:their|its|his|her)\b`)
)

// posted reports whether somebody says as an update appears that it was posted.
func posted(update *fact.Fact, facts []*fact.Fact) bool {
	for _, f := range facts {
		if f.Class == fact.Said && f.ByPerson() && f.At.Sub(update.At).Abs() <= posting && posts.MatchString(f.Text()) && !theirs.MatchString(f.Text()) {
			return true
		}
	}
	return false
}

// spoken reports whether somebody names a company.
func spoken(name string, facts []*fact.Fact) bool {
	for _, f := range facts {
		if f.Class != fact.VendorPosted && fact.Company(f.Text(), name) {
			return true
		}
	}
	return false
}

// logged reports whether a line of a log names a company.
func logged(name string, templates []signal.Template) bool {
	label := fact.Label(name)
	for _, t := range templates {
		if strings.Contains(fact.Label(strings.ToLower(t.Text+" "+t.Example)), label) {
			return true
		}
	}
	return false
}
