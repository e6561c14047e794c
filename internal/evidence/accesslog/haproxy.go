package accesslog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/textlog"
)

// haproxy is the log of HAProxy in which requests stand among what it says of its
// servers. One of requests alone is an access log.
func haproxy() record.Format {
	return record.Format{
		Name: "haproxy-log", Source: "HAProxy",
		Recognize: func(h record.Head) int {
			lines := logline.Head(h, maxSample)
			tagged, said := 0, 0
			for _, l := range lines {
				if tag(l) {
					tagged++
					if bytes.IndexByte(l, '"') < 0 {
						said++
					}
				}
			}
			return sureIf(said > 0 && tagged*10 >= len(lines)*8, sureAccess+2)
		},
		Yearless: func(h record.Head) bool { return settleTags(h).Yearless() },
		Lines: func(f *record.File, h record.Head) record.LineParser {
			return proxyParser{textlog.NewParser(f, settleTags(h))}
		},
	}
}

// settleTags settles how lines begin, up to the tag: requests hold a time too.
func settleTags(h record.Head) *textlog.Grammar {
	var heads [][]byte
	for _, line := range logline.Head(h, maxSample) {
		if i := bytes.Index(line, []byte(" haproxy")); i > 0 {
			if k := bytes.Index(line[i:], []byte(": ")); k > 0 {
				heads = append(heads, append(bytes.Clone(line[:i+k]), ": said so"...))
			}
		}
	}
	return textlog.SettleLines(heads)
}

// tag reports whether a line is one that HAProxy gave to syslog.
func tag(line []byte) bool {
	return bytes.Contains(line, []byte(" haproxy[")) || bytes.Contains(line, []byte(" haproxy: "))
}

// proxyParser reads lines as text and what the text says as HAProxy means it.
type proxyParser struct{ record.LineParser }

// Chunk implements [record.LineParser].
func (p proxyParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	p.LineParser.Chunk(data, line, offset, &proxySink{Sink: sink})
}

type proxySink struct {
	record.Sink
	message []byte
}

// words of a request before its status: client, [time], frontend, backend/server,
// timers.
const wordsBefore = 5

// Log passes on a record: a request with its status, a change of a server with its
// level.
func (s *proxySink) Log(l *record.Log) {
	if start, end := request(l.Message, 0); start > 0 {
		a := access{}
		if at := wordAt(l.Message, wordsBefore); at > 0 && at < start {
			a.status = status(l.Message, at)
		}
		if a.status > 0 {
			a.method, a.path = requestLine(l.Message, start, end)
			s.message = a.appendTo(s.message[:0])
			l.Message, l.Status = s.message, a.status
		}
	} else if l.Level == hindcast.LevelUnknown {
		l.Level = stateLevel(l.Message)
	}
	s.Sink.Log(l)
}

// stateLevel returns the level of what HAProxy says of a server or a backend, as it
// gives it to syslog, which files leave out.
func stateLevel(m []byte) hindcast.Level {
	has := func(words string) bool { return bytes.Contains(m, []byte(words)) }
	switch {
	case !bytes.HasPrefix(m, []byte("Server ")) && !bytes.HasPrefix(m, []byte("Backup Server ")) && !bytes.HasPrefix(m, []byte("backend ")) && !bytes.HasPrefix(m, []byte("Health check ")):
		return hindcast.LevelUnknown
	case has(" has no server available"):
		return hindcast.LevelFatal
	case has(" is DOWN"):
		return hindcast.LevelError
	case has(" failed,"):
		return hindcast.LevelWarn
	case has(" is UP"), has(" succeeded,"):
		return hindcast.LevelInfo
	}
	return hindcast.LevelUnknown
}
