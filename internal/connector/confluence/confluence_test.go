package confluence_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/confluence"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func settings(base, token string) connector.Settings {
	return connector.Settings{"url": secret.New(base), "space": secret.New("OPS"), "parent": secret.New("98311"), "email": secret.New("a@example.org"), "token": secret.New(token)}
}

// stored is a page of the double.
type stored struct {
	ID, Title, Body, Message string
	Number                   int
	Labels, Files            []string
}

// space is that of the settings, but for page 66.
func (p *stored) space() string {
	if p.ID == "66" {
		return "78"
	}
	return "77"
}

// site is Confluence in memory, with one space.
type site struct {
	mu    sync.Mutex
	pages []*stored
	lose  string // the method of the request whose answer is lost, once
}

func (s *site) page(id string) *stored {
	for _, p := range s.pages {
		if p.ID == id {
			return p
		}
	}
	return nil
}

func told(p *stored) map[string]any {
	return map[string]any{"id": p.ID, "spaceId": p.space(), "status": "current", "title": p.Title, "version": map[string]any{"number": p.Number, "message": p.Message},
		"body": map[string]any{"storage": map[string]any{"value": p.Body}}, "_links": map[string]any{"webui": "/spaces/OPS/pages/" + p.ID}}
}

var path = regexp.MustCompile(`^/wiki/(?:api/v2|rest/api)/(spaces|pages|content)(?:/([0-9]+))?(/label|/child/attachment)?$`)

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := path.FindStringSubmatch(r.URL.Path)
	if m == nil {
		http.NotFound(w, r)
		return
	}
	answer := s.answer(r, m[1], m[2], m[3])
	if s.lose == r.Method+m[3] {
		s.lose = ""
		panic(http.ErrAbortHandler)
	}
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *site) answer(r *http.Request, kind, id, below string) any {
	body, _ := io.ReadAll(r.Body)
	var in struct {
		Title   string
		Body    struct{ Value string }
		Version struct {
			Number  int
			Message string
		}
	}
	p := s.page(id)
	switch {
	case kind == "spaces":
		return map[string]any{"results": []any{map[string]any{"id": "77", "name": "Operations"}}}
	case below == "/label" && p != nil:
		var list []struct{ Name string }
		_ = json.Unmarshal(body, &list)
		p.Labels = nil
		for _, l := range list {
			p.Labels = append(p.Labels, l.Name)
		}
		return map[string]any{}
	case below != "" && p != nil:
		p.Files = append(p.Files, regexp.MustCompile(`filename="?([^"\r\n]+)`).FindStringSubmatch(string(body))[1])
		return map[string]any{}
	case r.Method == http.MethodGet && id == "":
		list := []any{}
		for _, p := range s.pages {
			if p.Title == r.URL.Query().Get("title") {
				list = append(list, told(p))
			}
		}
		return map[string]any{"results": list}
	case r.Method == http.MethodPost:
		_ = json.Unmarshal(body, &in)
		p = &stored{ID: fmt.Sprint(100 + len(s.pages)), Title: in.Title, Body: in.Body.Value, Number: 1}
		s.pages = append(s.pages, p)
	case r.Method == http.MethodPut && p != nil:
		_ = json.Unmarshal(body, &in)
		p.Title, p.Body, p.Number, p.Message = in.Title, in.Body.Value, in.Version.Number, in.Version.Message
	}
	if p == nil {
		return nil
	}
	return told(p)
}

func space(t *testing.T, address string) *confluence.Space {
	t.Helper()
	v, err := confluence.Vendor().Open(settings(address, "t"), connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: 1, Limits: outhttp.Limits{AtOnce: 4, Every: time.Millisecond, Burst: 200}})})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*confluence.Space)
}

