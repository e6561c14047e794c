package server_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// form is a form with one file of some size, read as it is sent.
func form(t *testing.T, size int64) (kind string, body io.Reader) {
	t.Helper()
	var head bytes.Buffer
	w := multipart.NewWriter(&head)
	if _, err := w.CreateFormFile("files", "app.log"); err != nil {
		t.Fatal(err)
	}
	end := fmt.Sprintf("\r\n--%s--\r\n", w.Boundary())
	return w.FormDataContentType(), io.MultiReader(&head, io.LimitReader(lines{}, size), strings.NewReader(end))
}

// lines is a file without end.
type lines struct{}

func (lines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
		if i%64 == 63 {
			p[i] = '\n'
		}
	}
	return len(p), nil
}

// TestUploadsToTheAPIAreBounded sends more than is taken, and files that the
// sender may not give, and looks for what stays behind.
func TestUploadsToTheAPIAreBounded(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	r := start(t, func(c *config.Config) { c.UploadMB = 1 }, server.Options{})
	admin := r.admin()
	reader := admin.invited("reader@example.org", "reader")
	tests := []struct {
		name, path string
		who        *person
		size       int64
		announced  bool
		want       int
	}{
		{"fits", "/drafts", admin, 1000, false, http.StatusAccepted},
		{"too large", "/drafts", admin, 3 << 20, false, http.StatusUnprocessableEntity},
		{"too large and says so", "/drafts", admin, 3 << 20, true, http.StatusRequestEntityTooLarge},
		{"from a reader", "/drafts", reader, 1000, false, http.StatusForbidden},
		{"refused for another reason", "/drafts?severity=high", admin, 100_000, false, http.StatusUnprocessableEntity},
		{"no library", "/library", admin, 100_000, false, http.StatusUnprocessableEntity},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			kind, body := form(t, tt.size)
			if tt.announced {
				all, err := io.ReadAll(body)
				if err != nil {
					t.Fatal(err)
				}
				body = bytes.NewReader(all)
			}
			req, err := http.NewRequestWithContext(t.Context(), "POST", r.url+"/api/v1"+tt.path, body)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", kind)
			res, err := tt.who.http.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(res.Body)
			if err := errors.Join(err, res.Body.Close()); err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.want {
				t.Errorf("%s %s, want %d", res.Status, text, tt.want)
			}
		})
	}
	r.Workflow().Wait()
	left, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "multipart-") {
			t.Errorf("%s stays in the folder of temporary files", f.Name())
		}
	}
}

// TestMetricsAreNotForWhatAProxyPassesOn asks as programs of this machine, as a
// proxy on it, and as a page whose name leads here.
func TestMetricsAreNotForWhatAProxyPassesOn(t *testing.T) {
	r := start(t, nil, server.Options{})
	for _, tt := range []struct {
		header, value string
		want          int
	}{
		{"Accept", "*/*", http.StatusOK},
		{"Host", "localhost:8080", http.StatusOK},
		{"X-Forwarded-For", "203.0.113.9", http.StatusUnauthorized},
		{"Forwarded", "for=203.0.113.9", http.StatusUnauthorized},
		{"Host", "hindcast.example.org", http.StatusUnauthorized},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", r.url+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		if req.Header.Set(tt.header, tt.value); tt.header == "Host" {
			req.Host = tt.value
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // the status is enough
		if res.StatusCode != tt.want {
			t.Errorf("GET /metrics with %s: %s gives %d, want %d", tt.header, tt.value, res.StatusCode, tt.want)
		}
	}
}

// TestSlowBodiesEnd announces a form and does not send it.
func TestSlowBodiesEnd(t *testing.T) {
	r := start(t, nil, server.Options{Patience: 50 * time.Millisecond})
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=b"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }() // it is closed already
		if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\nemail", kind); err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(conn)
		if _, err := in.WriteTo(io.Discard); err != nil { // answers, and ends the connection
			t.Errorf("%s: the connection stays: %v", kind, err)
		}
	}
}

// TestDemoIsForThisMachine sends what a page of another name would.
func TestDemoIsForThisMachine(t *testing.T) {
	t.Parallel()
	r := start(t, nil, server.Options{Demo: true})
	for host, want := range map[string]int{"127.0.0.1:8080": http.StatusOK, "localhost": http.StatusOK, "rebound.example.org:8080": http.StatusMisdirectedRequest} {
		req := httptest.NewRequestWithContext(t.Context(), "GET", "/healthz", nil)
		req.Host = host
		w := httptest.NewRecorder()
		r.Handler().ServeHTTP(w, req)
		if w.Code != want {
			t.Errorf("Host %s: %d, want %d", host, w.Code, want)
		}
	}
}
