package channel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/collect/channel"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/slack"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	admin  = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
	member = hindcast.Viewer{PersonID: "member", Name: "Engineer M", Role: hindcast.RoleMember}
)

// library is one with a workspace of Slack, and a clock that the test moves.
type library struct {
	*testing.T
	*channel.Service
	wf       *workflow.Service
	out      *deliver.Service
	in       *collect.Service
	worker   *queue.Worker
	slack    *slacktest.Workspace
	endpoint string
	now      time.Time
	events   int
	db       *sqldb.DB
}

func at(minute, second int) time.Time {
	return time.Date(2024, 3, 15, 14, minute, second, 0, time.UTC)
}

func ts(minute, second int) string { return slacktest.Stamp(at(minute, second)) }

func onBoth(t *testing.T, story func(l *library)) {
	storetest.Each(t, &postgres, func(t *testing.T, st *store.Store) {
		blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
		if err != nil {
			t.Fatal(err)
		}
		box, err := secret.NewBox("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
		if err != nil {
			t.Fatal(err)
		}
		l := &library{T: t, slack: &slacktest.Workspace{}, now: at(50, 0), db: st.DB()}
		server := httptest.NewServer(l.slack)
		t.Cleanup(server.Close)
		now := func() time.Time { return l.now }
		address := func() string { return "https://hindcast.example.org" }
		q := queue.New(queue.Config{DB: st.DB(), Now: now})
		client := outhttp.New(outhttp.Config{Now: now, Private: true, Attempts: 1, Limits: outhttp.Limits{AtOnce: 4, Every: time.Microsecond, Burst: 1000}})
		l.out = deliver.New(deliver.Config{DB: st.DB(), Queue: q, Box: box, Now: now, Address: address, HTTP: client, Vendors: []connector.Vendor{slack.Vendor()}})
		l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now})
		person := func(_ context.Context, id string) (auth.Person, error) {
			return auth.Person{ID: id, Name: id, Role: map[string]hindcast.Role{"admin": hindcast.RoleAdmin, "member": hindcast.RoleMember}[id]}, nil
		}
		l.Service = channel.New(channel.Config{DB: st.DB(), Queue: q, Deliver: l.out, Workflow: l.wf, Box: box, Person: person, Address: address, Now: now})
		l.in = collect.New(collect.Config{DB: st.DB(), Queue: q, Deliver: l.out, Workflow: l.wf, Person: person, Channels: l.Take, Now: now})
		l.worker = &queue.Worker{Queue: q, Handlers: l.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1}
		e, _, err := l.out.PutEndpoint(t.Context(), admin, deliver.Put{Kind: "slack", Name: "Our Slack", Settings: connector.Settings{"url": secret.New(server.URL), "token": secret.New("xoxb-test"), "secret": secret.New("sign")}})
		l.ok(err)
		l.endpoint = e.ID
		story(l)
	})
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// later moves the clock and does what is due by then.
func (l *library) later(d time.Duration) {
	l.Helper()
	l.now = l.now.Add(d)
	for {
		n, err := l.worker.Step(l.Context())
		l.ok(err)
		if n == 0 {
			return
		}
	}
}

// hear has Slack send a body, and returns what it is answered.
func (l *library) hear(body []byte) string {
	l.Helper()
	a, err := l.in.Receive(l.Context(), l.endpoint, slacktest.Sign(body, l.now, "sign"), body)
	l.ok(err)
	var answer struct {
		Type string `json:"response_type"`
		Text string
	}
	if len(a.Body) == 0 {
		return ""
	}
	if err := json.Unmarshal(a.Body, &answer); err != nil || answer.Type != "ephemeral" {
		l.Fatalf("the answer %s is not for one person: %v", a.Body, err)
	}
	return answer.Text
}

// write writes /hindcast in the channel of the incident.
func (l *library) write(text string) string {
	l.Helper()
	l.events++
	return l.hear(slacktest.Command("C0INC", "U0A", fmt.Sprint(l.events), text))
}