func start(t *testing.T) (*site, *confluence.Space, string) {
	s := &site{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, space(t, server.URL), server.URL
}

var written = connector.Page{
	Key: "i1", Title: "Post-mortem #1: Mobile API\ndown", URL: "https://hindcast.example.org/p/1/read", Labels: []string{"post-mortem", "Incident 4521"},
	Markdown: "## Timeline\n\n- **14:37** rollout & `x < y`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>x</script> ![p](https://example.org/p.png)\n\n[bad](javascript:alert(1)) \x01end\n",
	Pictures: []connector.Picture{{Name: "timeline.svg", Below: "Timeline", Caption: "Phases & entries", Body: []byte("<svg/>")}},
}

func TestConformance(t *testing.T) {
	own := regexp.MustCompile(`hindcast-[0-9a-f]{16}`)
	connectortest.Publisher(t, connectortest.Service{
		Open: func(base string, d connector.Deps, credential string) (any, error) {
			return confluence.Vendor().Open(settings(base, credential), d)
		},
		Answer: func(w http.ResponseWriter, r *http.Request) {
			(&site{pages: []*stored{{ID: "100", Title: "Other", Number: 1}}}).ServeHTTP(w, r)
		},
		Key: func(_ *http.Request, body []byte) string { return own.FindString(string(body)) },
	})
}

// TestPage looks at what a post-mortem becomes, and that doing it again changes
// nothing.
func TestPage(t *testing.T) {
	s, p, address := start(t)
	ref, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	if want := (connector.Ref{ID: "100", URL: address + "/wiki/spaces/OPS/pages/100", Version: "1"}); ref != want {
		t.Errorf("ref = %+v, want %+v", ref, want)
	}
	is := s.pages[0]
	if is.Title != "Post-mortem #1: Mobile API down" {
		t.Errorf("title = %q", is.Title)
	}
	if diff := cmp.Diff([]string{"post-mortem", "incident-4521"}, is.Labels[1:]); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	for _, want := range []string{`<strong>14:37</strong> rollout &amp; <code>x &lt; y</code>`, `<h2>Timeline</h2>` + "\n" + `<p><ac:image ac:alt="Phases &amp; entries"`, `ri:filename="timeline.svg"`, "<td>2</td>", `href="` + written.URL} {
		if !strings.Contains(is.Body, want) {
			t.Errorf("the body lacks %q:\n%s", want, is.Body)
		}
	}
	for _, bad := range []string{"<script", "p.png", "javascript:", "\x01"} {
		if strings.Contains(is.Body, bad) {
			t.Errorf("the body has %q:\n%s", bad, is.Body)
		}
	}
	wellFormed(t, is.Body)
	if diff := cmp.Diff([]string{"timeline.svg"}, is.Files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func wellFormed(t *testing.T, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(`<x xmlns:ac="a" xmlns:ri="r">` + body + `</x>`))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("the body is no XML: %v\n%s", err, body)
		}
	}
}

// TestAgain publishes a second time: what is known becomes a new version, what
// others wrote stays until a person decides.
func TestAgain(t *testing.T) {
	s, p, _ := start(t)
	first, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	next := written
	next.Known, next.Markdown = first, "## Timeline\n\nNew.\n"
	second, err := p.Publish(t.Context(), next)
	if err != nil || second.Version != "2" || second.ID != first.ID {
		t.Fatalf("the second time: %+v, %v", second, err)
	}
	if same, err := p.Publish(t.Context(), next); err != nil || same != second { // the answer was lost
		t.Errorf("the second time again: %+v, %v; want %+v", same, err, second)
	}
	s.pages[0].Number, s.pages[0].Message, s.pages[0].Body = 3, "typo", s.pages[0].Body+"<p>by hand</p>"
	next.Known, next.Markdown = second, "## Timeline\n\nNewer.\n"
	if _, err := p.Publish(t.Context(), next); hindcast.CodeOf(err) != hindcast.Conflict || !strings.Contains(s.pages[0].Body, "by hand") {
		t.Errorf("over a change by hand: %v, want %s and the change to stay", err, hindcast.Conflict)
	}
	next.Overwrite = true
	if ref, err := p.Publish(t.Context(), next); err != nil || ref.Version != "4" || strings.Contains(s.pages[0].Body, "by hand") {
		t.Errorf("overwriting: %+v, %v", ref, err)
	}
}

// TestAPageThatIsGone makes no other in place of one that was deleted, or is not
// shown any more, until a person decides; with lost answers there is one in the end.
func TestAPageThatIsGone(t *testing.T) {
	s, p, _ := start(t)
	first, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	s.pages = []*stored{{ID: "9", Title: "Another"}}
	next := written
	next.Known = first
	if _, err := p.Publish(t.Context(), next); hindcast.CodeOf(err) != hindcast.Conflict || !errors.Is(err, connector.ErrGone) || len(s.pages) != 1 {
		t.Errorf("after it was deleted: %v, %d pages; want %s", err, len(s.pages), hindcast.Conflict)
	}
	next.Overwrite, s.lose = true, "POST"
	if _, err := p.Publish(t.Context(), next); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Errorf("the lost answer: %v", err)
	}
	if ref, err := p.Publish(t.Context(), next); err != nil || ref.ID == first.ID && ref.Version != "1" || len(s.pages) != 2 {
		t.Errorf("made anew: %+v, %v, %d pages", ref, err, len(s.pages))
	}
}

// TestLostAnswers loses the answer of each request that writes; there is one page
// in the end.
func TestLostAnswers(t *testing.T) {
	for _, lose := range []string{"POST", "PUT/child/attachment", "POST/label"} {
		s, p, _ := start(t)
		s.lose = lose
		if _, err := p.Publish(t.Context(), written); hindcast.CodeOf(err) != hindcast.Unavailable {
			t.Errorf("%s: the lost answer: %v, want %s", lose, err, hindcast.Unavailable)
		}
		if ref, err := p.Publish(t.Context(), written); err != nil || ref.ID != "100" || len(s.pages) != 1 {
			t.Errorf("%s: the second attempt: %+v, %v, %d pages; want one", lose, ref, err, len(s.pages))
		}
	}
}

