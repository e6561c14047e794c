// Package report writes findings for people and for programs: as text, as JSON
// Lines, as SARIF 2.1.0 and as annotations of GitHub's checks.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
)

// File is a text with what was found in it.
type File struct {
	Name     string             `json:"file"`
	Findings []hindcast.Finding `json:"findings"`
	Source   []byte             `json:"-"`
}

// JSON writes an object for each file, one a line.
func JSON(w io.Writer, files []File) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range files {
		if f.Findings == nil {
			f.Findings = []hindcast.Finding{}
		}
		if err := enc.Encode(f); err != nil {
			return err
		}
	}
	return nil
}

// GitHub writes findings as workflow commands, which GitHub shows beside the
// lines of a change.
func GitHub(w io.Writer, files []File) error {
	for _, f := range files {
		for _, x := range f.Findings {
			text := sentences(x)
			if len(x.Suggestions) > 0 {
				text += " Instead: " + x.Suggestions[0]
			}
			endLine, endColumn := endOf(f.Source, x)
			if _, err := fmt.Fprintf(w, "::%s file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=%s::%s\n", command(x.Level),
				property(f.Name), x.Line, endLine, x.Column, endColumn, property(x.Rule), data(text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// sentences says what was found and why it matters, where both stand in one line.
func sentences(x hindcast.Finding) string {
	end := ". "
	if strings.HasSuffix(x.Message, "?") || strings.HasSuffix(x.Message, ".") {
		end = " "
	}
	return x.Message + end + x.Why
}

func command(l hindcast.FindingLevel) string {
	if l == hindcast.FindingNote {
		return "notice"
	}
	return string(l)
}

// data escapes the text of a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a value in front of it.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// endOf returns the line and column after the last character of a finding.
func endOf(source []byte, f hindcast.Finding) (line, column int) {
	text := source[f.Start:f.End]
	line = f.Line + strings.Count(string(text), "\n")
	if i := strings.LastIndexByte(string(text), '\n'); i >= 0 {
		return line, utf8.RuneCount(text[i+1:]) + 1
	}
	return line, f.Column + utf8.RuneCount(text)
}

// printable replaces what could steer a terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '\t' {
			return ' '
		}
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || unicode.Is(unicode.Bidi_Control, c) {
			return '\uFFFD'
		}
		return c
	}, s)
}
