package dialogact

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// token is a word, a number with what belongs to it, an emoji, or a mark that
// tells one sentence from another.
var token = lazyregexp.New(`:[a-z_+\-0-9]*[a-z_][a-z_+\-0-9]*:|https?://\S+|[\p{L}][\p{L}'’]*(?:[_\-./:@#][\p{L}\d]+)*|\d[\d.,:]*(?:%|[\p{L}]+)?|[?!→]|\.\.\.|->`)

var (
	clock  = lazyregexp.New(`^\d{1,2}[:.h]\d\d(?:[:.]\d\d)?z?$`)
	digits = lazyregexp.New(`^\d`)
	coded  = lazyregexp.New("`[^`]*`")
)

// words returns the words of a text in lower case, with figures, clocks, names
// and what is quoted from a machine each as one sort of word.
func words(text string) []string {
	text = coded.ReplaceAllString(text, " CODE ")
	text = strings.NewReplacer("’", "'", "n't", " not", "N'T", " not").Replace(text)
	var out []string
	for _, w := range token.FindAllString(text, -1) {
		l := strings.ToLower(w)
		switch {
		case strings.HasPrefix(l, "http"):
			out = append(out, "<link>")
		case w == "CODE":
			out = append(out, "<code>")
		case clock.MatchString(l):
			out = append(out, "<clock>")
		case digits.MatchString(l):
			out = append(out, figure(l))
		case strings.ContainsAny(l, "_/.@#:") && !strings.HasPrefix(l, ":") || strings.Count(l, "-") > 1:
			out = append(out, "<name>")
		case len(w) > 2 && w == strings.ToUpper(w) && w != l:
			out = append(out, "<caps>", l)
		default:
			out = append(out, strings.Trim(l, "'"))
		}
	}
	return out
}

// figure returns the sort of a number.
func figure(l string) string {
	switch {
	case strings.HasSuffix(l, "%"):
		return "<percent>"
	case strings.Count(l, ".") > 1:
		return "<version>"
	case len(l) == 3 && (l[0] == '4' || l[0] == '5') && (l[1] == '0' || l[1] == '2' || l[1] == 'x'):
		return "<status>"
	}
	return "<figure>"
}

// denies are the words that turn what follows into its opposite, for scope words.
var denies = map[string]bool{"not": true, "no": true, "nobody": true, "none": true, "never": true, "nothing": true, "cannot": true, "without": true, "nor": true, "neither": true, "nowhere": true, "kein": true, "keine": true, "nicht": true}

const scope = 4

// Features returns what the model can know of a text of which the grammar's reading
// and the gist are known, each once, in order.
func Features(text string, r speech.Reading, g gist.Gist) []string {
	ws := words(text)
	var out []string
	add := func(f string) { out = append(out, f) }
	prev, denied := "^", 0
	for i, w := range ws {
		if denied > 0 {
			denied--
			add("¬" + w)
		}
		if denies[w] {
			denied = scope
		}
		add(w)
		add(prev + " " + w)
		if i < 2 {
			add("^" + w)
		}
		if s := stem(w); s != w {
			add("~" + s)
		}
		prev = w
	}
	add(prev + " $")
	out = append(out, length(len(ws)))
	out = append(out, built(g)...)
	out = append(out, reads(r)...)
	slices.Sort(out)
	return slices.Compact(out)
}

// length returns about how many words a text has.
func length(n int) string {
	for _, most := range []int{2, 4, 8, 16} {
		if n <= most {
			return "words:" + strconv.Itoa(most)
		}
	}
	return "words:more"
}

// built returns what the build of the sentences says.
func built(g gist.Gist) (out []string) {
	for _, s := range []struct {
		name  string
		value float64
	}{
		{"asks", g.Asks}, {"guesses", g.Guesses}, {"plans", g.Plans}, {"did", g.Did}, {"told", g.Told}, {"takes", g.Takes}, {"bad", g.Bad}, {"nots", g.Nots},
		{"good", g.Good}, {"ends", g.Ends}, {"denies", g.Denies}, {"finds", g.Finds}, {"idle", g.Idle},
	} {
		if s.value >= 0.4 {
			out = append(out, "gist:"+s.name)
		}
		if s.value >= 1 {
			out = append(out, "gist:"+s.name+"+")
		}
	}
	return out
}

// reads returns what the grammar says.
func reads(r speech.Reading) []string {
	out := []string{"act:" + string(r.Act)}
	if r.Failing {
		out = append(out, "failing")
	}
	if r.Improve {
		out = append(out, "improve")
	}
	if r.Facts > 0 {
		out = append(out, "facts")
	}
	return out
}

// stem cuts the ending of a verb or a plural off.
func stem(w string) string {
	for _, end := range []string{"ing", "ed", "es", "s", "e"} {
		if s, ok := strings.CutSuffix(w, end); ok && len(s) > 2 {
			return s
		}
	}
	return w
}
