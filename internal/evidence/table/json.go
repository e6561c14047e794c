package table

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// A JSON document with an array of objects that no other format claims is a table whose
// rows are the objects: change records, bulletins, deliveries of webhooks.

const (
	// sureJSON is less than any format that knows what the members mean.
	sureJSON = 12
	// sureTrail is how sure an audit trail of lines is one: a little more than a log of
	// which nothing but the time is known.
	sureTrail = 22
	// maxHead is how many records of the head are looked at.
	maxHead = 60
	// deepest is how far inside of an object its members are cells of the record.
	deepest = 3
	// briefly is how many members an object has at most that is one cell, such as a person.
	briefly = 3
)

func recognizeJSON(h record.Head) int {
	_, _, ok := settleJSON(h)
	switch {
	case ok && trail(h):
		return sureTrail
	case ok:
		return sureJSON
	}
	return 0
}

// trail reports whether a file is of lines each of which says who did what, as programs
// write that let people change things, and says nothing as a log would.
func trail(h record.Head) bool {
	s := jsonrec.Sniff(h.Bytes)
	return !s.Array && len(s.Records) > 1 && s.Most(func(f jsonrec.Fields) bool {
		return f.Any("actor", "user", "who", "by", "username", "principal") && f.Any("action", "operation") &&
			!f.Any("message", "msg", "level", "severity", "logger", "log", "status", "path", "duration_ms", "trace_id")
	})
}

// settleJSON finds the array of records in the head of a document, by its path, and the
// layout of the table that they are.
func settleJSON(h record.Head) (path string, l layout, ok bool) {
	s := jsonrec.Sniff(h.Bytes)
	if len(s.Records) == 0 || !s.Array && len(s.Records) > 1 && !trail(h) {
		return "", layout{}, false
	}
	paths := []string{""}
	if !s.Array && len(s.Records) == 1 {
		f := s.Records[0]
		paths = slices.DeleteFunc(slices.Sorted(maps.Keys(f)), func(p string) bool { return f[p] != "[" || strings.Count(p, ".") > 2 })
		slices.SortStableFunc(paths, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	}
	found := map[string][]cells{}
	_ = jsonrec.Each(&record.File{}, bytes.NewReader(h.Bytes), record.Discard{}, func(rec jsonrec.Record) {
		if len(found[rec.Path]) < maxHead && len(rec.Raw) > 0 && rec.Raw[0] == '{' {
			found[rec.Path] = append(found[rec.Path], members(rec))
		}
	}, paths...) // reading from memory does not fail
	for _, p := range paths {
		if l, ok := settleRecords(found[p], h); ok && l.tells() {
			return p, l, true
		}
	}
	return "", layout{}, false
}

// tells reports whether records say what happened, or what state something is in: a name
// with the time of its creation, as of the rooms of a chat, is neither.
func (l *layout) tells() bool {
	i := l.columns[title]
	return l.deploys || i >= 0 && l.header[i] != "name" || l.columns[status] >= 0 || l.columns[flag] >= 0
}

// members returns the cells of an object.
func members(rec jsonrec.Record) cells {
	c := cells{line: rec.Line, end: rec.EndLine, offset: rec.Offset}
	c.members(rec, "", 1)
	return c
}

func (c *cells) members(rec jsonrec.Record, prefix string, depth int) {
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		name := prefix + string(key)
		switch v.Raw[0] {
		case '{':
			if who := calledOf(key, v); who != "" {
				c.add(name, who)
			} else if all, ok := scalars(v); ok {
				c.add(name, all)
			} else if depth < deepest {
				c.members(v, name+".", depth+1)
			}
		case '[':
			var list []string
			v.EachElement(func(e jsonrec.Record) bool {
				if text := scalar(e); text != "" {
					list = append(list, text)
				}
				return len(list) < maxColumns
			})
			c.add(name, strings.Join(list, ", "))
		default:
			c.add(name, scalar(v))
		}
		return true
	})
}

// callings are the members of an object that say what somebody is called, best first.
var callings = []string{"name", "username", "login", "displayname", "email"}

// calledOf returns what somebody is called of whom an object under a key tells; empty when
// it tells of nobody.
func calledOf(key []byte, rec jsonrec.Record) string {
	if !slices.Contains(names[actor], fold(string(key))) {
		return ""
	}
	who, best := "", len(callings)
	rec.EachMember(func(key []byte, v jsonrec.Record) bool {
		if i := slices.Index(callings, fold(string(key))); i >= 0 && i < best {
			if s := scalar(v); s != "" {
				who, best = s, i
			}
		}
		return best > 0
	})
	return who
}

// scalars returns the values of a small object of nothing but texts and numbers, as one.
func scalars(rec jsonrec.Record) (string, bool) {
	var list []string
	ok := true
	rec.EachMember(func(_ []byte, v jsonrec.Record) bool {
		if ok = v.Raw[0] != '{' && v.Raw[0] != '[' && len(list) < briefly; ok {
			list = append(list, scalar(v))
		}
		return ok
	})
	return strings.Join(list, " "), ok
}

// scalar returns a text, a number or a word as text; empty for anything else.
func scalar(rec jsonrec.Record) string {
	var s jsonrec.Scalar
	if s.UnmarshalJSON(rec.Raw) != nil {
		return ""
	}
	return string(s)
}

// json reads the records of a document.
func (k kit) json(f *record.File, r io.Reader, sink record.Sink) error {
	h, all, err := head(f, r)
	if err != nil {
		return err
	}
	path, l, ok := settleJSON(h)
	if !ok {
		return nil
	}
	rd := k.reading(f, l, "", sink)
	defer rd.close()
	return jsonrec.Each(f, all, sink, func(rec jsonrec.Record) {
		if rec.Path != path || len(rec.Raw) == 0 || rec.Raw[0] != '{' {
			return
		}
		c := members(rec)
		rd.others = c.others(l.header)
		rd.row(place(f, c.line, c.end, c.offset), c.row(l.header))
	}, path)
}
