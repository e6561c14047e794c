package reading

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// slide is one slide of a presentation. What is not set it does not show.
type slide struct {
	Title   string
	Kicker  string   // above the title
	Lead    string   // a sentence
	Facts   []fact   // figures beside each other
	Columns []column // lists beside each other
	Picture string   // its name: timeline, whys, graph
	Alt     string   // of the picture
	Notes   []string // for whoever presents
}

type fact struct{ Name, Value string }

type column struct {
	Title string
	Lines []line
}

type line struct{ Text, Small string }

// lines is how many lines a list on a slide has at most; what is left is counted.
const lines = 6

// decisions is how many decisions get a slide of their own.
const decisions = 6

// slides makes a presentation of a document. Nothing in it is made up.
func slides(p hindcast.Postmortem, questions []reading.Question) []slide {
	out := []slide{opening(p)}
	if len(p.Timeline) > 0 {
		out = append(out, slide{Title: "What happened", Facts: durations(p), Picture: "timeline", Alt: fmt.Sprintf("Timeline with phases and %d entries", len(p.Timeline)),
			Notes: []string{"Let people who were there tell it in their own words, along the picture.", "Ask what they saw and what they took it for, not why they did not see more."}})
	}
	made := asof.Decisions(p)
	for _, m := range made[:min(len(made), decisions)] {
		out = append(out, decided(p, m))
	}
	if len(made) == 0 {
		out = append(out, detected(p)...)
	}
	if len(p.Factors) > 0 {
		out = append(out,
			slide{Title: "How it came to be", Picture: "whys", Alt: "Whys, level by level", Notes: []string{"Stop where somebody says: but that was normal. There is something to learn.", "A person is no cause. Ask what made the act make sense."}},
			slide{Title: "What led to what", Picture: "graph", Alt: "Graph of the factors", Notes: []string{"Which of these would have to be there again for it to happen again?"}})
	}
	well, poorly := observed(p)
	if len(well)+len(poorly) > 0 {
		out = append(out, slide{Title: "What we saw", Columns: filled(column{"Went well", well}, column{"Was harder than it had to be", poorly}),
			Notes: []string{"Begin with what went well: it is worth keeping, and somebody arranged it.", "Luck is a gap that did not show this time."}})
	}
	if len(p.Actions) > 0 {
		out = append(out, slide{Title: "What is done about it", Columns: filled(column{"", acts(p)}), Notes: []string{"For each: how will we know that it worked?"}})
	}
	return append(out, closing(questions))
}

// opening is the first slide: what it was and what it did.
func opening(p hindcast.Postmortem) slide {
	inc := &p.Incident
	s := slide{Title: inc.Title,
		Notes: []string{"We look for how it came to be, not for whose fault it was. Everybody did what made sense with what they knew then."}}
	var kicker []string
	if inc.Severity > 0 {
		kicker = append(kicker, ui.SeverityWord(inc.Severity, inc.SeverityName))
	}
	if !inc.StartedAt.IsZero() {
		kicker = append(kicker, inc.StartedAt.UTC().Format("2 January 2006"))
	}
	s.Kicker = strings.Join(kicker, " · ")
	if text := p.Section(hindcast.SectionSummary); text != nil {
		s.Lead = sentences(prose(*text), 320)
	}
	if n := inc.Impact.Users; n.Value != nil {
		s.Facts = append(s.Facts, fact{"users affected", ui.Figure(*n.Value, n.Unit)})
	}
	for _, list := range [][]hindcast.Measure{inc.Impact.Counts, inc.Impact.Business} {
		for _, m := range list {
			if m.Value != nil && len(s.Facts) < 4 {
				s.Facts = append(s.Facts, fact{m.Name, ui.Figure(*m.Value, m.Unit)})
			}
		}
	}
	return s
}

