// Package section tells from a heading which part of a post-mortem follows, in
// the words that the common templates use: Google's SRE book, PagerDuty,
// Atlassian, GitHub and GitLab issues, and what people write without one.
package section

import (
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
)

// Parts of post-mortems that the template has no section for.
const (
	Luck       hindcast.SectionKind = "luck"       // where luck helped, what could have been worse
	Lessons    hindcast.SectionKind = "lessons"    // lessons learned
	Detection  hindcast.SectionKind = "detection"  // how it was noticed
	Resolution hindcast.SectionKind = "resolution" // what was done about it
	Background hindcast.SectionKind = "background" // how things work, what led up to it
)

// As returns the section that a word names, for --as and for rule files: a
// section's own name or a short form of it.
func As(word string) (hindcast.SectionKind, bool) {
	kind, ok := short[strings.ToLower(word)]
	return kind, ok
}

// Names returns the words that [As] knows for a section, its own name first.
func Names() []string {
	return []string{"summary", "metadata", "impact", "timeline", "root-causes", "cause", "contributing-factors", "factor", "went-well", "well", "went-poorly",
		"poorly", "actions", "action", "related", "evidence", "luck", "lessons", "detection", "resolution", "background"}
}

var short = map[string]hindcast.SectionKind{
	"summary": hindcast.SectionSummary, "metadata": hindcast.SectionMetadata, "impact": hindcast.SectionImpact, "timeline": hindcast.SectionTimeline,
	"root-causes": hindcast.SectionRootCauses, "root-cause": hindcast.SectionRootCauses, "cause": hindcast.SectionRootCauses, "causes": hindcast.SectionRootCauses,
	"contributing-factors": hindcast.SectionContributing, "factor": hindcast.SectionContributing, "factors": hindcast.SectionContributing, "contributing": hindcast.SectionContributing,
	"went-well": hindcast.SectionWentWell, "well": hindcast.SectionWentWell, "went-poorly": hindcast.SectionWentPoorly, "poorly": hindcast.SectionWentPoorly,
	"actions": hindcast.SectionActions, "action": hindcast.SectionActions, "related": hindcast.SectionRelated, "evidence": hindcast.SectionEvidenceFiles,
	"luck": Luck, "lessons": Lessons, "lesson": Lessons, "detection": Detection, "resolution": Resolution, "background": Background,
}

// Of returns the section that a heading names; empty when it names none.
func Of(heading string) hindcast.SectionKind {
	words := normalize(heading)
	if len(words) == 0 || len(words) > 12 {
		return ""
	}
	if kind := whole(words); kind != "" {
		return kind
	}
	// "Root Cause: the pool was too small", "Timeline - all times in UTC"
	if before, _, ok := cutTitle(heading); ok {
		return whole(normalize(before))
	}
	return ""
}

// cutTitle cuts a heading at the colon or dash that follows its name.
func cutTitle(heading string) (before, after string, ok bool) {
	for i, c := range heading {
		if c == ':' || (c == '-' || c == '–' || c == '—') && i > 0 && heading[i-1] == ' ' {
			return heading[:i], heading[i:], true
		}
	}
	return "", "", false
}

// whole compares all words of a heading with the names of sections.
func whole(words []string) hindcast.SectionKind {
	for _, w := range [][]string{words, without(words)} {
		if kind, ok := names[strings.Join(w, " ")]; ok {
			return kind
		}
	}
	return ""
}

// normalize returns the words of a heading in lower case, without numbering in
// front, punctuation, emoji, and what stands in parentheses.
func normalize(heading string) []string {
	var b strings.Builder
	depth := 0
	for _, c := range heading {
		switch {
		case c == '(' || c == '<' || c == '{':
			depth++
		case (c == ')' || c == '>' || c == '}') && depth > 0:
			depth--
		case depth > 0 || c == '\'' || c == '’':
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(unicode.ToLower(c))
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for len(words) > 1 && strings.Trim(words[0], "0123456789") == "" && words[1] != "whys" {
		words = words[1:]
	}
	return words
}

// without leaves out words that change nothing about what a heading names.
func without(words []string) []string {
	var out []string
	for _, w := range words {
		if !filler[w] {
			out = append(out, w)
		}
	}
	return out
}

var filler = words(`the a an of this our and for with incident incidents outage issue event events full detailed detail brief short high level
	initial final key main all times in utc cet cest pst pdt est edt gmt bst local time what are were is was did do we had it that so identified implemented`)
