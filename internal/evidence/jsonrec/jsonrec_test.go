package jsonrec_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

func TestEach(t *testing.T) {
	tests := []struct {
		name, in string
		paths    []string
		want     []string // PATH LINE-ENDLINE@OFFSET RAW
		problems []string
	}{
		{name: "array", in: "[\n {\"a\": 1},\n {\n  \"a\": 2\n }\n]\n", paths: []string{""}, want: []string{` 2-2@3 {"a": 1}`, " 3-5@14 {\n  \"a\": 2\n }"}},
		{name: "nested array", in: `{"kind":"List","items":[{"x":[1]},{"x":[2]}],"more":false}`, paths: []string{"items"}, want: []string{`items 1-1@24 {"x":[1]}`, `items 1-1@34 {"x":[2]}`}},
		{name: "deep array", in: `{"data":{"result":[1, "two", {"three":3}]}}`, paths: []string{"data.result"}, want: []string{`data.result 1-1@19 1`, `data.result 1-1@22 "two"`, `data.result 1-1@29 {"three":3}`}},
		{name: "object without the path", in: `{"a":{"items":[1]}}`, paths: []string{"items"}, want: []string{` 1-1@0 {"a":{"items":[1]}}`}},
		{name: "lines", in: "{\"a\":1}\n{\"a\":2}\n", paths: []string{"items", ""}, want: []string{` 1-1@0 {"a":1}`, ` 2-2@8 {"a":2}`}},
		{name: "damaged line", in: "{\"a\":1}\n{\"a\":\"2\n{\"a\":3}\n", paths: []string{""}, want: []string{` 1-1@0 {"a":1}`, ` 3-3@16 {"a":3}`}, problems: []string{"f:2: this is not valid JSON; the line was skipped"}},
		{name: "brackets in strings", in: `[{"a":"]}\"["}]`, paths: []string{""}, want: []string{` 1-1@1 {"a":"]}\"["}`}},
		{name: "truncated in a record", in: "[{\"a\":1},\n{\"a\":", paths: []string{""}, want: []string{` 1-1@1 {"a":1}`}, problems: []string{"f:2: the file ends inside the record that begins here; export it again"}},
		{name: "truncated after a record", in: "[{\"a\":1},\n", paths: []string{""}, want: []string{` 1-1@1 {"a":1}`}, problems: []string{"f:2: the file ends before its JSON does; records after this line are missing, export it again"}},
		{name: "elements at the left", in: "{\"a\":[\n{\"b\":1},\n{\"b\":2}\n]}\n", paths: []string{""}, want: []string{" 1-4@0 {\"a\":[\n{\"b\":1},\n{\"b\":2}\n]}"}},
		{name: "array right after a number", in: `0[1]`, paths: []string{""}, want: []string{` 1-1@0 0`, ` 1-1@2 1`}},
		{name: "empty", in: "", paths: []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := &recordtest.Sink{}
			var got, problems []string
			err := jsonrec.Each(&record.File{Name: "f"}, strings.NewReader(tt.in), sink, func(r jsonrec.Record) {
				got = append(got, fmt.Sprintf("%s %d-%d@%d %s", r.Path, r.Line, r.EndLine, r.Offset, r.Raw))
			}, tt.paths...)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range sink.Problems {
				problems = append(problems, p.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Each: -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, problems); diff != "" {
				t.Errorf("Each: problems -want +got:\n%s", diff)
			}
		})
	}
}

func FuzzEach(f *testing.F) {
	f.Add([]byte(`{"items":[{"a":1}]}`))
	f.Add([]byte("[1,2,\"x\"]\n{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got int
		err := jsonrec.Each(&record.File{Name: "f"}, strings.NewReader(string(data)), &recordtest.Sink{}, func(r jsonrec.Record) {
			got++
			if string(r.Raw) != string(data[r.Offset:int(r.Offset)+len(r.Raw)]) {
				t.Errorf("record at %d is not what the file holds there", r.Offset)
			}
		}, "", "items")
		if err != nil {
			t.Fatal(err)
		}
		var list []json.RawMessage
		if json.Unmarshal(data, &list) == nil && got != len(list) {
			t.Errorf("an array of %d elements gave %d records", len(list), got)
		}
	})
}
