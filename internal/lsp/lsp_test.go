package lsp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lsp"
)

const (
	initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`
	shutdown   = `{"jsonrpc":"2.0","id":2,"method":"shutdown"}`
	exit       = `{"jsonrpc":"2.0","method":"exit"}`
	hoverAt0   = `{"jsonrpc":"2.0","id":3,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///a.md"},"position":{"line":0,"character":0}}}`
	openA      = `{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.md","version":1,"text":"The alert should have fired.\n"}}}`
)

func TestLifecycle(t *testing.T) {
	cases := []struct {
		name string
		send []string
		want []string
		err  error
	}{
		{"orderly", []string{initialize, shutdown, exit}, []string{"1: result", "2: result"}, nil},
		{"input ends after shutdown", []string{initialize, shutdown}, []string{"1: result", "2: result"}, nil},
		{"exit without shutdown", []string{initialize, exit}, []string{"1: result"}, lsp.ErrUnfinished},
		{"exit before all", []string{exit}, []string{}, lsp.ErrUnfinished},
		{"input ends", []string{initialize}, []string{"1: result"}, lsp.ErrUnfinished},
		{"nothing at all", nil, []string{}, lsp.ErrUnfinished},
		{"a question too early", []string{hoverAt0, initialize}, []string{"3: error -32002", "1: result"}, lsp.ErrUnfinished},
		{"a document too early", []string{openA, initialize, hoverAt0}, []string{"1: result", "3: error -32602"}, lsp.ErrUnfinished},
		{"shutdown too early", []string{shutdown}, []string{"2: error -32002"}, lsp.ErrUnfinished},
		{"initialize twice", []string{initialize, initialize}, []string{"1: result", "1: error -32600"}, lsp.ErrUnfinished},
		{"initialize without params", []string{`{"jsonrpc":"2.0","id":1,"method":"initialize"}`}, []string{"1: error -32602"}, lsp.ErrUnfinished},
		{"a question after shutdown", []string{initialize, shutdown, hoverAt0}, []string{"1: result", "2: result", "3: error -32600"}, nil},
		{"a document after shutdown", []string{initialize, shutdown, openA}, []string{"1: result", "2: result"}, nil},
		{"shutdown twice", []string{initialize, shutdown, shutdown}, []string{"1: result", "2: result", "2: error -32600"}, nil},
		{"unknown method", []string{initialize, `{"jsonrpc":"2.0","id":"x","method":"textDocument/rename","params":{}}`}, []string{"1: result", `"x": error -32601`}, lsp.ErrUnfinished},
		{"unknown notification", []string{initialize, `{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"off"}}`}, []string{"1: result"}, lsp.ErrUnfinished},
		{"an answer to nothing", []string{initialize, `{"jsonrpc":"2.0","id":7,"result":null}`, shutdown}, []string{"1: result", "2: result"}, nil},
		{"cancel what is not running", []string{initialize, `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":9}}`, shutdown}, []string{"1: result", "2: result"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t, config(t))
				s.send(c.send...)
				got := s.got()
				if err := s.end(); !errors.Is(err, c.err) {
					t.Errorf("Serve = %v, want %v", err, c.err)
				}
				if d := cmp.Diff(c.want, briefs(t, got)); d != "" {
					t.Errorf("messages (-want +got):\n%s", d)
				}
			})
		})
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{}`)
		s.stop()
		synctest.Wait()
		if err := <-s.done; !errors.Is(err, context.Canceled) {
			t.Errorf("Serve = %v, want %v", err, context.Canceled)
		}
		_ = s.in.Close() // ends the read that still waits
	})
}

// TestUnreadableMessages holds that a message that cannot be read is answered,
// and that the session goes on where the next one can be found.
func TestUnreadableMessages(t *testing.T) {
	const next = `{"jsonrpc":"2.0","id":5,"method":"shutdown"}`
	cases := []struct {
		name, raw string
		want      []string
		err       string // what Serve's error holds; empty: the session goes on
	}{
		{"not JSON", frame("{"), []string{"null: error -32700", "5: result"}, ""},
		{"an empty message", frame(""), []string{"null: error -32700", "5: result"}, ""},
		{"neither request nor answer", frame("{}"), []string{"null: error -32600", "5: result"}, ""},
		{"a batch", frame(`[{"jsonrpc":"2.0","id":1,"method":"x"}]`), []string{"null: error -32600", "5: result"}, ""},
		{"an id that is none", frame(`{"jsonrpc":"2.0","id":{},"method":"x"}`), []string{"null: error -32600", "5: result"}, ""},
		{"deeply nested", frame(strings.Repeat("[", 100000)), []string{"null: error -32700", "5: result"}, ""},
		{"another character set", "Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-16\r\n\r\n{}", []string{"null: error -32600", "5: result"}, ""},
		{"utf8 by its other name", "Content-Type: application/vscode-jsonrpc; charset=utf8\r\ncontent-length: 40\r\n\r\n" + `{"jsonrpc":"2.0","id":4,"method":"next"}`, []string{"4: error -32601", "5: result"}, ""},
		{"the end within a header", "Content-Le", []string{"null: error -32700"}, "ends within a message"},
		{"the end within a message", "Content-Length: 20\r\n\r\n{", []string{"null: error -32700"}, "ends within a message"},
		{"no length", "Content-Type: x\r\n\r\n{}", []string{"null: error -32700"}, "no Content-Length"},
		{"negative length", "Content-Length: -1\r\n\r\n", []string{"null: error -32700"}, "no number of bytes"},
		{"length beyond numbers", "Content-Length: 99999999999999999999\r\n\r\n", []string{"null: error -32700"}, "no number of bytes"},
		{"two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", []string{"null: error -32700"}, "a second one"},
		{"no header", "GET / HTTP/1.1\r\n\r\n", []string{"null: error -32700"}, "is no header"},
		{"wrong line end", "Content-Length: 2\n\n{}", []string{"null: error -32700"}, `\r\n`},
		{"endless header", strings.Repeat("x", 5000), []string{"null: error -32700"}, "longer than"},
		{"endless headers", strings.Repeat("X: y\r\n", 50), []string{"null: error -32700"}, "more than 16 headers"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := initialized(t, config(t), `{}`)
				go func() { // a server that stops reading leaves the rest unread
					_, _ = io.WriteString(s.in, c.raw)
					if c.err == "" {
						_, _ = io.WriteString(s.in, frame(next))
					}
					_ = s.in.Close()
				}()
				err := <-s.done
				got := slices.DeleteFunc(briefs(t, s.got()), func(m string) bool { return m == "window/showMessage" })
				if d := cmp.Diff(c.want, got); d != "" {
					t.Errorf("messages (-want +got):\n%s", d)
				}
				if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
					t.Errorf("Serve = %v, want an error with %q", err, c.err)
				}
			})
		})
	}
}

// TestHugeMessage holds that a message beyond the limit is passed over without
// being kept.
func TestHugeMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{}`)
		const size = 40 << 20
		s.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n", size))
		s.raw(strings.Repeat(" ", size))
		s.send(shutdown)
		want := []string{"null: error -32600", "window/showMessage", "2: result"}
		if d := cmp.Diff(want, briefs(t, s.got())); d != "" {
			t.Errorf("messages (-want +got):\n%s", d)
		}
		if err := s.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestLostDocuments holds that nothing is said about documents once a message
