package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
)

// kind is what a column of a header holds.
type kind uint8

const (
	word         kind = iota // one word of any kind
	priority                 // <34> or <34>1, RFC 3164 and 5424
	clock                    // the record's time
	pair                     // the first pair of logfmt, which is not passed
	letterClock              // I0315 14:37:00.123456, glog and klog
	level                    // a level, in brackets or not
	sigil                    // the level signs of Redis: . - * #
	throughTime              // all up to and with a second time, n words ahead
	throughLevel             // all up to and with a level, at most n words ahead
	separator                // - -- --- | : and the like
	number                   // a process or thread id
	group                    // [main], (pool-1), nested ones too
	rest                     // what else stands in the bracket of the time
	ids                      // TraceID: x SpanID: y
	origin                   // host and program[pid]: of syslog
	header5424               // host, program, process, message id and data of RFC 5424
	name                     // component: or file.go:23: or name[pid]:
	logger                   // org.example.Component
	field                    // a word up to a bar or tab
	padded                   // a word padded to a column
	until                    // a name up to " - ", " : " or " | "
	labels                   // {app="shop", level="error"}, as logcli puts before a line
	lastLevel                // a word whose last part is a level: 192.0.2.1(5432):app@shop:[12]:ERROR:
	eventType                // 0000003c ThreadMonitor W, as WebSphere has thread, component and level
	audit                    // type=SYSCALL msg=audit(1772690401.123:45):
	report                   // =ERROR REPORT==== 15-Mar-2024::14:37:00 ===
)

// step reads one column.
type step struct {
	kind kind
	n    int    // words that throughTime and throughLevel may pass
	sep  string // of until
	must bool   // a line without this column has another shape
}

// Header is what stands before the message of a line.
type Header struct {
	At       int64 // nanoseconds since the Unix epoch, UTC; record.NoTime when the line has none
	Level    hindcast.Level
	Service  []byte
	Instance []byte
	TraceID  []byte
	SpanID   []byte

	stamp logtime.Stamp
	open  bool // the bracket around the time is still open
}

// read reads the column at b[i:] into h. It returns the offset behind it; ok is
// false when something else stands there.
func (s *step) read(c *logtime.Clock, b []byte, i int, h *Header) (end int, ok bool) {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	if i >= len(b) {
		return i, false
	}
	switch s.kind {
	case word:
		return unitEnd(b, i), true
	case priority:
		return readPriority(b, i, h)
	case clock:
		return readClock(c, b, i, h)
	case letterClock:
		return readLetterClock(c, b, i, h)
	case pair:
		return i, startsWithPair(b)
	case level:
		l, n := loglevel.Column(b[i:])
		if n > 0 && l != hindcast.LevelUnknown {
			h.Level = l
		}
		h.open = h.open && bytes.IndexByte(b[i:i+n], ']') < 0
		return i + n, n > 0
	case sigil:
		return readSigil(b, i, h)
	case throughTime, throughLevel:
		return s.through(c, b, i, h)
	case ids:
		return readIDs(b, i, h)
	case origin:
		return readOrigin(b, i, h)
	case header5424:
		return read5424(b, i, h)
	case name:
		return readName(b, i, h)
	case labels:
		return readLabels(b, i, h)
	case lastLevel:
		return readLastLevel(b, i, h)
	case eventType:
		return readEventType(b, i, h)
	case audit:
		return readAudit(c, b, i, h)
	case report:
		return readReport(c, b, i, h)
	}
	return s.pass(b, i, h)
}

// pass reads the columns that are only passed over.
func (s *step) pass(b []byte, i int, h *Header) (end int, ok bool) {
	n := 0
	switch s.kind {
	case separator:
		n = separatorEnd(b[i:])
	case number:
		n = numberEnd(b[i:])
	case group:
		n = groupEnd(b[i:])
	case rest:
		if h.open {
			n = bytes.IndexByte(b[i:min(len(b), i+120)], ']') + 1
		}
	case logger:
		n, _ = loggerEnd(b[i:])
	case field:
		n = fieldEnd(b[i:])
	case padded:
		n = paddedEnd(b[i:])
	case until:
		n = untilEnd(b[i:], s.sep)
	}
	return i + n, n > 0
}

func digit(c byte) bool { return c-'0' < 10 }

func letter(c byte) bool { return c|0x20-'a' < 26 }

func wordEnd(b []byte, i int) int {
	for i < len(b) && b[i] != ' ' && b[i] != '\t' {
		i++
	}
	return i
}

// unitEnd returns the end of a word, or of a bracketed group that may hold
// blanks.
func unitEnd(b []byte, i int) int {
	if i < len(b) && b[i] == '[' {
		if n := groupEnd(b[i:]); n > 0 && wordEnd(b, i+n) == i+n {
			return i + n
		}
	}
	return wordEnd(b, i)
}

