package lint

import "github.com/hindcast/hindcast"

// Cause returns what there is to say of the words of one cause.
func (l *Linter) Cause(text []byte) []hindcast.Finding {
	return l.Document(text, Context{Section: hindcast.SectionRootCauses, Incomplete: true})
}
