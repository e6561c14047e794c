// Package message reads messages of e-mail: headers (RFC 5322), parts and
// encodings (MIME), and the boxes that hold several (mbox). It says nothing of what
// a message means; package mail does.
//
// Everything is read in one pass, with limits on depth, on the number of parts and
// on headers, so that no message costs more than its size. What is damaged is said,
// and what can be read is read.
//
//	h, faults, err := message.Read(r, func(p message.Part) error {
//		text, err := p.Text(64 << 10)
//		...
//	})
package message

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path"
	"strings"
)

// The most that is read of one message.
const (
	MaxParts  = 500 // leaves, all levels together
	MaxDepth  = 20  // parts within parts
	maxHeader = 256 << 10
)

// Part is a leaf of a message: a text, or a file.
type Part struct {
	Type     string            // "text/plain", in small letters
	Params   map[string]string // of the type
	Name     string            // of the file; empty when it has none
	Attached bool              // it is meant as a file
	Embedded bool              // another part shows it
	Body     io.Reader         // its bytes, without their transfer encoding
}

// IsText reports whether it is words of the message and not a file.
func (p Part) IsText() bool {
	return !p.Attached && (p.Type == "text/plain" || p.Type == "text/html")
}

// Text returns the words of a part in UTF-8, at most limit bytes of them. What
// is damaged in them ends them; an error is one of reading.
func (p Part) Text(limit int64) (string, error) {
	b, err := io.ReadAll(io.LimitReader(p.Body, limit))
	return utf8Of(p.Params["charset"], b), err
}

// walker reads the parts of one message.
type walker struct {
	each   func(Part) error
	left   int
	faults []string
}

// Read reads a message and calls each for its leaves, in order. It returns the
// header and what is wrong with the message. An error is one of reading, or of each.
func Read(r io.Reader, each func(Part) error) (Header, []string, error) {
	in := bufio.NewReader(r)
	h, cut, err := readHeader(in)
	if err != nil {
		return h, nil, err
	}
	w := &walker{each: each, left: MaxParts}
	if cut {
		w.fault("the header is longer than 256 KiB; the rest of it was left out")
	}
	err = w.part(h, in, 0)
	return h, w.faults, err
}

// fault notes what is wrong, once.
func (w *walker) fault(format string, args ...any) {
	said := fmt.Sprintf(format, args...)
	for _, f := range w.faults {
		if f == said {
			return
		}
	}
	w.faults = append(w.faults, said)
}

// errEnough ends the walk when a message has too many parts.
var errEnough = errors.New("too many parts")

// part reads a part and those in it.
func (w *walker) part(h Header, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil && kind == "" {
		kind, params = "text/plain", nil
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		if depth >= MaxDepth {
			w.fault("its parts are nested more than %d deep; the inner ones were left out", MaxDepth)
			return nil
		}
		err := w.parts(multipart.NewReader(body, params["boundary"]), depth)
		if errors.Is(err, errEnough) && depth == 0 {
			w.fault("it has more than %d parts; the rest was left out", MaxParts)
			return nil
		}
		return err
	}
	if w.left--; w.left < 0 {
		return errEnough
	}
	decoded := &damaged{r: decode(h.Get("Content-Transfer-Encoding"), body)}
	if err := w.each(leaf(h, kind, params, decoded)); err != nil {
		return err
	}
	if decoded.broken {
		w.fault("part of it is damaged: its encoding ends in the middle; what came before was kept")
	}
	return nil
}

// parts reads the parts between boundaries.
func (w *walker) parts(m *multipart.Reader, depth int) error {
	for n := 0; ; n++ {
		p, err := m.NextRawPart()
		if errors.Is(err, io.EOF) && n > 0 {
			return nil
		}
		if err != nil {
			w.fault("its parts end in the middle; what came before was kept")
			return nil
		}
		if err := w.part(headerOf(p.Header), p, depth+1); err != nil {
			return err
		}
	}
}

// leaf says what a part is.
func leaf(h Header, kind string, params map[string]string, body io.Reader) Part {
	p := Part{Type: kind, Params: params, Body: body, Embedded: h.Get("Content-ID") != ""}
	how, more, _ := mime.ParseMediaType(h.Get("Content-Disposition")) // an error leaves both empty
	p.Name = fileName(more["filename"])
	if p.Name == "" {
		p.Name = fileName(params["name"])
	}
	p.Attached = how == "attachment" || how != "inline" && p.Name != "" || !strings.HasPrefix(kind, "text/")
	p.Embedded = p.Embedded && how != "attachment"
	return p
}

// fileName returns the last part of a name that somebody gave a file, in words
// that are safe as a name; empty when nothing is left.
func fileName(name string) string {
	if name == "" {
		return ""
	}
	name = Words(name)
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == ':' || r == '\uFFFD' {
			return '_'
		}
		return r
	}, name)
	if name = strings.Trim(name, ". "); name == "" || name == "/" {
		return ""
	}
	if len(name) > 150 {
		end := path.Ext(name)
		name = strings.ToValidUTF8(name[:120], "") + end[:min(len(end), 20)]
	}
	return strings.ToValidUTF8(name, "_")
}

// Looks reports whether text begins with the header of a message: lines of fields,
// of which some are those that every message has.
func Looks(head []byte) bool {
	if isFrom(firstLine(head)) {
		_, head, _ = bytes.Cut(head, []byte("\n"))
	}
	seen := map[string]bool{}
	lines := 0
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if lines++; lines > 400 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if lines == 1 {
				return false
			}
			continue
		}
		name, _, ok := cutField(string(line))
		if !ok {
			return false
		}
		seen[strings.ToLower(name)] = true
	}
	n := 0
	for _, name := range []string{"from", "to", "subject", "message-id", "received", "mime-version", "return-path", "delivered-to"} {
		if seen[name] {
			n++
		}
	}
	return n >= 2 && seen["from"] && (seen["date"] || seen["received"] || seen["message-id"])
}

func firstLine(b []byte) []byte {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return bytes.TrimRight(line, "\r")
}

// headerOf is a header that another package has read.
func headerOf(h textproto.MIMEHeader) Header {
	var out Header
	for name, values := range h {
		for _, v := range values {
			out = append(out, Field{name, v})
		}
	}
	return out
}
