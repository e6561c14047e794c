package html

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/message"
)

const (
	// longestToken bounds a tag or a text, in bytes: pictures can stand in attributes.
	longestToken = 4 << 20
	// mostAttrs bounds the attributes of a tag. What has more was made to be slow to read.
	mostAttrs = 256
	// maxPart is how much of the source of an element is kept, in bytes.
	maxPart = 64 << 10
	// maxAttr is how much of an attribute is kept, in bytes.
	maxAttr = 1 << 10
)

// token is what a page is made of: a tag, or text between tags. It is valid until the next.
type token struct {
	kind  html.TokenType // a tag that begins or ends an element, or text
	name  string         // of the element; "" for text
	class string
	attrs map[string]string // those that are read
	raw   []byte            // as it stands in the file
	ref   hindcast.Ref      // its lines
}

// opens reports whether t begins an element of a class.
func (t *token) opens(class string) bool {
	if t.kind != html.StartTagToken || !strings.Contains(t.class, class) {
		return false
	}
	for c := range strings.FieldsSeq(t.class) {
		if c == class {
			return true
		}
	}
	return false
}

// wanted are the attributes that are read beside the class.
func wanted(key string) bool {
	switch key {
	case "id", "title", "href", "alt", "onclick", "colspan", "rowspan", "data-message-id", "data-timestamp":
		return true
	}
	return false
}

// lines are the words of a message, up to [maxPart] in all: one that does not end holds the
// rest of the page.
type lines struct {
	all  []string
	size int
}

func (l *lines) add(text string) {
	if l.size += len(text) + 1; l.size <= maxPart {
		l.all = append(l.all, text)
	}
}

func (l *lines) text() string { return strings.Join(l.all, "\n") }

// errCrowded is a tag with too many attributes.
var errCrowded = errors.New("too many attributes")

// read passes the tags and texts of a page on in their order. The text of scripts and
// styles is no text. It returns what is wrong with the page, to be told after its last
// token, and an error of in.
func read(file string, in io.Reader, take func(*token)) (problem *hindcast.Problem, err error) {
	z := html.NewTokenizer(in)
	z.SetMaxBuf(longestToken)
	t := token{ref: hindcast.Ref{File: file, Line: 1}}
	mute := false // the text of a script follows
	for line, offset := 1, int64(0); ; {
		kind := z.Next()
		t.raw = z.Raw()
		t.ref.Line, t.ref.Offset = line, offset
		line += bytes.Count(t.raw, []byte{'\n'})
		offset += int64(len(t.raw))
		t.ref.EndLine = line
		switch kind {
		case html.ErrorToken:
			return fault(file, line, z.Err())
		case html.TextToken:
			if t.kind, t.name, t.class, t.attrs = kind, "", "", nil; !mute {
				take(&t)
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if err := t.tag(z, kind); err != nil {
				return fault(file, line, err)
			}
			mute = t.kind == html.StartTagToken && (t.name == "script" || t.name == "style")
			take(&t)
		}
	}
}

// fault is the problem of a page that ends with err.
func fault(file string, line int, err error) (*hindcast.Problem, error) {
	p := hindcast.Problem{File: file, Line: line}
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil
	case errors.Is(err, html.ErrBufferExceeded):
		p.Message = fmt.Sprintf("here stands a tag or a text of more than %d MB; what follows was not read: save the page without its pictures", longestToken>>20)
	case errors.Is(err, errCrowded):
		p.Message = fmt.Sprintf("here stands a tag with more than %d attributes; what follows was not read", mostAttrs)
	default:
		return nil, err
	}
	return &p, nil
}

// tag reads the tag at hand. One that ends itself begins an element, as browsers have it.
func (t *token) tag(z *html.Tokenizer, kind html.TokenType) error {
	raw := bytes.Clone(t.raw[:min(len(t.raw), maxPart)]) // the attributes are decoded in place
	name, more := z.TagName()
	t.kind, t.name, t.class, t.attrs = kind, string(name), "", nil
	if kind == html.SelfClosingTagToken {
		t.kind = html.StartTagToken
	}
	for n := 0; more; n++ {
		if n == mostAttrs {
			return errCrowded
		}
		var key, value []byte
		key, value, more = z.TagAttr()
		switch value = value[:min(len(value), maxAttr)]; {
		case string(key) == "class":
			t.class = string(value)
		case wanted(string(key)):
			if t.attrs == nil {
				t.attrs = map[string]string{}
			}
			t.attrs[string(key)] = strings.TrimSpace(string(value))
		}
	}
	t.raw = raw
	return nil
}

// part is the source of an element that is being read. Its zero value is none.
type part struct {
	name   string // of the element; "" when none is being read
	depth  int    // of elements of the same name in it
	pre    bool   // its line breaks are meant
	source strings.Builder
}

// begin begins to read the element that t begins.
func (p *part) begin(t *token, pre bool) { *p = part{name: t.name, depth: 1, pre: pre} }

func (p *part) open() bool { return p.name != "" }

// take takes what stands in the element, and reports whether t was its end.
func (p *part) take(t *token) (ended bool) {
	if t.name == p.name {
		switch t.kind {
		case html.StartTagToken:
			p.depth++
		case html.EndTagToken:
			p.depth--
		}
	}
	if p.depth == 0 {
		return true
	}
	p.add(t)
	return false
}

// add keeps the source of a token, of pictures what they show: smileys are pictures.
func (p *part) add(t *token) {
	if p.source.Len()+len(t.raw) > maxPart {
		return
	}
	switch {
	case t.kind == html.TextToken && p.pre:
		p.source.WriteString(strings.ReplaceAll(string(t.raw), "\n", "<br>"))
	case t.name == "img":
		p.source.WriteString(html.EscapeString(t.attrs["alt"]))
	case t.name != "script" && t.name != "style":
		p.source.Write(t.raw)
	}
}

// text ends the element and returns its words.
func (p *part) text() string {
	s := p.source.String()
	*p = part{}
	if !strings.Contains(s, "<") { // most cells
		return fact.OneLine(html.UnescapeString(s))
	}
	return message.Plain(s)
}
