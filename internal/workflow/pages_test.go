package workflow_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"testing"

	"github.com/hindcast/hindcast"
)

// TestPagesOfAnotherSystemAreImportedOnce imports an archive as Confluence makes it,
// twice, and one that has no page.
func TestPagesOfAnotherSystemAreImportedOnce(t *testing.T) {
	onBoth(t, func(l *library) {
		archive := func(name, text string) *bytes.Reader {
			t.Helper()
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write([]byte(text))
			}
			if err = errors.Join(err, z.Close()); err != nil {
				t.Fatal(err)
			}
			return bytes.NewReader(b.Bytes())
		}
		r := archive("OPS/Down_1.html", `<!DOCTYPE html><html><head><title>Ops : Mobile API down</title></head><body><div id="main-content"><h2>Summary</h2><p>It was.</p></div></body></html>`)
		for i, want := range []int{1, 0} {
			got, err := l.Import(l.ctx, lead, r, r.Size(), false)
			if err != nil || got.Incidents != want || got.Known != 1-want {
				t.Errorf("import %d = %+v, %v; want %d added", i+1, got, err, want)
			}
		}
		none := archive("a.css", "p{}")
		if _, err := l.Import(l.ctx, lead, none, none.Size(), false); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("an archive without pages: %v, want it invalid", err)
		}
	})
}