// event has Slack tell of something.
func (l *library) event(format string, args ...any) {
	l.Helper()
	l.events++
	l.hear(slacktest.Callback(fmt.Sprint("Ev", l.events), fmt.Sprintf(format, args...)))
}

// begin begins a post-mortem of the incident.
func (l *library) begin(v hindcast.Viewer, n workflow.NewIncident) *workflow.Document {
	l.Helper()
	if n.Title == "" {
		n.Title = "Mobile API down"
	}
	d, err := l.wf.Create(l.Context(), v, n)
	l.ok(err)
	return d
}

var code = regexp.MustCompile(`code=(\S+)`)

// link links the channel of the incident to a post-mortem.
func (l *library) link(v hindcast.Viewer, num int64) error {
	l.Helper()
	m := code.FindStringSubmatch(l.write(fmt.Sprint("link #", num)))
	if m == nil {
		l.Fatal("the answer has no address")
	}
	c, err := url.QueryUnescape(m[1])
	l.ok(err)
	return l.Link(l.Context(), v, fmt.Sprint(num), c, at(0, 0))
}

// talk is what was said during the incident.
func (l *library) talk() {
	l.slack.Say("C0INC", "U0P", ts(38, 45), "Triggered #4521: mobile-api answers 500", "bot_id", "B1", "client_msg_id", "")
	l.slack.Say("C0INC", "U0A", ts(40, 1), "looking into it", "thread_ts", ts(40, 1), "reply_count", 1)
	l.slack.Say("C0INC", "U0B", ts(41, 2), "could it be the cache of the gateway?", "thread_ts", ts(40, 1))
	l.slack.Say("C0INC", "U0A", ts(41, 30), "every request to mobile-api answers 500 since 14:38")
	l.slack.Say("C0INC", "U0A", ts(42, 3), "decision: roll back to 2.7.5 rather than wait for a fix")
	l.slack.Say("C0INC", "U0A", ts(44, 5), "rolled back to 2.7.5, errors are going down")
	l.slack.Say("C0INC", "U0A", ts(48, 6), "back to normal, closing the incident")
}

// entries returns the timeline as lines; only those that a reader needs.
func (l *library) entries(num int64) (out []string) {
	l.Helper()
	d, err := l.wf.Get(l.Context(), admin, fmt.Sprint(num))
	l.ok(err)
	for _, e := range d.Post.Timeline {
		if e.Key {
			out = append(out, fmt.Sprintf("%s %s %s: %s", e.At.Format("15:04:05"), e.Kind, e.Actor.Name, e.Title))
		}
	}
	return out
}

func TestAChannelBecomesEvidence(t *testing.T) {
	onBoth(t, func(l *library) {
		l.talk()
		d := l.begin(admin, workflow.NewIncident{})
		l.ok(l.link(admin, d.Num))
		l.later(time.Second)
		got := l.entries(d.Num)
		want := []string{
			"14:40:01 acknowledge on-call engineer: Acknowledged: looking into it",
			"14:42:03 decision on-call engineer: decision: roll back to 2.7.5 rather than wait for a fix",
		}
		for _, w := range want {
			if !strings.Contains(strings.Join(got, "\n"), w) {
				t.Errorf("entries:\n%s\nwant among them: %s", strings.Join(got, "\n"), w)
			}
		}
		list, err := l.Of(t.Context(), admin, d.ID)
		if err != nil || len(list) != 1 || list[0].Name != "inc-4521" || list[0].Said != "" || !list[0].ReadTo.Equal(l.now) {
			t.Errorf("Of = %+v, %v", list, err)
		}
		rows, err := l.wf.Evidence(t.Context(), admin, d.ID)
		l.ok(err)
		files := len(rows)
		if files == 0 || !strings.HasPrefix(rows[0].Name, "Our-Slack/ch-c0inc/2024-03-15.") || rows[0].Format != "slack-messages" {
			t.Errorf("evidence: %+v", rows)
		}
		// Again from its beginning: the same bytes are there once, and the same entries.
		l.ok(l.Read(t.Context(), admin, d.ID, list[0].ID))
		l.later(time.Second)
		if rows, err = l.wf.Evidence(t.Context(), admin, d.ID); err != nil || len(rows) != files {
			t.Errorf("read again: %d files, %v; want %d", len(rows), err, files)
		}
		if diff := cmp.Diff(got, l.entries(d.Num)); diff != "" {
			t.Errorf("read again (-before +after):\n%s", diff)
		}
	})
}

