package textlog

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logname"
)

// Kinds of bytes in the tag of a program.
const (
	tagLetter = 1 << iota
	tagOther
	tagNever
)

// tagKinds holds the kind of every byte.
var tagKinds = func() (t [256]uint8) {
	for c := range t {
		switch b := byte(c); {
		case letter(b):
			t[c] = tagLetter
		case digit(b) || strings.IndexByte("._-/()[]$@#+*<>~,=&:", b) >= 0:
			t[c] = tagOther
		default:
			t[c] = tagNever
		}
	}
	return t
}()

// tagBytes reports whether w can be part of the tag of a program.
func tagBytes(w []byte) bool { return len(w) > 0 && kindsOf(w)&tagNever == 0 }

func kindsOf(w []byte) (kinds uint8) {
	for _, c := range w {
		kinds |= tagKinds[c]
	}
	return kinds
}

// readName reads "component:", "component   :", "file.go:23:", "file.cc:12]" or
// "program[pid]:". Only a program with a process number is a service.
func readName(b []byte, i int, h *Header) (int, bool) {
	w, end := nameWord(b, i)
	if len(w) == 0 || len(w) > 120 {
		return i, false
	}
	if kinds := kindsOf(w); kinds&tagNever != 0 || kinds&tagLetter == 0 && bytes.IndexByte(w, '#') < 0 {
		return i, false
	}
	if _, ok := loglevel.Parse(w); ok {
		return i, false
	}
	if len(w) > 2 && w[0] < 'a' && w[2] < 'a' { // WARNING[123][C-1]:
		if i := bytes.IndexByte(w, '['); i > 2 {
			if l, ok := loglevel.Parse(w[:i]); ok {
				h.Level = l
				return end, true
			}
		}
	}
	if program, pid := splitPID(w); pid {
		h.Service = program
		if len(h.Instance) == 0 {
			h.Instance = w
		}
	} else if source, process, ok := bytes.Cut(w, []byte{'['}); ok && dyno(source, process) {
		h.Instance = bytes.TrimSuffix(process, []byte{']'})
		h.Service = logname.Workload(h.Instance)
	}
	return end, true
}

// dyno reports whether a record is of a process of Heroku: what wrote it, the
// application or the platform, stands before the name of the process.
func dyno(source, process []byte) bool {
	return (string(source) == "app" || string(source) == "heroku") && hasLetter(process)
}

// nameWord returns the name at b[i:] without what closes it, and the offset
// behind that; no name when nothing closes it.
func nameWord(b []byte, i int) (name []byte, end int) {
	end = wordEnd(b, i)
	if i > 0 && b[i-1] == ':' { // LEVEL:component:message
		if n := bytes.IndexByte(b[i:end], ':'); n > 0 {
			end = i + n + 1
		}
	}
	w := b[i:end]
	last := len(w) - 1
	if w[last] == ':' || w[last] == ']' && bytes.IndexByte(w, '[') < 0 {
		return w[:last], end
	}
	if next := nextWord(b, end); next > end && next < len(b) && b[next] == ':' && wordEnd(b, next) == next+1 {
		return w, next + 1
	}
	return nil, i
}

func hasLetter(b []byte) bool {
	for _, c := range b {
		if letter(c) {
			return true
		}
	}
	return false
}

// splitPID cuts "[pid]" and "(module)" off the tag of a program.
func splitPID(tag []byte) (program []byte, pid bool) {
	program = tag
	if i := bytes.LastIndexByte(tag, '['); i > 0 && tag[len(tag)-1] == ']' && numberRun(tag[i+1:]) == len(tag)-i-2 {
		program, pid = tag[:i], true
	}
	if i := bytes.IndexByte(program, '('); i > 0 {
		program = program[:i]
	}
	return program, pid
}

// readOrigin reads the host and the tag of syslog: "web1 nginx[12]:".
func readOrigin(b []byte, i int, h *Header) (int, bool) {
	end := wordEnd(b, i)
	host := b[i:end]
	if host[0] == '[' || !tagBytes(host) || !hasLetter(host) && !bytes.ContainsAny(host, ".#") || host[len(host)-1] == ':' {
		return i, false
	}
	start := nextWord(b, end)
	if start < len(b) && (b[start] == '%' || b[start] == ':') {
		if at := mnemonicAt(b, start); at > 0 {
			h.Instance = host
			return at, true
		}
	}
	tag, n := readTag(b[start:])
	if n == 0 {
		return i, false
	}
	h.Instance = host
	if program, _ := splitPID(tag); len(program) > 0 && program[0] != '-' {
		if program[0] == '/' { // /kernel
			program = program[1:]
		}
		h.Service = program
		if source, process, ok := bytes.Cut(program, []byte{'/'}); ok && dyno(source, process) { // as Papertrail has them
			h.Instance, h.Service = process, logname.Workload(process)
		}
	}
	return start + n, true
}

