package followed

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// prefix is what a tool puts before every line to tell containers apart.
type prefix uint8

const (
	bar       prefix = iota // web-1  | line, of Compose; web.1.ID@NODE    | line, of Swarm
	slashed                 // [pod/NAME/CONTAINER] line, of kubectl logs --prefix
	pod                     // NAME CONTAINER line, of stern; the namespace may stand before
	bracketed               // [NAME CONTAINER] line, of kubetail
	streamed                // TIME STREAM line, of aws logs tail
)

var prefixes = [...]prefix{bar, slashed, pod, bracketed, streamed}

// label is what a prefix says.
type label struct {
	service, instance []byte
	container         []byte // of several in a pod
	at                int64  // record.NoTime when the prefix has no time
}

// maxName is how long the name of a container may be, with what pads it.
const maxName = 200

// cut takes the prefix off a line; ok is false when it has none.
func (p prefix) cut(c *logtime.Clock, line []byte) (inner []byte, l label, ok bool) {
	l.at = record.NoTime
	switch p {
	case bar:
		return cutBar(line)
	case slashed:
		name, inner, ok := bytes.Cut(line, []byte("] "))
		name, begins := bytes.CutPrefix(name, []byte("[pod/"))
		l.instance, l.container, _ = bytes.Cut(name, []byte{'/'})
		l.service = logname.Workload(l.instance)
		return inner, l, ok && begins && plain(l.instance) && plain(l.container)
	case pod:
		first, rest, _ := bytes.Cut(line, blank)
		second, inner, ok := bytes.Cut(rest, blank)
		if third, after, more := bytes.Cut(inner, blank); ok && more && !ofWorkload(first) && ofWorkload(second) && plain(third) {
			first, second, inner = second, third, after
		}
		l.instance, l.service, l.container = first, logname.Workload(first), second
		return inner, l, ok && plain(second) && ofWorkload(first)
	case bracketed:
		name, inner, ok := bytes.Cut(line, []byte("] "))
		name, begins := bytes.CutPrefix(name, []byte{'['})
		name, container, two := bytes.Cut(name, blank)
		l.instance, l.service, l.container = name, logname.Workload(name), container
		return inner, l, ok && begins && ofWorkload(name) && (!two || plain(container))
	}
	return cutStream(c, line)
}

var blank = []byte{' '}

// plain reports whether b could name a pod or container: letters, digits and what
// stands between them.
func plain(b []byte) bool {
	for _, c := range b {
		if c|0x20-'a' >= 26 && c-'0' >= 10 && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return len(b) > 0 && b[0] != '-' && b[0] != '.'
}

// ofWorkload reports whether b is the name of a pod that a workload made.
func ofWorkload(b []byte) bool {
	return len(b) <= maxName && plain(b) && bytes.IndexByte(b, '-') > 0 && len(logname.Workload(b)) < len(b)
}

// cutBar cuts a name and the bar behind it. Names of levels are those of layouts.
func cutBar(line []byte) (inner []byte, l label, ok bool) {
	l.at = record.NoTime
	i := bytes.IndexByte(line[:min(len(line), maxName)], '|')
	if i < 2 || line[i-1] != ' ' || i+1 < len(line) && line[i+1] != ' ' {
		return line, l, false
	}
	name := bytes.TrimRight(line[:i], " ")
	task, _, swarm := bytes.Cut(name, []byte{'@'})
	if !plain(task) || name[0]-'0' < 10 || bytes.Equal(name, bytes.ToUpper(name)) {
		return line, l, false
	}
	if _, level := loglevel.Parse(name); level && len(name) > 1 {
		return line, l, false
	}
	if swarm {
		l.service, _, _ = bytes.Cut(task, []byte{'.'})
		if k := bytes.LastIndexByte(task, '.'); k > len(l.service) {
			task = task[:k]
		}
		l.instance = task
	} else {
		l.instance, l.service = name, unnumbered(name)
	}
	return line[min(i+2, len(line)):], l, true
}

// unnumbered cuts the number of a replica off the name of a container.
func unnumbered(name []byte) []byte {
	i := len(name)
	for i > 0 && name[i-1]-'0' < 10 {
		i--
	}
	if i < len(name) && i > 1 && (name[i-1] == '_' || name[i-1] == '-') {
		return name[:i-1]
	}
	return logname.Workload(name)
}

// cutStream cuts a time and the name of a stream of CloudWatch Logs: of a task of
// ECS, PREFIX/CONTAINER/ID, a version of a function, or a container of Kubernetes.
func cutStream(c *logtime.Clock, line []byte) (inner []byte, l label, ok bool) {
	l.at = record.NoTime
	s, ok := c.Read(line)
	if !ok || s.N < 20 || s.Epoch || s.N >= len(line) || line[s.N] != ' ' {
		return line, l, false
	}
	name, inner, ok := bytes.Cut(line[s.N+1:], blank)
	if !ok || len(name) > maxName {
		return line, l, false
	}
	l.at, l.instance = s.At, name
	id := name[bytes.LastIndexAny(name, "/-")+1:]
	parts := bytes.Split(name, []byte{'/'})
	switch {
	case bytes.Contains(name, []byte("/[")): // a version of a function, named by the group
	case len(id) < 32 || !hexadecimal(id):
		return line, l, false
	case len(parts) > 1:
		l.service, l.instance = parts[len(parts)-2], id
	default:
		l.instance, _, _ = bytes.Cut(name, []byte{'_'})
		l.service = logname.Workload(l.instance)
	}
	return inner, l, true
}

func hexadecimal(b []byte) bool {
	for _, c := range b {
		if c-'0' >= 10 && c-'a' >= 6 {
			return false
		}
	}
	return true
}

// settle returns how the lines of a file tell containers apart; ok is false when
// they do not.
func settle(h record.Head) (p prefix, ok bool) {
	lines := logline.Head(h, maxSample)
	c := logtime.NewClock(&record.File{}, logtime.Habit{})
	for _, p := range prefixes {
		n, all, surely := 0, 0, 0
		for _, line := range lines {
			text := bare(line)
			inner, l, ok := p.cut(c, text)
			if ok || !own(text) {
				all++
			}
			if !ok {
				continue
			}
			if n++; p.surely(c, inner, l) {
				surely++
			}
		}
		share := 8 // of ten lines
		switch p {
		case streamed:
			share = 3 // others continue the record before
		case bar:
			share = 6 // others are what Compose did before
		}
		if n > 0 && n*10 >= all*share && surely*2 >= n {
			return p, true
		}
	}
	return 0, false
}

// surely reports whether a line that has the prefix can hardly have it by chance:
// tables have a name and a bar too.
func (p prefix) surely(c *logtime.Clock, inner []byte, l label) bool {
	switch p {
	case bar:
		if _, timed := c.Read(bytes.TrimLeft(inner, "[(")); timed || len(inner) > 0 && inner[0] == '{' {
			return true
		}
		return len(l.service) < len(l.instance) && !bytes.Contains(inner, []byte(" | "))
	case pod, bracketed:
		return len(l.service) < len(l.instance)-8
	}
	return true
}

// bare returns a line without colors.
func bare(line []byte) []byte {
	if bytes.IndexByte(line, 0x1b) < 0 {
		return line
	}
	return logline.AppendPlain(nil, line)
}
