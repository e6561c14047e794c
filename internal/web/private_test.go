package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/audience/audiencetest"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/web"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// level is somebody who takes no part in a post-mortem, or nobody.
type level struct {
	name     string
	cookie   *http.Cookie
	bearer   string
	scripted bool // asks as a script of ours
}

// ask gets a page or an answer of the API as text.
func (l library) ask(who level, path string) (int, string) {
	l.Helper()
	r := httptest.NewRequestWithContext(l.Context(), "GET", path, nil)
	if who.cookie != nil {
		r.AddCookie(who.cookie)
	}
	if who.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+who.bearer)
	}
	if who.scripted {
		r.Header.Set("Hindcast-Script", "1")
	}
	ctx, stop := r.Context(), func() {}
	if strings.Contains(path, "live") || strings.Contains(path, "write/") || strings.Contains(path, "/watch") { // these stream
		ctx, stop = context.WithTimeout(ctx, 50*time.Millisecond)
	}
	defer stop()
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, r.WithContext(ctx))
	body := w.Body.String()
	if strings.HasPrefix(body, "%PDF") {
		body = pdfText(l, w.Body.Bytes())
	}
	return w.Code, fmt.Sprint(w.Header(), body)
}

// pdfText returns what is read in a PDF; nothing where no program reads it.
func pdfText(t library, data []byte) string {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		return ""
	}
	cmd := exec.Command("pdftotext", "-", "-")
	cmd.Stdin = bytes.NewReader(data)
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(text)
}

// fills are what the parts of addresses may be, so that a walk comes by pages of
// others, too.
var fills = map[string][]string{
	"num":    {"1"},
	"number": {"1", "mark001q"},
	"ref":    {"1"},
	"n":      {"1", "2"},
	"name":   {"timeline", "timeline.svg", "whys.svg", "fishbone.svg", "graph.svg", "metrics.svg", "engineering.json", "executive.html", "customer.md"},
	"file":   {"post-mortem.html", "post-mortem.md", "post-mortem.json", "post-mortem.pdf", "timeline.svg", "graph.svg"},
}

var placeholder = regexp.MustCompile(`\{(\w+)(?:\.\.\.)?\}`)

// addresses returns the addresses that a pattern stands for. What fills does not
// know is filled with ids of the document, and its files with hashes.
func addresses(pattern string, ids, files []string) []string {
	m := placeholder.FindStringSubmatchIndex(pattern)
	if m == nil {
		return []string{pattern}
	}
	name := pattern[m[2]:m[3]]
	values, ok := fills[name]
	switch {
	case ok:
	case strings.HasPrefix(name, "sha") && files != nil:
		values = files
	default:
		values = ids
	}
	var out []string
	for _, v := range values {
		out = append(out, addresses(pattern[:m[0]]+url.PathEscape(v)+pattern[m[1]:], ids, files)...)
	}
	return out
}

// queries are asked of every address: what opens forms, looks back, searches.
var queries = []string{"", "?whole=1&checks=1&all=1&slide=2&notes=1&format=json&audience=engineering&edit=title", "?q=mark076q&prefix=mark&deleted=true&mine=true&incident=1",
	"?at=2031-01-01T00:10:00Z&view=graph"}

// everyAddress returns the addresses of all pages and of all that the API answers.
func (l library) everyAddress(admin level, ids, files []string) []string {
	l.Helper()
	pages, err := web.New(web.Config{})
	if err != nil {
		l.Fatal(err)
	}
	var out []string
	for _, p := range pages.Patterns() {
		if path, ok := strings.CutPrefix(p, "GET "); ok {
			out = append(out, addresses(strings.ReplaceAll(path, "{$}", ""), ids, files)...)
		}
	}
	var described struct {
		Paths map[string]map[string]json.RawMessage
	}
	r := httptest.NewRequestWithContext(l.Context(), "GET", "/api/v1/openapi.json", nil)
	r.AddCookie(admin.cookie)
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, r)
	if err := json.Unmarshal(w.Body.Bytes(), &described); err != nil {
		l.Fatal(err)
	}
	for path, methods := range described.Paths {
		if methods["get"] != nil {
			out = append(out, addresses(path, ids, files)...)
		}
	}
	slices.Sort(out)
	out = slices.DeleteFunc(slices.Compact(out), directory)
	if len(out) < 120 {
		l.Fatalf("only %d addresses; the walk does not see them", len(out))
	}
	return out
}

