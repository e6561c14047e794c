package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var newRecord = regexp.MustCompile(`name="new" value="([a-z2-7]{12})"`)

// TestAFormOfANewRecordComesTwice sends it as somebody who presses twice does, and as
// one who goes back and writes another.
func TestAFormOfANewRecordComesTwice(t *testing.T) {
	l := open(t)
	admin := l.admin()
	_, post, _ := l.post(admin, "/new/blank", url.Values{"title": {"Ledger outage"}})
	id := newRecord.FindStringSubmatch(l.get(admin, post+"?edit=actions%2Fnew"))
	if id == nil {
		t.Fatal("the form names no record")
	}
	form := url.Values{"path": {"actions/new"}, "new": {id[1]}, "base": {""}, "description": {"Add an alert"}, "status": {"open"}}
	for range 2 {
		if status, to, page := l.post(admin, post+"/part", form); status != http.StatusSeeOther || !strings.HasSuffix(to, "#actions/"+id[1]) {
			t.Fatalf("adding = %d %s %s", status, to, page)
		}
	}
	form.Set("description", "Rehearse the failover")
	if status, to, _ := l.post(admin, post+"/part", form); status != http.StatusSeeOther || strings.Contains(to, id[1]) {
		t.Errorf("adding another = %d %s", status, to)
	}
	form.Set("new", "../x")
	form.Set("description", "Name an owner")
	l.post(admin, post+"/part", form)
	page := l.get(admin, post+"/export.md")
	for _, want := range []string{"Add an alert", "Rehearse the failover", "Name an owner"} {
		if n := strings.Count(page, want); n != 1 {
			t.Errorf("%q is there %d times", want, n)
		}
	}
}

var unseenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// unseenFields returns the hidden fields of a page.
func unseenFields(page string) url.Values {
	out := url.Values{}
	for _, m := range unseenField.FindAllStringSubmatch(page, -1) {
		out.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return out
}

// TestWhatIsSentAfterTheSessionEndedIsKept signs in again between writing and sending,
// without scripts, at the second attempt.
func TestWhatIsSentAfterTheSessionEndedIsKept(t *testing.T) {
	l := open(t)
	admin := l.admin()
	_, post, _ := l.post(admin, "/new/blank", url.Values{"title": {"Ledger outage"}})
	status, _, page := l.post(nil, post+"/part", url.Values{"path": {"owner"}, "base": {""}, "value": {`Team "A" <b>`}})
	if status != http.StatusUnauthorized || !strings.Contains(page, "not lost") {
		t.Fatalf("sending without a session = %d %s", status, page)
	}
	for _, password := range []string{"a wrong password", "a long enough password"} {
		form := unseenFields(page)
		form.Set("email", "admin@example.org")
		form.Set("password", password)
		_, _, page = l.post(nil, "/sign-in", form)
	}
	if !strings.Contains(page, `action="`+post+`/part"`) || strings.Contains(page, "a long enough password") {
		t.Fatalf("after signing in: %s", page)
	}
	if status, _, page := l.post(admin, post+"/part", unseenFields(page)); status != http.StatusSeeOther {
		t.Fatalf("sending it then = %d %s", status, page)
	}
	if page := l.get(admin, post); !strings.Contains(page, html.EscapeString(`Team "A" <b>`)) {
		t.Error("what was written is not there")
	}
	if _, _, page := l.post(nil, "/settings/connections", url.Values{"kind": {"github"}, "setting.token": {"t0ken"}}); strings.Contains(page, "t0ken") {
		t.Error("a credential is kept on the page")
	}
	form := url.Values{"email": {"admin@example.org"}, "password": {"a long enough password"}, "to": {"https://elsewhere.example.net/"}, "kept.value": {"x"}}
	if _, _, page := l.post(nil, "/sign-in", form); strings.Contains(page, "elsewhere.example.net") {
		t.Error("a kept form goes elsewhere")
	}
}
