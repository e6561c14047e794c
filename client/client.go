// Package client talks to the REST API of a Hindcast server. It uses the standard
// library only, and the types of package hindcast.
//
//	c, err := client.New("https://hindcast.example.org", token)
//	doc, err := c.Incident(ctx, "#12")
//	for s, err := range c.Incidents(ctx, client.Query{Text: "migration"}) { ... }
//
// Errors of the server are [Error] values. Requests that only read are tried
// again when the server is busy or cannot be reached for a moment.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// Client talks to one server on behalf of one token. It may be used by several
// goroutines at once.
type Client struct {
	base  *url.URL
	token string
	http  *http.Client
}

// New returns a client of the server at an address, such as
// "https://hindcast.example.org". The token may be empty for a demo.
func New(address, token string) (*Client, error) {
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is no address of a server; write it as https://hindcast.example.org", address)
	}
	return &Client{base: u, token: token, http: &http.Client{CheckRedirect: sameHost}}, nil
}

// sameHost keeps the token from going elsewhere.
func sameHost(r *http.Request, via []*http.Request) error {
	if r.URL.Host != via[0].URL.Host || len(via) > 5 {
		return http.ErrUseLastResponse
	}
	return nil
}

// Address returns the address of the server.
func (c *Client) Address() string { return c.base.String() }

// Error is what the server answered instead of a result.
type Error struct {
	Status int     `json:"status"`
	Title  string  `json:"title"`
	Detail string  `json:"detail"`
	Fields []Field `json:"errors,omitempty"`
}

// unfit is what the server says of a request that does not fit its description.
const unfit = "validation failed"

// Field is one field that is wrong.
type Field struct {
	Location string `json:"location"` // "actions/a1#due", "title"
	Message  string `json:"message"`
}

// Error returns what is wrong and what to do.
func (e *Error) Error() string {
	if e.Detail == unfit && len(e.Fields) > 0 { // which says nothing by itself
		var list []string
		for _, f := range e.Fields {
			_, name, _ := strings.Cut(f.Location, ".")
			list = append(list, strings.TrimPrefix(name+": "+f.Message, ": "))
		}
		return strings.Join(list, "; ")
	}
	if e.Detail != "" {
		return e.Detail
	}
	return fmt.Sprintf("the server answered %d %s", e.Status, e.Title)
}

// Unwrap returns the same as an error with a code.
func (e *Error) Unwrap() error {
	codes := map[int]hindcast.Code{400: hindcast.Invalid, 401: hindcast.Denied, 403: hindcast.Denied, 404: hindcast.NotFound,
		409: hindcast.Conflict, 422: hindcast.Invalid, 429: hindcast.Unavailable, 503: hindcast.Unavailable}
	code, ok := codes[e.Status]
	if !ok {
		code = hindcast.Internal
	}
	return hindcast.Errorf(code, "%s", e.Error())
}

// request is one request to the API.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
	body         func() (io.Reader, error) // called for each attempt; nil for none
}

const (
	attempts    = 4
	longestWait = 30 * time.Second
	answerLimit = 64 << 20 // bytes of an answer
)

// do sends a request, decodes the answer into out unless it is nil, and returns
// the header.
func (c *Client) do(ctx context.Context, r request, out any) (http.Header, error) {
	for attempt := 1; ; attempt++ {
		header, body, err := c.try(ctx, r)
		if err == nil {
			return header, decode(body, out)
		}
		wait, again := c.again(r.method, header, err, attempt)
		if !again {
			return header, err
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return header, context.Cause(ctx)
		}
	}
}

// again reports whether, and after how long, a failed request is tried again.
func (c *Client) again(method string, header http.Header, err error, attempt int) (time.Duration, bool) {
	var e *Error
	busy := !errors.As(err, &e) || e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusBadGateway
	if method != http.MethodGet || attempt == attempts || !busy || errors.Is(err, context.Canceled) {
		return 0, false
	}
	if s, err := strconv.Atoi(header.Get("Retry-After")); err == nil && s >= 0 {
		return min(time.Duration(s)*time.Second, longestWait), true
	}
	return time.Duration(attempt*attempt) * 200 * time.Millisecond, true
}

func (c *Client) try(ctx context.Context, r request) (http.Header, []byte, error) {
	u := *c.base
	u.Path += "/api/v1" + r.path
	u.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil {
		var err error
		if body, err = r.body(); err != nil {
			return nil, nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, nil, fmt.Errorf("ask the server: %w", err)
	}
	for k, v := range r.header {
		req.Header[k] = v
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, nil, c.unreached(err)
	}
	defer func() { _ = res.Body.Close() }() // read to its end or given up
	text, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return res.Header, nil, fmt.Errorf("read the answer of the server: %w", err)
	}
	if res.StatusCode >= 300 {
		return res.Header, nil, failed(res, text)
	}
	return res.Header, text, nil
}

// unreached says that the server did not answer, without the path that was asked for.
func (c *Client) unreached(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("the server at %s cannot be reached; look whether it runs there: %w", c.base, err)
}

// failed reads a problem.
func failed(res *http.Response, text []byte) error {
	e := &Error{Status: res.StatusCode, Title: http.StatusText(res.StatusCode)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		_ = json.Unmarshal(text, e) // what cannot be read stays as it is
	}
	e.Status = res.StatusCode
	return e
}

func decode(text []byte, out any) error {
	switch out := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*out = text
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("read the answer of the server, which may be of another version: %w", err)
	}
	return nil
}

// jsonBody sends a value as JSON.
func jsonBody(v any) (func() (io.Reader, error), http.Header) {
	return func() (io.Reader, error) {
		text, err := json.Marshal(v)
		return bytes.NewReader(text), err
	}, http.Header{"Content-Type": {"application/json"}}
}

// get reads an answer.
func get[T any](ctx context.Context, c *Client, path string, query url.Values) (out T, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: path, query: query}, &out)
	return out, err
}

// send sends a value and reads the answer.
func send[T any](ctx context.Context, c *Client, method, path string, value any) (out T, err error) {
	body, header := jsonBody(value)
	_, err = c.do(ctx, request{method: method, path: path, header: header, body: body}, &out)
	return out, err
}

// tell sends a value, and expects nothing in return that is of use.
func tell(ctx context.Context, c *Client, method, path string, value any) error {
	r := request{method: method, path: path}
	if value != nil {
		r.body, r.header = jsonBody(value)
	}
	_, err := c.do(ctx, r, nil)
	return err
}
