package outhttp_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/outhttp"
)

// answers is a service that gives one answer after another, the last one again
// and again, and notes when it was asked.
type answers struct {
	mu    sync.Mutex
	list  []answer
	times []time.Time
}

type answer struct {
	status int
	header map[string]string
	body   string
	err    error
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.list[0]
	if len(a.list) > 1 {
		a.list = a.list[1:]
	}
	a.times = append(a.times, time.Now())
	if now.err != nil {
		return nil, now.err
	}
	h := http.Header{}
	for k, v := range now.header {
		h.Set(k, v)
	}
	return &http.Response{StatusCode: now.status, Header: h, Body: io.NopCloser(strings.NewReader(now.body)), Request: r}, nil
}

// gaps returns the whole seconds between requests.
func (a *answers) gaps() []int {
	var out []int
	for i := 1; i < len(a.times); i++ {
		out = append(out, int(a.times[i].Sub(a.times[i-1]).Seconds()))
	}
	return out
}

func TestWhatIsTriedAgain(t *testing.T) {
	ok := answer{status: 200, body: "fine"}
	for name, tt := range map[string]struct {
		request  outhttp.Request
		answers  []answer
		requests int
		code     hindcast.Code // of the error; empty for success
		wait     time.Duration // that the error asks for
		longest  int           // seconds between two requests
	}{
		"success":                           {outhttp.Request{Method: "POST"}, []answer{ok}, 1, "", 0, 0},
		"a failure of the service":          {outhttp.Request{Method: "GET"}, []answer{{status: 500}, {status: 502}, ok}, 3, "", 0, 1},
		"a failure after a write":           {outhttp.Request{Method: "POST"}, []answer{{status: 500}, ok}, 1, hindcast.Unavailable, 0, 0},
		"a failure after a write with key":  {outhttp.Request{Method: "POST", Repeatable: true}, []answer{{status: 500}, ok}, 2, "", 0, 1},
		"too many requests":                 {outhttp.Request{Method: "POST"}, []answer{{status: 429, header: map[string]string{"Retry-After": "7"}}, ok}, 2, "", 0, 7},
		"too many requests, for an hour":    {outhttp.Request{Method: "GET"}, []answer{{status: 429, header: map[string]string{"Retry-After": "3600"}}, ok}, 1, hindcast.Unavailable, time.Hour, 0},
		"not ready":                         {outhttp.Request{Method: "POST"}, []answer{{status: 503}, ok}, 2, "", 0, 1},
		"a limit that GitHub calls 403":     {outhttp.Request{Method: "GET"}, []answer{{status: 403, header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "946684860"}}, ok}, 2, "", 0, 60},
		"a credential that is not accepted": {outhttp.Request{Method: "GET"}, []answer{{status: 401}, ok}, 1, hindcast.Denied, 0, 0},
		"a right that is missing":           {outhttp.Request{Method: "GET"}, []answer{{status: 403}, ok}, 1, hindcast.Denied, 0, 0},
		"nothing there":                     {outhttp.Request{Method: "GET"}, []answer{{status: 404}, ok}, 1, hindcast.NotFound, 0, 0},
		"a wrong request":                   {outhttp.Request{Method: "GET"}, []answer{{status: 422}, ok}, 1, hindcast.Invalid, 0, 0},
		"a write that moved":                {outhttp.Request{Method: "POST"}, []answer{{status: 302, header: map[string]string{"Location": "https://elsewhere.example"}}, ok}, 1, hindcast.Invalid, 0, 0},
		"no connection":                     {outhttp.Request{Method: "POST"}, []answer{{err: io.EOF}, ok}, 2, "", 0, 1},
		"always":                            {outhttp.Request{Method: "GET"}, []answer{{status: 500}}, 4, hindcast.Unavailable, 0, 4},
		"only once":                         {outhttp.Request{Method: "GET", Attempts: 1}, []answer{{status: 500}}, 1, hindcast.Unavailable, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &answers{list: tt.answers}
				c := outhttp.New(outhttp.Config{Now: time.Now, Transport: a})
				tt.request.URL = "https://api.example.org/v1/things"
				res, err := c.Do(t.Context(), tt.request)
				if len(a.times) != tt.requests {
					t.Errorf("%d requests, want %d", len(a.times), tt.requests)
				}
				for _, gap := range a.gaps() {
					if gap > tt.longest {
						t.Errorf("gaps of %v s, want at most %d", a.gaps(), tt.longest)
					}
				}
				if tt.code == "" {
					if err != nil || string(res.Body) != "fine" {
						t.Errorf("Do = %v, %v", res, err)
					}
					if tt.longest > 1 && a.gaps()[0] != tt.longest {
						t.Errorf("gaps of %v s, want %d", a.gaps(), tt.longest)
					}
					return
				}
				var e *outhttp.Error
				if !errors.As(err, &e) || hindcast.CodeOf(err) != tt.code || e.Wait != tt.wait {
					t.Errorf("Do = %v (%s, wait %v), want %s, %v", err, hindcast.CodeOf(err), e.Wait, tt.code, tt.wait)
				}
			})
		})
	}
}

