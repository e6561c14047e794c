// Package lexicon compares texts by the words that can identify what they are
// about: codes, names and rare words, and not the words of all failures.
package lexicon

import (
	"math"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	word    = lazyregexp.New(`\p{L}[\p{L}0-9_.\-]*[\p{L}0-9]|\d+(?:\.\d+)*`)
	code    = lazyregexp.New(`^[45]\d\d$`)
	class   = lazyregexp.New(`\b[45][xX][xX]\b`)
	dotted  = lazyregexp.New(`\d+(?:\.\d+)+`)
	version = lazyregexp.New(`^\d+\.\d+\.\d+$`)
	part    = lazyregexp.New(`\p{Lu}+\p{Ll}+|\p{Ll}+|\p{Lu}{2,}`)
)

// The weights of words.
const (
	faint  = 0.2 // a word of many failures
	vague  = 0.3 // a measure or a limit
	plain  = 1.0 // any other word
	strong = 2.0 // a code, a version, a long number
)

// common are words that many failures share, and words that mean little by themselves.
var common = set(`the and for with from that this not are was has have had its our they all one out but into over under than then
	does did done can could will would should been being get got gets only also just very much any some every each both other same here there what when where which who why how about again still already yet may might must shall let see seen say said says look looks make makes need needs want
	error errors fail failed failing failure request requests service services unavailable timeout timeouts timed status response responses http https get post put after before
	rate ratio high low count total seconds second minutes minute per new old first last job jobs server client api app log logs line lines metric value change changed
	increase increased decrease decreased rose fell up down more less level warning critical alert firing since now call calls time times`)

func set(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[Stem(w)] = true
	}
	return out
}

// Tokens returns the words of a text by their stems, with weights: codes,
// versions and long numbers tell most, the words of all failures little. Words for one
// thing are one word, and what is wrong adds a word of its own, such as "~full", however
// it is said.
func Tokens(text string) map[string]float64 {
	out := map[string]float64{}
	for _, w := range class.FindAllString(text, -1) {
		out[strings.ToLower(w)] = strong
	}
	for _, n := range dotted.FindAllString(text, -1) {
		if version.MatchString(n) { // in "v5.8.0" and "gateway-5.8.0" too
			out[n] = strong
		}
	}
	for _, w := range word.FindAllString(text, -1) {
		if w[0] >= '0' && w[0] <= '9' {
			if x := number(w); x > 0 {
				out[w] = x
			}
			continue
		}
		for _, p := range part.FindAllString(w, -1) {
			if p = Stem(strings.ToLower(p)); alike[p] != "" {
				p = alike[p]
			}
			switch {
			case len(p) < 3:
			case common[p]:
				out[p] = faint
			default:
				out[p] = plain
			}
		}
	}
	lower := strings.ToLower(text)
	for _, p := range phrases {
		if slices.ContainsFunc(p.holds, func(s string) bool { return strings.Contains(lower, s) }) && p.re.MatchString(text) {
			out[p.word] = plain
		}
	}
	return out
}

// number weighs a number; one of two digits tells nothing.
func number(w string) float64 {
	switch {
	case code.MatchString(w), version.MatchString(w):
		return strong
	case strings.Contains(w, "."), strings.HasSuffix(w, "000"):
		return vague
	case len(w) > 4:
		return strong
	case len(w) > 2:
		return plain
	}
	return 0
}

// Stem drops the endings that the same word takes in a log and in a sentence:
// of the plural, then of the verb, and spells it as in America. w is in lower case.
func Stem(w string) string {
	w = bare(w)
	if s, ok := strings.CutSuffix(w, "enc"); ok && len(s) > 2 { // licence
		return s + "ens"
	}
	if s, ok := strings.CutSuffix(w, "is"); ok && len(s) > 3 { // authorise
		return s + "iz"
	}
	return w
}

func bare(w string) string {
	if s, ok := strings.CutSuffix(w, "ies"); ok && len(s) > 1 {
		w = s + "y"
	}
	for _, ends := range [][]string{{"s"}, {"ation", "ing", "ed", "ion", "e"}} {
		for _, end := range ends {
			if len(w)-len(end) >= 4 && strings.HasSuffix(w, end) {
				w = strings.TrimSuffix(w, end)
				break
			}
		}
	}
	return w
}

// How much two texts share, see [Overlap], when one states the other, and when it hints
// at it.
const (
	Enough = 1.6
	Hint   = 1.0
)

// Overlap adds up the weights of the words that two texts share.
func Overlap(a, b map[string]float64) float64 {
	sum := 0.0
	for w, x := range a {
		if y, ok := b[w]; ok {
			sum += min(x, y)
		}
	}
	return exact(sum)
}

// exact takes away what sums differ by when their parts, all of one decimal, come in
// another order.
func exact(sum float64) float64 { return math.Round(sum*10) / 10 }

// Total adds up the weights of all words.
func Total(words map[string]float64) float64 {
	sum := 0.0
	for _, x := range words {
		sum += x
	}
	return exact(sum)
}
