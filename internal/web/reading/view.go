package reading

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/web/sheet"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// View is what the reading page shows.
type View struct {
	*reading.Publication
	Marks     reading.Marks
	Editions  []reading.Edition
	Backlinks []Link
	Manages   bool // the viewer may withdraw publications
	Form      Form
	Day       hindcast.Date // of today
	Prose     func(string) string
	mark      sheet.Mark // stands where slots are, on sheets
}

// Link leads to another post-mortem.
type Link struct {
	Num   int64
	Title string
}

// at returns an address below the post-mortem's.
func (v *View) at(rest string) string { return fmt.Sprintf("/p/%d%s", v.Num, rest) }

// fileAt returns the address of a file of the publication that is shown. What is
// no publication yet is exported as the document that it is.
func (v *View) fileAt(format string) string {
	if v.N == 0 {
		return v.at("/export." + format + "?audience=engineering")
	}
	return v.at(fmt.Sprintf("/read/%d/post-mortem.%s", v.N, format))
}

// answers reports whether the viewer answers questions.
func (v *View) answers() bool { return v.Part != "" }

// part is a section with what it shows.
type part struct {
	hindcast.Section
	ID string
}

// parts returns the sections that hold something, without the list of evidence; those
// that the document lacks and that records belong to, in their places.
func (v *View) parts() []part {
	var out []part
	for i, s := range v.sections() {
		if s.Kind == hindcast.SectionEvidenceFiles || !v.holds(s) {
			continue
		}
		id := string(s.Kind)
		if id == "" || slices.ContainsFunc(out, func(p part) bool { return p.ID == id }) {
			id = "own-" + strconv.Itoa(i)
		}
		out = append(out, part{s, id})
	}
	return out
}

func (v *View) sections() []hindcast.Section {
	out := slices.Clone(v.Post.Sections)
	for i, t := range hindcast.Template() {
		if v.Post.Section(t.Kind) == nil {
			out = slices.Insert(out, min(i, len(out)), hindcast.Section{Kind: t.Kind, Heading: t.Heading})
		}
	}
	return out
}

// prose is a section's text without questions that nobody answered.
func prose(s hindcast.Section) string { return strings.TrimSpace(document.Answered(s.Text)) }

// holds reports whether a section has something to read.
func (v *View) holds(s hindcast.Section) bool {
	p := &v.Post
	switch s.Kind {
	case hindcast.SectionMetadata:
		return true
	case hindcast.SectionImpact:
		return prose(s) != "" || !p.Incident.Impact.IsZero()
	case hindcast.SectionTimeline:
		return prose(s) != "" || len(p.Timeline) > 0
	case hindcast.SectionRootCauses, hindcast.SectionContributing:
		return prose(s) != "" || len(factors(p, s.Kind)) > 0
	case hindcast.SectionWentWell, hindcast.SectionWentPoorly:
		return prose(s) != "" || len(observations(p, s.Kind)) > 0
	case hindcast.SectionActions:
		return prose(s) != "" || len(p.Actions) > 0
	case hindcast.SectionRelated:
		return prose(s) != "" || len(p.Related) > 0
	}
	return prose(s) != ""
}

func factors(p *hindcast.Postmortem, kind hindcast.SectionKind) []hindcast.Factor {
	return slices.DeleteFunc(slices.Clone(p.Factors), func(f hindcast.Factor) bool { return f.Section() != kind })
}

func observations(p *hindcast.Postmortem, kind hindcast.SectionKind) []hindcast.Observation {
	return slices.DeleteFunc(slices.Clone(p.Observations), func(o hindcast.Observation) bool { return o.Section() != kind })
}

// perMinute is how many words are read in a minute.
const perMinute = 220

// minutes returns how long it takes to read it.
func (v *View) minutes() int {
	words := 0
	count := func(list ...string) {
		for _, s := range list {
			words += len(strings.Fields(s))
		}
	}
	for _, p := range v.parts() {
		count(prose(p.Section))
	}
	for _, e := range v.Post.Timeline {
		count(e.Title)
	}
	for _, f := range v.Post.Factors {
		count(f.Description, f.Detail)
	}
	for _, o := range v.Post.Observations {
		count(o.Text, o.Detail)
	}
	for _, a := range v.Post.Actions {
		count(a.Description, a.DoneWhen)
	}
	return max(1, (words+perMinute-1)/perMinute)
}

// lengths returns how long things took, as far as that is known.
func lengths(p *hindcast.Postmortem) [][2]string {
	m := p.Incident.Metrics()
	var out [][2]string
	for _, x := range []struct {
		name string
		s    *int64
	}{{"Start to detection", m.TimeToDetect}, {"Detection to mitigation", m.TimeToMitigate}, {"Start to end", m.Duration}} {
		if x.s != nil {
			out = append(out, [2]string{x.name, ui.Seconds(*x.s)})
		}
	}
	return out
}

// effects says what an action item is for.
func effects(a hindcast.ActionItem) string {
	var out []string
	for _, e := range a.Effects {
		out = append(out, ui.Words(e))
	}
	return strings.Join(out, ", ")
}

// drawing is a picture within a page, wide and for a phone.
func drawing(p hindcast.Postmortem, view string, width int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		return publish.Draw(w, p, view, picture.Frame{Width: width, Within: true})
	})
}

// shelfAt is the address of what is published about a service.
func shelfAt(service string) templ.SafeURL {
	return templ.SafeURL("/published?service=" + url.QueryEscape(service))
}

// related is where a reference leads: to the post-mortem, to the web, or nowhere.
func related(ref string) string {
	if ui.WebAddress(ref) {
		return ref
	}
	if number := strings.TrimPrefix(ref, "#"); number != "" && !strings.ContainsAny(number, " /") {
		return "/number/" + url.PathEscape(number)
	}
	return ""
}

// phases are the moments that are known, with the number of their color.
func phases(p *hindcast.Postmortem) []phase {
	var out []phase
	for i, name := range hindcast.PhaseNames() {
		if at := *p.Incident.Moment(name); !at.IsZero() {
			out = append(out, phase{name, ui.PhaseWord(name), at, i + 1})
		}
	}
	return out
}

type phase struct {
	Name, Word string
	At         time.Time
	Class      int
}
