package recordtest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// LogLines writes one line per log record that sink has received:
//
//	LINE[-END] TIME LEVEL SERVICE INSTANCE [TRACE/SPAN] [STATUS] | MESSAGE
//
// with "-" for what a record does not say, and one per problem.
func LogLines(sink *Sink) (records, problems string) {
	var b strings.Builder
	for _, l := range sink.Logs {
		fmt.Fprint(&b, l.Line)
		if l.EndLine > l.Line {
			fmt.Fprintf(&b, "-%d", l.EndLine)
		}
		for _, s := range []string{l.At, l.Level, l.Service, l.Instance} {
			if s == "" {
				s = "-"
			}
			fmt.Fprintf(&b, " %s", s)
		}
		if l.TraceID != "" {
			fmt.Fprintf(&b, " %s/%s", l.TraceID, l.SpanID)
		}
		if l.Status != 0 {
			fmt.Fprintf(&b, " %d", l.Status)
		}
		fmt.Fprintf(&b, " | %s\n", l.Message)
	}
	for _, p := range sink.Problems {
		problems += p.String() + "\n"
	}
	return b.String(), problems
}

// CutAnywhere checks that the records of a file read by lines do not depend on
// where it is cut into chunks.
func CutAnywhere(t *testing.T, format record.Format, f *record.File, data []byte) {
	t.Helper()
	whole := &Sink{}
	if err := Read(format, f, data, whole); err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 8 {
		cut := &Sink{}
		readCut(format.Lines(f, Head(f.Name, data)), data, cut, rnd)
		if diff := cmp.Diff(whole.Logs, cut.Logs); diff != "" {
			t.Fatalf("records differ when cut (-whole +cut):\n%s", diff)
		}
	}
}

// readCut feeds data to p in pieces of random size, as it grows while p finds
// no complete record in it.
func readCut(p record.LineParser, data []byte, sink record.Sink, rnd *rand.Rand) {
	line, at := 1, 0
	for end := 0; at < len(data); {
		end = min(end+1+rnd.IntN(200), len(data))
		n := p.Cut(data[at:end], end == len(data))
		if n == 0 {
			continue
		}
		p.Chunk(bytes.Clone(data[at:at+n]), line, int64(at), sink)
		line, at = line+bytes.Count(data[at:at+n], []byte("\n")), at+n
	}
}

// Discard is a sink that keeps nothing, for benchmarks.
type Discard struct{}

// Event does nothing.
func (Discard) Event(hindcast.Event) {}

// Log does nothing.
func (Discard) Log(*record.Log) {}

// Sample does nothing.
func (Discard) Sample(*record.Sample) {}

// Span does nothing.
func (Discard) Span(*record.Span) {}

// Person does nothing.
func (Discard) Person(record.Person) {}

// Problem does nothing.
func (Discard) Problem(hindcast.Problem) {}
