package template

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// Result is the templates of all records that miners counted. It is safe for
// concurrent use.
type Result struct {
	templates []signal.Template
	table     *table
	index     map[string]int // of the template of a shape
	patterns  []matcher
}

// Merge joins what the miners counted and finds the templates. The miners must
// not be used afterwards.
func Merge(miners ...*Miner) *Result {
	all := newTable(usual)
	if len(miners) > 0 {
		all = miners[0].table
		for _, m := range miners[1:] {
			all.join(m.table)
		}
	}
	r := &Result{table: all, index: map[string]int{}}
	r.build()
	return r
}

// build makes a template of each group of shapes.
func (r *Result) build() {
	type entry struct {
		text   string
		status int
		tally  tally
		shapes []string
	}
	shapes := r.table.shapes()
	var entries []*entry
	byText := map[string]*entry{}
	for _, p := range group(shapes) {
		text, status := render(p.chunks)
		e := byText[text]
		if e == nil {
			e = &entry{text: text, status: status}
			byText[text] = e
			entries = append(entries, e)
		}
		for _, i := range p.shapes {
			e.tally.join(r.table.tallies[shapes[i]])
			e.shapes = append(e.shapes, shapes[i])
		}
		r.patterns = append(r.patterns, matcher{chunks: p.chunks, text: text})
	}
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.text, b.text) })
	for i, e := range entries {
		r.templates = append(r.templates, e.tally.template(e.text, e.status))
		for _, s := range e.shapes {
			r.index[s] = i
		}
	}
	for i := range r.patterns {
		r.patterns[i].template = r.byText(r.patterns[i].text)
	}
}

func (r *Result) byText(text string) int {
	i, _ := slices.BinarySearchFunc(r.templates, text, func(t signal.Template, text string) int { return cmp.Compare(t.Text, text) })
	return i
}

// Templates returns the templates ordered by text. The caller must not change
// them.
func (r *Result) Templates() []signal.Template { return r.templates }

// Of returns the indices in [Result.Templates] of the shapes that
// [Miner.AddShape] gave. A shape that was counted together with others because
// there were too many is absent.
func (r *Result) Of() map[Shape]int {
	out := make(map[Shape]int, len(r.index))
	for shape, i := range r.index {
		out[identify(shape)] = i
	}
	return out
}

// ID returns the identity of the template with a text. It is the same wherever
// that template occurs.
func ID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// Assign returns the identity and the text of the template that a message
// belongs to; ok is false when no message like it was counted.
func (r *Result) Assign(message []byte) (id, text string, ok bool) {
	return r.AssignLog(&record.Log{Message: message})
}

// AssignLog is [Result.Assign] for a record, which may be about a request and
// have a status.
func (r *Result) AssignLog(l *record.Log) (id, text string, ok bool) {
	var m masker
	shape := string(m.shape(l.Message, l.Status))
	if name, ok := r.table.find(shape); ok {
		t := &r.templates[r.index[name]]
		return t.ID, t.Text, true
	}
	i := match(r.patterns, shape)
	if i < 0 {
		return "", "", false
	}
	return r.templates[i].ID, r.templates[i].Text, true
}
