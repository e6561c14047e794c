// Package httpreplay records what a service answered, without its secrets, and
// plays it back in tests: the transport of [outhttp.Config].
//
// A recording is a text file, one exchange after another:
//
//	>>> POST https://api.example.org/v1/issues?key=***
//	{"title":"Outage"}
//	<<< 201
//	Content-Type: application/json
//
//	{"id":7}
//
// Request headers are not kept: they hold credentials and change with every
// version. A replay answers a request with the next exchange of the same method,
// address and body, and refuses any other. A recording has to hold texts, without
// lines that begin with ">>> " or "<<< ".
package httpreplay

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Scrub takes secrets out of the text of an exchange, the same way when it is
// recorded and when it is replayed.
type Scrub func(string) string

// Secrets returns a Scrub that replaces values, and those of the usual
// parameters of queries.
func Secrets(values ...string) Scrub {
	values = slices.Clone(values)
	sort.Slice(values, func(i, j int) bool { return len(values[i]) > len(values[j]) })
	return func(s string) string {
		for _, v := range values {
			if v != "" {
				s = strings.ReplaceAll(s, v, "***")
			}
		}
		return parameters.ReplaceAllString(s, "$1=***")
	}
}

var parameters = regexp.MustCompile(`\b((?:access_|api_|app_|auth_)?(?:token|key|secret|password|sig|signature))=[^&\s"]+`)

// exchange is a request and its answer.
type exchange struct{ request, answer string }

// Recorder passes requests on and keeps the exchanges.
type Recorder struct {
	Transport http.RoundTripper
	Scrub     Scrub

	mu   sync.Mutex
	text bytes.Buffer
}

// RoundTrip sends a request and records it with its answer.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	asked, err := describe(req, r.Scrub)
	if err != nil {
		return nil, err
	}
	res, err := r.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err := joined(err, res.Body.Close()); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	var b strings.Builder
	fmt.Fprintf(&b, "<<< %d\n", res.StatusCode)
	for _, name := range kept(res.Header) {
		fmt.Fprintf(&b, "%s: %s\n", name, res.Header.Get(name))
	}
	b.WriteString("\n" + string(body))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text.WriteString(asked + r.Scrub(b.String()) + "\n")
	return res, nil
}

// Recording returns what was recorded.
func (r *Recorder) Recording() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.text.Bytes())
}

// kept returns the headers of an answer that are recorded: what says how to read
// it, where the next page is and what is left of the limits.
func kept(h http.Header) []string {
	var out []string
	for name := range h {
		low := strings.ToLower(name)
		if slices.Contains([]string{"content-type", "link", "location", "retry-after", "etag"}, low) || strings.Contains(low, "ratelimit") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func joined(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// describe returns the text of a request, whose body stays readable.
func describe(req *http.Request, scrub Scrub) (string, error) {
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		if err := joined(err, req.Body.Close()); err != nil {
			return "", err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	return scrub(fmt.Sprintf(">>> %s %s\n%s\n", req.Method, req.URL.Redacted(), body)), nil
}

// Replay answers from a recording.
type Replay struct {
	scrub Scrub

	mu        sync.Mutex
	exchanges []exchange
}

// Open returns a replay of a recording.
func Open(recording []byte, scrub Scrub) (*Replay, error) {
	r := &Replay{scrub: scrub}
	for i, part := range strings.Split("\n"+string(recording), "\n>>> ")[1:] {
		asked, answer, ok := strings.Cut(part, "\n<<< ")
		if !ok {
			return nil, fmt.Errorf("exchange %d of the recording has no answer", i+1)
		}
		r.exchanges = append(r.exchanges, exchange{">>> " + asked + "\n", answer})
	}
	return r, nil
}

// RoundTrip answers a request that was recorded.
func (r *Replay) RoundTrip(req *http.Request) (*http.Response, error) {
	asked, err := describe(req, r.scrub)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.exchanges, func(e exchange) bool { return e.request == asked })
	if i < 0 {
		return nil, fmt.Errorf("the recording has no more of this request:\n%s", asked)
	}
	answer := r.exchanges[i].answer
	r.exchanges = slices.Delete(r.exchanges, i, i+1)
	return parse(answer, req)
}

// Left returns the requests that were not made.
func (r *Replay) Left() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for _, e := range r.exchanges {
		out = append(out, e.request)
	}
	return out
}

func parse(answer string, req *http.Request) (*http.Response, error) {
	head, body, _ := strings.Cut(answer, "\n\n")
	lines := strings.Split(head, "\n")
	status, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return nil, fmt.Errorf("read the status of a recorded answer: %w", err)
	}
	body = strings.TrimSuffix(body, "\n")
	res := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		res.Header.Add(name, value)
	}
	return res, nil
}
