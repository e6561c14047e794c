package lsp_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/lsp"
)

// FuzzSession holds that a session ends whatever its messages are, one on each
// line, and writes nothing but frames.
func FuzzSession(f *testing.F) {
	begin := initialize + "\n" + openA + "\n"
	f.Add(begin + hoverAt0 + "\n" + shutdown + "\n" + exit)
	f.Add(begin + `{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///a.md","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":1},"end":{"line":9,"character":0}},"text":"🔥\r\n- x"},{"text":"# Action items\n\n- Improve it\n"}]}}`)
	f.Add(begin + `{"jsonrpc":"2.0","id":4,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"file:///a.md"},"range":{"start":{"line":0,"character":0},"end":{"line":3,"character":0}},"context":{"diagnostics":[]}}}`)
	f.Add(begin + `{"jsonrpc":"2.0","id":5,"method":"textDocument/documentSymbol","params":{"textDocument":{"uri":"file:///a.md"}}}` + "\n" + `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":5}}`)
	f.Add(begin + `{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///a.md"}}}` + "\n{\n" + openA)
	c := config(f)
	f.Fuzz(func(t *testing.T, messages string) {
		var in bytes.Buffer
		for m := range strings.SplitSeq(messages, "\n") {
			in.WriteString(frame(m))
		}
		var out written // refuses what is no frame
		if err := lsp.Serve(context.Background(), &in, &out, c); err != nil && !errors.Is(err, lsp.ErrUnfinished) {
			t.Errorf("Serve = %v", err)
		}
		if len(out.messages) == 0 && strings.HasPrefix(messages, initialize+"\n") {
			t.Error("initialize was not answered")
		}
	})
}
