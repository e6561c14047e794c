package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/diff"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/history"
	"github.com/hindcast/hindcast/internal/web/ui"
	"github.com/hindcast/hindcast/internal/workflow"
)

// audit is the trail of who did what.
func (h Handlers) audit(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	q := r.URL.Query()
	view := Audit{Query: q, Faults: map[string]string{}}
	people, err := h.Auth.People(r.Context(), v)
	if err != nil {
		return err
	}
	for _, p := range people {
		view.People = append(view.People, Option{p.ID, p.Name})
	}
	filter, err := h.auditFilter(r, v, view.Faults)
	if err != nil {
		return err
	}
	page, err := h.Workflow.Audit(r.Context(), v, filter)
	if err != nil {
		return err
	}
	if len(view.Faults) == 0 {
		if view.Acts, err = h.acts(r, v, page.Items); err != nil {
			return err
		}
		view.Next = answer.Later(r, page.Next)
	}
	return h.show(w, r, v, http.StatusOK, "Audit trail", AuditPage(view))
}

// incidentAudit is the trail of one post-mortem, for who takes part in it.
func (h Handlers) incidentAudit(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	page, err := h.Workflow.Audit(r.Context(), v, workflow.AuditFilter{IncidentID: d.ID, After: r.URL.Query().Get("after")})
	if err != nil {
		return err
	}
	view := Audit{Num: d.Num, Title: d.Post.Incident.Title, Next: answer.Later(r, page.Next)}
	if view.Acts, err = h.acts(r, v, page.Items); err != nil {
		return err
	}
	return h.Show(w, r, v, http.StatusOK, "Audit trail", "library", IncidentAuditPage(view))
}

// auditFilter reads which acts are asked for, and notes what cannot be understood.
func (h Handlers) auditFilter(r *http.Request, v hindcast.Viewer, faults map[string]string) (workflow.AuditFilter, error) {
	q := r.URL.Query()
	f := workflow.AuditFilter{After: q.Get("after"), PersonID: q.Get("person"), Acts: actsOf(q.Get("act"))}
	if ref := strings.TrimSpace(q.Get("incident")); ref != "" {
		d, err := h.Workflow.Get(r.Context(), v, ref)
		switch {
		case err == nil:
			f.IncidentID = d.ID
		case hindcast.CodeOf(err) == hindcast.NotFound:
			faults["incident"] = "There is no such post-mortem, or it is not shared with you. Write its number, such as #12."
		default:
			return f, err
		}
	}
	for name, set := range map[string]func(hindcast.Date){"from": func(d hindcast.Date) { f.From = d.Time() }, "to": func(d hindcast.Date) { f.To = d.Add(1).Time() }} {
		if s := strings.TrimSpace(q.Get(name)); s != "" {
			d, err := hindcast.ParseDate(s)
			if err != nil {
				faults[name] = "Write a day as 2024-03-15."
				continue
			}
			set(d)
		}
	}
	return f, nil
}

// acts turns lines of the trail into sentences.
func (h Handlers) acts(r *http.Request, v hindcast.Viewer, entries []workflow.AuditEntry) ([]Act, error) {
	var ids []string
	revisions := map[string][]int64{}
	for _, e := range entries {
		ids = append(ids, e.IncidentID)
		if n, err := strconv.ParseInt(detailsOf(e.Detail).text("revision"), 10, 64); err == nil && n > 0 {
			revisions[e.IncidentID] = append(revisions[e.IncidentID], n)
		}
	}
	incidents, err := h.incidents(r.Context(), v, ids)
	if err != nil {
		return nil, err
	}
	turns := map[string]map[int64]workflow.Turn{}
	for id, list := range revisions {
		if incidents[id].Hidden {
			continue
		}
		if turns[id], err = h.Workflow.Turns(r.Context(), v, id, list); err != nil && hindcast.CodeOf(err) != hindcast.NotFound {
			return nil, err
		}
	}
	var out []Act
	for _, e := range entries {
		s := sentenceOf{h, r, v, e, detailsOf(e.Detail), incidents[e.IncidentID], turns[e.IncidentID]}
		out = append(out, s.act())
	}
	return out, nil
}

