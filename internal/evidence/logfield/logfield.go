// Package logfield makes a log record of the named fields that structured
// loggers write, JSON or logfmt, whatever names they use for time, level,
// service, message and the rest.
//
// A [Record] gathers the fields of one line and fills a [record.Log]. It is
// used again for the next line, so that nothing is allocated per line.
package logfield

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Value is the value of a field as it stands in the line.
type Value struct {
	Text    []byte // without quotes
	Quoted  bool   // a string
	Escaped bool   // Text holds escapes
	Open    bool   // the line ends before the quote does
}

// Record gathers the fields of one line. Call Reset, Set for each field, then
// Text and Fill.
type Record struct {
	rank  [Roles]uint8 // of the value held, plus 1; 0 for none
	value [Roles]Value
	buf   []byte // unescaped and composed text
	memo  Memo   // for Pairs
	named named
	open  bool // a pair's quote was not closed

	parts      uint8  // of a time that the record has
	day, clock []byte // a date and a time of day that stand apart, if parts says so
}

// Reset forgets the fields.
func (r *Record) Reset() {
	r.rank, r.buf, r.open, r.parts = [Roles]uint8{}, r.buf[:0], false, 0
}

// Open reports whether the line ends inside a quoted value of a pair.
func (r *Record) Open() bool { return r.open }

// Behind is what is added to ranks of fields that only count when the record
// itself lacks them.
const Behind = 64

// Set takes note of a field. behind is 0 for the record's own fields, else a
// multiple of [Behind].
func (r *Record) Set(k Key, v Value, behind uint8) {
	role := k.Role
	if role == None || len(v.Text) == 0 {
		return
	}
	switch role {
	case Time:
		if !timely(v.Text) {
			if role = Level; !nameOfLevel(v.Text) { // at=info
				return
			}
			k.Rank = typeRank
		} else if n := len(v.Text); n <= 18 {
			r.apart(v.Text)
		}
	case Status:
		if role = r.status(v); role == None {
			return
		}
		if role == Level {
			k.Rank = typeRank
		}
	case Service:
		if !v.Quoted && digit(v.Text[0]) { // service=9ms
			return
		}
	case Level:
		if k.Rank == typeRank && (!nameOfLevel(v.Text) || string(v.Text) == "log") { // what Datadog and Kibana call every record
			return
		}
	}
	if rank := k.Rank + behind + 1; r.rank[role] == 0 || rank < r.rank[role] {
		r.rank[role], r.value[role] = rank, v
	}
}

const (
	hasDay = 1 << iota
	hasClock
)

// apart takes note of a date without a time of day, or the reverse.
func (r *Record) apart(text []byte) {
	switch {
	case text[2] == ':':
		r.clock, r.parts = text, r.parts|hasClock
	case len(text) == len("2006-01-02") && bytes.IndexByte(text, ':') < 0 && bytes.ContainsAny(text, "-./"):
		r.day, r.parts = text, r.parts|hasDay
	}
}

// timely reports whether b could be a time: "count" or "0.12" are none.
func timely(b []byte) bool {
	return len(b) >= 8 && (digit(b[0]) || b[0] >= 'A' && b[0] <= 'Z' || bytes.Contains(b[:8], []byte("/Date(")))
}

// typeRank is the rank of the name "type", which is a level only for some.
var typeRank = uint8(len(names[Level]) - 1)

// status returns the role of a field that is named like a status: some loggers
// call the level status.
func (r *Record) status(v Value) Role {
	switch {
	case len(v.Text) == 3 && digit(v.Text[0]):
		return Status
	case v.Quoted && nameOfLevel(v.Text) && r.rank[Level] == 0:
		return Level
	}
	return None
}

