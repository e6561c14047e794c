package table_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/table"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, table.Formats(), os.DirFS("testdata"), save)
}

// A table of a month of audit once became as many events, 4 KB each.
func TestLongTableIsALog(t *testing.T) {
	const rows = 20_100
	var data bytes.Buffer
	data.WriteString("time,user,action\n")
	for i := range rows {
		fmt.Fprintf(&data, "2024-06-02T%02d:%02d:%02dZ,engineer-a,viewed dashboard %d\n", i/3600, i/60%60, i%60, i)
	}
	f := &record.File{Name: "audit.csv"}
	p := table.Formats()[0].Lines(f, record.Head{Name: f.Name, Bytes: data.Bytes()[:1<<16]})
	var sink recordtest.Sink
	first := p.Cut(data.Bytes()[:data.Len()*999/1000], false)
	p.Chunk(data.Bytes()[:first], 1, 0, &sink)
	p.Chunk(data.Bytes()[first:], 1+bytes.Count(data.Bytes()[:first], []byte{'\n'}), int64(first), &sink)
	const events = 20_000 - 1 // without the header
	if len(sink.Events) != events || len(sink.Logs) != rows-events {
		t.Errorf("%d events and %d log records, want %d and %d", len(sink.Events), len(sink.Logs), events, rows-events)
	}
	if len(sink.Problems) == 0 || sink.Problems[0].Line != 20_001 {
		t.Fatalf("problems = %v, want one about line 20001", sink.Problems)
	}
	for _, other := range sink.Problems {
		if other != sink.Problems[0] {
			t.Errorf("problem %v of a later chunk differs from %v", other, sink.Problems[0])
		}
	}
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, table.Formats())
}
