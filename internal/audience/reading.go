package audience

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// asked is a line that only asks, of a record's field or of a section.
var asked = lazyregexp.New(`(?m)^[ \t]*(?:- (?:\*\*[^*\n]+:\*\*|[A-Z][a-z ]+:) )?_[^_\n]+\?_[ \t]*\n`)

// Markdown writes a view. For those outside nothing in it asks: what they do not
// see is no question to them, and where no picture points at records the marks
// that name them are left out. A View without an audience is the whole post-mortem.
func (v View) Markdown() []byte {
	out := document.Markdown(v.Postmortem)
	if v.Audience == Engineering || v.Audience == "" {
		return out
	}
	out = asked.ReplaceAll(out, nil)
	if !v.Audience.SeesCauses() {
		out = mark.ReplaceAll(out, nil)
	}
	return bytes.ReplaceAll(out, []byte("\n\n\n"), []byte("\n\n"))
}

var mark = lazyregexp.New(` *<!-- [a-z]:[^\n]*?-->`)
