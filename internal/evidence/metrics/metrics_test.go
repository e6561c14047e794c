package metrics_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/metrics"
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
	recordtest.Golden(t, metrics.Formats(), os.DirFS("testdata"), save)
}

// Series must be the same value in all chunks of a file, and lines go on.
func TestChunks(t *testing.T) {
	data := []byte("time,service,p99\n2024-06-02T08:00:00Z,basket,1\n2024-06-02T08:00:00Z,mail,2\n2024-06-02T08:01:00Z,basket,3\n")
	f := &record.File{Name: "f"}
	p := metrics.Formats()[0].Lines(f, recordtest.Head("f", data))
	sink := &sampleSink{}
	cut := p.Cut(data[:60], false)
	p.Chunk(data[:cut], 1, 0, sink)
	p.Chunk(data[cut:], 1+bytes.Count(data[:cut], []byte{'\n'}), int64(cut), sink)
	if diff := cmp.Diff([]int{2, 3, 4}, sink.lines); diff != "" {
		t.Errorf("lines: -want +got:\n%s", diff)
	}
	if sink.series[0] != sink.series[2] || sink.series[0] == sink.series[1] {
		t.Errorf("series = %v, want the first and the last to be one", sink.series)
	}
}

type sampleSink struct {
	recordtest.Sink
	series []*record.Series
	lines  []int
}

func (s *sampleSink) Sample(p *record.Sample) {
	s.series, s.lines = append(s.series, p.Series), append(s.lines, p.Line)
}

func BenchmarkChunk(b *testing.B) {
	head := []byte("time,service,requests_per_s,error_ratio,p99_ms,cpu_pct\n")
	data := append(head, bytes.Repeat([]byte("2024-06-02T08:00:00Z,basket,40.52,0.00213,321.5,22.1\n2024-06-02T08:00:00Z,mail,12.11,0.00101,90.5,\n"), 5000)...)
	f := &record.File{Name: "f"}
	p := metrics.Formats()[0].Lines(f, recordtest.Head("f", data))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		p.Chunk(data, 1, 0, nothing{})
	}
}

type nothing struct{ record.Sink }

func (nothing) Sample(*record.Sample) {}
func (nothing) Person(record.Person)  {}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, metrics.Formats())
}
