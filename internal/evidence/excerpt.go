package evidence

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Excerpt returns the raw lines that refs point to, by reference, at most limit
// bytes of each; longer ones end in an ellipsis. References that lead nowhere
// are absent.
func Excerpt(sources []Source, refs []hindcast.Ref, limit int) map[hindcast.Ref]string {
	byFile := map[string][]hindcast.Ref{}
	for _, r := range refs {
		byFile[r.File] = append(byFile[r.File], r)
	}
	var mu sync.Mutex
	out := map[hindcast.Ref]string{}
	lines := record.Format{
		Name:      "lines",
		Recognize: func(record.Head) int { return 1 },
		Parse: func(f *record.File, r io.Reader, _ record.Sink) error {
			found, err := excerpt(r, byFile[f.Name], limit)
			mu.Lock()
			defer mu.Unlock()
			for ref, text := range found {
				out[ref] = text
			}
			return err
		},
	}
	attached := slices.ContainsFunc(refs, func(r hindcast.Ref) bool { return strings.Contains(r.File, AttachedFolder+"/") })
	Read(sources, Options{Formats: []record.Format{lines}, Unpacked: !attached}, func() discard { return discard{} })
	return out
}

func excerpt(r io.Reader, refs []hindcast.Ref, limit int) (map[hindcast.Ref]string, error) {
	last := 0
	for _, ref := range refs {
		last = max(last, ref.Line, ref.EndLine)
	}
	texts := map[hindcast.Ref]*strings.Builder{}
	in := bufio.NewReaderSize(r, headSize)
	for line := 1; line <= last; {
		part, err := in.ReadSlice('\n')
		for _, ref := range refs {
			if line < ref.Line || line > max(ref.Line, ref.EndLine) {
				continue
			}
			b := texts[ref]
			if b == nil {
				b = &strings.Builder{}
				texts[ref] = b
			}
			b.Write(part[:min(len(part), max(limit+1-b.Len(), 0))])
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			line = last + 1
		case err != nil:
			return nil, err
		default:
			line++
		}
	}
	out := map[hindcast.Ref]string{}
	for ref, b := range texts {
		text := strings.ToValidUTF8(strings.TrimRight(b.String(), "\r\n"), "\ufffd")
		if len(text) > limit {
			text = strings.ToValidUTF8(text[:limit], "") + "…"
		}
		out[ref] = text
	}
	return out, nil
}

// discard is a sink that keeps nothing.
type discard struct{}

func (discard) Event(hindcast.Event)     {}
func (discard) Log(*record.Log)          {}
func (discard) Sample(*record.Sample)    {}
func (discard) Span(*record.Span)        {}
func (discard) Person(record.Person)     {}
func (discard) Problem(hindcast.Problem) {}
