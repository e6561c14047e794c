package slack_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/slack"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// settings are those of a connection; more are pairs of names and values.
func settings(base, token string, more ...string) connector.Settings {
	s := connector.Settings{"url": secret.New(base), "token": secret.New(token), "secret": secret.New("sign"), "channel": secret.New("C0TOLD"), "channels": secret.New("C0OPS C0INC")}
	for i := 0; i+1 < len(more); i += 2 {
		s[more[i]] = secret.New(more[i+1])
	}
	return s
}

func workspace(t *testing.T, base string, more ...string) *slack.Workspace {
	t.Helper()
	v, err := slack.Vendor().Open(settings(base, "xoxb-test-token", more...), connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: 1, Limits: outhttp.Limits{AtOnce: 4, Every: time.Millisecond, Burst: 200}})})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*slack.Workspace)
}

// at is a moment of the incident as Slack writes it.
func at(minute, second int) string {
	return slacktest.Stamp(time.Date(2024, 3, 15, 14, minute, second, 100_000, time.UTC))
}

// talk is what was said during an incident, or so much later.
func talk(later time.Duration) *slacktest.Workspace {
	at := func(minute, second int) string {
		return slacktest.Stamp(time.Date(2024, 3, 15, 14, minute, second, 100_000, time.UTC).Add(later))
	}
	w := &slacktest.Workspace{}
	w.Say("C0INC", "U0A", at(40, 1), "mobile-api answers 500 since the deploy")
	w.Say("C0INC", "U0B", at(41, 2), "I take it", "thread_ts", at(41, 2), "reply_count", 2)
	w.Say("C0INC", "U0A", at(42, 3), "thanks", "thread_ts", at(41, 2))
	w.Say("C0INC", "U0B", at(43, 4), "rolling back to 2.7.5", "thread_ts", at(41, 2))
	w.Say("C0INC", "U0B", at(44, 5), "errors fall", "reactions", []any{map[string]any{"name": "pushpin", "count": 1}})
	w.Say("C0OPS", "U0A", at(45, 6), "deploys are frozen")
	return w
}

var window = connector.Window{From: time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC), To: time.Date(2024, 3, 15, 16, 0, 0, 0, time.UTC)}

func TestSourceConformance(t *testing.T) {
	d := talk(time.Unix(1773583200, 0).Sub(window.From)) // the suite asks for another day
	connectortest.Source(t, connectortest.Service{Open: opener, Answer: d.ServeHTTP, Refuse: refuse, Pages: 5})
}

func TestTalkerConformance(t *testing.T) {
	d := talk(0)
	connectortest.Talker(t, connectortest.Service{Open: opener, Answer: d.ServeHTTP, Refuse: refuse}, "C0INC", at(44, 5), "U0A")
}

func opener(base string, d connector.Deps, credential string) (any, error) {
	return slack.Vendor().Open(settings(base, credential), d)
}

func refuse(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintf(w, `{"ok":false,"error":"token_expired","said":%q}`, r.Header.Get("Authorization"))
}

func TestAnnouncerConformance(t *testing.T) {
	id := regexp.MustCompile(`"id":"([^"]+)"`)
	connectortest.Announcer(t, connectortest.Service{Open: opener, Refuse: refuse,
		Answer: func(w http.ResponseWriter, r *http.Request) { (&slacktest.Workspace{}).ServeHTTP(w, r) },
		Key: func(_ *http.Request, body []byte) string {
			form, err := url.ParseQuery(string(body))
			if m := id.FindStringSubmatch(form.Get("metadata")); err == nil && m != nil {
				return m[1]
			}
			return ""
		}})
}

