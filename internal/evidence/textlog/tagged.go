package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
)

// readLabels reads the labels of a stream, {app="shop", level="error"}. Labels that
// break off leave h as it was.
func readLabels(b []byte, i int, h *Header) (int, bool) {
	was := *h
	end, ok := streamLabels(b, i, h)
	if !ok {
		*h = was
	}
	return end, ok
}

func streamLabels(b []byte, i int, h *Header) (int, bool) {
	start := i
	if b[i] != '{' {
		return start, false
	}
	for i++; i < len(b) && b[i] != '}'; {
		for i < len(b) && (b[i] == ',' || b[i] == ' ') {
			i++
		}
		n := bytes.Index(b[i:min(len(b), i+80)], []byte(`="`))
		if n <= 0 {
			return start, false
		}
		key := b[i : i+n]
		i += n + 2
		end := quoteEnd(b, i)
		if end < 0 {
			return start, false
		}
		h.label(key, b[i:end])
		i = end + 1
	}
	return i + 1, i < len(b)
}

// quoteEnd returns the offset of the quote that ends a value at b[i:], -1 when
// there is none.
func quoteEnd(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// label takes what a label says about the record. Of several names for a
// service the first counts, since labels are sorted by name: app, then service.
func (h *Header) label(key, value []byte) {
	switch logfield.Lookup("", key).Role {
	case logfield.Level:
		if l, ok := loglevel.Parse(value); ok {
			h.Level = l
		}
	case logfield.Service:
		if len(h.Service) == 0 {
			h.Service = value
		}
	case logfield.Pod:
		h.Instance = value
	}
}

// readLastLevel reads a word of parts with colons between them, the last of
// which is a level, as PostgreSQL has it where its prefix holds no blanks.
func readLastLevel(b []byte, i int, h *Header) (int, bool) {
	end := wordEnd(b, i)
	if end-i < 4 || b[end-1] != ':' {
		return i, false
	}
	k := bytes.LastIndexByte(b[i:end-1], ':')
	if k < 0 {
		return i, false
	}
	l, n := loglevel.Column(b[i+k+1:])
	if n == 0 {
		return i, false
	}
	h.Level = l
	return i + k + 1 + n, true
}

// readAudit reads the time of a record of the Linux audit system, with the node
// that may stand before it. The message begins with the record's type, which says
// whether a unit was started or stopped, though the time stands behind it.
func readAudit(c *logtime.Clock, b []byte, i int, h *Header) (int, bool) {
	start := i
	const kind, lead = "type=", "msg=audit("
	if bytes.HasPrefix(b[i:], []byte("node=")) {
		end := wordEnd(b, i)
		h.Instance = b[i+len("node=") : end]
		i = min(len(b), end+1)
	}
	k := bytes.Index(b[i:min(len(b), i+80)], []byte(lead))
	if k < 0 || !bytes.HasPrefix(b[i:], []byte(kind)) {
		return start, false
	}
	s, ok := c.Read(b[i+k+len(lead):])
	if !ok {
		return start, false
	}
	h.At, h.stamp = s.At, s
	return i + len(kind), true
}

// learnAudit recognizes records of the audit system, which would pass for logfmt
// without times.
func (l *learner) learnAudit() bool {
	return l.learnFixed(shape{steps: []step{{kind: audit, must: true}}, timed: true}, (len(l.lines)+1)/2)
}

// learnSlow recognizes a log of slow statements: a comment with the time
// begins a record of several lines, which it is too few of to be found by count.
func (l *learner) learnSlow() bool {
	for _, line := range l.lines {
		if bytes.HasPrefix(line, []byte("# Query_time: ")) {
			s := shape{steps: []step{{kind: word, must: true}, {kind: word, must: true}, {kind: clock, must: true}}, timed: true}
			return l.learnFixed(s, 1)
		}
	}
	return false
}

// learnFixed takes a shape that is known if at least so many lines have it.
func (l *learner) learnFixed(s shape, least int) bool {
	before := l.shape
	l.shape = s
	l.start()
	if len(l.sample) >= max(least, 1) {
		return true
	}
	l.shape, l.sample = before, nil
	return false
}
