package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

// disagreeing is a document in which two sources tell one acknowledgment.
const disagreeing = `---
hindcast: 1
title: Pager and chat disagree
started_at: 2024-03-15T14:00:00Z
resolved_at: 2024-03-15T14:10:00Z
---
# Pager and chat disagree

## Timeline

- **14:00:00** It got slow — *symptom* <!-- e:slow -->
- **14:01:30** Acknowledged number 12 — *acknowledge by Engineer A (person)* <!-- e:pager -->
  - Evidence: ` + "`pager.json:3`" + `
- **14:02:30** Acknowledged number 12 — *acknowledge by Engineer A (person)* <!-- e:chat -->
  - Evidence: ` + "`chat.json:9`" + `
`

// fields returns what the hidden inputs of the form around a button say.
func fields(t *testing.T, page, do string) url.Values {
	t.Helper()
	out := url.Values{"do": {do}}
	for form := range strings.SplitSeq(page, "<form") {
		form, _, _ = strings.Cut(form, "</form>")
		if !strings.Contains(form, `name="do" value="`+do+`"`) {
			continue
		}
		for _, m := range hidden.FindAllStringSubmatch(form, -1) {
			out.Add(m[1], html.UnescapeString(m[2]))
		}
		return out
	}
	t.Fatalf("no form to %s in\n%s", do, page)
	return nil
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)"`)

func TestOneOfTwoSourcesIsBelieved(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", disagreeing)
	post := strings.TrimSuffix(w.Header().Get("Location"), "/imported")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(post, "/p/") {
		t.Fatalf("importing = %d to %q %s", w.Code, post, w.Body)
	}
	at := post + "/integrity"
	page := func() string { return d.do("GET", at, nil).Body.String() }
	send := func(form url.Values) (status int, to, body string) {
		w := d.do("POST", at, form)
		return w.Code, w.Header().Get("Location"), w.Body.String()
	}
	first := page()
	if faults := webtest.Faults(first); len(faults) > 0 {
		t.Errorf("the page: %s", faults)
	}
	if !strings.Contains(first, "pager.json has “Acknowledged number 12” at 14:01:30") {
		t.Error("the page does not say what disagrees, with the name of the file as it is")
	}
	form := fields(t, first, "believe")
	with := func(believed, why string) url.Values {
		form.Set("believed", believed)
		form.Set("why", why)
		return form
	}
	for name, sent := range map[string]url.Values{"without a reason": with("pager", " "), "of nothing": {"do": {"doubt"}, "entry": {"gone"}, "base": {""}}, "without a choice": {"do": {"believe"}, "entry": form["entry"], "base": form["base"]}} {
		if status, _, body := send(sent); status != http.StatusUnprocessableEntity || !strings.Contains(body, `role="alert"`) {
			t.Errorf("believing %s = %d, want 422 and what is wrong", name, status)
		}
	}
	status, to, _ := send(with("pager", "The pager records it itself"))
	if status != http.StatusSeeOther {
		t.Fatalf("believing the pager = %d", status)
	}
	after := d.do("GET", to, nil).Body.String()
	if strings.Contains(after, `value="believe"`) || !strings.Contains(after, "The pager records it itself") || len(webtest.Faults(after)) > 0 {
		t.Errorf("after believing one the page says\n%s", after)
	}

	status, _, body := send(with("chat", "The clock of the pager is off"))
	if status != http.StatusConflict || !strings.Contains(body, "The pager records it itself") || !strings.Contains(body, "somebody changed") && !strings.Contains(body, "Somebody changed") {
		t.Errorf("believing the other from what is stale = %d %s", status, body)
	}
	if status, _, _ := send(fields(t, page(), "doubt")); status != http.StatusSeeOther {
		t.Fatalf("taking it back = %d", status)
	}
	fields(t, page(), "believe")
}

func TestWhatIsBelievedIsUndone(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", strings.ReplaceAll(disagreeing, "disagree", "differ"))
	post := strings.TrimSuffix(w.Header().Get("Location"), "/imported")
	do := func(path string, form url.Values) string {
		w := d.do("POST", post+path, form)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s = %d %s", path, w.Code, w.Body)
		}
		return w.Header().Get("Location")
	}
	form := fields(t, d.do("GET", post+"/integrity", nil).Body.String(), "believe")
	form.Set("believed", "chat")
	form.Set("why", "The clock of the pager is off")
	_, saved, _ := strings.Cut(do("/integrity", form), "saved=")
	if back := do("/undo", url.Values{"revision": {saved}, "back": {"integrity"}}); back != post+"/integrity" {
		t.Errorf("undo leads to %s, want the page it was asked on", back)
	}
	fields(t, d.do("GET", post+"/integrity", nil).Body.String(), "believe")
}

// wrongClock is a document in which the clock of a file seems to be wrong.
const wrongClock = `---
hindcast: 1
title: A clock was ahead
started_at: 2024-03-15T14:00:00Z
resolved_at: 2024-03-15T14:10:00Z
---
# A clock was ahead

## Timeline

- **14:00:00** It got slow — *symptom* <!-- e:slow -->
- **14:05:30** The pool was exhausted — *symptom* <!-- e:pool -->
  - Evidence: ` + "`app.log:3`" + `

## Evidence

### Clocks

- ` + "`app.log`" + `
  - Ahead by: 120 s
  - Against: chat.json
  - Why: the same request is in both logs
`

// TestACorrectedClockIsUndone accepts that a clock was wrong, takes it back from
// the page that offers to, and finds both in the history.
func TestACorrectedClockIsUndone(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", wrongClock)
	post := strings.TrimSuffix(w.Header().Get("Location"), "/imported")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("importing = %d %s", w.Code, w.Body)
	}
	get := func(path string) string { return d.do("GET", path, nil).Body.String() }
	at := func() string {
		_, after, _ := strings.Cut(get(post+"/integrity"), "#timeline/pool\">")
		clock, _, _ := strings.Cut(after, " ")
		return clock
	}
	if got := at(); got != "14:05:30" {
		t.Fatalf("the entry is at %q, want 14:05:30", got)
	}
	done := d.do("POST", post+"/integrity", url.Values{"file": {"app.log"}})
	if got := at(); got != "14:03:30" {
		t.Fatalf("after accepting, %d, the entry is at %q, want 14:03:30", done.Code, got)
	}
	page := get(done.Header().Get("Location"))
	for _, want := range []string{"The times of app.log were corrected.", `name="withdraw" value="1">Undo`} {
		if !strings.Contains(page, want) {
			t.Fatalf("the page lacks %q:\n%s", want, page)
		}
	}
	if faults := webtest.Faults(page); len(faults) > 0 {
		t.Errorf("the page: %s", faults)
	}
	undone := d.do("POST", post+"/integrity", url.Values{"file": {"app.log"}, "withdraw": {"1"}})
	if page := get(undone.Header().Get("Location")); !strings.Contains(page, "The times of app.log are as its clock said.") {
		t.Errorf("the page does not tell of the undo:\n%s", page)
	}
	if got := at(); got != "14:05:30" {
		t.Errorf("after the undo the entry is at %q, want 14:05:30", got)
	}
	if again := get(post + "/integrity"); !strings.Contains(again, "correct its times") {
		t.Errorf("after the undo the clock is not proposed again:\n%s", again)
	}
	if history := get(post + "/history"); !strings.Contains(history, "the clock of app.log was wrong") || !strings.Contains(history, "the clock of app.log was right") {
		t.Errorf("the history does not tell of both decisions:\n%s", history)
	}
}
