package analysis

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/integrity"
	"github.com/hindcast/hindcast/internal/timeline/replay"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Trial is an alert rule with what it would have done.
type Trial struct {
	Num     int64
	Title   string
	Rule    string
	Fault   string
	Metrics []string       // of the evidence, as a rule names them
	Result  *replay.Result // nil before a rule was tried
	Actions []hindcast.ActionItem
}

// replay shows the form for an alert rule, and what the rule would have done.
func (h *Handlers) replay(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	if err := d.May(access.Follow); err != nil {
		return err
	}
	t := Trial{Num: d.Num, Title: d.Post.Incident.Title, Rule: said(r.URL.Query(), "rule"), Actions: detecting(d.Post.Actions)}
	if t.Metrics, err = h.moved(r.Context(), v, d.ID); err != nil {
		return err
	}
	status := http.StatusOK
	if t.Rule != "" {
		got, err := h.Workflow.Replay(r.Context(), v, d.ID, t.Rule)
		switch {
		case hindcast.CodeOf(err) == hindcast.Invalid:
			t.Fault, status = sentence(err.Error()), http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			t.Result = &got
		}
	}
	return h.Show(w, r, v, status, "Would this alert have helped?", Replay(t))
}

// moved returns the names of the metrics that the last build found worth
// looking at, each once.
func (h *Handlers) moved(ctx context.Context, v hindcast.Viewer, id string) ([]string, error) {
	series, err := h.Workflow.Charts(ctx, v, id)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range series {
		if !slices.Contains(out, s.Name) {
			out = append(out, s.Name)
		}
	}
	return out, nil
}

// attachReplay keeps a rule with its result at the action that improves detection.
func (h *Handlers) attachReplay(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	got, err := h.Workflow.Replay(r.Context(), v, d.ID, said(r.PostForm, "rule"))
	if err != nil {
		return err
	}
	action, change, err := proposing(&d.Post, r.PostForm.Get("action"), got.Alert())
	if err != nil {
		return err
	}
	change.Value = workflow.JSON(action)
	saved, err := h.Workflow.Edit(r.Context(), v, d.ID, []part.Change{change}, "attached an alert rule")
	if err != nil {
		return err
	}
	q := url.Values{"saved": {strconv.FormatInt(saved.Revision, 10)}}
	if change.Base == nil {
		q.Set("edit", change.Path) // who does it, and by when?
	}
	http.Redirect(w, r, fmt.Sprintf("/p/%d?%s#%s", d.Num, q.Encode(), change.Path), http.StatusSeeOther)
	return nil
}

// proposing returns an action with an alert rule, and the change of it that is still
// without its value: the action of an id, or a new one when the id is empty.
func proposing(p *hindcast.Postmortem, id string, alert hindcast.AlertRule) (hindcast.ActionItem, part.Change, error) {
	if id == "" {
		a := hindcast.ActionItem{Description: newAlert(alert.Rule), Effects: []hindcast.Effect{hindcast.ImprovesDetection}, Alert: &alert}
		return a, part.Change{Path: "actions/" + strings.ToLower(rand.Text()[:12])}, nil
	}
	i := slices.IndexFunc(p.Actions, func(a hindcast.ActionItem) bool { return a.ID == id })
	if i < 0 {
		return hindcast.ActionItem{}, part.Change{}, hindcast.Errorf(hindcast.Invalid, "choose the action that the rule belongs to")
	}
	path := "actions/" + id
	raw, err := part.Get(p, path)
	if err != nil {
		return hindcast.ActionItem{}, part.Change{}, err
	}
	a, base := p.Actions[i], part.TagOf(raw)
	a.Alert = &alert
	return a, part.Change{Path: path, Base: &base}, nil
}

// newAlert describes an action that makes an alert of a rule.
func newAlert(rule string) string { return "Alert when " + rule }

// detecting returns actions, those that improve detection first.
func detecting(list []hindcast.ActionItem) []hindcast.ActionItem {
	out := slices.DeleteFunc(slices.Clone(list), func(a hindcast.ActionItem) bool { return a.Status == hindcast.ActionDeclined })
	slices.SortStableFunc(out, func(a, b hindcast.ActionItem) int {
		rank := func(x hindcast.ActionItem) int { return slices.Index(x.Effects, hindcast.ImprovesDetection) }
		return cmp.Compare(min(rank(b), 0), min(rank(a), 0))
	})
	return out
}

// Checked is a timeline with what in it cannot be right.
type Checked struct {
	Num      int64
	Post     *hindcast.Postmortem
	MayWrite bool
	Findings []integrity.Finding
	Saved    int64                 // the revision just saved, to offer its undo
	Clock    *hindcast.ClockOffset // just decided about, to offer its undo
	Fault    *Fault                // of what was sent about entries that disagree
}

// title returns what an entry says.
func (c Checked) title(id string) string {
	for _, e := range c.Post.Timeline {
		if e.ID == id {
			return e.At.UTC().Format("15:04:05") + " " + e.Title
		}
	}
	return id
}

// integrity shows what in a timeline cannot be right, or rests on assumptions.
func (h *Handlers) integrity(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Integrity of the timeline", Integrity(h.checked(d, r.URL.Query())))
}

// clock accepts that the clock of a file was wrong, or takes that back. Forms about
// entries that disagree are sent to the same address.
func (h *Handlers) clock(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if do := r.PostForm.Get("do"); do == doBelieve || do == doDoubt {
		return h.prefer(w, r, v)
	}
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	decide := h.Workflow.AcceptClock
	if r.PostForm.Get("withdraw") != "" {
		decide = h.Workflow.WithdrawClock
	}
	file := r.PostForm.Get("file")
	if _, err := decide(r.Context(), v, d.ID, file); err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/p/%d/integrity?%s", d.Num, url.Values{"clock": {file}}.Encode()), http.StatusSeeOther)
	return nil
}
