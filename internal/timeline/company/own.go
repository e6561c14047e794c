package company

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Claim takes a status page for our own when its updates name one of our services
// and neither people nor logs name whose page it is: of another company's failure
// somebody speaks, and its page knows nothing of our services.
func Claim(facts []*fact.Fact, templates []signal.Template, names *fact.Names) {
	ours := map[string]bool{}
	for _, f := range facts {
		if f.Class == fact.VendorPosted && f.Actor.Name != "" && len(names.Find(f.Text())) > 0 {
			ours[f.Actor.Name] = true
		}
	}
	for name := range ours {
		if spoken(name, facts) || logged(name, templates) {
			delete(ours, name)
		}
	}
	for _, f := range facts {
		if f.Class == fact.VendorPosted && ours[f.Actor.Name] {
			f.Class, f.Actor.Kind = fact.Posted, hindcast.Person
		}
	}
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
