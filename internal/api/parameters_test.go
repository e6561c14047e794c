package api_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/hindcast/hindcast/internal/api"
)

// TestEveryPlaceInAPathIsRead keeps an operation from answering about nothing,
// because the field that holds a part of its path is not seen.
func TestEveryPlaceInAPathIsRead(t *testing.T) {
	raw, err := api.New(api.Config{}, http.NewServeMux()).Description()
	if err != nil {
		t.Fatal(err)
	}
	var described struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
	}
	if err := json.Unmarshal(raw, &described); err != nil {
		t.Fatal(err)
	}
	places := regexp.MustCompile(`\{(\w+)\}`)
	for path, methods := range described.Paths {
		for method, op := range methods {
			for _, m := range places.FindAllStringSubmatch(path, -1) {
				if !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.In == "path" && p.Name == m[1] }) {
					t.Errorf("%s %s does not read {%s}", method, path, m[1])
				}
			}
		}
	}
}
