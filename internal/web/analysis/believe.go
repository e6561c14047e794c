package analysis

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/integrity"
	"github.com/hindcast/hindcast/internal/workflow"
)

// The acts on entries that disagree.
const (
	doBelieve = "believe"
	doDoubt   = "doubt" // takes back what was believed
)

// checked returns what the page of a timeline's integrity shows.
func (h *Handlers) checked(d *workflow.Document, q url.Values) Checked {
	c := Checked{Num: d.Num, Post: &d.Post, MayWrite: d.May(access.Write) == nil, Findings: integrity.Check(d.Post, integrity.Options{Now: h.Now()})}
	if n, err := strconv.ParseInt(q.Get("saved"), 10, 64); err == nil {
		c.Saved = n
	}
	if i := slices.IndexFunc(d.Post.Clocks, func(x hindcast.ClockOffset) bool { return x.File == q.Get("clock") }); i >= 0 {
		c.Clock = &d.Post.Clocks[i]
	}
	return c
}

// tag returns the tag of an entry, for the form to say what its reader saw.
func (c Checked) tag(id string) string {
	raw, err := part.Get(c.Post, "timeline/"+id)
	if err != nil {
		return ""
	}
	return string(part.TagOf(raw))
}

// source returns the file that an entry rests on.
func (c Checked) source(id string) string {
	for _, e := range c.Post.Timeline {
		if e.ID == id && len(e.Evidence) > 0 {
			return e.Evidence[0].File
		}
	}
	return "no evidence"
}

// settled returns the entries beside which another one is believed.
func (c Checked) settled() []hindcast.Entry {
	return slices.DeleteFunc(slices.Clone(c.Post.Timeline), func(e hindcast.Entry) bool { return e.Prefer == nil })
}

// asks reports whether what was sent is about these entries.
func (c Checked) asks(entries []string) bool {
	return c.Fault != nil && slices.Equal(c.Fault.Values["entry"], entries)
}

// wrote returns what was sent under a name in the form of these entries.
func (c Checked) wrote(entries []string, name string) string {
	if !c.asks(entries) {
		return ""
	}
	return c.Fault.Values.Get(name)
}

// lost reports whether what was sent has no form on the page any more.
func (c Checked) lost() bool {
	return c.Fault != nil && !slices.ContainsFunc(c.Findings, func(f integrity.Finding) bool {
		return f.Rule == integrity.SourcesDisagree && c.asks(f.Entries)
	})
}

// preference reads which entry is believed, or that none is any more, into the
// change that it asks for. It is made from the versions that the form showed.
func preference(p *hindcast.Postmortem, sent url.Values) ([]part.Change, string, error) {
	entries, seen := sent["entry"], sent["base"]
	if len(entries) == 0 || len(entries) != len(seen) {
		return nil, "", hindcast.Errorf(hindcast.Invalid, "choose the entry that is believed")
	}
	for i, id := range entries {
		if !slices.ContainsFunc(p.Timeline, func(e hindcast.Entry) bool { return e.ID == id }) {
			return nil, "", hindcast.Errorf(hindcast.Invalid, "choose two entries of the timeline; what was sent names one that is not there")
		}
		if (Checked{Post: p}).tag(id) != seen[i] {
			return nil, "", hindcast.Errorf(hindcast.Conflict, "somebody changed these entries while you were looking; what stands there now is shown, and what you wrote is kept in the form: send it again to decide all the same")
		}
	}
	next, note, other := *p, "believes no entry more than the other", entries[0]
	if sent.Get("do") == doDoubt {
		next.Timeline = slices.Clone(p.Timeline)
		next.Timeline[slices.IndexFunc(next.Timeline, func(e hindcast.Entry) bool { return e.ID == other })].Prefer = nil
	} else {
		believed := sent.Get("believed")
		i := slices.Index(entries, believed)
		if i < 0 || len(entries) != 2 {
			return nil, "", hindcast.Errorf(hindcast.Invalid, "choose the entry that is believed")
		}
		var err error
		note, other = "chose which entry to believe", entries[1-i]
		if next, err = integrity.Believe(*p, believed, other, said(sent, "why")); err != nil {
			return nil, "", err
		}
	}
	raw, err := part.Get(&next, "timeline/"+other)
	if err != nil {
		return nil, "", err
	}
	base := part.Tag(seen[slices.Index(entries, other)])
	return []part.Change{{Path: "timeline/" + other, Base: &base, Value: raw}}, note, nil
}

// prefer keeps which entry is believed, or takes that back.
func (h *Handlers) prefer(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	changes, note, err := preference(&d.Post, r.PostForm)
	var saved workflow.Saved
	if err == nil {
		saved, err = h.Workflow.Edit(r.Context(), v, d.ID, changes, note)
	}
	if err == nil {
		http.Redirect(w, r, fmt.Sprintf("/p/%d/integrity?saved=%d", d.Num, saved.Revision), http.StatusSeeOther)
		return nil
	}
	f, status, ok := faultOf(err)
	if !ok {
		return err
	}
	if f.Conflict != nil {
		f.Message = "Somebody changed these entries at the same moment. What you wrote is kept in the form: send it again to decide all the same."
	}
	if d, err = h.Workflow.Get(r.Context(), v, d.ID); err != nil {
		return err
	}
	c := h.checked(d, nil)
	f.Values, c.Fault = r.PostForm, f
	return h.Show(w, r, v, status, "Integrity of the timeline", Integrity(c))
}
