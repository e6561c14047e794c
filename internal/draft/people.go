package draft

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// The roles that the evidence tells.
const (
	onCall    = "on-call engineer"
	commander = "incident commander"
	responder = "responder"
)

// people puts roles in the place of the names of a timeline's persons: whoever
// acknowledged first is the on-call engineer, whoever said to be the incident
// commander is that, the others are Engineer A, B and so on in the order in
// which a reader meets them. Names that are roles already stay.
type people struct {
	byName map[string]*person // by an actor's name in lower case
	forms  map[string]form    // by what may stand in a text, in lower case
	find   *regexp.Regexp     // any form; nil when there is none
}

// person is one person under all names that the sources use.
type person struct {
	names []string
	label string
}

// form is one way in which a text may name a person.
type form struct {
	label string
	word  bool // also an ordinary word: taken for a name only where it looks like one
}

var (
	takesCommand = lazyregexp.New(`(?i)\b(?:i'?m|i am|i'll be|i will be|taking|acting as|taking over as) (?:the )?(?:ic|incident command(?:er)?)\b|^ic here\b`)
	roleWords    = lazyregexp.New(`(?i)\b(?:engineers?|on-?call|commander|operators?|support|lead|managers?|responders?|sre|team|customers?|users?|admin|root|ops|agent|unknown|somebody|developers?|owner|scribe)\b`)
	// teamWords are what a role is named after beside a role word: on-call of what, lead of whom.
	teamWords = lazyregexp.New(`(?i)^(?:on|oncall|call|caller|duty|shift|primary|secondary|backup|night|day|morning|evening|weekend|week|first|second|third|line|level|tier|l[1-4]|senior|junior|head|chief|staff|` +
		`db|dba|dbs|database|databases|data|dwh|net|network|networks|platform|infra|infrastructure|cloud|host|hosting|sys|system|systems|sec|security|soc|noc|it|ot|plant|floor|hall|front|back|end|office|desk|web|mobile|app|apps|api|apis|core|edge|cdn|` +
		`store|stores|shop|search|billing|payment|payments|pay|finance|account|accounts|success|care|help|helpdesk|service|services|product|products|project|release|build|qa|test|ml|ai|bi|storage|mail|mails|email|messaging|queue|cache|redis|kafka|postgres|mysql|k8s|kubernetes|linux|windows|unix|` +
		`comms?|communications?|press|pr|legal|hr|field|site|region|regional|global|local|emea|apac|amer|us|eu|uk|guests?|clients?|partners?|vendors?|incident|incidents|major|facilitator|reporter|technicians?|tech|control|room|mgr|reliability|software|devops|dev|of|the|and|for|[a-z]|\d+)$`)
	email    = lazyregexp.New(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)
	nameWord = lazyregexp.New(`[\pL\pN]+`)
)

// ordinary are names that are also words of an incident's language.
var ordinary = " will mark may art rose grace bill rich drew dean chase sky pat frank max ray rob sue hope faith joy jack august april june summer dawn eve ivy " +
	"lane miles page pierce reed sage wade ward white black brown green gray young long short king price rice stone wood field fields banks bell bush cook day fox " +
	"hall hill hunt law love marsh north west park pool port power read root shell small best case major ping test "

func newPeople(entries []hindcast.Entry) *people {
	p := &people{byName: map[string]*person{}, forms: map[string]form{}}
	order := slices.Clone(entries)
	slices.SortStableFunc(order, func(a, b hindcast.Entry) int {
		return cmp.Or(-cmp.Compare(rank(a), rank(b)), a.At.Compare(b.At))
	})
	services, parts := map[string]bool{}, map[string]bool{}
	for _, e := range entries {
		if services[e.Service] {
			continue
		}
		services[e.Service] = true
		for _, w := range words(e.Service) {
			parts[w] = true
		}
	}
	var names []string
	seen := map[string]bool{"": true}
	for _, e := range order {
		name := strings.TrimSpace(e.Actor.Name)
		if e.Actor.Kind != hindcast.Person || seen[name] {
			continue
		}
		if seen[name] = true; !isRole(name, parts) {
			names = append(names, name)
		}
	}
	p.identify(names)
	p.label(order, names)
	p.collectForms()
	return p
}

// isRole reports whether a name is that of a role: it has a word for one, and all others say
// of what, as the parts of the names of services do. In "priya-lead" a person has one.
func isRole(name string, services map[string]bool) bool {
	return roleWords.MatchString(name) && !slices.ContainsFunc(words(roleWords.ReplaceAllString(name, " ")), func(w string) bool {
		return !teamWords.MatchString(w) && !services[w]
	})
}

