package server_test

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/workflow/letter"
)

// mailing is a server with mail, whose clock the test moves.
type mailing struct {
	*running
	post  *emailtest.Server
	taken chan struct{}
	ahead atomic.Int64
}

func startMailing(t *testing.T) *mailing {
	t.Helper()
	m := &mailing{post: emailtest.Start(t, "starttls"), taken: make(chan struct{}, 10)}
	m.post.Arrived(func() { m.taken <- struct{}{} })
	s := m.post.SignedIn()
	m.running, _ = listenAs(t, func(c *config.Config) {
		c.SMTP = config.SMTP{Addr: s.Addr, User: s.User, Password: s.Password.Reveal(), From: s.From, TLS: s.TLS}
	}, server.Options{Roots: s.Roots, Now: func() time.Time { return time.Now().Add(time.Duration(m.ahead.Load())) }})
	return m
}

// next returns the text of the next mail, and to whom it went.
func (m *mailing) next() (to, text string) {
	m.Helper()
	select {
	case <-m.taken:
	case <-m.Context().Done():
		m.Fatal("no mail came")
	}
	all := m.post.Taken()
	last := all[len(all)-1]
	raw, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(last.Text)))
	if err != nil {
		m.Fatal(err)
	}
	return last.To[0], string(raw)
}

// TestMailOfANotice follows a notice from a page into a mail, and its reader out of
// it by one click.
func TestMailOfANotice(t *testing.T) {
	t.Parallel()
	m := startMailing(t)
	admin := m.admin()
	member := admin.invited("member@example.org", "member")
	var me struct{ ID string }
	member.api("GET", "/me", nil, &me)
	var d struct{ ID string }
	share := func(title string) {
		t.Helper()
		admin.api("POST", "/incidents", map[string]any{"title": title}, &d)
		admin.api("PUT", "/incidents/"+d.ID+"/participants/"+me.ID, map[string]any{"part": "reviewer"}, nil)
		m.ahead.Add(int64(letter.Gather))
	}
	share("Mobile API down")
	to, text := m.next()
	if to != "member@example.org" || !strings.Contains(text, "You take part in #1 as reviewer - Mobile API down") || !strings.Contains(text, m.url+"/p/1\r\n") {
		t.Fatalf("to %s came %s", to, text)
	}
	link := regexp.MustCompile(`List-Unsubscribe: <` + regexp.QuoteMeta(m.url) + `([^>]+)>`).FindStringSubmatch(text)
	if link == nil {
		t.Fatalf("there is no way out in %s", text)
	}
	nobody := m.browser()
	way := func() string {
		t.Helper()
		var c struct{ Ways map[string]string }
		member.api("GET", "/me/notifications", nil, &c)
		return c.Ways["shared"]
	}
	if res, page := nobody.do("GET", link[1], "", ""); res.StatusCode != http.StatusOK || !strings.Contains(page, "Stop this mail?") || !strings.Contains(page, "You were added to a post-mortem") || way() != "mail" {
		t.Errorf("looking at the link = %s, and it comes by %s: %s", res.Status, way(), page)
	}
	oneClick := func(body string) {
		t.Helper()
		if res, page := nobody.do("POST", link[1], "application/x-www-form-urlencoded", body); res.StatusCode != http.StatusOK {
			t.Errorf("one click = %s %s", res.Status, page)
		}
	}
	if oneClick("List-Unsubscribe=One-Click"); way() != "inbox" {
		t.Errorf("after one click it comes by %s", way())
	}
	if oneClick("resume=1"); way() != "mail" {
		t.Errorf("after it was let come again it comes by %s", way())
	}
	if res, _ := nobody.do("POST", "/unsubscribe/nothing", "application/x-www-form-urlencoded", ""); res.StatusCode != http.StatusNotFound {
		t.Errorf("a link that is none = %s", res.Status)
	}
	share("Ledger outage")
	if _, text := m.next(); !strings.Contains(text, "#2") {
		t.Errorf("then comes %s", text)
	}
}

// TestPreferencesOnThePageAndByPrograms chooses on the page and reads it by the
// client, and the other way around.
func TestPreferencesOnThePageAndByPrograms(t *testing.T) {
	m := startMailing(t)
	admin := m.admin()
	form := url.Values{"way.review": {"off"}, "way.moved": {"digest"}, "digest": {"weekly"}, "day": {"5"}, "hour": {"7"}, "actions": {"1"}, "quiet": {"1"}, "from": {"19"}, "to": {"7"}, "days-off": {"1"}, "except.due": {"1"}, "zone": {"Europe/Berlin"}}
	if res, page := admin.do("POST", "/inbox/preferences", "application/x-www-form-urlencoded", form.Encode()); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving = %s %s", res.Status, page)
	}
	var token struct{ Secret string }
	admin.api("POST", "/me/tokens", map[string]any{"name": "t", "scopes": []string{"write"}}, &token)
	c, err := client.New(m.url, token.Secret)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Notifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got.Ways["review"] != "off" || got.Ways["moved"] != "digest" || got.Ways["mention"] != "mail" || !got.Weekly || got.Day != time.Friday || got.Hour != 7 || !got.Actions ||
		fmt.Sprint(got.Quiet) != "{19 7 true [due]}" || got.Zone != "Europe/Berlin" {
		t.Errorf("chosen on the page: %+v", got)
	}
	got.Ways["review"], got.Quiet.From, got.Hour = "mail", 20, 9
	if got, err = c.SetNotifications(t.Context(), got); err != nil || got.Hour != 9 {
		t.Errorf("SetNotifications = %+v, %v", got, err)
	}
	_, page := admin.do("GET", "/inbox/preferences", "", "")
	for _, want := range []string{`<option value="20" selected>20:00</option>`, `<option value="9" selected>09:00</option>`, `value="Europe/Berlin" list="zones"`, "Mail goes to"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	form.Set("zone", "Middle/Earth")
	if res, page := admin.do("POST", "/inbox/preferences", "application/x-www-form-urlencoded", form.Encode()); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "Middle/Earth") {
		t.Errorf("a zone that there is not = %s", res.Status)
	}
}

func TestSettingsOfMail(t *testing.T) {
	t.Parallel()
	m := startMailing(t)
	admin := m.admin()
	if _, page := admin.do("GET", "/settings/mail", "", ""); !strings.Contains(page, m.post.Addr) || !strings.Contains(page, "Every letter arrived") || strings.Contains(page, emailtest.Password) {
		t.Errorf("the page is %s", page)
	}
	if _, page := admin.do("POST", "/settings/mail/test", "application/x-www-form-urlencoded", ""); !strings.Contains(page, "the mail server took it") {
		t.Errorf("the test says %s", page)
	}
	if _, text := m.next(); !strings.Contains(text, "Test letter from Hindcast") || strings.Contains(text, "List-Unsubscribe") {
		t.Errorf("the test letter is %s", text)
	}
	if _, figures := m.browser().do("GET", "/metrics", "", ""); !strings.Contains(figures, `hindcast_letters{state="failed"} 0`) {
		t.Error("the figures do not tell of letters")
	}
	member := admin.invited("member@example.org", "member")
	for _, p := range [][2]string{{"GET", "/settings/mail"}, {"POST", "/settings/mail/test"}, {"POST", "/settings/mail/retry"}, {"GET", "/api/v1/mail"}, {"POST", "/api/v1/mail/test"}, {"POST", "/api/v1/mail/x/retry"}} {
		if res, _ := member.do(p[0], p[1], "application/x-www-form-urlencoded", ""); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s by who is no admin = %s", p[0], p[1], res.Status)
		}
	}
}
