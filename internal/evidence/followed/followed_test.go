package followed_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/followed"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, followed.Formats(), os.DirFS("testdata"), save)
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, followed.Formats(),
		"web-1  | 2026-03-05T14:37:02Z ERROR refused\ndb-1   | 2026-03-05 14:37:04 UTC [1] ERROR:  bad\nweb-1 exited with code 1\n",
		"+ checkout-7d9f8c6b5-abcde › app\ncheckout-7d9f8c6b5-abcde app {\"level\":\"warn\",\"msg\":\"slow\"}\n",
		"2026-03-05T14:37:01.123000+00:00 2026/03/05/[$LATEST]0a1b2c [ERROR] bad\n  more\n")
}

// TestLongFile reads a file of several windows: no record is lost, each has its
// place, a stack trace is one record wherever a window ends, and they come in order.
func TestLongFile(t *testing.T) {
	var in strings.Builder
	const n = 30_000
	for i := range n {
		fmt.Fprintf(&in, "api-1  | 2026-03-05 14:%02d:%02d,123 ERROR [main] a.B - failed %d\n", i/60%60, i%60, i)
		fmt.Fprintf(&in, "web-1  | {\"time\":\"2026-03-05T14:%02d:%02d.200Z\",\"level\":\"info\",\"msg\":\"served %d\"}\n", i/60%60, i%60, i)
		in.WriteString("api-1  | \tat a.B.run(B.java:12)\n")
	}
	sink := recordtest.Parse(t, followed.Formats(), "container-logs", &record.File{Name: "all.log"}, []byte(in.String()))
	if len(sink.Logs) != 2*n {
		t.Fatalf("%d records, want %d", len(sink.Logs), 2*n)
	}
	lines := strings.SplitAfter(in.String(), "\n")
	offset, at := int64(0), 0
	for i, l := range sink.Logs {
		want := 3*(i/2) + 1 + i%2
		for ; at < want-1; at++ {
			offset += int64(len(lines[at]))
		}
		if l.Line != want || l.Offset != offset || i%2 == 0 && l.EndLine != want+2 || !strings.HasSuffix(l.Message, fmt.Sprint(" ", i/2)) {
			t.Fatalf("record %d: line %d to %d at %d, %q; want line %d at %d", i, l.Line, l.EndLine, l.Offset, l.Message, want, offset)
		}
	}
}

func TestYearless(t *testing.T) {
	f := followed.Formats()[0]
	for in, want := range map[string]bool{
		"web-1  | I0305 14:37:00.123456       1 main.go:23] started\ndb-1   | 2026-03-05T14:37:02Z ERROR refused\n": true,
		"db-1   | 2026-03-05T14:37:02Z ERROR refused\n":                                                             false,
	} {
		if got := f.Yearless(recordtest.Head("a.log", []byte(in))); got != want {
			t.Errorf("Yearless(%q) = %t, want %t", in, got, want)
		}
	}
}