// TestPageOfOthers leaves a page alone that has our title and is not ours.
func TestPageOfOthers(t *testing.T) {
	s, p, _ := start(t)
	s.pages = []*stored{{ID: "9", Title: "Post-mortem #1: Mobile API down", Body: "<p>mine</p>", Number: 1}}
	if _, err := p.Publish(t.Context(), written); hindcast.CodeOf(err) != hindcast.Conflict || s.pages[0].Body != "<p>mine</p>" {
		t.Errorf("a page of somebody else: %v, want %s", err, hindcast.Conflict)
	}
}

func TestReadPage(t *testing.T) {
	s, p, address := start(t)
	s.pages = []*stored{{ID: "9", Title: "Checkout down", Number: 4, Body: `<h2>Timeline</h2><ac:layout><ac:layout-section><ac:layout-cell><table><tbody><tr><th>When</th><th>What</th></tr><tr><td><time datetime="2024-03-15" /> 14:37</td><td>rollout &ndash; <strong>v2</strong></td></tr></tbody></table></ac:layout-cell></ac:layout-section></ac:layout>
<ac:structured-macro ac:name="info"><ac:parameter ac:name="title">hidden</ac:parameter><ac:rich-text-body><p>Told by <ac:link><ri:user ri:account-id="557:kim" /></ac:link></p></ac:rich-text-body></ac:structured-macro>
<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[kubectl get pods <all>]]></ac:plain-text-body></ac:structured-macro>
<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Add an alert</ac:task-body></ac:task></ac:task-list><p>See <a href="https://example.org/x">this</a></p>`}}
	for _, ref := range []string{"9", address + "/wiki/spaces/OPS/pages/9/Checkout+down", address + "/wiki/pages/viewpage.action?pageId=9"} {
		got, err := p.ReadPage(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title != "Checkout down" {
			t.Errorf("title = %q", got.Title)
		}
		for _, want := range []string{"## Timeline", "| When", "2024-03-15 14:37", "rollout – **v2**", "Told by a person", "kubectl get pods <all>", "Add an alert", "[this](https://example.org/x)"} {
			if !strings.Contains(got.Markdown, want) {
				t.Errorf("the text lacks %q:\n%s", want, got.Markdown)
			}
		}
		if strings.Contains(got.Markdown, "hidden") || strings.Contains(got.Markdown, "kim") {
			t.Errorf("the text has what nobody sees:\n%s", got.Markdown)
		}
	}
	s.pages = append(s.pages, &stored{ID: "66", Title: "Salaries", Number: 1})
	if _, err := p.ReadPage(t.Context(), "66"); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("a page of another space: %v, want %s", err, hindcast.NotFound)
	}
	for _, ref := range []string{"https://other.example.org/wiki/pages/9", "nine", address + "/wiki/spaces/OPS"} {
		if _, err := p.ReadPage(t.Context(), ref); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("ReadPage(%q): %v, want %s", ref, err, hindcast.Invalid)
		}
	}
}

func TestSettings(t *testing.T) {
	if where, err := confluence.Vendor().Check(settings("https://example.atlassian.net/wiki/", "t")); err != nil || where != "https://example.atlassian.net/wiki/spaces/OPS" {
		t.Errorf("Check = %q, %v", where, err)
	}
	_, err := confluence.Vendor().Check(connector.Settings{"url": secret.New("example"), "space": secret.New("a b"), "parent": secret.New("x"), "email": secret.New("nobody")})
	for _, field := range []string{"url: ", "space: ", "parent: ", "email: ", "token: "} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("the error is %v, want one that names %q", err, field)
		}
	}
}

// TestRequestsFitTheDescription asks services that accept only requests that are
// valid against Confluence's descriptions.
func TestRequestsFitTheDescription(t *testing.T) {
	server := connectortest.Checked(t, "HINDCAST_TEST_CONFLUENCE", &site{},
		"matches schemas at indices [0 1]",   // the two forms of a body, of which the description tells neither apart
		"unsupported schema of request body") // a form with a file
	p := space(t, server.URL)
	ref, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	next := written
	next.Known, next.Markdown = ref, "New.\n"
	if _, err := p.Publish(t.Context(), next); err != nil {
		t.Error(err)
	}
	if _, err := p.ReadPage(t.Context(), ref.ID); err != nil {
		t.Error(err)
	}
	if _, err := p.Probe(t.Context()); err != nil {
		t.Error(err)
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add(`<p>a<ac:link><ri:user/></ac:link></p>`)
	f.Add(`<ac:task-list><ac:task>`)
	f.Add(`</p></p><![CDATA[x]]>&nbsp;&bad;`)
	s := &site{pages: []*stored{{ID: "9", Title: "T", Number: 1}}}
	server := httptest.NewServer(s)
	f.Cleanup(server.Close)
	f.Fuzz(func(t *testing.T, body string) {
		s.pages[0].Body = body
		if _, err := space(t, server.URL).ReadPage(t.Context(), "9"); hindcast.CodeOf(err) == hindcast.Internal {
			t.Errorf("%q: %v", body, err)
		}
	})
}
