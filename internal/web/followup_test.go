package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

// action adds an action to a post-mortem of the demo and returns its name in forms.
func (d demo) action(num int, values url.Values) string {
	d.Helper()
	values.Set("path", "actions/new")
	w := d.do("POST", fmt.Sprintf("/p/%d/part", num), values)
	_, path, ok := strings.Cut(w.Header().Get("Location"), "#actions/")
	if w.Code != http.StatusSeeOther || !ok {
		d.Fatalf("adding an action = %d %s", w.Code, w.Body)
	}
	return fmt.Sprintf("%d/%s", num, path)
}

// after follows the answer to a form to the page that it leads to.
func (d demo) after(path string, values url.Values) (page, undo string) {
	d.Helper()
	w := d.do("POST", path, values)
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther {
		d.Fatalf("POST %s %v = %d %s", path, values, w.Code, w.Body)
	}
	page = d.page(to, http.StatusOK)
	if m := regexp.MustCompile(`name="undo" value="([^"]*)"`).FindStringSubmatch(page); m != nil {
		undo = m[1]
	}
	return page, undo
}

// raw sends a body as it is and returns the answer.
func (d demo) raw(method, path, kind, body string) string {
	d.Helper()
	r := httptest.NewRequestWithContext(d.Context(), method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, r)
	return w.Body.String()
}

// TestActionGoesThroughItsStates moves an action without scripts: begun, done,
// verified, and up again.
func TestActionGoesThroughItsStates(t *testing.T) {
	d := start(t)
	name := d.action(3, url.Values{"description": {"Alert on the gateway"}, "owner": {"Checkout team"}, "priority": {"high"}, "done_when": {"a drill pages within 90 s"}})
	at := "/actions/" + name
	page := d.page(at, http.StatusOK)
	if !strings.Contains(page, "within 2-4 weeks") || !strings.Contains(page, "a drill pages within 90 s") || !strings.Contains(page, `<time datetime="20`) {
		t.Error("the page of an action does not say what its priority asks for, how to tell that it worked, and when it is due")
	}
	move := func(values url.Values, status int) string {
		t.Helper()
		values.Set("action", name)
		values.Set("back", at)
		w := d.do("POST", "/actions/change", values)
		if w.Code != status {
			t.Fatalf("%v = %d %s, want %d", values, w.Code, w.Body, status)
		}
		return w.Body.String()
	}
	move(url.Values{"to": {"in-progress"}}, http.StatusSeeOther)
	move(url.Values{"to": {"verified"}, "how": {"seen"}, "by": {"reviewer"}}, http.StatusConflict)
	move(url.Values{"to": {"done"}}, http.StatusSeeOther)
	form := move(url.Values{"to": {"verified"}, "how": {"it paged after 80 s"}, "by": {"checkout team"}}, http.StatusUnprocessableEntity)
	if !strings.Contains(form, "owns this action") || !strings.Contains(form, "it paged after 80 s") {
		t.Error("a verification by the owner is not refused with its reason, or what was written is lost")
	}
	for _, f := range webtest.Faults(form) {
		t.Error(f)
	}
	move(url.Values{"to": {"verified"}, "how": {"it paged after 80 s"}, "by": {"on-call engineer"}}, http.StatusSeeOther)
	if page = d.page(at, http.StatusOK); !strings.Contains(page, "by on-call engineer") || strings.Count(page, "by lead") != 3 {
		t.Error("the page does not say how the action came to be verified")
	}
	move(url.Values{"to": {"in-progress"}}, http.StatusUnprocessableEntity)
	move(url.Values{"to": {"in-progress"}, "reason": {"it did not page in May"}}, http.StatusSeeOther)
	move(url.Values{"to": {"wont-do"}, "reason": {"costly"}}, http.StatusUnprocessableEntity)
	move(url.Values{"to": {"wont-do"}, "reason": {"the gateway is replaced"}, "revisit": {"2099-01-01"}}, http.StatusSeeOther)
	if page = d.page("/actions/decided", http.StatusOK); !strings.Contains(page, "the gateway is replaced") || !strings.Contains(page, "2099-01-01") {
		t.Error("the ledger does not name what was decided against")
	}
}

