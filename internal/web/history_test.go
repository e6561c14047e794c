package web_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/web/webtest"
)

// write makes a text that of a section.
func (d demo) write(section, text string) {
	d.Helper()
	path := "sections/" + section
	part, err := webtest.Parse(d.do("GET", "/p/3/part?path="+path+"&edit=1", nil, "Hindcast-Script", "1").Body.String())
	if err != nil {
		d.Fatal(err)
	}
	base := webtest.Find(part, "input", "name", "base")[0].Attr["value"]
	if w := d.do("POST", "/p/3/part", url.Values{"path": {path}, "base": {base}, "text": {text}}, "Hindcast-Script", "1"); w.Code != 200 {
		d.Fatalf("%s is not saved: %d %s", section, w.Code, w.Body)
	}
}

// TestEveryVersionIsSeenAndCompared looks at a document as it was, and at what
// differs between any two versions of it.
func TestEveryVersionIsSeenAndCompared(t *testing.T) {
	d := start(t)
	d.write("summary", "The pool ran dry.")
	d.write("impact", "Xylophones stood still.")
	d.write("summary", "The small pool ran dry.")
	var last int
	if m := regexp.MustCompile(`/p/3/history/(\d+)"`).FindStringSubmatch(d.page("/p/3/history", 200)); m == nil {
		t.Fatal("the history has no change")
	} else if _, err := fmt.Sscan(m[1], &last); err != nil {
		t.Fatal(err)
	}
	at := func(n int, query string) string { return fmt.Sprintf("/p/3/history/%d%s", n, query) }
	for name, tt := range map[string]struct {
		path     string
		has, not []string
	}{
		"one change":           {at(last, ""), []string{"<ins>small </ins>", at(last-1, ""), "Take this change back"}, []string{"Xylophones", at(last+1, "")}},
		"two changes":          {at(last, fmt.Sprintf("?since=%d", last-2)), []string{"<ins>small </ins>", "Xylophones"}, []string{"Take this change back"}},
		"back in time":         {at(last-2, fmt.Sprintf("?since=%d", last)), []string{"<del>small </del>", "Xylophones"}, nil},
		"as it was":            {at(last-2, "?whole"), []string{"The pool ran dry.", at(last, fmt.Sprintf("?since=%d", last-2)), "Bring back"}, []string{"Xylophones", "small pool"}},
		"as it is":             {at(last, "?whole"), []string{"The small pool ran dry.", "Xylophones stood still."}, []string{"Bring back"}},
		"as it began":          {at(0, "?whole"), []string{"As it began", "Incident Summary"}, []string{"The pool ran dry."}},
		"the earlier of these": {at(last-1, ""), []string{at(last, ""), "Xylophones"}, nil},
	} {
		page := d.page(tt.path, 200)
		for _, want := range tt.has {
			if !strings.Contains(page, want) {
				t.Errorf("%s, %s, has no %q", name, tt.path, want)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(page, not) {
				t.Errorf("%s, %s, has %q", name, tt.path, not)
			}
		}
		for _, fault := range webtest.Faults(page) {
			t.Errorf("%s: %s", name, fault)
		}
	}
	for path, status := range map[string]int{at(0, ""): 404, at(-1, "?whole"): 404, at(last+1, ""): 404, at(last, "?since=x"): 422, at(last, fmt.Sprintf("?since=%d", last)): 422} {
		d.page(path, status)
	}
}
