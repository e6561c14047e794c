// Package syntax is the Markdown in which records are written: what a line is,
// lists whose entries have an id and named fields, tables, and the values that
// stand in them. It knows nothing of post-mortems' sections.
//
// A record is an entry of a list, with its id in a comment that no reader sees
// and its fields as entries of a list below:
//
//   - Add an alert on the wait time of jobs <!-- a:k3v7 -->
//   - Owner: Platform team
//   - Due: 2024-04-19
//
// Every value stands as it is wherever that reads back the same; else as a JSON
// string. What a Write function writes, the Read function of that name reads.
package syntax

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// WriteInline writes a text as the rest of a line.
func WriteInline(s string) string {
	if s != "" && s == strings.Trim(s, " \t") && ReadInline(s) == s && !strings.ContainsFunc(s, control) {
		return s
	}
	return Quote(s)
}

// ReadInline reads the rest of a line. A question that nobody has answered is
// empty.
func ReadInline(s string) string {
	s = strings.Trim(s, " \t\r")
	if IsQuestion(s) {
		return ""
	}
	if t, ok := unquote(s); ok {
		return t
	}
	return s
}

// control reports a character that an editor or a terminal may not keep.
func control(c rune) bool {
	return c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff
}

// Quote writes a text as a JSON string in which nothing looks like Markdown.
func Quote(s string) string {
	var buf bytes.Buffer
	// A string always encodes.
	_ = json.NewEncoder(&buf).Encode(s)
	var b strings.Builder
	for _, c := range strings.TrimSuffix(buf.String(), "\n") {
		if strings.ContainsRune("*`|—_:,()", c) || control(c) {
			fmt.Fprintf(&b, `\u%04x`, c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func unquote(s string) (string, bool) {
	var t string
	if len(s) < 2 || s[0] != '"' || json.Unmarshal([]byte(s), &t) != nil {
		return "", false
	}
	return t, true
}

// WriteText writes a text of any number of lines: the rest of a line first, then
// the lines below it.
func WriteText(s string) (first string, rest []string) {
	lines := strings.Split(s, "\n")
	below := lines[0] != strings.Trim(lines[0], " \t") || bullet.MatchString(lines[0])
	switch {
	case len(lines) == 1 && !below, Blank(lines[0]), Blank(lines[len(lines)-1]), strings.ContainsFunc(strings.ReplaceAll(s, "\n", ""), control):
		return WriteInline(s), nil
	case below:
		return "", lines
	}
	return lines[0], lines[1:]
}

// ReadText reads what [WriteText] writes.
func ReadText(first string, rest []string) string {
	if len(rest) == 0 {
		return ReadInline(first)
	}
	if first == "" {
		return strings.Join(rest, "\n")
	}
	return first + "\n" + strings.Join(rest, "\n")
}

// Blank reports whether a line holds nothing but white space.
func Blank(s string) bool { return strings.Trim(s, " \t\r") == "" }

// WriteCode writes a name as code.
func WriteCode(s string) string {
	if s == "" || strings.ContainsAny(s, "`|") || s != strings.TrimSpace(s) || strings.ContainsFunc(s, control) {
		return Quote(s)
	}
	return "`" + s + "`"
}

// CutCode cuts code or a JSON string off the front of s.
func CutCode(s string) (name, rest string, ok bool) {
	if strings.HasPrefix(s, "`") {
		return strings.Cut(s[1:], "`")
	}
	if !strings.HasPrefix(s, `"`) {
		return "", s, false
	}
	d := json.NewDecoder(strings.NewReader(s))
	if d.Decode(&name) != nil {
		return "", s, false
	}
	return name, s[d.InputOffset():], true
}

// Ask writes a question that waits for its answer, as a line or as the value of
// a field: italic text between underscores that ends with a question mark.
func Ask(question string) string { return "_" + question + "_" }

// IsQuestion reports whether a line or value is nothing but such a question.
func IsQuestion(s string) bool {
	return len(s) > 4 && strings.HasPrefix(s, "_") && strings.HasSuffix(s, "?_") && s[1] != '_' && s[1] != ' '
}

var decoration = lazyregexp.New(`<[^>]*>|\{#[^}]*\}|\([^)]*\)|\[[^\]]*\]\([^)]*\)`)

// Normalize takes out what does not tell two names apart: case, punctuation,
// numbers in front, anchors, pictures and what stands in parentheses.
func Normalize(name string) string {
	if strings.ContainsAny(name, "<{([") {
		name = decoration.ReplaceAllString(name, " ")
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	})
	for len(words) > 1 && strings.Trim(words[0], "0123456789") == "" && words[1] != "whys" {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// Join puts a separator between two texts that both say something.
func Join(a, b, separator string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + separator + b
}
