package jsonrec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

func show(r jsonrec.Record) string {
	return fmt.Sprintf("%d-%d@%d %s", r.Line, r.EndLine, r.Offset, r.Raw)
}

func only(t *testing.T, in string) jsonrec.Record {
	t.Helper()
	var got []jsonrec.Record
	err := jsonrec.Each(&record.File{Name: "f"}, strings.NewReader(in), &recordtest.Sink{}, func(r jsonrec.Record) { got = append(got, r) })
	if err != nil || len(got) != 1 {
		t.Fatalf("%q holds %d records, %v", in, len(got), err)
	}
	return got[0]
}

func TestMember(t *testing.T) {
	tests := []struct {
		name, in string
		keys     []string
		want     string
	}{
		{"object", "\n{\n \"a\": {\n  \"b\": 1\n }\n}", []string{"a"}, "3-5@9 {\n  \"b\": 1\n }"},
		{"deep", `{"x":"}","a":{"b":[1,2]}}`, []string{"a", "b"}, `1-1@18 [1,2]`},
		{"text", `{"a":"x\"y"}`, []string{"a"}, `1-1@5 "x\"y"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := only(t, tt.in).Member(tt.keys...)
			if !ok || show(got) != tt.want {
				t.Errorf("Member(%q) of %q = %q, %v, want %q", tt.keys, tt.in, show(got), ok, tt.want)
			}
		})
	}
	if got, ok := only(t, `{"a":1}`).Member("b"); ok {
		t.Errorf("Member(b) of an object without it = %q", show(got))
	}
}

func TestElements(t *testing.T) {
	list, _ := only(t, "{\"a\":[\n {\"x\":1},\n {\n  \"x\":2}, 3]}").Member("a")
	var got []string
	for _, r := range list.Elements() {
		got = append(got, show(r))
	}
	want := []string{`2-2@8 {"x":1}`, "3-4@18 {\n  \"x\":2}", "4-4@30 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Elements: -want +got:\n%s", diff)
	}
	if got := only(t, `{"a":1}`).Elements(); got != nil {
		t.Errorf("Elements of an object = %v, want none", got)
	}
}

func TestEachMember(t *testing.T) {
	var got []string
	only(t, "{\"a\":1,\n \"b\\\"\": {\n\"c\":[2]}, \"d\":3}").EachMember(func(key []byte, v jsonrec.Record) bool {
		got = append(got, string(key)+" "+show(v))
		return len(got) < 2
	})
	if diff := cmp.Diff([]string{"a 1-1@5 1", "b\\\" 2-3@16 {\n\"c\":[2]}"}, got); diff != "" {
		t.Errorf("EachMember: -want +got:\n%s", diff)
	}
}

func TestUnwrap(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"captured request", `{"headers":{"A":"b"},"body":{"x":1}}`, `1-1@28 {"x":1}`},
		{"body as text", `{"headers":{},"payload":"{\"x\":1}"}`, `1-1@24 {"x":1}`},
		{"no headers", `{"body":{"x":1}}`, `1-1@0 {"body":{"x":1}}`},
		{"no body", `{"headers":{}}`, `1-1@0 {"headers":{}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(only(t, tt.in).Unwrap()); got != tt.want {
				t.Errorf("Unwrap(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestUnwrapQuoted(t *testing.T) {
	body := only(t, `{"headers":{},"body":"{\n\"a\":[\n1,\n2]}"}`).Unwrap()
	list, ok := body.Member("a")
	if !ok || len(list.Elements()) != 2 {
		t.Fatalf("Member(a) of %q = %q, %v", body.Raw, list.Raw, ok)
	}
	if got, want := show(list.Elements()[1]), "1-1@21 2"; got != want {
		t.Errorf("second element = %q, want %q: the place of the string it stands in", got, want)
	}
}

func TestSniff(t *testing.T) {
	tests := []struct {
		name, in string
		want     jsonrec.Shape
	}{
		{"array", `[{"a":"x","b":{"c":2}},{"a":null}]`, jsonrec.Shape{Array: true, Records: []jsonrec.Fields{{"a": "x", "b": "{", "b.c": "2"}, {"a": "null"}}}},
		{"list", `{"items":[{"a":1},{"b":2}],"more":false}`, jsonrec.Shape{Records: []jsonrec.Fields{{"items": "[", "items.a": "1", "more": "false"}}}},
		{"lines", "{\"a\":1}\n{\"b\":2}\n", jsonrec.Shape{Records: []jsonrec.Fields{{"a": "1"}, {"b": "2"}}}},
		{"damaged line", "{\"a\":1,\n{\"b\":2}\n", jsonrec.Shape{Records: []jsonrec.Fields{{"a": "1"}, {"b": "2"}}}},
		{"cut in a value", `{"a":1,"b":{"c":"lon`, jsonrec.Shape{Records: []jsonrec.Fields{{"a": "1", "b": "{", "b.c": "lo"}}}},
		{"text", "hello", jsonrec.Shape{}},
		{"empty array", "[]", jsonrec.Shape{Array: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, jsonrec.Sniff([]byte(tt.in))); diff != "" {
				t.Errorf("Sniff(%q): -want +got:\n%s", tt.in, diff)
			}
		})
	}
}

func TestScalar(t *testing.T) {
	var got struct{ A, B, C, D, E jsonrec.Scalar }
	sink := &recordtest.Sink{}
	if !only(t, `{"a":"x\n","b":12.50,"c":null,"d":{"x":1},"e":true}`).Decode(&got, sink) {
		t.Fatalf("Decode: %v", sink.Problems)
	}
	if want := [...]jsonrec.Scalar{"x\n", "12.50", "", "", "true"}; [...]jsonrec.Scalar{got.A, got.B, got.C, got.D, got.E} != want {
		t.Errorf("scalars = %q, want %q", got, want)
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte(`[{"a":[{"b":"c"}]},{"a":`))
	f.Add([]byte("{\"a\":1,\n{\"b\":\"\\"))
	f.Fuzz(func(t *testing.T, data []byte) {
		jsonrec.Sniff(data)
		r := jsonrec.Record{File: &record.File{Name: "f"}, Raw: data, Line: 1}
		for _, e := range r.Elements() {
			if string(e.Raw) != string(data[e.Offset:int(e.Offset)+len(e.Raw)]) {
				t.Errorf("element at %d is not what the file holds there", e.Offset)
			}
		}
		for _, e := range r.Unwrap().Elements() {
			e.Member("a", "b")
		}
	})
}
