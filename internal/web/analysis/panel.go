package analysis

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// embedded is the view of the analysis within the post-mortem's page. What the
// lint says of words is left to the pages that are asked for it.
func embedded(num, version int64, p *hindcast.Postmortem, mayWrite bool, then time.Time) *View {
	return &View{Num: num, Version: version, Post: p, Graph: graph.Of(*p), MayWrite: mayWrite, Shown: whys, Then: then}
}

// still is the address of the whys as a picture that stands alone.
func (v *View) still(width int) string {
	return v.post(fmt.Sprintf("/picture/whys.svg?width=%d&v=%d", width, v.Version)) + v.since()
}

// since is what addresses of pictures say of the moment as of which they are.
func (v *View) since() string {
	if v.Then.IsZero() {
		return ""
	}
	return "&at=" + url.QueryEscape(v.Then.UTC().Format(time.RFC3339))
}

// alternative says in words what the picture of the whys shows.
func (v *View) alternative() string {
	if len(v.Post.Factors) == 0 {
		return "No factors yet. Follow the link to ask how it happened."
	}
	if !v.Then.IsZero() {
		return "The whys of the incident as far as they were known then, from " + ui.Count(len(v.Post.Factors), "factor", "factors") + "."
	}
	return "The whys of the incident, from " + ui.Count(len(v.Post.Factors), "factor", "factors") + ". Follow the link for the same as a table."
}

// title is what the choice is called at the head of its panel.
func (v *View) title() string {
	if b, ok := v.bone(); ok {
		return ui.Sentence(b)
	}
	if v.At == hindcast.Outcome {
		return v.Post.Incident.Title
	}
	return v.name(v.At)
}

// partWord is the part that a factor played.
func partWord(x hindcast.Factor) string {
	switch {
	case x.RuledOutBy != "":
		return "ruled out"
	case x.Tag == "":
		return "under discussion"
	}
	return ui.Words(x.Tag)
}

// actOf is something that can be done with a factor.
type actOf struct{ form, name, key string }

func actsOf(x hindcast.Factor) []actOf {
	out := []actOf{{formWhy, "Ask why", "w"}, {formLink, "Link", "l"}, {formSplit, "Split", "s"}, {formMerge, "Merge", "m"}, {formAttach, "Evidence", "v"},
		{formRule, "Rule out", "x"}, {formRemove, "Remove", "Delete"}}
	if x.RuledOutBy != "" {
		return []actOf{out[2], out[3], out[4], out[6]}
	}
	return out
}

// form returns the form of what the factor says of itself. It is there, since the
// choice is.
func (v *View) form() *form.Form {
	f, err := fields(v.Post, hindcast.Policy{}, v.At)
	if err != nil {
		return &form.Form{}
	}
	return f
}

// asksAnswer reports whether a form was refused for want of an answer to whether
// the incident would have happened without the factor.
func (v *View) asksAnswer() bool {
	return v.wrong(doSet) != "" && hindcast.Tag(v.Fault.Values.Get("tag")) == hindcast.Root &&
		hindcast.Answer(v.Fault.Values.Get("counterfactual.answer")) != hindcast.AnswerNo
}

// howOf returns the sentence of a link.
func howOf(x hindcast.Factor, to string) string {
	for _, e := range x.LedTo {
		if e.To == to {
			return e.How
		}
	}
	return ""
}

// line is a field of somebody else's version.
type line struct{ name, value string }

// theirs returns what stands there now where it differs from what was sent.
func (v *View) theirs() []line {
	c := v.Fault.Conflict
	if len(c.Theirs) == 0 {
		return []line{{"It", "was removed"}}
	}
	var x hindcast.Factor
	if err := json.Unmarshal(c.Theirs, &x); err != nil {
		return nil
	}
	f := v.form()
	other, err := f.Read(c.Theirs)
	if err != nil {
		return nil
	}
	var out []line
	for _, field := range f.Fields {
		s := other.Text(field)
		if s != "" && (v.Fault.Do != doSet || s != v.Fault.Values.Get(field.Name)) {
			out = append(out, line{field.Label, s})
		}
	}
	for _, e := range x.LedTo {
		out = append(out, line{"Led to", v.name(e.To)})
	}
	return out
}
