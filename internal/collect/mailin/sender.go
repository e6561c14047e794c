package mailin

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/message"
)

var comments = regexp.MustCompile(`\([^()]*\)`)

// results returns what our mail server found about the sender of a message, in its
// words, and whether that proves that the message comes from the domain that it
// says: DMARC passed for it, or SPF or DKIM did for the same domain. Both are empty
// when nothing is believed. Only the fields count that stand together above the
// first hop before our server; it takes those out that others wrote in its name
// (RFC 8601, section 5).
func results(h message.Header, trusted string) (said string, proved bool) {
	if trusted == "" {
		return "", false
	}
	from := h.Addresses("From")
	var words []string
	seen := false
	for _, f := range h {
		if seen && strings.EqualFold(f.Name, "Received") {
			break
		}
		if !strings.EqualFold(f.Name, "Authentication-Results") {
			continue
		}
		parts := strings.Split(comments.ReplaceAllString(f.Value, " "), ";")
		if id := strings.Fields(parts[0]); len(id) == 0 || !strings.EqualFold(id[0], trusted) {
			continue
		}
		seen = true
		for _, p := range parts[1:] {
			word, ok := result(p, from)
			if word != "" {
				words = append(words, word)
			}
			proved = proved || ok
		}
	}
	if len(words) == 0 {
		return "nothing found by " + trusted, false
	}
	return strings.Join(words[:min(len(words), 6)], ", "), proved && len(from) == 1
}

// result reads one method and what it found, and whether it proves the sender.
func result(text string, from []message.Address) (word string, proved bool) {
	fields := strings.Fields(strings.ToLower(text))
	if len(fields) == 0 || !slices.ContainsFunc([]string{"dmarc=", "spf=", "dkim="}, func(m string) bool { return strings.HasPrefix(fields[0], m) }) {
		return "", false
	}
	method, found, _ := strings.Cut(fields[0], "=")
	if word = method + "=" + found; len(word) > 30 || found != "pass" || len(from) != 1 {
		return word[:min(len(word), 30)], false
	}
	domain, said := from[0].Domain(), ""
	for _, f := range fields[1:] {
		key, value, _ := strings.Cut(f, "=")
		if slices.Contains([]string{"header.from", "header.d", "header.i", "smtp.mailfrom"}, key) && said == "" {
			said = strings.Trim(value[strings.LastIndexByte(value, '@')+1:], `"<>`)
		}
	}
	return word, said == domain && domain != ""
}

// welcome reports whether senders of a domain need no account.
func (s *Service) welcome(sender string) bool {
	_, domain, _ := strings.Cut(sender, "@")
	return slices.ContainsFunc(s.Settings.Domains, func(d string) bool { return strings.EqualFold(d, domain) })
}