// that may have changed them was unreadable, until their text is known again.
func TestLostDocuments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{}`)
		s.open("file:///a.md", "The alert should have fired.\n")
		expect(t, s, "file:///a.md v1: counterfactual")
		s.send("{")
		expect(t, s, "null: error -32700", "window/showMessage", "file:///a.md v1:")
		s.change("file:///a.md", 2, `[{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":2}},"text":"You"}]`)
		expect(t, s, "file:///a.md v2:")
		s.ask(1, "hover", "file:///a.md", `,"position":{"line":0,"character":5}`)
		expect(t, s, "1: result")
		s.change("file:///a.md", 3, `[{"text":"The page should have come.\n"}]`)
		expect(t, s, "file:///a.md v3: counterfactual")
		s.send(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":[1]}`)
		expect(t, s, "window/showMessage", "file:///a.md v3:")
		s.open("file:///a.md", "The alert should have fired.\n")
		expect(t, s, "file:///a.md v1: counterfactual")
		if err := s.end(); !errors.Is(err, lsp.ErrUnfinished) {
			t.Errorf("Serve = %v, want %v", err, lsp.ErrUnfinished)
		}
	})
}

// expect waits for messages in any order, told in brief.
func expect(t *testing.T, s *session, want ...string) {
	t.Helper()
	if d := cmp.Diff(sorted(want), sorted(briefs(t, s.got())), cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("messages (-want +got):\n%s", d)
	}
}