// directory reports whether an address is that of who has an account, which every
// member may know, and of nothing else.
func directory(path string) bool {
	return strings.HasPrefix(path, "/people") || strings.HasPrefix(path, "/api/v1/people") || strings.HasPrefix(path, "/settings")
}

// marks finds the markers in a text.
var marks = regexp.MustCompile(`(?:mark|dark)\d{3}q`)

// markedPost is a valid post-mortem that was published, with a marker in every
// field that holds words.
func markedPost(t *testing.T) *audiencetest.Marked {
	m := audiencetest.New(t)
	p := &m.Post
	p.Status = hindcast.StatusPublished
	p.Incident.Kind, p.Incident.Impact.SLOs[0].Outcome = hindcast.KindIncident, hindcast.SLOKept // which the gate lets pass
	first := p.History[0]
	p.History = nil
	for i, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
		first.To, first.At = to, first.At.Add(time.Duration(i)*time.Second)
		p.History = append(p.History, first)
	}
	out := p.Factors[0]
	out.ID, out.Tag, out.Counterfactual.Answer = "f3", "", hindcast.AnswerYes
	p.Factors[0].RuledOutBy, p.Factors[0].TagBefore = "", ""
	p.Factors = append(p.Factors, out)
	other := p.Timeline[0]
	other.ID, other.Prefer, other.Decision = "e2", nil, nil
	p.Timeline[0].Score, other.Score, p.Timeline[0].Prefer.Entry = 0.5, 0.5, other.ID
	p.Timeline = append(p.Timeline, other)
	name := p.Incident.Participants[0].Name
	for _, text := range []*string{&p.Incident.Title, &p.Sections[0].Text, &p.Timeline[0].Title, &p.Timeline[0].Detail, &p.Factors[0].Description, &p.Observations[0].Text,
		&p.Actions[0].Description, &p.Actions[0].Owner} {
		*text += " with " + name
	}
	data, err := document.JSON(*p)
	if err != nil {
		t.Fatal(err)
	}
	data = regexp.MustCompile(`("sha256": ")mark(\d{3})q"`).ReplaceAll(data, []byte("${1}"+strings.Repeat("0", 61)+`${2}"`))
	*p = document.Parse("marked.json", data).Postmortem
	return m
}

