// Package webpage turns pages that other systems export into Markdown: a page of
// Confluence as HTML, in its storage format or as its API answers it, any other page
// of HTML, and archives of such pages and of Notion's Markdown.
package webpage

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"golang.org/x/net/html"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Text returns a page as Markdown. What is no page, such as Markdown, stays as it is.
func Text(name string, raw []byte) ([]byte, error) {
	begins := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	switch ext := strings.ToLower(path.Ext(name)); {
	case bytes.HasPrefix(begins, []byte("{")):
		return fromAnswer(raw)
	case ext != ".html" && ext != ".htm" && ext != ".xml" && ext != ".xhtml" && !page.MatchString(string(begins[:min(len(begins), 64)])):
		return raw, nil
	case bytes.Contains(begins, []byte("<ac:")) || ext == ".xml":
		text, err := FromStorage(string(begins))
		return []byte(text), err
	}
	return whole(begins)
}

// page is how a page of HTML begins.
var page = lazyregexp.New(`(?i)^<(?:!doctype html|html)[\s>]`)

// fromAnswer reads a page as Confluence's API answers it.
func fromAnswer(raw []byte) ([]byte, error) {
	var answer struct {
		Title string `json:"title"`
		Body  struct {
			Storage struct {
				Value string `json:"value"`
			} `json:"storage"`
		} `json:"body"`
	}
	if json.Unmarshal(raw, &answer) != nil || answer.Body.Storage.Value == "" {
		return raw, nil // other JSON
	}
	text, err := FromStorage(answer.Body.Storage.Value)
	return titled(answer.Title, text), err
}

// titled puts a title before a text that has none.
func titled(title, text string) []byte {
	if title = strings.Join(strings.Fields(title), " "); title == "" || strings.HasPrefix(text, "# ") {
		return []byte(text)
	}
	return []byte("# " + title + "\n\n" + text)
}

// whole reads a page of HTML: what its title says, and its main part.
func whole(raw []byte) ([]byte, error) {
	root, err := html.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "the page of HTML cannot be read: %v", err)
	}
	title := ""
	if n := find(root, func(n *html.Node) bool { return n.Data == "title" }); n != nil {
		title = words(n)
	}
	if n := find(root, func(n *html.Node) bool { return has(n, "title-text") }); n != nil { // of Confluence: "Space : Title"
		_, after, ok := strings.Cut(words(n), " : ")
		if title = words(n); ok {
			title = after
		}
	}
	main := root
	for _, is := range []func(*html.Node) bool{
		func(n *html.Node) bool { return has(n, "main-content") },
		func(n *html.Node) bool { return n.Data == "main" || n.Data == "article" },
		func(n *html.Node) bool { return n.Data == "body" },
	} {
		if n := find(root, is); n != nil {
			main = n
			break
		}
	}
	var b bytes.Buffer
	if err := html.Render(&b, main); err != nil {
		return nil, err
	}
	text, err := fromHTML(b.String())
	return titled(title, text), err
}

// has reports whether an element has an id.
func has(n *html.Node, id string) bool {
	for _, a := range n.Attr {
		if a.Key == "id" && a.Val == id {
			return true
		}
	}
	return false
}

// find returns the first element that is what is looked for.
func find(root *html.Node, is func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

// words returns the text in an element.
func words(root *html.Node) string {
	var out []string
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			out = append(out, n.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}