// fetch reads everything, each page by a workspace that was opened anew, as after a
// crash.
func fetch(t *testing.T, base string, w connector.Window, more ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for after := ""; ; {
		b, err := workspace(t, base, more...).Fetch(t.Context(), w, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range b.Files {
			if out[f.Name] != "" {
				t.Errorf("%s comes twice", f.Name)
			}
			out[f.Name] = string(f.Body)
		}
		if after = b.Next; after == "" {
			return out
		}
	}
}

func TestMessagesOfAChannel(t *testing.T) {
	s := httptest.NewServer(talk(0))
	defer s.Close()
	w := window
	w.Query = "C0INC"
	var got []string
	for name, body := range fetch(t, s.URL, w) {
		var list []map[string]any
		if err := json.Unmarshal([]byte(body), &list); err != nil {
			t.Fatalf("%s is no JSON: %v\n%s", name, err, body)
		}
		for _, m := range list {
			profile, _ := m["user_profile"].(map[string]any)
			got = append(got, fmt.Sprint(strings.SplitN(name, ".", 2)[0], " ", m["ts"], " ", profile["real_name"], profile["display_name"], " ", m["text"]))
		}
		if strings.Contains(body, "example.org") || strings.Contains(body, "555") {
			t.Errorf("%s holds more of people than their names:\n%s", name, body)
		}
	}
	slices.Sort(got)
	want := []string{
		"ch-c0inc/2024-03-15 " + at(40, 1) + " Ada Okoye<nil> mobile-api answers 500 since the deploy",
		"ch-c0inc/2024-03-15 " + at(41, 2) + " <nil>ben I take it",
		"ch-c0inc/2024-03-15 " + at(42, 3) + " Ada Okoye<nil> thanks",
		"ch-c0inc/2024-03-15 " + at(43, 4) + " <nil>ben rolling back to 2.7.5",
		"ch-c0inc/2024-03-15 " + at(44, 5) + " <nil>ben errors fall",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestMarksOfOnesOwn(t *testing.T) {
	d := talk(0)
	d.Page = 100
	s := httptest.NewServer(d)
	defer s.Close()
	w := window
	w.Query = "C0INC"
	for _, tt := range []struct{ entries, decisions, want string }{{"", "", ""}, {"memo", "", `"hindcast_mark":""`}, {"", "pushpin", `"hindcast_mark":"decision"`}, {":memo:, pushpin", "", `"hindcast_mark":"entry"`}} {
		for name, body := range fetch(t, s.URL, w, "entries", tt.entries, "decisions", tt.decisions) {
			line := body[max(0, strings.Index(body, "errors fall")):]
			if mark := regexp.MustCompile(`"hindcast_mark":"\w*"`).FindString(line); strings.Contains(body, "errors fall") && mark != tt.want {
				t.Errorf("%s: with entries %q and decisions %q the message says %q, want %q", name, tt.entries, tt.decisions, mark, tt.want)
			}
		}
	}
}

func TestOneMessage(t *testing.T) {
	s := httptest.NewServer(talk(0))
	defer s.Close()
	files, err := workspace(t, s.URL).Message(t.Context(), "C0INC", at(44, 5))
	if err != nil || len(files) != 1 || !strings.Contains(string(files[0].Body), "errors fall") || strings.Count(string(files[0].Body), "client_msg_id") != 1 {
		t.Errorf("Message = %+v, %v", files, err)
	}
	if files, err := workspace(t, s.URL).Message(t.Context(), "C0INC", at(59, 9)); err != nil || len(files) != 0 {
		t.Errorf("a message that is not there: %v, %v; want nothing", files, err)
	}
}

// TestWithoutTheRightToNames reads a channel by an app that may not know people.
func TestWithoutTheRightToNames(t *testing.T) {
	d := talk(0)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "users.list") || strings.HasSuffix(r.URL.Path, "conversations.info") {
			_, _ = fmt.Fprint(w, `{"ok":false,"error":"missing_scope","needed":"users:read"}`)
			return
		}
		d.ServeHTTP(w, r)
	}))
	defer s.Close()
	w := window
	w.Query = "C0INC"
	for name, body := range fetch(t, s.URL, w) {
		if !strings.HasPrefix(name, "C0INC/") || strings.Contains(body, "user_profile") {
			t.Errorf("%s: %s; want it below the channel's id, without names", name, body)
		}
	}
}

func TestPagesThatNobodyGave(t *testing.T) {
	for _, after := range []string{"x", `{"c":[]}`, `{"c":["nowhere/else"]}`, `{"c":["C0INC"],"t":["../x"]}`, `{"c":["C0INC"],"z":1}`} {
		if _, err := workspace(t, "http://127.0.0.1:1").Fetch(t.Context(), window, after); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("after %q: %v, want it invalid", after, err)
		}
	}
}

func message(id, kind, subject string) connector.Message {
	return connector.Message{ID: id, Type: kind, At: time.Date(2024, 3, 15, 14, 49, 0, 0, time.UTC), Subject: subject, Text: subject + ".\n\nSeverity: 1\nStatus: published", URL: "https://hindcast.example.org/p/12", Data: json.RawMessage(`{"incident_id":"i1"}`)}
}

func TestWhatIsPosted(t *testing.T) {
	d := talk(0)
	s := httptest.NewServer(d)
	defer s.Close()
	if _, err := workspace(t, s.URL).Announce(t.Context(), message("m1", "postmortem.published", "Post-mortem #12 <!channel> & more was published")); err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"channel": {"C0TOLD"}, "unfurl_links": {"false"}, "unfurl_media": {"false"}, "parse": {"none"}, "link_names": {"false"},
		"text":     {"*<https://hindcast.example.org/p/12|Post-mortem #12 &lt;!channel&gt; &amp; more was published>*\nSeverity: 1\nStatus: published"},
		"metadata": {`{"event_payload":{"id":"m1","type":"postmortem.published","incident":"i1"},"event_type":"hindcast_message"}`},
	}
	if diff := cmp.Diff([]url.Values{want}, d.Posted()); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
}