// rank puts key entries before the others.
func rank(e hindcast.Entry) int {
	if e.Key {
		return 1
	}
	return 0
}

// words returns the words of a name in lower case, of an e-mail address those
// before the at sign.
func words(name string) []string {
	local, _, _ := strings.Cut(name, "@")
	if local == "" {
		local = name
	}
	return nameWord.FindAllString(strings.ToLower(local), -1)
}

// identify finds out which names are one person's: full names first, then short
// ones that fit exactly one of them.
func (p *people) identify(names []string) {
	var full []*person
	for _, name := range names {
		if w := words(name); len(w) > 1 {
			i := slices.IndexFunc(full, func(x *person) bool { return slices.Equal(words(x.names[0]), w) })
			if i < 0 {
				full = append(full, &person{})
				i = len(full) - 1
			}
			full[i].names = append(full[i].names, name)
			p.byName[strings.ToLower(name)] = full[i]
		}
	}
	for _, name := range names {
		w := words(name)
		if len(w) > 1 {
			continue
		}
		var fits []*person
		for _, x := range full {
			if len(w) == 1 && fit(w[0], words(x.names[0])) {
				fits = append(fits, x)
			}
		}
		who := p.byName[strings.ToLower(name)]
		switch {
		case len(fits) == 1:
			who = fits[0]
		case who == nil:
			who = &person{}
		}
		who.names = append(who.names, name)
		p.byName[strings.ToLower(name)] = who
	}
}

// fit reports whether a short name can be that of a full one: maya, okafor or
// mokafor for Maya Okafor.
func fit(short string, full []string) bool {
	first, last := full[0], full[len(full)-1]
	_, n := utf8.DecodeRuneInString(first)
	return short == first || short == last || short == first[:n]+last || short == first+last
}

// label gives every person a role.
func (p *people) label(order []hindcast.Entry, names []string) {
	byTime := slices.Clone(order)
	slices.SortStableFunc(byTime, func(a, b hindcast.Entry) int { return a.At.Compare(b.At) })
	give := func(label string, fits func(hindcast.Entry) bool) {
		for _, e := range byTime {
			if who := p.byName[strings.ToLower(e.Actor.Name)]; who != nil && e.Actor.Kind == hindcast.Person && who.label == "" && fits(e) {
				who.label = label
				return
			}
		}
	}
	give(onCall, func(e hindcast.Entry) bool { return e.Kind == hindcast.Acknowledge })
	give(commander, func(e hindcast.Entry) bool { return takesCommand.MatchString(e.Title) })
	n := 0
	for _, name := range names {
		if who := p.byName[strings.ToLower(name)]; who.label == "" {
			who.label = "Engineer " + letters(n)
			n++
		}
	}
}

// letters counts A to Z, AA, AB and so on.
func letters(n int) string {
	s := string(rune('A' + n%26))
	if n >= 26 {
		return letters(n/26-1) + s
	}
	return s
}

