package audience

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// mask takes out of texts what an audience may not read in them.
type mask struct {
	audience Audience
	people   *names
	services *names   // for customers
	quoted   []string // what the evidence says in its own words, in lower case
}

func newMask(a Audience, p hindcast.Postmortem, who *people) *mask {
	m := &mask{audience: a}
	known := map[string]string{}
	for name, as := range who.roles {
		known[name] = as
	}
	if a == Customer {
		for name := range known {
			known[name] = "our team"
		}
		for _, x := range p.Incident.Participants {
			known[strings.ToLower(x.Name)], known[strings.ToLower(x.Role)] = "our team", "our team"
		}
		m.services = newNames(services(p))
	}
	m.people = newNames(known)
	if a == Engineering {
		return m
	}
	for _, e := range p.Timeline {
		for _, s := range []string{e.Title, e.Detail} {
			if len(s) >= 12 {
				m.quoted = append(m.quoted, strings.ToLower(s))
			}
		}
	}
	return m
}

// services returns what customers read in the place of services and systems.
func services(p hindcast.Postmortem) map[string]string {
	out := map[string]string{}
	for _, s := range p.Incident.Services {
		out[strings.ToLower(s)] = "a service"
	}
	for _, e := range p.Timeline {
		out[strings.ToLower(e.Service)] = "a service"
		switch e.Actor.Kind {
		case hindcast.System, hindcast.Automation:
			out[strings.ToLower(e.Actor.Name)] = "a system"
		case hindcast.External:
			out[strings.ToLower(e.Actor.Name)] = "a provider"
		}
	}
	return out
}

// pattern is an expression that is tried only on texts that may hold a match: nearly
// all do not, and to see that costs much less.
type pattern struct {
	may func(string) bool
	*lazyregexp.Regexp
}

func holding(list ...string) func(string) bool {
	return func(s string) bool {
		return slices.ContainsFunc(list, func(part string) bool { return strings.Contains(s, part) })
	}
}

func anything(string) bool { return true }

