package csvrec_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

func rows(in string, comma byte) []string {
	var out []string
	r := csvrec.Reader{Data: []byte(in), Comma: comma, Number: 1}
	for row, ok := r.Next(); ok; row, ok = r.Next() {
		out = append(out, fmt.Sprintf("%d-%d@%d %q %v", row.Line, row.EndLine, row.Offset, row.Cells, row.Open))
	}
	return out
}

func TestReader(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"plain", "a,b\r\n\n1, 2\n", []string{`1-1@0 ["a" "b"] false`, `3-3@6 ["1" " 2"] false`}},
		{"quoted", `"a ""x""", "b,c" ,d` + "\n1", []string{`1-1@0 ["a \"x\"" "b,c" "d"] false`, `2-2@20 ["1"] false`}},
		{"cell of two lines", "\"a\nb\",c\nd,e", []string{`1-2@0 ["a\nb" "c"] false`, `3-3@8 ["d" "e"] false`}},
		{"quote without an end", "\"a,b\nc,d\n", []string{`1-1@0 ["\"a" "b"] true`, `2-2@5 ["c" "d"] false`}},
		{"quote inside", "a \"b\" c,d\n", []string{`1-1@0 ["a \"b\" c" "d"] false`}},
		{"empty cells", ",,\n", []string{`1-1@0 ["" "" ""] false`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, rows(tt.in, ',')); diff != "" {
				t.Errorf("rows of %q: -want +got:\n%s", tt.in, diff)
			}
		})
	}
}

func TestSniff(t *testing.T) {
	tests := []struct {
		name, in string
		want     csvrec.Table
		ok       bool
	}{
		{"semicolons behind a preamble", "sep=;\n# made by\n\ntime ;\"a,b\"\n1;2\n3\n4;5\n", csvrec.Table{Comma: ';', Header: []string{"time", "a,b"}, Line: 4, Rows: [][]string{{"1", "2"}, {"4", "5"}}, Ragged: 1}, true},
		{"tabs", "a\tb, c\n1\t2\n", csvrec.Table{Comma: '\t', Header: []string{"a", "b, c"}, Line: 1, Rows: [][]string{{"1", "2"}}}, true},
		{"prose", "One, two.\nThree.\nFour.\n", csvrec.Table{Comma: ',', Header: []string{"One", "two."}, Line: 1, Ragged: 2}, false},
		{"one column", "a\n1\n", csvrec.Table{}, false},
		{"empty", "", csvrec.Table{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := csvrec.Sniff(record.Head{Bytes: []byte(tt.in), Whole: true})
			if ok != tt.ok {
				t.Errorf("Sniff(%q) = %v, want %v", tt.in, ok, tt.ok)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Sniff(%q): -want +got:\n%s", tt.in, diff)
			}
		})
	}
}

func TestCut(t *testing.T) {
	tests := []struct {
		name, in string
		want     int
	}{
		{"between rows", "a,b\nc", 4},
		{"not inside a cell", "aaaa,b\n\"c\nd", 7},
		{"quote without an end", "\"a\nb\nc\nd", 7},
		{"no row", "a", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := csvrec.Cut([]byte(tt.in)); got != tt.want {
				t.Errorf("Cut(%q) = %d, want %d", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a,\"b\n\"\"c\",d\n\"e"))
	f.Fuzz(func(t *testing.T, data []byte) {
		csvrec.Sniff(record.Head{Bytes: data, Whole: true})
		r := csvrec.Reader{Data: data, Comma: ',', Number: 1}
		line := 0
		for row, ok := r.Next(); ok; row, ok = r.Next() {
			if row.Line <= line || row.EndLine < row.Line || row.Offset > int64(len(data)) {
				t.Errorf("row at lines %d to %d, offset %d, after line %d", row.Line, row.EndLine, row.Offset, line)
			}
			line = row.EndLine
		}
		if n := csvrec.Cut(data); n < 0 || n > len(data) {
			t.Errorf("Cut = %d of %d bytes", n, len(data))
		}
	})
}

func TestRecords(t *testing.T) {
	in := "sep=;\nKey;Note;Note\nA-1; one ;two\nA-2;\"x\ny\";w\nA-3;z;;more\nA-4;v;u\nA-5\n"
	var got []string
	for ref, cells := range csvrec.Records(record.Head{Name: "export.csv", Bytes: []byte(in), Whole: true}) {
		got = append(got, fmt.Sprintf("%s:%d-%d@%d %q", ref.File, ref.Line, ref.EndLine, ref.Offset, cells))
	}
	want := []string{
		`export.csv:3-0@20 map["Key":"A-1" "Note":"one"]`,
		`export.csv:4-5@34 map["Key":"A-2" "Note":"x\ny"]`,
		`export.csv:6-0@46 map["Key":"A-3" "Note":"z"]`,
		`export.csv:7-0@58 map["Key":"A-4" "Note":"v"]`,
		`export.csv:8-0@66 map["Key":"A-5"]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records of %q: -want +got:\n%s", in, diff)
	}
	for range csvrec.Records(record.Head{Bytes: []byte("no table"), Whole: true}) {
		t.Error("what is no table has records")
	}
}
