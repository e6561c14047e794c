package redact

import (
	"slices"
	"strings"
)

// signs are what a text must hold of that something can be found in it. Nearly all
// texts hold none of it, and to look for it once, byte by byte, costs a small part
// of trying the expressions.
type signs struct {
	any bool // it holds letters that are those of ASCII in another case: all may be found

	pem, scheme, header, bearer, named, flag, pass, passed, user, option, password, token, device bool // of secrets
	long                                                                                          bool // a run of letters as long as a random word
	at, plus, dots, colons                                                                        bool // of personal data
	digits                                                                                        int
}

// The least that is long enough, in bytes.
const (
	pemLength    = 10 // "-----BEGIN"
	tokenLength  = 14 // a token that is known by its prefix
	randomLength = 20
	cardLength   = 13
	dotsLength   = 7 // "1.2.3.4"
)

// nameByte tells the bytes that the names of secrets, and tokens, are made of.
var nameByte = func() (t [256]bool) {
	for c := range t {
		t[c] = wordByte(byte(c)) || c == '.'
	}
	return t
}()

// signsOf looks at a text.
func signsOf(s string) signs {
	var f signs
	for i := 0; i < len(s); i++ {
		if !nameByte[s[i]] {
			f.mark(s, i)
			continue
		}
		start := i
		for ; i < len(s) && nameByte[s[i]]; i++ {
			if s[i]-'0' < 10 {
				f.digits++
			}
		}
		f.run(s, start, i)
		i--
	}
	return f
}

// run looks at a run of bytes of names that ends where other bytes begin.
func (f *signs) run(s string, start, end int) {
	run := s[start:end]
	f.bearer = f.bearer || end-start >= len("bearer") && strings.EqualFold(run[len(run)-len("bearer"):], "bearer")
	if run[0] == '-' && (start == 0 || space(s[start-1])) {
		f.flag = f.flag || holds(run, secretWords)
		f.pass = f.pass || holds(run, passWords)
		f.option = true
		f.user = f.user || run == "-u" || run == "--user"
		f.password = f.password || strings.HasPrefix(run, "-p")
	}
	switch run {
	case "password", "secret", "key", "key-string", "community":
		f.device = true
	}
	if end-start < dotsLength {
		return
	}
	f.dots = f.dots || strings.Count(run, ".") >= 3
	f.pem = f.pem || end-start >= pemLength && strings.Contains(run, "-----")
	f.token = f.token || end-start >= tokenLength && (holds(run, prefixes) || holds(run, infixes))
	f.long = f.long || end-start >= randomLength
}

// mark looks at one of the other bytes.
func (f *signs) mark(s string, i int) {
	switch s[i] {
	case '@':
		f.at = true
	case '+':
		f.plus = f.plus || i+1 < len(s) && s[i+1]-'0' < 10
	case ':':
		f.scheme = f.scheme || strings.HasPrefix(s[i:], "://")
		f.colons = f.colons || i > 0 && hexByte(s[i-1]) && strings.TrimLeft(s[i:min(i+4, len(s))], hexBytes) == "" && i+4 <= len(s)
		f.value(s, i)
	case '=':
		f.value(s, i)
	case "ſ"[0], "\u212a"[0]: // the Kelvin sign and the long s, the only ones that there are
		f.any = f.any || strings.HasPrefix(s[i:], "ſ") || strings.HasPrefix(s[i:], "\u212a")
	}
}

// value looks at the name before the sign after which a value stands.
func (f *signs) value(s string, at int) {
	for at > 0 && space(s[at-1]) {
		at--
	}
	if at > 0 && (s[at-1] == '"' || s[at-1] == '\'') {
		at--
	}
	start := at
	for start > 0 && nameByte[s[start-1]] {
		start--
	}
	f.named = f.named || holds(s[start:at], secretWords)
	f.passed = f.passed || holds(s[start:at], passWords)
	f.header = f.header || holds(s[start:at], headers)
}

const hexBytes = "0123456789abcdefABCDEF:"

func hexByte(c byte) bool { return c != ':' && strings.IndexByte(hexBytes, c) >= 0 }

func space(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' && c != '\v' }

// holds reports whether a name holds one of some words, in lower case.
func holds(name string, words []string) bool {
	if name == "" {
		return false
	}
	name = strings.ToLower(name)
	for _, w := range words {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// card reports whether so many digits stand in a row, with one blank or dash at most
// between two, as on a card.
func (f signs) card(s string) bool {
	if f.digits < cardLength {
		return false
	}
	n, gap := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c-'0' < 10:
			if n, gap = n+1, false; n == cardLength {
				return true
			}
		case (c == ' ' || c == '-') && !gap:
			gap = true
		default:
			n, gap = 0, false
		}
	}
	return false
}

// program reports whether the text may call a program that takes a password in an
// option whose name does not say so.
func (f signs) program(s string) bool {
	return f.option && slices.ContainsFunc(programs, func(name string) bool { return strings.Contains(s, name) })
}

// mysql reports whether a password may follow the name of a program.
func (f signs) mysql(s string) bool {
	return f.password && (strings.Contains(s, "mysql") || strings.Contains(s, "mariadb"))
}
