package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// acts returns the lines of the audit trail as a reader sees them.
func (l library) acts(cookie *http.Cookie, query string) []string {
	l.Helper()
	var out []string
	for _, line := range regexp.MustCompile(`(?s)<li tabindex="-1">.*?</li>`).FindAllString(l.get(cookie, "/settings/audit?"+query), -1) {
		text := html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(line, " "))
		_, text, _ = strings.Cut(strings.Join(strings.Fields(text), " "), " ") // the day
		_, text, _ = strings.Cut(text, " ")                                    // the time
		out = append(out, text)
	}
	return out
}

func TestTheAuditTrailReadsAsSentences(t *testing.T) {
	l := open(t)
	admin := l.admin()
	member := l.invite(admin, "member")
	l.post(admin, "/new/blank", url.Values{"title": {"Ledger outage"}})
	base := regexp.MustCompile(`name="base" value="([^"]*)"`)
	edit := func(path, field, value string) {
		t.Helper()
		m := base.FindStringSubmatch(l.get(admin, "/p/1?edit="+path))
		if status, _, page := l.post(admin, "/p/1/part", url.Values{"path": {path}, "base": {m[1]}, field: {value}}); status != http.StatusSeeOther {
			t.Fatalf("editing %s = %d %s", path, status, page)
		}
	}
	edit("owner", "value", "Payments team")
	edit("owner", "value", "Shop team")
	l.post(admin, "/p/1/move", url.Values{"to": {"in-review"}})
	l.post(member, "/new/blank", url.Values{"title": {"Quokka outage"}, "private_reason": {"a security matter"}})
	l.post(admin, "/settings/tokens", url.Values{"name": {"script"}, "scope": {"read"}})
	people := l.get(admin, "/people")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(people)[1]
	l.post(admin, "/people/role", url.Values{"id": {id}, "role": {"reader"}})

	got := l.acts(admin, "")
	for _, want := range []string{
		"Admin changed what Member may do Role member → became reader",
		"Admin made a token that may read",
		"Member began a post-mortem that is not shared with you, or is gone",
		"Admin moved #1 Ledger outage to “in review” State draft → became in review",
		"Admin edited the owner of #1 Ledger outage Owner Payments team → became Shop team",
		"Admin edited the owner of #1 Ledger outage Owner nothing → became Payments team",
		"Admin began #1 Ledger outage",
		"Member made an account with an invitation",
		"Admin made an invitation for a new member",
		"Admin made the first account",
	} {
		if !contains(got, want) {
			t.Errorf("the trail lacks %q:\n%s", want, strings.Join(got, "\n"))
		}
	}
	for _, line := range got {
		if strings.Contains(line, "Quokka") || strings.Contains(line, "security") || strings.Contains(line, "{") {
			t.Errorf("the trail says %q", line)
		}
	}
	filters := []struct{ query, has, hasNot string }{
		{"act=tokens", "Admin made a token that may read", "Admin began #1 Ledger outage"},
		{"act=incident.create", "Admin began #1 Ledger outage", "Admin made a token that may read"},
		{"person=" + id, "Member made an account with an invitation", "Admin began #1 Ledger outage"},
		{"incident=%231", "Admin began #1 Ledger outage", "Admin made a token that may read"},
		{"from=2001-01-01", "Admin began #1 Ledger outage", ""},
		{"to=2001-01-01", "", "Admin began #1 Ledger outage"},
	}
	for _, f := range filters {
		got := l.acts(admin, f.query)
		if f.has != "" && !contains(got, f.has) || f.hasNot != "" && contains(got, f.hasNot) {
			t.Errorf("%s shows %q", f.query, got)
		}
	}
	if page := l.get(admin, "/settings/audit?incident=%232"); !strings.Contains(page, "not shared with you") || len(l.acts(admin, "incident=%232")) > 0 {
		t.Error("asking for what is not shared says something else than that")
	}
	if page := l.get(admin, "/settings/audit?from=soon"); !strings.Contains(page, "Write a day as 2024-03-15.") {
		t.Error("a day that cannot be read is not refused")
	}
}

func TestThoseWhoTakePartReadTheTrailOfAPostMortem(t *testing.T) {
	l := open(t)
	admin := l.admin()
	member, other := l.invite(admin, "member"), l.invite(admin, "reader")
	l.post(member, "/new/blank", url.Values{"title": {"Ledger outage"}})
	if page := l.get(member, "/p/1/audit"); !strings.Contains(page, "began") || strings.Contains(page, "signed in") {
		t.Error("the trail of the post-mortem lacks its beginning, or holds more")
	}
	if !strings.Contains(l.get(member, "/p/1/history"), "/p/1/audit") {
		t.Error("the history does not lead to the trail")
	}
	if w := l.do(other, "GET", "/p/1/audit", nil); w.Code != http.StatusNotFound {
		t.Errorf("the trail of a draft of others = %d, want 404", w.Code)
	}
	for _, status := range []string{"in-review", "approved", "published"} {
		l.post(member, "/p/1/move", url.Values{"to": {status}})
	}
	if w := l.do(other, "GET", "/p/1/audit", nil); w.Code != http.StatusForbidden {
		t.Errorf("the trail of a published one, for a reader = %d, want 403", w.Code)
	}
	if strings.Contains(l.get(other, "/p/1/history"), "/p/1/audit") {
		t.Error("the history leads a reader to what is not for them")
	}
}

func contains(list []string, want string) bool {
	for _, s := range list {
		if strings.HasPrefix(s, want) {
			return true
		}
	}
	return false
}
