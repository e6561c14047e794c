package slack

import (
	"encoding/json"
	"html"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// attachment is what an app hangs below its text, or a preview of a link.
type attachment struct {
	TS        jsonrec.Scalar `json:"ts"`
	Pretext   string         `json:"pretext"`
	Title     jsonrec.Scalar `json:"title"`
	TitleLink string         `json:"title_link"`
	Text      jsonrec.Scalar `json:"text"`
	Fallback  string         `json:"fallback"`
	Blocks    []node         `json:"blocks"`
	Fields    []struct {
		Title jsonrec.Scalar `json:"title"`
		Value jsonrec.Scalar `json:"value"`
	} `json:"fields"`
}

func (a attachment) lines() []string {
	out := []string{a.Pretext, string(a.Title), string(a.Text)}
	for _, f := range a.Fields {
		out = append(out, strings.TrimPrefix(string(f.Title)+": "+string(f.Value), ": "))
	}
	for _, b := range a.Blocks {
		out = append(out, b.markup())
	}
	if strings.TrimSpace(strings.Join(out, "")) == "" {
		return []string{a.Fallback}
	}
	return out
}

// lines returns what a message says in Slack's markup: its text or else its
// blocks, what an app attached, and the names of its files. Previews of links
// that people post are not theirs.
func (m *message) lines() []string {
	var out []string
	add := func(text string) {
		text = strings.TrimSpace(text)
		for _, said := range out {
			if strings.Contains(said, text) {
				return
			}
		}
		if text != "" {
			out = append(out, text)
		}
	}
	if add(m.Text); len(out) == 0 {
		for _, b := range m.Blocks {
			add(b.markup())
		}
	}
	if m.bot() || len(out) == 0 {
		for _, a := range m.Attachments {
			for _, l := range a.lines() {
				add(l)
			}
		}
	}
	for _, f := range append(m.Files, m.File) {
		if name := strings.TrimSpace(f.Name); name != "" {
			add("[file: " + name + "]")
		} else if f.Title != "" {
			add("[file: " + f.Title + "]")
		}
	}
	return out
}

// node is a block, or an element of one.
type node struct {
	Type     string
	Text     string // of this node itself
	URL      string
	Name     string
	UserID   string
	Channel  string
	Range    string
	Fallback string
	Nodes    []node
}

// UnmarshalJSON reads a node of any type; what it does not know is empty.
func (n *node) UnmarshalJSON(raw []byte) error {
	var v struct {
		Type     string          `json:"type"`
		Text     json.RawMessage `json:"text"`
		URL      string          `json:"url"`
		Name     string          `json:"name"`
		UserID   string          `json:"user_id"`
		Channel  string          `json:"channel_id"`
		Range    string          `json:"range"`
		Fallback string          `json:"fallback"`
		Alt      string          `json:"alt_text"`
		Elements []node          `json:"elements"`
		Fields   []node          `json:"fields"`
	}
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	*n = node{Type: v.Type, URL: v.URL, Name: v.Name, UserID: v.UserID, Channel: v.Channel, Range: v.Range, Fallback: v.Fallback}
	n.Nodes = append(v.Fields, v.Elements...)
	if json.Unmarshal(v.Text, &n.Text) != nil {
		var inner node
		if json.Unmarshal(v.Text, &inner) == nil {
			n.Text = inner.Text
		}
	}
	if v.Type == "image" {
		n.Text = v.Alt
	}
	return nil
}

// markup returns the words of a node in the markup of message texts.
func (n node) markup() string {
	switch n.Type {
	case "user":
		return "<@" + n.UserID + ">"
	case "channel":
		return "<#" + n.Channel + ">"
	case "broadcast":
		return "<!" + n.Range + ">"
	case "emoji":
		return ":" + n.Name + ":"
	case "date":
		return n.Fallback
	case "link":
		return "<" + n.URL + "|" + n.Text + ">"
	case "actions", "divider", "button":
		return ""
	}
	var parts []string
	for _, e := range n.Nodes {
		if s := e.markup(); s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return n.Text
	}
	sep := "\n"
	if strings.HasPrefix(n.Type, "rich_text_") && n.Type != "rich_text_list" {
		sep = "" // the pieces of one line
	}
	return strings.TrimPrefix(n.Text+"\n"+strings.Join(parts, sep), "\n")
}

// plain resolves the markup of a text: mentions become names, links their label
// or address, entities characters. It also returns the addresses.
func (c *conversation) plain(text string) (plain string, urls []string) {
	plain = c.markup.ReplaceAllStringFunc(text, func(m string) string {
		what, label, _ := strings.Cut(m[1:len(m)-1], "|")
		switch {
		case strings.HasPrefix(what, "@"):
			return c.mention(what[1:], label)
		case strings.HasPrefix(what, "#"):
			if label == "" {
				label = what[1:]
			}
			return "#" + label
		case strings.HasPrefix(what, "!date"):
			return label
		case strings.HasPrefix(what, "!"):
			if label != "" {
				return "@" + strings.TrimPrefix(label, "@")
			}
			return "@" + strings.TrimPrefix(what[1:], "subteam^")
		}
		if strings.Contains(what, "://") {
			urls = append(urls, html.UnescapeString(what))
		}
		if label == "" {
			label = strings.TrimPrefix(what, "mailto:")
		}
		return label
	})
	return strings.TrimSpace(html.UnescapeString(plain)), urls
}

func (c *conversation) mention(id, label string) string {
	if name := c.names[id]; name != "" {
		return "@" + name
	}
	if label != "" {
		return "@" + strings.TrimPrefix(label, "@")
	}
	return "@" + id
}
