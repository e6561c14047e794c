package template

import (
	"cmp"
	"slices"
	"strings"
)

// pattern is a template in the making: the chunks of the shapes put together so
// far, with a variable where they differ.
type pattern struct {
	chunks []string
	shapes []int // indices of the shapes it stands for, ascending
	open   bool  // anything may follow the chunks
}

// group puts together the shapes that differ in parts that vary. shapes must be
// in ascending order, totals are the numbers of their records; the result
// depends on nothing else.
func group(shapes []string, totals []int) []pattern {
	ps := settle(numbered(lists(shapes)))
	ps = settle(loosen(ps, masked, 3))
	ps = settle(loosen(ps, named, 5))
	return gather(ps, totals)
}

// gather joins patterns that have their beginning in common when there are so
// many of them, and so few records of each, that what follows is free text.
func gather(ps []pattern, totals []int) []pattern {
	const many, rare = 200, 3
	byHead := map[string][]int32{}
	for i, p := range ps {
		if k := strings.Join(head(p.chunks), ""); len(p.chunks) > len(head(p.chunks)) && wordy(k) {
			byHead[k] = append(byHead[k], int32(i))
		}
	}
	s := newSets(len(ps))
	for _, same := range byHead {
		records := 0
		for _, i := range same {
			for _, k := range ps[i].shapes {
				records += totals[k]
			}
		}
		if len(same) > many && records < rare*len(same) {
			s.uniteAll(same)
			for _, i := range same {
				ps[i].chunks = append(slices.Clip(head(ps[i].chunks)), all)
				ps[i].open = true
			}
		}
	}
	return s.join(ps)
}

// numbered joins patterns that differ in the digits of names alone, like "eth0"
// and "eth3": three of them, or two that differ in several digits. Two that
// differ in one may be kinds, like "IPv4" and "IPv6".
func numbered(ps []pattern) []pattern {
	byKey := map[string][]int32{}
	for i, p := range ps {
		k := numberless(strings.Join(p.chunks, ""))
		byKey[k] = append(byKey[k], int32(i))
	}
	s := newSets(len(ps))
	for _, same := range byKey {
		if n := len(same); n > 2 || n == 2 && differences(ps[same[0]], ps[same[1]]) > 1 {
			s.uniteAll(same)
		}
	}
	return s.join(ps)
}

// numberless makes one digit of each row of digits.
func numberless(s string) string {
	out := make([]byte, 0, len(s))
	for i := range len(s) {
		if classes[s[i]] != digit {
			out = append(out, s[i])
		} else if i == 0 || classes[s[i-1]] != digit {
			out = append(out, '0')
		}
	}
	return string(out)
}

