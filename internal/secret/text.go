// Package secret holds credentials in memory so that they are not printed by
// accident, and seals them for keeping.
//
// A [Text] shows itself as *** however it is printed, logged or encoded; only
// [Text.Reveal] gives the value. A [Box] seals values with XChaCha20-Poly1305
// under a key from a file of the data folder or from the environment, see
// [Open]. A sealed value opens only for the purpose it was sealed for, so that
// one row's secret does not open as another's.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// hidden stands for every value.
const hidden = "***"

// Text is a credential. The zero Text is empty.
type Text struct {
	// A function, because package fmt looks into strings behind unexported fields.
	reveal func() string
}

// New returns a Text of a value.
func New(value string) Text {
	if value == "" {
		return Text{}
	}
	return Text{func() string { return value }}
}

// Reveal returns the value.
func (t Text) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no value.
func (t Text) IsZero() bool { return t.reveal == nil }

// Equal reports whether two texts are the same, in a time that does not tell
// where they differ.
func (t Text) Equal(u Text) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(u.Reveal())) == 1
}

// String returns ***, or nothing when there is no value.
func (t Text) String() string {
	if t.IsZero() {
		return ""
	}
	return hidden
}

// Format prints what String returns, whatever the verb.
func (t Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) } // fmt keeps the error

// MarshalText encodes what String returns, in JSON, YAML and XML too.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText takes a value in.
func (t *Text) UnmarshalText(b []byte) error {
	*t = New(string(b))
	return nil
}

// LogValue logs what String returns.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }
