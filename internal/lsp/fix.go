package lsp

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint"
)

// fix is one way to answer a finding.
type fix struct {
	title string
	edit  hindcast.Edit
}

// fixes returns the ways to answer a finding: to write what the lint proposes, to
// add the fields that an action lacks, to keep a proposal beside the text where it
// cannot take the text's place, and to ignore the finding with a reason.
func fixes(source []byte, notes *lint.Notes, f hindcast.Finding) []fix {
	var out []fix
	completed, ok := notes.Complete(f)
	switch {
	case f.Edit != nil:
		out = append(out, fix{"Write: " + clip(f.Edit.Text), *f.Edit})
		for _, x := range f.Suggestions[min(1, len(f.Suggestions)):] {
			if e := instead(source, *f.Edit, x); e != *f.Edit {
				out = append(out, fix{"Write: " + clip(e.Text), e})
			}
		}
	case ok:
		out = append(out, fix{clip(f.Suggestions[0]), completed})
	default:
		for _, x := range f.Suggestions {
			if e, ok := notes.Beside(f, "to do: "+x); ok {
				out = append(out, fix{"Note beside it: " + clip(x), e})
			}
		}
	}
	if e, ok := notes.Ignore(f); ok {
		out = append(out, fix{"Ignore " + f.Rule + " here, with a reason", e})
	}
	if needless(f) {
		out = append(out, fix{"Take the comment out", without(source, f.Start, f.End)})
	}
	return out
}

// instead returns another suggestion of a finding as a change like that of the
// first. A suggestion is a whole sentence; the words before the change stand in
// the text already.
func instead(source []byte, first hindcast.Edit, suggestion string) hindcast.Edit {
	for n := min(len(suggestion), first.Start); n > 0; n-- {
		if string(source[first.Start-n:first.Start]) == suggestion[:n] {
			suggestion = suggestion[n:]
			break
		}
	}
	return hindcast.Edit{Start: first.Start, End: first.End, Text: suggestion}
}

// needless reports whether a finding is about a suppression that silences
// nothing.
func needless(f hindcast.Finding) bool {
	return f.Rule == "lint-ignore" && f.Level == hindcast.FindingNote
}

// without returns the change that takes out the bytes from start to end, with
// their line when nothing else stands on it, else with the space before them.
func without(source []byte, start, end int) hindcast.Edit {
	line := bytes.LastIndexByte(source[:start], '\n') + 1
	after := source[end:]
	next := bytes.IndexByte(after, '\n') + 1
	if next == 0 {
		next = len(after)
	}
	if blank(source[line:start]) && blank(after[:next]) {
		return hindcast.Edit{Start: line, End: end + next}
	}
	return hindcast.Edit{Start: len(bytes.TrimRight(source[:start], " \t")), End: end}
}

func blank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// clip returns the beginning of a text on one line.
func clip(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > longestTitle {
		return strings.TrimSpace(string(r[:longestTitle-1])) + "…"
	}
	return string(r)
}