// TestALimitHoldsForAllWhoShareTheCredential also holds that others go on.
func TestALimitHoldsForAllWhoShareTheCredential(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{list: []answer{{status: 429, header: map[string]string{"Retry-After": "30"}}, {status: 200}}}
		c := outhttp.New(outhttp.Config{Now: time.Now, Transport: a})
		begin := time.Now()
		took := func(credential string) time.Duration {
			if _, err := c.Do(t.Context(), outhttp.Request{Method: "GET", URL: "https://api.example.org/", Credential: credential}); err != nil {
				t.Error(err)
			}
			return time.Since(begin)
		}
		var first, second time.Duration
		var both sync.WaitGroup
		both.Go(func() { first = took("pager") })
		synctest.Wait() // it was told to wait
		both.Go(func() { second = took("pager") })
		if other := took("tracker"); other != 0 {
			t.Errorf("another credential waited for %s", other)
		}
		both.Wait()
		if first != 30*time.Second || second < 30*time.Second {
			t.Errorf("the requests took %s and %s, want 30 s", first, second)
		}
	})
}

func TestRequestsOfOneCredentialArePaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &answers{list: []answer{{status: 200}}}
		c := outhttp.New(outhttp.Config{Now: time.Now, Transport: a, Limits: outhttp.Limits{AtOnce: 2, Every: time.Second, Burst: 3}})
		begin := time.Now()
		for range 10 {
			if _, err := c.Do(t.Context(), outhttp.Request{Method: "GET", URL: "https://api.example.org/"}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 7*time.Second {
			t.Errorf("ten requests took %s, want three at once and then one a second", took)
		}
	})
}