// nextUnit returns the beginning of what follows a unit.
func nextUnit(b []byte, i int) int {
	i = unitEnd(b, i)
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}

func nextWord(b []byte, i int) int {
	i = wordEnd(b, i)
	for i < len(b) && (b[i] == ' ' || b[i] == '\t') {
		i++
	}
	return i
}

// readPriority reads the priority of syslog, which holds the severity.
func readPriority(b []byte, i int, h *Header) (int, bool) {
	if n := numberRun(b[i:]); n > 0 && n < 7 && bytes.HasPrefix(b[i+n:], []byte(" <")) { // length of a record of Logplex
		i += n + 1
	}
	if b[i] != '<' {
		return i, false
	}
	n := numberRun(b[i+1:])
	if end := i + 1 + n; n > 0 && n <= 3 && end < len(b) && b[end] == '>' {
		v := 0
		for _, c := range b[i+1 : end] {
			v = v*10 + int(c-'0')
		}
		h.Level = loglevel.Severity(v & 7)
		if end++; end+1 < len(b) && digit(b[end]) && b[end+1] == ' ' { // version
			end++
		}
		return end, true
	}
	return i, false
}

func numberRun(b []byte) int {
	n := 0
	for n < len(b) && digit(b[n]) {
		n++
	}
	return n
}

// webLogic begins the lines of WebLogic, before the time.
var webLogic = []byte("####<")

// readClock reads a time, with brackets or quotes and what follows them.
func readClock(c *logtime.Clock, b []byte, i int, h *Header) (int, bool) {
	opened := 0
	for i < len(b) && opened < 2 && (b[i] == '[' || b[i] == '(' || b[i] == '"' || b[i] == '\'' || b[i] == '<' || b[i] == '{') {
		i, opened = i+1, opened+1
	}
	if i+1 < len(b) && b[i] == '*' && letter(b[i+1]) { // of a device whose clock is not set by another
		i++
	}
	s, ok := c.Read(b[i:])
	if !ok && bytes.HasPrefix(b[i:], webLogic) {
		i, opened = i+len(webLogic), 1
		s, ok = c.Read(b[i:])
	}
	if !ok {
		return i, false
	}
	if i += s.N; i < len(b) && (letter(b[i]) || b[i] == '/' || b[i] == '=') {
		return i, false
	}
	h.At, h.stamp = s.At, s
	for opened > 0 && i < len(b) && (b[i] == ']' || b[i] == ')' || b[i] == '"' || b[i] == '\'' || b[i] == '>' || b[i] == '}') {
		i, opened = i+1, opened-1
	}
	h.open = opened > 0
	for i < len(b) && (b[i] == ':' || b[i] == ',' || b[i] == ';') {
		i++
	}
	return i, true
}

// readLetterClock reads the level letter and time of glog.
func readLetterClock(c *logtime.Clock, b []byte, i int, h *Header) (int, bool) {
	if i+14 > len(b) || !digit(b[i+1]) || !digit(b[i+4]) {
		return i, false
	}
	l, ok := loglevel.Parse(b[i : i+1])
	if !ok {
		return i, false
	}
	s, ok := c.Read(b[i+1:])
	if !ok || s.Epoch || s.Month == 0 {
		return i, false
	}
	h.At, h.stamp, h.Level = s.At, s, l
	return i + 1 + s.N, true
}

// readSigil reads a level sign of Redis.
func readSigil(b []byte, i int, h *Header) (int, bool) {
	if i+1 >= len(b) || b[i+1] != ' ' {
		return i, false
	}
	switch b[i] {
	case '.', '-':
		h.Level = hindcast.LevelDebug
	case '*':
		h.Level = hindcast.LevelInfo
	case '#':
		h.Level = hindcast.LevelWarn
	default:
		return i, false
	}
	return i + 1, true
}

// through passes words up to a time or level and reads it.
func (s *step) through(c *logtime.Clock, b []byte, i int, h *Header) (int, bool) {
	start := i
	for n := 0; n <= s.n && i < len(b); n++ {
		if s.kind == throughTime && n == s.n {
			var (
				second Header
				end    int
				ok     bool
			)
			c.Beside(func() { end, ok = readClock(c, b, i, &second) })
			if ok && n == 2 && b[i-2] == ':' { // host and number of a device
				h.Instance = b[start:wordEnd(b, start)]
			}
			return end, ok && second.stamp.Month != 0
		}
		if s.kind == throughLevel {
			if l, m := loglevel.Column(b[i:]); m > 0 && (n == s.n || marked(b[i:i+m])) {
				if l != hindcast.LevelUnknown {
					h.Level = l
				}
				return i + m, true
			}
		}
		i = nextWord(b, i)
	}
	return start, false
}

