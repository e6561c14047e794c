package accesslog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// access is what a line says about a request.
type access struct {
	at     logtime.Stamp
	method []byte
	path   []byte
	status int
	raw    []byte // what the line says of a connection without requests; nil for others
}

// layout finds the parts of a line.
type layout interface {
	// read returns what a line says; ok is false when it is no request.
	read(c *logtime.Clock, line []byte) (a access, ok bool)
}

// quoted is the layout of lines that hold the request line in quotes, as the
// common log format and most others do.
type quoted struct {
	timeWord   int // word with the time; -1 for the first bracket that holds one
	statusWord int // word with the status; -1 for the one behind the request
}

const (
	maxWords  = 24
	inBracket = -1
	behind    = -1
)

// settle finds the layout of an access log; nil when the lines are none.
func settle(lines [][]byte) layout {
	if l := settleSquid(lines); l != nil {
		return l
	}
	quotes := 0
	for _, line := range lines {
		if bytes.IndexByte(line, '"') >= 0 {
			quotes++
		}
	}
	if quotes == 0 || quotes*10 < len(lines)*9 {
		return nil
	}
	c := logtime.NewClock(&record.File{}, logtime.Habit{})
	for _, timeWord := range [...]int{inBracket, 0, 1, 2} {
		for statusWord := behind; statusWord < maxWords; statusWord++ {
			l := quoted{timeWord: timeWord, statusWord: statusWord}
			n, real := 0, 0
			for i, line := range lines {
				a, ok := l.read(c, line)
				if ok {
					n++
				}
				if len(a.path) > 0 || a.raw != nil {
					real++
				}
				if i >= 4 && n == 0 {
					break
				}
			}
			if n*10 >= len(lines)*9 && real*2 >= n {
				return l
			}
		}
	}
	return nil
}

func (l quoted) read(c *logtime.Clock, line []byte) (a access, ok bool) {
	i := 0
	if l.timeWord == inBracket {
		a.at, i, ok = bracketTime(c, line)
	} else if i = wordAt(line, l.timeWord); i >= 0 {
		a.at, ok = c.Read(line[i:])
		i += a.at.N
	}
	if !ok || a.at.Epoch && l.timeWord != 0 {
		return a, false
	}
	start, end := request(line, i)
	if start < 0 {
		return a, false
	}
	a.method, a.path = requestLine(line, start, end)
	at := end + 1
	if l.statusWord != behind {
		if at = wordAt(line, l.statusWord); at < 0 || at >= start {
			return a, false
		}
	}
	a.status = status(line, at)
	if a.status == 0 && string(line[start:end]) == "- - -" {
		a.raw = connection(line, end+1)
	}
	return a, a.status != 0 || a.raw != nil
}

// bracketTime reads the time in the first bracket that holds one.
func bracketTime(c *logtime.Clock, line []byte) (s logtime.Stamp, end int, ok bool) {
	for i := 0; i < len(line); {
		n := bytes.IndexByte(line[i:], '[')
		if n < 0 {
			return s, 0, false
		}
		i += n + 1
		if s, ok = c.Read(line[i:]); ok && i+s.N < len(line) && line[i+s.N] == ']' {
			return s, i + s.N + 1, true
		}
		if n > 200 {
			return s, 0, false
		}
	}
	return s, 0, false
}

// request returns where the first quoted text at line[i:] begins and ends.
func request(line []byte, i int) (start, end int) {
	n := bytes.IndexByte(line[i:], '"')
	if n < 0 {
		return -1, 0
	}
	start = i + n + 1
	for end = start; end < len(line); end++ {
		switch line[end] {
		case '"':
			return start, end
		case '\\':
			end++
		}
	}
	return -1, 0
}

// requestLine divides the request line; some servers quote only the path and
// put the method before it. What a client sent that is no request has neither.
func requestLine(line []byte, start, end int) (method, path []byte) {
	text := line[start:end]
	method, path, ok := bytes.Cut(text, []byte{' '})
	if !ok {
		if method = lastWord(line[:start-1]); !isMethod(method) || len(text) == 0 || text[0] != '/' {
			return nil, nil
		}
		return method, pathOnly(text)
	}
	if !isMethod(method) {
		return nil, nil
	}
	path, _, _ = bytes.Cut(path, []byte{' '})
	return method, pathOnly(path)
}

