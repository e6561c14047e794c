package web_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/web"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/kept"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/reading"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// fullSize returns the pages of a library with documents of full size: of the first
// five the viewer takes no part, of the next three they do, and the first of these is
// a draft.
func fullSize(t *testing.T) http.Handler {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "hindcast.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	a := auth.New(auth.Config{DB: s.DB(), Audit: func(context.Context, *sqldb.Tx, hindcast.Viewer, string, any) error { return nil }})
	me, _, err := a.Demo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = s.Write(t.Context(), func(tx *store.Tx) error {
		for i := range 8 {
			d := storetest.Document(i, storetest.FullSize)
			if i >= 5 {
				d.People = append(d.People, store.Participant{PersonID: me.PersonID, Role: "lead", AddedAt: d.CreatedAt, AddedBy: me.PersonID})
			}
			if err := tx.Insert(t.Context(), d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	flow := workflow.New(workflow.Config{Store: s, Blobs: blobs})
	reviews := review.New(review.Config{DB: s.DB(), Workflow: flow})
	h, err := web.New(web.Config{Workflow: flow, Review: reviews, Notice: notice.New(notice.Config{DB: s.DB()}), Followup: followup.New(followup.Config{Workflow: flow, DB: s.DB()}), Kept: kept.New(kept.Config{DB: s.DB(), Policy: flow.Policy()}),
		Reading: reading.New(reading.Config{Workflow: flow, DB: s.DB()}), Auth: a, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	mux := http.NewServeMux()
	h.Mount(mux)
	return mux
}

// assetsOf matches what a page names, and importsOf what a script loads before it
// runs, which of our own have nothing to load themselves.
var assetsOf, importsOf = regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`), regexp.MustCompile(`(?:from|import)"\./([^"]+)"`)

// checksOf matches where a page has the checklist from.
var checksOf = regexp.MustCompile(`<hc-checks data-source="([^"]+)"`)

// firstVisit returns how many bytes, compressed, and requests it takes to see a page
// when nothing of it was loaded before, those included that come by themselves, and
// the page. What tells of news sends nothing while there are none.
func firstVisit(t *testing.T, h http.Handler, path string) (total, requests int, page string) {
	t.Helper()
	fetch := func(path string) string {
		r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("Hindcast-Script", "1")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("GET %s = %d", path, w.Code)
		}
		total, requests = total+w.Body.Len(), requests+1
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	for range 3 { // the third time from what is kept compressed
		total, requests = 0, 0
		page = fetch(path)
		if m := checksOf.FindStringSubmatch(page); m != nil { // asked for where they are in sight
			fetch(m[1])
		}
		for _, m := range assetsOf.FindAllStringSubmatch(page, -1) {
			for _, imported := range importsOf.FindAllStringSubmatch(fetch(m[1]), -1) {
				fetch("/assets/" + imported[1])
			}
		}
	}
	return total, requests, page
}

func TestFirstVisitIsSmall(t *testing.T) {
	h := start(t).Handler()
	for _, path := range []string{"/", "/library", "/actions", "/p/1/read", "/p/1?whole=1", "/p/3"} {
		checkFirstVisit(t, h, path)
	}
}

// TestFirstVisitOfAFullSizeDocumentIsSmall holds the same for the longest documents
// that a library is made for, in each form in which people see them.
func TestFirstVisitOfAFullSizeDocumentIsSmall(t *testing.T) {
	h := fullSize(t)
	for _, path := range []string{"/p/2/read", "/p/3/read", "/p/2?whole=1", "/p/3?whole=1", "/p/6", "/p/7?whole=1", "/p/8?whole=1"} {
		page := checkFirstVisit(t, h, path)
		if n := strings.Count(page, "<time"); n < storetest.FullSize.Entries {
			t.Errorf("%s tells %d times, want a page of %d entries", path, n, storetest.FullSize.Entries)
		}
	}
}

// checkFirstVisit checks the weight of a first visit and returns the page.
func checkFirstVisit(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	total, requests, page := firstVisit(t, h, path)
	if total > 40<<10 || requests > 5 {
		t.Errorf("a first visit to %s takes %d bytes in %d requests, want at most 40 KB in 5", path, total, requests)
	}
	t.Logf("%s: %d bytes in %d requests", path, total, requests)
	return page
}

func TestSqueezedStyleSaysTheSame(t *testing.T) {
	for _, test := range []struct{ name, css, want string }{
		{"line breaks", ".a {\n  color: red;\n  margin: 0 auto\n}\n", ".a{color:red;margin:0 auto}"},
		{"last semicolon", ".a { color: red; }", ".a{color:red}"},
		{"comment", "/* ** why: {} */.a { color: red /* so */ }", ".a{color:red }"},
		{"text in quotes", `.a::before { content: "  {; " }`, `.a::before{content:"  {; "}`},
		{"descendants and states", ".a :hover, .b > .c:not(.d, .e) { top: calc(1px + 2px) }", ".a :hover,.b > .c:not(.d,.e){top:calc(1px + 2px)}"},
		{"nested", "@media (max-width: 2rem) { .a { & .b { top: 0 } } }", "@media (max-width:2rem){.a{& .b{top:0}}}"},
	} {
		if got := web.Squeezed(test.css); got != test.want {
			t.Errorf("%s: Squeezed(%q) = %q, want %q", test.name, test.css, got, test.want)
		}
	}
}