func nameOfLevel(b []byte) bool {
	level, ok := loglevel.Parse(b)
	return ok && level != hindcast.LevelUnknown && len(b) > 1
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// Has reports whether the record has a field of the role.
func (r *Record) Has(role Role) bool { return r.rank[role] > 0 }

// Logged reports whether the message has a name that mostly logs use: text and
// body are those of chat and mail too.
func (r *Record) Logged() bool {
	return r.rank[Message] > 0 && slices.Index(names[Message], "text") > int(r.rank[Message]-1)%Behind
}

// Requested reports whether the record is about a request of HTTP.
func (r *Record) Requested() bool {
	_, _, named := r.namedRequest()
	return r.rank[Status] > 0 && (r.rank[Path] > 0 || r.rank[Request] > 0 || named)
}

// namedRequest returns the request that the record's name is, as Application Insights
// calls requests: GET /v1/feed.
func (r *Record) namedRequest() (method, path []byte, ok bool) {
	if r.rank[Name] == 0 || r.rank[Status] == 0 {
		return nil, nil, false
	}
	method, path, ok = RequestLine(r.Text(Name))
	return method, path, ok && path[0] == '/'
}

// Drop forgets the field of the role.
func (r *Record) Drop(role Role) { r.rank[role] = 0 }

// Raw returns the value of the role as it stands in the line.
func (r *Record) Raw(role Role) Value {
	if r.rank[role] == 0 {
		return Value{}
	}
	return r.value[role]
}

// Text returns the first line of the role's value, unescaped and without blanks
// around it. It is valid until Reset.
func (r *Record) Text(role Role) []byte {
	if r.rank[role] == 0 {
		return nil
	}
	v := r.value[role]
	if !v.Escaped {
		return logline.Trim(v.Text)
	}
	at := len(r.buf)
	r.buf = Unescape(r.buf, v.Text, true)
	return logline.Trim(r.buf[at:len(r.buf):len(r.buf)])
}

// Whole is [Record.Text] with all lines.
func (r *Record) Whole(role Role) []byte {
	return r.Plain(r.Raw(role))
}

// Plain returns a value without its escapes. It is valid until Reset.
func (r *Record) Plain(v Value) []byte {
	if !v.Escaped {
		return v.Text
	}
	at := len(r.buf)
	r.buf = Unescape(r.buf, v.Text, false)
	return r.buf[at:len(r.buf):len(r.buf)]
}

// Fill fills l from the fields, except Message, see [Record.Message]. What the
// record does not say is left as it is in l.
func (r *Record) Fill(l *record.Log, clock *logtime.Clock) {
	if r.rank[Time] > 0 {
		t := r.Text(Time)
		if r.parts == hasDay|hasClock {
			t = r.composed(t)
		}
		if s, ok := clock.Read(t); ok {
			l.At = s.At
		} else if s, ok := clock.Read(unwrapped(t)); ok {
			l.At = s.At
		} else {
			clock.Unknown()
		}
	}
	if level := r.level(); level != hindcast.LevelUnknown {
		l.Level = level
	}
	if r.rank[Trace] > 0 {
		t := r.Text(Trace)
		l.TraceID = t[bytes.LastIndexByte(t, '/')+1:] // projects/P/traces/ID
	}
	if r.rank[Span] > 0 {
		l.SpanID = r.Text(Span)
	}
	r.origin(l)
	if v := r.Raw(Status).Text; len(v) == 3 {
		if n, ok := integer(v); ok && n >= 100 && n < 600 {
			l.Status = n
		}
	}
}

// composed returns the record's time of which t is a part: a date that stands apart
// from the time of day is put before it.
func (r *Record) composed(t []byte) []byte {
	if len(t) <= 18 {
		zone := r.Text(Offset)
		at := len(r.buf)
		r.buf = append(append(append(r.buf, r.day...), ' '), r.clock...)
		if len(zone) > 2 && (zone[0] == '+' || zone[0] == '-') && digit(zone[1]) { // as FortiGate writes it
			r.buf = append(r.buf, zone...)
		}
		return r.buf[at:]
	}
	return t
}

// unwrapped returns the number in /Date(1710513421000)/, as .NET writes times.
func unwrapped(t []byte) []byte {
	if n, ok := bytes.CutPrefix(t, []byte("/Date(")); ok {
		return n[:len(n)-len(bytes.TrimLeft(n, "0123456789"))]
	}
	return t
}

func (r *Record) level() hindcast.Level {
	if r.rank[Level] > 0 {
		text := r.Text(Level)
		if n, ok := integer(text); ok {
			return loglevel.Number(n)
		}
		if level, ok := loglevel.Parse(text); ok {
			return level
		}
		if len(text) == 2 && text[0] == 'D' && digit(text[1]) { // MongoDB counts them
			return hindcast.LevelDebug
		}
		level, _ := loglevel.Column(text)
		return level
	}
	if n, ok := integer(r.Text(Graded)); ok && n < 5 {
		return hindcast.LevelDebug + hindcast.Level(n)
	}
	if r.rank[Telemetry] > 0 {
		if n, ok := integer(r.Text(Telemetry)); ok {
			return loglevel.Telemetry(n)
		}
	}
	return hindcast.LevelUnknown
}

func integer(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 6 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if !digit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// Message returns what the record says. text is the value of its message field,
// as far as it is message; where that says little, request and status follow,
// and what went wrong always does:
//
//	msg=request method=GET path=/v1/feed status=200    request GET /v1/feed 200
//	msg="request failed" status=500 error="no column"  request failed: no column
//	method=GET path=/v1/feed?page=2 status=404         GET /v1/feed 404
//
// What tells of a setting of a device that was changed says which, to what and by whom.
func (r *Record) Message(text []byte, status int) []byte {
	if r.rank[Setting] > 0 && r.rank[Altered] > 0 && r.rank[User] > 0 {
		return r.configured(text)
	}
	fault := r.fault(text)
	if fault == nil && (few(text) && (r.rank[Path] > 0 || r.rank[Request] > 0 || r.rank[Name] > 0 && len(text) == 0)) {
		return r.withRequest(text, status)
	}
	if fault == nil {
		return text
	}
	if len(text) == 0 {
		text = r.withRequest(nil, status)
	}
	at := len(r.buf)
	if len(text) > 0 {
		r.buf = append(append(r.buf, text...), ": "...)
	}
	r.buf = append(r.buf, fault...)
	return r.buf[at:]
}

// Configured begins what a record says that tells of a changed setting.
const Configured = "setting of the device changed: "

// configured returns what a record says that tells of a changed setting: "setting
// of the device changed: Edit system.settings timeout[30->60] by engineer-a".
func (r *Record) configured(text []byte) []byte {
	setting, altered, user := r.Text(Setting), r.Text(Altered), r.Text(User)
	at := len(r.buf)
	r.buf = append(append(r.buf, Configured...), text...)
	if !bytes.Contains(text, setting) {
		r.buf = append(append(r.buf, ' '), setting...)
	}
	if !bytes.Contains(text, altered) {
		r.buf = append(append(r.buf, ' '), altered...)
	}
	r.buf = append(append(r.buf, " by "...), user...)
	return r.buf[at:]
}

// fault returns what the record says went wrong beyond text; nil for nothing.
func (r *Record) fault(text []byte) []byte {
	if v := r.Raw(Error); !v.Quoted || len(v.Text) < 2 {
		return nil
	}
	fault := r.Text(Error)
	if bytes.HasSuffix(fault, []byte(" occurred:")) { // a list of errors, as HashiCorp's programs write it
		if _, list, ok := bytes.Cut(r.Whole(Error), []byte{'\n'}); ok {
			first, _, _ := bytes.Cut(list, []byte{'\n'})
			fault = bytes.TrimPrefix(logline.Trim(first), []byte("* "))
		}
	}
	switch string(fault) {
	case "", "null", "none", "None", "nil", "<nil>", "false", "OK", "ok":
		return nil
	}
	if bytes.Contains(text, fault) {
		return nil
	}
	return fault
}

// few reports whether a text has at most three words.
func few(text []byte) bool {
	return len(text) < 40 && bytes.Count(text, []byte{' '}) < 3
}

func (r *Record) withRequest(text []byte, status int) []byte {
	method, path := r.Text(Method), r.Text(Path)
	if m, p, ok := r.namedRequest(); ok {
		method, path = m, p
	}
	if r.rank[Request] > 0 {
		if m, p, ok := RequestLine(r.Text(Request)); ok {
			method, path = m, p
		}
	}
	path, _, _ = bytes.Cut(path, []byte{'?'})
	if len(path) == 0 || bytes.Contains(text, path) {
		return text
	}
	at := len(r.buf)
	r.buf = append(r.buf, text...)
	if !bytes.HasPrefix(text, method) {
		r.buf = word(r.buf, at, method)
	}
	r.buf = word(r.buf, at, path)
	if status != 0 {
		r.buf = strconv.AppendInt(append(r.buf, ' '), int64(status), 10)
	}
	return r.buf[at:]
}

// word appends w to b, with a blank when b is longer than at.
func word(b []byte, at int, w []byte) []byte {
	if len(w) > 0 && len(b) > at {
		b = append(b, ' ')
	}
	return append(b, w...)
}

// StatusOf returns the HTTP status in a message that is about a request and says
// so in the usual order, as in "GET /v1/cart 200 12ms"; else 0.
func StatusOf(message []byte) int {
	if len(message) < 8 || message[0] < 'A' || message[0] > 'Z' {
		return 0
	}
	_, path, ok := RequestLine(message)
	if !ok || path[0] != '/' {
		return 0
	}
	rest := message[bytes.Index(message, path)+len(path):]
	for range 3 {
		var w []byte
		w, rest, _ = bytes.Cut(bytes.TrimLeft(rest, " "), []byte{' '})
		if n, ok := integer(w); ok && len(w) == 3 && n >= 100 && n < 600 {
			return n
		}
	}
	return 0
}

// RequestLine splits "GET /path HTTP/1.1"; the protocol may be missing.
func RequestLine(b []byte) (method, path []byte, ok bool) {
	method, path, ok = bytes.Cut(b, []byte{' '})
	if !ok || len(method) < 3 || len(method) > 16 {
		return nil, nil, false
	}
	for _, c := range method {
		if c < 'A' || c > 'Z' {
			return nil, nil, false
		}
	}
	path, _, _ = bytes.Cut(path, []byte{' '})
	return method, path, len(path) > 0
}

// AppendPair writes a field as "key=value" behind what was written before, for
// records that have no message. The text since mark is at [Record.Since].
func (r *Record) AppendPair(mark int, key []byte, v Value) {
	r.buf = append(word(r.buf, mark, key), '=')
	if v.Escaped {
		r.buf = Unescape(r.buf, v.Text, true)
		return
	}
	r.buf = append(r.buf, v.Text...)
}

// Mark returns where the next text will be written.
func (r *Record) Mark() int { return len(r.buf) }

// Since returns the text written since mark.
func (r *Record) Since(mark int) []byte { return r.buf[mark:] }
