// Package company tells other companies' systems from our own by their names:
// vendors are named by their status pages, our own domains by images and alert
// links.
package company

import (
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// Companies are those that the evidence names, and the domains that are ours.
type Companies struct {
	vendors map[string]string // as written, by lower-case label
	own     map[string]bool   // registrable labels that are ours
}

var (
	hostName = lazyregexp.New(`\b(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{2,}\b`)
	inside   = lazyregexp.New(`\.(?:internal|local|lan|corp|svc|localdomain|intra|consul|cluster\.local)$`)
	urlHost  = lazyregexp.New(`(?i)\b(?:https?|wss?|amqps?|smtps?|sftp|grpcs?)://([a-z0-9.\-]+)`)
)

// Find returns the companies that facts name.
func Find(facts []*fact.Fact) *Companies {
	c := &Companies{vendors: map[string]string{}, own: map[string]bool{}}
	for _, f := range facts {
		if f.Class == fact.VendorPosted && f.Actor.Name != "" {
			c.vendors[fact.Label(f.Actor.Name)] = f.Actor.Name
		}
		for _, e := range f.Events {
			c.learn(e)
		}
	}
	for v := range c.vendors {
		delete(c.own, v)
	}
	return c
}

// learn takes our own domains from images and from links of monitors.
func (c *Companies) learn(e hindcast.Event) {
	texts := []string{e.Attrs["image"]}
	if e.Kind == hindcast.AlertFiring {
		texts = append(texts, e.Links...)
	}
	for _, t := range texts {
		for _, host := range hostName.FindAllString(strings.ToLower(t), -1) {
			if l := domain(host); l != "" && !public[l] {
				c.own[l] = true
			}
		}
	}
}

// public are registries and monitors that everybody uses.
var public = map[string]bool{"docker": true, "gcr": true, "quay": true, "ghcr": true, "amazonaws": true, "azurecr": true, "k8s": true, "github": true, "pagerduty": true, "grafana": true, "datadoghq": true, "pkg": true}

// domain returns the label before the public suffix of a host, "" for hosts
// that can only be our own.
func domain(host string) string {
	if inside.MatchString(host) {
		return ""
	}
	label, _, _ := strings.Cut(fact.Registered(host), ".")
	return label
}

// Blamed returns the other company that a text blames for a failure: one that a
// status page names, or the owner of a host in a URL that is not ours.
func (c *Companies) Blamed(text string) string {
	lower, labels := strings.ToLower(text), slices.Sorted(maps.Keys(c.vendors))
	for _, l := range labels {
		if len(l) > 2 && strings.Contains(fact.Label(lower), l) || fact.Company(text, c.vendors[l]) {
			return c.vendors[l]
		}
	}
	for _, host := range hostName.FindAllString(lower, -1) {
		for _, l := range labels {
			if fact.Company(domain(host), c.vendors[l]) {
				return c.vendors[l]
			}
		}
	}
	for _, m := range urlHost.FindAllStringSubmatch(lower, -1) {
		if l := domain(m[1]); l != "" && hostName.MatchString(m[1]) && !c.own[l] {
			return m[1]
		}
	}
	return ""
}

// Did reports whether a text begins by saying that a vendor did something: "Acme took
// the limit away at 14:29", "Acme has fixed it".
func (c *Companies) Did(text string) bool {
	m := did.FindStringSubmatch(text)
	return m != nil && c.Named(m[1]) != ""
}

// did is how a sentence begins that says what somebody did.
var did = lazyregexp.New(`^(?:(?i:good news|bad news|update|fyi|ok|okay|so|and|now)\b[:,.]? ?)?(?:(?i:the) )?([\p{L}\d][\p{L}\d\-.]*(?: \p{Lu}[\p{L}\d]*)?)(?:'s (?:\w+ )?(?:team|side|support|ops|noc|people|engineers?))? (?:has |have |had |just |now |also |already |finally )*(?:took|put|sent|gave|cut|set|let|made|reset|shut|\p{Ll}{3,}(?:ed|t back)) (?:the|our|us|it|them|their|this|that|all|a|an|back|off|on|away|everything|\d)`)

// Named returns the vendor that a text names, "" when it names none.
func (c *Companies) Named(text string) string {
	for _, l := range slices.Sorted(maps.Keys(c.vendors)) {
		if fact.Company(text, c.vendors[l]) {
			return c.vendors[l]
		}
	}
	return ""
}
