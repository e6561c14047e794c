package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
)

// hooked sends what Slack sends to a hook.
func (r *running) hooked(endpoint string, body []byte, at time.Time, secret string) (int, string) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.url+"/hooks/"+endpoint, bytes.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	req.Header = slacktest.Sign(body, at, secret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }() // it is read
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// TestAChannelOfSlackFromItsAppToTheTimeline connects a double of Slack in the pages,
// links a channel from there, and reads its messages and what was added as entries.
// Another channel is told that the post-mortem was begun.
func TestAChannelOfSlackFromItsAppToTheTimeline(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			space := &slacktest.Workspace{}
			began := time.Now().Add(-30 * time.Minute).Truncate(time.Second)
			say := func(after time.Duration, user, text string, more ...any) {
				space.Say("C0INC", user, slacktest.Stamp(began.Add(after)), text, more...)
			}
			say(0, "U0P", "Triggered #4521: mobile-api answers 500", "bot_id", "B1", "client_msg_id", "")
			say(time.Minute, "U0A", "looking into it")
			say(3*time.Minute, "U0A", "decision: roll back to 2.7.5 rather than wait for a fix")
			say(9*time.Minute, "U0A", "rolled back to 2.7.5, errors are going down")
			say(12*time.Minute, "U0A", "back to normal, closing the incident")
			service := httptest.NewServer(space)
			defer service.Close()
			r, log := listen(t, func(c *config.Config) {
				if db == "postgres" {
					c.DB = postgres.URL(t)
				}
			})
			admin := r.admin()
			form := func(path string, values url.Values) string {
				t.Helper()
				res, page := admin.do("POST", path, "application/x-www-form-urlencoded", values.Encode())
				if res.StatusCode >= 400 {
					t.Fatalf("POST %s: %s %s", path, res.Status, page)
				}
				return page
			}
			page := form("/settings/connections", url.Values{"kind": {"slack"}, "name": {"Our Slack"}, "setting.url": {service.URL}})
			id := regexp.MustCompile(`/hooks/([\w-]+)`).FindStringSubmatch(page)
			if id == nil || !strings.Contains(page, "the app is still to be made") || !strings.Contains(page, "&#34;unfurl_domains&#34;") || !strings.Contains(page, r.url+"/hooks/"+id[1]+"&#34;") {
				t.Fatalf("the page of the connection shows no manifest: %s", page)
			}
			challenge := []byte(`{"type":"url_verification","challenge":"ch4llenge","token":"t"}`)
			if status, _ := r.hooked(id[1], challenge, time.Now(), "sign-of-tests"); status != http.StatusForbidden {
				t.Errorf("before there is a secret: %d, want 403", status)
			}
			form("/settings/connections/"+id[1], url.Values{"name": {"Our Slack"}, "setting.token": {"xoxb-of-tests"}, "setting.secret": {"sign-of-tests"}, "setting.channel": {"C0TOLD"}, "event": {"incident.created"}})
			if page := form("/settings/connections/"+id[1]+"/test", nil); !strings.Contains(page, "The app is @hindcast in the workspace Example.") {
				t.Errorf("the test does not say what the token sees: %s", page)
			}
			for name, tt := range map[string]struct {
				at     time.Time
				secret string
				status int
				answer string
			}{"genuine": {time.Now(), "sign-of-tests", 200, "ch4llenge"}, "old": {time.Now().Add(-time.Hour), "sign-of-tests", 403, ""}, "made up": {time.Now(), "another", 403, ""}} {
				if status, answer := r.hooked(id[1], challenge, tt.at, tt.secret); status != tt.status || tt.answer != "" && answer != tt.answer {
					t.Errorf("%s challenge: %d %s, want %d", name, status, answer, tt.status)
				}
			}

			var d struct {
				ID     string
				Number int
			}
			admin.api("POST", "/incidents", map[string]string{"title": "Quokka outage"}, &d)
			trigger := 0
			command := func(text string) string {
				t.Helper()
				trigger++
				status, answer := r.hooked(id[1], slacktest.Command("C0INC", "U0A", fmt.Sprint(trigger), text), time.Now(), "sign-of-tests")
				var said struct{ Text string }
				if err := json.Unmarshal([]byte(answer), &said); err != nil || status != http.StatusOK || strings.Contains(answer, "Quokka") {
					t.Fatalf("%s: %d %s", text, status, answer)
				}
				return said.Text
			}
			_, link, _ := strings.Cut(command("link 1"), r.url)
			if _, page := admin.do("GET", link, "", ""); !strings.Contains(page, "Link #inc-4521 of Our Slack?") {
				t.Fatalf("no link to confirm: %s", page)
			}
			other := admin.invited("member@example.org", "member")
			if res, page := other.do("GET", link, "", ""); res.StatusCode != http.StatusNotFound || strings.Contains(page, "inc-4521") {
				t.Errorf("who takes no part: %s", res.Status)
			}
			code, err := url.QueryUnescape(link[strings.Index(link, "=")+1:])
			if err != nil {
				t.Fatal(err)
			}
			form("/p/1/channels", url.Values{"code": {code}})
			command("add the cache was warmed by hand")
			var got struct {
				Postmortem struct {
					Timeline []struct {
						Title, Kind string
						Key         bool
						Actor       struct{ Name string }
					}
				}
			}
			want := []string{"decision on-call engineer: decision: roll back to 2.7.5 rather than wait for a fix", "action on-call engineer: the cache was warmed by hand"}
			for deadline := time.Now().Add(60 * time.Second); ; {
				admin.api("GET", "/incidents/"+d.ID, nil, &got)
				var lines []string
				for _, e := range got.Postmortem.Timeline {
					if e.Key {
						lines = append(lines, e.Kind+" "+e.Actor.Name+": "+e.Title)
					}
				}
				all := strings.Join(lines, "\n")
				if strings.Contains(all, want[0]) && strings.Contains(all, want[1]) {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("entries:\n%s\nwant %q among them", all, want)
				}
			}
			if _, page := admin.do("GET", "/p/1/channels", "", ""); !strings.Contains(page, "#inc-4521") || !strings.Contains(page, "Read again") {
				t.Errorf("the channel is not listed: %s", page)
			}

			// That it was begun was told once, without the title of a draft.
			told := space.Posted()
			if len(told) != 1 || told[0].Get("channel") != "C0TOLD" || !strings.Contains(told[0].Get("text"), "|Post-mortem #1 was begun>") || strings.Contains(told[0].Get("text"), "Quokka") {
				t.Errorf("told %v, want once that it was begun", told)
			}
			if strings.Contains(log.String()+page, "xoxb-of-tests") || strings.Contains(log.String(), "sign-of-tests") {
				t.Error("a secret is logged or shown")
			}
		})
	}
}
