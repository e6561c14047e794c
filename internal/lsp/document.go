package lsp

import (
	"slices"
	"sync"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/hindcast/hindcast"
)

// document is an open document at one version. A change puts another in its
// place.
type document struct {
	uri     string
	version *int // nil: the client counts none
	text    text
	lost    bool // what the client shows is not known

	once  sync.Once
	ready chan struct{} // closed when found is known
	found []hindcast.Finding
}

// findings returns what the lint finds in a document. It is looked for once,
// when somebody asks first; nothing is found in a lost document.
func (s *server) findings(d *document) []hindcast.Finding {
	if d.lost {
		return nil
	}
	d.once.Do(func() {
		go func() {
			d.found = s.Lint(d.text.source)
			close(d.ready)
		}()
	})
	<-d.ready
	return d.found
}

// put makes d what is open at its address and asks for its diagnostics.
func (s *server) put(d *document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.ready = make(chan struct{})
	s.open[d.uri] = d
	s.show(d.uri)
}

// show asks for the diagnostics of a document to be published. The caller holds
// the lock.
func (s *server) show(uri string) {
	if !slices.Contains(s.unshown, uri) {
		s.unshown = append(s.unshown, uri)
	}
	select {
	case s.wake <- struct{}{}:
	default: // it is awake
	}
}

// current returns what is open at an address; nil: nothing.
func (s *server) current(uri string) *document {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[uri]
}

// sync takes what a client says of its documents.
func (s *server) sync(req *jsonrpc2.Request) *jsonrpc2.Error {
	switch req.Method {
	case unreadable:
		p, err := decode[[]string](req)
		if err == nil && len(p) == 1 {
			return errorf(0, p[0])
		}
		return err
	case "textDocument/didOpen":
		p, err := decode[didOpenParams](req)
		if err == nil {
			s.put(&document{uri: p.TextDocument.URI, version: p.TextDocument.Version, text: newText([]byte(p.TextDocument.Text))})
		}
		return err
	case "textDocument/didChange":
		p, err := decode[didChangeParams](req)
		if err == nil {
			s.change(p)
		}
		return err
	case "textDocument/didClose":
		p, err := decode[didCloseParams](req)
		if err == nil {
			s.shut(p.TextDocument.URI)
		}
		return err
	}
	return nil
}

// change makes the changes of a client in turn. Those of a version that is not
// newer than the one here have been made already.
func (s *server) change(p didChangeParams) {
	d := s.current(p.TextDocument.URI)
	if d == nil || d.version != nil && p.TextDocument.Version != nil && *p.TextDocument.Version <= *d.version {
		return
	}
	t, lost := d.text, d.lost
	for _, c := range p.ContentChanges {
		if c.Range == nil {
			t, lost = newText([]byte(c.Text)), false
		} else if !lost {
			t = t.replace(*c.Range, c.Text)
		}
	}
	s.put(&document{uri: d.uri, version: p.TextDocument.Version, text: t, lost: lost})
}

// shut forgets a document.
func (s *server) shut(uri string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[uri] != nil {
		delete(s.open, uri)
		s.show(uri)
	}
}

// lose notes that what the client shows is not known any more.
func (s *server) lose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for uri, d := range s.open {
		s.open[uri] = &document{uri: uri, version: d.version, text: newText(nil), lost: true}
		s.show(uri)
	}
}
