package kubernetes

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// Server is an API server, or what answers as one. It may be used by several
// goroutines at once.
type Server struct {
	Address string // without a slash at its end
	// Token and CA are asked before every request, so that files that are replaced
	// hold. An empty token is not sent; without CA the system's authorities count.
	Token func() (secret.Text, error)
	CA    func() ([]byte, error)
	HTTP  *outhttp.Client

	mu      sync.Mutex
	known   string // the certificates that trusts has
	trusted *outhttp.Client
}

// ErrExpired is what a list or a watch fails with when the cluster no longer knows the
// version that it should go on from (410 Gone): one begins anew.
var ErrExpired = errors.New("the cluster no longer knows where to go on; everything is listed anew")

// List is a page of a list as the API answers it.
type List struct {
	Kind     string `json:"kind"`
	Metadata struct {
		ResourceVersion    string `json:"resourceVersion"`
		Continue           string `json:"continue"`
		RemainingItemCount int64  `json:"remainingItemCount"`
	} `json:"metadata"`
	Items []json.RawMessage `json:"items"`
}

// EventsPath returns where the events of a namespace are, of all when it is empty.
func EventsPath(ns string) string { return path("/api/v1", ns, "events") }

// path returns where the objects of a kind are.
func path(group, ns, kind string) string {
	if ns != "" {
		group += "/namespaces/" + ns
	}
	return group + "/" + kind
}

// List returns a page of the list at a path; after is the Continue of the page before.
func (s *Server) List(ctx context.Context, path string, limit int, after string) (List, error) {
	q := url.Values{"limit": {strconv.Itoa(limit)}}
	if after != "" {
		q.Set("continue", after)
	}
	var l List
	if err := s.get(ctx, path+"?"+q.Encode(), &l); err != nil {
		return l, err
	}
	if !strings.HasSuffix(l.Kind, "List") {
		return l, hindcast.Errorf(hindcast.Unavailable, "Kubernetes answers something else than a list; look whether the address is that of its API server")
	}
	return l, nil
}

// Step is one line of what a watch tells.
type Step struct {
	Type   string          `json:"type"` // ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
	Object json.RawMessage `json:"object"`
}

// Watch returns what happens to the objects at a path after a version, a [Step] a
// line, for about as many seconds.
func (s *Server) Watch(ctx context.Context, path, version string, seconds int) (io.ReadCloser, error) {
	q := url.Values{"watch": {"true"}, "allowWatchBookmarks": {"true"}, "resourceVersion": {version}, "timeoutSeconds": {strconv.Itoa(seconds)}}
	client, r, err := s.request(path + "?" + q.Encode())
	if err != nil {
		return nil, err
	}
	body, err := client.Stream(ctx, r)
	return body, explain(err)
}

// get asks for something and reads it into v.
func (s *Server) get(ctx context.Context, target string, v any) error {
	client, r, err := s.request(target)
	if err != nil {
		return err
	}
	_, err = connector.Ask(ctx, client, "Kubernetes", r, nil, v)
	return explain(err)
}

// request returns a request with its proof, and the client that sends it.
func (s *Server) request(target string) (*outhttp.Client, outhttp.Request, error) {
	r := outhttp.Request{Method: http.MethodGet, URL: s.Address + target, Header: http.Header{"Accept": {"application/json"}}}
	token, err := s.Token()
	if err != nil {
		return nil, r, err
	}
	if !token.IsZero() {
		r.Authorize = func(h http.Header) { h.Set("Authorization", "Bearer "+token.Reveal()) }
	}
	client, err := s.client()
	return client, r, err
}

// client returns a client that trusts the authorities of now.
func (s *Server) client() (*outhttp.Client, error) {
	if s.CA == nil {
		return s.HTTP, nil
	}
	bundle, err := s.CA()
	if err != nil || len(bytes.TrimSpace(bundle)) == 0 {
		return s.HTTP, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trusted == nil || s.known != string(bundle) {
		client, err := s.HTTP.Trusting(bundle)
		if err != nil {
			return nil, err
		}
		s.trusted, s.known = client, string(bundle)
	}
	return s.trusted, nil
}

// explain says what an error means here.
func explain(err error) error {
	var e *outhttp.Error
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Status == http.StatusGone:
		return ErrExpired
	case e.Status == http.StatusForbidden && e.Code == hindcast.Denied:
		return errForbidden
	case e.Status == http.StatusUnauthorized:
		return hindcast.Errorf(hindcast.Denied, "the token is not accepted; it may have expired: enter one that is valid, or none where none is needed")
	}
	return err
}

// errForbidden is that a credential is known but may not do what was asked for.
var errForbidden = &hindcast.Error{Code: hindcast.Denied, Message: "the credential may not read this; have its account be granted get and list (docs/kubernetes.md)"}

// denied says what a credential may not read.
func denied(err error, what string) error {
	if errors.Is(err, errForbidden) {
		return hindcast.Errorf(hindcast.Denied, "read %s of Kubernetes: the credential may not; have its account be granted get and list for them (docs/kubernetes.md)", what)
	}
	return fmt.Errorf("read %s of Kubernetes: %w", what, err)
}

// hasCertificate reports whether a text has a certificate that can be read, and none
// that cannot.
func hasCertificate(text string) bool {
	found := false
	for rest := []byte(text); ; found = true {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return found
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil || block.Type != "CERTIFICATE" {
			return false
		}
	}
}
