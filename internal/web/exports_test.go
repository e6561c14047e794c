package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestExportsAreForTheirAudience(t *testing.T) {
	d := start(t)
	for path, want := range map[string]struct{ name, kind, begins, lacks string }{
		"/p/1/export.md":                            {".md", "text/markdown", "---\nhindcast: 1", "\x00"},
		"/p/1/export.json":                          {".json", "application/json", "{", "\x00"},
		"/p/1/export.html":                          {".html", "text/html", "<!doctype html>", "javascript:"},
		"/p/1/export.pdf":                           {".pdf", "application/pdf", "%PDF-1", "/JavaScript"},
		"/p/1/export?format=pdf&paper=letter":       {".pdf", "application/pdf", "%PDF-1", "595.28"},
		"/p/1/export.md?audience=customer":          {"-customer.md", "text/markdown", "---\nhindcast: 1", "Engineer"},
		"/p/1/export?audience=customer&format=json": {"-customer.json", "application/json", "{", "Engineer"},
		"/p/1/export?audience=executive&format=md":  {"-executive.md", "text/markdown", "---\nhindcast: 1", "slack-export"},
	} {
		w := d.do("GET", path, nil)
		if w.Code != http.StatusOK {
			t.Errorf("GET %s = %d %s", path, w.Code, w.Body)
			continue
		}
		h := w.Header()
		if name := h.Get("Content-Disposition"); !strings.HasPrefix(name, "attachment;") || !strings.HasSuffix(name, want.name+`"`) {
			t.Errorf("GET %s is named %s, want …%s", path, name, want.name)
		}
		if kind := h.Get("Content-Type"); !strings.HasPrefix(kind, want.kind) {
			t.Errorf("GET %s is %s, want %s", path, kind, want.kind)
		}
		if body := w.Body.String(); !strings.HasPrefix(body, want.begins) || strings.Contains(body, want.lacks) {
			t.Errorf("GET %s begins with %.30q and must not hold %q", path, body, want.lacks)
		}
	}
	for _, path := range []string{"/p/1/export?format=doc", "/p/1/export.md?audience=press"} {
		if w := d.do("GET", path, nil); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
			t.Errorf("GET %s = %d, want that the request is wrong", path, w.Code)
		}
	}
	if !strings.Contains(d.page("/p/1", http.StatusOK), `/p/1/export.pdf?audience=customer"`) {
		t.Error("the page does not offer audiences")
	}
}
