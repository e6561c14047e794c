// Package ui holds the small pieces that pages are made of: moments, numbers,
// chips, fields, and the words for what the vocabulary names.
package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// ISO writes a moment for programs, in UTC.
func ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Offset writes how long after a moment another lies: "+1 m 45 s".
func Offset(from, t time.Time) string {
	if d := t.Sub(from); d >= 0 {
		return "+" + hindcast.FormatDuration(d)
	} else {
		return "−" + hindcast.FormatDuration(-d)
	}
}

// Seconds writes a number of seconds as a duration.
func Seconds(s int64) string { return hindcast.FormatDuration(time.Duration(s) * time.Second) }

// Words turns a word of the vocabulary into words for people: "wont-do" becomes
// "won't do", "in-review" becomes "in review".
func Words[T ~string](word T) string {
	switch s := string(word); s {
	case "wont-do":
		return "won't do"
	case "slo":
		return "SLO"
	default:
		return spaced.Replace(s)
	}
}

var spaced = strings.NewReplacer("-", " ", "_", " ")

// Sentence is [Words] with a capital letter.
func Sentence[T ~string](word T) string {
	s := Words(word)
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Count writes a number with its noun: "1 entry", "12 entries".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// Size writes a number of bytes for people.
func Size(n int64) string {
	for _, u := range [...]struct {
		bytes int64
		name  string
	}{{1 << 30, "GB"}, {1 << 20, "MB"}, {1 << 10, "KB"}} {
		if n >= u.bytes {
			return strconv.FormatFloat(float64(n)/float64(u.bytes), 'f', 1, 64) + " " + u.name
		}
	}
	return strconv.FormatInt(n, 10) + " B"
}

// PhaseWord is what a phase is called: "detected_at" is "Detected".
func PhaseWord(name string) string { return Sentence(strings.TrimSuffix(name, "_at")) }

// SeverityWord is a level with its name: "SEV 2 · High".
func SeverityWord(level int, name string) string {
	if level == 0 {
		return "severity not decided"
	}
	if name == "" {
		if s, ok := hindcast.DefaultPolicy().Level(level); ok {
			name = s.Name
		}
	}
	if name == "" {
		return "SEV " + strconv.Itoa(level)
	}
	return "SEV " + strconv.Itoa(level) + " · " + name
}

// CategoryWord is the name of a category.
func CategoryWord(c hindcast.Category) string {
	for _, info := range hindcast.Categories() {
		if info.Category == c {
			return info.Name
		}
	}
	return Sentence(c)
}

// PenWord invites to write what is not there, or to edit what is.
func PenWord(text string) string {
	if text == "" {
		return "Write"
	}
	return "Edit"
}

// WebAddress reports whether s is an address that a page may link to.
func WebAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// Figure writes a number with three digits that matter, thousands apart, and its
// unit.
func Figure(v float64, unit string) string {
	digits := 0
	for x := v; x != 0 && x > -100 && x < 100 && digits < 6; x *= 10 {
		digits++
	}
	s := strconv.FormatFloat(v, 'f', digits, 64)
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "\u202f" + whole[i:]
	}
	if rest = strings.TrimRight(rest, "0"); rest != "" {
		whole += "." + rest
	}
	if unit == "x" {
		unit = "×"
	}
	return strings.TrimSpace(whole + " " + unit)
}

// Days writes a long time in days, a short one in at most two units.
func Days(d time.Duration) string {
	if d >= 48*time.Hour {
		return Count(int(d/(24*time.Hour)), "day", "days")
	}
	return hindcast.FormatDuration(d)
}
