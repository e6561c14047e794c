package lsp

import (
	"context"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/hindcast/hindcast"
)

// publish publishes diagnostics until the client is gone. It is the only one that does,
// so that those of an older text never follow those of a newer one.
func (s *server) publish(ctx context.Context, conn *jsonrpc2.Conn) {
	for {
		select {
		case <-conn.DisconnectNotify():
			return
		case <-s.wake:
		}
		for uri, d, ok := s.next(); ok; uri, d, ok = s.next() {
			p := publishDiagnosticsParams{URI: uri, Diagnostics: []diagnostic{}}
			if d != nil {
				p.Version = d.version
				p.Diagnostics = s.diagnostics(d)
			}
			if s.current(uri) != d {
				continue // its successor waits to be shown
			}
			if err := conn.Notify(ctx, "textDocument/publishDiagnostics", p); err != nil {
				return // the client is gone
			}
		}
	}
}

// next takes the document that has waited longest for its diagnostics; nil for
// one that was closed.
func (s *server) next() (uri string, d *document, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.unshown) == 0 {
		return "", nil, false
	}
	uri, s.unshown = s.unshown[0], s.unshown[1:]
	return uri, s.open[uri], true
}

func (s *server) diagnostics(d *document) []diagnostic {
	out := []diagnostic{}
	for _, f := range s.findings(d) {
		out = append(out, s.diagnostic(d, f))
	}
	return out
}

// diagnostic returns a finding as a client shows it.
func (s *server) diagnostic(d *document, f hindcast.Finding) diagnostic {
	out := diagnostic{
		Range:    d.spanOf(f),
		Severity: severity(f.Level),
		Code:     f.Rule,
		Source:   "hindcast",
		Message:  f.Message + "\n" + f.Why,
	}
	if needless(f) {
		out.Tags = []int{tagUnnecessary}
	}
	if page := s.Page(f.Rule); page != "" {
		out.CodeDescription = &codeDescription{page}
	}
	return out
}

// spanOf returns where a finding stands.
func (d *document) spanOf(f hindcast.Finding) Range {
	return Range{d.text.positionOfUnit(f.StartUTF16), d.text.positionOfUnit(f.EndUTF16)}
}

func severity(l hindcast.FindingLevel) int {
	switch l {
	case hindcast.FindingError:
		return severityError
	case hindcast.FindingWarning:
		return severityWarning
	}
	return severityInformation
}
