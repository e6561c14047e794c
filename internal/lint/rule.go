package lint

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/lint/word"
)

//go:embed rules.yaml
var builtin []byte

// Rule is a rule as a file gives it. A file of an organization may name a rule
// that exists; what it states then replaces or, for words, extends it.
type Rule struct {
	Name     string                `yaml:"name"`
	Kind     string                `yaml:"kind"`     // the Go kind that works it
	Level    hindcast.FindingLevel `yaml:"level"`    // of its findings
	Weak     hindcast.FindingLevel `yaml:"weak"`     // of those that are less certain or less grave, for kinds that tell them apart
	Message  string                `yaml:"message"`  // what is wrong; {text} stands for the words found
	Why      string                `yaml:"why"`      // why it matters, one or two sentences
	Question string                `yaml:"question"` // what only the writer can answer
	Suggest  []string              `yaml:"suggest"`  // what to write instead
	Bad      string                `yaml:"bad"`      // an example that it finds
	Good     string                `yaml:"good"`     // the same said better
	Measured string                `yaml:"measured"` // how often it was right, and on what
	Only     []string              `yaml:"only"`     // sections it speaks in; empty: everywhere
	Skip     []string              `yaml:"skip"`     // sections it is silent in
	Off      bool                  `yaml:"off"`
	Words    map[string]wordList   `yaml:"words"` // lists that the kind reads
	Limit    int                   `yaml:"limit"` // a number that the kind reads: days, items
}

// File is a file of rules.
type File struct {
	Words map[string]wordList `yaml:"words"` // lists that several kinds read; they extend those that exist
	Rules []Rule              `yaml:"rules"`
}

// wordList is a list of words or phrases with the line it stands on. In a file
// it is a sequence, or one text with commas.
type wordList struct {
	words []string
	line  int
}

// UnmarshalYAML reads either form.
func (w *wordList) UnmarshalYAML(n *yaml.Node) error {
	w.line = n.Line
	if n.Kind == yaml.SequenceNode {
		return n.Decode(&w.words)
	}
	var text string
	if err := n.Decode(&text); err != nil {
		return fmt.Errorf("line %d: write a list of words, or one text with commas", n.Line)
	}
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.Join(strings.Fields(word), " "); word != "" {
			w.words = append(w.words, word)
		}
	}
	return nil
}

// ParseFile reads a file of rules. Unknown keys are refused with their line.
func ParseFile(data []byte) (File, error) {
	var f File
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		text := strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", "")
		return f, hindcast.Errorf(hindcast.Invalid, "%s", strings.TrimPrefix(text, "unmarshal errors:  "))
	}
	return f, nil
}

// New returns a linter with the rules that come with the program, changed by
// files in turn. Without files it is the same one each time: making it takes some
// milliseconds and a megabyte.
func New(files ...File) (*Linter, error) {
	if len(files) == 0 {
		return usual()
	}
	return changed(files)
}

// usual has the rules that come with the program as they are.
var usual = sync.OnceValues(func() (*Linter, error) { return changed(nil) })

// changed returns a linter with the rules of the program, changed by files.
func changed(files []File) (*Linter, error) {
	base, err := ParseFile(builtin)
	if err != nil {
		return nil, fmt.Errorf("read the rules of the program: %w", err)
	}
	words, rules := base.Words, base.Rules
	for _, f := range files {
		for name, list := range f.Words {
			if _, ok := words[name]; !ok {
				return nil, hindcast.Errorf(hindcast.Invalid, "line %d: there is no list of words %q", list.line, name)
			}
			words[name] = wordList{slices.Concat(words[name].words, list.words), list.line}
		}
		for _, r := range f.Rules {
			if rules, err = merge(rules, r); err != nil {
				return nil, err
			}
		}
	}
	return compile(rules, words)
}

// merge adds a rule, or changes the one of its name.
func merge(rules []Rule, r Rule) ([]Rule, error) {
	at := slices.IndexFunc(rules, func(have Rule) bool { return have.Name == r.Name })
	if at < 0 {
		if r.Kind == "" {
			return nil, hindcast.Errorf(hindcast.Invalid, "there is no rule %q to change; a new one says its kind, as in kind: phrase", r.Name)
		}
		return append(rules, r), nil
	}
	old := rules[at]
	if r.Kind != "" && r.Kind != old.Kind {
		return nil, hindcast.Errorf(hindcast.Invalid, "rule %q is of kind %s; give a rule of another kind another name", r.Name, old.Kind)
	}
	rules = slices.Clone(rules)
	rules[at] = r.over(old)
	return rules, nil
}