// marked reports whether a level is one beyond doubt: in upper case, in
// brackets or before a colon.
func marked(b []byte) bool {
	n := len(b)
	return n >= 3 && (!letter(b[0]) || b[n-1] == ':' || b[0] < 'a' && b[1] < 'a' && b[2] < 'a')
}

func separatorEnd(b []byte) int {
	if len(b) > 0 && b[0] == '|' { // what stands between two of them may be empty
		return 1
	}
	n := 0
	for n < len(b) && n < 6 && (b[n] == '-' || b[n] == '|' || b[n] == ':' || b[n] == '>' || b[n] == ',' || b[n] == ';' || b[n] == ']' || b[n] == '=') {
		n++
	}
	if n < len(b) && b[n] != ' ' && b[n] != '\t' {
		return 0
	}
	if n > 0 && n+1 < len(b) && b[n+1] == ':' && bytes.HasPrefix(b[n:], []byte(" : ")) { // what stands between may be empty here too
		n += 2
	}
	return n
}

func numberEnd(b []byte) int {
	n := numberRun(b)
	if n == 0 || n > 10 || n < len(b) && b[n] != ' ' && b[n] != '\t' {
		return 0
	}
	return n
}

// groupEnd returns the length of a bracketed group with what closes a column.
func groupEnd(b []byte) int {
	if len(b) == 0 || b[0] != '[' && b[0] != '(' && b[0] != '{' && b[0] != '<' {
		return 0
	}
	closing := b[0] + 2
	if b[0] == '(' {
		closing = ')'
	}
	depth := 0
	for i := 0; i < len(b) && i < 200; i++ {
		switch b[i] {
		case b[0]:
			depth++
		case closing:
			if depth--; depth == 0 {
				for i++; i < len(b) && (b[i] == ':' || b[i] == ','); i++ {
				}
				return i
			}
		}
	}
	return 0
}

// loggerEnd returns the length of a dotted name of a class or module, and
// whether it can hardly be anything else.
func loggerEnd(b []byte) (n int, sure bool) {
	parts, upper, bracket := 1, false, false
	fresh := true // a part begins here
	for ; n < len(b); n++ {
		c := b[n]
		switch {
		case letter(c) || c == '_' || c == '$':
			if fresh {
				upper = c >= 'A' && c <= 'Z'
			}
			fresh = false
		case c == '.' && !fresh:
			parts, fresh = parts+1, true
		case c == '[' && fresh && parts > 1: // Tomcat names parts .[localhost].[/]
			bracket, fresh = true, false
		case (digit(c) || c == '-' || c == '#') && !fresh, (c == ']' || c == '/') && bracket:
		case c == ' ' || c == '\t' || c == '[' && !fresh:
			return nameOf(n, parts, fresh, upper)
		default:
			return 0, false
		}
	}
	return nameOf(n, parts, fresh, upper)
}

// nameOf returns n for a name of several parts.
func nameOf(n, parts int, fresh, upper bool) (int, bool) {
	if parts < 2 || fresh || n > 120 {
		return 0, false
	}
	return n, parts > 2 || upper
}

// fieldEnd returns the length of a word with the bar or tab behind it.
func fieldEnd(b []byte) int {
	for i, c := range b[:min(len(b), 60)] {
		switch c {
		case '|', '\t':
			return i + 1
		case ' ':
			return 0
		}
	}
	return 0
}

func paddedEnd(b []byte) int {
	n := wordEnd(b, 0)
	if n > 24 || n+1 >= len(b) || b[n] != ' ' || b[n+1] != ' ' {
		return 0
	}
	return n
}

// untilEnd returns the length of a name with the separator behind it.
func untilEnd(b []byte, sep string) int {
	head := b[:min(len(b), 100)]
	i := bytes.Index(head, []byte(sep))
	if i <= 0 {
		return 0
	}
	left := bytes.TrimRight(head[:i], " ")
	if words := bytes.Count(left, blank) + 1; !hasLetter(left) || words > 3 || words > 1 && !nameLike(left[:wordEnd(left, 0)]) {
		return 0
	}
	return i + len(sep)
}

// nameLike reports whether a word is one of a program or a class, not of prose.
func nameLike(w []byte) bool {
	for i, c := range w {
		if c == '.' || c == '$' || c == '/' || c == '\\' || c == '_' || c == '@' || c == '#' || c == ':' || c == '[' || digit(c) || i > 0 && c >= 'A' && c <= 'Z' {
			return true
		}
	}
	return false
}
