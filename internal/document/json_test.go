package document

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/hindcast/hindcast"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("postmortem.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("postmortem.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestJSONLosesNothing: what is written is valid by the schema and reads back as
// the same value.
func TestJSONLosesNothing(t *testing.T) {
	s := compileSchema(t)
	for seed := range uint64(rounds) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 2))}
		want := g.postmortem()
		text, err := JSON(want)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(value); err != nil {
			t.Fatalf("seed %d: not valid by the schema: %v\n%s", seed, err, text)
		}
		got := Parse("x.json", text)
		if diff := cmp.Diff(want, got.Postmortem, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d: Parse(JSON(p)) differs (-want +got):\n%s", seed, diff)
		}
		if len(got.Problems) > 0 {
			t.Fatalf("seed %d: problems %v\n%s", seed, got.Problems, text)
		}
	}
}

// TestSchemaNamesEveryField compares the schema with the Go types, so that a
// field added to one is added to the other.
func TestSchemaNamesEveryField(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	defs := root["$defs"].(map[string]any)
	seen := map[reflect.Type]bool{}
	var check func(path string, node any, typ reflect.Type)
	check = func(path string, node any, typ reflect.Type) {
		schema := node.(map[string]any)
		if ref, ok := schema["$ref"].(string); ok {
			schema = defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			if items, ok := schema["items"]; ok && typ.Kind() == reflect.Slice {
				check(path+"[]", items, typ.Elem())
				return
			}
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[time.Time]() || typ == reflect.TypeFor[hindcast.Date]() || seen[typ] {
			return
		}
		seen[typ] = true
		properties := schema["properties"].(map[string]any)
		var fields []string
		for _, f := range reflect.VisibleFields(typ) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || name == "-" {
				continue
			}
			fields = append(fields, name)
			if p, ok := properties[name]; ok {
				check(path+"."+name, p, f.Type)
			}
		}
		var names []string
		for name := range properties {
			names = append(names, name)
		}
		slices.Sort(fields)
		slices.Sort(names)
		if diff := cmp.Diff(fields, names); diff != "" {
			t.Errorf("%s: fields of %v and properties of the schema differ (-fields +schema):\n%s", path, typ, diff)
		}
	}
	check("", root, reflect.TypeFor[jsonDocument]())
}

func TestJSONProblems(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"not JSON":     {"{\n \"hindcast\": 1,\n oops\n}", []string{"x.json:3: is not valid JSON"}},
		"unknown name": {"{\"hindcast\": 1,\n\"incident\": {\"title\": \"x\", \"kind\": \"incident\",\n\"hue\": 1}, \"status\": \"draft\", \"sections\": []}", []string{`x.json:3: "hue" is no name`}},
		"wrong type":   {"{\"hindcast\": 1, \"incident\": {\"title\": \"x\", \"kind\": \"incident\",\n\"severity\": \"high\"}, \"status\": \"draft\", \"sections\": []}", []string{"x.json:2: incident.severity holds a string"}},
		"fault with its line": {"{\"hindcast\": 1, \"incident\": {\"title\": \"x\", \"kind\": \"incident\"},\n\"status\": \"draft\", \"sections\": [], \"actions\": [\n{\"id\": \"a\", \"description\": \"do\",\n\"status\": \"stuck\"}]}",
			[]string{`x.json:4: actions[0].status: "stuck" is not known`}},
		"later version": {`{"hindcast": 2, "incident": {"title": "x", "kind": "incident"}, "status": "draft", "sections": []}`, []string{"x.json:1: was written in format 2"}},
	} {
		t.Run(name, func(t *testing.T) { checkProblems(t, Parse("x.json", []byte(tt.text)).Problems, tt.want) })
	}
}

// checkProblems compares problems with the beginnings that are wanted.
func checkProblems(t *testing.T, got []hindcast.Problem, want []string) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = strings.HasPrefix(got[i].String(), want[i])
	}
	if !ok {
		t.Errorf("problems are\n\t%v\nwant beginnings\n\t%v", got, want)
	}
}
