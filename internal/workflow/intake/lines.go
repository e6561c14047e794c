package intake

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/store"
)

// Line is one line of a file of evidence, without secrets.
type Line struct {
	Number int    `json:"line"`
	Text   string `json:"text"`
}

// lineLimit is the most that is shown of one line.
const lineLimit = 8 << 10

// lastLine lies beyond the last line of any file.
const lastLine = 1 << 40

// Lines returns lines of a file of evidence from first to last, at most 1,000, each
// as clean gives it.
func Lines(ctx context.Context, blobs blob.Store, row store.EvidenceRow, first, last int, clean func(string) string) []Line {
	first = min(max(first, 1), lastLine)
	last = min(last, first+999)
	var refs []hindcast.Ref
	for n := first; n <= last; n++ {
		refs = append(refs, hindcast.Ref{File: row.Name, Line: n, SHA256: row.SHA256})
	}
	raw := evidence.Excerpt([]evidence.Source{Source(ctx, blobs, row)}, refs, lineLimit)
	var out []Line
	for _, ref := range refs {
		if text, ok := raw[ref]; ok {
			out = append(out, Line{ref.Line, clean(text)})
		}
	}
	return out
}