// over returns old with what r states in its place.
func (r Rule) over(old Rule) Rule {
	for _, field := range []struct{ to, from *string }{
		{&old.Message, &r.Message}, {&old.Why, &r.Why}, {&old.Question, &r.Question}, {&old.Bad, &r.Bad}, {&old.Good, &r.Good}, {&old.Measured, &r.Measured},
	} {
		if *field.from != "" {
			*field.to = *field.from
		}
	}
	if r.Level != "" {
		old.Level = r.Level
	}
	if r.Weak != "" {
		old.Weak = r.Weak
	}
	for _, field := range []struct{ to, from *[]string }{{&old.Suggest, &r.Suggest}, {&old.Only, &r.Only}, {&old.Skip, &r.Skip}} {
		if *field.from != nil {
			*field.to = *field.from
		}
	}
	if r.Limit != 0 {
		old.Limit = r.Limit
	}
	old.Off = r.Off
	lists := map[string]wordList{}
	for name, list := range old.Words {
		lists[name] = list
	}
	for name, list := range r.Words {
		lists[name] = wordList{slices.Concat(lists[name].words, list.words), list.line}
	}
	old.Words = lists
	return old
}

// compile makes rules ready for use.
func compile(rules []Rule, shared map[string]wordList) (*Linter, error) {
	l := &Linter{words: listsOf(shared)}
	for _, r := range rules {
		k, ok := kinds[r.Kind]
		if !ok {
			return nil, hindcast.Errorf(hindcast.Invalid, "rule %q: there is no kind %q; the kind for words of your own is phrase", r.Name, r.Kind)
		}
		if err := r.validate(k); err != nil {
			return nil, err
		}
		l.rules = append(l.rules, r)
		l.kinds = append(l.kinds, k.make(r, l.words))
	}
	return l, nil
}

// listsOf returns the words that several kinds read.
func listsOf(shared map[string]wordList) word.Lists {
	get := func(name string) word.Set { return word.NewSet(shared[name].words) }
	return word.Lists{People: get("people"), Singular: get("singular"), Pronouns: get("pronouns"), Software: get("software"), Adverbs: get("adverbs"), Modals: get("modals")}
}

// validate reports what a rule lacks or has too much of.
func (r Rule) validate(k kind) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, hindcast.Errorf(hindcast.Invalid, "rule %q: "+format, append([]any{r.Name}, args...)...))
	}
	if r.Name == "" || strings.ContainsAny(r.Name, " \t:") {
		fault("give it a name without spaces or colons")
	}
	if r.Level.Rank() == 0 {
		fault("level %q: choose error, warning or note", r.Level)
	}
	if r.Weak != "" && r.Weak.Rank() == 0 {
		fault("weak %q: choose error, warning or note", r.Weak)
	}
	if r.Message == "" || r.Why == "" {
		fault("say in message what is wrong, and in why what for")
	}
	for _, s := range slices.Concat(r.Only, r.Skip) {
		if _, ok := section.As(s); !ok {
			fault("there is no section %q; the sections are %s", s, strings.Join(section.Names(), ", "))
		}
	}
	for name, list := range r.Words {
		if !slices.Contains(k.lists, name) {
			fault("line %d: kind %s reads no list %q; its lists are %s", list.line, r.Kind, name, strings.Join(k.lists, ", "))
		}
	}
	return errors.Join(faults...)
}

// list returns the words of a list of the rule.
func (r Rule) list(name string) []string { return r.Words[name].words }

// whole reports whether the rule needs a whole document.
func (r Rule) whole() bool { return kinds[r.Kind].whole }

// speaksIn reports whether the rule has a say in a section.
func (r Rule) speaksIn(kind hindcast.SectionKind) bool {
	is := func(name string) bool {
		k, _ := section.As(name)
		return k == kind
	}
	return (len(r.Only) == 0 || slices.ContainsFunc(r.Only, is)) && !slices.ContainsFunc(r.Skip, is)
}

// finding makes a finding of a hit. Its line and column are filled in later.
func (r Rule) finding(d *document, h hit) hindcast.Finding {
	text := string(d.source[h.start:h.end])
	f := hindcast.Finding{Rule: r.Name, Level: r.Level, Start: h.start, End: h.end, Text: text, Message: h.message, Why: r.Why,
		Question: h.question, Suggestions: h.suggestions, Edit: h.edit}
	if h.level != "" {
		f.Level = h.level
	}
	if f.Message == "" {
		f.Message = strings.ReplaceAll(r.Message, "{text}", strings.Join(strings.Fields(text), " "))
	}
	if f.Question == "" {
		f.Question = r.Question
	}
	if f.Suggestions == nil {
		f.Suggestions = slices.Clone(r.Suggest)
	}
	if f.Suggestions == nil {
		f.Suggestions = []string{}
	}
	return f
}

// Rules returns the rules in the order of their files, those that are off
// included.
func (l *Linter) Rules() []Rule { return slices.Clone(l.rules) }
