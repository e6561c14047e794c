package template

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/template/tally"
)

// Result is the templates of all records that miners counted. It is safe for
// concurrent use.
type Result struct {
	templates []signal.Template
	miner     *Miner         // holds what the shapes in the index were counted under
	index     map[string]int // of the template of a shape
	patterns  []matcher
}

// Merge joins what the miners counted and finds the templates. The miners must
// not be used afterwards.
func Merge(miners ...*Miner) *Result {
	r := &Result{miner: New(), index: map[string]int{}}
	if len(miners) > 0 {
		r.miner = miners[0]
		for _, m := range miners[1:] {
			for i, t := range m.tables {
				r.miner.tables[i].join(t)
			}
		}
	}
	r.build()
	return r
}

// entry is a template under way.
type entry struct {
	text   string
	status int
	tally  tally.Tally
	shapes []string
}

// build makes a template of each group of shapes.
func (r *Result) build() {
	tallies := r.tallies()
	shapes := slices.Sorted(maps.Keys(tallies))
	totals := make([]int, len(shapes))
	for i, s := range shapes {
		totals[i] = tallies[s].Total()
	}
	byText := map[string]*entry{}
	for _, p := range group(shapes, totals) {
		text, status := render(p.chunks)
		e := byText[text]
		if e == nil {
			e = &entry{text: text, status: status}
			byText[text] = e
		}
		for _, i := range p.shapes {
			e.tally.Join(tallies[shapes[i]])
			e.shapes = append(e.shapes, shapes[i])
		}
		r.patterns = append(r.patterns, matcher{pattern: p, text: text})
	}
	for i, text := range slices.Sorted(maps.Keys(byText)) {
		e := byText[text]
		r.templates = append(r.templates, e.tally.Template(ID(text), text, e.status))
		for _, s := range e.shapes {
			r.index[s] = i
		}
	}
	for i := range r.patterns {
		r.patterns[i].template = r.byText(r.patterns[i].text)
	}
}

// tallies returns what all tables count, by shape.
func (r *Result) tallies() map[string]*tally.Tally {
	out := map[string]*tally.Tally{}
	for _, t := range r.miner.tables {
		t.each(func(shape string, v *tally.Tally) {
			if out[shape] == nil {
				out[shape] = &tally.Tally{}
			}
			out[shape].Join(v)
		})
	}
	return out
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
		out[Shape(digest(shape))] = i
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

// AssignLog is [Result.Assign] for a record. A record about a request has a
// status; service and file matter only where there was much free text.
func (r *Result) AssignLog(l *record.Log) (id, text string, ok bool) {
	var m masker
	i := r.find(string(m.shape(l.Message, l.Status)), part(source(l)))
	if i < 0 {
		return "", "", false
	}
	return r.templates[i].ID, r.templates[i].Text, true
}

// source returns the hash of what decides in which table a record is counted.
func source(l *record.Log) uint64 {
	if len(l.Service) > 0 {
		return digest(l.Service)
	}
	return digest(nameOf(l.File))
}

func nameOf(f *record.File) string {
	if f == nil {
		return ""
	}
	return f.Name
}

// find returns the index of the template of a shape from a part: as it was
// counted there or elsewhere, else the one that fits best; -1 for none.
func (r *Result) find(shape string, part int) int {
	if name, ok := r.miner.tables[part].find(shape); ok {
		return r.index[name]
	}
	if i, ok := r.index[shape]; ok {
		return i
	}
	if i := match(r.patterns, shape); i >= 0 {
		return i
	}
	for _, t := range r.miner.tables {
		if name, ok := t.find(shape); ok {
			return r.index[name]
		}
	}
	return -1
}
