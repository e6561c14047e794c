// Package recollection reads what people remember of an incident.
//
// An account is text with a few lines before it that say who remembers (a role,
// not a name), when it was written down and what moment it is about:
//
//	who: on-call engineer
//	written: 2024-06-03T09:00Z
//	about: 2024-06-02T14:40Z
//
//	I looked at the error rate first because the page said latency, and lost
//	ten minutes there.
//
// The lines may stand between two lines of dashes, as front matter does. A file
// may hold several accounts with a line of dashes between them. until (the end
// of what it is about) and service may be added; other lines of that form are
// kept as attributes. A file is read as an account only when it begins with who
// and with written or about.
package recollection

import (
	"bytes"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Name is the name of the format.
const Name = "recollection"

// HeadSize is how many bytes [Begins] looks at.
const HeadSize = 4096

// Begins reports whether a file that begins so is an account.
func Begins(head []byte) bool { return len(accounts(head[:min(len(head), HeadSize)])) > 0 }

// Formats returns the format of accounts.
func Formats() []record.Format {
	redactor := redact.New()
	return []record.Format{{
		Name: Name,
		Recognize: func(h record.Head) int {
			if Begins(h.Bytes) {
				return 88
			}
			return 0
		},
		Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
			data, err := io.ReadAll(r)
			w := fact.NewWriter(redactor, f, sink)
			for _, a := range accounts(data) {
				a.write(f, w)
			}
			return err
		},
	}}
}

// account is what one person remembers.
type account struct {
	fields      map[string]string
	first, last logline.Line
	text        []string
}

// accounts cuts a file at its lines of dashes. A part that begins without the
// fields of an account belongs to the one before; a file that begins so holds
// none.
func accounts(data []byte) []account {
	var out []account
	for _, part := range parts(data) {
		fields, rest := header(part)
		if fields["who"] != "" && (fields["written"] != "" || fields["about"] != "") {
			out = append(out, account{fields: fields, first: part[0]})
			part = rest
		}
		if len(out) == 0 {
			if blank(part) {
				continue
			}
			return nil
		}
		a := &out[len(out)-1]
		if len(a.text) > 0 {
			a.text = append(a.text, "")
		}
		for _, l := range part {
			if a.text = append(a.text, string(l.Text)); len(bytes.TrimSpace(l.Text)) > 0 {
				a.last = l
			}
		}
	}
	return out
}

// parts returns the lines between lines of dashes, without empty lines at the
// beginning of a part.
func parts(data []byte) [][]logline.Line {
	out := [][]logline.Line{nil}
	w := logline.Walker{Data: data, Number: 1}
	for l, ok := w.Next(); ok; l, ok = w.Next() {
		n := len(out) - 1
		text := bytes.TrimSpace(l.Text)
		switch {
		case len(text) >= 3 && len(bytes.Trim(text, "-")) == 0:
			out = append(out, nil)
		case len(text) > 0 || len(out[n]) > 0:
			out[n] = append(out[n], l)
		}
	}
	return out
}

func blank(lines []logline.Line) bool {
	for _, l := range lines {
		if len(bytes.TrimSpace(l.Text)) > 0 {
			return false
		}
	}
	return true
}

// header reads the fields that a part begins with, after a heading if there is
// one, and returns what follows.
func header(part []logline.Line) (map[string]string, []logline.Line) {
	fields := map[string]string{}
	for i, l := range part {
		text := strings.TrimSpace(string(l.Text))
		key, value, ok := field(text)
		switch {
		case ok:
			fields[key] = value
		case len(fields) == 0 && (text == "" || strings.HasPrefix(text, "#")):
		default:
			return fields, part[i:]
		}
	}
	return fields, nil
}

// field reads "key: value", with or without the marks of Markdown. A key is one
// word in lower case, or one of the known ones in any case.
func field(line string) (key, value string, ok bool) {
	line = strings.NewReplacer("**", "", "__", "").Replace(strings.TrimPrefix(line, "- "))
	key, value, ok = strings.Cut(line, ":")
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	switch lower := strings.ToLower(key); lower {
	case "who", "written", "about", "until", "service":
		return lower, value, ok
	}
	for _, c := range key {
		if (c < 'a' || c > 'z') && c != '_' && c != '-' {
			return "", "", false
		}
	}
	return key, value, ok && key != "" && value != "" && !strings.HasPrefix(value, "//")
}

// write writes the event of an account.
func (a *account) write(f *record.File, w *fact.Writer) {
	text := strings.TrimSpace(strings.Join(a.text, "\n"))
	ref := hindcast.Ref{File: f.Name, Line: a.first.Number, Offset: a.first.Offset}
	if a.last.Number > a.first.Number {
		ref.EndLine = a.last.Number
	}
	if text == "" {
		w.Problem(ref, "the account has no text; write what is remembered below its header")
		return
	}
	title, _, _ := strings.Cut(text, "\n\n")
	e := hindcast.Event{
		Ref: ref, Kind: hindcast.Recollection, Actor: hindcast.Actor{Name: a.fields["who"], Kind: hindcast.Person},
		Service: a.fields["service"], Title: sentence(fact.OneLine(title)), Text: text, Attrs: map[string]string{"written": w.Short(a.fields["written"])},
	}
	at, zone, ok := w.Time(a.fields["about"])
	if ok {
		e.At, e.Zone = at, zone
	} else if a.fields["about"] != "" {
		w.Problem(ref, "the time in about cannot be read; write it as 2024-06-02T14:40Z")
	}
	if until, _, ends := w.Time(a.fields["until"]); ok && ends && until.After(at) {
		e.Until = until
	}
	for k, v := range a.fields {
		switch k {
		case "who", "written", "about", "until", "service":
		default:
			e.Attrs[k] = v
		}
	}
	w.Emit(e)
}

// sentence returns the first sentence of a text.
func sentence(text string) string {
	for i := range len(text) - 1 {
		if strings.IndexByte(".!?", text[i]) >= 0 && text[i+1] == ' ' && i > 20 {
			return text[:i+1]
		}
	}
	return text
}