func TestDocuments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := initialized(t, config(t), `{}`)
		s.open("file:///a.md", "The alert should have fired.\n")
		expect(t, s, "file:///a.md v1: counterfactual")
		s.open("file:///b.md", "It broke.\n")
		expect(t, s, "file:///b.md v1:")
		s.change("file:///b.md", 4, `[{"text":"It broke.\n\nIn hindsight "},{"range":{"start":{"line":2,"character":13},"end":{"line":9,"character":0}},"text":"it was obvious.\n"}]`)
		expect(t, s, "file:///b.md v4: counterfactual")
		s.change("file:///nowhere.md", 1, `[{"text":"The alert should have fired."}]`)
		expect(t, s)
		s.send(`{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///b.md"}}}`)
		expect(t, s, "file:///b.md:")
		s.ask(1, "hover", "file:///b.md", `,"position":{"line":0,"character":0}`)
		expect(t, s, "1: error -32602")
		s.send(shutdown, exit)
		expect(t, s, "2: result")
		if err := s.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestStaleVersions holds that a change that is older than the text is not made
// again, and that what was found in an older text is not shown.
func TestStaleVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		find, begun, release := c.Lint, make(chan string, 10), make(chan bool, 10)
		c.Lint = func(source []byte) []hindcast.Finding {
			begun <- string(source)
			<-release
			return find(source)
		}
		s := initialized(t, c, `{}`)
		s.open("file:///a.md", "The alert should have fired.\n")
		expect(t, s)
		s.change("file:///a.md", 2, `[{"text":"The page should have come.\n"}]`)
		s.change("file:///a.md", 3, `[{"text":"It broke.\n"}]`)
		s.change("file:///a.md", 3, `[{"text":"This is an older text.\n"}]`)
		s.change("file:///a.md", 2, `[{"text":"This is an older text too.\n"}]`)
		release <- true
		expect(t, s)
		release <- true
		expect(t, s, "file:///a.md v3:")
		close(begun)
		var texts []string
		for text := range begun {
			texts = append(texts, text)
		}
		if d := cmp.Diff([]string{"The alert should have fired.\n", "It broke.\n"}, texts); d != "" {
			t.Errorf("texts that were linted (-want +got):\n%s", d)
		}
		_ = s.end()
	})
}

func TestCancelAndModified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		find, release := c.Lint, make(chan bool)
		c.Lint = func(source []byte) []hindcast.Finding { <-release; return find(source) }
		s := initialized(t, c, `{}`)
		s.open("file:///a.md", "The alert should have fired.\n")
		s.ask(1, "hover", "file:///a.md", `,"position":{"line":0,"character":5}`)
		s.ask(2, "hover", "file:///a.md", `,"position":{"line":0,"character":5}`)
		expect(t, s)
		s.ask(2, "hover", "file:///a.md", `,"position":{"line":0,"character":5}`)
		expect(t, s, "2: error -32600")
		s.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}`)
		expect(t, s, "1: error -32800")
		s.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}`)
		s.change("file:///a.md", 2, `[{"text":"It broke.\n"}]`)
		expect(t, s)
		close(release)
		expect(t, s, "2: error -32801", "file:///a.md v2:")
		_ = s.end()
	})
}
