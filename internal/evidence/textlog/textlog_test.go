package textlog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// parse reads text and returns one line per record and problem.
func parse(t *testing.T, f *record.File, text string) (records, problems string) {
	t.Helper()
	sink := recordtest.Parse(t, textlog.Formats(), "text-log", f, []byte(text))
	return recordtest.LogLines(sink)
}

func TestLayouts(t *testing.T) {
	for _, tt := range slices.Concat(layouts, platforms) {
		t.Run(tt.name, func(t *testing.T) {
			in, want := strings.TrimPrefix(tt.in, "\n"), strings.TrimPrefix(tt.want, "\n")
			if got := recordtest.Recognize(textlog.Formats(), "x", []byte(in)); got != "text-log" {
				t.Fatalf("recognized as %q", got)
			}
			got, problems := parse(t, &record.File{Name: "logs/shop.log", Year: 2024}, in)
			if strings.Contains(problems, "damaged") {
				t.Errorf("problems: %s", problems)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("records differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"complete times", "2024-03-15T14:25:03Z INFO a\n", ""},
		{"times without a zone", "2024-03-15 14:25:03 INFO a\n2024-03-15 14:25:04 INFO b\n",
			"a.log: times carry no zone and were read as UTC; name the zone with --zone a.log=ZONE if that is wrong\n"},
		{"times without a year", "Mar 15 14:25:03 web1 app[1]: a\n",
			"a.log: times carry no year, so the lines were read without times; name the year with --year YEAR\n"},
		{"a wrapping with years around times without", "2024-03-15T14:25:03.000000000Z stdout F I0315 14:25:03.000000       1 a.go:1] a\n2024-03-15T14:25:04.000000000Z stdout F I0315 14:25:04.000000       1 a.go:1] b\n", ""},
		{"times without a date", "14:25:03.100 [main] INFO a.B - x\n14:25:04.100 [main] INFO a.B - y\n",
			"a.log: times carry no date, so the lines were read without times; export the log with dates\n"},
		{"a line that breaks off", "2024-03-15T14:25:03Z INFO a\n2024-03-15T14:2\n2024-03-15T14:25:04Z INFO b\n",
			"a.log:2: the line is damaged; it was skipped\n"},
		{"the last line still being written", "2024-03-15T14:25:03Z INFO a\n2024-03-15T14:2", ""},
		{"a record cut off inside a quote", "ts=2024-03-15T14:25:03Z level=info msg=\"a b\"\nts=2024-03-15T14:25:03Z level=info msg=\"a\nts=2024-03-15T14:25:04Z level=info msg=b\n",
			"a.log:2: the record breaks off inside a quoted value; what could be read of it was kept\n"},
		{"a record of which the middle is lost", "ts=2024-03-15T14:25:03Z level=info msg=\"a b\"\nts=2024-03-15T14:25:03Z level=info store=3   \"\nts=2024-03-15T14:25:04Z level=info msg=b\n",
			"a.log:2: the record breaks off inside a quoted value; what could be read of it was kept\n"},
		{"a quoted text without a key", "ts=2024-03-15T14:25:03Z level=info msg=a\nts=2024-03-15T14:25:03Z level=info \"a = b\" n=1\n", ""},
		{"a quoted value of two lines", "ts=2024-03-15T14:25:03Z level=info msg=\"a\nb\"\nts=2024-03-15T14:25:04Z level=info msg=b\n", ""},
		{"binary bytes", "2024-03-15T14:25:03Z INFO a\n\x00\x01\x02\n2024-03-15T14:25:04Z INFO b\n",
			"a.log:2: the line is damaged; it was skipped\n"},
		{"a line of two megabytes", "2024-03-15T14:25:03Z INFO a\n2024-03-15T14:25:03Z INFO " + strings.Repeat("x ", 1<<20) + "\n", ""},
		{"Latin-1", "2024-03-15T14:25:03Z INFO caf\xe9\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, got := parse(t, &record.File{Name: "a.log"}, tt.in)
			if got != tt.want {
				t.Errorf("problems = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	tests := []struct {
		name, in string
		want     int
	}{
		{"times", "2024-03-15 14:25:03 started\n2024-03-15 14:25:04 stopped\n", 30},
		{"logfmt", "ts=2024-03-15T14:25:03Z level=info msg=a\n", 40},
		{"rows of a table", "2024-03-15 14:25:03,cart,12,0.1\n2024-03-15 14:25:04,cart,12,0.1\n2024-03-15 14:25:05,cart,12,0.1\n", 8},
		{"levels only", "[INFO] a\n[ERROR] b\n", 15},
		{"plain text", "hello\nworld\n", 5},
		{"a JSON document", "{\n \"a\": 1\n}\n", 0},
		{"a web page", "<html>\n</html>\n", 0},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00\x00", 0},
		{"nothing", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := textlog.Formats()[0].Recognize(recordtest.Head("a", []byte(tt.in))); got != tt.want {
				t.Errorf("Recognize = %d, want %d", got, tt.want)
			}
		})
	}
}

func TestColors(t *testing.T) {
	in := "\x1b[32m2024-03-15T14:25:03Z\x1b[0m \x1b[31mERROR\x1b[0m boom\n\x1b[2m  at x\x1b[0m\n" +
		"2024-03-15T14:25:04Z\n\x1b[31mORA-1: second\x1b[0m\n\x1b[31m  and more\x1b[0m\n2024-03-15T14:25:05Z INFO fine\n"
	got, problems := parse(t, &record.File{Name: "x"}, in)
	want := "1-2 2024-03-15T14:25:03Z error x - | boom\n3-5 2024-03-15T14:25:04Z - x - | ORA-1: second\n6 2024-03-15T14:25:05Z info x - | fine\n"
	if got != want || problems != "" {
		t.Errorf("got:\n%swant:\n%sproblems: %s", got, want, problems)
	}
}

func TestYearTurn(t *testing.T) {
	in := "Dec 31 23:59:58 web1 app[1]: a\nJan  1 00:00:01 web1 app[1]: b\n"
	got, _ := parse(t, &record.File{Name: "x", Year: 2024}, in)
	want := "1 2023-12-31T23:59:58Z - app web1 | a\n2 2024-01-01T00:00:01Z - app web1 | b\n"
	if got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestReaderMessage(t *testing.T) {
	head := []byte("2024-03-15 10:25:03,123 - shop.cart - INFO - item added\n2024-03-15 10:25:04,123 - shop - ERROR - cart lost\n")
	r := textlog.Settle(head).Reader(&record.File{})
	tests := []struct {
		in, message string
		level       hindcast.Level
		first       bool
	}{
		{"2024-03-15 10:25:09,123 - shop.pay - WARNING - slow - 12 s", "slow - 12 s", hindcast.LevelWarn, true},
		{"  File \"a.py\", line 1", "File \"a.py\", line 1", hindcast.LevelUnknown, false},
		{"", "", hindcast.LevelUnknown, false},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			l := r.Read([]byte(tt.in))
			if string(l.Message) != tt.message || l.Level != tt.level || l.First != tt.first {
				t.Errorf("Read(%q) = %q, %v, %t; want %q, %v, %t", tt.in, l.Message, l.Level, l.First, tt.message, tt.level, tt.first)
			}
		})
	}
}

func TestCutAnywhere(t *testing.T) {
	for _, tt := range slices.Concat(layouts, platforms) {
		t.Run(tt.name, func(t *testing.T) {
			data := []byte(strings.Repeat(strings.TrimPrefix(tt.in, "\n"), 5))
			recordtest.CutAnywhere(t, textlog.Formats()[0], &record.File{Name: "a.log", Year: 2024}, data)
		})
	}
}

func FuzzFormats(f *testing.F) {
	seeds := make([]string, 0, len(layouts)+len(platforms))
	for _, tt := range slices.Concat(layouts, platforms) {
		seeds = append(seeds, strings.TrimPrefix(tt.in, "\n"))
	}
	recordtest.Fuzz(f, textlog.Formats(), seeds...)
}

func BenchmarkChunk(b *testing.B) {
	for _, bb := range []struct{ name, format string }{
		{"iso", "2026-03-04T10:00:%02d.123Z info checkout[3]: order %d accepted from 10.1.2.3 in 12 ms\n"},
		{"log4j", "2026-03-04 10:00:%02d,123 INFO  [exec-58] c.n.orders.OrderHistory - listed %d orders in 133 ms\n"},
		{"syslog", "Mar  4 10:00:%02d web1 checkout[412]: order %d accepted from 10.1.2.3 in 12 ms\n"},
		{"logfmt", "time=2026-03-04T10:00:%02d.123Z level=info msg=\"order %d accepted\" service=checkout ip=10.1.2.3 duration=12ms\n"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var data []byte
			const lines = 10000
			for i := range lines {
				data = fmt.Appendf(data, bb.format, i/100%60, i)
			}
			f := &record.File{Name: "a.log", Year: 2026}
			p := textlog.Formats()[0].Lines(f, recordtest.Head(f.Name, data))
			b.ReportAllocs()
			for b.Loop() {
				p.Chunk(data, 1, 0, recordtest.Discard{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/lines, "ns/line")
		})
	}
}

// Zero bytes, as a crash leaves them, cost the line that they are in and no more.
func TestZeroBytesCostALine(t *testing.T) {
	var in strings.Builder
	for i := range 30 {
		if i == 11 {
			in.WriteString("2024-03-15 10:00:11 INFO  stored\x00\x00\x00\x00 item\n")
			continue
		}
		fmt.Fprintf(&in, "2024-03-15 10:00:%02d INFO  stored item %d\n", i, i)
	}
	h := record.Head{Name: "app.log", Bytes: []byte(in.String()), Whole: true}
	f := textlog.Formats()[0]
	if f.Recognize(h) == 0 {
		t.Fatal("a log with one damaged line is not recognized")
	}
	sink := &recordtest.Sink{}
	f.Lines(&record.File{Name: h.Name}, h).Chunk(h.Bytes, 1, 0, sink)
	if len(sink.Logs) != 29 || len(sink.Problems) == 0 || sink.Problems[0].Line != 12 {
		t.Errorf("%d records and problems %v, want 29 and the first about line 12", len(sink.Logs), sink.Problems)
	}
	if f.Recognize(record.Head{Name: "core", Bytes: []byte("\x7fELF\x02\x01\x00\x00\x00\n\x00\x01\x02\n\x00\x03\n\x00\n"), Whole: true}) != 0 {
		t.Error("a program is taken for a log")
	}
}
