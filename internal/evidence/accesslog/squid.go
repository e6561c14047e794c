package accesslog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// squid is the native layout of Squid. A proxy asks many hosts, so the path
// begins with the host:
//
//	1772721421.734    306 192.0.2.5 TCP_MISS/503 4021 GET http://shop.example.net/a - HIER_DIRECT/198.51.100.7 text/html
type squid struct{}

// Words of a line of Squid: time, elapsed, client, result/status, bytes, method, URL.
const (
	squidElapsed = 1
	squidResult  = 3
	squidBytes   = 4
	squidMethod  = 5
	squidTarget  = 6
	squidWords   = 7
)

// settleSquid finds out whether lines are those of Squid.
func settleSquid(lines [][]byte) layout {
	c := logtime.NewClock(&record.File{}, logtime.Habit{})
	n := 0
	for i, line := range lines {
		if i == 5 && n == 0 {
			break
		}
		if _, ok := (squid{}).read(c, line); ok {
			n++
		}
	}
	if n == 0 || n*10 < len(lines)*9 {
		return nil
	}
	return squid{}
}

func (squid) read(c *logtime.Clock, line []byte) (a access, ok bool) {
	var words [squidWords][]byte
	i := 0
	for k := range words {
		for i < len(line) && line[i] == ' ' {
			i++
		}
		end := bytes.IndexByte(line[i:], ' ')
		if end <= 0 {
			return a, false
		}
		words[k] = line[i : i+end]
		i += end
	}
	if a.at, ok = c.Read(words[0]); !ok || !a.at.Epoch || !digits(words[squidElapsed]) || !digits(words[squidBytes]) {
		return a, false
	}
	result, code, ok := bytes.Cut(words[squidResult], []byte{'/'})
	if !ok || len(code) != 3 || !digits(code) {
		return a, false
	}
	if a.status = status(code, 0); a.status == 0 { // the client went away before there was an answer
		a.raw = bytes.Join([][]byte{result, targetOf(words[squidTarget])}, []byte{' '})
		return a, true
	}
	a.method, a.path = words[squidMethod], targetOf(words[squidTarget])
	return a, isMethod(a.method)
}

// targetOf returns host and path of what was asked for, without what may be secret: who
// asks and the query.
func targetOf(url []byte) []byte {
	url, _, _ = bytes.Cut(url, []byte{'?'})
	if _, rest, ok := bytes.Cut(url, []byte("://")); ok {
		url = rest
	}
	host, _, _ := bytes.Cut(url, []byte{'/'})
	if i := bytes.LastIndexByte(host, '@'); i >= 0 {
		url = url[i+1:]
	}
	return url
}

// digits reports whether b is a number; elapsed times may be negative.
func digits(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte{'-'})
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}
