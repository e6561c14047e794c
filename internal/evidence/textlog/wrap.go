package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// wrap is what a container runtime puts before every line of a program, whatever
// the program writes.
type wrap uint8

const (
	bare    wrap = iota
	cri          // 2024-03-15T14:37:00.123456789Z stdout F line
	stamped      // 2024-03-15T14:37:00.123456789Z line, by docker logs -t
)

var wraps = [...]wrap{cri, stamped}

// peel returns what is wrapped in a line and the time of the wrapping: of Docker or
// Kubernetes, with stream and tag for cri. ok is false when nothing is wrapped.
func (w wrap) peel(c *logtime.Clock, line []byte) (inner []byte, at int64, ok bool) {
	if len(line) < 21 || line[10] != 'T' {
		return line, record.NoTime, false
	}
	s, ok := c.Read(line)
	if !ok || s.N < 20 || s.N < len(line) && line[s.N] != ' ' {
		return line, record.NoTime, false
	}
	inner = line[min(s.N+1, len(line)):]
	if w == stamped {
		return inner, s.At, s.N > 24
	}
	if len(inner) < 8 || string(inner[:3]) != "std" || inner[6] != ' ' || len(inner) > 8 && inner[8] != ' ' {
		return line, record.NoTime, false
	}
	return inner[min(9, len(inner)):], s.At, inner[7] == 'F' || inner[7] == 'P'
}

// urlEnd begins what layouts of web applications put behind the message: the request.
var urlEnd = []byte("|url: ")

// learnEnd notes that most records, or the stack traces that belong to them, end
// with the request that they are about.
func (g *Grammar) learnEnd(lines [][]byte) {
	n := 0
	for _, l := range lines {
		if bytes.Contains(l, urlEnd) {
			n++
		}
	}
	if n > 0 && n*2 >= len(lines) {
		g.ends = urlEnd
	}
}

// beforeEnd returns a message without what stands behind it.
func (g *Grammar) beforeEnd(message []byte) []byte {
	if i := bytes.LastIndex(message, g.ends); i > 0 {
		return logline.Trim(message[:i])
	}
	return message
}
