package export_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"
)

// TestSliderIsTheOnlyScript holds the policy of a page against what stands in it.
func TestSliderIsTheOnlyScript(t *testing.T) {
	var b strings.Builder
	err := export.Page(&b, export.Document{Postmortem: document.Parse("story.md", []byte(story)).Postmortem, Slider: &export.Slider{
		Stops: []export.Stop{{Label: "14:00:00", Summary: "</script><b>one</b>"}, {Label: "14:01:00", Summary: "all"}}, Known: map[string]int{"timeline/begin": 1},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := b.String()
	var scripts []string
	for rest := got; ; {
		_, after, ok := strings.Cut(rest, "<script")
		if !ok {
			break
		}
		tag, after, _ := strings.Cut(after, ">")
		body, after, _ := strings.Cut(after, "</script>")
		if tag == "" {
			scripts = append(scripts, body)
		} else if !json.Valid([]byte(body)) || strings.Contains(body, "<") {
			t.Errorf("the data of the slider is not safe JSON: %s", body)
		}
		rest = after
	}
	if len(scripts) != 1 {
		t.Fatalf("the page has %d scripts, want 1", len(scripts))
	}
	sum := sha256.Sum256([]byte(scripts[0]))
	if want := "script-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'\">"; !strings.Contains(got, want) {
		t.Errorf("the policy lacks %s", want)
	}
	for _, want := range []string{`max="2" step="1" value="2"`, `<form class="asof" id="asof" hidden>`, `<label for="asof-at">`} {
		if !strings.Contains(got, want) {
			t.Errorf("the slider lacks %s", want)
		}
	}
}
