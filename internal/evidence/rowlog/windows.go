package rowlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Columns of Event Viewer, in the language of the system. The last, with the
// message, has no name in the header.
const (
	winLevel   = 0
	winTime    = 1
	winSource  = 2
	winID      = 3
	winMessage = 5
	winColumns = 6
)

// windowsHeader reports whether a row names the columns but for the message.
func windowsHeader(cells [][]byte) bool {
	if len(cells) != winColumns-1 {
		return false
	}
	for _, c := range cells {
		if len(c) == 0 || bytes.ContainsAny(c, ":0123456789") {
			return false
		}
	}
	return true
}

// readWindows reads an event.
func readWindows(c *logtime.Clock, cells [][]byte, l *record.Log, message []byte) ([]byte, bool) {
	if len(cells) != winColumns || !number(cells[winID]) || !timed(c, cells[winTime], l) {
		return message, false
	}
	l.Level, _ = loglevel.Parse(cells[winLevel])
	if source := bytes.TrimSpace(cells[winSource]); len(source) > 0 {
		l.Service = source
	}
	return firstLine(message, cells[winMessage]), true
}

func number(b []byte) bool {
	for _, c := range b {
		if c-'0' >= 10 {
			return false
		}
	}
	return len(b) > 0
}
