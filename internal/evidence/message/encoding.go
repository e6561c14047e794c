package message

import (
	"encoding/base64"
	"errors"
	"io"
	"mime/quotedprintable"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// utf8Of returns words that were written in a charset. What is in no known one, or
// says none, is read as UTF-8, and as Windows-1252 when it is not that either.
func utf8Of(charset string, b []byte) string {
	if enc, err := htmlindex.Get(strings.TrimSpace(charset)); err == nil && charset != "" {
		name, _ := htmlindex.Name(enc) // it was found by one
		if name != "utf-8" {
			if out, err := enc.NewDecoder().Bytes(b); err == nil {
				return string(out)
			}
		}
	}
	if utf8.Valid(b) {
		return string(b)
	}
	if out, err := charmap.Windows1252.NewDecoder().Bytes(b); err == nil && charset == "" {
		return string(out)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// decode takes a transfer encoding off.
func decode(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, &alphabet{r: r})
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	}
	return r
}

// alphabet leaves out what is no letter of base64, as RFC 2045 asks.
type alphabet struct{ r io.Reader }

func (a *alphabet) Read(p []byte) (int, error) {
	for {
		n, err := a.r.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

// damaged ends what is damaged where the damage is.
type damaged struct {
	r      io.Reader
	broken bool
}

func (d *damaged) Read(p []byte) (int, error) {
	if d.broken {
		return 0, io.EOF
	}
	n, err := d.r.Read(p)
	var bad base64.CorruptInputError
	if err != nil && (errors.As(err, &bad) || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "quotedprintable:") || strings.HasPrefix(err.Error(), "multipart:")) {
		d.broken = true
		return n, io.EOF
	}
	return n, err
}