// TestNothingPrivateReachesWhoTakesNoPart publishes a post-mortem with a marker in
// every field in a running server, takes it up again, writes into every field
// anew, and makes it private. Each time everybody who takes no part asks for every
// page, rendering, feed and answer of the API.
func TestNothingPrivateReachesWhoTakesNoPart(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	l := openAt(t, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	admin := level{name: "admin", cookie: l.admin()}
	w := l.do(admin.cookie, "POST", "/people/invite", url.Values{"email": {"owner@example.org"}, "role": {"member"}})
	_, link, _ := strings.Cut(w.Body.String(), "<code>")
	link, _, _ = strings.Cut(link, "</code>")
	owner := level{name: "owner", cookie: l.use(link, "owner@example.org", "mark901q")}
	member := level{name: "member", cookie: l.invite(admin.cookie, "member")}
	script := member
	script.name, script.scripted = "script", true
	others := []level{member, script, admin, {name: "reader", cookie: l.invite(admin.cookie, "reader")}, {name: "nobody"},
		{name: "token", bearer: l.token(member, "/settings/tokens", url.Values{"name": {"read"}, "scope": {"read"}})}}
	secret := l.token(member, "/settings/feed", url.Values{})
	others = append(others, level{name: "feed token", bearer: secret})

	m := markedPost(t)
	data, err := document.JSON(m.Post)
	if err != nil {
		t.Fatal(err)
	}
	v := l.viewer(owner)
	d, report, err := l.Workflow().CreateFromMarkdown(t.Context(), v, "marked.json", data, workflow.NewIncident{})
	if err != nil || d.Post.Status != hindcast.StatusPublished {
		t.Fatalf("create: %v, %+v", err, report)
	}
	move := func(reason string, to ...hindcast.Status) {
		t.Helper()
		for _, s := range to {
			if _, err := l.Workflow().Move(t.Context(), v, d.ID, s, reason); err != nil {
				t.Fatal(err)
			}
		}
	}
	name := m.Post.Incident.Participants[0].Name
	move("to keep the chat", hindcast.StatusDraft)
	rows, problems, err := l.Workflow().AddEvidence(t.Context(), v, d.ID, []workflow.File{file("chat.log", "2031-01-01T00:00:01Z "+name+": rolled back\n"), file("purged.log", "2031-01-01T00:00:02Z x\n"),
		file(workflow.MinutesFolder+"2031-01-02-minutes.md", "# Minutes\n\ndark908q\n")})
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, problems, err)
	}
	if err := l.Workflow().Purge(t.Context(), v, d.ID, rows[1].SHA256, "dark906q"); err != nil {
		t.Fatal(err)
	}
	talk := l.talk(v)
	office := l.postOffice()
	office.tellAndLeave(d.ID, "dark917q by "+name, v, l.viewer(member))
	move("", hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished)
	whole, err := l.Workflow().Get(t.Context(), v, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := document.JSON(audience.For(audience.Engineering, whole.Post).Postmortem)
	if err != nil {
		t.Fatal(err)
	}
	published := marks.FindAllString(string(seen), -1)
	if all := marks.FindAllString(string(data), -1); len(all) < 100 || !slices.ContainsFunc(all, func(s string) bool { return !slices.Contains(published, s) }) {
		t.Fatalf("%d markers, all of them published", len(all))
	}
	ids := []string{d.ID, m.Post.Timeline[0].ID, m.Post.Factors[0].ID, m.Post.Actions[0].ID, "summary"}
	ids = append(ids, talk...)
	walk := l.everyAddress(admin, ids, []string{rows[0].SHA256, rows[1].SHA256, rows[2].SHA256})
	look := func(when string, allowed []string) {
		t.Helper()
		shown := map[string]bool{}
		for _, path := range append(walk, "/feed/"+secret) {
			for _, q := range queries {
				for _, who := range others {
					if who.name == "admin" && strings.Contains(path, "audit") {
						continue // it tells admins who did what
					}
					if q != "" && who.name != "member" {
						continue // none of them may more
					}
					status, body := l.ask(who, path+q)
					for _, found := range marks.FindAllString(body, -1) {
						if shown[found] = true; !slices.Contains(allowed, found) && !strings.Contains(q, found) && !strings.Contains(path, found) {
							t.Errorf("%s, %s is told %s (%s) by %s%s = %d", when, who.name, found, m.Field(found), path, q, status)
						}
					}
				}
			}
		}
		if len(shown) < len(allowed)/2 {
			t.Errorf("%s, others are told %d markers of %d; the walk does not see what they may", when, len(shown), len(allowed))
		}
	}
	for path, want := range map[string]string{"/p/1/evidence/" + rows[2].SHA256 + "?line=1": "dark908q", "/p/1/review": "dark910q", "/p/1/meeting/" + talk[1]: "dark914q", "/inbox": "dark917q"} {
		if status, body := l.ask(owner, path); !strings.Contains(body, want) {
			t.Errorf("who takes part does not find %s on %s = %d", want, path, status)
		}
	}
	besides := owner
	besides.scripted = true
	if status, body := l.ask(besides, "/p/1/review/beside"); !strings.Contains(body, "dark910q") || !strings.Contains(body, "dark911q") || !strings.Contains(body, `data-path="sections/summary"`) {
		t.Errorf("who takes part does not find beside the text what is said = %d", status)
	}
	if _, body := l.ask(owner, "/p/1"); !strings.Contains(body, "<hc-threads") || strings.Contains(body, "dark910q") {
		t.Error("the page has no place for threads, or holds what they say")
	}
	if _, body := l.ask(member, "/p/1?whole=1"); strings.Contains(body, "hc-threads") {
		t.Error("the page has a place for threads for who takes no part")
	}
	checkMails(t, "published", office.mails(), "dark917q", m.Markers["incident.title"])
	look("published", published)

	move("dark902q", hindcast.StatusDraft)
	if whole, err = l.Workflow().Get(t.Context(), v, d.ID); err != nil {
		t.Fatal(err)
	}
	dark, err := document.JSON(whole.Post)
	if err != nil {
		t.Fatal(err)
	}
	dark = bytes.ReplaceAll(dark, []byte("with mark"), []byte("with dark"))
	dark = regexp.MustCompile(`"mark(\d{3}q)`).ReplaceAll(dark, []byte(`"dark$1`))
	later := document.Parse("marked.json", dark).Postmortem
	later.Actions[0].ID, later.Actions[0].Status = "dark905q", hindcast.ActionOpen // one that is over is another's to change
	changes := slices.DeleteFunc(part.Diff(&whole.Post, &later), func(c part.Change) bool {
		list, _, _ := strings.Cut(c.Path, "/")
		return slices.Contains([]string{"status", "history", "evidence", "clock_offsets", "problems"}, list) || c.Path == "actions/"+m.Post.Actions[0].ID
	})
	if _, err := l.Workflow().Edit(t.Context(), v, d.ID, changes, "dark904q"); err != nil || len(changes) < 15 {
		t.Fatal(len(changes), err)
	}
	look("taken up again", published)
	if _, body := l.ask(owner, "/p/1"); len(marks.FindAllString(body, -1)) < 40 || !strings.Contains(body, "dark") || strings.Contains(body, m.Markers["sections.text"]) {
		t.Error("who takes part does not see what is written anew")
	}
	if _, body := l.ask(member, "/p/1/read"); !strings.Contains(body, m.Markers["sections.text"]) || !strings.Contains(body, "Being revised") {
		t.Error("readers lost what is published while it is revised")
	}

	if _, err := l.Workflow().SetPrivate(t.Context(), v, d.ID, true, "dark903q"); err != nil {
		t.Fatal(err)
	}
	office.tell(d.ID, "dark918q", v, l.viewer(member))
	checkMails(t, "private", office.mails())
	ahead.Store(int64(2 * time.Minute)) // names to choose from are kept for one
	look("private", nil)
}

