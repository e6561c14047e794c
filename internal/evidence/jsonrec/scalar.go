package jsonrec

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Scalar is a JSON scalar read as text: a string, a number as it is written, or
// a boolean. null is empty, and so are objects and arrays, so that a field of
// an unexpected type costs that field and not the record.
type Scalar string

// UnmarshalJSON reads a scalar.
func (s *Scalar) UnmarshalJSON(raw []byte) error {
	*s = ""
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n':
	case raw[0] == '"':
		*s = Scalar(unquote(raw))
	default:
		*s = Scalar(raw)
	}
	return nil
}

// String returns the text.
func (s Scalar) String() string { return string(s) }

// unquote returns the text of a JSON string, "" when it is none.
func unquote(raw []byte) string {
	if n := len(raw) - 1; n > 0 && raw[n] == '"' && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1:n]) // nothing to undo
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}
