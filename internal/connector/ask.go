package connector

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// Address reads the address of a system as people enter it: with a scheme and a
// host, and neither a user nor a query.
func Address(entered string) (u *url.URL, ok bool) {
	u, err := url.Parse(entered)
	return u, err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// Ask sends a request with a body as JSON, unless that is nil, and reads the answer
// into v, unless that is nil. An answer that is not of the form of v is Unavailable;
// system is what people call who answers.
func Ask(ctx context.Context, c *outhttp.Client, system string, q outhttp.Request, body, v any) (*outhttp.Response, error) {
	if q.Header == nil {
		q.Header = http.Header{}
	}
	if q.Header.Get("Accept") == "" {
		q.Header.Set("Accept", "application/json")
	}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("ask %s: %w", system, err)
		}
		q.Body = raw
		q.Header.Set("Content-Type", "application/json")
	}
	res, err := c.Do(ctx, q)
	if err != nil || v == nil {
		return res, err
	}
	if err := json.Unmarshal(res.Body, v); err != nil {
		return nil, hindcast.Errorf(hindcast.Unavailable, "%s answers something else than was asked for; look whether the address is that of its API", system)
	}
	return res, nil
}

// Basic proves who asks by a name and a password.
func Basic(user string, password secret.Text) func(http.Header) {
	return func(h http.Header) {
		r := http.Request{Header: h}
		r.SetBasicAuth(user, password.Reveal())
	}
}
