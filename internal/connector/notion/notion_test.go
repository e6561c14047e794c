package notion_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/notion"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

const above = "16d84278-ab0e-484c-9bdd-b35da3bd8905"

func settings(base, token string) connector.Settings {
	return connector.Settings{"url": secret.New(base), "parent": secret.New("https://www.notion.so/Post-mortems-16d84278ab0e484c9bddb35da3bd8905?pvs=4"), "token": secret.New(token)}
}

// workspace is Notion in memory: the blocks of each page in order.
type workspace struct {
	mu     sync.Mutex
	titles map[string]string
	blocks map[string][]map[string]any
	order  []string // pages below the one above
	trash  map[string]bool
	lose   int // the number of the request that writes whose answer is lost
	writes int
}

func start(t *testing.T) (*workspace, *notion.Shelf) {
	s := &workspace{titles: map[string]string{}, blocks: map[string][]map[string]any{}, trash: map[string]bool{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, shelf(t, server.URL)
}

func shelf(t *testing.T, address string) *notion.Shelf {
	t.Helper()
	v, err := notion.Vendor().Open(settings(address, "t"), connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Attempts: 1, Limits: outhttp.Limits{AtOnce: 4, Every: time.Millisecond, Burst: 200}})})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*notion.Shelf)
}

func (s *workspace) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	answer := s.answer(r, body)
	if r.Method != http.MethodGet {
		if s.writes++; s.writes == s.lose {
			panic(http.ErrAbortHandler)
		}
	}
	if answer == nil {
		http.NotFound(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *workspace) answer(r *http.Request, body []byte) any {
	var in struct {
		Properties struct {
			Title struct {
				Title []struct{ Text struct{ Content string } }
			}
		}
		Children []map[string]any
		InTrash  bool `json:"in_trash"`
	}
	_ = json.Unmarshal(body, &in)
	title := ""
	if len(in.Properties.Title.Title) > 0 {
		title = in.Properties.Title.Title[0].Text.Content
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	switch {
	case r.URL.Path == "/v1/users/me":
		return map[string]any{"object": "user", "name": "Hindcast"}
	case r.URL.Path == "/v1/pages":
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", len(s.titles)+1)
		s.titles[id], s.order = title, append(s.order, id)
		return map[string]any{"object": "page", "id": id}
	case parts[0] == "pages":
		if in.InTrash {
			s.trash[parts[1]] = true
		} else {
			s.titles[parts[1]] = title
		}
		return map[string]any{"object": "page", "id": parts[1]}
	case r.Method == http.MethodPatch:
		for _, b := range in.Children {
			s.blocks[parts[1]] = append(s.blocks[parts[1]], stored(b))
		}
		return map[string]any{"object": "list"}
	case parts[1] == above:
		list := []any{map[string]any{"object": "block", "id": "x", "type": "paragraph", "paragraph": map[string]any{"rich_text": []any{}}}}
		for _, id := range s.order {
			if !s.trash[id] {
				list = append(list, map[string]any{"object": "block", "id": id, "type": "child_page", "child_page": map[string]any{"title": s.titles[id]}})
			}
		}
		return map[string]any{"object": "list", "results": list}
	}
	return s.list(parts[1], r.URL.Query().Get("start_cursor"))
}

// list hands out blocks two at a time.
func (s *workspace) list(id, cursor string) any {
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	all := s.blocks[id]
	to := min(from+2, len(all))
	out := map[string]any{"object": "list", "results": append([]map[string]any{}, all[min(from, to):to]...), "has_more": to < len(all)}
	if to < len(all) {
		out["next_cursor"] = fmt.Sprint(to)
	}
	return out
}

// stored adds to a block what the API tells of it.
func stored(b map[string]any) map[string]any {
	inside := b[b["type"].(string)].(map[string]any)
	for _, x := range inside["rich_text"].([]any) {
		x.(map[string]any)["plain_text"] = x.(map[string]any)["text"].(map[string]any)["content"]
	}
	b["id"] = "b"
	return b
}

// text returns what a page says, a line for each block.
func (s *workspace) text(id string) string {
	var out []string
	for _, b := range s.blocks[id] {
		line := b["type"].(string)[:1] + " "
		for _, x := range b[b["type"].(string)].(map[string]any)["rich_text"].([]any) {
			line += x.(map[string]any)["plain_text"].(string)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// live returns the pages that are not in the trash.
func (s *workspace) live() (out []string) {
	for _, id := range s.order {
		if !s.trash[id] {
			out = append(out, id)
		}
	}
	return out
}

var written = connector.Page{
	Key: "i1", Title: "Post-mortem #1: Mobile API down", URL: "https://hindcast.example.org/p/1/read",
	Markdown: "## Timeline\n\nIn UTC, see [here](https://example.org/a) or [there](/p/2).\n\n- **14:37** rollout\n  - Detail: `x < y`\n\n    more\n- end\n\n| Who | What |\n|---|---|\n| SRE | alert |\n\n```\na\nb\n```\n\n<b>x</b> ![p](https://example.org/p.png)\n",
}

const wantText = `p TIMELINE
p In UTC, see here or there.
b 14:37 rollout
b  – Detail: x < y
b  – more
b end
b Who: SRE · What: alert
p a
b
p x 
p Published from Hindcast, which replaces this page when the post-mortem is published again: change it there. Open the post-mortem · hindcast-`

func TestConformance(t *testing.T) {
	connectortest.Publisher(t, connectortest.Service{
		Open: func(base string, d connector.Deps, credential string) (any, error) {
			return notion.Vendor().Open(settings(base, credential), d)
		},
		Answer: func(w http.ResponseWriter, r *http.Request) {
			(&workspace{titles: map[string]string{}, blocks: map[string][]map[string]any{}}).ServeHTTP(w, r)
		},
		Key: func(r *http.Request, body []byte) string { // a page by its title, its content by our mark
			if strings.Contains(string(body), `"Outage"`) || strings.Contains(string(body), "hindcast-") {
				return "ours"
			}
			return ""
		},
	})
}

func TestPage(t *testing.T) {
	s, p := start(t)
	ref, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	if want := "https://www.notion.so/" + strings.ReplaceAll(ref.ID, "-", ""); ref.URL != want || ref.Version == "" {
		t.Errorf("ref = %+v, want the address %s and a version", ref, want)
	}
	got := s.text(ref.ID)
	if diff := cmp.Diff(wantText, got[:len(got)-16]); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	raw, _ := json.Marshal(s.blocks[ref.ID])
	if strings.Count(string(raw), `"url"`) != 2 { // of the document only the one that leads somewhere from there
		t.Errorf("links: %s", raw)
	}
	known := written
	known.Known = ref
	if again, err := p.Publish(t.Context(), known); err != nil || again != ref || len(s.order) != 1 {
		t.Errorf("the same again: %+v, %v, %d pages", again, err, len(s.order))
	}
}

// TestAgain publishes a second time: a new page takes the place of the known one,
// what others wrote stays until a person decides.
func TestAgain(t *testing.T) {
	s, p := start(t)
	first, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	next := written
	next.Known, next.Markdown = first, "New.\n"
	second, err := p.Publish(t.Context(), next)
	if err != nil || second.ID == first.ID {
		t.Fatalf("the second time: %+v, %v", second, err)
	}
	if diff := cmp.Diff([]string{second.ID}, s.live()); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	s.blocks[second.ID] = append(s.blocks[second.ID], stored(map[string]any{"type": "paragraph", "paragraph": map[string]any{"rich_text": []any{map[string]any{"text": map[string]any{"content": "by hand"}}}}}))
	next.Known, next.Markdown = second, "Newer.\n"
	if _, err := p.Publish(t.Context(), next); hindcast.CodeOf(err) != hindcast.Conflict || s.trash[second.ID] {
		t.Errorf("over a change by hand: %v, want %s and the page to stay", err, hindcast.Conflict)
	}
	next.Overwrite = true
	if third, err := p.Publish(t.Context(), next); err != nil || third.ID == second.ID || !s.trash[second.ID] {
		t.Errorf("overwriting: %+v, %v", third, err)
	}
}

// TestAPageThatIsGone makes no other in place of one that was deleted or moved
// there, until a person decides.
func TestAPageThatIsGone(t *testing.T) {
	s, p := start(t)
	first, err := p.Publish(t.Context(), written)
	if err != nil {
		t.Fatal(err)
	}
	s.trash[first.ID] = true
	next := written
	next.Known, next.Markdown = first, "New.\n"
	if _, err := p.Publish(t.Context(), next); hindcast.CodeOf(err) != hindcast.Conflict || !errors.Is(err, connector.ErrGone) || len(s.live()) != 0 {
		t.Errorf("after it was deleted: %v, pages %v; want %s", err, s.live(), hindcast.Conflict)
	}
	next.Overwrite = true
	if ref, err := p.Publish(t.Context(), next); err != nil || len(s.live()) != 1 || s.live()[0] != ref.ID {
		t.Errorf("made anew: %+v, %v, pages %v", ref, err, s.live())
	}
}

// TestLostAnswers loses the answer of each request that writes, with a page of
// several requests; in the end there is one page, whole.
func TestLostAnswers(t *testing.T) {
	long := written
	long.Markdown = strings.Repeat("- item\n", 230)
	for lose := 1; lose <= 5; lose++ {
		s, p := start(t)
		if lose == 5 { // the trash
			first, err := p.Publish(t.Context(), written)
			if err != nil {
				t.Fatal(err)
			}
			long.Known, s.lose = first, s.writes+5
		} else {
			s.lose = lose
		}
		if _, err := p.Publish(t.Context(), long); hindcast.CodeOf(err) != hindcast.Unavailable {
			t.Errorf("write %d: the lost answer: %v, want %s", lose, err, hindcast.Unavailable)
		}
		ref, err := p.Publish(t.Context(), long)
		if err != nil || len(s.blocks[ref.ID]) != 231 || len(s.live()) != 1 {
			t.Errorf("write %d: the second attempt: %+v, %v, %d blocks, pages %v; want 231 in one", lose, ref, err, len(s.blocks[ref.ID]), s.live())
		}
	}
}

func TestReadPage(t *testing.T) {
	s, p := start(t)
	rich := func(words ...string) map[string]any {
		list := []any{}
		for _, w := range words {
			x := map[string]any{"type": "text", "plain_text": w}
			if strings.HasPrefix(w, "@") {
				x["type"] = "mention"
			}
			list = append(list, x)
		}
		return map[string]any{"rich_text": list}
	}
	cell := func(w string) []any { return []any{map[string]any{"plain_text": w}} }
	id := "11111111-2222-4333-8444-555555555555"
	s.blocks[id] = []map[string]any{
		{"id": "1", "type": "heading_1", "heading_1": rich("Checkout down")},
		{"id": "2", "type": "heading_2", "heading_2": rich("Timeline")},
		{"id": "3", "type": "bulleted_list_item", "bulleted_list_item": rich("14:37 rollout"), "has_children": true},
		{"id": "4", "type": "table", "table": map[string]any{"table_width": 2}, "has_children": true},
		{"id": "5", "type": "code", "code": rich("kubectl get pods")},
		{"id": "6", "type": "to_do", "to_do": map[string]any{"rich_text": rich("add an alert")["rich_text"], "checked": true}},
		{"id": "7", "type": "paragraph", "paragraph": rich("told by ", "@Kim")},
		{"id": "8", "type": "unsupported", "unsupported": map[string]any{}},
	}
	s.blocks["3"] = []map[string]any{{"id": "31", "type": "paragraph", "paragraph": rich("by the pipeline")}}
	s.blocks["4"] = []map[string]any{{"id": "41", "type": "table_row", "table_row": map[string]any{"cells": []any{cell("Who"), cell("What")}}}, {"id": "42", "type": "table_row", "table_row": map[string]any{"cells": []any{cell("SRE"), cell("a|b")}}}}
	got, err := p.ReadPage(t.Context(), "https://www.notion.so/team/Checkout-11111111222243338444555555555555?pvs=4")
	if err != nil {
		t.Fatal(err)
	}
	want := "# Checkout down\n\n## Timeline\n- 14:37 rollout\n\n  by the pipeline\n\n| Who | What |\n| --- | --- |\n| SRE | a\\|b |\n\n```\nkubectl get pods\n```\n\n- [x] add an alert\n\ntold by a person\n"
	if diff := cmp.Diff(connector.Page{Title: "Checkout down", Markdown: want, URL: "https://www.notion.so/11111111222243338444555555555555"}, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	if _, err := p.ReadPage(t.Context(), "https://www.notion.so/nothing"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("an address without an id: %v, want %s", err, hindcast.Invalid)
	}
}

func TestSettings(t *testing.T) {
	if where, err := notion.Vendor().Check(settings("", "t")); err != nil || where != "https://www.notion.so/16d84278ab0e484c9bddb35da3bd8905" {
		t.Errorf("Check = %q, %v", where, err)
	}
	_, err := notion.Vendor().Check(connector.Settings{"url": secret.New("example"), "parent": secret.New("x")})
	for _, field := range []string{"url: ", "parent: ", "token: "} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("the error is %v, want one that names %q", err, field)
		}
	}
}

// TestRequestsFitTheDescription asks a service that accepts only requests that are
// valid against Notion's description.
func TestRequestsFitTheDescription(t *testing.T) {
	s := &workspace{titles: map[string]string{}, blocks: map[string][]map[string]any{}, trash: map[string]bool{}}
	p := shelf(t, connectortest.Checked(t, "HINDCAST_TEST_NOTION", s).URL)
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
