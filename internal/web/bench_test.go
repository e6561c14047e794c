package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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
)

// large returns the pages of a library with many post-mortems: as many as
// HINDCAST_BENCH_LIBRARY says, 1,000 unless it is set.
func large(b *testing.B) (pages func() (http.Handler, *web.Handler), n int) {
	b.Helper()
	n = 1000
	if text := os.Getenv("HINDCAST_BENCH_LIBRARY"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("hindcast-bench-web-%d", n))
	done := filepath.Join(dir, "complete")
	_, err := os.Stat(done)
	s, oerr := store.Open(b.Context(), filepath.Join(dir, "hindcast.db"))
	if oerr != nil {
		b.Fatal(oerr)
	}
	b.Cleanup(func() { _ = s.Close() })
	a := auth.New(auth.Config{DB: s.DB(), Audit: func(context.Context, *sqldb.Tx, hindcast.Viewer, string, any) error { return nil }})
	if _, _, err := a.Demo(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err != nil {
		if err := storetest.Fill(b.Context(), s, n, storetest.FullSize); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(done, nil, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	blobs, err := blob.OpenDir(filepath.Join(dir, "blobs"))
	if err != nil {
		b.Fatal(err)
	}
	flow := workflow.New(workflow.Config{Store: s, Blobs: blobs})
	pages = func() (http.Handler, *web.Handler) {
		h, err := web.New(web.Config{Workflow: flow, Notice: notice.New(notice.Config{DB: s.DB()}), Followup: followup.New(followup.Config{Workflow: flow, DB: s.DB()}), Kept: kept.New(kept.Config{DB: s.DB(), Policy: flow.Policy()}),
			Reading: reading.New(reading.Config{Workflow: flow, DB: s.DB()}), Auth: a, Demo: true})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(h.Close)
		mux := http.NewServeMux()
		h.Mount(mux)
		return mux, h
	}
	return pages, n
}

// cpu returns the processor time that the program has used so far.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// stored ends the names of the views of documents whose pages were made before, and
// are not in memory.
const stored = ", any document"

// BenchmarkLibrary reports the processor time that a page costs the server, with
// permissions checked and the answer compressed.
func BenchmarkLibrary(b *testing.B) {
	pages, n := large(b)
	h, _ := pages()
	seen := func(i int) int { // published and not private
		num := (i * 7919) % n
		for num%5 == 0 || num%33 == 0 {
			num++
		}
		return num + 1
	}
	whole := func(i int) string { return fmt.Sprintf("/p/%d?whole=1", seen(i)) } // who takes no part is else led to what was published
	read := func(i int) string { return fmt.Sprintf("/p/%d/read", seen(i)) }
	for _, bench := range []struct {
		name string
		path func(i int) string
	}{
		{"first view of any document", func(i int) string { return whole(i) + "&zoom=2" }}, // which is not stored
		{"view" + stored, whole},
		{"view, one of fifty", func(i int) string { return whole(i % 50) }},
		{"read" + stored, read},
		{"read, one of fifty", func(i int) string { return read(i % 50) }},
		{"list", func(int) string { return "/library" }},
		{"search, rare word", func(int) string { return "/library?q=" + storetest.RareWord }},
		{"search, common word", func(int) string { return "/library?q=" + storetest.CommonWord }},
		{"actions", func(int) string { return "/actions" }},
		{"home", func(int) string { return "/" }},
	} {
		if first := 0; strings.HasPrefix(bench.name, "first") { // each is looked at once
			path := bench.path
			bench.path = func(int) string { first++; return path(first) }
		}
		for _, coding := range []string{"gzip", "identity"} {
			b.Run(bench.name+", "+coding, func(b *testing.B) {
				get := func(i int) {
					r := httptest.NewRequestWithContext(b.Context(), "GET", bench.path(i), nil)
					r.Header.Set("Accept-Encoding", coding)
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					if w.Code != http.StatusOK {
						b.Fatalf("%s = %d", bench.path(i), w.Code)
					}
				}
				for i := range 120 {
					get(i)
				}
				if strings.HasSuffix(bench.name, stored) {
					made, keeper := pages()
					h = made
					for i := range b.N {
						get(i)
						keeper.Settled()
					}
					h, _ = pages() // with nothing in memory
					get(b.N + 1)   // what is found out once
				}
				before := cpu(b)
				for i := range b.N {
					get(i)
				}
				b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e6, "cpu-ms/op")
			})
		}
	}
}
