package server

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// patience is how long a client may take to send what it announced; for large
// bodies there is a second more for every slowest bytes.
const (
	patience = 30 * time.Second
	slowest  = 16 << 10
)

// paced ends requests whose body comes so slowly that its client only holds a
// connection.
func (s *Server) paced(next http.Handler) http.Handler {
	wait := s.opt.Patience
	if wait == 0 {
		wait = patience
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != nil && r.Body != http.NoBody {
			b := &pacedBody{ReadCloser: r.Body, conn: http.NewResponseController(w), until: time.Now().Add(wait)}
			b.wait() // for what nobody reads, too
			r.Body = b
		}
		next.ServeHTTP(w, r)
	})
}

// pacedBody moves the deadline of its connection on with what has come.
type pacedBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	until time.Time // when the first bytes have to be here
	n     int64
}

func (b *pacedBody) wait() {
	_ = b.conn.SetReadDeadline(b.until.Add(time.Duration(b.n/slowest) * time.Second)) // connections of tests have none
}

// Read reads on. At the end nothing is waited for any more: a deadline that passes
// would cancel the request while it is worked on.
func (b *pacedBody) Read(p []byte) (int, error) {
	b.wait()
	n, err := b.ReadCloser.Read(p)
	b.n += int64(n)
	if errors.Is(err, io.EOF) {
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// loopbackOnly refuses what a page of another name sends to a demo on this
// machine, where nobody signs in: names can be made to lead here.
func (s *Server) loopbackOnly(next http.Handler) http.Handler {
	host, _, err := net.SplitHostPort(s.config.Addr)
	if !s.opt.Demo || s.config.URL != "" || err != nil || !named(host) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !named(r.Host) {
			http.Error(w, "this demo is open at its address on this machine only; start it with --url to give it a name", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
