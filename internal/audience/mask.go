package audience

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
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

// What texts hold that only engineers read.
var (
	comment    = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
	fence      = regexp.MustCompile("(?ms)^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[ \t]*$|\\z)")
	indented   = regexp.MustCompile(`(?m)^(?: {4}|\t).*$`)
	blockquote = regexp.MustCompile(`(?m)^[ \t]*(?:[-*+] +)?>.*$`)
	quotation  = regexp.MustCompile(`:?\s*(?:“[^”\n]*”|"[^"\n]{16,}")`)
	code       = regexp.MustCompile("`+[^`\n]*`+")
	tag        = regexp.MustCompile(`</?[A-Za-z!?][^>\n]*>`)
	image      = regexp.MustCompile(`!\[[^\]\n]*\]\([^)\n]*\)`)
	link       = regexp.MustCompile(`\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])`)
	definition = regexp.MustCompile(`(?m)^ {0,3}\[[^\]\n]+\]:.*$`)
	address    = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>()\[\]]+`)
	host       = regexp.MustCompile(`(?i)\b(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|(?:[a-z0-9][a-z0-9-]*\.)+(?:internal|local|lan|svc|cluster|corp|intra|prod|priv|example|com|net|org|io|dev|cloud|eu|de)(?:\.[a-z]+)*(?::\d+)?|` +
		`(?:[a-z]+-)*[a-z]+-(?:[a-z0-9]*\d[a-z0-9]*-)?[a-z0-9]*\d[a-z0-9]*(?::\d+)?|[a-z][a-z0-9-]*:\d{2,5})\b`)
	file      = regexp.MustCompile(`(?i)(?:[\w.-]+/)+[\w.-]+(?::\d+(?:-\d+)?)?|\b[\w-]+\.(?:ndjson|jsonl?|log|ya?ml|csv|conf|ini|sh|py|go|rb|js|ts|sql|toml)\b(?::\d+(?:-\d+)?)?`)
	command   = regexp.MustCompile(`(?i)\b(?:kubectl|docker|helm|psql|mysql|redis-cli|ssh|curl|sudo|systemctl|terraform|ansible|git|flagctl|aws|gcloud) +(?:-{1,2}\w|[a-z]+ +[-\w/]*[-/=]).*`)
	mention   = regexp.MustCompile(`(^|[\s(])@[\pL][\pL\pN._-]*`)
	technical = regexp.MustCompile(`\b[A-Za-z]\w*(?:(?:_|::?)\w+)+\b|\b[a-z]+(?:\.[a-z]\w+)+\b|\b(?:[A-Z][a-z]+){3,}\b`)
	workers   = regexp.MustCompile(`(?i)\b(?:(?:the|an?|our|another|one) )?(?:[a-z]+(?:-[a-z]+)* )?(?:engineers?|commanders?|operators?|responders?|managers?|administrators?|developers?)(?: [A-Z]\b)?`)
	manyBlank = regexp.MustCompile(`\n{3,}`)
	spaces    = regexp.MustCompile(`[ \t]{2,}`)
	numbered  = regexp.MustCompile(`(?i)^(?:sev|severity|inc|incident|tier|level|phase|step|top|part|option|covid|utc|gmt)-\d+$`)
)

const withheld = "[withheld]"

// text returns s without what the audience may not read in it.
func (m *mask) text(s string) string {
	s = comment.ReplaceAllString(s, "")
	if m.audience == Engineering {
		return m.people.replace(s)
	}
	s = m.withoutEvidence(s)
	for _, re := range []*regexp.Regexp{code, address, command, file} {
		s = re.ReplaceAllString(s, withheld)
	}
	s = host.ReplaceAllStringFunc(s, func(h string) string {
		if numbered.MatchString(h) {
			return h
		}
		return withheld
	})
	s = mention.ReplaceAllString(s, "${1}somebody")
	s = m.people.replace(s)
	if m.audience == Customer {
		s = m.services.replace(s)
		s = technical.ReplaceAllString(s, withheld)
		s = replaceLike(workers, s, func(string) string { return "our team" })
	}
	return strings.TrimSpace(s)
}

// withoutEvidence takes out quotations, code, and lines that repeat an entry of
// the timeline.
func (m *mask) withoutEvidence(s string) string {
	s = strings.Join(m.withoutEntries(strings.Split(s, "\n")), "\n")
	for _, re := range []*regexp.Regexp{fence, indented, blockquote, quotation, image, tag, definition} {
		s = re.ReplaceAllString(s, "")
	}
	s = link.ReplaceAllString(s, "$1")
	for _, q := range m.quoted {
		s = replaceFold(s, q, withheld)
	}
	return manyBlank.ReplaceAllString(spaces.ReplaceAllString(s, " "), "\n\n")
}

var item = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s`)

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
	by   map[string]string // by folded name
	find *regexp.Regexp    // nil when there is none
}

func newNames(by map[string]string) *names {
	var list []string
	folded := map[string]string{}
	for name, as := range by {
		if len(name) > 1 {
			list = append(list, name)
			folded[fold(name)] = as
		}
	}
	if len(list) == 0 {
		return &names{}
	}
	slices.SortFunc(list, func(a, b string) int { // the longest first
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for i, name := range list {
		list[i] = separator.ReplaceAllString(regexp.QuoteMeta(name), "[-_ ]?")
	}
	return &names{folded, regexp.MustCompile(`(?i)(?:\b(?:the|an?|our) )?(` + strings.Join(list, "|") + `)(?: services?\b)?`)}
}

var separator = regexp.MustCompile(`\\?[-_ ]`)

// fold returns what the ways to write a name have in common.
func fold(name string) string { return separator.ReplaceAllString(strings.ToLower(name), "") }

func (n *names) replace(s string) string {
	if n.find == nil {
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
func replaceLike(re *regexp.Regexp, s string, by func(string) string) string {
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