// dotted reports whether a dot stands before a letter or a digit.
func dotted(s string) bool {
	for i := strings.IndexByte(s, '.'); i >= 0 && i+1 < len(s); {
		if c := s[i+1]; c >= utf8.RuneSelf || c == '_' || c-'0' < 10 || c|0x20-'a' < 26 {
			return true
		}
		next := strings.IndexByte(s[i+1:], '.')
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

// replace is [regexp.Regexp.ReplaceAllString].
func (p pattern) replace(s, by string) string {
	if !p.may(s) {
		return s
	}
	return p.ReplaceAllString(s, by)
}

// What texts hold that only engineers read.
var (
	comment    = pattern{holding("<!--"), lazyregexp.New(`(?s)<!--.*?(?:-->|$)`)}
	fence      = pattern{holding("```", "~~~"), lazyregexp.New("(?ms)^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[ \t]*$|\\z)")}
	indented   = pattern{holding("    ", "\t"), lazyregexp.New(`(?m)^(?: {4}|\t).*$`)}
	blockquote = pattern{holding(">"), lazyregexp.New(`(?m)^[ \t]*(?:[-*+] +)?>.*$`)}
	quotation  = pattern{holding("“", `"`), lazyregexp.New(`:?\s*(?:“[^”\n]*”|"[^"\n]{16,}")`)}
	code       = pattern{holding("`"), lazyregexp.New("`+[^`\n]*`+")}
	tag        = pattern{holding("<"), lazyregexp.New(`</?[A-Za-z!?][^>\n]*>`)}
	image      = pattern{holding("!["), lazyregexp.New(`!\[[^\]\n]*\]\([^)\n]*\)`)}
	link       = pattern{holding("]"), lazyregexp.New(`\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])`)}
	definition = pattern{holding("]:"), lazyregexp.New(`(?m)^ {0,3}\[[^\]\n]+\]:.*$`)}
	address    = pattern{holding("://", "w.", "W."), lazyregexp.New(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>()\[\]]+`)}
	host       = pattern{func(s string) bool { return dotted(s) || strings.ContainsAny(s, "0123456789") }, lazyregexp.New(`(?i)\b(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|(?:[a-z0-9][a-z0-9-]*\.)+(?:internal|local|lan|svc|cluster|corp|intra|prod|priv|example|com|net|org|io|dev|cloud|eu|de)(?:\.[a-z]+)*(?::\d+)?|` +
		`(?:[a-z]+-)*[a-z]+-(?:[a-z0-9]*\d[a-z0-9]*-)?[a-z0-9]*\d[a-z0-9]*(?::\d+)?|[a-z][a-z0-9-]*:\d{2,5})\b`)}
	file      = pattern{func(s string) bool { return dotted(s) || strings.Contains(s, "/") }, lazyregexp.New(`(?i)(?:[\w.-]+/)+[\w.-]+(?::\d+(?:-\d+)?)?|\b[\w-]+\.(?:ndjson|jsonl?|log|ya?ml|csv|conf|ini|sh|py|go|rb|js|ts|sql|toml)\b(?::\d+(?:-\d+)?)?`)}
	command   = pattern{holding("-", "/", "="), lazyregexp.New(`(?i)\b(?:kubectl|docker|helm|psql|mysql|redis-cli|ssh|curl|sudo|systemctl|terraform|ansible|git|flagctl|aws|gcloud) +(?:-{1,2}\w|[a-z]+ +[-\w/]*[-/=]).*`)}
	mention   = pattern{holding("@"), lazyregexp.New(`(^|[\s(])@[\pL][\pL\pN._-]*`)}
	technical = pattern{anything, lazyregexp.New(`\b[A-Za-z]\w*(?:(?:_|::?)\w+)+\b|\b[a-z]+(?:\.[a-z]\w+)+\b|\b(?:[A-Z][a-z]+){3,}\b`)}
	workers   = pattern{anything, lazyregexp.New(`(?i)\b(?:(?:the|an?|our|another|one) )?(?:[a-z]+(?:-[a-z]+)* )?(?:engineers?|commanders?|operators?|responders?|managers?|administrators?|developers?)(?: [A-Z]\b)?`)}
	manyBlank = pattern{holding("\n\n\n"), lazyregexp.New(`\n{3,}`)}
	spaces    = pattern{holding("  ", "\t"), lazyregexp.New(`[ \t]{2,}`)}
	numbered  = pattern{anything, lazyregexp.New(`(?i)^(?:sev|severity|inc|incident|tier|level|phase|step|top|part|option|covid|utc|gmt)-\d+$`)}
)

const withheld = "[withheld]"

// text returns s without what the audience may not read in it.
func (m *mask) text(s string) string {
	s = comment.replace(s, "")
	if m.audience == Engineering {
		return m.people.replace(s)
	}
	s = m.withoutEvidence(s)
	for _, p := range []pattern{code, address, command, file} {
		s = p.replace(s, withheld)
	}
	if host.may(s) {
		s = host.ReplaceAllStringFunc(s, func(h string) string {
			if numbered.MatchString(h) {
				return h
			}
			return withheld
		})
	}
	s = mention.replace(s, "${1}somebody")
	s = m.people.replace(s)
	if m.audience == Customer {
		s = m.services.replace(s)
		s = technical.replace(s, withheld)
		s = replaceLike(workers, s, func(string) string { return "our team" })
	}
	return strings.TrimSpace(s)
}

// withoutEvidence takes out quotations, code, and lines that repeat an entry of
// the timeline.
func (m *mask) withoutEvidence(s string) string {
	s = strings.Join(m.withoutEntries(strings.Split(s, "\n")), "\n")
	for _, p := range []pattern{fence, indented, blockquote, quotation, image, tag, definition} {
		s = p.replace(s, "")
	}
	s = link.replace(s, "$1")
	low := strings.ToLower(s)
	for _, q := range m.quoted {
		if len(low) != len(s) || strings.Contains(low, q) {
			s = replaceFold(s, q, withheld)
			low = strings.ToLower(s)
		}
	}
	return manyBlank.replace(spaces.replace(s, " "), "\n\n")
}

var item = lazyregexp.New(`^\s*(?:[-*+]|\d+[.)])\s`)

// withoutEntries leaves out items of lists that repeat an entry, and the line that
// announces them.
func (m *mask) withoutEntries(lines []string) []string {
	var out []string
	for _, line := range lines {
		low := strings.ToLower(line)
		if !item.MatchString(line) || !slices.ContainsFunc(m.quoted, func(q string) bool { return strings.Contains(low, q) }) {
			out = append(out, line)
			continue
		}
		last := len(out)
		for last > 0 && strings.TrimSpace(out[last-1]) == "" {
			last--
		}
		if last > 0 && strings.HasSuffix(strings.TrimSpace(out[last-1]), ":") {
			out = out[:last-1]
		}
	}
	return out
}

// replaceFold replaces a text, given in lower case, however it is written.
func replaceFold(s, lower, by string) string {
	for at := 0; ; {
		low := strings.ToLower(s)
		if len(low) != len(s) { // letters whose cases differ in length
			return strings.ReplaceAll(s, lower, by)
		}
		i := strings.Index(low[at:], lower)
		if i < 0 {
			return s
		}
		s = s[:at+i] + by + s[at+i+len(lower):]
		at += i + len(by)
	}
}

// names replaces names as whole words, with the article and the noun that belong
// to what stands in their place.
type names struct {
	by    map[string]string // by folded name
	parts []string          // of the names, such that a text with a name holds one; by [alike]
	find  *lazyregexp.Regexp
}

func newNames(by map[string]string) *names {
	n := &names{by: map[string]string{}}
	var list []string
	for name, as := range by {
		if len(name) > 1 {
			list = append(list, name)
			n.by[fold(name)] = as
			n.parts = append(n.parts, longest(alike(name)))
		}
	}
	n.find = lazyregexp.From(func() string { return expression(list) })
	return n
}

// expression finds one of some names.
func expression(list []string) string {
	slices.SortFunc(list, func(a, b string) int { // the longest first
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for i, name := range list {
		list[i] = separator.ReplaceAllString(regexp.QuoteMeta(name), "[-_ ]?")
	}
	return `(?i)(?:\b(?:the|an?|our) )?(` + strings.Join(list, "|") + `)(?: services?\b)?`
}

// longest returns the longest part of a name between separators.
func longest(name string) string {
	out := ""
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '-' || r == '_' || r == ' ' }) {
		if len(part) > len(out) {
			out = part
		}
	}
	return out
}

// alike returns one text for all that differ in the cases of letters, as expressions
// that ignore these see it.
func alike(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
				r = min(r, other)
			}
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

// in reports whether a text may hold a name.
func (n *names) in(s string) bool {
	if len(n.parts) == 0 {
		return false
	}
	s = alike(s)
	return slices.ContainsFunc(n.parts, func(part string) bool { return strings.Contains(s, part) })
}

var separator = lazyregexp.New(`\\?[-_ ]`)

// fold returns what the ways to write a name have in common.
func fold(name string) string { return separator.ReplaceAllString(strings.ToLower(name), "") }

func (n *names) replace(s string) string {
	if !n.in(s) {
		return s
	}
	var b strings.Builder
	at := 0
	for _, m := range n.find.FindAllStringSubmatchIndex(s, -1) {
		if !bounded(s, m[0], m[3]) {
			continue
		}
		by := n.by[fold(s[m[2]:m[3]])]
		start, end := m[0], m[1]
		if !strings.Contains(by, " ") || !bounded(s, m[0], m[1]) { // a role fits where the name stood
			start, end = m[2], m[3]
		}
		b.WriteString(s[at:start])
		b.WriteString(like(s, start, by))
		at = end
	}
	b.WriteString(s[at:])
	return b.String()
}

// bounded reports whether a part of s begins and ends as words do.
func bounded(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	word := func(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return !word(before) && !word(after)
}

// replaceLike replaces what re finds, with a capital where a sentence begins.
func replaceLike(re pattern, s string, by func(string) string) string {
	var b strings.Builder
	at := 0
	for _, m := range re.FindAllStringIndex(s, -1) {
		b.WriteString(s[at:m[0]])
		b.WriteString(like(s, m[0], by(s[m[0]:m[1]])))
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String()
}

// like writes a word with a capital where a sentence of s begins.
func like(s string, at int, word string) string {
	before := strings.TrimRight(s[:at], " \n\t*_-#(")
	if before != "" && !strings.ContainsRune(".!?", rune(before[len(before)-1])) {
		return word
	}
	r, n := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[n:]
}
