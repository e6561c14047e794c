// Package redact finds secret-looking text and takes it out before the text
// is stored, shown or put into a title. It also finds what looks like personal
// data, for texts that leave.
//
// It errs on the side of taking out: a lost token in a title costs a reader one
// look at the evidence, a leaked one costs a rotation.
package redact

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Mark stands where a secret was.
const Mark = "[redacted]"

// Kind says what a [Span] looks like.
type Kind string

// The kinds of secret.
const (
	Credential Kind = "credential"  // the value of a name such as password or token
	URLUser    Kind = "url-user"    // user and password in a URL
	Token      Kind = "token"       // a token known by its prefix or its randomness
	PrivateKey Kind = "private-key" // a PEM block
)

// Span is one secret-looking part of a text, in bytes.
type Span struct {
	Start, End int
	Kind       Kind
}

// rule finds one kind of secret. Most texts show no sign of it, so it is neither
// compiled nor tried for them.
type rule struct {
	kind  Kind
	group int                      // the submatch that is the secret
	sign  func(signs, string) bool // what a text with a match shows
	re    func() *regexp.Regexp
}

const (
	secretName = `[A-Za-z0-9_.\-]*(?:passw(?:or)?d|passwd|pwd|passphrase|secret|token|api[_\-]?key|apikey|access[_\-]?key|private[_\-]?key|client[_\-]?secret|credential|auth[_\-]?key|session[_\-]?id|signing[_\-]?key)[A-Za-z0-9_.\-]*`
	passName   = `(?:[A-Za-z0-9]+[_\-])*(?:src|dest|new)?(?:store|key|user)?pass(?:in|out)?`
	value      = `"[^"\n]{3,}"|'[^'\s]{3,}'|[^\s"'&;,)\]}]{3,}`
)

