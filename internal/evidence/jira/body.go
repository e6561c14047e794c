package jira

import (
	"encoding/json"
	"strings"
)

// body is the text of a comment: Data Center gives it as it was written, Cloud as a
// document of nodes.
type body string

// UnmarshalJSON reads either form; of anything else the text is empty.
func (b *body) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		*b = body(text)
		return nil
	}
	var n node
	if json.Unmarshal(raw, &n) == nil {
		*b = body(strings.Join(strings.Fields(n.text(0)), " "))
	}
	return nil
}

// node is a part of a document.
type node struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	Content []node `json:"content"`
	Attrs   struct {
		Text string `json:"text"` // of a mention
	} `json:"attrs"`
}

// deepest bounds how deep nodes are looked into.
const deepest = 50

func (n node) text(deep int) string {
	out := n.Text + n.Attrs.Text
	if n.Type == "hardBreak" {
		out += " "
	}
	for _, c := range n.Content {
		if deep < deepest {
			out += c.text(deep + 1)
		}
	}
	if n.Type == "paragraph" || n.Type == "listItem" || n.Type == "heading" {
		out += " "
	}
	return out
}
