package lint

import (
	"slices"

	"github.com/hindcast/hindcast"
)

// Edits returns the edits of findings in the order of the text. Of edits that
// overlap only the first stays.
func Edits(findings []hindcast.Finding) []hindcast.Edit {
	var all []hindcast.Edit
	for _, f := range findings {
		if f.Edit != nil {
			all = append(all, *f.Edit)
		}
	}
	slices.SortStableFunc(all, func(a, b hindcast.Edit) int { return a.Start - b.Start })
	var out []hindcast.Edit
	end := 0
	for _, e := range all {
		if e.Start >= end {
			out = append(out, e)
			end = e.End
		}
	}
	return out
}

// Apply returns a text with edits made, which are in order and do not overlap.
func Apply(source []byte, edits []hindcast.Edit) []byte {
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(out, source[at:e.Start]...)
		out = append(out, e.Text...)
		at = e.End
	}
	return append(out, source[at:]...)
}
