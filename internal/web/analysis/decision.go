package analysis

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Point is a decision with what could be known when it was made.
type Point struct {
	Num      int64
	Post     *hindcast.Postmortem
	Entry    hindcast.Entry
	New      bool // it is still to be added
	Base     string
	MayWrite bool
	Fault    *Fault
	ByThen   []Known // had become known
	Later    []Known // had happened, and became known only later
}

// Known is an entry beside a decision.
type Known struct {
	hindcast.Entry
	Chosen bool // the decision names it
}

// newDecision is the name of a decision that is still to be added.
const newDecision = "new"

// point returns a decision of a document. What nobody said yet about what was
// known is proposed from the timeline.
func point(d *workflow.Document, id string) (*Point, error) {
	p := &Point{Num: d.Num, Post: &d.Post, MayWrite: d.May(access.Write) == nil}
	if id == newDecision {
		if err := d.May(access.Write); err != nil {
			return nil, err
		}
		p.New = true
		p.Entry = hindcast.Entry{Kind: hindcast.Decided, At: d.Post.Incident.StartedAt, Actor: hindcast.Actor{Kind: hindcast.Person}, Decision: &hindcast.Decision{}}
		return p, nil
	}
	i := slices.IndexFunc(d.Post.Timeline, func(e hindcast.Entry) bool { return e.ID == id })
	if i < 0 {
		return nil, hindcast.Errorf(hindcast.NotFound, "this decision is not in the timeline any more")
	}
	p.Entry = d.Post.Timeline[i]
	if p.Entry.Decision == nil {
		p.Entry.Decision = &hindcast.Decision{Question: p.Entry.Title}
	}
	raw, err := part.Get(&d.Post, "timeline/"+id)
	if err != nil {
		return nil, err
	}
	p.Base = string(part.TagOf(raw))
	p.weigh()
	return p, nil
}

// weigh divides what had happened by whether it was known.
func (p *Point) weigh() {
	known, notKnown := p.Entry.Decision.Known, p.Entry.Decision.NotKnown
	if !p.Entry.Decision.Weighed() {
		known, notKnown = asof.Propose(p.Post.Timeline, p.Entry)
	}
	for _, e := range p.Post.Timeline {
		switch {
		case e.ID == p.Entry.ID || e.At.IsZero() || e.At.After(p.Entry.At):
		case e.KnownBy(p.Entry.At):
			p.ByThen = append(p.ByThen, Known{e, slices.Contains(known, e.ID)})
		default:
			p.Later = append(p.Later, Known{e, slices.Contains(notKnown, e.ID)})
		}
	}
}

// point returns the decision that a request is about, and its document.
func (h *Handlers) point(r *http.Request, v hindcast.Viewer) (*workflow.Document, *Point, error) {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return nil, nil, err
	}
	p, err := point(d, r.PathValue("id"))
	return d, p, err
}

// decisionPage shows a decision.
func (h *Handlers) decisionPage(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	_, p, err := h.point(r, v)
	if err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Decision", Decision(p))
}

// saveDecision keeps what a form says of a decision.
func (h *Handlers) saveDecision(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, p, err := h.point(r, v)
	if err != nil {
		return err
	}
	err = p.read(r.PostForm)
	if err == nil {
		base := part.Tag(r.PostForm.Get("base"))
		_, err = h.Workflow.Edit(r.Context(), v, d.ID, []part.Change{{Path: "timeline/" + p.Entry.ID, Base: &base, Value: workflow.JSON(p.Entry)}}, "told of a decision")
	}
	if err == nil {
		http.Redirect(w, r, p.after(), http.StatusSeeOther)
		return nil
	}
	f, status, ok := faultOf(err)
	if !ok {
		return err
	}
	p.Fault = f
	if f.Conflict != nil {
		p.Base = string(f.Conflict.Tag)
	}
	p.ByThen, p.Later = nil, nil
	p.weigh()
	return h.Show(w, r, v, status, "Decision", Decision(p))
}

// after is where one goes on: to what was known, when the decision is new.
func (p *Point) after() string {
	if p.New {
		return fmt.Sprintf("/p/%d/decision/%s", p.Num, url.PathEscape(p.Entry.ID))
	}
	return fmt.Sprintf("/p/%d#timeline/%s", p.Num, p.Entry.ID)
}

// read takes what a form says.
func (p *Point) read(sent url.Values) error {
	e := &p.Entry
	decided := *e.Decision
	e.Decision = &decided
	decided.Question, decided.Choice, decided.Expected = said(sent, "question"), said(sent, "choice"), said(sent, "expected")
	decided.Options, decided.Assumptions = lines(sent.Get("options")), lines(sent.Get("assumptions"))
	e.Kind, e.Actor.Name = hindcast.Decided, said(sent, "who")
	if p.New {
		at, err := time.Parse("2006-01-02T15:04:05", padded(sent.Get("at")))
		if err != nil {
			return hindcast.Errorf(hindcast.Invalid, "say when it was decided, in UTC")
		}
		e.ID, e.At, e.KnownAt, e.Key = "d-"+strings.ToLower(rand.Text()[:10]), at, at, true
		decided.Known, decided.NotKnown = asof.Propose(p.Post.Timeline, *e)
	} else {
		decided.Known, decided.NotKnown = append([]string{}, sent["known"]...), append([]string{}, sent["not_known"]...)
	}
	if decided.Question == "" {
		return hindcast.Errorf(hindcast.Invalid, "say what had to be decided")
	}
	if p.New || e.Title == "" {
		e.Title = decided.Question
	}
	return nil
}

// padded adds the seconds that browsers leave out when they are 0.
func padded(s string) string {
	if len(s) == len("2006-01-02T15:04") {
		return s + ":00"
	}
	return s
}

// lines are the lines of a text that say something.
func lines(text string) []string {
	var out []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
