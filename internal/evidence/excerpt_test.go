package evidence_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
)

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	data := "one\ntwo\r\nthree\n" + long + "\nlast"
	refs := []hindcast.Ref{{File: "a", Line: 2}, {File: "a", Line: 2, EndLine: 3}, {File: "a", Line: 4}, {File: "a", Line: 5}, {File: "a", Line: 9}, {File: "b", Line: 1}}
	got := evidence.Excerpt([]evidence.Source{bytesSource("a.zip", zipped(t, map[string]string{"a": data}))}, refs, 20)
	want := map[hindcast.Ref]string{
		refs[0]: "two", refs[1]: "two\r\nthree", refs[2]: strings.Repeat("x", 20) + "…", refs[3]: "last",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Excerpt: -want +got:\n%s", diff)
	}
}
