// Package prose reads the texts of a post-mortem that people write: what is
// searched, what a list shows of it, and which incidents it names.
package prose

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
)

// Excerpt returns the beginning of the summary on one line, for lists.
func Excerpt(p *hindcast.Postmortem) string {
	const most = 240
	s := p.Section(hindcast.SectionSummary)
	if s == nil {
		return ""
	}
	text := []rune(strings.Join(strings.Fields(s.Text[:min(len(s.Text), 8*most)]), " "))
	if len(text) <= most {
		return strings.ToValidUTF8(string(text), "")
	}
	cut := string(text[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return cut + " …"
}

// reference finds #12, #4521 and #INC-77 in prose, but not in addresses, HTML
// entities and colors.
var reference = regexp.MustCompile(`(?:^|[^\w&/#])#((?:[A-Za-z]{1,12}-)?\d{1,12})\b`)

// bareReference is the same where the field holds nothing else.
var bareReference = regexp.MustCompile(`^#?((?:[A-Za-z]{1,12}-)?\d{1,12})$`)

// References returns the numbers that a document refers to, as #12 in its prose
// or in its related incidents: in lower case without the sign, each once, in
// alphabetical order.
func References(p *hindcast.Postmortem) []string {
	out := map[string]bool{}
	for text := range Texts(p) {
		for at := 0; ; at++ {
			i := strings.IndexByte(text[at:], '#')
			if i < 0 {
				break
			}
			at += i
			if m := reference.FindStringSubmatch(around(text, at)); m != nil {
				out[strings.ToLower(m[1])] = true
			}
		}
	}
	for _, r := range p.Related {
		if m := bareReference.FindStringSubmatch(strings.TrimSpace(r.Ref)); m != nil {
			out[strings.ToLower(m[1])] = true
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// around returns what decides whether a reference stands at a sign in a text: the
// letter before it and what a number has, and no other sign.
func around(text string, at int) string {
	_, before := utf8.DecodeLastRuneInString(text[:at])
	end := min(len(text), at+32)
	if i := strings.IndexByte(text[at+1:end], '#'); i >= 0 {
		end = at + 1 + i + 1
	}
	return text[at-before : end]
}

// Texts goes through the texts of a document in its order.
func Texts(p *hindcast.Postmortem) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		ok := true
		text := func(list ...string) {
			for _, s := range list {
				if ok && s != "" {
					ok = yield(s)
				}
			}
		}
		text(p.Preamble)
		for _, s := range p.Sections {
			text(s.Text)
		}
		for _, e := range p.Timeline {
			text(e.Title, e.Detail)
			if e.Decision != nil {
				text(e.Decision.Question, e.Decision.Choice)
			}
		}
		for _, x := range p.Factors {
			text(x.Description, x.Detail, x.Counterfactual.Reason, x.Identified, x.RuledOutBy)
		}
		for _, o := range p.Observations {
			text(o.Text, o.Detail)
		}
		for _, a := range p.Actions {
			text(a.Description, a.Detail, a.DoneWhen, a.Reason)
		}
		for _, a := range p.Accounts {
			text(a.Text)
		}
		for _, r := range p.Related {
			text(r.Title, r.How)
		}
	}
}

// limit bounds the text that is indexed of one document.
const limit = 400_000

// All returns the text of a document that is searched, the summary first, up to
// some 400,000 bytes.
func All(p *hindcast.Postmortem) string {
	var b strings.Builder
	add := func(s string) bool {
		if b.Len()+len(s) > limit {
			return false
		}
		b.WriteString(s)
		b.WriteByte('\n')
		return true
	}
	summary := p.Section(hindcast.SectionSummary)
	if summary != nil {
		add(summary.Text)
	}
	add(strings.Join(p.Incident.Services, " "))
	for s := range Texts(p) {
		if summary != nil && s == summary.Text {
			continue
		}
		if !add(s) {
			break
		}
	}
	return b.String()
}
