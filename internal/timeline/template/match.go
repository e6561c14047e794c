package template

// matcher is a pattern to hold shapes against that were not counted.
type matcher struct {
	pattern
	text     string
	template int
}

// match returns the template of the pattern that fits a shape with the fewest
// variables; -1 when none fits.
func match(ms []matcher, shape string) int {
	best, most := -1, -1
	for _, s := range []string{shape, fold(shape)} {
		cs := chunks(s)
		for _, m := range ms {
			if n := m.fits(cs); n > most {
				best, most = m.template, n
			}
		}
	}
	return best
}

// fits returns the number of literal bytes in a pattern that fits; -1 when it
// does not. At least one of its chunks must be literal.
func (m matcher) fits(cs []string) int {
	if m.open && len(cs) > len(m.chunks) {
		cs = cs[:len(m.chunks)]
	}
	if len(m.chunks) != len(cs) {
		return -1
	}
	n, literal := 0, false
	for i, c := range m.chunks {
		if !glob(c, cs[i]) {
			return -1
		}
		n += len(c)
		literal = literal || c == cs[i]
	}
	if !literal {
		return -1
	}
	return n
}

// glob reports whether c fits a chunk in which variables stand for anything.
func glob(pattern, c string) bool {
	i, k := 0, 0
	star, from := -1, 0 // the last variable, and up to where it has been tried
	for k < len(c) {
		switch {
		case i < len(pattern) && pattern[i] <= absorbed:
			star, from = i, k
			i++
		case i < len(pattern) && pattern[i] == c[k]:
			i++
			k++
		case star >= 0:
			from++
			i, k = star+1, from
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] <= absorbed {
		i++
	}
	return i == len(pattern)
}
