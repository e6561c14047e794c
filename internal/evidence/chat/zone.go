package chat

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// zone is the zone that a transcript names before its first message.
func (t *transcript) zone(head string) *time.Location { return stamp.HeadZone(t.preface(head)) }

// headDay is the day, with its year, that a transcript names before its first message, as
// 2006-01-02; "" when it names none.
func (t *transcript) headDay(head string) string {
	for line := range strings.Lines(t.preface(head)) {
		if day := dayIn(line); day != "" && day[0] != '-' {
			return day
		}
	}
	return ""
}

// preface is what stands before the first message of a transcript.
func (t *transcript) preface(head string) string {
	n := 0
	for line := range strings.Lines(head) {
		if _, ok := t.read(strings.TrimRight(line, "\r\n")); ok {
			break
		}
		n += len(line)
	}
	return head[:n]
}
