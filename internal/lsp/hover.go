package lsp

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
)

// hover returns why there are findings at a position and what to write instead;
// nil when there are none.
func (s *server) hover(d *document, p Position) any {
	at := d.text.offset(p)
	found := within(s.findings(d), at, at)
	if len(found) == 0 {
		return nil
	}
	s.mu.Lock()
	formats := s.client.Capabilities.TextDocument.Hover.ContentFormat
	s.mu.Unlock()
	describe, kind := plainly, plainTextKind
	if slices.Contains(formats, markdownKind) {
		describe, kind = marked, markdownKind
	}
	var parts []string
	for _, f := range found {
		parts = append(parts, describe(f, s.Page(f.Rule)))
	}
	separator := map[string]string{markdownKind: "\n\n---\n\n", plainTextKind: "\n\n"}[kind]
	return hover{markupContent{kind, strings.Join(parts, separator)}, d.spanOf(found[0])}
}

// within returns the findings that touch the bytes from start to end.
func within(all []hindcast.Finding, start, end int) []hindcast.Finding {
	var out []hindcast.Finding
	for _, f := range all {
		if f.Start <= end && f.End >= start {
			out = append(out, f)
		}
	}
	return out
}

// plainly describes a finding as plain text.
func plainly(f hindcast.Finding, page string) string {
	var b strings.Builder
	b.WriteString(f.Rule + ": " + f.Message + "\n" + f.Why)
	if f.Question != "" {
		b.WriteString("\nAsk: " + f.Question)
	}
	for _, x := range f.Suggestions {
		b.WriteString("\nInstead: " + x)
	}
	if page != "" {
		b.WriteString("\n" + page)
	}
	return b.String()
}

// marked describes a finding as Markdown. What comes from the document is
// escaped, so that it shows as it was written and loads nothing.
func marked(f hindcast.Finding, page string) string {
	var b strings.Builder
	rule := "**" + escape(f.Rule) + "**"
	if page != "" {
		rule = "[" + rule + "](" + page + ")"
	}
	b.WriteString(rule + ": " + escape(f.Message) + "\n\n" + escape(f.Why))
	if f.Question != "" {
		b.WriteString("\n\n*" + escape(f.Question) + "*")
	}
	for i, x := range f.Suggestions {
		if i == 0 {
			b.WriteString("\n\nInstead:\n")
		}
		b.WriteString("\n- " + escape(x))
	}
	return b.String()
}

// escape returns text as Markdown that shows it.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "&", `\&`, "#", `\#`, "|", `\|`, "~", `\~`, "\r", " ", "\n", " ").Replace(text)
}
