package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

// accountShown finds what is remembered, also where what was searched for is marked.
var accountShown = regexp.MustCompile(`a (<mark>|«)?xylophone`)

// remembering is a draft in which somebody remembers a xylophone, with who leads it
// and with a participant.
func remembering(t *testing.T) (l library, owner, member level, id string) {
	l = open(t)
	admin := l.admin()
	owner, member = level{name: "owner", cookie: admin}, level{name: "member", cookie: l.invite(admin, "member")}
	v := l.viewer(owner)
	d, err := l.Workflow().Create(t.Context(), v, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Workflow().Share(t.Context(), v, d.ID, l.viewer(member).PersonID, access.Participant); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"a xylophone", "a xylophone, I think"} {
		c := []part.Change{{Path: "accounts/c1", Value: workflow.JSON(hindcast.Account{Who: "on-call engineer", Text: text})}}
		if _, err := l.Workflow().Edit(t.Context(), v, d.ID, c, ""); err != nil {
			t.Fatal(err)
		}
	}
	return l, owner, member, d.ID
}

// TestWhoIsAskedComesAcrossNoAccountOfOthers asks somebody for what they remember,
// who then asks for every page and every answer of the API.
func TestWhoIsAskedComesAcrossNoAccountOfOthers(t *testing.T) {
	t.Parallel()
	l, owner, member, id := remembering(t)
	walk := l.everyAddress(owner, []string{id, "c1", "summary"}, nil)
	finds := func(who level) (found []string) {
		for _, path := range walk {
			for _, q := range []string{"", "?q=xylophone", "?edit=accounts/c1&checks=1&path=accounts/c1", "?at=2031-01-01T00:00:00Z", "?whole=1", "?since=0"} {
				if _, body := l.ask(who, path+q); accountShown.MatchString(body) {
					found = append(found, path+q)
				}
			}
		}
		return found
	}
	before := finds(member)
	for _, path := range []string{"/p/1", "/p/1/export.md", "/p/1/history/2", "/p/1/history/2?whole=1", "/p/1/history/2?since=0", "/api/v1/incidents/1", "/api/v1/incidents/1/markdown", "/library?q=xylophone"} {
		if !slices.Contains(before, path) {
			t.Errorf("%s does not show what is remembered; the walk does not see it", path)
		}
	}
	if status, _, body := l.post(owner.cookie, "/p/1/account/ask", url.Values{"person": {l.viewer(member).PersonID}}); status != http.StatusSeeOther {
		t.Fatalf("asking = %d %s", status, body)
	}
	l.ask(owner, "/p/1") // what is kept of the page for who leads is not for who is asked
	if found := finds(member); len(found) > 0 {
		t.Errorf("who is asked finds what others remember by %q", found)
	}
	if found := finds(owner); !slices.Contains(found, "/p/1") {
		t.Error("who leads does not see it")
	}
	page := l.get(member.cookie, "/p/1")
	for _, want := range []string{"What do you remember?", "1 account of somebody else is here already", `action="/p/1/account/decline"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestAnAccountIsWrittenOrDeclined(t *testing.T) {
	l, owner, member, _ := remembering(t)
	asked := url.Values{"person": {l.viewer(member).PersonID}}
	l.post(owner.cookie, "/p/1/account/ask", asked)
	status, _, page := l.post(member.cookie, "/p/1/account", url.Values{"path": {"accounts/new"}, "text": {"I saw the queue grow."}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "I saw the queue grow.") || strings.Contains(page, "xylophone") {
		t.Errorf("an account of nobody = %d %s, want 422 with what was written", status, page)
	}
	status, to, page := l.post(member.cookie, "/p/1/account", url.Values{"path": {"accounts/new"}, "text": {"I saw the queue grow."}, "who": {"database engineer"}})
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/p/1#accounts/") {
		t.Fatalf("an account = %d to %s %s", status, to, page)
	}
	if page := l.get(member.cookie, "/p/1"); !strings.Contains(page, "a xylophone") || !strings.Contains(page, "I saw the queue grow.") || strings.Contains(page, "asked-account") {
		t.Error("the page does not show both accounts, or asks again")
	}

	l, owner, member, _ = remembering(t)
	l.post(owner.cookie, "/p/1/account/ask", url.Values{"person": {l.viewer(member).PersonID}})
	for range 2 { // pressed twice
		if status, to, page := l.post(member.cookie, "/p/1/account/decline", url.Values{}); status != http.StatusSeeOther || to != "/p/1" {
			t.Fatalf("declining = %d to %s %s", status, to, page)
		}
	}
	if page := l.get(member.cookie, "/p/1"); !strings.Contains(page, "a xylophone") {
		t.Error("who declined does not see what others remember")
	}
	if page := l.get(owner.cookie, "/p/1/review"); !strings.Contains(page, "nothing to add") {
		t.Error("who leads does not see that they declined")
	}
}
