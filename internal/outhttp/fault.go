package outhttp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
)

// tracker notes whether a request began to be sent.
type tracker struct{ begun atomic.Bool }

func (t *tracker) context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { t.begun.Store(true) }})
}

// failed makes the error for a request without a complete answer.
func failed(r Request, u *url.URL, err error, begun bool) *Error {
	e := &Error{Code: hindcast.Unavailable, Unclear: begun, cause: err}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // the outer one quotes the address
	}
	var refusal *addressError
	var dns *net.DNSError
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	why := ""
	switch {
	case errors.As(err, &refusal):
		e.Code, e.Unclear, why = hindcast.Invalid, false, refusal.Error()
	case errors.Is(err, context.Canceled):
		why = "it was stopped"
	case errors.Is(err, context.DeadlineExceeded) || isTimeout(err):
		why = "there was no answer in time"
	case errors.As(err, &dns):
		why = "the name is not known"
	case errors.As(err, &certificate):
		why = "its certificate is not one that this system trusts"
	case errors.As(err, &op) && op.Op == "dial":
		why = "nobody answers at this address"
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		why = "the answer ended too early"
	case strings.HasPrefix(err.Error(), "it sends us"):
		e.Code, why = hindcast.Invalid, err.Error()
	default:
		why = "the connection failed"
	}
	e.message = fmt.Sprintf("%s %s: %s", r.Method, u.Host, why)
	return e
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}

// refused makes the error for an answer that is no success.
func refused(r Request, u *url.URL, res *http.Response, wait time.Duration, body []byte, known []string) *Error {
	e := &Error{Code: hindcast.Invalid, Status: res.StatusCode, Wait: wait}
	next := "the service does not accept this"
	switch s := res.StatusCode; {
	case s == http.StatusTooManyRequests || s == http.StatusForbidden && wait > 0:
		e.Code, next = hindcast.Unavailable, "too many requests; it is tried again later"
	case s == http.StatusUnauthorized:
		e.Code, next = hindcast.Denied, "the credential is not accepted; check it in the settings"
	case s == http.StatusForbidden:
		e.Code, next = hindcast.Denied, "the credential is not accepted for this; give its account the right to it, or enter another in the settings"
	case s == http.StatusNotFound || s == http.StatusGone:
		e.Code, next = hindcast.NotFound, "there is nothing at this address, or the credential may not see it; check both in the settings"
	case s == http.StatusRequestTimeout || s == http.StatusTooEarly || s == http.StatusServiceUnavailable:
		e.Code, next = hindcast.Unavailable, "the service is not ready; it is tried again later"
	case s >= 500 && s != http.StatusNotImplemented:
		e.Code, e.Unclear, next = hindcast.Unavailable, true, "the service failed; it is tried again later"
	case s < 400:
		next = "the service has moved; enter its new address in the settings"
	}
	e.message = fmt.Sprintf("%s %s: %d %s: %s", r.Method, u.Host, res.StatusCode, http.StatusText(res.StatusCode), next)
	e.Said = excerpt(body, known)
	return e
}

// excerpt returns the beginning of what a service said, on one line, without
// what it should not have repeated.
func excerpt(body []byte, known []string) string {
	text := strings.ToValidUTF8(string(body), "")
	for _, s := range known {
		text = strings.ReplaceAll(text, s, "***")
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if strings.HasPrefix(text, "<") {
		return "" // a page
	}
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}

// shortest is the length from which on a part of an address may be a secret.
const shortest = 6

// secretsOf returns what in an address may be secret: some services put tokens
// into the path, others into the query.
func secretsOf(u *url.URL) []string {
	var out []string
	add := func(s string) {
		if len(s) >= shortest {
			out = append(out, s, url.QueryEscape(s), url.PathEscape(s))
		}
	}
	if p, ok := u.User.Password(); ok {
		add(p)
	}
	for _, values := range u.Query() {
		for _, v := range values {
			add(v)
		}
	}
	for _, part := range strings.Split(u.Path, "/") {
		if len(part) >= 16 {
			add(part)
		}
	}
	return out
}

// added returns the values, and their parts, that a header has and before had not.
func added(before, after http.Header) []string {
	var out []string
	for name, values := range after {
		for _, v := range values {
			if slices.Contains(before[name], v) {
				continue
			}
			for _, part := range append(strings.Fields(v), v) {
				if len(part) > shortest {
					out = append(out, part)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) }) // the longest first
	return out
}