// TestTheSameAsFromAnExport compares a linked channel with the file that Slack exports
// of it.
func TestTheSameAsFromAnExport(t *testing.T) {
	onBoth(t, func(l *library) {
		l.talk()
		d := l.begin(admin, workflow.NewIncident{})
		l.ok(l.link(admin, d.Num))
		l.later(time.Second)
		var export []string
		for _, m := range []struct{ user, ts, text, more string }{
			{"U0P", ts(38, 45), "Triggered #4521: mobile-api answers 500", `"bot_id":"B1","client_msg_id":""`},
			{"U0A", ts(40, 1), "looking into it", `"client_msg_id":"c","user_profile":{"name":"a","real_name":"Ada Okoye"},"reply_count":1,"thread_ts":"` + ts(40, 1) + `"`},
			{"U0B", ts(41, 2), "could it be the cache of the gateway?", `"client_msg_id":"c","user_profile":{"name":"b","display_name":"ben"},"thread_ts":"` + ts(40, 1) + `"`},
			{"U0A", ts(41, 30), "every request to mobile-api answers 500 since 14:38", `"client_msg_id":"c","user_profile":{"name":"a","real_name":"Ada Okoye"}`},
			{"U0A", ts(42, 3), "decision: roll back to 2.7.5 rather than wait for a fix", `"client_msg_id":"c","user_profile":{"name":"a","real_name":"Ada Okoye"}`},
			{"U0A", ts(44, 5), "rolled back to 2.7.5, errors are going down", `"client_msg_id":"c","user_profile":{"name":"a","real_name":"Ada Okoye"}`},
			{"U0A", ts(48, 6), "back to normal, closing the incident", `"client_msg_id":"c","user_profile":{"name":"a","real_name":"Ada Okoye"}`},
		} {
			export = append(export, fmt.Sprintf(`{"type":"message","user":%q,"ts":%q,"text":%q,%s}`, m.user, m.ts, m.text, m.more))
		}
		body := "[" + strings.Join(export, ",\n") + "]"
		other, err := l.wf.Draft(t.Context(), admin, workflow.NewIncident{Title: "Mobile API down"}, []workflow.File{{Name: "ch-c0inc/2024-03-15.json", Size: int64(len(body)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil }}}, nil)
		l.ok(err)
		linked, err := l.wf.Get(t.Context(), admin, d.ID)
		l.ok(err)
		place := regexp.MustCompile(`\S*ch-c0inc/\S+:\d+`) // another file
		plain := func(list []hindcast.Entry) (out []hindcast.Entry) {
			for _, e := range list {
				e.Evidence, e.Why = nil, place.ReplaceAllString(e.Why, "FILE")
				out = append(out, e)
			}
			return out
		}
		if diff := cmp.Diff(plain(other.Post.Timeline), plain(linked.Post.Timeline)); diff != "" || len(other.Post.Timeline) < 4 {
			t.Errorf("timeline (-export +channel):\n%s", diff)
		}
		if diff := cmp.Diff(other.Post.Incident.Phases, linked.Post.Incident.Phases); diff != "" {
			t.Errorf("phases (-export +channel):\n%s", diff)
		}
	})
}

