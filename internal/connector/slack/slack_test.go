package slack_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/slack"
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

// double answers as a workspace does, with what was said and posted there.
type double struct {
	mu     sync.Mutex
	said   map[string][]map[string]any // by channel, the first first
	asked  []string
	posted []url.Values
	lose   bool // the answer to a message that was posted
	page   int  // how many messages an answer holds
}

// at is a moment of the incident as Slack writes it.
func at(minute, second int) string {
	return fmt.Sprintf("%d.000%d00", time.Date(2024, 3, 15, 14, minute, second, 0, time.UTC).Unix(), 1)
}

func said(user, ts, text string, more ...any) map[string]any {
	m := map[string]any{"type": "message", "user": user, "ts": ts, "text": text, "client_msg_id": "c" + ts}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i].(string)] = more[i+1]
	}
	return m
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	d.asked = append(d.asked, method)
	w.Header().Set("Content-Type", "application/json")
	if r.Header.Get("Authorization") == "" || r.URL.Query().Has("token") {
		_, _ = io.WriteString(w, `{"ok":false,"error":"not_authed"}`)
		return
	}
	_ = json.NewEncoder(w).Encode(d.answer(w, r, method))
}

func (d *double) answer(w http.ResponseWriter, r *http.Request, method string) map[string]any {
	q := r.URL.Query()
	switch method {
	case "auth.test":
		w.Header().Set("X-OAuth-Scopes", "channels:history,chat:write,commands,files:read")
		return map[string]any{"ok": true, "team": "Example", "user": "hindcast", "url": "https://example.slack.com/"}
	case "conversations.info":
		return map[string]any{"ok": true, "channel": map[string]any{"name": "ch-" + strings.ToLower(q.Get("channel")), "is_member": q.Get("channel") != "C0OPS"}}
	case "users.list":
		if q.Get("cursor") == "" {
			return map[string]any{"ok": true, "members": []any{map[string]any{"id": "U0A", "name": "a", "profile": map[string]any{"real_name": "Engineer Abel", "email": "a@example.org", "phone": "555"}}}, "response_metadata": map[string]any{"next_cursor": "p2"}}
		}
		return map[string]any{"ok": true, "members": []any{map[string]any{"id": "U0B", "name": "b", "profile": map[string]any{"display_name": "eng-b"}}}}
	case "conversations.history", "conversations.replies":
		return d.messages(q, method)
	}
	if err := r.ParseForm(); err != nil {
		return map[string]any{"ok": false, "error": "invalid_form_data"}
	}
	d.posted = append(d.posted, r.PostForm)
	if method == "chat.postMessage" {
		var metadata map[string]any
		_ = json.Unmarshal([]byte(r.PostForm.Get("metadata")), &metadata)
		ts := at(50, len(d.posted))
		d.said[r.PostForm.Get("channel")] = append(d.said[r.PostForm.Get("channel")], map[string]any{"type": "message", "bot_id": "B0", "ts": ts, "text": r.PostForm.Get("text"), "metadata": metadata})
		if d.lose {
			panic(http.ErrAbortHandler)
		}
	}
	return map[string]any{"ok": true}
}

// messages pages as Slack does: a channel the last first, a thread the first first
// with what began it.
func (d *double) messages(q url.Values, method string) map[string]any {
	var list []map[string]any
	root := q.Get("ts")
	for _, m := range d.said[q.Get("channel")] {
		thread, _ := m["thread_ts"].(string)
		ts := m["ts"].(string)
		in := ts >= q.Get("oldest") && (q.Get("latest") == "" || ts <= q.Get("latest"))
		switch {
		case method == "conversations.replies" && (ts == root || thread == root && in):
		case method == "conversations.history" && in && (thread == "" || thread == ts):
		default:
			continue
		}
		list = append(list, m)
	}
	if method == "conversations.history" {
		slices.Reverse(list)
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(q.Get("cursor"), "next:"))
	to := min(len(list), from+max(d.page, 1))
	answer := map[string]any{"ok": true, "messages": append([]map[string]any{}, list[from:to]...), "has_more": to < len(list)}
	if to < len(list) {
		answer["response_metadata"] = map[string]any{"next_cursor": fmt.Sprint("next:", to)}
	}
	return answer
}

func talk() *double {
	return &double{page: 2, said: map[string][]map[string]any{
		"C0INC": {
			said("U0A", at(40, 1), "mobile-api answers 500 since the deploy"),
			said("U0B", at(41, 2), "I take it", "thread_ts", at(41, 2), "reply_count", 2),
			said("U0A", at(42, 3), "thanks", "thread_ts", at(41, 2)),
			said("U0B", at(43, 4), "rolling back to 2.7.5", "thread_ts", at(41, 2)),
			said("U0B", at(44, 5), "errors fall", "reactions", []any{map[string]any{"name": "pushpin", "count": 1}}),
		},
		"C0OPS": {said("U0A", at(45, 6), "deploys are frozen")},
	}}
}

