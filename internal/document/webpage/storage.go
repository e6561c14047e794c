package webpage

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// FromStorage returns as Markdown what is in Confluence's storage format. People who
// are mentioned become "a person".
func FromStorage(storage string) (string, error) {
	plain, err := toHTML(storage)
	if err != nil {
		return "", err
	}
	return fromHTML(plain)
}

// fromHTML returns HTML as Markdown.
func fromHTML(text string) (string, error) {
	c := converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin()))
	text, err := c.ConvertString(text)
	if err != nil {
		return "", fmt.Errorf("convert it: %w", err)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", nil
	}
	return ampersands(text) + "\n", nil
}

// ampersands writes those as they are that need not be escaped. Code stays as it is.
func ampersands(text string) string {
	lines, code := strings.Split(text, "\n"), false
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), "```") {
			code = !code
		}
		if !code && !strings.Contains(l, "`") {
			lines[i] = escaped.ReplaceAllStringFunc(l, func(s string) string {
				if s == "&amp;" {
					return "&"
				}
				return s
			})
		}
	}
	return strings.Join(lines, "\n")
}

// escaped is an ampersand, with what would make a character of it.
var escaped = lazyregexp.New(`&amp;(?:#?\w+;)?`)

// toHTML replaces the elements of the storage format by those of HTML that say the
// same: macros by what is in them, code by <pre>, tasks by items, dates and people
// by words. It keeps what it can read of a page that is not well-formed.
func toHTML(storage string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(`<div xmlns:ac="ac" xmlns:ri="ri">` + storage + `</div>`))
	d.Strict, d.Entity = false, xml.HTMLEntity
	var w rewriter
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return w.out.String(), nil
		}
		if err != nil {
			if w.out.Len() > 0 {
				return w.out.String(), nil
			}
			return "", hindcast.Errorf(hindcast.Invalid, "the page is not in the storage format: %v", err)
		}
		w.token(t)
	}
}

// rewriter writes HTML for the tokens of the storage format.
type rewriter struct {
	out  strings.Builder
	skip int // elements that are open and left out
}

// instead is what elements of the storage format are in HTML; those that are not
// here and not of HTML leave their text.
var instead = map[string]string{"task-list": "ul", "task": "li", "plain-text-body": "pre", "layout-section": "div", "layout-cell": "div", "rich-text-body": "div", "layout": "div"}

// dropped are those whose text nobody sees on the page.
var dropped = map[string]bool{"parameter": true, "task-id": true, "task-uuid": true, "placeholder": true, "image": true, "emoticon": true}

func (w *rewriter) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		w.start(t)
	case xml.EndElement:
		w.end(t.Name)
	case xml.CharData:
		if w.skip == 0 {
			w.out.WriteString(html.EscapeString(string(t)))
		}
	}
}

func (w *rewriter) start(t xml.StartElement) {
	if w.skip > 0 || t.Name.Space == "ac" && dropped[t.Name.Local] {
		w.skip++
		return
	}
	switch {
	case t.Name.Space == "ri" && t.Name.Local == "user":
		w.out.WriteString("a person")
	case t.Name.Space == "ri" && t.Name.Local == "page":
		w.out.WriteString(html.EscapeString(attr(t, "content-title")))
	case t.Name.Space == "ac":
		if tag := instead[t.Name.Local]; tag != "" {
			w.out.WriteString("<" + tag + ">")
		}
	case t.Name.Local == "time":
		w.out.WriteString(html.EscapeString(attr(t, "datetime")))
	case t.Name.Space == "":
		w.out.WriteString("<" + t.Name.Local)
		if href := attr(t, "href"); t.Name.Local == "a" && href != "" {
			w.out.WriteString(` href="` + html.EscapeString(href) + `"`)
		}
		w.out.WriteString(">")
	}
}

func (w *rewriter) end(n xml.Name) {
	if w.skip > 0 {
		w.skip--
		return
	}
	switch {
	case n.Space == "ac":
		if tag := instead[n.Local]; tag != "" {
			w.out.WriteString("</" + tag + ">")
		}
	case n.Space == "" && n.Local != "time" && n.Local != "br" && n.Local != "hr" && n.Local != "img":
		w.out.WriteString("</" + n.Local + ">")
	}
}

// attr returns an attribute by its local name.
func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