// Parts of the names that the rules look for, in lower case.
var (
	secretWords = []string{"passw", "pwd", "passphrase", "secret", "token", "key", "credential", "session"}
	passWords   = []string{"pass"}
	programs    = []string{"sshpass", "redis-cli", "ldap", "login", "htpasswd"}
	headers     = []string{"authorization", "x-api-key", "x-auth-token", "private-token", "cookie"}
	prefixes    = []string{"akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "glpat-", "eyj", "aiza", "sg.", "hvs."}
	infixes     = []string{"_live_", "_test_", "_prod_", "_secret_", "_sk_", "_pk_", "_key_", "sk-", "pk-", "rk-"}
)

var rules = []rule{
	{PrivateKey, 0, func(f signs, _ string) bool { return f.pem }, lazily(`-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)},
	{URLUser, 1, func(f signs, _ string) bool { return f.scheme && f.at }, lazily(`[a-zA-Z][a-zA-Z0-9+.\-]*://([^\s/@:]*:[^\s/@]+)@`)},
	{Credential, 1, func(f signs, _ string) bool { return f.header }, lazily(`(?i)\b(?:authorization|x-api-key|x-auth-token|private-token|cookie)\s*[:=]\s*["']?((?:bearer|basic|token|digest)?\s*[^\s"']{4,})`)},
	{Credential, 1, func(f signs, _ string) bool { return f.bearer }, lazily(`(?i)\bbearer\s+([A-Za-z0-9._~+/\-]{8,}=*)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.named }, lazily(`(?i)(?:^|[^A-Za-z0-9_.\-])` + secretName + `["']?\s*(?:=|:)\s*(` + value + `)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.flag }, lazily(`(?i)(?:^|\s)--?` + secretName + `(?:\s+|=)(` + value + `)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.pass }, lazily(`(?i)(?:^|\s)--?` + passName + `(?:\s+|=)(?:pass:)?(` + value + `)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.passed }, lazily(`(?i)(?:^|[^A-Za-z0-9_.\-])[A-Za-z0-9_.\-]*[_\-]pass\s*=\s*(` + value + `)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.user }, lazily(`(?:^|\s)(?:-u|--user)\s+[^\s:]+:([^\s/][^\s]*)`)},
	{Credential, 1, signs.mysql, lazily(`(?:mysql|mysqldump|mariadb)\b[^|;]*\s-p([^\s]{3,})`)},
	{Credential, 1, signs.program, lazily(`\b(?:sshpass\b[^|;\n]*?\s-p\s*|redis-cli\b[^|;\n]*?\s-a\s+|ldap(?:search|modify|add|delete|compare|passwd|whoami)\b[^|;\n]*?\s-w\s*|login\s(?:[^|;\n]*?\s)?-p\s+|htpasswd\s+-[A-Za-z]*b[A-Za-z]*\s+\S+\s+\S+\s+)(` + value + `)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.device }, lazily(`(?:^|[\s\["'])(?:password|secret|key-string) [4-9] ([0-9A-Fa-f]{8,}|[$]\d[$][^\s"']+)`)},
	{Credential, 1, func(f signs, _ string) bool { return f.device }, lazily(`(?:^|[\s\["'])(?:(?:password|secret) 0|snmp-server community|(?:radius|tacacs)-server (?:[^\n]*? )?key(?: [067])?) (` + value + `)`)},
	{Token, 0, func(f signs, _ string) bool { return f.token }, lazily(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bxox[abeprs]-[A-Za-z0-9\-]{10,}|\bglpat-[A-Za-z0-9_\-]{16,}|\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*|\bAIza[A-Za-z0-9_\-]{30,}|\bSG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}|\bhvs\.[A-Za-z0-9_\-]{20,}`)},
	{Token, 0, func(f signs, _ string) bool { return f.token }, lazily(`\b[A-Za-z]{2,8}_(?:live|test|prod|secret|sk|pk|key)_[A-Za-z0-9]{8,}\b|\b(?:sk|pk|rk)-[A-Za-z0-9\-]{20,}`)},
}

// lazily compiles an expression when it is needed for the first time.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// Redactor takes secrets out of text. It is safe for concurrent use.
type Redactor struct{}

// New returns a Redactor.
func New() *Redactor { return &Redactor{} }

// Find returns the secret-looking spans of s, in order and without overlap.
func (r *Redactor) Find(s string) []Span { return secrets(s, signsOf(s)) }

// Leaks returns the spans of s that may not leave: what [Redactor.Find] and
// [Redactor.Personal] find, in order and without overlap.
func (r *Redactor) Leaks(s string) []Span {
	f := signsOf(s)
	return Merge(secrets(s, f), data(s, f))
}

// secrets returns the secret-looking spans of a text that shows some signs.
func secrets(s string, f signs) []Span {
	var spans []Span
	for i := range rules {
		ru := &rules[i]
		if !f.any && !ru.sign(f, s) {
			continue
		}
		for _, m := range ru.re().FindAllStringSubmatchIndex(s, -1) {
			start, end := m[2*ru.group], m[2*ru.group+1]
			if start >= 0 && !placeholder(s[start:end]) {
				spans = append(spans, Span{start, end, ru.kind})
			}
		}
	}
	if f.long {
		spans = append(spans, words(s)...)
	}
	return merge(append(spans, keyLines(s)...))
}

// keyLines returns the lines that hold nothing but base64, as those within a
// private key do: who looks at some lines of a file may not see where it begins.
func keyLines(s string) []Span {
	var out []Span
	at := 0
	for line := range strings.Lines(s) {
		text := strings.TrimSpace(line)
		if len(text) >= 40 && strings.Trim(text, base64Bytes) == "" && mixed(text) {
			start := at + strings.Index(line, text)
			out = append(out, Span{start, start + len(text), PrivateKey})
		}
		at += len(line)
	}
	return out
}

const base64Bytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="

// Text returns s with every secret-looking span replaced by [Mark].
func (r *Redactor) Text(s string) string { return Without(s, r.Find(s)) }

// Without returns s with spans, in order and without overlap, replaced by [Mark].
func Without(s string, spans []Span) string {
	if len(spans) == 0 {
		return s
	}
	var b strings.Builder
	at := 0
	for _, sp := range spans {
		b.WriteString(s[at:sp.Start])
		b.WriteString(Mark)
		at = sp.End
	}
	b.WriteString(s[at:])
	return b.String()
}

// Merge puts spans of one text in order and joins those that overlap.
func Merge(spans ...[]Span) []Span { return merge(slices.Concat(spans...)) }

func merge(spans []Span) []Span {
	if len(spans) == 0 {
		return nil
	}
	sort.Slice(spans, func(i, j int) bool {
		if spans[i].Start != spans[j].Start {
			return spans[i].Start < spans[j].Start
		}
		return spans[i].End > spans[j].End
	})
	var out []Span
	for _, sp := range spans {
		if n := len(out); n > 0 && sp.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, sp.End)
			continue
		}
		out = append(out, sp)
	}
	return out
}

// placeholder reports whether a value is not a secret but the place for one:
// a variable, a word in angle brackets, or our own mark.
func placeholder(v string) bool {
	v = strings.Trim(v, `"'`)
	switch {
	case v == "" || strings.HasPrefix(v, "$") && !hashed(v) || strings.HasPrefix(v, "<") || strings.HasPrefix(v, "{") || strings.HasPrefix(v, "["):
		return true
	case strings.Trim(v, "*x.") == "":
		return true
	}
	switch strings.ToLower(v) {
	case "true", "false", "null", "none", "nil", "undefined", "expired", "invalid", "missing", "required", "refreshed", "rotation", "redacted", "iat", "exp", "nbf", "aud", "iss", "sub", "kid", "jti":
		return true
	}
	return false
}

// hashed reports whether a value that begins as a variable does is a hash with its kind:
// "$5$salt$hash".
func hashed(v string) bool {
	return len(v) > 3 && v[1] >= '0' && v[1] <= '9' && (v[2] == '$' || v[3] == '$')
}

// words returns the random ones of the runs of letters, digits, '_' and '-' of 20
// bytes or more.
func words(s string) []Span {
	var out []Span
	start := -1
	for i := 0; i <= len(s); i++ {
		if i < len(s) && wordByte(s[i]) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start >= randomLength && random(s[start:i]) {
			out = append(out, Span{start, i, Token})
		}
		start = -1
	}
	return out
}

func wordByte(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// random reports whether a word mixes upper case, lower case and digits the way
// generated keys do and names, hashes and identifiers do not: often, and without
// separators that divide it into short readable parts.
func random(w string) bool {
	for _, part := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '_' }) {
		if len(part) >= 20 && !spelled(part) && switches(part) >= len(part)/3 && mixed(part) {
			return true
		}
	}
	return false
}

// spelled reports whether a word is mostly of words that begin with a capital, as the
// names of alerts, classes and reasons are: three quarters of it are in words of four
// letters or more.
func spelled(w string) bool {
	n := 0
	for _, word := range capitalized.FindAllString(w, -1) {
		n += len(word)
	}
	return 4*n >= 3*len(w)
}

var capitalized = lazyregexp.New(`[A-Z][a-z]{3,}`)

func mixed(s string) bool {
	var upper, lower, digit bool
	for _, r := range s {
		upper = upper || unicode.IsUpper(r)
		lower = lower || unicode.IsLower(r)
		digit = digit || unicode.IsDigit(r)
	}
	return upper && lower && digit
}

// switches counts the places where the class of character changes.
func switches(s string) int {
	class := func(c byte) int {
		switch {
		case c >= '0' && c <= '9':
			return 1
		case c >= 'A' && c <= 'Z':
			return 2
		}
		return 3
	}
	n := 0
	for i := 1; i < len(s); i++ {
		if class(s[i]) != class(s[i-1]) {
			n++
		}
	}
	return n
}
