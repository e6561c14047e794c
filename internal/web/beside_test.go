package web_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

// beside returns the threads beside a post-mortem as a script gets them.
func (d demo) beside() []*webtest.Element {
	d.Helper()
	w := d.do("GET", "/p/3/review/beside", nil, "Hindcast-Script", "1")
	all, err := webtest.Parse(w.Body.String())
	if w.Code != 200 || err != nil {
		d.Fatalf("GET beside = %d, %v", w.Code, err)
	}
	return all
}

// script sends a form as a script of ours.
func (d demo) script(path string, form url.Values) (*httptest.ResponseRecorder, map[string]any) {
	d.Helper()
	w := d.do("POST", path, form, "Hindcast-Script", "1")
	told := map[string]any{}
	if w.Code == 200 {
		if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil {
			d.Fatalf("POST %s: %v", path, err)
		}
	}
	return w, told
}

// TestWordsSelectedOnThePageAreThoseOfTheText speaks of words as they are read,
// over the marks of the text that they are made of, and changes them.
func TestWordsSelectedOnThePageAreThoseOfTheText(t *testing.T) {
	d := start(t)
	summary := func(text string) {
		t.Helper()
		part := d.do("GET", "/p/3/part?path=sections/summary&edit=1", nil, "Hindcast-Script", "1").Body.String()
		all, err := webtest.Parse(part)
		if err != nil {
			t.Fatal(err)
		}
		base := webtest.Find(all, "input", "name", "base")[0].Attr["value"]
		if w := d.do("POST", "/p/3/part", url.Values{"path": {"sections/summary"}, "base": {base}, "text": {text}}, "Hindcast-Script", "1"); w.Code != 200 {
			t.Fatalf("the summary is not saved: %d %s", w.Code, w.Body)
		}
	}
	summary("The **pool** of the _ledger_ ran dry, and the pool was small.\n")
	words := url.Values{"path": {"sections/summary"}, "read": {"1"}, "quote": {"pool of the ledger ran"}, "prefix": {"The "}, "suffix": {" dry, and"}, "text": {"Which one?"}}
	w, told := d.script("/p/3/review", words)
	id, _ := told["thread"].(string)
	if w.Code != 200 || id == "" {
		t.Fatalf("POST review = %d %s", w.Code, w.Body)
	}
	at := func() *webtest.Element {
		t.Helper()
		found := webtest.Find(d.beside(), "article", "id", "thread-"+id)
		if len(found) != 1 {
			t.Fatalf("%d threads of the id, want it", len(found))
		}
		return found[0]
	}
	if got := at(); got.Attr["data-from"] != "3" || got.Attr["data-words"] != "pooloftheledgerran" || !strings.Contains(got.Text, "pool of the ledger ran") {
		t.Errorf("the thread: %v", got.Attr)
	}
	summary("At first nobody knew. The **pool** of the _ledger_ ran dry, and the pool was small.\n")
	if got := at(); got.Attr["data-from"] != "21" {
		t.Errorf("after an edit the words begin at %s, want 21", got.Attr["data-from"])
	}

	words.Set("words", "pool of connections ran")
	words.Set("text", "")
	_, told = d.script("/p/3/review", words)
	id, _ = told["thread"].(string)
	var accept string
	for _, f := range webtest.Find(d.beside(), "form", "action", "/p/3/review/accept/") {
		accept = f.Attr["action"]
	}
	w, told = d.script(accept, url.Values{"thread": {id}})
	if w.Code != 200 || told["revision"] == nil {
		t.Fatalf("accept = %d %s", w.Code, w.Body)
	}
	if page := d.page("/p/3", 200); !strings.Contains(page, "The pool of connections ran dry, and the pool was small.") {
		t.Error("the words did not land in the text")
	}
	if got := webtest.Find(d.beside(), "article", "id", "thread-"+id); len(got) != 0 {
		t.Error("an accepted suggestion still stands beside the text")
	}

	summary("See [the runbook](https://a.example) first.\n")
	for name, bad := range map[string]url.Values{
		"words that are gone":  {"path": {"sections/summary"}, "read": {"1"}, "quote": {"pool of the ledger"}, "text": {"x"}},
		"half a link":          {"path": {"sections/summary"}, "read": {"1"}, "quote": {"See the"}, "words": {"x"}},
		"nothing said":         {"path": {"sections/summary"}, "read": {"1"}, "quote": {"first"}},
		"the same words":       {"path": {"sections/summary"}, "read": {"1"}, "quote": {"first"}, "words": {"first"}},
		"a part that is gone":  {"path": {"timeline/nothing"}, "text": {"x"}},
		"an unknown kind":      {"path": {"pictures/cat"}, "text": {"x"}},
		"more than one says":   {"path": {""}, "text": {strings.Repeat("x", 10_001)}},
		"words about nothing":  {"path": {""}, "words": {"x"}},
		"words of a whole one": {"path": {"sections/summary"}, "words": {"x"}},
	} {
		if w, _ := d.script("/p/3/review", bad); w.Code != 409 && w.Code != 422 && w.Code != 404 || strings.Contains(w.Body.String(), "<") {
			t.Errorf("%s: %d %s, want a sentence", name, w.Code, w.Body)
		}
	}
}

// TestSuggestionsAreMadeWhereOneStands asks as a script for the form of an entry
// after another, and sends it.
func TestSuggestionsAreMadeWhereOneStands(t *testing.T) {
	d := start(t)
	rows, err := webtest.Parse(d.page("/p/3", 200))
	if err != nil {
		t.Fatal(err)
	}
	at := webtest.Find(rows, "tr", "data-part", "timeline/")[1].Attr["data-part"]
	w := d.do("GET", "/p/3/review/suggest?"+url.Values{"path": {"timeline/new"}, "about": {at}}.Encode(), nil, "Hindcast-Script", "1")
	form, err := webtest.Parse(w.Body.String())
	if w.Code != 200 || err != nil || strings.Contains(w.Body.String(), "<html") {
		t.Fatalf("GET suggest = %d, %v", w.Code, err)
	}
	when := webtest.Find(form, "input", "name", "at")[0].Attr["value"]
	if when == "" || webtest.Find(form, "input", "name", "about")[0].Attr["value"] != at {
		t.Errorf("the form knows neither when nor where: %q", when)
	}
	sent := url.Values{"path": {"timeline/new"}, "about": {at}, "at": {"soon"}, "kind": {"action"}, "actor.kind": {"person"}, "title": {"Traffic was moved away"}, "why": {"It is missing."}}
	if w, _ := d.script("/p/3/review/suggest", sent); w.Code != 422 || !strings.Contains(w.Body.String(), "composer") {
		t.Errorf("an entry of no time: %d, want the form again", w.Code)
	}
	sent.Set("at", when)
	w, told := d.script("/p/3/review/suggest", sent)
	id, _ := told["thread"].(string)
	if w.Code != 200 || id == "" {
		t.Fatalf("POST suggest = %d %s", w.Code, w.Body)
	}
	found := webtest.Find(d.beside(), "article", "id", "thread-"+id)
	if len(found) != 1 || found[0].Attr["data-path"] != at || !strings.Contains(found[0].Text, "Traffic was moved away") {
		t.Errorf("it does not stand at %s: %v", at, found)
	}
	if w := d.do("GET", "/p/3/review/beside", nil); w.Code != 303 || w.Header().Get("Location") != "/p/3/review" {
		t.Errorf("without a script: %d %s, want the page of the review", w.Code, w.Header().Get("Location"))
	}
}
