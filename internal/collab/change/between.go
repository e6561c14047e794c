package change

import "github.com/hindcast/hindcast/internal/diff"

// Between returns the change that makes text of old, by whole words: what both have
// stays. Both are texts of [Units], without half characters.
func Between(old, text []uint16) Set {
	var b builder
	for _, s := range diff.Words(String(old), String(text)) {
		units := Units(s.Text)
		switch s.Kind {
		case diff.Same:
			b.add(section{len: len(units), keep: true})
		case diff.Removed:
			b.add(section{len: len(units)})
		case diff.Added:
			b.add(section{text: units})
		}
	}
	return b.set()
}