// TestNoSecondMessage loses the answer to a message that Slack took.
func TestNoSecondMessage(t *testing.T) {
	d := talk(0)
	d.Lose = true
	s := httptest.NewServer(d)
	defer s.Close()
	m := message("m1", "postmortem.published", "Published")
	if _, err := workspace(t, s.URL).Announce(t.Context(), m); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Fatalf("a lost answer: %v, want %s", err, hindcast.Unavailable)
	}
	for range 6 { // others write on, so that it is on a later page
		d.Say("C0TOLD", "U0A", at(55, 1), "hm")
	}
	if said, err := workspace(t, s.URL).Announce(t.Context(), m); err != nil || !strings.Contains(said, "before") || len(d.Posted()) != 1 {
		t.Errorf("again: %q, %v, %d messages; want one", said, err, len(d.Posted()))
	}
}

func TestEditsAreSaidInOneMessage(t *testing.T) {
	d := talk(0)
	s := httptest.NewServer(d)
	defer s.Close()
	for i, kind := range []string{"postmortem.changed", "postmortem.changed", "postmortem.published", "postmortem.published"} {
		if _, err := workspace(t, s.URL).Announce(t.Context(), message(fmt.Sprint("m", i), kind, kind)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, m := range d.Asked() {
		if strings.HasPrefix(m, "chat.") {
			got = append(got, m)
		}
	}
	if diff := cmp.Diff([]string{"chat.postMessage", "chat.update", "chat.postMessage", "chat.postMessage"}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if ts := d.Posted()[1].Get("ts"); !strings.HasSuffix(ts, ".000001") {
		t.Errorf("updated message %q, want the first", ts)
	}
}

func TestWhatTheTokenSees(t *testing.T) {
	s := httptest.NewServer(talk(0))
	defer s.Close()
	got, err := workspace(t, s.URL).Probe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"@hindcast in the workspace Example", "links:write (to show what they lead to)", "It does not need files:read.", "It is in the channel #ch-c0told.", "It is not in the channel #ch-c0ops; write /invite"} {
		if !strings.Contains(got, want) {
			t.Errorf("Probe = %q, want %q in it", got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	for name, tt := range map[string]struct {
		more []string
		want string
	}{
		"all":               {nil, "slack.com, channel C0TOLD"},
		"before the app":    {[]string{"token", "", "secret", ""}, "slack.com, the app is still to be made"},
		"a name":            {[]string{"channel", "#general"}, "channel: "},
		"names":             {[]string{"channels", "C0OPS #inc"}, "channels: "},
		"none are read":     {[]string{"channels", "-"}, "slack.com, channel C0TOLD"},
		"no emoji":          {[]string{"decisions", "gavel <x>"}, "decisions: "},
		"another address":   {[]string{"url", "ftp://slack.com"}, "url: "},
		"GovSlack":          {[]string{"url", "https://slack-gov.com/api"}, "slack-gov.com, channel C0TOLD"},
		"nobody to be told": {[]string{"channel", ""}, "slack.com"},
	} {
		t.Run(name, func(t *testing.T) {
			where, err := slack.Vendor().Check(settings("", "xoxb", tt.more...))
			if err != nil {
				where = err.Error()
			}
			if !strings.HasPrefix(where, tt.want) {
				t.Errorf("Check = %q, want %q", where, tt.want)
			}
		})
	}
}

// TestRequestsFitTheDescription asks a service that answers only requests that are
// valid against Slack's description. It gives examples of channels and people that
// are not ours.
func TestRequestsFitTheDescription(t *testing.T) {
	address := os.Getenv("HINDCAST_TEST_SLACK")
	if address == "" {
		t.Skip("HINDCAST_TEST_SLACK names no service that checks requests")
	}
	w := workspace(t, address)
	for name, f := range map[string]func() error{
		"history": func() error { _, err := w.Fetch(t.Context(), window, ""); return err },
		"replies": func() error {
			_, err := w.Fetch(t.Context(), window, `{"c":["C0INC"],"t":["1710513661.000100"],"r":true}`)
			return err
		},
		"a later page": func() error { _, err := w.Fetch(t.Context(), window, `{"c":["C0INC"],"n":"next"}`); return err },
		"one message":  func() error { _, err := w.Message(t.Context(), "C0INC", "1710513661.000100"); return err },
		"people":       func() error { _, err := w.Names(t.Context(), []string{"U0NOBODY"}); return err },
		"announce": func() error {
			_, err := w.Announce(t.Context(), message("m1", "postmortem.published", "Published"))
			return err
		},
		"probe": func() error { _, err := w.Probe(t.Context()); return err },
	} {
		if err := f(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
