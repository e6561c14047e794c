package review

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/web/answer"
	"github.com/hindcast/hindcast/internal/web/form"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// rememberForm is the form on which somebody writes down what they remember.
func (h Handlers) rememberForm(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	return h.rememberAgain(w, r, v, http.StatusOK, &postmortem.Edit{})
}

func (h Handlers) rememberAgain(w http.ResponseWriter, r *http.Request, v hindcast.Viewer, status int, e *postmortem.Edit) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err == nil && d.Part() == "" {
		err = d.May(access.Write) // says why not
	}
	if err != nil {
		return err
	}
	f, err := form.Of(&d.Post, h.Workflow.Policy(), "accounts/new")
	if err != nil {
		return err
	}
	e.Path = f.Path
	labels := map[string]string{"text": "What you remember", "who": "Your role then"}
	for i, x := range f.Fields {
		f.Fields[i].Label = cmp.Or(labels[x.Name], x.Label)
	}
	view := Remembering{Num: d.Num, Title: d.Post.Incident.Title, Asked: d.Account() == workflow.AccountAsked, Withheld: d.Withheld(), Form: f, Edit: e}
	return h.Show(w, r, v, status, "What do you remember?", RememberPage(view))
}

func (h Handlers) remember(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	d, err := h.Workflow.Get(r.Context(), v, r.PathValue("num"))
	if err != nil {
		return err
	}
	f, err := form.Of(&d.Post, h.Workflow.Policy(), "accounts/new")
	if err != nil {
		return err
	}
	again := func(faults ...hindcast.Fault) error {
		return h.rememberAgain(w, r, v, http.StatusUnprocessableEntity, &postmortem.Edit{Values: r.PostForm, Faults: faults})
	}
	c, faults := h.Change(f, r.PostForm)
	if faults != nil {
		return again(faults...)
	}
	var a hindcast.Account
	if err := json.Unmarshal(c.Value, &a); err != nil {
		return again(hindcast.Fault{Message: "cannot be read; write it again"})
	}
	saved, err := h.Review.WriteAccount(r.Context(), v, d.ID, a)
	if hindcast.CodeOf(err) == hindcast.Invalid {
		return again(hindcast.Fault{Message: err.Error()})
	}
	if err != nil {
		return err
	}
	for path := range saved.Tags {
		return answer.Redirect(w, r, h.to(r, "#"+path))
	}
	return answer.Redirect(w, r, h.to(r, ""))
}

// to returns an address of the post-mortem that a request is about.
func (h Handlers) to(r *http.Request, rest string) string { return "/p/" + r.PathValue("num") + rest }

func (h Handlers) declineAccount(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Review.DeclineAccount(r.Context(), v, r.PathValue("num")); err != nil && hindcast.CodeOf(err) != hindcast.Conflict {
		return err // pressed twice is declined once
	}
	return answer.Redirect(w, r, h.to(r, ""))
}

func (h Handlers) askAccounts(w http.ResponseWriter, r *http.Request, v hindcast.Viewer) error {
	if err := h.Review.AskAccounts(r.Context(), v, r.PathValue("num"), r.PostForm["person"]); err != nil {
		return h.again(w, r, v, err, View{})
	}
	return answer.Redirect(w, r, h.to(r, "/review#accounts"))
}

// Account is how it stands with what somebody remembers.
type Account struct {
	review.AccountRequest
	Name string
}

// Discounted is an approval that does not count.
type Discounted struct{ Name, Why string }

// rules fills in what the rules of review say of a post-mortem.
func (h Handlers) rules(r *http.Request, v hindcast.Viewer, d *workflow.Document, view *View) error {
	policy := h.Workflow.Policy().Review
	view.MayManage, view.Shown = d.May(access.Manage) == nil, policy.AccountsShown
	accounts, err := h.Review.Accounts(r.Context(), v, d.ID)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		view.Accounts = append(view.Accounts, Account{a, h.Name(r, v, a.PersonID)})
	}
	for _, p := range d.People {
		if p.Account == "" && p.Role != string(access.Reviewer) {
			view.Unasked = append(view.Unasked, Person{p.PersonID, h.Name(r, v, p.PersonID), p.Role})
		}
	}
	if view.Standing, err = h.Review.Standing(r.Context(), v, d.ID); err != nil {
		return err
	}
	view.Asked = view.Asked || view.Standing.Needed > 0 && d.May(access.Comment) == nil
	for _, id := range view.Standing.Given {
		view.Given = append(view.Given, h.Name(r, v, id))
	}
	for _, x := range view.Standing.Not {
		view.Not = append(view.Not, Discounted{h.Name(r, v, x.PersonID), x.Why})
	}
	return nil
}

// as says as what those take part whose approvals count.
func (v View) as() string {
	if len(v.Standing.Parts) == 0 {
		return ""
	}
	return ", who take part as " + strings.Join(v.Standing.Parts, " or ")
}

// namedName says whom the policy names.
func (v View) namedName(n review.Named) string {
	for _, p := range v.People {
		if p.ID == n.PersonID {
			return p.Name + ", whom the policy names"
		}
	}
	return "Somebody whom the policy names"
}

func list(names []string) string { return strings.Join(names, ", ") }