func TestManyActionsChangeAtOnceAndBack(t *testing.T) {
	d := start(t)
	one := d.action(3, url.Values{"description": {"One of many"}, "owner": {"Bulk team"}})
	two := d.action(3, url.Values{"description": {"Two of many"}, "owner": {"Bulk team"}})
	list := "/actions?team=bulk+team"
	page, undo := d.after("/actions/bulk", url.Values{"action": {one, two}, "owner": {"Other bulk team"}, "due": {"2099-05-01"}, "back": {list}})
	if undo == "" || !strings.Contains(page, "2 actions changed") {
		t.Fatalf("no undo is offered")
	}
	if page = d.page("/actions?team=other+bulk+team", http.StatusOK); strings.Count(page, "2099-05-01") < 2 {
		t.Error("the actions did not change")
	}
	if page, _ = d.after("/actions/undo", url.Values{"undo": {undo}, "back": {list}}); !strings.Contains(page, "One of many") || strings.Contains(page, "2099-05-01") {
		t.Error("the changes were not taken back")
	}
	w := d.do("POST", "/actions/bulk", url.Values{"action": {one, "3/gone"}, "to": {"in-progress"}, "back": {list}})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "1 action stayed as before") || !strings.Contains(w.Body.String(), "1 action changed") {
		t.Errorf("one of two = %d; want told what stayed, and why", w.Code)
	}
	for _, f := range webtest.Faults(w.Body.String()) {
		t.Error(f)
	}
	for values, want := range map[string]int{"owner=x": http.StatusUnprocessableEntity, "action=" + url.QueryEscape(one): http.StatusUnprocessableEntity, "action=" + url.QueryEscape(one) + "&due=soon": http.StatusUnprocessableEntity} {
		sent, err := url.ParseQuery(values)
		if err != nil {
			t.Fatal(err)
		}
		if w := d.do("POST", "/actions/bulk", sent); w.Code != want {
			t.Errorf("%s = %d, want %d", values, w.Code, want)
		}
	}
}

func TestFormsOfActionsLeadBackHereOnly(t *testing.T) {
	d := start(t)
	name := d.action(3, url.Values{"description": {"Leads back"}})
	for _, back := range []string{"https://example.org/actions", "//example.org/actions", "/settings", "/actionsx", "javascript:alert(1)"} {
		w := d.do("POST", "/actions/change", url.Values{"action": {name}, "owner": {"Team " + back}, "back": {back}})
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/actions?undo=") {
			t.Errorf("back to %q leads to %q", back, to)
		}
	}
}