// talk is a review and a meeting about the first post-mortem, with a marker in all
// that is said. It returns the ids of both. What they say is for those who take
// part, whatever becomes of the document.
func (l library) talk(v hindcast.Viewer) []string {
	l.Helper()
	st, err := store.Open(l.Context(), l.database)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	ok := func(err error) {
		l.Helper()
		if err != nil {
			l.Fatal(err)
		}
	}
	reviews := review.New(review.Config{DB: st.DB(), Workflow: l.Workflow()})
	thread, err := reviews.Open(l.Context(), v, "1", review.Anchor{Path: "sections/summary"}, "dark910q", nil)
	ok(err)
	ok(reviews.Reply(l.Context(), v, "1", thread, "dark911q", nil))
	meetings := meeting.New(meeting.Config{DB: st.DB(), Workflow: l.Workflow()})
	m, err := meetings.Plan(l.Context(), v, "1", meeting.Plan{StartsAt: time.Now(), Zone: "UTC", Kind: meeting.Hybrid, Agenda: meeting.Agenda(meeting.Hybrid), Place: "dark912q", Facilitator: v.PersonID,
		Attendees: []meeting.Attendee{{Person: v.PersonID, Role: "dark913q"}}})
	ok(err)
	_, err = meetings.Turn(l.Context(), v, "1", m.ID, meeting.DoStart, 0, 0)
	ok(err)
	_, err = meetings.Note(l.Context(), v, "1", m.ID, "dark914q")
	ok(err)
	_, err = meetings.Park(l.Context(), v, "1", m.ID, "dark915q")
	ok(err)
	_, err = meetings.Ask(l.Context(), v, "1", m.ID, "dark916q", v.PersonID)
	ok(err)
	return []string{thread, m.ID}
}

// file is a file of evidence.
func file(name, text string) workflow.File {
	return workflow.File{Name: name, Size: int64(len(text)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// token makes a token and returns its secret.
func (l library) token(who level, path string, form url.Values) string {
	l.Helper()
	w := l.do(who.cookie, "POST", path, form)
	secret := regexp.MustCompile(`hct_[\w-]+`).FindString(w.Body.String())
	if secret == "" {
		l.Fatalf("POST %s = %d without a token", path, w.Code)
	}
	return secret
}

// viewer returns as whom somebody acts.
func (l library) viewer(who level) hindcast.Viewer {
	l.Helper()
	r := httptest.NewRequestWithContext(l.Context(), "GET", "/api/v1/me", nil)
	r.AddCookie(who.cookie)
	w := httptest.NewRecorder()
	l.Handler().ServeHTTP(w, r)
	var me struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &me); err != nil || me.ID == "" {
		l.Fatalf("GET /me = %d %s, %v", w.Code, w.Body, err)
	}
	return hindcast.Viewer{PersonID: me.ID, Name: who.name, Role: hindcast.RoleMember}
}