func TestWait(t *testing.T) {
	now := time.Date(2026, 3, 15, 14, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		status int
		header string
		want   time.Duration
	}{
		"seconds":                        {429, "Retry-After: 120", 2 * time.Minute},
		"parts of a second":              {429, "Retry-After: 0.5", 500 * time.Millisecond},
		"a date":                         {503, "Retry-After: Sun, 15 Mar 2026 14:01:30 GMT", 90 * time.Second},
		"a date that is over":            {503, "Retry-After: Sun, 15 Mar 2026 13:01:30 GMT", 0},
		"milliseconds":                   {429, "Retry-After-Ms: 1500", 1500 * time.Millisecond},
		"a negative number":              {429, "Retry-After: -5", 0},
		"no number":                      {429, "Retry-After: NaN", 0},
		"soon, it says":                  {429, "Retry-After: soon", 0},
		"for ever":                       {429, "Retry-After: 99999999", 24 * time.Hour},
		"without end":                    {429, "Retry-After: +Inf", 24 * time.Hour},
		"after success":                  {200, "Retry-After: 120", 0},
		"GitHub":                         {403, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1773583260", time.Minute},
		"GitHub, some left":              {200, "X-RateLimit-Remaining: 12\nX-RateLimit-Reset: 1773583260", 0},
		"GitHub, none left":              {200, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1773583260", time.Minute},
		"GitHub's second limit":          {403, "Retry-After: 60\nX-RateLimit-Remaining: 4000", time.Minute},
		"DataDog counts from now":        {429, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 17", 17 * time.Second},
		"Jira writes a time":             {429, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2026-03-15T14:02Z", 2 * time.Minute},
		"Linear in milliseconds":         {400, "X-RateLimit-Requests-Remaining: 0\nX-RateLimit-Requests-Reset: 1773583230000", 30 * time.Second},
		"Discord":                        {429, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset-After: 1.25\nX-RateLimit-Reset: 1773583260", 1250 * time.Millisecond},
		"GitLab":                         {429, "RateLimit-Remaining: 0\nRateLimit-Reset: 1773583260", time.Minute},
		"Okta":                           {429, "X-Rate-Limit-Remaining: 0\nX-Rate-Limit-Reset: 1773583245", 45 * time.Second},
		"the draft until 7":              {429, "RateLimit: limit=100, remaining=0, reset=50", 50 * time.Second},
		"the draft from 8":               {429, "RateLimit: \"default\";r=0;t=40", 40 * time.Second},
		"the draft from 8, several":      {429, "RateLimit: \"day\";r=5;t=4000\nRateLimit: \"burst\";r=0;t=4", 4 * time.Second},
		"the draft from 8, some is left": {200, "RateLimit: \"default\";r=5;t=40", 0},
		"nothing":                        {429, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := http.Header{}
			for line := range strings.Lines(tt.header) {
				k, v, _ := strings.Cut(strings.TrimSpace(line), ": ")
				h.Add(k, v)
			}
			if got := outhttp.Wait(tt.status, h, now); got != tt.want {
				t.Errorf("Wait(%d, %q) = %v, want %v", tt.status, tt.header, got, tt.want)
			}
		})
	}
}

// serve starts a service on this machine.
func serve(t *testing.T, f http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL
}

func local(t *testing.T, change func(*outhttp.Config)) *outhttp.Client {
	t.Helper()
	c := outhttp.Config{Now: time.Now, Private: true, Attempts: 1}
	if change != nil {
		change(&c)
	}
	return outhttp.New(c)
}

func TestNoSecretIsInAnError(t *testing.T) {
	const secret, query, path = "Zx9-header-secret", "Zx9-query-secret", "Zx9-a-long-path-secret"
	for name, handler := range map[string]http.HandlerFunc{
		"echo": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			_, _ = fmt.Fprint(w, r.Header, r.URL, r.Header.Get("Authorization"))
		},
		"a page":  func(w http.ResponseWriter, r *http.Request) { http.Error(w, "<html>"+r.URL.String(), 500) },
		"hang up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cut short": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = fmt.Fprint(w, r.URL)
		},
		"elsewhere": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254"+r.URL.String(), http.StatusFound)
		},
		"round in rings": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) },
		"too much": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte(r.URL.String()), 1000))
		},
		"too slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			c := local(t, func(c *outhttp.Config) { c.MaxAnswer, c.Timeout = 5000, 100*time.Millisecond })
			base := strings.Replace(serve(t, handler), "http://", "http://user:"+secret+"@", 1)
			_, err := c.Do(t.Context(), outhttp.Request{Method: "GET", URL: base + "/" + path + "?token=" + query, Authorize: func(h http.Header) {
				h.Set("Authorization", "Bearer "+secret)
				h.Set("X-Api-Key", secret+"2")
			}})
			if err == nil {
				t.Fatal("no error")
			}
			var e *outhttp.Error
			if !errors.As(err, &e) || name == "echo" && !strings.Contains(e.Said, "Authorization:[Bearer ***]") {
				t.Errorf("the service said %q", e.Said)
			}
			for _, s := range []string{secret, query, path, "Zx9"} {
				if strings.Contains(fmt.Sprintf("%v %+v %#v %s", err, err, errors.Unwrap(err), e.Said), s) {
					t.Errorf("the error holds %s: %v", s, err)
				}
			}
			t.Log(err)
		})
	}
}

