package netlog

import (
	"bytes"
	"encoding/json"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// settleZeek finds the columns that a log of Zeek names in its head, or sees that
// its lines are objects.
func settleZeek(lines [][]byte) reader {
	kind := ""
	for _, line := range lines[:min(len(lines), 12)] {
		if path, ok := bytes.CutPrefix(line, []byte("#path\t")); ok {
			kind = string(path)
		}
		if names, ok := bytes.CutPrefix(line, []byte("#fields\t")); ok {
			return readZeekRows(kind, bytes.Split(names, []byte{'\t'}))
		}
	}
	if n := matching(lines, `"ts":`, `"id.orig_h":`); n == 0 || n*2 < len(lines) {
		return nil
	}
	return readZeekObject
}

// matching counts the lines that are objects with all of the members.
func matching(lines [][]byte, members ...string) int {
	n := 0
	for _, line := range lines {
		all := len(line) > 0 && line[0] == '{'
		for _, m := range members {
			all = all && bytes.Contains(line, []byte(m))
		}
		if all {
			n++
		}
	}
	return n
}

// fields are the cells of a record of Zeek by the names of their columns. Those that
// are not set are missing.
type fields func(name string) []byte

// readZeekRows returns the reader of rows of a log called kind.
func readZeekRows(kind string, names [][]byte) reader {
	columns := map[string]int{}
	for i, n := range names {
		columns[string(n)] = i
	}
	return func(c *logtime.Clock, line []byte, l *record.Log, m []byte) ([]byte, bool) {
		cells := bytes.Split(line, []byte{'\t'})
		if len(cells) != len(names) {
			return m, false
		}
		return zeek(c, kind, func(name string) []byte {
			i, ok := columns[name]
			if !ok || string(cells[i]) == "-" || string(cells[i]) == "(empty)" {
				return nil
			}
			return cells[i]
		}, l, m)
	}
}

// readZeekObject reads a record that is an object, with the names of columns as
// members.
func readZeekObject(c *logtime.Clock, line []byte, l *record.Log, m []byte) ([]byte, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(line, &members) != nil {
		return m, false
	}
	get := func(name string) []byte {
		v := members[name]
		if len(v) > 0 && v[0] == '"' {
			var s string
			_ = json.Unmarshal(v, &s) // it was valid as a part of the object
			return []byte(s)
		}
		return v
	}
	return zeek(c, string(get("_path")), get, l, m)
}

// zeek fills l and appends what a record says.
func zeek(c *logtime.Clock, kind string, get fields, l *record.Log, m []byte) ([]byte, bool) {
	if !timed(c, get("ts"), l) {
		return m, false
	}
	if uid := get("uid"); uid != nil {
		l.TraceID = uid
	}
	switch method := get("method"); {
	case method != nil && get("uri") != nil:
		l.Status = logline.Status(get("status_code"))
		return words(m, method, pathOf(get("uri")), get("status_code")), true
	case get("note") != nil:
		l.Level = hindcast.LevelWarn
		return words(m, get("note"), get("msg")), true
	case get("message") != nil:
		level := get("level")
		l.Level, _ = loglevel.Parse(level[bytes.LastIndexByte(level, ':')+1:]) // Reporter::ERROR
		return words(m, get("message")), true
	case get("query") != nil:
		m = words(m, []byte("dns"), get("qtype_name"), get("query"), get("rcode_name"))
	case get("name") != nil:
		m = words(m, get("name"), get("addl"))
	default:
		if kind == "" && get("conn_state") != nil {
			kind = "conn"
		}
		m = words(m, []byte(kind), get("proto"), get("service"), get("version"), get("server_name"), get("conn_state"), get("validation_status"), get("failure_reason"), get("error_msg"))
	}
	l.Level = hindcast.LevelInfo
	return flow(m, get("id.orig_h"), get("id.resp_h"), get("id.resp_p")), true
}