func TestWhatPeopleAddAndMark(t *testing.T) {
	onBoth(t, func(l *library) {
		l.talk()
		d := l.begin(admin, workflow.NewIncident{})
		l.ok(l.link(admin, d.Num))
		l.later(time.Second)
		has := func(line string, want bool) {
			t.Helper()
			if got := strings.Join(l.entries(d.Num), "\n"); strings.Contains(got, line) != want {
				t.Errorf("entries:\n%s\nhave %q: want %t", got, line, want)
			}
		}
		guess := "observation Engineer A: could it be the cache of the gateway?"
		has(guess, false)

		if got := l.write("at 14:43:30 the gateway was drained by hand"); !strings.Contains(got, "Added to post-mortem #1 at 14:43:30 UTC") {
			t.Errorf("at: %s", got)
		}
		l.hear(slacktest.Command("C0INC", "U0A", fmt.Sprint(l.events), "at 14:43:30 the gateway was drained by hand")) // once more
		if got := l.write("decision we stay on 2.7.5 until Monday"); !strings.Contains(got, "Added as a decision") {
			t.Errorf("decision: %s", got)
		}
		if got := l.write("status"); !strings.Contains(got, "Added and not yet in it: 2.") {
			t.Errorf("status: %s", got)
		}
		l.later(11 * time.Second)
		has("14:43:30 ", true)
		has("on-call engineer: the gateway was drained by hand", true)
		has("decision on-call engineer: we stay on 2.7.5 until Monday", true)
		post, err := l.wf.Get(t.Context(), admin, d.ID)
		l.ok(err)
		n := 0
		for _, e := range post.Post.Timeline {
			if e.Title == "the gateway was drained by hand" {
				n++
				if !e.KnownAt.Equal(at(50, 1)) {
					t.Errorf("known at %s, want when it was written", e.KnownAt)
				}
			}
			if strings.HasPrefix(e.Title, "we stay") && (e.Decision == nil || e.Decision.Question == "") {
				t.Errorf("a decision without its question: %+v", e)
			}
		}
		if n != 1 {
			t.Errorf("the same command twice made %d entries", n)
		}

		l.slack.Mark("C0INC", ts(41, 2), "") // an answer in a thread, pinned afterwards
		l.event(`{"type":"pin_added","user":"U0A","channel_id":"C0INC","item":{"type":"message","channel":"C0INC","message":{"ts":%q}}}`, ts(41, 2))
		l.event(`{"type":"pin_added","user":"U0A","channel_id":"C0INC","item":{"type":"message","channel":"C0INC","message":{"ts":%q}}}`, ts(59, 59)) // gone meanwhile
		l.later(2 * time.Minute)
		has("observation Engineer A: could it be the cache of the gateway?", true)

		l.slack.Say("C0INC", "U0B", ts(55, 0), "found it: the errors came from a missing column")
		l.event(`{"type":"message","channel":"C0INC","user":"U0B","text":"x","ts":%q}`, ts(55, 0))
		l.later(20 * time.Minute)
		has("found it: the errors came from a missing column", true)
		if list, err := l.Of(t.Context(), admin, d.ID); err != nil || list[0].Said != "" {
			t.Errorf("Of = %+v, %v", list, err)
		}
	})
}

