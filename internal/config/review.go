package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
)

// Review says how post-mortems are reviewed.
type Review struct {
	// ShowAccounts lets people read what others remember before they have written down
	// what they do.
	ShowAccounts bool       `yaml:"show_accounts" env:"REVIEW_SHOW_ACCOUNTS"`
	Anonymous    bool       `yaml:"anonymous_comments" env:"REVIEW_ANONYMOUS_COMMENTS"` // comments may go without a name
	Approvals    []Approval `yaml:"approvals"`
}

// Approval says what it takes to approve post-mortems of a severity.
type Approval struct {
	Severity int      `yaml:"severity"`
	Count    int      `yaml:"count"`  // of people who did not write it
	Parts    []string `yaml:"parts"`  // what they do there: lead, participant or reviewer; any when empty
	People   []string `yaml:"people"` // addresses of those who approve each of them
}

// parts are what people do in a post-mortem.
var parts = []string{"lead", "participant", "reviewer"}

// Policy returns a policy with what the configuration says of reviews, and what is
// wrong with that.
func (r Review) Policy(p hindcast.Policy) (hindcast.Policy, Faults) {
	var f Faults
	add := func(ok bool, format string, args ...any) {
		if !ok {
			f = append(f, "review.approvals: "+fmt.Sprintf(format, args...))
		}
	}
	p.Severities = slices.Clone(p.Severities)
	p.Review = hindcast.ReviewPolicy{AccountsShown: r.ShowAccounts, Anonymous: r.Anonymous}
	seen := map[int]bool{}
	for _, a := range r.Approvals {
		i := slices.IndexFunc(p.Severities, func(s hindcast.Severity) bool { return s.Level == a.Severity })
		add(i >= 0, "the severity policy has no level %d", a.Severity)
		add(!seen[a.Severity], "severity %d is there twice", a.Severity)
		seen[a.Severity] = true
		add(a.Count >= 0 && a.Count <= 20, "count is %d; write a number from 0 to 20", a.Count)
		add(a.Count > 0 || len(a.Parts) == 0, "severity %d names parts and no count; say how many of them approve", a.Severity)
		for _, part := range a.Parts {
			add(slices.Contains(parts, part), "%q is no part in a post-mortem; choose lead, participant or reviewer", part)
		}
		for _, address := range a.People {
			add(strings.Contains(address, "@"), "people are named by their addresses; %q is none", address)
		}
		if i >= 0 {
			p.Severities[i].Approvals = hindcast.Approvals{Count: a.Count, Parts: a.Parts, People: a.People}
		}
	}
	return p, f
}
