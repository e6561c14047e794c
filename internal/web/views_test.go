package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAViewOfTheLibraryIsKeptAndRemoved(t *testing.T) {
	l := open(t)
	admin := l.admin()
	reader := l.invite(admin, "reader")
	const asked = "/library?severity=1&status=published"
	if page := l.get(reader, asked); !strings.Contains(page, "Keep this view") {
		t.Error("a filtered list does not offer to keep the view")
	}
	if strings.Contains(l.get(reader, "/library"), "Keep this view") {
		t.Error("a list without filters offers to keep the view")
	}
	status, to, _ := l.post(reader, "/library/views", url.Values{"name": {"Worst"}, "query": {"status=published&severity=1&after=x"}})
	if status != http.StatusSeeOther || to != asked {
		t.Fatalf("keeping = %d to %q, want 303 to %q", status, to, asked)
	}
	page := l.get(reader, to)
	for _, part := range []string{`aria-label="Your views"`, `href="/library?severity=1&amp;status=published"`, "aria-current", "Remove the view “Worst”"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	if strings.Contains(l.get(admin, asked), "Worst") {
		t.Error("the view is shown to others")
	}
	if status, _, page := l.post(reader, "/library/views", url.Values{"name": {" "}, "query": {"severity=2"}}); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Name the view") {
		t.Errorf("a view without a name = %d, want 422 that says so", status)
	}
	if _, to, _ = l.post(reader, "/library/views/remove", url.Values{"name": {"Worst"}}); strings.Contains(l.get(reader, to), "Worst") {
		t.Error("the view was not removed")
	}
}
