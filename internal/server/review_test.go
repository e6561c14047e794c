package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/server"
)

var (
	threadID  = regexp.MustCompile(`id="thread-([0-9a-f-]{36})"`)
	editID    = regexp.MustCompile(`/review/edit/([0-9a-f-]{36})`)
	commentID = regexp.MustCompile(`/review/accept/([0-9a-f-]{36})`)
)

// TestAReviewFromCommentToPublication follows a post-mortem through its pages: a
// comment, a suggested entry that is accepted, a review that is asked for, and then
// what its readers have.
func TestAReviewFromCommentToPublication(t *testing.T) {
	t.Parallel()
	admin := start(t, nil, server.Options{}).admin()
	var d struct {
		ID     string
		Number int
	}
	admin.api("POST", "/incidents", map[string]any{"title": "Mobile API down"}, &d)
	at := func(rest string) string { return fmt.Sprintf("/p/%d%s", d.Number, rest) }
	post := func(path string, form url.Values) (int, string) {
		t.Helper()
		res, body := admin.do("POST", at(path), "application/x-www-form-urlencoded", form.Encode())
		return res.StatusCode, body
	}
	if status, body := post("/review", url.Values{"text": {"COMMENT-MARK: which <service> was it?"}}); status >= 400 {
		t.Fatalf("a comment: %d %s", status, body)
	}
	if status, body := post("/review/suggest", url.Values{"path": {"timeline/new"}, "title": {"Traffic was moved"}, "at": {"2024-03-15T14:50:00"}, "kind": {"action"}, "actor.kind": {"person"}, "why": {"WHY-MARK"}}); status >= 400 {
		t.Fatalf("a suggestion: %d %s", status, body)
	}
	_, page := admin.do("GET", at("/review"), "", "")
	threads, suggested := threadID.FindAllStringSubmatch(page, -1), commentID.FindStringSubmatch(page)
	if len(threads) != 2 || suggested == nil || !strings.Contains(page, "which &lt;service&gt; was it?") || !strings.Contains(page, "Traffic was moved") {
		t.Fatalf("the page lacks what was said: %s", page)
	}
	if status, body := post("/review/edit/"+editID.FindStringSubmatch(page)[1], url.Values{"thread": {threads[0][1]}, "text": {"COMMENT-MARK: which service, @Admin?"}}); status >= 400 {
		t.Fatalf("editing a comment: %d %s", status, body)
	}
	if status, body := post("/review/accept/"+suggested[1], url.Values{"thread": {threads[1][1]}}); status >= 400 {
		t.Fatalf("accepting: %d %s", status, body)
	}
	var got struct {
		Postmortem struct{ Timeline []struct{ Title string } }
	}
	admin.api("GET", "/incidents/"+d.ID, nil, &got)
	if len(got.Postmortem.Timeline) != 1 || got.Postmortem.Timeline[0].Title != "Traffic was moved" {
		t.Fatalf("the timeline is %+v, want the entry", got.Postmortem.Timeline)
	}
	for _, to := range []string{"in-review", "approved", "published"} {
		admin.api("POST", "/incidents/"+d.ID+"/status", map[string]string{"to": to}, nil)
	}
	for _, path := range []string{at(""), at("/export.md"), at("/export.json"), at("/export.html"), at("/read"), "/library", "/feed.atom", "/api/v1/incidents/" + d.ID} {
		if res, body := admin.do("GET", path, "", ""); strings.Contains(body, "COMMENT-MARK") || strings.Contains(body, "WHY-MARK") {
			t.Errorf("%s (%s) shows what was said in the review", path, res.Status)
		}
	}
	if res, page := admin.do("GET", at("/review"), "", ""); res.StatusCode != http.StatusOK || !strings.Contains(page, "COMMENT-MARK: which service, @Admin?") {
		t.Errorf("who takes part does not see the review any more: %s", res.Status)
	}
}