// sentenceOf writes what one line of the trail says.
type sentenceOf struct {
	Handlers
	r        *http.Request
	viewer   hindcast.Viewer
	entry    workflow.AuditEntry
	detail   details
	incident Incident
	turns    map[int64]workflow.Turn
}

func (s sentenceOf) act() Act {
	a := Act{At: s.entry.At, Who: "The server", Reason: s.detail.text("reason"), Token: s.entry.TokenID != ""}
	if s.entry.PersonID != "" {
		a.Who = s.Name(s.r, s.viewer, s.entry.PersonID)
	}
	a.Sentence = s.pieces(s.phrase())
	a.Changes = append(s.detail.changes(), s.gate()...)
	if n, err := strconv.ParseInt(s.detail.text("revision"), 10, 64); err == nil && n > 0 && s.incident.Num > 0 {
		more := false
		a.Changes, more = s.changed(s.turns[n])
		if _, known := s.turns[n]; more || !known {
			a.More = fmt.Sprintf("/p/%d/history/%d", s.incident.Num, n)
		}
	}
	return a
}

// gate says how a post-mortem stood against the quality gate when it moved on.
func (s sentenceOf) gate() (out []Change) {
	var d struct {
		Gate *workflow.Gated `json:"gate"`
	}
	if raw, err := json.Marshal(s.entry.Detail); err != nil || json.Unmarshal(raw, &d) != nil || d.Gate == nil {
		return nil
	}
	name := func(criterion string) string {
		for _, c := range hindcast.Checklist() {
			if string(c.Criterion) == criterion {
				return c.Name
			}
		}
		return criterion
	}
	var failing []string
	for _, c := range d.Gate.Failing {
		failing = append(failing, name(c))
	}
	if failing != nil {
		out = append(out, Change{Field: "Quality gate", What: "not met, which warned only: " + strings.Join(failing, ", ")})
	}
	for _, c := range slices.Sorted(maps.Keys(d.Gate.Waived)) {
		out = append(out, Change{Field: name(c), What: "waived: " + d.Gate.Waived[c]})
	}
	return out
}

// phrase returns how the sentence goes on, for what the detail says.
func (s sentenceOf) phrase() string {
	d := s.detail
	switch s.entry.Act {
	case "postmortem.private":
		if d.text("private") == "yes" {
			return "made {incident} private"
		}
		if d.text("private") == "no" {
			return "opened {incident} again to everybody"
		}
	case "postmortem.edit":
		if len(d.list("paths")) == 0 {
			return "edited {incident}"
		}
	case "postmortem.undo":
		if len(d.list("paths")) == 0 {
			return "took a change of {incident} back"
		}
	case "postmortem.move":
		if d == nil {
			return "changed the state of {incident}"
		}
	case "postmortem.share":
		if d == nil {
			return "decided who takes part in {incident}"
		}
	case "postmortem.unshare":
		if d == nil {
			return "ended somebody's part in {incident}"
		}
	case "token.create":
		if _, scopes, _ := strings.Cut(d.text("value"), " "); scopes == string(hindcast.ScopeFeed) {
			return "made a link to the feed"
		}
	case "person.invite":
		if d.text("value") == "" {
			return "made an account with an invitation"
		}
	case "person.password":
		if d.text("value") != "" {
			return "chose a new password with a link"
		}
	case "endpoint.test":
		if d.text("ok") == "no" {
			return phraseOf(s.entry.Act) + ", which did not arrive"
		}
	}
	return phraseOf(s.entry.Act)
}

// pieces fills in a phrase.
func (s sentenceOf) pieces(phrase string) []Piece {
	var out []Piece
	for phrase != "" {
		before, rest, found := strings.Cut(phrase, "{")
		if before != "" {
			out = append(out, Piece{Text: before})
		}
		word, after, _ := strings.Cut(rest, "}")
		if found {
			out = append(out, s.piece(word))
		}
		phrase = after
	}
	return out
}

