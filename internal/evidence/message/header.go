package message

import (
	"bufio"
	"errors"
	"io"
	"mime"
	"net/mail"
	"strings"
	"time"
)

// Field is one field of a header, unfolded.
type Field struct{ Name, Value string }

// Header is the fields of a message in the order in which they stand.
type Header []Field

// Get returns the first field of a name as it stands; empty when there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// All returns all fields of a name, the first one first.
func (h Header) All(name string) []string {
	var out []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Value)
		}
	}
	return out
}

// Text returns the first field of a name in words.
func (h Header) Text(name string) string { return Words(h.Get(name)) }

// Date returns when the message says it was written, in the zone that it says.
func (h Header) Date() (time.Time, bool) { return date(h.Get("Date")) }

// Received returns when the first and the last server took the message, as far as
// they say; zero otherwise.
func (h Header) Received() (first, last time.Time) {
	for _, v := range h.All("Received") {
		i := strings.LastIndexByte(v, ';')
		if i < 0 {
			continue
		}
		t, ok := date(v[i+1:])
		if !ok {
			continue
		}
		if last.IsZero() {
			last = t
		}
		first = t
	}
	return first, last
}

func date(s string) (time.Time, bool) {
	t, err := mail.ParseDate(strings.TrimSpace(s))
	return t, err == nil && t.Year() >= 1970 && t.Year() < 3000
}

// Address is who a message is from or for.
type Address struct{ Name, Address string }

// Domain returns what stands behind the @ of an address, in lower case; empty when
// nothing does.
func (a Address) Domain() string {
	_, domain, _ := strings.Cut(a.Address, "@")
	return strings.ToLower(domain)
}

// From returns who wrote the message; both empty when it does not say.
func (h Header) From() Address {
	list := h.Addresses("From")
	if len(list) == 0 {
		return Address{}
	}
	return list[0]
}

// Addresses returns the addresses in all fields of a name. What is no address is
// left out.
func (h Header) Addresses(name string) []Address {
	p := mail.AddressParser{WordDecoder: decoder()}
	var out []Address
	for _, v := range h.All(name) {
		list, err := p.ParseList(v)
		if err != nil {
			list = nil
			if a, ok := loose(v); ok {
				out = append(out, a)
			}
		}
		for _, a := range list {
			out = append(out, Address{clean(a.Name), strings.ToLower(a.Address)})
		}
	}
	return out
}

// loose reads an address that is written against the rules, such as with a name
// that should be quoted.
func loose(v string) (Address, bool) {
	name, rest, ok := strings.Cut(v, "<")
	if !ok {
		name, rest = "", v
	}
	rest, _, _ = strings.Cut(strings.TrimSpace(rest), ">")
	if strings.ContainsAny(rest, " \t,;()<>") || strings.Count(rest, "@") != 1 {
		return Address{}, false
	}
	return Address{strings.Trim(clean(Words(name)), `"' `), strings.ToLower(rest)}, true
}

// ID returns the id of the message without its brackets; empty when it has none.
func (h Header) ID() string { return first(h.Get("Message-ID")) }

// Parent returns the id of the message that this one answers, and Root that of the
// first of the conversation, as far as the message says; empty for one that begins
// a conversation.
func (h Header) Parent() string {
	if id := first(h.Get("In-Reply-To")); id != "" {
		return id
	}
	refs := ids(h.Get("References"))
	if len(refs) == 0 {
		return ""
	}
	return refs[len(refs)-1]
}

// Root returns the id of the first message of the conversation.
func (h Header) Root() string {
	if id := first(h.Get("References")); id != "" {
		return id
	}
	return h.Parent()
}

func first(s string) string {
	if list := ids(s); len(list) > 0 {
		return list[0]
	}
	return ""
}

// ids returns the message ids in a field.
func ids(s string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(s, "<")
		id, after, closed := strings.Cut(rest, ">")
		if !ok || !closed {
			return out
		}
		if id = strings.Join(strings.Fields(id), ""); id != "" && len(id) <= 500 {
			out = append(out, id)
		}
		s = after
	}
}

// Words decodes what a field writes in other alphabets (RFC 2047).
func Words(s string) string {
	out, err := decoder().DecodeHeader(s)
	if err != nil {
		out = s
	}
	return clean(out)
}

func decoder() *mime.WordDecoder {
	return &mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
		b, err := io.ReadAll(in)
		return strings.NewReader(utf8Of(charset, b)), err
	}}
}

// clean folds white space, and takes control characters out.
func clean(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return r <= ' ' || r == 0x7f || r >= 0x80 && r < 0xa0
	}), " ")
}

// readHeader reads fields up to the empty line. Lines that are none are left out;
// cut says that it was too long.
func readHeader(in *bufio.Reader) (h Header, cut bool, err error) {
	for size := 0; ; {
		line, err := in.ReadSlice('\n')
		size += len(line)
		text := strings.TrimRight(string(line), "\r\n")
		if cut = cut || size > maxHeader; !cut {
			h = h.add(text)
		}
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a line that nobody needs
			line, err = in.ReadSlice('\n')
			size += len(line)
		}
		if errors.Is(err, io.EOF) {
			return h, cut, nil
		}
		if err != nil || text == "" {
			return h, cut, err
		}
	}
}

// add adds a line to a header.
func (h Header) add(line string) Header {
	if line == "" {
		return h
	}
	if line[0] == ' ' || line[0] == '\t' {
		if n := len(h); n > 0 && len(h[n-1].Value) < 16<<10 {
			h[n-1].Value += " " + strings.TrimSpace(line)
		}
		return h
	}
	name, value, ok := cutField(line)
	if !ok {
		return h
	}
	return append(h, Field{name, strings.TrimSpace(value)})
}

// cutField divides a line of a header.
func cutField(line string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	if !ok || name == "" || len(name) > 100 {
		return "", "", false
	}
	for i := range len(name) {
		if name[i] <= ' ' || name[i] >= 0x7f {
			return "", "", false
		}
	}
	return name, value, true
}
