package redact

import (
	"net/netip"
	"regexp"
	"strings"
)

// The kinds of personal data.
const (
	Email   Kind = "email"
	Phone   Kind = "phone"
	Card    Kind = "card"    // a payment card's number
	Address Kind = "address" // an Internet address that is not one of a private network
)

// personal finds what may be personal data in texts that show a sign of it; a match
// counts when its check holds.
var personal = []struct {
	kind  Kind
	sign  func(signs, string) bool
	find  func() *regexp.Regexp
	check func(string) bool
}{
	{Email, func(f signs, _ string) bool { return f.at }, lazily(`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`), func(string) bool { return true }},
	{Phone, func(f signs, _ string) bool { return f.plus }, lazily(`\+\d(?:[ ().-]{0,2}\d){7,14}\b`), func(string) bool { return true }},
	{Card, signs.card, lazily(`\b\d(?:[ -]?\d){12,18}\b`), luhn},
	{Address, func(f signs, _ string) bool { return f.dots }, lazily(`\b\d{1,3}(?:\.\d{1,3}){3}\b`), public},
	{Address, func(f signs, _ string) bool { return f.colons }, lazily(`(?i)\b[0-9a-f]{1,4}:[0-9a-f:]{2,}[0-9a-f]\b`), public},
}

// Personal returns the spans of s that look like personal data: addresses of
// mail, telephone numbers with their country's code, numbers of payment cards,
// and Internet addresses outside private networks. Names are not among them,
// since nothing in their form tells them.
func (r *Redactor) Personal(s string) []Span { return data(s, signsOf(s)) }

// data returns the spans of a text that look like personal data.
func data(s string, f signs) []Span {
	var spans []Span
	for _, p := range personal {
		if !p.sign(f, s) {
			continue
		}
		for _, m := range p.find().FindAllStringIndex(s, -1) {
			if p.check(s[m[0]:m[1]]) {
				spans = append(spans, Span{m[0], m[1], p.kind})
			}
		}
	}
	return merge(spans)
}

// luhn reports whether the digits of s have the check digit of a card's number,
// and begin as one does.
func luhn(s string) bool {
	sum, n := 0, 0
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		d := int(s[i] - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, n = sum+d, n+1
	}
	return sum%10 == 0 && strings.ContainsRune("3456", rune(s[0]))
}

func public(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.IsGlobalUnicast() && !a.IsPrivate()
}
