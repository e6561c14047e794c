package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// writers is a server with a post-mortem that many people write.
type writers struct {
	testing.TB
	url, path string
	people    []*http.Client
}

// together starts a server on a database, SQLite when its URL is empty, with n
// people who take part in one post-mortem.
func together(b testing.TB, db string, n int) *writers {
	b.Helper()
	c := config.Default()
	c.Addr, c.Data, c.DB, c.Private = "127.0.0.1:0", b.TempDir(), db, true
	s, err := server.New(b.Context(), c, server.Options{})
	if err != nil {
		b.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	b.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, s.Close()); err != nil {
			b.Error(err)
		}
	})
	link, err := s.Setup(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	w := &writers{TB: b, url: "http://" + l.Addr().String()}
	u, err := url.Parse(link)
	if err != nil {
		b.Fatal(err)
	}
	admin := w.join(u.Path, 0)
	var d struct {
		ID     string
		Number int64
	}
	w.api(admin, "POST", "/incidents", map[string]string{"title": "Ledger outage"}, &d)
	w.path = fmt.Sprintf("/p/%d/write/summary", d.Number)
	for i := 1; i < n; i++ {
		var invitation struct{ Path string }
		w.api(admin, "POST", "/people/invitations", map[string]string{"email": fmt.Sprintf("p%d@example.org", i), "role": "member"}, &invitation)
		w.join(invitation.Path, i)
	}
	w.share(admin, d.Number)
	return w
}

// join makes an account with a link.
func (w *writers) join(path string, i int) *http.Client {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.PostForm(w.url+path, url.Values{"email": {fmt.Sprintf("p%d@example.org", i)}, "name": {fmt.Sprintf("Engineer %d", i)}, "password": {"correct horse battery"}})
	if err != nil || res.StatusCode != http.StatusSeeOther {
		w.Fatalf("using a link: %v %v", res, err)
	}
	if err := res.Body.Close(); err != nil {
		w.Fatal(err)
	}
	w.people = append(w.people, c)
	return c
}

func (w *writers) api(c *http.Client, method, path string, body, out any) {
	w.Helper()
	e := &editor{http: c}
	status, raw, err := e.call(w.Context(), method, w.url+"/api/v1"+path, body)
	if err == nil && status >= 300 {
		err = fmt.Errorf("%s %s: %d %s", method, path, status, raw)
	}
	if err == nil {
		err = json.Unmarshal(raw, out)
	}
	if err != nil {
		w.Fatal(err)
	}
}

// share lets everybody take part.
func (w *writers) share(admin *http.Client, num int64) {
	w.Helper()
	page := fmt.Sprintf("%s/p/%d/sharing", w.url, num)
	res, err := admin.Get(page)
	if err != nil {
		w.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		w.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`<option value="([^"]{20,})"`).FindAllStringSubmatch(string(text), -1) {
		res, err := admin.PostForm(strings.TrimSuffix(page, "sharing")+"share", url.Values{"person": {m[1]}, "part": {"participant"}})
		if err != nil || res.StatusCode != http.StatusSeeOther {
			w.Fatalf("sharing: %v %v", res, err)
		}
		if err := res.Body.Close(); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *writers) editor(i int) *editor {
	w.Helper()
	e := &editor{servers: []string{w.url}, path: w.path, http: w.people[i], random: rand.New(rand.NewPCG(uint64(i), 9)), made: &atomic.Int64{}}
	if err := e.open(w.Context()); err != nil {
		w.Fatal(err)
	}
	return e
}

// cpu is how long the processor has worked for this program.
func cpu(b testing.TB) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWriting has four people push one change each time, over HTTP, with what
// that costs them. On PostgreSQL the work of the database is not counted.
func BenchmarkWriting(b *testing.B) {
	for _, db := range []string{"sqlite", "postgres"} {
		b.Run(db, func(b *testing.B) {
			place := ""
			if db == "postgres" {
				place = postgres.URL(b)
			}
			w := together(b, place, 4)
			editors := []*editor{w.editor(0), w.editor(1), w.editor(2), w.editor(3)}
			began := cpu(b)
			b.ResetTimer()
			var wait sync.WaitGroup
			for _, e := range editors {
				wait.Go(func() {
					for range max(1, b.N/len(editors)) {
						err := e.edit()
						for err == nil && len(e.pending) > 0 {
							err = e.push(b.Context(), false)
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wait.Wait()
			b.ReportMetric(float64(max(1, b.N/4)*4)/(cpu(b)-began).Seconds(), "changes/cpu-s")
		})
	}
}

// BenchmarkFiftyWriteTogether has 50 people follow one section of which five make
// two changes a second each, for a minute, and says how long a change takes from a
// key to the screens of the others.
func BenchmarkFiftyWriteTogether(b *testing.B) {
	for range b.N {
		w := together(b, "", 50)
		ctx, cancel := context.WithCancel(b.Context())
		var mu sync.Mutex
		var took []time.Duration
		var wait sync.WaitGroup
		editors := make([]*editor, 50)
		for i := range editors {
			e := w.editor(i)
			editors[i] = e
			wait.Go(func() {
				err := e.follow(ctx, func(_ int64, steps []pushed) {
					mu.Lock()
					defer mu.Unlock()
					for _, s := range steps {
						if at, ok := typedAt(s.Changes); ok && s.Client != e.client {
							took = append(took, time.Since(at))
						}
					}
				})
				if ctx.Err() == nil {
					b.Errorf("following ended: %v", err)
				}
			})
		}
		began := cpu(b)
		b.ResetTimer()
		var typing sync.WaitGroup
		for i := range 5 {
			typing.Go(func() { w.typeOn(ctx, w.editor(i), time.Duration(i)*100*time.Millisecond, time.Minute) })
		}
		typing.Wait()
		time.Sleep(time.Second) // for what is on its way
		b.StopTimer()
		cancel()
		wait.Wait()
		slices.Sort(took)
		if len(took) < 5*119*49 {
			b.Errorf("%d changes were seen, want %d", len(took), 5*120*49)
			continue
		}
		ms := func(q float64) float64 { return took[int(q*float64(len(took)-1))].Seconds() * 1000 }
		b.ReportMetric(ms(.5), "p50-ms")
		b.ReportMetric(ms(.95), "p95-ms")
		b.ReportMetric(ms(1), "max-ms")
		b.ReportMetric((cpu(b)-began).Seconds()/61, "cpu-s/s")
	}
}

// typeOn writes the time twice a second.
func (w *writers) typeOn(ctx context.Context, e *editor, first, long time.Duration) {
	end := time.Now().Add(long)
	time.Sleep(first)
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for time.Now().Before(end) {
		err := e.write(change.Replace(len(e.text), len(e.text), len(e.text), change.Units(fmt.Sprintf("@%d ", time.Now().UnixNano()))))
		for err == nil && len(e.pending) > 0 {
			err = e.push(ctx, false)
		}
		if err != nil {
			w.Error(err)
			return
		}
		<-tick.C
	}
}

// typedAt reads the time that a change adds.
func typedAt(s change.Set) (time.Time, bool) {
	raw, err := json.Marshal(s)
	if err != nil {
		return time.Time{}, false
	}
	_, rest, ok := strings.Cut(string(raw), `"@`)
	digits, _, _ := strings.Cut(rest, " ")
	n, err := strconv.ParseInt(digits, 10, 64)
	return time.Unix(0, n), ok && err == nil
}
