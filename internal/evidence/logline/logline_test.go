package logline_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

func TestWalker(t *testing.T) {
	w := logline.Walker{Data: []byte("a\r\n\nbc"), Number: 7, Offset: 100}
	var got []logline.Line
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		got = append(got, l)
	}
	want := []logline.Line{
		{Text: []byte("a"), Number: 7, Offset: 100, End: 103},
		{Text: []byte(""), Number: 8, Offset: 103, End: 104},
		{Text: []byte("bc"), Number: 9, Offset: 104, End: 106},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines differ (-want +got):\n%s", diff)
	}
}

func TestLastStart(t *testing.T) {
	starts := func(line []byte) bool { return bytes.HasPrefix(line, []byte("#")) }
	tests := []struct {
		name, in string
		want     int
	}{
		{"the last complete line starts", "#a\n b\n#c\n", 6},
		{"continuations stay together", "#a\n#b\n c\n", 3},
		{"an incomplete line does not count", "#a\n#b", 0},
		{"only the first line starts", "#a\n b\n c\n", 0},
		{"nothing starts", "a\nb\n", 0},
		{"empty", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := logline.LastStart([]byte(tt.in), starts); got != tt.want {
				t.Errorf("LastStart(%q) = %d, want %d", tt.in, got, tt.want)
			}
		})
	}
}

func TestProblemsFold(t *testing.T) {
	var sink recordtest.Sink
	p := logline.Problems{File: &record.File{Name: "a.log"}, Sink: &sink}
	for line := range 30 {
		p.Add(line+1, "bad")
	}
	p.Close()
	if got := len(sink.Problems); got != 21 {
		t.Fatalf("%d problems, want 21", got)
	}
	want := hindcast.Problem{File: "a.log", Line: 21, Message: "and 10 more lines up to line 30 that could not be read; export the file again"}
	if got := sink.Problems[20]; got != want {
		t.Errorf("last problem = %v, want %v", got, want)
	}
}

func TestGarbled(t *testing.T) {
	tests := map[string]bool{
		"plain text":         false,
		"tab\there":          false,
		"\x1b[31mred\x1b[0m": false,
		"caf\xe9 in Latin-1": false,
		"gr\u00fc\u00dfe":    false,
		"a\x00b":             true,
		"\x01\x02\x03\x04":   true,
		"mess\ufffd\ufffd":   true,
		"a long line of text with one replaced \ufffd rune in it, as exports make them": false,
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			if got := logline.Garbled([]byte(in)); got != want {
				t.Errorf("Garbled(%q) = %t, want %t", in, got, want)
			}
		})
	}
}
