// Package postmortem is the page of one post-mortem: one long document with a
// rail of its sections on the left and what to look at on the right. Each part
// of it can be edited where it stands.
package postmortem

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/impact"
	"github.com/hindcast/hindcast/internal/pattern/recur"
	"github.com/hindcast/hindcast/internal/web/moments"
	"github.com/hindcast/hindcast/internal/web/sheet"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// View is what the page shows.
type View struct {
	Num        int64
	Version    int64
	Post       *hindcast.Postmortem
	Policy     hindcast.Policy
	Private    bool
	Required   bool
	Why        string // it is required or not
	DraftDue   time.Time
	PublishDue time.Time
	Changed    time.Time
	People     []Person
	Backlinks  []Link
	Checks     *Checks // nil when the page fetches them once it is there
	MayWrite   bool    // all parts
	MayFollow  bool    // action items and related incidents
	MayManage  bool
	MayComment bool // takes part, and so sees what is said about it
	MayJoin    bool
	Asked      bool  // the viewer is asked for what they remember
	Withheld   int   // accounts of others that they do not see before that
	Edit       *Edit // the part that is open, when the page itself shows its form
	Look       Look  // of the timeline's picture
	Saved      int64 // the revision just saved, to offer its undo
	Prose      func(string) string
	Echoes     []recur.Echo // actions of earlier incidents like this one; none as of a moment

	Moment time.Time // as of which the page is; zero for today

	whole *hindcast.Postmortem // with what nobody knew at Moment; nil today
	bar   *moments.Bar
	memo  []section  // of sections
	mark  sheet.Mark // stands where slots are, on sheets
}

// AsOf makes it the page as of a moment, to be read.
func (v *View) AsOf(t time.Time) {
	bar, then := moments.Of(v.Num, *v.Post, t)
	v.Moment, v.bar, v.whole, v.Post = t, &bar, v.Post, &then
	v.MayWrite, v.MayFollow, v.MayManage, v.MayJoin = false, false, false, false
	v.Echoes = nil
}

// moments is the slider over what was known when.
func (v *View) moments() moments.Bar {
	if v.bar != nil {
		return *v.bar
	}
	bar, _ := moments.Of(v.Num, *v.Post, time.Time{})
	return bar
}

// Checks are what rules say of a document. To read it all again takes longer than
// to show it.
type Checks struct {
	Checklist  []Check
	Findings   []Finding
	Passed     bool          // nothing on the checklist blocks
	WaiveUntil hindcast.Date // the last day that is proposed for a waiver
}

// Person is somebody who takes part.
type Person struct {
	ID, Name, Role string
}

// Link leads to another post-mortem of the library.
type Link struct {
	Num   int64
	Title string
	Day   time.Time
}

// Finding is what the lint says of a text. Its Start and End are bytes of that
// text.
type Finding struct {
	Path    string // the part
	Field   string // of the part: "text"
	Section string // key of the section in which it stands
	Tag     part.Tag
	hindcast.Finding
}

// Check is a line of the quality checklist.
type Check struct {
	hindcast.ChecklistItem
	State   State
	Reason  string
	Missing []string
	Blocks  bool
	Vouched *hindcast.Attestation
	Waived  *hindcast.Waiver
}

// State says how a line of the checklist stands.
type State string

// The states of a line of the checklist.
const (
	Met     State = "met"
	Lacking State = "lacking"
	Vouch   State = "to vouch for" // a person has to
)

// Look says how the timeline's picture is drawn.
type Look struct {
	ByService bool
	Zoom      int // 1 fits the page
}

// Edit is a part with its form open.
type Edit struct {
	Path     string
	Values   url.Values       // as last sent; nil to show what is kept
	Faults   []hindcast.Fault // at fields by their names
	Conflict *part.Conflict
}

// record returns the id of the record that a form makes, the same when it comes back.
func (e *Edit) record() string {
	if id := e.Values.Get("new"); id != "" {
		return id
	}
	return strings.ToLower(rand.Text()[:12])
}

// at returns the address of something on the page of v.
func (v *View) at(rest string) string { return fmt.Sprintf("/p/%d%s", v.Num, rest) }

// edits returns the address that opens a part's form.
func (v *View) edits(path string) string {
	return v.at("?edit=" + url.QueryEscape(path) + "#" + path)
}

// editing returns the open form of a part, or nil.
func (v *View) editing(path string) *Edit {
	if v.Edit != nil && v.Edit.Path == path {
		return v.Edit
	}
	return nil
}

// may reports whether the viewer may change a part.
func (v *View) may(path string) bool {
	if strings.HasPrefix(path, "actions/") || strings.HasPrefix(path, "related/") {
		return v.MayFollow
	}
	return v.MayWrite
}

// section is one section as it is shown.
type section struct {
	Key      string
	Text     string
	Findings int
	Full     bool // somebody wrote something, or it has records
	hindcast.Section
	hindcast.TemplateSection
}

// id is the anchor of the section.
func (s section) id() string { return "s-" + s.Key }

// live marks the section as what is replaced when the document changed. The
// pictures of the causes look after themselves.
func (s section) live() templ.Attributes {
	if s.Section.Kind == hindcast.SectionRootCauses {
		return nil
	}
	return templ.Attributes{"data-live": s.id()}
}

