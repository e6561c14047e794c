package change

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
)

// MaxSections is the most pieces that a change may have.
const MaxSections = 10_000

// UnmarshalJSON reads a change in CodeMirror's form. What could not be text is
// refused: half of a surrogate pair, a line with a line end in it, NUL.
func (s *Set) UnmarshalJSON(data []byte) error {
	if !paired(data) {
		return hindcast.Errorf(hindcast.Invalid, "the change holds half of a character")
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil {
		return hindcast.Errorf(hindcast.Invalid, "the change cannot be read: %w", err)
	}
	if len(parts) > MaxSections {
		return hindcast.Errorf(hindcast.Invalid, "the change has more than %d pieces", MaxSections)
	}
	var b builder
	total := 0
	for _, raw := range parts {
		x, err := readSection(raw)
		if err != nil {
			return err
		}
		if total += x.len; total > math.MaxInt32 {
			return hindcast.Errorf(hindcast.Invalid, "the change is of a text that is too long")
		}
		if x.len > 0 || len(x.text) > 0 {
			b.sections = append(b.sections, x)
		}
	}
	*s = b.set()
	return nil
}

func readSection(raw json.RawMessage) (section, error) {
	if len(raw) > 0 && raw[0] != '[' {
		n, err := readLength(raw)
		return section{len: n, keep: true}, err
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) == 0 {
		return section{}, hindcast.Errorf(hindcast.Invalid, "a piece of the change cannot be read: %.40s", raw)
	}
	n, err := readLength(parts[0])
	if err != nil {
		return section{}, err
	}
	x := section{len: n}
	for i, line := range parts[1:] {
		var text string
		if err := json.Unmarshal(line, &text); err != nil || line[0] != '"' {
			return x, hindcast.Errorf(hindcast.Invalid, "a line of the change is not text")
		}
		if i > 0 {
			x.text = append(x.text, '\n')
		}
		units := Units(text)
		if slices.ContainsFunc(units, func(u uint16) bool { return u == 0 || u == '\n' }) {
			return x, hindcast.Errorf(hindcast.Invalid, "a line of the change holds a line end or a NUL character")
		}
		x.text = append(x.text, units...)
	}
	return x, nil
}

func readLength(raw json.RawMessage) (int, error) {
	n, err := strconv.ParseInt(string(raw), 10, 32)
	if err != nil || n < 0 {
		return 0, hindcast.Errorf(hindcast.Invalid, "a length of the change is not a number of units: %.20s", raw)
	}
	return int(n), nil
}

// paired reports whether every escaped surrogate in JSON is one of a pair, and
// the rest is UTF-8. encoding/json would put another character in its place, and
// the texts of server and browser would part.
func paired(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		u, ok := escaped(data, i)
		i++ // what is escaped
		if !ok {
			continue
		}
		i += 4
		switch {
		case low(u):
			return false
		case high(u):
			if next, ok := escaped(data, i+1); !ok || !low(next) {
				return false
			}
			i += 6
		}
	}
	return true
}

// escaped reads \uXXXX at a place.
func escaped(data []byte, at int) (uint16, bool) {
	if at+6 > len(data) || data[at] != '\\' || data[at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(data[at+2:at+6]), 16, 16)
	return uint16(n), err == nil
}

// MarshalJSON writes a change in CodeMirror's form.
func (s Set) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('[')
	for i, x := range s.sections {
		if i > 0 {
			b.WriteByte(',')
		}
		if x.keep {
			b.WriteString(strconv.Itoa(x.len))
			continue
		}
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(x.len))
		if len(x.text) > 0 {
			for line := range lines(x.text) {
				b.WriteByte(',')
				if err := enc.Encode(String(line)); err != nil {
					return nil, err
				}
				b.Truncate(b.Len() - 1) // the line end that Encode adds
			}
		}
		b.WriteByte(']')
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}

// lines yields the lines of a text, without their ends.
func lines(text []uint16) func(func([]uint16) bool) {
	return func(yield func([]uint16) bool) {
		for {
			i := slices.Index(text, '\n')
			if i < 0 {
				yield(text)
				return
			}
			if !yield(text[:i]) {
				return
			}
			text = text[i+1:]
		}
	}
}
