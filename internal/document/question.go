package document

import (
	"strings"

	"github.com/hindcast/hindcast/internal/document/syntax"
)

// Question is a question that a document asks and nobody has answered yet: a
// line that is nothing but italic text between underscores and ends with a
// question mark,
//
//	_How was it noticed?_
//
// Whoever answers writes the answer in its place.
type Question struct {
	Line int    // from 1, within the text given
	Text string // without the underscores
}

// Questions returns the questions that a text still asks. Lines of code are no
// questions.
func Questions(text string) []Question {
	var out []Question
	for _, l := range (syntax.Scanner{}).Scan(strings.Split(text, "\n"), 1) {
		if s := strings.Trim(l.Text, " \t\r"); l.Form != syntax.Verbatim && syntax.IsQuestion(s) {
			out = append(out, Question{l.N, s[1 : len(s)-1]})
		}
	}
	return out
}

// Answered returns the text without its questions; empty when nothing else is
// said.
func Answered(text string) string {
	lines := strings.Split(text, "\n")
	asked := map[int]bool{}
	for _, q := range Questions(text) {
		asked[q.Line] = true
	}
	var keep []string
	for i, l := range lines {
		if !asked[i+1] {
			keep = append(keep, l)
		}
	}
	return strings.TrimSpace(strings.Join(keep, "\n"))
}
