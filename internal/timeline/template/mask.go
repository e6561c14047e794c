package template

import (
	"bytes"
	"unicode/utf8"
)

// Bytes of a shape that stand for something. Control characters of a message
// become blanks, so they cannot be anything else.
const (
	variable = 0x01 // a part that varies
	list     = 0x02 // a list of parts that vary
	absorbed = 0x03 // a unit that varies, and belongs to the variable before it
	class    = 0x10 // plus the first digit of an HTTP status: begins the shape of a request
)

// maxShaped is how many bytes of a message are looked at. What follows is
// taken to vary.
const maxShaped = 1024

// maxList is how many variables in a row are kept apart. More are a list, which
// differs in length from line to line.
const maxList = 4

// Classes of bytes. A run is a stretch of bytes without blanks, brackets,
// quotes and separators; only runs with a digit or a mark can hold a variable.
const (
	letter = 1 << iota // letters and every byte of a multi-byte character
	digit
	under // _ ~
	dot
	dash
	joint // other punctuation inside a run
	mark  // / \ @
	blank
)

const (
	word = letter | digit | under
	run  = word | dot | dash | joint | mark

	quiet = run &^ (digit | mark)
)

// classes holds the class of every byte; 0 for those that stand alone.
var classes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c <= ' ' || c == 0x7f:
			t[c] = blank
		case c >= 0x80 || c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = letter
		case c >= '0' && c <= '9':
			t[c] = digit
		}
	}
	for class, set := range map[uint8]string{under: "_~", dot: ".", dash: "-", joint: ":+#$%*&!?^", mark: `/\@`} {
		for _, c := range []byte(set) {
			t[c] = class
		}
	}
	return t
}()

// masker writes the shape of a message: its words, with every variable part
// replaced by one byte and blanks folded. It is used again for each message,
// so that nothing is allocated per line.
type masker struct {
	buf   [maxShaped + 16]byte
	n     int
	route bool // the message is about a request: keep the words of its path

	values [maxHoles]value // of the message, the first of them
	held   int             // how many there are
	// loose says that how the message was masked depends on more than a
	// [stencil] takes into account.
	loose bool
}

// value is a part of a message that [masker.value] has written.
type value struct {
	from, to int
	after    byte // what was written before it; 0 for nothing
}

// shape returns the shape of a message; it is valid until the next call. status
// is the HTTP status of a record about a request, else 0.
func (m *masker) shape(msg []byte, status int) []byte {
	m.n, m.held, m.loose = 0, 0, false
	m.route = status >= 100 && status < 600
	if m.route {
		m.put(class + byte(status/100))
		m.put(' ')
		msg = withoutStatus(msg, status)
	}
	return m.text(msg)
}

// withoutStatus cuts the status off the end of a request.
func withoutStatus(msg []byte, status int) []byte {
	n := len(msg)
	if n < 4 || msg[n-4] != ' ' || msg[n-3] != byte('0'+status/100) || msg[n-2] != byte('0'+status/10%10) || msg[n-1] != byte('0'+status%10) {
		return msg
	}
	return msg[:n-4]
}

// text writes the shape of msg behind what is there. Stretches without values
// are copied as they are.
func (m *masker) text(msg []byte) []byte {
	msg, cut := clip(msg)
	from, start := 0, 0 // what is not copied yet, and the run under way
	for i := 0; ; {
		for i < len(msg) && classes[msg[i]]&quiet != 0 {
			i++
		}
		if i == len(msg) {
			break
		}
		k := classes[msg[i]]
		switch {
		case k&(digit|mark) != 0:
			m.literal(msg[from:start])
			i = m.hold(msg, start)
			from = i
		case telling(msg[start:i]) && m.keyword(msg, from, start, &i):
			from = i
		case k == blank && (msg[i] != ' ' || i == from || msg[i-1] == ' '):
			m.literal(msg[from:i])
			m.blank()
			i++
			from = i
		case msg[i] == '<' || msg[i] == '(':
			m.literal(msg[from:i])
			i = m.bracket(msg, i)
			from = i
		default:
			i++
		}
		start = i
	}
	if i := len(msg); telling(msg[start:]) && m.keyword(msg, from, start, &i) {
		from = i
	}
	m.literal(msg[from:])
	if m.n > 0 && m.buf[m.n-1] == ' ' {
		m.n--
	}
	if cut {
		m.blank()
		m.variable()
	}
	return m.buf[:m.n]
}