// sections returns the document's sections, with those of the template that it
// lacks in their places.
func (v *View) sections() []section {
	if v.memo != nil {
		return v.memo
	}
	var out []section
	keys := part.SectionKeys(v.Post.Sections)
	for i, s := range v.Post.Sections {
		t, _ := hindcast.TemplateOf(s.Kind)
		out = append(out, section{Key: keys[i], Section: s, TemplateSection: t})
	}
	for i, t := range hindcast.Template() {
		if v.Post.Section(t.Kind) == nil {
			out = slices.Insert(out, min(i, len(out)), section{Key: string(t.Kind), Section: hindcast.Section{Kind: t.Kind, Heading: t.Heading}, TemplateSection: t})
		}
	}
	for i := range out {
		s := &out[i]
		s.Full = strings.TrimSpace(document.Answered(s.Section.Text)) != "" || v.records(s.Section.Kind) > 0
		if v.Checks == nil {
			continue
		}
		for _, f := range v.Checks.Findings {
			if f.Section == s.Key {
				s.Findings++
			}
		}
	}
	v.memo = out
	return out
}

// records counts the records that stand in a section.
func (v *View) records(kind hindcast.SectionKind) int {
	p := v.Post
	switch kind {
	case hindcast.SectionMetadata:
		return 1
	case hindcast.SectionImpact:
		return len(p.Incident.Impact.Counts) + len(p.Incident.Impact.Business) + len(p.Incident.Impact.SLOs)
	case hindcast.SectionTimeline:
		return len(p.Timeline)
	case hindcast.SectionRootCauses, hindcast.SectionContributing:
		return len(v.factors(kind))
	case hindcast.SectionWentWell, hindcast.SectionWentPoorly:
		return len(v.observations(kind))
	case hindcast.SectionActions:
		return len(p.Actions)
	case hindcast.SectionRelated:
		return len(p.Related)
	case hindcast.SectionEvidenceFiles:
		return len(p.Evidence)
	}
	return 0
}

func (v *View) factors(kind hindcast.SectionKind) []hindcast.Factor {
	var out []hindcast.Factor
	for _, f := range v.Post.Factors {
		if f.Section() == kind {
			out = append(out, f)
		}
	}
	return out
}

func (v *View) observations(kind hindcast.SectionKind) []hindcast.Observation {
	var out []hindcast.Observation
	for _, o := range v.Post.Observations {
		if o.Section() == kind {
			out = append(out, o)
		}
	}
	return out
}

// mark says in a word how a section stands.
func (s section) mark() (class, word string) {
	switch {
	case s.Findings > 0:
		return "findings", ui.Count(s.Findings, "finding", "findings")
	case !s.Full && s.Required:
		return "unwritten", "empty"
	case !s.Full:
		return "optional", "optional, empty"
	}
	return "done", "written"
}

// phase is a moment of the incident as the head of the page shows it.
type phase struct {
	Name, Word string
	At         time.Time
	Why        string
	Class      int // of the palette
}

// phases returns the five moments.
func (v *View) phases() []phase {
	inc := &v.Post.Incident
	var out []phase
	for i, name := range hindcast.PhaseNames() {
		out = append(out, phase{name, ui.PhaseWord(name), *inc.Moment(name), inc.PhaseWhy[name], i + 1})
	}
	return out
}

// chapter is the part of the timeline that lies in one phase.
type chapter struct {
	Phase   *phase // nil before the first
	Entries []hindcast.Entry
}

// chapters divides the timeline by the phases that are known.
func (v *View) chapters() []chapter {
	var known []phase
	for _, p := range v.phases() {
		if !p.At.IsZero() {
			known = append(known, p)
		}
	}
	slices.SortStableFunc(known, func(a, b phase) int { return a.At.Compare(b.At) })
	var out []chapter
	begin, next := 0, 0
	var phase *phase
	list := v.Post.Timeline
	cut := func(end int) {
		if end > begin || phase != nil {
			out = append(out, chapter{phase, list[begin:end]})
		}
		begin = end
	}
	for i, e := range list {
		for next < len(known) && !e.At.IsZero() && !e.At.Before(known[next].At) {
			cut(i)
			phase = &known[next]
			next++
		}
	}
	cut(len(list))
	return out
}

// metric is a duration of the incident with its name.
type metric struct{ Name, Value, Formula string }

// metrics returns the durations that are known.
func (v *View) metrics() []metric {
	var out []metric
	for _, d := range impact.Durations(v.Post.Incident.Phases) {
		if d.Known {
			out = append(out, metric{d.Title, ui.Seconds(int64(d.Took / time.Second)), d.Formula})
		}
	}
	return out
}

// response holds the time to acknowledge against what the severity asks; empty when
// that cannot be said.
func (v *View) response() string {
	r, ok := impact.Acknowledged(v.Policy, v.Post.Incident)
	if !ok {
		return ""
	}
	return strings.ToUpper(r.Reason[:1]) + r.Reason[1:] + "."
}

// entryTitle returns what an entry says, by its id.
func (v *View) entryTitle(id string) string {
	for _, e := range v.Post.Timeline {
		if e.ID == id {
			return e.At.UTC().Format("15:04:05") + " " + e.Title
		}
	}
	return id
}

// factorTitle returns what a factor says, by its id.
func (v *View) factorTitle(id string) string {
	if id == hindcast.Outcome {
		return "the incident"
	}
	for _, f := range v.Post.Factors {
		if f.ID == id {
			return f.Description
		}
	}
	return id
}