// collectForms lists what may stand for each person in a text. A first name that
// two persons share stands for "an engineer".
func (p *people) collectForms() {
	add := func(s, label string, word bool) {
		s = strings.ToLower(s)
		if f, ok := p.forms[s]; ok {
			word = word && f.word
			if f.label != label {
				label = "an engineer"
			}
		}
		p.forms[s] = form{label, word || strings.Contains(ordinary, " "+s+" ")}
	}
	for _, who := range p.byName {
		label := withArticle(who.label)
		for _, name := range who.names {
			add(name, label, false)
			w := words(name)
			handle := strings.Contains(name, "-") && name == strings.ToLower(name) // of any words
			for i, part := range w {
				if (i == 0 || i == len(w)-1) && utf8.RuneCountInString(part) > 2 && !(handle && (teamWords.MatchString(part) || roleWords.MatchString(part))) {
					add(part, label, handle)
				}
			}
		}
	}
	var list []string
	for s := range p.forms {
		list = append(list, regexp.QuoteMeta(s))
	}
	if list == nil {
		return
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(-cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	p.find = regexp.MustCompile(`(?i)@?(?:` + strings.Join(list, "|") + `)`)
}

// withArticle returns a role as it stands in a sentence.
func withArticle(label string) string {
	if strings.HasPrefix(label, "Engineer ") {
		return label
	}
	return "the " + label
}

// inText puts roles in the place of names in a text. Names within paths, host
// names and identifiers stay, because they say where something is.
func (p *people) inText(s string) string {
	if p.find == nil || s == "" {
		return s
	}
	s = email.ReplaceAllStringFunc(s, func(address string) string {
		if f, ok := p.forms[strings.Join(words(address), " ")]; ok {
			return f.label
		}
		return address
	})
	var b strings.Builder
	at := 0
	for _, m := range p.find.FindAllStringIndex(s, -1) {
		f := p.forms[strings.ToLower(strings.TrimPrefix(s[m[0]:m[1]], "@"))]
		if !standsAlone(s, m[0], m[1]) || f.word && !looksLikeName(s, m[0]) {
			continue
		}
		label := f.label
		switch {
		case s[m[0]] == '@':
			label = "@" + strings.TrimPrefix(label, "the ")
		case beginsSentence(s, m[0]):
			label = sentence(label)
		}
		b.WriteString(s[at:m[0]] + label)
		at = m[1]
	}
	b.WriteString(s[at:])
	return b.String()
}

// standsAlone reports whether a match is no part of a longer word, path, host
// name or identifier.
func standsAlone(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	next, n := utf8.DecodeRuneInString(s[end:])
	then, _ := utf8.DecodeRuneInString(s[end+n:])
	inside := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }
	switch {
	case start > 0 && (inside(before) || strings.ContainsRune("/-.@", before)):
		return false
	case end == len(s):
		return true
	case inside(next) || strings.ContainsRune("/-@", next):
		return false
	}
	return next != '.' || !inside(then)
}

// looksLikeName reports whether a match that is also a word is meant as a name:
// it is addressed, or has a capital within a sentence.
func looksLikeName(s string, start int) bool {
	c, _ := utf8.DecodeRuneInString(s[start:])
	return c == '@' || unicode.IsUpper(c) && !beginsSentence(s, start)
}

func beginsSentence(s string, at int) bool {
	head := strings.TrimRight(s[:at], " \n\"'“(")
	return head == "" || strings.ContainsAny(head[len(head)-1:], ".!?|")
}

// inEntry returns the entry with roles for names.
func (p *people) inEntry(e hindcast.Entry) hindcast.Entry {
	if who := p.byName[strings.ToLower(strings.TrimSpace(e.Actor.Name))]; who != nil && e.Actor.Kind == hindcast.Person {
		e.Actor.Name = who.label
	}
	e.Title, e.Detail, e.Why = p.inText(e.Title), p.inText(e.Detail), p.inText(e.Why)
	return e
}

// shown returns the entry with roles for names, on one line and to the second.
func (p *people) shown(e hindcast.Entry) hindcast.Entry {
	e = p.inEntry(e)
	e.At, e.Until, e.KnownAt = second(e.At), second(e.Until), second(e.KnownAt)
	e.Title, e.Why = oneLine(e.Title), reason(e.Why)
	return e
}

func (p *people) inTexts(list []string) []string {
	out := slices.Clone(list)
	for i, s := range out {
		out[i] = p.inText(s)
	}
	return out
}

// inDecision returns the decision with roles for names.
func (p *people) inDecision(d hindcast.Decision) hindcast.Decision {
	d.Question, d.Choice, d.Expected = p.inText(d.Question), p.inText(d.Choice), p.inText(d.Expected)
	d.Options, d.Assumptions = p.inTexts(d.Options), p.inTexts(d.Assumptions)
	return d
}

func (p *people) inSuspects(list []hindcast.Suspect) []hindcast.Suspect {
	out := slices.Clone(list)
	for i := range out {
		out[i].Why = p.inText(out[i].Why)
	}
	return out
}

func (p *people) inOffsets(list []hindcast.ClockOffset) []hindcast.ClockOffset {
	out := slices.Clone(list)
	for i := range out {
		out[i].Why = p.inText(out[i].Why)
	}
	return out
}

// participants lists the persons among the entries, the on-call engineer first.
func (p *people) participants(entries []hindcast.Entry) []hindcast.Participant {
	var out []hindcast.Participant
	for _, e := range entries {
		x := hindcast.Participant{Role: e.Actor.Name}
		if strings.HasPrefix(x.Role, "Engineer ") {
			x = hindcast.Participant{Role: responder, Name: x.Role}
		}
		if e.Actor.Kind == hindcast.Person && x.Role != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	first := func(x hindcast.Participant) int { return slices.Index([]string{onCall, commander}, x.Role) }
	slices.SortStableFunc(out, func(a, b hindcast.Participant) int {
		fa, fb := first(a), first(b)
		switch {
		case fa >= 0 && fb >= 0:
			return cmp.Compare(fa, fb)
		case fa >= 0:
			return -1
		case fb >= 0:
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return out
}