var window = connector.Window{From: time.Date(2024, 3, 15, 14, 0, 0, 0, time.UTC), To: time.Date(2024, 3, 15, 16, 0, 0, 0, time.UTC)}

func TestSourceConformance(t *testing.T) {
	d := talk()
	for _, list := range d.said { // the suite asks for another day
		for _, m := range list {
			for _, k := range []string{"ts", "thread_ts"} {
				if ts, ok := m[k].(string); ok {
					seconds, _ := strconv.ParseInt(ts[:10], 10, 64)
					m[k] = fmt.Sprintf("%d%s", seconds+1773583200-window.From.Unix(), ts[10:])
				}
			}
		}
	}
	connectortest.Source(t, connectortest.Service{Open: opener, Answer: d.ServeHTTP, Refuse: refuse, Pages: 5})
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
		Answer: func(w http.ResponseWriter, r *http.Request) {
			(&double{said: map[string][]map[string]any{}}).ServeHTTP(w, r)
		},
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
	s := httptest.NewServer(talk())
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
		"ch-c0inc/2024-03-15 " + at(40, 1) + " Engineer Abel<nil> mobile-api answers 500 since the deploy",
		"ch-c0inc/2024-03-15 " + at(41, 2) + " <nil>eng-b I take it",
		"ch-c0inc/2024-03-15 " + at(42, 3) + " Engineer Abel<nil> thanks",
		"ch-c0inc/2024-03-15 " + at(43, 4) + " <nil>eng-b rolling back to 2.7.5",
		"ch-c0inc/2024-03-15 " + at(44, 5) + " <nil>eng-b errors fall",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func TestMarksOfOnesOwn(t *testing.T) {
	d := talk()
	d.page = 100
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
	s := httptest.NewServer(talk())
	defer s.Close()
	files, err := workspace(t, s.URL).Message(t.Context(), "C0INC", at(44, 5))
	if err != nil || len(files) != 1 || !strings.Contains(string(files[0].Body), "errors fall") || strings.Count(string(files[0].Body), "client_msg_id") != 1 {
		t.Errorf("Message = %+v, %v", files, err)
	}
	if files, err := workspace(t, s.URL).Message(t.Context(), "C0INC", at(59, 9)); err != nil || len(files) != 0 {
		t.Errorf("a message that is not there: %v, %v; want nothing", files, err)
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
	d := talk()
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
	if diff := cmp.Diff([]url.Values{want}, d.posted); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
}

// TestNoSecondMessage loses the answer to a message that Slack took.
func TestNoSecondMessage(t *testing.T) {
	d := talk()
	d.lose = true
	s := httptest.NewServer(d)
	defer s.Close()
	m := message("m1", "postmortem.published", "Published")
	if _, err := workspace(t, s.URL).Announce(t.Context(), m); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Fatalf("a lost answer: %v, want %s", err, hindcast.Unavailable)
	}
	d.lose = false
	for range 6 { // others write on, so that it is on a later page
		d.said["C0TOLD"] = append(d.said["C0TOLD"], said("U0A", at(55, 1), "hm"))
	}
	if said, err := workspace(t, s.URL).Announce(t.Context(), m); err != nil || !strings.Contains(said, "before") || len(d.posted) != 1 {
		t.Errorf("again: %q, %v, %d messages; want one", said, err, len(d.posted))
	}
}

func TestEditsAreSaidInOneMessage(t *testing.T) {
	d := talk()
	s := httptest.NewServer(d)
	defer s.Close()
	for i, kind := range []string{"postmortem.changed", "postmortem.changed", "postmortem.published", "postmortem.published"} {
		if _, err := workspace(t, s.URL).Announce(t.Context(), message(fmt.Sprint("m", i), kind, kind)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, m := range d.asked {
		if strings.HasPrefix(m, "chat.") {
			got = append(got, m)
		}
	}
	if diff := cmp.Diff([]string{"chat.postMessage", "chat.update", "chat.postMessage", "chat.postMessage"}, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if d.posted[1].Get("ts") != at(50, 1) {
		t.Errorf("updated message %q, want %q", d.posted[1].Get("ts"), at(50, 1))
	}
}

func TestWhatTheTokenSees(t *testing.T) {
	s := httptest.NewServer(talk())
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