// hold is [masker.value] for a value that a stencil may have a hole for.
func (m *masker) hold(msg []byte, i int) int {
	v := value{from: i}
	if m.n > 0 {
		v.after = m.buf[m.n-1]
	}
	v.to = m.value(msg, i)
	if m.held < len(m.values) {
		m.values[m.held] = v
	}
	m.held++
	return v.to
}

// clip returns the part of a message that is looked at.
func clip(msg []byte) (part []byte, cut bool) {
	if len(msg) <= maxShaped {
		return msg, false
	}
	if i := bytes.LastIndexByte(msg[:maxShaped], ' '); i > maxShaped/2 {
		return msg[:i], true
	}
	return msg[:whole(msg, maxShaped)], true
}

// whole returns the highest index up to n that does not cut a character.
func whole(b []byte, n int) int {
	if n >= len(b) {
		return len(b)
	}
	for k := n; k > n-utf8.UTFMax && k > 0; k-- {
		if utf8.RuneStart(b[k]) {
			return k
		}
	}
	return n
}

// telling reports whether a run of letters may be a keyword: a constant or the
// beginning of a date, by its last letters.
func telling(w []byte) bool {
	n := len(w)
	if n < 3 {
		return false
	}
	switch before := w[n-2] | 0x20; w[n-1] | 0x20 {
	case 'e':
		if before == 'u' || before == 's' || before == 'n' {
			return true
		}
	case 'l':
		if before == 'l' || before == 'i' || before == 'u' {
			return true
		}
	}
	return w[n-3] < 'a' && (n == 3 || w[n-4] == ':')
}

// keyword writes the run msg[start:*i] if it is a constant or begins a date,
// behind msg[from:start], which is not copied yet. It sets i to the index after
// what it used up.
func (m *masker) keyword(msg []byte, from, start int, i *int) bool {
	m.loose = m.loose || calendar(msg[*i-3:*i])
	if j := datePhrase(msg, *i-3); j > 0 {
		m.literal(msg[from : *i-3])
		m.variable()
		*i = j
		return true
	}
	k := constant(msg[start:*i])
	m.loose = m.loose || k > 0 && msg[*i-k]|0x20 == 'n'
	if k > 0 && !prose(msg, *i-k) {
		m.literal(msg[from : *i-k])
		m.variable()
		return true
	}
	return false
}

func (m *masker) blank() {
	if m.n > 0 && m.buf[m.n-1] != ' ' {
		m.put(' ')
	}
}

func (m *masker) put(c byte) {
	m.buf[m.n] = c
	m.n++
}

func (m *masker) literal(w []byte) { m.n += copy(m.buf[m.n:], w) }

// variable writes a variable, unless it only goes on with the one before:
// "10.0.0.1:80" is one, as is "2024-05-01".
func (m *masker) variable() {
	n := m.n
	if n == 0 {
		m.put(variable)
		return
	}
	switch c := m.buf[n-1]; {
	case c <= list:
		return
	case c == ' ':
		m.listed(n)
		return
	case n > 1 && m.buf[n-2] == variable && m.joins(c):
		m.n--
		return
	case n > 2 && m.buf[n-3] == variable && m.buf[n-2] == c && m.joins(c):
		m.n -= 2
		return
	}
	m.put(variable)
}

// joins reports whether c between two variables makes them one. A slash in the
// path of a request does not.
func (m *masker) joins(c byte) bool {
	switch c {
	case '.', ':', '-', ',', '+', '~', '@', '#', '_':
		return true
	case '/':
		return !m.route
	}
	return false
}

// listed writes a variable after a blank; it may be one more of a list with
// blanks or commas between its members.
func (m *masker) listed(n int) {
	end := n - 1
	if end > 0 && m.buf[end-1] == ',' {
		end--
	}
	if end > 0 && m.buf[end-1] == list {
		m.n = end
		return
	}
	m.put(variable)
	step := n - end + 1
	at := n - maxList*step
	if at < 0 {
		return
	}
	for i := at; i < n; i += step {
		if m.buf[i] != variable || m.buf[i+1] != m.buf[end] || m.buf[i+step-1] != ' ' {
			return
		}
	}
	m.n = at
	m.put(list)
}
