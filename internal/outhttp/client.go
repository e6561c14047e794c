// Package outhttp is the client for every request that leaves the program.
//
// [Client.Do] keeps the limits of each credential, waits when a service asks for
// it, tries again what may be tried again, and bounds attempts, time and the
// size of answers. It connects to no private address unless that is allowed,
// whatever a name resolves to and wherever a redirect leads. Errors name the
// host and the status, never the path, the query, the headers or a credential.
//
//	c := outhttp.New(outhttp.Config{Now: time.Now})
//	res, err := c.Do(ctx, outhttp.Request{Method: "GET", URL: u, Credential: "pager", Authorize: func(h http.Header) {
//		h.Set("Authorization", "Bearer "+token.Reveal())
//	}})
//	var e *outhttp.Error // with the status, and when to come back
package outhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
)

// Config says how a [Client] works. Now must be set.
type Config struct {
	Now       func() time.Time
	Private   bool          // may reach private addresses and this machine
	UserAgent string        // "Hindcast" when empty
	Attempts  int           // of one request; 4 when 0
	Timeout   time.Duration // of one attempt; 30 s when 0
	Total     time.Duration // of all attempts and the waits between them; 2 minutes when 0
	MaxAnswer int64         // bytes of an answer after decompression; 16 MiB when 0
	Limits    Limits        // of each credential
	// Transport replaces the network, in tests with recorded exchanges. The checks
	// of addresses are the network's.
	Transport http.RoundTripper
}

// Limits bound what is done with one credential. The zero Limits are four
// requests at once and ten a second.
type Limits struct {
	AtOnce int
	Every  time.Duration // between the beginnings of two requests, in the long run
	Burst  int           // that may begin at once after a pause
}

// Client sends requests. It may be used by several goroutines at once.
type Client struct {
	Config
	http *http.Client

	mu     sync.Mutex
	limits map[string]*limiter // by credential
}

// maxRedirects is how often a request may be sent elsewhere.
const maxRedirects = 5

// New returns a client.
func New(c Config) *Client {
	setDefault(&c.UserAgent, "Hindcast")
	setDefault(&c.Attempts, 4)
	setDefault(&c.Timeout, 30*time.Second)
	setDefault(&c.Total, 2*time.Minute)
	setDefault(&c.MaxAnswer, 16<<20)
	setDefault(&c.Limits.AtOnce, 4)
	setDefault(&c.Limits.Every, 100*time.Millisecond)
	setDefault(&c.Limits.Burst, 10)
	if c.Transport == nil {
		c.Transport = network(c.Private)
	}
	return &Client{Config: c, http: &http.Client{Transport: c.Transport, CheckRedirect: redirect}, limits: map[string]*limiter{}}
}

func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// redirect follows a few redirects of what only reads. What was said to one host
// in confidence is not said to another.
func redirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case first.Method != http.MethodGet && first.Method != http.MethodHead:
		return http.ErrUseLastResponse
	case len(via) > maxRedirects:
		return errors.New("it sends us from one address to the next")
	case next.URL.Scheme != "https" && next.URL.Scheme != first.URL.Scheme:
		return errors.New("it sends us to an address without encryption")
	}
	if next.URL.Host != first.URL.Host {
		next.Header = http.Header{"User-Agent": first.Header["User-Agent"], "Accept": first.Header["Accept"]}
	}
	return nil
}

// Request is something to ask of a service.
type Request struct {
	Method string
	URL    string
	Header http.Header
	Body   []byte
	// Credential names whose limits count; the host's when it is empty.
	Credential string
	// Authorize sets what proves who asks. What it sets is removed from errors.
	Authorize func(http.Header)
	// Repeatable says that the request may be sent again after it is unclear whether
	// the first one was carried out, because the service knows it by a key. GET,
	// HEAD, PUT and DELETE are.
	Repeatable bool
	Attempts   int // at most; [Config.Attempts] when 0
}

// Response is an answer with a status below 300.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	URL    string // after redirects; it may hold secrets
}

// Error says why a request had no success. Its message holds no secret.
type Error struct {
	Code   hindcast.Code // Denied: the credential; Unavailable: try later; Invalid: the request, or the address; NotFound
	Status int           // of the answer; 0 without one
	Wait   time.Duration // that the service asks for; 0 when it does not
	// Unclear is whether the request may have been carried out although it failed.
	Unclear bool
	// Said is the beginning of what the service answered, without credentials. It may
	// repeat what it was sent: show it only to who may read that, and do not log it.
	Said    string
	message string
	cause   error
}