func TestAnswers(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.begin(admin, workflow.NewIncident{Title: "Unmistakable quokka outage"})
		for _, tt := range []struct{ text, want string }{
			{"", "What I can do here"}, {"help", "/hindcast link NUMBER"}, {"dance", `There is no command "dance"`},
			{"status", "This channel belongs to no post-mortem; write /hindcast link NUMBER first."}, {"add x", "belongs to no post-mortem"}, {"unlink", "belongs to no post-mortem"},
			{"link", "Write the number of the post-mortem"}, {"link twelve", "Write the number"}, {"link 999", "Open this within an hour to make #inc-4521 evidence of post-mortem #999: https://hindcast.example.org/p/999/channels?code="},
		} {
			if got := l.write(tt.text); !strings.Contains(got, tt.want) {
				t.Errorf("%q: %s, want %q in it", tt.text, got, tt.want)
			}
		}
		l.ok(l.link(admin, d.Num))
		for _, tt := range []struct{ text, want string }{
			{"add", "Write what happened"}, {"add " + strings.Repeat("x", 2001), "more than 2000 characters"}, {"at noon we ate", "Write the time and what happened"}, {"at 25:00 x", "Write the time"},
			{"at 2030-01-01 10:00 x", "still to come"}, {"at 23:10 the deploy began", "at 23:10:00 UTC on 14 March"}, {"at 2024-03-15T14:20:30+02:00 x", "at 12:20:30 UTC on 15 March"},
			{"status", "belongs to post-mortem #1, which is draft. It is read for the first time in a moment."}, {"ADD shouting works", "Added to post-mortem #1"},
		} {
			if got := l.write(tt.text); !strings.Contains(got, tt.want) || strings.Contains(got, "quokka") {
				t.Errorf("%q: %s, want %q in it and no title of a draft", tt.text, got, tt.want)
			}
		}
		if got := l.write("unlink"); !strings.Contains(got, "no longer") {
			t.Errorf("unlink: %s", got)
		}
		if list, err := l.Of(t.Context(), admin, d.ID); err != nil || len(list) != 0 {
			t.Errorf("Of = %+v, %v; want none", list, err)
		}
	})
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	onBoth(t, func(l *library) {
		l.talk()
		d := l.begin(admin, workflow.NewIncident{})
		l.slack.Refuse = "not_in_channel"
		l.ok(l.link(admin, d.Num))
		l.later(time.Second)
		list, err := l.Of(t.Context(), admin, d.ID)
		if err != nil || !strings.Contains(list[0].Said, "/invite @Hindcast") || !list[0].ReadTo.IsZero() {
			t.Errorf("Of = %+v, %v", list, err)
		}
		if got := l.write("status"); !strings.Contains(got, "something went wrong") {
			t.Errorf("status: %s", got)
		}
		l.slack.Refuse = ""
		l.ok(l.Read(t.Context(), admin, d.ID, list[0].ID))
		l.later(time.Second)
		if list, err = l.Of(t.Context(), admin, d.ID); err != nil || list[0].Said != "" || len(l.entries(d.Num)) == 0 {
			t.Errorf("after it was invited: %+v, %v", list, err)
		}
		l.ok(l.Unlink(t.Context(), admin, d.ID, list[0].ID))
		if err := l.Unlink(t.Context(), admin, d.ID, list[0].ID); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("unlinked twice: %v, want NotFound", err)
		}
	})
}

// TestWhatIsAddedIsNotLost unlinks the channel at once after somebody added an entry,
// while Slack does not answer.
func TestWhatIsAddedIsNotLost(t *testing.T) {
	onBoth(t, func(l *library) {
		l.talk()
		d := l.begin(admin, workflow.NewIncident{})
		l.ok(l.link(admin, d.Num))
		l.later(time.Second)
		l.slack.Refuse = "fatal_error"
		l.write("at 14:43:30 the gateway was drained by hand")
		l.write("unlink")
		if n, err := l.Waiting(t.Context(), admin, d.ID); err != nil || n != 1 {
			t.Errorf("Waiting = %d, %v; want 1", n, err)
		}
		for range 8 {
			l.later(2 * time.Minute)
		}
		if n, err := l.Waiting(t.Context(), admin, d.ID); err != nil || n != 0 {
			t.Errorf("Waiting = %d, %v; want none", n, err)
		}
		if got := strings.Join(l.entries(d.Num), "\n"); !strings.Contains(got, ": the gateway was drained by hand") {
			t.Errorf("entries:\n%s\nlack what was added", got)
		}
	})
}