func TestFiltersAreKept(t *testing.T) {
	d := start(t)
	page, _ := d.after("/actions/filters", url.Values{"name": {"Late here"}, "query": {"state=overdue&team=kept"}})
	if !strings.Contains(page, "Forget the filter “Late here”") {
		t.Error("the kept filter is not shown")
	}
	if w := d.do("POST", "/actions/filters", url.Values{"name": {""}, "query": {"state=overdue"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "name the filter") && !strings.Contains(w.Body.String(), "Name the filter") {
		t.Errorf("a filter without a name = %d", w.Code)
	}
	if page, _ = d.after("/actions/filters/rename", url.Values{"name": {"Late here"}, "to": {"Mondays"}}); !strings.Contains(page, "Forget the filter “Mondays”") || strings.Contains(page, "Late here") {
		t.Error("the filter has not its new name alone")
	}
	d.after("/actions/filters", url.Values{"name": {"Late here"}, "query": {"state=done"}})
	if w := d.do("POST", "/actions/filters/rename", url.Values{"name": {"Late here"}, "to": {"Mondays"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "You keep another filter") {
		t.Errorf("to rename a filter like another = %d", w.Code)
	}
	if w := d.do("POST", "/actions/filters/rename", url.Values{"name": {"Nowhere"}, "to": {"Else"}}); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "You keep no filter of the name &#34;Nowhere&#34;.") {
		t.Errorf("to rename a filter that is not there = %d", w.Code)
	}
	if page, _ = d.after("/actions/filters/remove", url.Values{"name": {"Mondays"}}); strings.Contains(page, "Mondays") {
		t.Error("the filter is still there")
	}
}

// TestReviewWalksThrough looks at everything that is left, one after the other, and
// ends.
func TestReviewWalksThrough(t *testing.T) {
	d := start(t)
	for _, what := range []string{"Walk one", "Walk two", "Walk three"} {
		d.action(3, url.Values{"description": {what}, "owner": {"Walk team"}, "due": {"2024-06-01"}})
	}
	page, _ := d.after("/actions/review", url.Values{"team": {"walk team"}})
	at := regexp.MustCompile(`action="(/actions/review/[^"/]+)"`).FindStringSubmatch(page)[1]
	field := func(name string) string {
		return regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)[1]
	}
	for i, values := range []url.Values{{"do": {"kept"}, "note": {"next week"}}, {"do": {"changed"}, "due": {"2099-02-03"}}, {"do": {"in-progress"}}} {
		if want := fmt.Sprintf("%d looked at, %d left", i, 3-i); !strings.Contains(page, want) {
			t.Fatalf("the page does not say %q", want)
		}
		for _, f := range webtest.Faults(page) {
			t.Error(f)
		}
		values.Set("action", field("action"))
		values.Set("base", field("base"))
		page, _ = d.after(at, values)
	}
	if !strings.Contains(page, "Nothing is left") || !strings.Contains(page, "next week") {
		t.Error("at the end the page does not sum up")
	}
	if w := d.do("POST", at, url.Values{"action": {"3/gone"}, "do": {"kept"}}); w.Code != http.StatusNotFound {
		t.Errorf("looking at what is not there = %d", w.Code)
	}
	page, _ = d.after(at+"/end", url.Values{})
	if !strings.Contains(page, "Result") || strings.Contains(page, "End the review") {
		t.Error("the review is not over")
	}
	for _, f := range webtest.Faults(page) {
		t.Error(f)
	}
	if page = d.page("/actions/review", http.StatusOK); !strings.Contains(page, "team walk team") {
		t.Error("the review is not among those so far")
	}
}

// TestFiguresLeadToTheirLists follows every figure to its list, which has as many
// actions as it says.
func TestFiguresLeadToTheirLists(t *testing.T) {
	d := start(t)
	d.action(3, url.Values{"description": {"A figure"}, "owner": {"Figure team"}, "due": {"2024-06-01"}})
	closed := d.action(3, url.Values{"description": {"A closed figure"}, "owner": {"Figure team"}})
	d.after("/actions/change", url.Values{"action": {closed}, "to": {"done"}})
	page := d.page("/actions/figures?team=figure+team", http.StatusOK)
	for _, f := range webtest.Faults(page) {
		t.Error(f)
	}
	if !strings.Contains(page, ">50 %</a>") || !strings.Contains(page, "1 closed of 2") || !strings.Contains(page, `took=0`) {
		t.Error("the figures are not those of the two actions")
	}
	links := regexp.MustCompile(`href="(/actions\?[^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 20 {
		t.Errorf("%d links to lists, want one behind every figure, bar and point", len(links))
	}
	for _, want := range []string{"state=closed", "state=overdue", "took=0"} {
		for _, m := range links {
			address := strings.ReplaceAll(m[1], "&amp;", "&")
			if !strings.Contains(address, want) || !strings.Contains(address, "team=") {
				continue
			}
			if rows := strings.Count(d.page(address, http.StatusOK), `type="checkbox"`); rows != 1 {
				t.Errorf("%s lists %d actions, want 1", address, rows)
			}
			break
		}
	}
	if page = d.page("/actions/figures?team=nobody+at+all", http.StatusOK); !strings.Contains(page, "No action that you may read") {
		t.Error("nothing to count is not said")
	}
}

// TestFiguresOfEachTeam: each team opens to its own curve and weeks, whose points lead
// to actions of that team alone.
func TestFiguresOfEachTeam(t *testing.T) {
	d := start(t)
	closed := d.action(3, url.Values{"description": {"A closed figure"}, "owner": {"Curve team"}})
	d.action(3, url.Values{"description": {"Another figure"}, "owner": {"Other team"}})
	d.after("/actions/change", url.Values{"action": {closed}, "to": {"done"}})
	page := d.page("/actions/figures", http.StatusOK)
	for _, want := range []string{"Curve team: how long, and how many a week", "n = 1, 1 of them carried out; median 0 days", "1 action carried out in 13 weeks", "How long actions of Curve team stay open"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, point := range []string{"took=0", "closed_from="} {
		found := false
		for _, m := range regexp.MustCompile(`href="(/actions\?[^"]*)"`).FindAllStringSubmatch(page, -1) {
			address := strings.ReplaceAll(m[1], "&amp;", "&")
			if !strings.Contains(address, point) || !strings.Contains(address, "state=carried-out") || !strings.Contains(address, "team=Curve+team") {
				continue
			}
			found = true
			if list := d.page(address, http.StatusOK); strings.Contains(list, "Another figure") {
				t.Errorf("%s lists an action of another team", address)
			}
		}
		if !found {
			t.Errorf("no %s of the team leads to a list", point)
		}
	}
}

