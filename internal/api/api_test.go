package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"testing"

	"github.com/hindcast/hindcast/internal/api"
)

var update = flag.Bool("update", false, "write docs/openapi.json")

// TestDescriptionIsWrittenDown keeps the published description what the code says.
func TestDescriptionIsWrittenDown(t *testing.T) {
	a := api.New(api.Config{}, http.NewServeMux())
	raw, err := a.Description()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", " "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	const name = "../../docs/openapi.json"
	if *update {
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, b.Bytes()) {
		t.Errorf("docs/openapi.json is not what the code says; run: go test ./internal/api -update")
	}
}