// sentences returns the first sentences of a text that fit.
func sentences(text string, most int) string {
	text, _, _ = strings.Cut(text, "\n\n")
	text = strings.Join(strings.Fields(strings.NewReplacer("**", "", "`", "", "_", "").Replace(text)), " ")
	if len(text) <= most {
		return text
	}
	if end := strings.LastIndex(text[:most], ". "); end > 0 {
		return text[:end+1]
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

func durations(p hindcast.Postmortem) []fact {
	var out []fact
	for _, x := range lengths(&p) {
		out = append(out, fact{strings.ToLower(x[0]), x[1]})
	}
	return out
}

// decided is a decision with what could be known when it was made.
func decided(p hindcast.Postmortem, m asof.Moment) slide {
	s := slide{Kicker: "Decision at " + m.At.UTC().Format("15:04:05 MST"), Title: m.Question,
		Notes: []string{"Stay in the moment: with this knowledge, what would you have done?", "What would have told us sooner?"}}
	var d *hindcast.Decision
	entries := map[string]hindcast.Entry{}
	for _, e := range p.Timeline {
		entries[e.ID] = e
		if e.ID == m.ID {
			d = e.Decision
		}
	}
	known, hidden := m.Known, m.NotKnown
	if d != nil && d.Known != nil {
		known = d.Known
	}
	if d != nil && d.NotKnown != nil {
		hidden = d.NotKnown
	}
	told := func(ids []string) (out []line) {
		for _, id := range ids {
			if e, ok := entries[id]; ok {
				out = append(out, line{e.Title, e.At.UTC().Format("15:04:05")})
			}
		}
		return out
	}
	var options []line
	if d != nil {
		for _, o := range d.Options {
			options = append(options, line{Text: o})
		}
		if d.Choice != "" {
			options = append(options, line{d.Choice, "chosen"})
		}
	}
	s.Columns = filled(column{"Known by then", told(known)}, column{"Had happened, and nobody knew yet", told(hidden)}, column{"Options", options})
	return s
}

// detected is the moment of detection with what could be known then; nothing when
// all could be known, or nobody said when it was.
func detected(p hindcast.Postmortem) []slide {
	at := p.Incident.DetectedAt
	if at.IsZero() {
		return nil
	}
	view := asof.At(p, at).Only(asof.Entry)
	if len(view.Unknown) == 0 {
		return nil
	}
	told := func(items []asof.Item) (out []line) {
		for _, i := range items {
			out = append(out, line{i.Title, i.At.UTC().Format("15:04:05")})
		}
		return out
	}
	return []slide{{Kicker: "As of " + at.UTC().Format("15:04:05 MST"), Title: "What could be known at detection",
		Columns: filled(column{"Known by then", told(view.Known)}, column{"Had happened, and nobody knew yet", told(view.Unknown)}),
		Notes:   []string{"Stay in the moment: what would you have looked at first?", "What would have told us sooner?"}}}
}

// filled returns the columns that hold something, each no longer than fits.
func filled(list ...column) []column {
	var out []column
	for _, c := range list {
		if more := len(c.Lines) - lines; more > 0 {
			c.Lines = append(c.Lines[:lines:lines], line{Small: fmt.Sprintf("and %d more in the document", more)})
		}
		if len(c.Lines) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func observed(p hindcast.Postmortem) (well, poorly []line) {
	for _, o := range p.Observations {
		switch o.Kind {
		case hindcast.WentWell:
			well = append(well, line{Text: o.Text})
		case hindcast.Luck:
			poorly = append(poorly, line{o.Text, "luck"})
		default:
			poorly = append(poorly, line{Text: o.Text})
		}
	}
	return well, poorly
}

func acts(p hindcast.Postmortem) []line {
	var out []line
	for _, a := range export.Learn(&p).Done {
		small := ui.Words(a.Status)
		if a.Owner != "" {
			small = a.Owner + " · " + small
		}
		if !a.Due.IsZero() {
			small += " · due " + a.Due.String()
		}
		out = append(out, line{a.Description, small})
	}
	return out
}

// closing asks, and shows what readers asked and nobody answered yet.
func closing(questions []reading.Question) slide {
	s := slide{Title: "Questions", Notes: []string{"Ask who sees the same in a system of theirs: they can note it below the published page."}}
	var open []line
	for _, q := range questions {
		if len(q.Answers) == 0 {
			open = append(open, line{Text: q.Text})
		}
	}
	if len(open) == 0 {
		s.Lead = "Where else could this happen? What surprised you? What would have told us sooner?"
	}
	s.Columns = filled(column{"Asked by readers, and still open", open})
	return s
}

// Show is one slide of a presentation as it is shown.
type Show struct {
	slide
	Num   int64
	N     int // from 1
	Of    int
	Notes bool // are shown
}

// at returns the address of a slide of the presentation.
func (s Show) at(n int) string {
	q := url.Values{"slide": {strconv.Itoa(n)}}
	if s.Notes {
		q.Set("notes", "1")
	}
	return fmt.Sprintf("/p/%d/present?%s", s.Num, q.Encode())
}

// other returns the address of the same slide with notes or without.
func (s Show) other() string {
	s.Notes = !s.Notes
	return s.at(s.N)
}

// presented returns what is shown in a learning review: what readers have, or the
// document as far as it is for those who take part in one that is not published.
func (h Handlers) presented(r *http.Request, v hindcast.Viewer) (hindcast.Postmortem, []reading.Question, int64, error) {
	p, err := h.Reading.Get(r.Context(), v, r.PathValue("num"), 0)
	if err == nil {
		marks, err := h.Reading.Marks(r.Context(), v, &p.Front)
		return p.Post, marks.Questions, p.Num, err
	}
	if hindcast.CodeOf(err) != hindcast.NotFound {
		return hindcast.Postmortem{}, nil, 0, err
	}
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return hindcast.Postmortem{}, nil, 0, err
	}
	return audience.For(audience.Engineering, d.Post).Postmortem, nil, d.Num, nil
}

func (h Handlers) present(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	post, questions, num, err := h.presented(r, v)
	if err != nil {
		return err
	}
	all := slides(post, questions)
	n, err := strconv.Atoi(r.URL.Query().Get("slide"))
	if err != nil {
		n = 1
	}
	n = min(max(n, 1), len(all))
	show := Show{slide: all[n-1], Num: num, N: n, Of: len(all), Notes: r.URL.Query().Get("notes") != ""}
	c := Slides(show)
	if answer.Scripted(r) {
		return h.Send(w, r, http.StatusOK, Slide(show))
	}
	return h.Show(w, r, v, http.StatusOK, post.Incident.Title+", slide "+strconv.Itoa(n), c)
}

// slidePicture answers with a picture of a slide.
func (h Handlers) slidePicture(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	post, _, _, err := h.presented(r, v)
	if err != nil {
		return err
	}
	view, _ := strings.CutSuffix(r.PathValue("name"), ".svg")
	return h.draw(w, r, post, view)
}