// again drafts two incidents of a service, the second of which has the cause of the
// first and more actions than get done, and returns their numbers.
func (d demo) again(service string) (first, second string) {
	d.Helper()
	load := func(title, day, actions string) string {
		d.Helper()
		r := d.raw("POST", "/api/v1/imports?name=x.md", "text/markdown", "---\nhindcast: 1\ntitle: "+title+"\nservices: ["+service+"]\nstarted_at: "+day+"T10:00:00Z\nprimary_category: monitoring-gap\n---\n\n# "+title+
			"\n\n## Root Cause Analysis\n\n- Nobody watched the pool <!-- f:pool -->\n  - Category: monitoring gap\n  - Gap: monitoring\n\n## Action Items\n\n"+actions)
		m := regexp.MustCompile(`"number":(\d+)`).FindStringSubmatch(r)
		if m == nil {
			d.Fatalf("importing = %s", r)
		}
		return m[1]
	}
	first = load("The pool ran dry", "2024-03-01", "- Alert on the pool <!-- a:alert -->\n  - Answers: <!-- f:pool -->\n  - Status: done\n")
	return first, load("The pool ran dry again", "2024-04-01", strings.Repeat("- Watch one more pool\n", 6))
}

func TestDraftSaysThatItHappenedBefore(t *testing.T) {
	d := start(t)
	first, second := d.again("echo-service")
	page := d.page("/p/"+second, http.StatusOK)
	if !strings.Contains(page, "This happened before.") || !strings.Contains(page, "nobody has shown that it works") || !strings.Contains(page, `value="#`+first+`"`) {
		t.Error("the draft does not say what the earlier incident led to")
	}
	if !strings.Contains(page, "There are 6 actions to be done.") {
		t.Error("the draft does not say that it has many actions")
	}
	if page = d.page("/actions/"+first+"/alert", http.StatusOK); !strings.Contains(page, "It happened again") || !strings.Contains(page, `href="/p/`+second+`"`) {
		t.Error("the action does not say that it happened again")
	}
	for _, f := range webtest.Faults(page) {
		t.Error(f)
	}
	w := d.do("POST", "/p/"+second+"/part", url.Values{"path": {"related/new"}, "ref": {"#" + first}, "title": {""}, "how": {"the same"}})
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if page = d.page("/p/"+second, http.StatusOK); strings.Contains(page, "Add #"+first+" to the related") {
		t.Error("what is related already is offered again")
	}
}

func TestPriorityProposesTheDay(t *testing.T) {
	d := start(t)
	name := d.action(3, url.Values{"description": {"Without a day"}})
	page, _ := d.after("/actions/change", url.Values{"action": {name}, "priority": {"critical"}, "back": {"/actions/" + name}})
	m := regexp.MustCompile(`name="due" value="([^"]+)">Set`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("no day is proposed")
	}
	if page, _ = d.after("/actions/change", url.Values{"action": {name}, "due": {m[1]}, "back": {"/actions/" + name}}); !strings.Contains(page, `<time datetime="`+m[1]+`">`) || strings.Contains(page, ">Set "+m[1]) {
		t.Error("the proposed day was not set")
	}
	page, _ = d.after("/actions/change", url.Values{"action": {name}, "due": {"2099-01-01"}, "back": {"/actions/" + name}})
	if !strings.Contains(page, "Its priority asks for "+m[1]+" at the latest") {
		t.Error("a day beyond the window of the priority is not remarked on")
	}
}

// TestVerificationNamesItsEvidence chooses a file of the post-mortem.
func TestVerificationNamesItsEvidence(t *testing.T) {
	d := start(t)
	name := d.action(3, url.Values{"description": {"Shown by a file"}})
	d.after("/actions/change", url.Values{"action": {name}, "to": {"done"}})
	page := d.page("/actions/"+name+"?to=verified", http.StatusOK)
	file := regexp.MustCompile(`<option value="([0-9a-f]{64}) ([^"]+)"`).FindStringSubmatch(page)
	if file == nil {
		t.Fatal("no file of the evidence can be chosen")
	}
	page, _ = d.after("/actions/change", url.Values{"action": {name}, "to": {"verified"}, "how": {"the graph stays flat"}, "by": {"reviewer"}, "evidence": {file[1] + " " + file[2]}, "back": {"/actions/" + name}})
	if !strings.Contains(page, `href="/p/3/evidence/`+file[1]+`"`) {
		t.Error("the page does not lead to the evidence")
	}
	d.page("/p/3/evidence/"+file[1], http.StatusOK)
}