func TestPrivateAddressesAreNotReached(t *testing.T) {
	var reached atomic.Int64
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { reached.Add(1) })
	port := base[strings.LastIndex(base, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "[::1]", "10.0.0.1", "169.254.169.254", "[fd00:ec2::254]", "192.168.1.1", "100.64.0.1", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"} {
		c := outhttp.New(outhttp.Config{Now: time.Now, Attempts: 1, Timeout: 2 * time.Second})
		_, err := c.Do(t.Context(), outhttp.Request{Method: "GET", URL: "http://" + host + port})
		if hindcast.CodeOf(err) != hindcast.Invalid && !strings.Contains(fmt.Sprint(err), "the name is not known") {
			t.Errorf("%s: %v, want a refusal", host, err)
		}
	}
	if reached.Load() != 0 {
		t.Errorf("%d requests arrived", reached.Load())
	}
	if _, err := local(t, nil).Do(t.Context(), outhttp.Request{Method: "GET", URL: base}); err != nil {
		t.Errorf("with private addresses allowed: %v", err)
	}
	for _, host := range []string{"169.254.169.254", "[fd00:ec2::254]", "0.0.0.0", "[fe80::1]"} {
		if _, err := local(t, nil).Do(t.Context(), outhttp.Request{Method: "GET", URL: "http://" + host + port}); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%s with private addresses allowed: %v, want a refusal", host, err)
		}
	}
}

func TestARedirectCarriesNoCredentialToAnotherHost(t *testing.T) {
	var seen http.Header
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Clone() })
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/same" {
			http.Redirect(w, r, "/there", http.StatusFound)
		} else if r.URL.Path == "/there" {
			seen = r.Header.Clone()
		} else {
			http.Redirect(w, r, other, http.StatusFound)
		}
	})
	for path, want := range map[string]string{"/same": "key", "/other": ""} {
		_, err := local(t, nil).Do(t.Context(), outhttp.Request{Method: "GET", URL: base + path, Authorize: func(h http.Header) { h.Set("X-Api-Key", "key"); h.Set("Cookie", "key") }})
		if err != nil {
			t.Fatal(err)
		}
		if got := seen.Get("X-Api-Key"); got != want || seen.Get("Cookie") != want {
			t.Errorf("%s: the other end sees %v", path, seen)
		}
	}
}

func TestAnswersAreBounded(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(make([]byte, 1<<20))
		_ = z.Close()
	})
	c := local(t, func(c *outhttp.Config) { c.MaxAnswer = 1 << 10 })
	if _, err := c.Do(t.Context(), outhttp.Request{Method: "GET", URL: base}); err == nil || !strings.Contains(err.Error(), "larger than 1024") {
		t.Errorf("an answer that unpacks to 1 MiB = %v", err)
	}
}

func TestTheErrorSaysWhetherTheRequestMayHaveBeenDone(t *testing.T) {
	base := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	for url, want := range map[string]bool{base: true, "http://127.0.0.1:1": false} {
		_, err := local(t, nil).Do(t.Context(), outhttp.Request{Method: "POST", URL: url, Body: []byte("{}")})
		var e *outhttp.Error
		if !errors.As(err, &e) || e.Unclear != want || !e.Temporary() {
			t.Errorf("%s: %v, unclear %v, want %v", url, err, e.Unclear, want)
		}
	}
}

func TestStoppingIsNoFaultOfTheService(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { stop(); <-r.Context().Done() })
	if _, err := local(t, nil).Do(ctx, outhttp.Request{Method: "GET", URL: base}); !errors.Is(err, context.Canceled) {
		t.Errorf("Do = %v, want it to be canceled", err)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, u := range []string{"", "example.org", "ftp://example.org", "file:///etc/passwd", "http://", "http://a b/", "javascript:alert(1)"} {
		_, err := local(t, nil).Do(t.Context(), outhttp.Request{Method: "GET", URL: u})
		if diff := cmp.Diff(hindcast.Invalid, hindcast.CodeOf(err)); diff != "" {
			t.Errorf("%q: %v", u, err)
		}
	}
}