// differences returns in how many digits two patterns differ that are the same
// but for their digits; more than one when they differ in the number of digits.
func differences(p, q pattern) int {
	a, b := strings.Join(p.chunks, ""), strings.Join(q.chunks, "")
	if len(a) != len(b) {
		return 2
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// settle joins patterns that differ in one place until no more belong together.
func settle(ps []pattern) []pattern {
	for {
		next := round(ps)
		if len(next) == len(ps) {
			return ps
		}
		ps = next
	}
}

// lists returns a pattern per shape; shapes that differ in nothing but the
// length of their lists share one.
func lists(shapes []string) []pattern {
	var out []pattern
	at := map[string]int{} // by folded shape: index in out plus 1
	for i, s := range shapes {
		f := fold(s)
		k := at[f] - 1
		if k < 0 {
			at[f] = len(out) + 1
			out = append(out, pattern{chunks: chunks(s), shapes: []int{i}})
			continue
		}
		out[k].shapes = append(out[k].shapes, i)
		out[k].chunks = chunks(f)
	}
	return out
}

// fold makes one variable of each list of variables.
func fold(shape string) string {
	out := make([]byte, 0, len(shape))
	for i := 0; i < len(shape); i++ {
		c := shape[i]
		if c == list {
			c = variable
		}
		n := len(out)
		inList := n > 1 && out[n-1] == ' ' && out[n-2] == variable
		switch {
		case inList && unknown(shape[i:]) > 0:
			i += unknown(shape[i:]) - 1
			continue
		case inList && c == variable:
			out = out[:n-2]
		case c == variable && n > 2 && out[n-1] == ' ' && out[n-2] == ',' && out[n-3] == variable:
			out = out[:n-3]
		}
		out = append(out, c)
	}
	return string(out)
}

// unknown returns the length of the asterisks or question marks at the beginning
// of s, with the blank behind, that stand for a value that is not known.
func unknown(s string) int {
	rest := strings.TrimLeft(s, "*?")
	if n := len(s) - len(rest); n > 0 && rest != "" && rest[0] == ' ' {
		return n + 1
	}
	return 0
}

// place is one chunk of a pattern; all patterns with the same key agree in
// everything else.
type place struct {
	key     uint64
	pattern int32
	at      int32
}

// round finds all families of patterns that differ in one place, decides for
// each which of its members belong together, and joins those.
func round(ps []pattern) []pattern {
	all := places(ps)
	s := newSets(len(ps))
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].key == all[i].key && all[j].at == all[i].at {
			j++
		}
		if j > i+1 {
			family(ps, all[i:j], s)
		}
		i = j
	}
	return s.join(ps)
}

func places(ps []pattern) []place {
	var out []place
	var hashes []uint64
	for i, p := range ps {
		sum := uint64(len(p.chunks)) * 0x9e3779b97f4a7c15
		hashes = hashes[:0]
		for k, c := range p.chunks {
			h := mix(digest(c) + uint64(k))
			hashes = append(hashes, h)
			sum += h
		}
		for k, h := range hashes {
			out = append(out, place{sum - h, int32(i), int32(k)})
		}
	}
	slices.SortFunc(out, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at), cmp.Compare(a.pattern, b.pattern))
	})
	return out
}

// loosen joins patterns that differ in several places, in each of them in a
// value of the given kind at least, when there are enough of them.
func loosen(ps []pattern, least kind, enough int) []pattern {
	byKey := map[string][]int32{}
	for i, p := range ps {
		if k, words := loose(p.chunks, least); words > 1 {
			byKey[k] = append(byKey[k], int32(i))
		}
	}
	s := newSets(len(ps))
	for _, same := range byKey {
		if len(same) >= enough {
			s.uniteAll(same)
		}
	}
	return s.join(ps)
}

// loose returns the chunks with a variable for each value of the given kind at
// least, but for the first, and the number of words that remain.
func loose(cs []string, least kind) (key string, words int) {
	var b strings.Builder
	for i, c := range cs {
		if i > 0 && !request(cs) {
			if f, v := split(c); kindOf(f, v) >= least {
				c = f.around(prefix(v) + all)
			}
		}
		if wordy(c) {
			words++
		}
		b.WriteString(c)
	}
	return b.String(), words
}

// sets is a union of patterns under way.
type sets []int32

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = int32(i)
	}
	return s
}

func (s sets) find(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// unite puts a and b into one set, which is named after the lower.
func (s sets) unite(a, b int32) {
	a, b = s.find(a), s.find(b)
	s[max(a, b)] = min(a, b)
}

func (s sets) uniteAll(same []int32) {
	for _, i := range same {
		s.unite(same[0], i)
	}
}

// join returns one pattern per set.
func (s sets) join(ps []pattern) []pattern {
	at := make([]int, len(ps))
	var out []pattern
	for i, p := range ps {
		root := int(s.find(int32(i)))
		if root == i {
			at[i] = len(out)
			out = append(out, p)
			continue
		}
		q := &out[at[root]]
		q.shapes = append(slices.Clip(q.shapes), p.shapes...)
		q.chunks = blend(q.chunks, p.chunks)
	}
	for i := range out {
		slices.Sort(out[i].shapes)
	}
	return out
}
