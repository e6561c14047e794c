package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/web/webtest"
	"github.com/hindcast/hindcast/internal/workflow"
)

// published begins a post-mortem of somebody that is published.
func (l library) published(owner level) *workflow.Document {
	l.Helper()
	m := markedPost(l.T)
	data, err := document.JSON(m.Post)
	if err != nil {
		l.Fatal(err)
	}
	d, _, err := l.Workflow().CreateFromMarkdown(l.Context(), l.viewer(owner), "marked.json", data, workflow.NewIncident{})
	if err != nil {
		l.Fatal(err)
	}
	return d
}

// TestReadersAndTheTeamTalk leaves marks through the forms of the page.
func TestReadersAndTheTeamTalk(t *testing.T) {
	l := open(t)
	admin := l.admin()
	owner := level{name: "owner", cookie: l.invite(admin, "member")}
	reader := l.invite(admin, "reader")
	l.published(owner)
	post := func(cookie *http.Cookie, path string, want int, form url.Values) string {
		t.Helper()
		w := l.do(cookie, "POST", "/p/1/read/"+path, form)
		if w.Code != want {
			t.Fatalf("POST %s = %d %s, want %d", path, w.Code, w.Body, want)
		}
		return w.Body.String()
	}
	post(reader, "thanks", http.StatusSeeOther, url.Values{"on": {"1"}})
	post(reader, "questions", http.StatusSeeOther, url.Values{"text": {"How <script>did</script> it begin?"}})
	if page := post(reader, "questions", http.StatusUnprocessableEntity, url.Values{"text": {" "}}); !strings.Contains(page, "The question is empty") {
		t.Errorf("an empty question is answered by %s", page)
	}
	if page := post(reader, "uses", http.StatusUnprocessableEntity, url.Values{"service": {"billing"}, "note": {""}}); !strings.Contains(page, `value="billing"`) {
		t.Error("the service is gone from the form with an empty note")
	}
	post(reader, "uses", http.StatusSeeOther, url.Values{"service": {"billing"}, "note": {"the same pool"}})
	page := l.do(owner.cookie, "GET", "/p/1/read", nil).Body.String()
	id := regexp.MustCompile(`id="question-([^"]+)"`).FindStringSubmatch(page)
	if id == nil || strings.Contains(page, "<script>did") {
		t.Fatalf("the question is not there, or not as text:\n%s", page)
	}
	post(reader, "answers", http.StatusForbidden, url.Values{"question": {id[1]}, "text": {"By chance"}})
	post(owner.cookie, "answers", http.StatusSeeOther, url.Values{"question": {id[1]}, "text": {"With a rollout."}})
	page = l.do(reader, "GET", "/p/1/read", nil).Body.String()
	for _, want := range []string{"You said thanks", "With a rollout.", "the team", "you asked", "the same pool", "Take it back"} {
		if !strings.Contains(page, want) {
			t.Errorf("the reader does not see %q", want)
		}
	}
	if strings.Contains(page, "/read/answers") || strings.Contains(page, "Withdraw") || strings.Contains(page, "Member") {
		t.Error("the reader gets what is for the team, or is told a name")
	}
	for _, f := range webtest.Faults(page) {
		t.Error(f)
	}
	if shelf := l.do(reader, "GET", "/published?service=Billing", nil).Body.String(); !strings.Contains(shelf, "the same pool") {
		t.Error("the note is not found by its service")
	}
}

// TestWithdrawing takes a publication away, which only a lead may, and not as long
// as it is the present.
func TestWithdrawing(t *testing.T) {
	l := open(t)
	admin := l.admin()
	owner := level{name: "owner", cookie: l.invite(admin, "member")}
	d := l.published(owner)
	reason := url.Values{"reason": {"a number of a customer"}}
	if w := l.do(owner.cookie, "POST", "/p/1/read/withdrawn/1", reason); w.Code != http.StatusConflict {
		t.Errorf("withdrawing what is published now = %d", w.Code)
	}
	if _, err := l.Workflow().Move(t.Context(), l.viewer(owner), d.ID, hindcast.StatusDraft, "to look again"); err != nil {
		t.Fatal(err)
	}
	if w := l.do(admin, "GET", "/p/1", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/p/1/read" {
		t.Errorf("the address of a reopened one = %d to %q, want what readers have", w.Code, w.Header().Get("Location"))
	}
	if w := l.do(admin, "POST", "/p/1/read/withdrawn/1", reason); w.Code != http.StatusNotFound {
		t.Errorf("an admin who takes no part withdraws = %d", w.Code)
	}
	for _, form := range []url.Values{{}, reason} {
		want := map[bool]int{true: http.StatusUnprocessableEntity, false: http.StatusSeeOther}[len(form) == 0]
		if w := l.do(owner.cookie, "POST", "/p/1/read/withdrawn/1", form); w.Code != want {
			t.Errorf("withdrawing for %q = %d, want %d", form.Get("reason"), w.Code, want)
		}
	}
	for _, path := range []string{"/p/1", "/p/1/read", "/p/1/read/1", "/p/1/present", "/p/1/read/1/post-mortem.md"} {
		if w := l.do(admin, "GET", path, nil); w.Code != http.StatusNotFound {
			t.Errorf("GET %s of what is withdrawn = %d", path, w.Code)
		}
	}
}

// TestAudiencesAreCompared looks at what the page of audiences says of a document
// with a secret in it.
func TestAudiencesAreCompared(t *testing.T) {
	l := open(t)
	admin := l.admin()
	owner := level{name: "owner", cookie: l.invite(admin, "member")}
	d, err := l.Workflow().Create(t.Context(), l.viewer(owner), workflow.NewIncident{Title: "Outage", Services: []string{"ledger"}})
	if err != nil {
		t.Fatal(err)
	}
	text := document.Markdown(d.Post)
	text = []byte(strings.Replace(string(text), "## Incident Summary\n", "## Incident Summary\n\nThe ledger refused password=hunter2hunter for help@example.org.\n", 1))
	if _, problems, err := l.Workflow().Replace(t.Context(), l.viewer(owner), d.ID, "p.md", text, 0); err != nil {
		t.Fatal(err, problems)
	}
	page := l.do(owner.cookie, "GET", "/p/1/audiences", nil).Body.String()
	for _, want := range []string{"2 texts look", "sections[0].text", "credential", "email", "customer.pdf", "withheld", "Incident: services"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, never := range []string{"hunter2", "help@example.org"} {
		if strings.Contains(page, never) {
			t.Errorf("the page shows %q", never)
		}
	}
	for _, f := range webtest.Faults(page) {
		t.Error(f)
	}
	w := l.do(owner.cookie, "GET", "/p/1/audiences/customer.md", nil)
	if body := w.Body.String(); w.Code != http.StatusOK || strings.Contains(body, "ledger") || w.Header().Get("Hindcast-Replaced") != "2" {
		t.Errorf("customer.md = %d, %s replaced:\n%s", w.Code, w.Header().Get("Hindcast-Replaced"), body)
	}
	for _, name := range []string{"press.md", "customer.exe", "customer"} {
		if w := l.do(owner.cookie, "GET", "/p/1/audiences/"+name, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s = %d, want 404", name, w.Code)
		}
	}
}
