package lsp

import (
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint"
)

// mostFixed is for how many findings of one request there are quick fixes.
const mostFixed = 100

// longestTitle is how many characters of a proposal the title of a fix holds.
const longestTitle = 72

// actions returns the quick fixes of the findings that touch a range.
func (s *server) actions(d *document, p codeActionParams) []codeAction {
	out := []codeAction{}
	if !wanted(p.Context.Only) {
		return out
	}
	start, end := d.text.offset(p.Range.Start), d.text.offset(p.Range.End)
	found := within(s.findings(d), min(start, end), max(start, end))
	if len(found) == 0 {
		return out
	}
	notes := lint.NewNotes(d.text.source)
	for _, f := range found[:min(len(found), mostFixed)] {
		for _, x := range fixes(d.text.source, notes, f) {
			out = append(out, codeAction{
				Title:       x.title,
				Kind:        quickFix,
				Diagnostics: []diagnostic{s.diagnostic(d, f)},
				Edit:        s.edit(d, x.edit),
			})
		}
	}
	return out
}

// wanted reports whether a client that asks for some kinds of actions wants
// quick fixes.
func wanted(only []string) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(kind string) bool { return kind == "" || kind == quickFix })
}

// edit returns a change of a document, bound to its version where the client
// can tell versions apart.
func (s *server) edit(d *document, e hindcast.Edit) workspaceEdit {
	edits := []textEdit{{d.text.span(e.Start, e.End), e.Text}}
	s.mu.Lock()
	versioned := s.client.Capabilities.Workspace.WorkspaceEdit.DocumentChanges
	s.mu.Unlock()
	if !versioned {
		return workspaceEdit{Changes: map[string][]textEdit{d.uri: edits}}
	}
	change := documentEdit{Edits: edits}
	change.TextDocument.URI, change.TextDocument.Version = d.uri, d.version
	return workspaceEdit{DocumentChanges: []documentEdit{change}}
}
