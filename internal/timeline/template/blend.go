package template

import "strings"

// blend returns the chunks of two patterns with a variable where they differ.
func blend(a, b []string) []string {
	out := make([]string, len(a))
	for i := range a {
		switch {
		case a[i] == b[i]:
			out[i] = a[i]
		case i > 0 && units(out[i-1], a[i], b[i]):
			f, _ := split(a[i])
			out[i] = f.around(string(rune(absorbed)))
		default:
			out[i] = common(a[i], b[i])
		}
	}
	return out
}

// units reports whether a and b are units behind a number.
func units(before, a, b string) bool {
	_, v := split(a)
	_, w := split(b)
	return quantified(before, v) && quantified(before, w)
}

// quantified reports whether v is a unit and the chunk before it a number.
func quantified(before, v string) bool {
	return strings.HasSuffix(before, all+" ") && (unit(v) || v == string(rune(absorbed)))
}

// common returns what two chunks have in common, cut between words, with a
// variable for the rest.
func common(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (inWord(a, n) || inWord(b, n)) {
		n--
	}
	k := 0
	for k < len(a)-n && k < len(b)-n && a[len(a)-1-k] == b[len(b)-1-k] {
		k++
	}
	for k > 0 && (inWord(a, len(a)-k) || inWord(b, len(b)-k)) {
		k--
	}
	return tidy(a[:n] + all + a[len(a)-k:])
}

// inWord reports whether cutting s at i would cut a word.
func inWord(s string, i int) bool {
	return i > 0 && i < len(s) && classes[s[i-1]]&word != 0 && classes[s[i]]&word != 0
}

// tidy makes one variable of those that only go on with each other.
func tidy(s string) string {
	var m masker
	for i := range min(len(s), len(m.buf)) {
		if s[i] == variable {
			m.variable()
		} else {
			m.put(s[i])
		}
	}
	return string(m.buf[:m.n])
}

// render returns the text of a pattern for people, and the status class of
// requests.
func render(cs []string) (text string, status int) {
	if request(cs) {
		status = int(cs[0][0]-class) * 100
		cs = cs[1:]
	}
	text = strings.NewReplacer(
		all+" "+string(rune(absorbed)), "<*>",
		all, "<*>", string(rune(list)), "<*>", string(rune(absorbed)), "",
	).Replace(tidy(strings.Join(cs, "")))
	if status > 0 {
		text = strings.TrimSpace(text + " " + string(rune('0'+status/100)) + "xx")
	}
	return text, status
}
