package rowlog

import (
	"bytes"

	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Columns of Papertrail's archives.
const (
	ptID       = 0
	ptTime     = 1
	ptReceived = 2
	ptSourceID = 3
	ptHost     = 4
	ptSeverity = 7
	ptProgram  = 8
	ptMessage  = 9
	ptColumns  = 10
)

// readPapertrail reads a row of an archive. What Heroku drains names what wrote it
// before the process: app/web.1.
func readPapertrail(c *logtime.Clock, cells [][]byte, l *record.Log, message []byte) ([]byte, bool) {
	if len(cells) != ptColumns || !number(cells[ptID]) || !number(cells[ptSourceID]) || !timed(c, cells[ptReceived], l) || !timed(c, cells[ptTime], l) {
		return message, false
	}
	l.Level, _ = loglevel.Parse(cells[ptSeverity])
	l.Instance = cells[ptHost]
	if program := bytes.TrimSpace(cells[ptProgram]); len(program) > 0 {
		l.Service = program
		if _, process, ok := bytes.Cut(program, []byte{'/'}); ok && len(process) > 0 {
			l.Service = logname.Workload(process)
		}
	}
	return firstLine(message, cells[ptMessage]), true
}
