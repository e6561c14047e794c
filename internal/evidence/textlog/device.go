package textlog

import (
	"bytes"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
)

// severityOf returns the level in the mnemonic of a message of a network device:
// %LINK-3-UPDOWN:, %ASA-4-106023:, %FMANFP-F0-4-QOS:.
func severityOf(message []byte) hindcast.Level {
	w := message[:wordEnd(message, 0)]
	if len(w) < 6 || w[0] != '%' || w[len(w)-1] != ':' {
		return hindcast.LevelUnknown
	}
	for i := 2; i+2 < len(w); i++ {
		if w[i] == '-' && w[i+1]-'0' < 8 && w[i+2] == '-' {
			return loglevel.Severity(int(w[i+1] - '0'))
		}
	}
	return hindcast.LevelUnknown
}

// mnemonicAt returns where a mnemonic stands at b[i:], behind a colon or the marks
// of a virtual device if need be; 0 when there is none.
func mnemonicAt(b []byte, i int) int {
	for range 6 {
		if i >= len(b) || b[i] != '%' && b[i] != ':' && !bytes.HasPrefix(b[i:], []byte("VDC-")) {
			return 0
		}
		if severityOf(b[i:]) != hindcast.LevelUnknown {
			return i
		}
		i = nextWord(b, i)
	}
	return 0
}

// readReport reads the head of a report of Erlang, of which the text follows on
// the next lines: =ERROR REPORT==== 15-Mar-2024::14:37:00 ===
func readReport(c *logtime.Clock, b []byte, i int, h *Header) (int, bool) {
	const mark = " REPORT==== "
	n := bytes.Index(b[i:min(len(b), i+40)], []byte(mark))
	if n < 2 || b[i] != '=' {
		return i, false
	}
	s, ok := c.Read(b[i+n+len(mark):])
	if !ok {
		return i, false
	}
	h.At, h.stamp = s.At, s
	switch kind := b[i+1 : i+n]; string(kind) {
	case "CRASH", "SUPERVISOR":
		h.Level = hindcast.LevelError
	case "PROGRESS":
		h.Level = hindcast.LevelInfo
	default:
		h.Level, _ = loglevel.Parse(kind)
	}
	end := i + n + len(mark) + s.N
	return end + len(b[end:]) - len(bytes.TrimLeft(b[end:], " =")), true
}

// learnReport recognizes reports of Erlang, whose lines would be records each.
func (l *learner) learnReport() bool {
	return l.learnFixed(shape{steps: []step{{kind: report, must: true}}, timed: true}, 1)
}

// readEventType reads the thread, the component and the level of a record of
// WebSphere, which is one character: 0000003c ThreadMonitor W.
func readEventType(b []byte, i int, h *Header) (int, bool) {
	thread := wordEnd(b, i)
	name := nextWord(b, i)
	at := nextWord(b, name)
	if thread-i != 8 || at >= len(b) || wordEnd(b, at) != at+1 {
		return i, false
	}
	for _, c := range b[i:thread] {
		if !digit(c) && c|0x20-'a' > 5 {
			return i, false
		}
	}
	switch b[at] {
	case 'F':
		h.Level = hindcast.LevelFatal
	case 'E', 'R': // R is what went to the standard error
		h.Level = hindcast.LevelError
	case 'W':
		h.Level = hindcast.LevelWarn
	case 'A', 'C', 'I':
		h.Level = hindcast.LevelInfo
	case 'D', '1', '2', '3', '<', '>':
		h.Level = hindcast.LevelDebug
	case 'O', 'Z':
	default:
		return i, false
	}
	return at + 1, true
}
