package lsp

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/sourcegraph/jsonrpc2"
)

// phase is how far a session has come.
type phase int

const (
	fresh phase = iota // not yet initialized
	ready
	down // shut down: only exit is left
)

// server is one session with one client.
type server struct {
	Config
	wake chan struct{} // there is something to publish

	mu      sync.Mutex
	phase   phase
	client  initializeParams
	open    map[string]*document // by address
	unshown []string             // addresses whose diagnostics are out of date, longest first
	running map[jsonrpc2.ID]context.CancelFunc
}

func newServer(c Config) *server {
	return &server{Config: c, wake: make(chan struct{}, 1), open: map[string]*document{}, running: map[jsonrpc2.ID]context.CancelFunc{}}
}

func (s *server) at() phase {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase
}

// Handle takes one message. It is called for one after the other.
func (s *server) Handle(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) {
	if req.Notif {
		s.notice(ctx, conn, req)
		return
	}
	result, err := s.lifecycle(req)
	if err == nil && result == nil {
		s.ask(ctx, conn, req)
		return
	}
	reply(ctx, conn, req.ID, result, err)
}

// reply answers a request. A client that cannot be written to is noticed by
// whoever reads from it next.
func reply(ctx context.Context, conn *jsonrpc2.Conn, id jsonrpc2.ID, result any, err *jsonrpc2.Error) {
	if err != nil {
		_ = conn.ReplyWithError(ctx, id, err)
		return
	}
	_ = conn.Reply(ctx, id, result)
}

func errorf(code int64, message string) *jsonrpc2.Error {
	return &jsonrpc2.Error{Code: code, Message: message}
}

// lifecycle answers the requests that begin and end a session, and those that
// come at the wrong time. It returns nothing for the rest.
func (s *server) lifecycle(req *jsonrpc2.Request) (any, *jsonrpc2.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.phase == down:
		return nil, errorf(jsonrpc2.CodeInvalidRequest, "the server is shut down; send exit")
	case req.Method == "initialize" && s.phase == ready:
		return nil, errorf(jsonrpc2.CodeInvalidRequest, "the session is initialized already")
	case req.Method == "initialize":
		p, err := decode[initializeParams](req)
		if err != nil {
			return nil, err
		}
		s.client, s.phase = p, ready
		return s.abilities(), nil
	case s.phase == fresh:
		return nil, errorf(codeNotInitialized, "send initialize first")
	case req.Method == "shutdown":
		s.phase, s.open, s.unshown = down, nil, nil
		return json.RawMessage("null"), nil
	}
	return nil, nil
}

func (s *server) abilities() initializeResult {
	return initializeResult{
		Capabilities: serverCapabilities{
			PositionEncoding:       "utf-16",
			TextDocumentSync:       syncOptions{OpenClose: true, Change: syncIncremental},
			HoverProvider:          true,
			DocumentSymbolProvider: true,
			CodeActionProvider:     codeActionOptions{CodeActionKinds: []string{quickFix}},
		},
		ServerInfo: serverInfo{Name: "hindcast", Version: s.Version},
	}
}

// decode reads the parameters of a message.
func decode[T any](req *jsonrpc2.Request) (T, *jsonrpc2.Error) {
	var p T
	if req.Params == nil {
		return p, errorf(jsonrpc2.CodeInvalidParams, req.Method+" has no params")
	}
	if err := json.Unmarshal(*req.Params, &p); err != nil {
		return p, errorf(jsonrpc2.CodeInvalidParams, "read the params of "+req.Method+": "+err.Error())
	}
	return p, nil
}

// notice takes a notification. Those that this server does not know need no
// answer.
func (s *server) notice(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) {
	switch req.Method {
	case "exit":
		_ = conn.Close() // it was open, as this message came from it
		return
	case "$/cancelRequest":
		s.cancel(req)
		return
	}
	if s.at() != ready {
		return
	}
	if err := s.sync(req); err != nil {
		s.lose()
		_ = conn.Notify(ctx, "window/showMessage", showMessageParams{messageError, "Hindcast lost track of the open files: " + err.Message + ". Close and open them again."})
	}
}

// cancel ends the wait for a request; one that was answered is left alone.
func (s *server) cancel(req *jsonrpc2.Request) {
	p, err := decode[cancelParams](req)
	s.mu.Lock()
	defer s.mu.Unlock()
	if stop := s.running[p.ID]; err == nil && stop != nil {
		stop()
	}
}

// ask answers a question about a document beside what comes next.
func (s *server) ask(ctx context.Context, conn *jsonrpc2.Conn, req *jsonrpc2.Request) {
	uri, work, err := s.question(req)
	if err == nil {
		var d *document
		if ctx, d, err = s.begin(ctx, req.ID, uri); err == nil {
			go s.answer(ctx, conn, req.ID, d, work)
			return
		}
	}
	reply(ctx, conn, req.ID, nil, err)
}

// begin notes that a request about a document is being answered, and returns a
// context that ends when it is cancelled.
func (s *server) begin(ctx context.Context, id jsonrpc2.ID, uri string) (context.Context, *document, *jsonrpc2.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.open[uri]
	if d == nil {
		return ctx, nil, errorf(jsonrpc2.CodeInvalidParams, "the document is not open: "+uri)
	}
	if _, twice := s.running[id]; twice {
		return ctx, nil, errorf(jsonrpc2.CodeInvalidRequest, "a request with this id is being answered")
	}
	ctx, s.running[id] = context.WithCancel(ctx)
	return ctx, d, nil
}

// question returns the document that a request is about and what answers it.
func (s *server) question(req *jsonrpc2.Request) (string, func(*document) any, *jsonrpc2.Error) {
	switch req.Method {
	case "textDocument/codeAction":
		p, err := decode[codeActionParams](req)
		return p.TextDocument.URI, func(d *document) any { return s.actions(d, p) }, err
	case "textDocument/hover":
		p, err := decode[hoverParams](req)
		return p.TextDocument.URI, func(d *document) any { return s.hover(d, p.Position) }, err
	case "textDocument/documentSymbol":
		p, err := decode[documentSymbolParams](req)
		return p.TextDocument.URI, func(d *document) any { return symbols(d.text) }, err
	}
	return "", nil, errorf(jsonrpc2.CodeMethodNotFound, "this server does not know "+req.Method)
}

// answer works on a document as it was when the request came, and replies unless
// the request was cancelled or the document has changed since.
func (s *server) answer(ctx context.Context, conn *jsonrpc2.Conn, id jsonrpc2.ID, d *document, work func(*document) any) {
	done := make(chan any, 1)
	go func() { done <- work(d) }()
	var result any
	var err *jsonrpc2.Error
	select {
	case <-ctx.Done():
		err = errorf(codeRequestCancelled, "the request was cancelled")
	case result = <-done:
	}
	s.mu.Lock()
	if err == nil && s.open[d.uri] != d {
		err = errorf(codeContentModified, "the document has changed since")
	}
	s.running[id]()
	delete(s.running, id)
	s.mu.Unlock()
	reply(ctx, conn, id, result, err)
}
