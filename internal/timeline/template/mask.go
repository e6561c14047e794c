package template

import "bytes"

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
	for class, set := range map[uint8]string{under: "_~", dot: ".", dash: "-", joint: ":+#$%*&!?^`", mark: `/\@`} {
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
}

// shape returns the shape of a message; it is valid until the next call. status
// is the HTTP status of a record about a request, else 0.
func (m *masker) shape(msg []byte, status int) []byte {
	m.n, m.route = 0, status >= 100 && status < 600
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

// text writes the shape of msg behind what is there.
func (m *masker) text(msg []byte) []byte {
	cut := len(msg) > maxShaped
	if cut {
		msg = msg[:maxShaped]
		if i := bytes.LastIndexByte(msg, ' '); i > maxShaped/2 {
			msg = msg[:i]
		}
	}
	for i := 0; i < len(msg); {
		c := msg[i]
		switch k := classes[c]; {
		case k == blank:
			i++
			m.blank()
		case k == 0:
			i = m.single(msg, i)
		default:
			i = m.run(msg, i)
		}
	}
	if m.n > 0 && m.buf[m.n-1] == ' ' {
		m.n--
	}
	if cut {
		m.blank()
		m.variable()
	}
	return m.buf[:m.n]
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

// run reads the run that begins at i and returns the index after it.
func (m *masker) run(msg []byte, i int) int {
	start, n, seen := i, m.n, uint8(0)
	for i < len(msg) {
		c := msg[i]
		k := classes[c]
		if k&run == 0 {
			break
		}
		seen |= k
		m.buf[n] = c
		n++
		i++
	}
	if seen&(digit|mark) != 0 {
		return m.value(msg, start, i, seen)
	}
	if i-start == 3 {
		if j := datePhrase(msg, start); j > 0 {
			m.variable()
			return j
		}
	}
	if last := msg[i-1] | 0x20; last == 'e' || last == 'l' {
		if k := constant(msg[start:i]); k > 0 {
			m.n = n - k
			m.variable()
			return i
		}
	}
	m.n = n
	return i
}

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
	case n > 1 && m.buf[n-2] == variable && joins(c):
		m.n--
		return
	}
	m.put(variable)
}

func joins(c byte) bool {
	switch c {
	case '.', ':', '-', '/', ',', '+', '~', '@', '#', '_':
		return true
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