func isMethod(b []byte) bool {
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(b) >= 3 && len(b) <= 16
}

func lastWord(b []byte) []byte {
	b = bytes.TrimRight(b, " ")
	return b[bytes.LastIndexByte(b, ' ')+1:]
}

// pathOnly cuts the query, and scheme and host, off a request target.
func pathOnly(target []byte) []byte {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		target = target[:i]
	}
	if len(target) > 0 && target[0] != '/' {
		if i := bytes.Index(target, []byte("://")); i > 0 {
			if k := bytes.IndexByte(target[i+3:], '/'); k >= 0 {
				return target[i+3+k:]
			}
			return []byte("/")
		}
	}
	return target
}

// wordAt returns the offset of the n-th word of a line, from 0; -1 when it has
// fewer.
func wordAt(line []byte, n int) int {
	i := 0
	for {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
			i++
		}
		if i == len(line) {
			return -1
		}
		if n == 0 {
			return i
		}
		n--
		for i < len(line) && line[i] != ' ' && line[i] != '\t' {
			i++
		}
	}
}

// status reads an HTTP status at line[i:]; 0 when none stands there.
func status(line []byte, i int) int {
	for i < len(line) && line[i] == ' ' {
		i++
	}
	if i+3 > len(line) || i+3 < len(line) && line[i+3] != ' ' && line[i+3] != '\t' && line[i+3] != ',' && line[i+3] != '|' {
		return 0
	}
	return logline.Status(line[i : i+3])
}

// connection reads what Envoy says of a connection of TCP behind "- - -": a status
// of 0, flags, and somewhere the cluster. nil when it is something else.
func connection(line []byte, i int) []byte {
	rest, ok := bytes.CutPrefix(line[i:], []byte(" 0 "))
	if !ok {
		return nil
	}
	flags, rest, _ := bytes.Cut(rest, []byte{' '})
	out := append([]byte("connection "), flags...)
	for word := range bytes.FieldsSeq(rest) {
		if bytes.HasPrefix(word, []byte("outbound|")) || bytes.HasPrefix(word, []byte("inbound|")) {
			return append(append(out, ' '), word...)
		}
	}
	return out
}

// columns is the layout of the W3C extended format of IIS and CloudFront, which
// names its columns in the file.
type columns struct {
	sep                        byte
	date, method, path, status int // -1 when missing
	names                      int
}

var fieldsLine = []byte("#Fields:")

// settleColumns reads the names of the columns; nil when the head has none or
// the necessary ones are missing.
func settleColumns(h record.Head) layout {
	for _, line := range logline.Head(h, 16) {
		text, ok := bytes.CutPrefix(line, fieldsLine)
		if !ok {
			continue
		}
		l := columns{date: -1, method: -1, path: -1, status: -1, sep: ' '}
		if bytes.Contains(h.Bytes, []byte("\t")) {
			l.sep = '\t'
		}
		names := bytes.Fields(text)
		for i, name := range names {
			switch string(name) {
			case "date":
				l.date = i
			case "cs-method":
				l.method = i
			case "cs-uri-stem", "cs-uri":
				l.path = i
			case "sc-status":
				l.status = i
			}
		}
		if l.names = len(names); l.date >= 0 && l.status >= 0 && l.date+1 < len(names) && string(names[l.date+1]) == "time" {
			return l
		}
	}
	return nil
}

func (l columns) read(c *logtime.Clock, line []byte) (a access, ok bool) {
	rest := line
	for i := 0; i < l.names; i++ {
		value, next, more := bytes.Cut(rest, []byte{l.sep})
		switch i {
		case l.date:
			if a.at, ok = c.ReadUTC(rest); !ok {
				return a, false
			}
		case l.method:
			a.method = value
		case l.path:
			a.path = pathOnly(value)
		case l.status:
			if a.status = status(value, 0); a.status == 0 && len(value) == 1 && value[0] == '-' {
				a.raw = bytes.ReplaceAll(line[min(len(line), len("2006-01-02 15:04:05 ")):], []byte("\t"), []byte(" "))
			}
		}
		if rest = next; !more {
			break
		}
	}
	return a, ok && (a.status != 0 || a.raw != nil)
}