// Error returns the message.
func (e *Error) Error() string { return e.message }

// Unwrap returns an error with the code.
func (e *Error) Unwrap() []error {
	list := []error{&hindcast.Error{Code: e.Code, Message: e.message}}
	if errors.Is(e.cause, context.Canceled) {
		list = append(list, context.Canceled)
	}
	return list
}

// Temporary reports whether the same request may succeed later.
func (e *Error) Temporary() bool { return e.Code == hindcast.Unavailable }

// Do sends a request, again where that helps, and returns the answer. The error
// is an [Error].
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	u, fault := address(r)
	if fault != nil {
		return nil, fault
	}
	r.Repeatable = r.Repeatable || slices.Contains([]string{"", "GET", "HEAD", "PUT", "DELETE"}, r.Method)
	setDefault(&r.Credential, u.Host)
	setDefault(&r.Attempts, c.Attempts)
	end := c.Now().Add(c.Total)
	ctx, cancel := context.WithTimeout(ctx, c.Total)
	defer cancel()
	for attempt := 1; ; attempt++ {
		res, fault := c.attempt(ctx, r, u)
		if fault == nil {
			return res, nil
		}
		if attempt >= r.Attempts || !again(fault, r) || ctx.Err() != nil {
			return nil, fault
		}
		wait := max(backoff(attempt), fault.Wait)
		if c.Now().Add(wait).After(end) {
			return nil, fault // who asked may come back later
		}
		if sleep(ctx, wait) != nil {
			return nil, fault
		}
	}
}

// address reads where a request goes.
func address(r Request) (*url.URL, *Error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, &Error{Code: hindcast.Invalid, message: "an address is no http or https URL; correct it in the settings"}
	}
	return u, nil
}

// again reports whether a request that failed should be sent again now.
func again(e *Error, r Request) bool {
	return e.Temporary() && (r.Repeatable || !e.Unclear)
}

// backoff returns how long to wait before the next attempt.
func backoff(attempt int) time.Duration {
	wait := 500 * time.Millisecond << (attempt - 1)
	return wait - rand.N(wait/2)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// attempt sends a request once.
func (c *Client) attempt(ctx context.Context, r Request, u *url.URL) (*Response, *Error) {
	limit := c.limiter(r.Credential)
	if fault := limit.enter(ctx, c.Now, u.Host); fault != nil {
		return nil, fault
	}
	defer limit.leave()
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	req, known, fault := c.prepare(ctx, r, u)
	if fault != nil {
		return nil, fault
	}
	sent := &tracker{}
	res, err := c.http.Do(req.WithContext(sent.context(ctx)))
	if err != nil {
		return nil, failed(r, u, err, sent.begun.Load())
	}
	defer func() { _ = res.Body.Close() }() // what was read is kept
	return c.read(r, u, res, limit, known)
}

// prepare makes a request ready to be sent; known are the secrets in it.
func (c *Client) prepare(ctx context.Context, r Request, u *url.URL) (req *http.Request, known []string, fault *Error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, nil, &Error{Code: hindcast.Invalid, message: fmt.Sprintf("%s %s: the request cannot be made", r.Method, u.Host)}
	}
	if r.Header != nil {
		req.Header = r.Header.Clone()
	}
	req.Header.Set("User-Agent", c.UserAgent)
	known = secretsOf(u)
	if r.Authorize != nil {
		before := req.Header.Clone()
		r.Authorize(req.Header)
		known = append(known, added(before, req.Header)...)
	}
	return req, known, nil
}

// read reads an answer and says what it means.
func (c *Client) read(r Request, u *url.URL, res *http.Response, limit *limiter, known []string) (*Response, *Error) {
	wait := Wait(res.StatusCode, res.Header, c.Now())
	limit.pause(c.Now().Add(wait))
	most := c.MaxAnswer
	if res.StatusCode >= 300 {
		most = 4 << 10 // enough to say why
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	if res.StatusCode >= 300 {
		return nil, refused(r, u, res, wait, body, known)
	}
	if err != nil {
		return nil, failed(r, u, err, true)
	}
	if int64(len(body)) > most {
		return nil, &Error{Code: hindcast.Invalid, Status: res.StatusCode, Unclear: true, message: fmt.Sprintf("%s %s: the answer is larger than %d bytes", r.Method, u.Host, most)}
	}
	return &Response{Status: res.StatusCode, Header: res.Header, Body: body, URL: res.Request.URL.String()}, nil
}
