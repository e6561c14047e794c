package template

import "bytes"

// locator writes a URL, a path or an e-mail address in the run msg[i:end],
// alone or after a prefix like "file:". It returns the index after it, which
// may lie beyond the run; 0 when there is none.
func (m *masker) locator(msg []byte, i, end int) int {
	w := msg[i:end]
	if m.route && w[0] == '/' {
		return m.path(msg, i, end)
	}
	at := -1
	if k := bytes.Index(w, []byte("://")); k > 0 {
		at = k
		for at > 0 && (classes[w[at-1]]&word != 0 || w[at-1] == '.' || w[at-1] == '+' || w[at-1] == '-') {
			at--
		}
	} else if !m.route {
		at = pathStart(w)
	}
	switch {
	case at >= 0:
		if at > 0 {
			m.words(w[:at], dot|dash)
		}
		m.variable()
		return pathEnd(msg, i+at)
	case address(w):
		m.variable()
		return end
	}
	return 0
}

// path writes the path of a request without its query, with a variable for each
// segment that varies.
func (m *masker) path(msg []byte, i, end int) int {
	w, _, query := bytes.Cut(msg[i:end], []byte{'?'})
	for segment := range bytes.SplitSeq(w[1:], []byte{'/'}) {
		m.put('/')
		if hexadecimal(segment) {
			m.variable()
		} else {
			m.words(segment, dot|dash|joint)
		}
	}
	if query {
		return pathEnd(msg, i+len(w))
	}
	return end
}

// address reports whether w is an e-mail address or a user at a host.
func address(w []byte) bool {
	i := bytes.IndexByte(w, '@')
	return i > 0 && i+1 < len(w) && classes[w[i-1]]&word != 0 && classes[w[i+1]]&letter != 0 &&
		bytes.IndexByte(w[i:], '.') > 0 && bytes.IndexByte(w, '/') < 0
}

// pathStart returns where in w a path begins; -1 when there is none. Words
// with a few slashes between them, like "and/or", are none.
func pathStart(w []byte) int {
	slashes := 0
	for i := 0; i+1 < len(w); i++ {
		c := w[i]
		if c != '/' && c != '\\' {
			continue
		}
		slashes++
		inside := i > 0 && classes[w[i-1]]&word != 0
		next := w[i+1]
		switch {
		case i == 2 && w[1] == ':' && !inside:
			return 0 // C:\ or C:/
		case inside:
		case c == '/' && (classes[next]&word != 0 || next == '.' || next == '/'):
			return i
		case c == '\\' && bytes.IndexByte(w[i+1:], '\\') >= 0:
			return i
		}
	}
	if slashes >= 3 || slashes > 0 && extension(w) {
		return max(0, bytes.LastIndexByte(w[:bytes.IndexAny(w, `/\`)], ':')+1)
	}
	return -1
}

// extension reports whether w ends like the name of a file.
func extension(w []byte) bool {
	i := bytes.LastIndexByte(w, '.')
	if i < 1 || len(w)-i < 2 || len(w)-i > 6 || bytes.ContainsAny(w[i:], `/\`) {
		return false
	}
	return classes[w[i+1]] == letter && classes[w[i-1]]&word != 0
}

// pathEnd returns where the path or URL that begins at i ends; it has one byte
// at least.
func pathEnd(msg []byte, i int) int {
	depth, query := 0, msg[i] == '?'
	j := i + 1
	for ; j < len(msg); j++ {
		switch c := msg[j]; c {
		case '"', '\'', '<', '>', '|', '`':
			return j
		case '[', '(', '{':
			if depth == 0 && msg[j-1] != '/' {
				return clause(msg, j)
			}
			depth++
			query = true
		case ']', ')', '}':
			if depth == 0 {
				return clause(msg, j)
			}
			depth--
		case ',', ';':
			if depth == 0 && !query || j+1 == len(msg) || classes[msg[j+1]] == blank {
				return clause(msg, j)
			}
		case '=':
			if !query {
				return j
			}
		case '?':
			query = true
		default:
			if classes[c] == blank {
				return clause(msg, j)
			}
		}
	}
	return clause(msg, j)
}

// clause returns j, or the index before it when a colon ends what is before j.
func clause(msg []byte, j int) int {
	if msg[j-1] == ':' {
		return j - 1
	}
	return j
}
