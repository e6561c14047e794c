package lsp_test

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/lsp"
)

// heard is told the version of each text whose diagnostics are published.
type heard chan string

func (h heard) Write(p []byte) (int, error) {
	if _, rest, ok := strings.Cut(string(p), `"uri":"file:///a.md","version":`); ok {
		version, _, _ := strings.Cut(rest, ",")
		h <- version
	}
	return len(p), nil
}

// BenchmarkKey measures the time from a key to the diagnostics that follow from
// it.
func BenchmarkKey(b *testing.B) {
	for _, size := range []int{8 << 10, 1 << 20} {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			key(b, size)
		})
	}
}

func key(b *testing.B, size int) {
	const part = "## Root cause\n\nThe engineer carelessly deployed bad code, and the alert should have fired before that.\n\nA job read each row of the table, so that the others waited for it.\n\n- 14:37 the wrong configuration was deployed to all regions\n\n"
	c := config(b)
	in, to := io.Pipe()
	versions := make(heard, 10)
	go func() { _ = lsp.Serve(context.Background(), in, versions, c) }()
	s := &session{t: b, in: to}
	s.send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`)
	s.open("file:///a.md", strings.Repeat(part, size/len(part)))
	<-versions
	for version := 2; b.Loop(); version++ {
		s.change("file:///a.md", version, `[{"range":{"start":{"line":2,"character":4},"end":{"line":2,"character":5}},"text":"x"}]`)
		for <-versions != strconv.Itoa(version) { // an earlier one came late
		}
	}
	_ = to.Close()
}
