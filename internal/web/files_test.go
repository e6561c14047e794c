package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/web"
)

// send posts files to a page, each under the name that a browser would give.
func (d demo) send(path string, files map[string]string, fields ...string) *httptest.ResponseRecorder {
	d.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			d.Fatal(err)
		}
	}
	for name, text := range files {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="` + name + `"`}, "Content-Type": {"application/octet-stream"}}
		p, err := m.CreatePart(h)
		if err != nil {
			d.Fatal(err)
		}
		if _, err := p.Write([]byte(text)); err != nil {
			d.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		d.Fatal(err)
	}
	r := httptest.NewRequestWithContext(d.Context(), "POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, r)
	return w
}

func TestEvidenceKeepsItsFolders(t *testing.T) {
	d := start(t)
	log := strings.Repeat("2024-06-01T10:00:00Z ERROR api request failed\n", 20)
	w := d.send("/new/evidence", map[string]string{"logs/api.log": log, `..\..\etc/passwd`: log + "x", "../../../up.log": log + "y"}, "title", "Folders")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/builds/") {
		t.Fatalf("sending = %d %s", w.Code, w.Body)
	}
	_, num, _ := strings.Cut(w.Header().Get("Location"), "?p=")
	page := d.page("/p/"+num+"/evidence", http.StatusOK)
	for _, want := range []string{">logs/api.log<", ">etc/passwd<", ">up.log<"} {
		if !strings.Contains(page, want) {
			t.Errorf("the evidence lacks %s", want)
		}
	}
	if strings.Contains(page, "..") {
		t.Error("a name leads out of the folder")
	}
}

func TestNothingToDraftFromIsSaid(t *testing.T) {
	d := start(t)
	w := d.send("/new/evidence", nil, "title", "x")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `role="alert"`) {
		t.Errorf("no files = %d, want 422 and what to do", w.Code)
	}
	w = d.do("POST", "/new/evidence", nil, "Content-Type", "text/plain")
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no form = %d, want 422", w.Code)
	}
}

func TestImportTellsWhatItUnderstood(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", "# Slow\n\n## Timeline\n\n- 14:00 it got slow\n\n## Odd words\n\ntext\n")
	to := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasSuffix(to, "/imported") {
		t.Fatalf("importing = %d to %q %s", w.Code, to, w.Body)
	}
	if page := d.page(to, http.StatusOK); !strings.Contains(page, "<li>Odd words</li>") || !strings.Contains(page, "1 entry") {
		t.Error("the report does not say what was understood and what was not")
	}
	if to := d.do("GET", "/p/1/imported", nil).Header().Get("Location"); to != "/p/1" {
		t.Errorf("a report that is not known leads to %q", to)
	}
}

func TestTextIsNeverCutOff(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", "# Long\n\n"+strings.Repeat("word ", 1<<20))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "larger than 4 MB") {
		t.Errorf("5 MB of text = %d, want 422 that says so", w.Code)
	}
}

func TestBuildsThatAreOverLeadToTheirPostmortem(t *testing.T) {
	d := start(t)
	if to := d.do("GET", "/builds/long-ago?p=1", nil).Header().Get("Location"); to != "/p/1" {
		t.Errorf("leads to %q, want /p/1", to)
	}
	d.page("/builds/long-ago", http.StatusNotFound)
}

func TestLeftoversOfUploadsAreSwept(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{"upload-old": 48 * time.Hour, "upload-new": time.Minute} {
		at := filepath.Join(dir, name)
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(at, then, then); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := web.New(web.Config{Scratch: dir}); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "upload-new" {
		t.Errorf("left: %v, %v; want upload-new", left, err)
	}
}
