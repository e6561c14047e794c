package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// wrap is what a container runtime or a log tool puts before every line of a
// program, whatever the program writes.
type wrap uint8

const (
	bare     wrap = iota
	cri           // 2024-03-15T14:37:00.123456789Z stdout F line
	stamped       // 2024-03-15T14:37:00.123456789Z line, by docker logs -t
	compose       // web_1  | line
	prefixed      // [pod/NAME/CONTAINER] line, by kubectl logs --prefix
	tailed        // NAME CONTAINER line, by tools that follow many pods
)

var wraps = [...]wrap{cri, prefixed, tailed, compose, stamped}

// dated reports whether the wrapping carries times of its own.
func (w wrap) dated() bool { return w == cri || w == stamped }

// outer is what a wrapping says.
type outer struct {
	At       int64
	Service  []byte
	Instance []byte
}

// peel returns what is wrapped in a line; ok is false when nothing is.
func (w wrap) peel(c *logtime.Clock, line []byte) (inner []byte, o outer, ok bool) {
	o.At = record.NoTime
	switch w {
	case cri, stamped:
		return w.peelTime(c, line)
	case compose:
		name, inner, ok := bytes.Cut(line[:min(len(line), 80)], []byte{'|'})
		name = bytes.TrimRight(name, " ")
		if !ok || len(name) == 0 || !letter(name[0]) || bytes.IndexByte(name, ' ') >= 0 || !tagBytes(name) || len(inner) > 0 && inner[0] != ' ' || line[len(name)] != ' ' {
			return line, o, false
		}
		o.Instance, o.Service = name, unnumbered(name)
		return bytes.TrimPrefix(line[bytes.IndexByte(line, '|')+1:], blank), o, true
	case prefixed:
		inner, ok := bytes.CutPrefix(line, []byte("[pod/"))
		if !ok {
			return line, o, false
		}
		name, inner, ok := bytes.Cut(inner, []byte("] "))
		o.Instance, _, _ = bytes.Cut(name, []byte{'/'})
		o.Service = logname.Workload(o.Instance)
		return inner, o, ok
	case tailed:
		pod, inner, _ := bytes.Cut(line, blank)
		container, inner, ok := bytes.Cut(inner, blank)
		o.Instance, o.Service = pod, logname.Workload(pod)
		return inner, o, ok && len(o.Service) < len(pod)-8 && len(container) > 0 && letter(container[0])
	}
	return line, o, false
}

// peelTime peels a time of Docker or Kubernetes and, for cri, stream and tag.
func (w wrap) peelTime(c *logtime.Clock, line []byte) ([]byte, outer, bool) {
	o := outer{At: record.NoTime}
	if len(line) < 21 || line[10] != 'T' {
		return line, o, false
	}
	s, ok := c.Read(line)
	if !ok || s.N < 20 || s.N < len(line) && line[s.N] != ' ' {
		return line, o, false
	}
	o.At = s.At
	inner := line[min(s.N+1, len(line)):]
	if w == stamped {
		return inner, o, s.N > 24
	}
	if len(inner) < 8 || string(inner[:3]) != "std" || inner[6] != ' ' || len(inner) > 8 && inner[8] != ' ' {
		return line, o, false
	}
	return inner[min(9, len(inner)):], o, inner[7] == 'F' || inner[7] == 'P'
}

// unnumbered cuts the number of the replica off the name of a container.
func unnumbered(name []byte) []byte {
	i := len(name)
	for i > 0 && digit(name[i-1]) {
		i--
	}
	if i < len(name) && i > 1 && (name[i-1] == '_' || name[i-1] == '-') {
		return name[:i-1]
	}
	return name
}
