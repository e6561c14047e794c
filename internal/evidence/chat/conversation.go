package chat

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// conversation is the reading of one transcript.
type conversation struct {
	*transcript
	*reading
	file   *record.File
	offset int64
	day    string         // of the messages that follow, as 2006-01-02; "" when unknown
	order  order          // of day and month in the dates
	zone   *time.Location // of times that name none; nil when the head does not tell
	last   int            // minutes of the last clock, to see midnight pass
	undone bool           // that days are missing was reported
	name   string         // who spoke last
	app    bool
	open   bool
	before string // the line before
	quote  string // what the lines of the message begin with beside its text
	ref    hindcast.Ref
	at     string
	text   []string
}

// take reads one line.
func (c *conversation) take(line string, n int) {
	if m := c.transcript.day.FindStringSubmatch(line); m != nil {
		c.end()
		c.day, c.last = c.daySaid(m), 0
		return
	}
	if c.notice.MatchString(line) {
		c.end()
		return
	}
	s, ok := c.follow(c.before, line)
	if c.before = line; ok && s.above {
		c.unname()
	}
	if m := c.clock.FindStringSubmatch(line); !ok && m != nil && c.name != "" {
		s, ok = spoken{name: c.name, app: c.app, clock: m[1], zone: m[2]}, true
	}
	if !ok {
		if c.open && strings.TrimSpace(line) != "" {
			c.text = append(c.text, strings.TrimPrefix(line, c.quote))
			c.ref.EndLine = n
		}
		return
	}
	c.end()
	c.open, c.name, c.app, c.text = true, strings.TrimSpace(s.name), s.app, nil
	c.quote = ""
	if c.form != setOff && strings.HasPrefix(line, "> ") {
		c.quote = "> "
	}
	c.ref = hindcast.Ref{File: c.file.Name, Line: n, Offset: c.offset}
	c.at = c.when(s)
	if s.text != "" {
		c.text = append(c.text, s.text)
	}
}

// unname takes the last line from the open message: it was the name of who
// speaks next.
func (c *conversation) unname() {
	if !c.open || len(c.text) == 0 {
		return
	}
	c.text = c.text[:len(c.text)-1]
	c.ref.EndLine = max(c.ref.EndLine-1, c.ref.Line)
}

// end writes the message that is open.
func (c *conversation) end() {
	if !c.open || len(c.text) == 0 {
		c.open = false
		return
	}
	c.open = false
	if c.at == "" {
		if !c.undone {
			c.undone = true
			c.Problem(hindcast.Ref{File: c.file.Name}, "the conversation tells times but no day, so its messages cannot be placed; put the day into the name of the file, as in chat-2024-05-01.txt")
		}
		return
	}
	text := strings.Join(c.text, "\n")
	e := c.said(c.name, text, c.channel)
	if c.app {
		e.Actor.Kind = hindcast.Automation
	}
	c.write(c.ref, stamp.Zoned(c.file, c.zone, c.at), e)
}

// when is the time of a message in a form that package stamp reads; "" when the
// day is unknown. A clock that falls back by hours has passed midnight.
func (c *conversation) when(s spoken) string {
	clock := clockOf(s)
	if s.day != "" {
		return c.dayOf(s.day) + " " + clock + s.zone
	}
	if c.day == "" {
		return ""
	}
	minutes := minuteOf(clock)
	if minutes+12*60 < c.last {
		c.day = nextDay(c.day)
	}
	c.last = minutes
	return c.day + " " + clock + s.zone
}

// clockOf is the clock of a message as "14:37:05" or "2:37 PM".
func clockOf(s spoken) string {
	clock := strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(s.clock, ".", ""), " ", ""))
	if strings.Contains(s.clock, ":") && !strings.HasSuffix(clock, "M") {
		clock = s.clock
	}
	if half, ok := strings.CutSuffix(clock, "M"); ok {
		clock = half[:len(half)-1] + " " + half[len(half)-1:] + "M"
	}
	return clock
}

// minuteOf is the minute of the day of a clock, "14:37:05" or "2:37 PM"; the
// pattern it came from leaves only digits.
func minuteOf(clock string) int {
	h, rest, _ := strings.Cut(clock, ":")
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi(rest[:min(2, len(rest))])
	switch {
	case strings.HasSuffix(clock, "PM") && hour < 12:
		hour += 12
	case strings.HasSuffix(clock, "AM") && hour == 12:
		hour = 0
	}
	return hour*60 + minute
}
