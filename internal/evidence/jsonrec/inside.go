package jsonrec

import "bytes"

// Member returns the value that is reached from the record by following keys,
// with its own place in the file; false when there is none.
func (r Record) Member(keys ...string) (Record, bool) {
	start, end := skipSpace(r.Raw, 0), len(r.Raw)
	for _, key := range keys {
		found := false
		eachMember(r.Raw, start, func(k []byte, from, to int) bool {
			if string(k) != key {
				return true
			}
			start, end, found = from, to, true
			return false
		})
		if !found {
			return Record{}, false
		}
	}
	return r.within(start, end, r.Line+bytes.Count(r.Raw[:start], newline)), true
}

// Elements returns the elements of a record that is an array, each with its own
// place in the file; nil for any other record.
func (r Record) Elements() []Record {
	var out []Record
	r.EachElement(func(e Record) bool {
		out = append(out, e)
		return true
	})
	return out
}

// EachObject calls fn with the elements of an array that are objects.
func (r Record) EachObject(fn func(Record)) {
	r.EachElement(func(e Record) bool {
		if e.Raw[0] == '{' {
			fn(e)
		}
		return true
	})
}

// EachElement calls fn with the elements of a record that is an array, each with
// its own place in the file, until fn returns false.
func (r Record) EachElement(fn func(Record) bool) {
	at, line := 0, r.Line
	eachElement(r.Raw, skipSpace(r.Raw, 0), func(from, to int) bool {
		line += bytes.Count(r.Raw[at:from], newline)
		at = from
		return fn(r.within(from, to, line))
	})
}

// EachMember calls fn with the key, as it is written, and the value of every
// member of a record that is an object, until fn returns false.
func (r Record) EachMember(fn func(key []byte, value Record) bool) {
	at, line := 0, r.Line
	eachMember(r.Raw, skipSpace(r.Raw, 0), func(key []byte, from, to int) bool {
		line += bytes.Count(r.Raw[at:from], newline)
		at = from
		return fn(key, r.within(from, to, line))
	})
}

// Unwrap returns the body of a captured request, that is of an object with
// headers next to it; any other record it returns as it is.
func (r Record) Unwrap() Record {
	if _, ok := r.Member("headers"); !ok {
		return r
	}
	for _, key := range []string{"body", "payload", "data"} {
		body, ok := r.Member(key)
		if ok && len(body.Raw) > 0 && (body.Raw[0] == '{' || body.Raw[0] == '[') {
			return body
		}
		if ok && len(body.Raw) > 0 && body.Raw[0] == '"' {
			body.Raw, body.quoted = []byte(unquote(body.Raw)), true
			return body
		}
	}
	return r
}

var newline = []byte("\n")

func (r Record) within(from, to, line int) Record {
	raw := r.Raw[from:to]
	if r.quoted {
		r.Raw = raw
		return r
	}
	return Record{
		File: r.File, Path: r.Path, Raw: raw, Line: line,
		EndLine: line + bytes.Count(raw, newline), Offset: r.Offset + int64(from),
	}
}

// eachMember calls fn with the key and the bounds of the value of every member
// of the object at b[i], until fn returns false. It returns where it stopped:
// behind the object, or at the first byte that is not JSON.
func eachMember(b []byte, i int, fn func(key []byte, from, to int) bool) int {
	if i >= len(b) || b[i] != '{' {
		return i
	}
	for i = skipSpace(b, i+1); i < len(b) && b[i] == '"'; i = skipSpace(b, i) {
		end := skipString(b, i)
		key := b[i+1 : max(i+1, end-1)]
		if i = skipSpace(b, end); i >= len(b) || b[i] != ':' {
			return i
		}
		from := skipSpace(b, i+1)
		to := skipValue(b, from)
		if to == from || !fn(key, from, to) {
			return to
		}
		if i = skipSpace(b, to); i < len(b) && b[i] == ',' {
			i++
		}
	}
	return skipClose(b, i, '}')
}

// eachElement is eachMember for the elements of the array at b[i].
func eachElement(b []byte, i int, fn func(from, to int) bool) int {
	if i >= len(b) || b[i] != '[' {
		return i
	}
	for i = skipSpace(b, i+1); i < len(b) && b[i] != ']'; i = skipSpace(b, i) {
		to := skipValue(b, i)
		if to == i || !fn(i, to) {
			return to
		}
		if i = skipSpace(b, to); i < len(b) && b[i] == ',' {
			i++
		}
	}
	return skipClose(b, i, ']')
}

func skipClose(b []byte, i int, c byte) int {
	if i < len(b) && b[i] == c {
		return i + 1
	}
	return i
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipString returns the end of the string at b[i]; a line break ends it too.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(b)
}

// skipValue returns the end of the value at b[i], or i when there is none.
func skipValue(b []byte, i int) int {
	if i >= len(b) {
		return i
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\r', '\n', ',', ']', '}', ':':
			return i
		}
	}
	return i
}

func skipNested(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(b)
}
