package chat

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// zone is the zone that a transcript names before its first message.
func (t *transcript) zone(head string) *time.Location {
	n := 0
	for line := range strings.Lines(head) {
		if _, ok := t.read(strings.TrimRight(line, "\r\n")); ok {
			break
		}
		n += len(line)
	}
	return stamp.HeadZone(head[:n])
}

// zoned is a time with the offset of the zone that the head of its file names,
// unless it carries one, or the user named another.
func zoned(f *record.File, zone *time.Location, at string) string {
	if zone == nil || f.Zone != nil {
		return at
	}
	t, own, ok := stamp.Parse(at, zone, 0)
	if !ok || own != "" {
		return at
	}
	return t.In(zone).Format("2006-01-02T15:04:05.999999999-07:00")
}