// readTag reads the tag of a program, which may hold blanks: a version, a
// process in parentheses, or a name of several words before a process number.
func readTag(b []byte) (tag []byte, n int) {
	i := 0
	for words := 0; words < 4 && i < len(b); words++ {
		end := wordEnd(b, i)
		w := b[i:end]
		if !tagBytes(w) {
			return nil, 0
		}
		if colon := len(w) - 1; w[colon] == ':' {
			if words > 0 && !bytes.ContainsAny(w, "[(0123456789") {
				return nil, 0
			}
			first := b[:wordEnd(b, 0)]
			if words == 0 || bytes.IndexByte(w, '(') >= 0 || bytes.IndexByte(w, '[') < 0 {
				return bytes.TrimSuffix(first, []byte{':'}), end
			}
			return b[:end-1], end
		}
		i = nextWord(b, i)
	}
	return nil, 0
}

// read5424 reads host, program, process, message id and structured data of
// RFC 5424, "-" where one is missing.
func read5424(b []byte, i int, h *Header) (int, bool) {
	var fields [4][]byte
	for k := range fields {
		end := wordEnd(b, i)
		if fields[k] = b[i:end]; end == i || end >= len(b) {
			return i, false
		}
		i = end + 1
	}
	if !isNil(fields[0]) {
		h.Instance = fields[0]
	}
	if dyno(fields[1], fields[2]) {
		h.Instance, h.Service = fields[2], logname.Workload(fields[2])
		h.Level = hindcast.LevelUnknown // Heroku gives all that an application writes one priority
	} else if !isNil(fields[1]) {
		h.Service = fields[1]
	}
	if b[min(i, len(b)-1)] == '-' {
		i++
	}
	for i < len(b) && b[i] == '[' {
		n := dataEnd(b[i:])
		if n == 0 {
			break
		}
		i += n
	}
	if bytes.HasPrefix(b[min(i+1, len(b)):], []byte("\ufeff")) {
		i += 1 + len("\ufeff")
	}
	return min(i, len(b)), true
}

func isNil(b []byte) bool { return len(b) == 1 && b[0] == '-' }

// dataEnd returns the length of an element of structured data.
func dataEnd(b []byte) int {
	quoted := false
	for i := 1; i < len(b); i++ {
		switch {
		case b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case b[i] == ']' && !quoted:
			return i + 1
		}
	}
	return 0
}

// readIDs reads labeled trace and span ids: "TraceID: x SpanID: y".
func readIDs(b []byte, i int, h *Header) (end int, found bool) {
	for {
		j := i
		for j < len(b) && (b[j] == ' ' || b[j] == ',' || b[j] == '[') {
			j++
		}
		id := &h.TraceID
		n := labelEnd(b[j:], "trace")
		if n == 0 {
			n, id = labelEnd(b[j:], "span"), &h.SpanID
		}
		if n == 0 {
			return i, found
		}
		i = j + n
		for j = i; i < len(b) && (letter(b[i]) || digit(b[i]) || b[i] == '-'); {
			i++
		}
		if *id, found = b[j:i], true; i < len(b) && b[i] == ']' {
			i++
		}
	}
}

// labelEnd returns the length of a label such as "traceId=" or "Trace_ID: ".
func labelEnd(b []byte, what string) int {
	if len(b) < len(what)+4 {
		return 0
	}
	for i := range what {
		if b[i]|0x20 != what[i] {
			return 0
		}
	}
	i := len(what)
	if b[i] == '_' || b[i] == '-' || b[i] == '.' {
		i++
	}
	if i+2 >= len(b) || b[i]|0x20 != 'i' || b[i+1]|0x20 != 'd' || b[i+2] != ':' && b[i+2] != '=' {
		return 0
	}
	if i += 3; i < len(b) && b[i] == ' ' {
		i++
	}
	return i
}
