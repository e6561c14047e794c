package lsp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lsp"
)

// session is a server with a client that is a test. It lives in a bubble of
// synctest, so that "nothing more comes" can be told without waiting.
type session struct {
	t    testing.TB
	in   *io.PipeWriter
	out  written
	done chan error
	stop context.CancelFunc
}

// written keeps what a server writes, a message for each call.
type written struct {
	mu       sync.Mutex
	messages []string
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	head, body, _ := bytes.Cut(p, []byte("\r\n\r\n"))
	if want := fmt.Sprintf("Content-Length: %d", len(body)); string(head) != want {
		return 0, fmt.Errorf("headers %q, want %q", head, want)
	}
	w.messages = append(w.messages, string(body))
	return len(p), nil
}

// config returns a server's config with the rules of the program.
func config(t testing.TB) lsp.Config {
	t.Helper()
	linter, err := lint.New()
	if err != nil {
		t.Fatal(err)
	}
	return lsp.Config{
		Lint:    func(source []byte) []hindcast.Finding { return linter.Document(source, lint.Context{}) },
		Page:    func(rule string) string { return "https://docs.example/" + rule },
		Version: "test",
	}
}

func start(t *testing.T, c lsp.Config) *session {
	t.Helper()
	in, to := io.Pipe()
	ctx, stop := context.WithCancel(t.Context())
	s := &session{t: t, in: to, done: make(chan error, 1), stop: stop}
	t.Cleanup(func() { _ = in.Close(); stop() }) // whatever still waits
	go func() { s.done <- lsp.Serve(ctx, in, &s.out, c) }()
	return s
}

// initialized starts a session whose beginning is over.
func initialized(t *testing.T, c lsp.Config, capabilities string) *session {
	t.Helper()
	s := start(t, c)
	s.send(`{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":` + capabilities + `}}`)
	s.send(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	s.got()
	return s
}

// raw sends bytes as they are.
func (s *session) raw(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, text); err != nil {
		s.t.Fatal(err)
	}
}

func frame(message string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
}

func (s *session) send(messages ...string) {
	s.t.Helper()
	for _, m := range messages {
		s.raw(frame(m))
	}
}

// open opens a document as version 1.
func (s *session) open(uri, text string) {
	s.t.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		s.t.Fatal(err)
	}
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":%q,"languageId":"markdown","version":1,"text":%s}}}`, uri, quoted))
}

// change sends the contentChanges of a version.
func (s *session) change(uri string, version int, changes string) {
	s.t.Helper()
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":%q,"version":%d},"contentChanges":%s}}`, uri, version, changes))
}

// ask sends a request about a document.
func (s *session) ask(id int, method, uri, more string) {
	s.t.Helper()
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"textDocument/%s","params":{"textDocument":{"uri":%q}%s}}`, id, method, uri, more))
}

// got waits until the server has nothing to do and returns what it has sent.
func (s *session) got() []string {
	synctest.Wait()
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	out := s.out.messages
	s.out.messages = nil
	return out
}

// one returns the only message that the server has sent.
func (s *session) one() string {
	s.t.Helper()
	got := s.got()
	if len(got) != 1 {
		s.t.Fatalf("the server sent %d messages, want 1:\n%s", len(got), strings.Join(got, "\n"))
	}
	return got[0]
}

// end closes the input and returns what Serve says.
func (s *session) end() error {
	_ = s.in.Close() // it never fails
	defer s.stop()
	return <-s.done
}

// result reads the result of a message.
func result[T any](t *testing.T, message string) T {
	t.Helper()
	var m struct {
		Result T               `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal([]byte(message), &m); err != nil || m.Error != nil {
		t.Fatalf("no result in %s: %v", message, err)
	}
	return m.Result
}

// brief returns of a message what tells it from others: its method, or the id
// and the code of the error.
func brief(t *testing.T, message string) string {
	t.Helper()
	var m struct {
		ID     json.RawMessage
		Method string
		Params struct {
			URI         string
			Version     *int
			Diagnostics []struct{ Code string }
			Message     string
		}
		Error *struct{ Code int }
	}
	if err := json.Unmarshal([]byte(message), &m); err != nil {
		t.Fatalf("%s: %v", message, err)
	}
	switch {
	case m.Error != nil:
		return fmt.Sprintf("%s: error %d", m.ID, m.Error.Code)
	case m.Method == "textDocument/publishDiagnostics":
		out := m.Params.URI
		if m.Params.Version != nil {
			out += fmt.Sprintf(" v%d", *m.Params.Version)
		}
		out += ":"
		for _, d := range m.Params.Diagnostics {
			out += " " + d.Code
		}
		return out
	case m.Method != "":
		return m.Method
	}
	return string(m.ID) + ": result"
}

func briefs(t *testing.T, messages []string) []string {
	t.Helper()
	out := []string{}
	for _, m := range messages {
		out = append(out, brief(t, m))
	}
	return out
}
