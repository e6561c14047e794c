package template

import (
	"slices"
	"strings"
)

// frame is what surrounds a value in a chunk: key, brackets and quotes before
// it, punctuation behind.
type frame struct{ before, behind string }

func (f frame) around(value string) string { return f.before + value + f.behind }

// split parts a chunk into the frame and the value in it.
func split(c string) (frame, string) {
	end := len(c)
	for end > 0 && strings.IndexByte(" ,.;:!?)]}>\"'", c[end-1]) >= 0 {
		end--
	}
	i := strings.LastIndexAny(c[:end], "=([{<\"'") + 1
	return frame{c[:i], c[end:]}, c[i:end]
}

// kind is how sure the looks of a value are to say that it varies.
type kind int

const (
	plain  kind = iota // a word
	named              // a word with digits, dots and the like: a host, a class, a file
	masked             // holds a variable, or is missing between brackets
	bare               // is a variable
)

func kindOf(f frame, value string) kind {
	switch {
	case value == all:
		return bare
	case strings.IndexByte(value, variable) >= 0 || value == "" && f.before != "":
		return masked
	case strings.ContainsAny(value, ".0123456789$@/"), len(value) >= 6 && strings.Trim(value, "abcdefABCDEF") == "":
		return named
	}
	return plain
}

// variant is what one member of a family has in the place where they differ.
type variant struct {
	frame   frame
	value   string
	kind    kind
	pattern int32
}

// family decides which of the patterns that differ in one place differ in a
// value rather than in meaning, and unites them.
func family(ps []pattern, members []place, s sets) {
	at := int(members[0].at)
	model := ps[members[0].pattern].chunks
	var vs []variant
	for _, m := range members {
		cs := ps[m.pattern].chunks
		if len(cs) != len(model) {
			continue // two keys that are equal by chance
		}
		f, v := split(cs[at])
		vs = append(vs, variant{f, v, kindOf(f, v), m.pattern})
	}
	d := newDemand(model, at)
	slices.SortFunc(vs, func(a, b variant) int {
		return strings.Compare(a.frame.around("\x00"), b.frame.around("\x00"))
	})
	for i := 0; i < len(vs); {
		j := i + 1
		for j < len(vs) && vs[j].frame == vs[i].frame {
			j++
		}
		d.decide(vs[i:j], s)
		i = j
	}
}

// demand is how many different values it takes to call a place variable.
type demand struct {
	named, plain int
	beside       int    // words that it takes when there is a variable among them
	words        int    // in the other places
	before       string // the chunk before the place
}

const never = 1 << 30

// newDemand returns the demand for a place. Messages begin with what they are
// about; a word there is hardly ever a value, and behind "user" or "from" it is
// one nearly always. The words of a path name what is requested.
func newDemand(model []string, at int) demand {
	d := demand{named: 3, plain: 5, beside: 2}
	for k, c := range model {
		if k != at && wordy(c) {
			d.words++
		}
	}
	if at > 0 {
		d.before = model[at-1]
	}
	switch {
	case d.words == 0:
		d.named, d.plain, d.beside = never, never, never
	case request(model):
		d.named, d.plain, d.beside = 50, 50, never
	case at == 0:
		d.named, d.plain, d.beside = 5, 20, never
	case d.words == 1:
		d.named, d.plain, d.beside = 5, 10, never
	case identity(d.before):
		d.plain = 3
	}
	return d
}

// decide unites those of the variants of one frame that are values.
func (d demand) decide(vs []variant, s sets) {
	var n [bare + 1]int
	quantities := true
	for _, v := range vs {
		n[v.kind]++
		quantities = quantities && quantified(d.before, v.value)
	}
	least := terms(vs)
	if d.plain = max(d.plain, least); least > 5 {
		d.beside = never
	} else if vs[0].frame.keyed() {
		d.beside--
	}
	switch {
	case quantities:
		unite(vs, plain, s)
	case n[plain] > 0 && (n[plain]+n[named] >= d.plain || n[bare] > 0 && n[plain] >= d.beside):
		unite(vs, plain, s)
	case n[named] > 0 && (n[named] >= d.named || n[bare] > 0 && d.words > 1 && d.named < 50):
		unite(vs, named, s)
	case n[bare] > 0 && d.words > 0:
		unite(vs, masked, s)
	case d.words > 0:
		uniteKeyed(vs, s)
	}
}

// terms returns how many words it takes at least when they look like the terms
// of a protocol or a life cycle rather than like names.
func terms(vs []variant) int {
	words, capitals, verbs, known := 0, 0, 0, 0
	for _, v := range vs {
		if v.kind != plain {
			continue
		}
		words++
		switch w := v.value; {
		case term(w):
			known++
		case len(w) > 1 && w == strings.ToUpper(w):
			capitals++
		case strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ing"):
			verbs++
		}
	}
	switch {
	case words == 0:
		return 0
	case known*2 > words:
		return never
	case verbs*2 > words:
		return 20
	case capitals > 0:
		return 5
	}
	return 0
}

// term reports whether w is a method of HTTP or the level of a log record.
func term(w string) bool {
	switch strings.ToUpper(w) {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE",
		"DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "SEVERE", "CRITICAL", "FATAL":
		return true
	}
	return false
}

// uniteKeyed unites three masked variants or more that have the same key before
// a colon.
func uniteKeyed(vs []variant, s sets) {
	byKey := map[string][]variant{}
	for _, v := range vs {
		if v.kind == masked {
			byKey[prefix(v.value)] = append(byKey[prefix(v.value)], v)
		}
	}
	for _, same := range byKey {
		if len(same) > 2 {
			unite(same, masked, s)
		}
	}
}

// prefix returns the key before the last colon of a value.
func prefix(value string) string { return value[:strings.LastIndexByte(value, ':')+1] }

// keyed reports whether a value stands behind a key or in quotes.
func (f frame) keyed() bool {
	return f.before != "" && strings.IndexByte("=\"'", f.before[len(f.before)-1]) >= 0
}

// unite unites the variants that are at least of a kind.
func unite(vs []variant, least kind, s sets) {
	first := int32(-1)
	for _, v := range vs {
		switch {
		case v.kind < least:
		case first < 0:
			first = v.pattern
		default:
			s.unite(first, v.pattern)
		}
	}
}

// identity reports whether a chunk says that a name follows.
func identity(c string) bool {
	switch strings.ToLower(strings.Trim(c, " :=([\"'")) {
	case "user", "username", "host", "hostname", "node", "client", "server", "for", "from", "by", "of", "to", "on", "named",
		"name", "file", "device", "table", "topic", "queue", "bucket", "tenant", "account", "domain":
		return true
	}
	return false
}
