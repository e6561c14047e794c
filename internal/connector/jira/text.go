package jira

import (
	"strings"

	"github.com/hindcast/hindcast/internal/connector"
)

// node is a node of the Atlassian Document Format, version 1.
type node struct {
	Type    string     `json:"type"`
	Version int        `json:"version,omitempty"`
	Text    string     `json:"text,omitempty"`
	Marks   []nodeMark `json:"marks,omitempty"`
	Content []node     `json:"content,omitempty"`
}

type nodeMark struct {
	Type  string            `json:"type"`
	Attrs map[string]string `json:"attrs,omitempty"`
}

// description returns the text of an issue in the form that the API takes: a
// document for Cloud, plain text for a Data Center. What has no field on the
// screen stands in it.
func (p *Project) description(t connector.Ticket, may map[string]bool) any {
	text := strings.TrimSpace(t.Text)
	if t.Priority != "" && !may["priority"] {
		text += "\n\nPriority: " + string(t.Priority)
	}
	if !t.Due.IsZero() && !may["duedate"] {
		text += "\n\nDue: " + t.Due.String()
	}
	text = strings.TrimSpace(text)
	if !p.cloud() {
		if t.URL != "" {
			text += "\n\nPost-mortem: " + t.URL
		}
		return strings.TrimSpace(text)
	}
	doc := node{Type: "doc", Version: 1}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if paragraph = strings.Join(strings.Fields(paragraph), " "); paragraph != "" {
			doc.Content = append(doc.Content, node{Type: "paragraph", Content: []node{{Type: "text", Text: paragraph}}})
		}
	}
	if t.URL != "" {
		link := node{Type: "text", Text: t.URL, Marks: []nodeMark{{Type: "link", Attrs: map[string]string{"href": t.URL}}}}
		doc.Content = append(doc.Content, node{Type: "paragraph", Content: []node{{Type: "text", Text: "Post-mortem: "}, link}})
	}
	if doc.Content == nil {
		doc.Content = []node{} // a document must have content, if none
	}
	return doc
}
