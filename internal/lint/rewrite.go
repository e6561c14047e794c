package lint

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
	"github.com/hindcast/hindcast/internal/lint/wording"
)

// actor is a line of the list "actors": the forms of verbs = the system that
// usually does what they say. It never is a person.
type actor struct {
	past string // simple past, where it differs from the participle
	name string
}

// actors reads lines of the form "deployed redeployed = the deployment automation"
// and "overwritten/overwrote = the script".
func actors(list []string) map[string]actor {
	out := map[string]actor{}
	for _, line := range list {
		forms, name, _ := strings.Cut(line, "=")
		for form := range strings.FieldsSeq(forms) {
			participle, past, ok := strings.Cut(form, "/")
			if !ok {
				past = participle
			}
			out[participle] = actor{past, strings.TrimSpace(name)}
		}
	}
	return out
}

// anyActor stands where no list names one.
const anyActor = "[which system, automation or role?]"

// propose turns a passive around: "the database was misconfigured" becomes "the
// deployment script misconfigured the database". The actor is a proposal: the
// question asks for the real one, and the edit marks it.
func (k *passive) propose(d *document, p *passage, g wording.Group, h *hit) {
	verb := p.Tokens[g.Verb].Norm
	who, known := k.actors[verb]
	if !known {
		who.past = simplePast(verb)
	}
	start, object := subjectBefore(p, g)
	if object == "" || g.Negated || g.Past || who.past == "" {
		return
	}
	adverbs := adverbsBetween(p.Tokens, g)
	tail := p.Text[p.Tokens[g.Verb].End:p.End()]
	turn := func(name string) string { return name + " " + adverbs + who.past + " " + object + tail }
	capital := start == 0 && unicode.IsUpper(firstRune(p.Tokens[0].Text))
	head := p.Text[p.Start():p.Tokens[start].Start]
	marked := anyActor
	if who.name != "" {
		marked = "[" + who.name + "?]"
		h.suggestions = append(h.suggestions, head+capitalize(turn(who.name), capital))
	}
	for _, name := range d.context.Actors {
		h.suggestions = append(h.suggestions, head+capitalize(turn("["+name+"?]"), capital))
	}
	h.suggestions = append(h.suggestions, head+turn(anyActor))
	if !strings.Contains(p.Text[p.Start():p.End()], "\n") && whole(p) {
		from, to := p.block.Span(p.Tokens[start].Start, p.End())
		h.edit = &hindcast.Edit{Start: from, End: to, Text: capitalize(turn(marked), capital)}
	}
}

// whole reports whether a sentence stands in the source as it is in the text,
// without markup that an edit would lose.
func whole(p *passage) bool {
	start, end := p.block.Span(p.Start(), p.End())
	return end-start == p.End()-p.Start()
}

// subjectBefore returns where the subject of a passive begins and the subject as
// an object; empty when the sentence is not simple enough to be turned around.
func subjectBefore(p *passage, g wording.Group) (int, string) {
	t := p.Tokens
	start := g.Begin
	for start < g.Be && (t[start].Kind == sentence.Number || t[start].Kind == sentence.Mark || t[start].Norm == "utc") {
		start++
	}
	if start == g.Be || g.Be-start > 14 || start > 0 && !opens(t[:start]) {
		return 0, ""
	}
	for _, x := range t[start:g.Be] {
		if x.Norm == "and" || x.Norm == "that" || x.Norm == "when" || x.Norm == "after" || x.Norm == "it" || x.Norm == "there" || x.Norm == "also" || x.Norm == "who" || x.Norm == "what" {
			return 0, ""
		}
	}
	if t[start].Norm == "in" || t[start].Norm == "on" || t[start].Norm == "at" || t[start].Norm == "as" || t[start].Norm == "due" || t[start].Norm == "to" || t[start].Norm == "by" || t[start].Norm == "during" {
		return 0, ""
	}
	object := p.Text[t[start].Start:t[g.Be-1].End]
	switch t[start].Norm {
	case "the", "a", "an", "this", "that", "these", "those", "our", "some", "all", "several", "two", "another", "one", "its", "their", "it":
		object = lowerFirst(object)
	case "they":
		object = "them"
	case "we", "i", "he", "she":
		return 0, ""
	}
	return start, object
}

// opens reports whether what stands before a clause is a time or a mark that ends
// a head: "14:37 UTC -", "Resolution:".
func opens(t []sentence.Token) bool {
	last := t[len(t)-1].Norm
	timed := slices.ContainsFunc(t, func(x sentence.Token) bool { return x.Kind == sentence.Number })
	return last == ":" || timed && len(t) < 8 || len(t) == 1
}

func adverbsBetween(t []sentence.Token, g wording.Group) string {
	var out strings.Builder
	for _, x := range t[g.Be+1 : g.Verb] {
		out.WriteString(x.Text + " ")
	}
	return out.String()
}

// simplePast returns the simple past of a participle; empty when it is not the
// same word.
func simplePast(participle string) string {
	if strings.HasSuffix(participle, "ed") || pastAlike[participle] {
		return participle
	}
	return ""
}

var pastAlike = word.NewSet(strings.Fields("put set sent kept made found left built brought caught told shut cut held lost"))

func firstRune(s string) rune {
	c, _ := utf8.DecodeRuneInString(s)
	return c
}

func capitalize(s string, capital bool) string {
	if !capital {
		return s
	}
	at := 0
	if strings.HasPrefix(s, "[") {
		at = 1
	}
	c, size := utf8.DecodeRuneInString(s[at:])
	return s[:at] + string(unicode.ToUpper(c)) + s[at+size:]
}

func lowerFirst(s string) string {
	c, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(c)) + s[size:]
}

// process is a line of the list "processes": verbs = what let their harm happen,
// with {object} for what was harmed.
func (k *blame) propose(p *passage, v wording.Verdict, h *hit) {
	t := p.Tokens
	verb := t[v.Last].Norm
	template, ok := k.processes[verb]
	object := objectAfter(p, v.Last)
	if !ok || object == "" {
		h.suggestions = []string{"[Which process or tool] allowed [what happened]: which check was missing?"}
		return
	}
	capital := unicode.IsUpper(firstRune(t[0].Text))
	h.suggestions = []string{capitalize(strings.ReplaceAll(template, "{object}", object), capital)}
	if v.First <= 1 && whole(p) {
		from, to := p.block.Span(p.Start(), p.End())
		text := "[" + capitalize(strings.ReplaceAll(template, "{object}", object), capital) + "?]"
		if last := t[len(t)-1].Norm; last == "." || last == "!" {
			text += last
		}
		h.edit = &hindcast.Edit{Start: from, End: to, Text: text}
	}
}

// objectAfter returns the object of the verb at i without its article, up to the
// end of its clause; "untested code" for code of which a fault is told.
func objectAfter(p *passage, i int) string {
	t := p.Tokens
	from, to := i+1, i+1
	for to < len(t) && to < i+8 && !word.Breaks(t[to]) && !slices.Contains([]string{"to", "in", "on", "with", "without", "and", "at", "from", "by", "during", "into", "when", "for"}, t[to].Norm) {
		to++
	}
	if from < to && slices.Contains([]string{"the", "a", "an", "our", "some", "his", "her", "their"}, t[from].Norm) {
		from++
	}
	words := t[from:to]
	if len(words) == 0 {
		return ""
	}
	text := p.Text[words[0].Start:words[len(words)-1].End]
	if last := words[len(words)-1].Norm; last == "code" || last == "change" || last == "changes" {
		return "untested " + last
	}
	return text
}
