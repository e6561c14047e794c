package outhttp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"time"

	"github.com/hindcast/hindcast"
)

// Stream sends a request once and returns what the service answers as it comes, for
// services that go on telling. The answer must begin within the time of an attempt;
// from then on only ctx ends it. How much is read is for the reader to bound, who
// must close it. The error is an [Error].
func (c *Client) Stream(ctx context.Context, r Request) (io.ReadCloser, error) {
	u, fault := address(r)
	if fault != nil {
		return nil, fault
	}
	setDefault(&r.Credential, u.Host)
	limit := c.limiter(r.Credential)
	if fault := limit.enter(ctx, c.Now, u.Host); fault != nil {
		return nil, fault
	}
	defer limit.leave()
	ctx, stop := context.WithCancelCause(ctx)
	late := time.AfterFunc(c.Timeout, func() { stop(context.DeadlineExceeded) })
	defer late.Stop()
	req, known, fault := c.prepare(ctx, r, u)
	if fault != nil {
		stop(nil)
		return nil, fault
	}
	res, err := c.http.Do(req)
	if err != nil {
		if context.Cause(ctx) == context.DeadlineExceeded {
			err = context.DeadlineExceeded
		}
		stop(nil)
		return nil, failed(r, u, err, true)
	}
	body := &stream{res.Body, stop}
	if res.StatusCode < 300 && late.Stop() {
		return body, nil
	}
	_, fault = c.read(r, u, res, limit, known)
	_ = body.Close() // what it said is read
	if fault == nil {
		fault = failed(r, u, context.DeadlineExceeded, true)
	}
	return nil, fault
}

// stream is an answer whose request ends with it.
type stream struct {
	io.ReadCloser
	stop context.CancelCauseFunc
}

// Close ends the request.
func (s *stream) Close() error {
	s.stop(nil)
	return s.ReadCloser.Close()
}

// Trusting returns a client that works as c does, with limits of its own, and takes
// certificates which one of the authorities in pem has signed, beside those that this
// system trusts. Certificates are checked as ever.
func (c *Client) Trusting(pem []byte) (*Client, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a machine without any
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, hindcast.Errorf(hindcast.Invalid, "there is no certificate; paste it with its lines BEGIN CERTIFICATE and END CERTIFICATE")
	}
	config := c.Config
	if t, ok := c.Transport.(*http.Transport); ok {
		own := t.Clone()
		own.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		config.Transport = own
	}
	return New(config), nil
}
