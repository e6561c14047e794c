package jsonlog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

func TestShapes(t *testing.T) {
	for _, tt := range shapes {
		t.Run(tt.name, func(t *testing.T) {
			in, want := strings.TrimPrefix(tt.in, "\n"), strings.TrimPrefix(tt.want, "\n")
			format := recordtest.Recognize(jsonlog.Formats(), "x", []byte(in))
			if format == "" {
				t.Fatal("not recognized")
			}
			got, problems := recordtest.LogLines(recordtest.Parse(t, jsonlog.Formats(), format, &record.File{Name: "logs/shop.log", Year: 2024}, []byte(in)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("records differ (-want +got):\n%s", diff)
			}
			if problems != "" && !strings.Contains(problems, "carry no") {
				t.Errorf("problems: %s", problems)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	const good = `{"ts":"2024-03-15T14:25:03Z","level":"info","msg":"a"}` + "\n"
	tests := []struct{ name, in, records, problems string }{
		{"a damaged line", good + `{"ts":"2024-03-15T14:25:04Z","msg":"b","path":` + "\n" + good,
			"1 2024-03-15T14:25:03Z info - - | a\n3 2024-03-15T14:25:03Z info - - | a\n", "a:2: this is not valid JSON; the line was skipped\n"},
		{"a line cut off at the end of the file", good + `{"ts":"2024-03-15T14:25:04Z","ms`,
			"1 2024-03-15T14:25:03Z info - - | a\n", "a:2: this is not valid JSON; the line was skipped\n"},
		{"the end of a line", good + good + good + `ms":12}` + "\n" + strings.Repeat(good, 30),
			"", "a:4: this is not JSON as the lines around it are; it was read as plain text if it is any\n"},
		{"a crash among objects", strings.Repeat(good, 50) + "panic: assignment to nil map\n\ngoroutine 1 [running]:\n" + good,
			"", "a:51: this is not JSON as the lines around it are; it was read as plain text if it is any\n"},
		{"two objects on a line", good + strings.TrimSpace(good) + good,
			"1 2024-03-15T14:25:03Z info - - | a\n", "a:2: this is not valid JSON; the line was skipped\n"},
		{"a word that is no value", good + `{"ts":"2024-03-15T14:25:04Z","msg":"b","n":undefined}` + "\n",
			"1 2024-03-15T14:25:03Z info - - | a\n", "a:2: this is not valid JSON; the line was skipped\n"},
		{"times without a zone", `{"ts":"2024-03-15 14:25:03","level":"info","msg":"a"}` + "\n",
			"1 2024-03-15T14:25:03Z info - - | a\n", "a: times carry no zone and were read as UTC; name the zone with --zone a=ZONE if that is wrong\n"},
		{"a time in an unknown form", `{"ts":"Ides of March","level":"info","msg":"a"}` + "\n", "1 - info - - | a\n",
			"a: some times are written in a way that is not known, so their lines were read without times; export the log with RFC 3339 times\n"},
		{"a line of two megabytes", `{"ts":"2024-03-15T14:25:03Z","msg":"` + strings.Repeat("x ", 1<<20) + `"}` + "\n" + good, "", ""},
		{"many damaged lines", good + strings.Repeat("{\n", 30) + good,
			"", strings.Join(numbered(2, 21), "") + "a:22: and 10 more lines up to line 31 that could not be read; export the file again\n"},
		{"empty lines", good + "\n \n", "1 2024-03-15T14:25:03Z info - - | a\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			records, problems := recordtest.LogLines(recordtest.Parse(t, jsonlog.Formats(), "json-log", &record.File{Name: "a"}, []byte(tt.in)))
			if tt.records != "" && records != strings.ReplaceAll(tt.records, "info - -", "info a -") {
				t.Errorf("records:\n%swant:\n%s", records, tt.records)
			}
			if problems != tt.problems {
				t.Errorf("problems:\n%swant:\n%s", problems, tt.problems)
			}
		})
	}
}

func numbered(from, to int) []string {
	var out []string
	for i := from; i <= to; i++ {
		out = append(out, fmt.Sprintf("a:%d: this is not valid JSON; the line was skipped\n", i))
	}
	return out
}

func TestTextAmongObjects(t *testing.T) {
	good := `{"ts":"2024-03-15T14:25:03Z","level":"info","msg":"a"}` + "\n"
	in := good + "panic: assignment to nil map\n\ngoroutine 1 [running]:\nmain.main()\n" + good
	got, _ := recordtest.LogLines(recordtest.Parse(t, jsonlog.Formats(), "json-log", &record.File{Name: "a"}, []byte(in)))
	want := "1 2024-03-15T14:25:03Z info a - | a\n2-5 - fatal a - | panic: assignment to nil map\n6 2024-03-15T14:25:03Z info a - | a\n"
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name, in string
		want     int
	}{
		{"level and service", `{"ts":"2024-03-15T14:25:03Z","level":"info","service":"a","msg":"x"}`, 50},
		{"time and message", `{"ts":"2024-03-15T14:25:03Z","msg":"x"}`, 40},
		{"chat", `{"time":"2024-03-15T14:25:03Z","channel":"#inc","user":"Engineer A","text":"x"}`, 25},
		{"records", `{"time":"2024-03-15T14:25:03Z","amount":12}`, 20},
		{"no time", `{"message":"x"}`, 10},
		{"no log", `{"a":1}`, 0},
		{"damaged", `{"ts":"2024-03-15T14:25:03Z","msg":`, 0},
		{"text", "hello\n", 0},
		{"a list of numbers", "[1,2]", 0},
		{"a list of deploys", `[{"at":"2024-03-15T14:25:03Z","service":"a","version":"v1"}]`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			best := 0
			for _, f := range jsonlog.Formats() {
				best = max(best, f.Recognize(recordtest.Head("a", []byte(tt.in))))
			}
			if best != tt.want {
				t.Errorf("Recognize = %d, want %d", best, tt.want)
			}
		})
	}
}

func TestCutAnywhere(t *testing.T) {
	format := jsonlog.Formats()[0]
	for _, tt := range shapes {
		data := []byte(strings.Repeat(strings.TrimPrefix(tt.in, "\n"), 5))
		if format.Recognize(recordtest.Head("a.log", data)) == 0 {
			continue // a document, not lines
		}
		t.Run(tt.name, func(t *testing.T) {
			recordtest.CutAnywhere(t, format, &record.File{Name: "a.log", Year: 2024}, data)
		})
	}
	t.Run("text among objects", func(t *testing.T) {
		const objects = `{"ts":"2024-03-15T14:25:03Z","level":"info","msg":"a"}` + "\n"
		data := strings.Repeat(objects+objects+"panic: x\n\ngoroutine 1 [running]:\nmain.main()\n", 10)
		recordtest.CutAnywhere(t, format, &record.File{Name: "a.log"}, []byte(data))
	})
}

func FuzzFormats(f *testing.F) {
	seeds := make([]string, 0, len(shapes))
	for _, tt := range shapes {
		seeds = append(seeds, strings.TrimPrefix(tt.in, "\n"))
	}
	recordtest.Fuzz(f, jsonlog.Formats(), seeds...)
}

func BenchmarkChunk(b *testing.B) {
	for _, bb := range []struct{ name, format string }{
		{"plain", `{"ts":"2026-03-04T10:00:%02d.123Z","level":"info","service":"checkout","pod":"checkout-7d9f8c-01eef","trace_id":"4bf92f3577b34da6","msg":"order %d accepted from 10.1.2.3 in 12 ms"}` + "\n"},
		{"request", `{"ts":"2026-03-04T10:00:%02d.123Z","level":"info","service":"checkout","pod":"checkout-7d9f8c-01eef","trace_id":"4bf92f3577b34da6","msg":"request","path":"/v1/orders/%d","status":200,"duration_ms":12}` + "\n"},
		{"nested", `{"@timestamp":"2026-03-04T10:00:%02d.123Z","log":{"level":"info"},"service":{"name":"checkout"},"kubernetes":{"pod":{"name":"checkout-7d9f8c-01eef"},"labels":{"app":"checkout"}},"message":"order %d accepted"}` + "\n"},
		{"raw line inside", `{"ts":"2026-03-04T10:00:%02d.123Z","service":"checkout","pod":"checkout-7d9f8c-01eef","message":"18:00:01.123 INFO  o.s.OrderService#36 TraceID: 0493e2752438fbbe SpanID: 882624ccb9c39604 [order %d accepted]"}` + "\n"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var data []byte
			const lines = 10000
			for i := range lines {
				data = fmt.Appendf(data, bb.format, i/100%60, i)
			}
			f := &record.File{Name: "a.log", Year: 2026}
			p := jsonlog.Formats()[0].Lines(f, recordtest.Head(f.Name, data))
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				p.Chunk(data, 1, 0, recordtest.Discard{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
		})
	}
}
