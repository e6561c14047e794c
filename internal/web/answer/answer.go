// Package answer holds the small answers that handlers of pages give: going on to
// another page, data for a script, a message as a sentence.
package answer

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Redirect sends the browser to a page after a form.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// JSON writes data for a script.
func JSON(w http.ResponseWriter, value any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(value)
}

// Scripted reports whether a script of ours sent a request.
func Scripted(r *http.Request) bool { return r.Header.Get("Hindcast-Script") != "" }

// Later returns the address of the page of a list that follows, whose beginning is
// after; empty when none does.
func Later(r *http.Request, after string) string {
	if after == "" {
		return ""
	}
	q := r.URL.Query()
	q.Set("after", after)
	return r.URL.Path + "?" + q.Encode()
}

// Sentence writes a message as a sentence. A message that begins with the name of a
// file or a part keeps it as it is.
func Sentence(message string) string {
	if message == "" {
		return ""
	}
	if first, _, _ := strings.Cut(message, " "); !strings.ContainsAny(strings.TrimRight(first, ".:"), "./_") {
		r, size := utf8.DecodeRuneInString(message)
		message = string(unicode.ToUpper(r)) + message[size:]
	}
	if !strings.HasSuffix(message, ".") {
		message += "."
	}
	return message
}

// FileName makes the name of a file of a title: letters and digits of ASCII and
// dashes.
func FileName(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	s := strings.Join(words, "-")
	return strings.Trim(s[:min(len(s), 60)], "-")
}
