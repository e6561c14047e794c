package draft

import (
	"strings"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	incidentNumber = lazyregexp.New(`(?i)(?:\[|\bincident |\bpage )#(\d{1,12})\b`)
	bracketed      = lazyregexp.New(`\[[^\]]*\]`)
	alertPrefix    = lazyregexp.New(`(?i)^(?:(?:firing|triggered|created|opened|new alert|alert|problem|critical|warning|high|page|#\d+)\b[:\s-]*)+`)
	assignment     = lazyregexp.New(`(?i)[\s,;—–-]+assigned to .*$`)
	camel          = lazyregexp.New(`^[A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+$`)
	levels         = map[string]bool{"critical": true, "warning": true, "high": true, "low": true, "medium": true, "info": true, "error": true, "page": true, "p1": true, "p2": true, "p3": true, "sev1": true, "sev2": true, "sev3": true}
)

// numberIn returns the incident's number as the pager writes it into its titles.
func numberIn(s string) string {
	if m := incidentNumber.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// title proposes a title: the service and what its alert, else the first one that came
// later, else its first symptom says.
func (c *composer) title(alert *hindcast.Entry, p hindcast.Phases) string {
	e := alert
	for i := range c.entries {
		if e == nil && c.entries[i].Kind == hindcast.Alert {
			e = &c.entries[i]
		}
	}
	for i := range c.entries {
		if k := c.entries[i].Kind; e == nil && (k == hindcast.Symptom || k == hindcast.ExternalEvent) {
			e = &c.entries[i]
		}
	}
	service := c.opt.Service
	if e != nil {
		if service == "" {
			service = e.Service
		}
		return titleFrom(e.Title, service)
	}
	if service != "" && !p.StartedAt.IsZero() {
		return service + ": incident of " + p.StartedAt.Format(time.DateOnly)
	}
	if len(c.entries) > 0 && !c.entries[0].At.IsZero() {
		return "Incident of " + c.entries[0].At.Format(time.DateOnly)
	}
	return "Untitled incident"
}

// titleFrom makes a title of an alert's words: without what the pager puts in
// front, names in one word taken apart, the service once and in front.
func titleFrom(words, service string) string {
	s := alertPrefix.ReplaceAllString(strings.TrimSpace(bracketed.ReplaceAllString(words, " ")), "")
	s = assignment.ReplaceAllString(s, "")
	ours := map[string]bool{}
	for _, w := range split(service) {
		ours[w] = true
	}
	all := strings.Fields(s)
	for len(all) > 1 && levels[strings.ToLower(all[len(all)-1])] {
		all = all[:len(all)-1]
	}
	var out []string
	for _, w := range all {
		switch {
		case camel.MatchString(w):
			for _, part := range split(w) {
				if !ours[part] {
					out = append(out, part)
				}
			}
		case strings.EqualFold(strings.Trim(w, ":,"), service):
		default:
			out = append(out, w)
		}
	}
	text := strings.Trim(strings.Join(out, " "), " :-,.")
	switch {
	case text == "":
		text = oneLine(words)
	case service != "":
		text = service + ": " + text
	}
	return text
}

// split returns the words of a name in lower case: mobile-api, MobileApi.
func split(name string) []string {
	var out []string
	var word []rune
	flush := func() {
		if word != nil {
			out = append(out, strings.ToLower(string(word)))
		}
		word = nil
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || next) {
			flush()
		}
		word = append(word, r)
	}
	flush()
	return out
}