// piece is what a word in braces stands for.
func (s sentenceOf) piece(word string) Piece {
	d := s.detail
	switch word {
	case "incident":
		if s.incident.Num == 0 {
			return Piece{Text: "a post-mortem that is not shared with you, or is gone", To: "/settings/join?ref=" + url.QueryEscape(s.entry.IncidentID)}
		}
		return Piece{Text: fmt.Sprintf("#%d %s", s.incident.Num, s.incident.Title), To: fmt.Sprintf("/p/%d", s.incident.Num)}
	case "parts":
		return Piece{Text: s.parts(d.list("paths"))}
	case "files":
		n, err := strconv.Atoi(d.text("files"))
		if err != nil {
			return Piece{Text: "files"}
		}
		return Piece{Text: ui.Count(n, "file", "files")}
	case "people":
		var names []string
		for _, id := range d.list("people") {
			names = append(names, s.Name(s.r, s.viewer, id))
		}
		return Piece{Text: strings.Join(names, ", ")}
	case "person":
		return Piece{Text: s.Name(s.r, s.viewer, d.text("person"))}
	case "value":
		if s.entry.Act == "person.reset" {
			return Piece{Text: s.Name(s.r, s.viewer, d.text("value"))}
		}
		return Piece{Text: d.text("value")}
	case "scopes":
		_, scopes, _ := strings.Cut(d.text("value"), " ")
		return Piece{Text: scopes}
	case "name":
		if id := d.text("endpoint"); id != "" && s.entry.Act != "endpoint.remove" {
			return Piece{Text: d.text(word), To: "/settings/connections/" + url.PathEscape(id)}
		}
	}
	return Piece{Text: ui.Words(d.text(word))}
}

// maxParts is how many parts a sentence names, and maxFields how many fields are
// shown below it.
const (
	maxParts  = 3
	maxFields = 6
)

// parts names what was edited.
func (s sentenceOf) parts(paths []string) string {
	var words []string
	for i, p := range paths {
		if i == maxParts {
			words = append(words, fmt.Sprintf("%d more", len(paths)-maxParts))
			break
		}
		list, _, _ := strings.Cut(p, "/")
		words = append(words, partName(list, p))
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// partName is what a part is called in a sentence.
func partName(list, path string) string {
	one := map[string]string{"timeline": "an entry", "accounts": "an account", "factors": "a factor", "observations": "an observation", "actions": "an action",
		"related": "a related incident", "sections": "the text", "impact": "the impact", "preamble": "the text"}
	if word := one[list]; word != "" {
		return word
	}
	if list == "phases" {
		return "when it was " + strings.ToLower(ui.PhaseWord(strings.TrimPrefix(path, "phases/")))
	}
	return "the " + ui.Words(list)
}

// short is how long a value may be to be shown as a whole.
const short = 120

// changed returns what became of the fields that one revision changed, and
// whether there is more to see.
func (s sentenceOf) changed(t workflow.Turn) (out []Change, more bool) {
	for _, path := range s.detail.list("paths") {
		c := s.Changed(&t.Before, &t.After, path)
		if len(out) >= maxFields {
			return out, true
		}
		if part, what := whole(c); what != "" {
			out, more = append(out, Change{Field: part, What: what}), true
			continue
		}
		for _, f := range c.Fields {
			was, is := sides(f)
			name := c.Part
			if len(c.Fields) > 1 {
				name += ": " + strings.ToLower(f.Name)
			}
			if len(was) > short || len(is) > short {
				more = true
				was, is = cut(was), cut(is)
			}
			out = append(out, Change{Field: name, Was: was, Is: is})
		}
	}
	return out, more
}

// whole says of a record with several fields that it was added or removed.
func whole(c history.Change) (part, what string) {
	if part, gone := strings.CutSuffix(c.Part, ", removed"); gone {
		return part, "removed"
	}
	for _, f := range c.Fields {
		if was, _ := sides(f); was != "" {
			return "", ""
		}
	}
	if len(c.Fields) > 1 {
		return c.Part, "added"
	}
	return "", ""
}

// sides returns a field before and after.
func sides(f history.Field) (was, is string) {
	for _, span := range f.Spans {
		if span.Kind != diff.Added {
			was += span.Text
		}
		if span.Kind != diff.Removed {
			is += span.Text
		}
	}
	return strings.TrimSpace(was), strings.TrimSpace(is)
}

// cut shortens a long text to its beginning.
func cut(s string) string {
	if len(s) <= short {
		return s
	}
	return strings.TrimSpace(strings.ToValidUTF8(s[:short], "")) + "…"
}
