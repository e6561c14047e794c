package chat

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// date finds a day in text: 2024-05-01.
var date = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// transcript reads conversations that are plain text.
type transcript struct {
	*parser
	line   *regexp.Regexp // a message in one line
	header *regexp.Regexp // a name and a time; the message follows
	name   *regexp.Regexp // a name alone
	behind *regexp.Regexp // a time in brackets and a name; the message follows
	from   *regexp.Regexp // a message as Zoom saves it
	sent   *regexp.Regexp // the same with its text on the next line
	under  *regexp.Regexp // a day, a time and a name; the message follows
	stamp  *regexp.Regexp // a day and a time
	nick   *regexp.Regexp // a message of IRC after a day without a year
	tabbed *regexp.Regexp // a time, a name and a message between tabs, as WeeChat logs them
	clock  *regexp.Regexp // a time alone; the message of the same person follows
	day    *regexp.Regexp // a line that says which day it is
	notice *regexp.Regexp // joins, parts and the like
	level  *regexp.Regexp // what logs write where a name would stand
	free   free
	form   form
}

func newTranscript(p *parser) *transcript {
	const (
		dayPart = `(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}-[A-Z][a-z]{2}-\d{2,4}|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}\b|\d{1,2}/\d{1,2}\b|\d{1,2}\.\d{1,2}\.)[T,]?\s*`
		// who is a name as people have it, or a login: programs write phrases there.
		who       = `[\p{Lu}@][\pL\pN_@'().-]*(?: (?:[\p{Lu}\pN(][\pL\pN_@'().-]*|de|del|da|dos|van|von|der|den|la|le|of|and)){0,4}|[a-z][\w.@-]{1,30}`
		clockPart = `(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?)(\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?`
	)
	return &transcript{
		parser: p,
		from:   regexp.MustCompile(`^()()` + clockPart + `\s+From\s+([\pL@].{0,40}?)(?:\s+to\s+.{1,40}?)?\s*:\s+(\S.*)$`),
		sent:   regexp.MustCompile(`^` + clockPart + `\s+From\s+([\pL@].{0,40}?)\s+to\s+[^:]{1,40}:$`),
		under:  regexp.MustCompile(`^` + dayPart + clockPart + `\s{1,4}(` + who + `)$`),
		stamp:  regexp.MustCompile(`^` + dayPart + clockPart + `\b`),
		nick:   regexp.MustCompile(`^((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{1,2}) ` + clockPart + `\s+<[@+%~&\s]?([^<>\s]{1,40})>\s+(\S.*)$`),
		tabbed: regexp.MustCompile(`^` + dayPart + clockPart + `\t[@+%~&]?([\pL_@][^\t]{0,40})\t(\S.*)$`),
		line:   regexp.MustCompile(`^(\[)?(?:` + dayPart + `)?` + clockPart + `\]?\s*(-\s)?\s*(?:<[@+%~&\s]?([^<>\s][^<>]{0,40})>|\*\s+(\S{1,40})|([\pL@][^:\[\]<>=|{}"()/]{0,40}):)\s+(\S.*)$`),
		header: regexp.MustCompile(`^([\pL@][\pL\pN_.@', -]{0,48}?)(?: \(\p{Lu}[\pL /&-]{1,40}\))?(\s+\(?(?:APP|BOT|app|bot)\)?)?(?:\s+[—–]|,)?\s+(?:` + dayPart + `|(?i:today at|(yesterday) at)\s+)?\[?` + clockPart + `\]?$`),
		name:   regexp.MustCompile(`^[\pL@][\pL\pN_.@'()-]{0,30}(?: [\pL\pN_.@'()-]{1,30}){0,3}$`),
		behind: regexp.MustCompile(`^\[(?:` + dayPart + `)?` + clockPart + `\]\s+([\pL@][\pL\pN_.@'()#/, -]{0,60})$`),
		clock:  regexp.MustCompile(`^\s*\[?` + clockPart + `\]?$`),
		day:    regexp.MustCompile(`(?i)^[\s\-=—*#]*(?:(?:log opened|day changed|begin logging at|ended? logging at)\s+)?(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:(\d{4}-\d{2}-\d{2})|((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:\s+\d{1,2}:\d{2}:\d{2})?,?(?:\s+(\d{4}))?|(\d{1,2})(?:st|nd|rd|th)?\.?\s+((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*),?(?:\s+(\d{4}))?)[\s\-=—*#]*$`),
		notice: regexp.MustCompile(`^\[?(?:` + dayPart + `)?` + clockPart + `\]?\s*(?:-!-|\*\*\*|-->|<--|==|--\t)`),
		free:   newFree(dayPart),
		level:  regexp.MustCompile(`(?i)^(?:trace|debug|info|information|notice|warn|warning|error|err|crit|critical|fatal|alert|emerg|severe|panic)\b`),
	}
}

// odd are the spaces and marks that phones put around times.
var odd = strings.NewReplacer("\u202f", " ", "\u00a0", " ", "\u200e", "", "\u200f", "")

// spoken is a line that begins a message.
type spoken struct {
	day, clock, zone string
	name, text       string
	app              bool
	above            bool // the name stood on the line before
}

// surname is a name as directories list it, "Doe, Jane".
var surname = lazyregexp.New(`^(\pL[\pL'-]*(?: \pL[\pL'-]*)?), (\pL[\pL.'-]*(?: \pL[\pL.'-]*)?)$`)

// read reads a line as the beginning of a message; names are given as people say them.
func (t *transcript) read(line string) (spoken, bool) {
	s, ok := t.begins(line)
	s.name = surname.ReplaceAllString(s.name, "$2 $1")
	return s, ok
}

// begins reads a line as the beginning of a message. A name before a colon counts
// only where a client sets it off: after brackets, a dash or a time without
// seconds. Programs' logs look much the same otherwise, but for what is said.
func (t *transcript) begins(line string) (s spoken, ok bool) {
	if !strings.Contains(line, ":") && t.form == setOff {
		return spoken{}, false
	}
	line = numbered(odd.Replace(line))
	if t.form != setOff {
		if s, ok := t.free.begins(line, t.form); ok && !t.level.MatchString(s.name) {
			return s, true
		}
	}
	for _, re := range []*regexp.Regexp{t.from, t.nick, t.tabbed} {
		if m := re.FindStringSubmatch(line); m != nil {
			return spoken{day: m[1], clock: m[len(m)-4], zone: m[len(m)-3], name: m[len(m)-2], text: m[len(m)-1]}, true
		}
	}
	if m := t.line.FindStringSubmatch(line); m != nil {
		s = spoken{day: m[2], clock: m[3], zone: m[4], text: m[9]}
		switch {
		case m[6] != "":
			s.name = m[6]
		case m[7] != "":
			s.name = m[7]
		case (m[1] != "" || m[5] != "" || strings.Count(m[3], ":") == 1) && !t.level.MatchString(m[8]) && !strings.Contains(m[8], "."):
			s.name = m[8]
		}
		return s, s.name != ""
	}
	if m := t.sent.FindStringSubmatch(line); m != nil {
		return spoken{name: m[3], clock: m[1], zone: m[2]}, true
	}
	if m := t.under.FindStringSubmatch(line); m != nil && !t.level.MatchString(m[4]) {
		return spoken{name: m[4], day: m[1], clock: m[2], zone: m[3]}, true
	}
	if m := t.header.FindStringSubmatch(line); m != nil && !t.level.MatchString(m[1]) {
		return spoken{name: m[1], app: m[2] != "", day: m[3] + m[4], clock: m[5], zone: m[6]}, true
	}
	if m := t.behind.FindStringSubmatch(line); m != nil && !t.level.MatchString(m[4]) {
		return spoken{name: strings.TrimSuffix(m[4], " (pinned)"), day: m[1], clock: m[2], zone: m[3]}, true
	}
	return spoken{}, false
}

// follow reads a line that comes after another. Slack's clients copy a name on
// one line and the time on the next, with blanks or the mark of an app before it.
func (t *transcript) follow(before, line string) (s spoken, ok bool) {
	s, ok = t.read(line)
	if ok && t.form != setOff && s.text == "" && strings.TrimSpace(before) != "" {
		return spoken{}, false // a line of the text that ends with a clock
	}
	app := ok && s.text == "" && s.day == "" && (s.name == "APP" || s.name == "BOT")
	if m := t.clock.FindStringSubmatch(odd.Replace(line)); m != nil && (line[0] == ' ' || line[0] == '\t') {
		s, ok = spoken{clock: m[1], zone: m[2]}, true
	} else if !app {
		return s, ok
	}
	if before = strings.TrimSpace(before); !t.name.MatchString(before) {
		return spoken{}, false
	}
	s.name, s.app, s.above = before, app, true
	return s, ok
}

// Transcripts are recognized by this many messages at least, of two people.
const fewest = 3

// maxSample is how many lines tell whether a file is text.
const maxSample = 200

// digits are what differs between lines that a program writes at one place.
var digits = lazyregexp.New(`\d+`)

// recognize takes text in which most messages begin the way clients show them
// and more than one person speaks.
func (t *transcript) recognize(h record.Head) int {
	if isJSON(h.Bytes) || logline.Binary(logline.Head(h, maxSample)) {
		return 0
	}
	return t.of(h).tally(h).score()
}

// of returns the transcript for a file: where nothing sets the names off, they are names
// when people talk.
func (t *transcript) of(h record.Head) *transcript {
	if t.form != setOff || t.tally(h).score() > 0 {
		return t
	}
	for _, f := range []form{timeFirst, nameFirst} {
		free := *t
		free.form = f
		if free.tally(h).score() > 0 {
			return &free
		}
	}
	return t
}

// tally counts what the lines of a head are.
func (t *transcript) tally(h record.Head) *tally {
	b := h.Bytes
	if !h.Whole {
		b = b[:bytes.LastIndexByte(b, '\n')+1]
	}
	n := &tally{names: map[string]bool{}, shapes: map[string]bool{}, loose: t.form != setOff}
	before := ""
	for line := range strings.Lines(string(b[:min(len(b), 16<<10)])) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || t.notice.MatchString(line) || t.day.MatchString(line) {
			before = ""
			continue
		}
		if n.lines++; n.lines > 40 && n.messages*8 < n.lines {
			break
		}
		s, ok := t.follow(before, line)
		before = line
		switch {
		case ok:
			n.add(s)
		case t.stamp.MatchString(line):
			n.stamps++
		case talking.MatchString(line):
			n.talk++
		}
	}
	return n
}

func isJSON(b []byte) bool {
	b = bytes.TrimSpace(b[:min(len(b), 200)])
	if len(b) > 1 && b[0] == '[' {
		b = bytes.TrimSpace(b[1:])
		return len(b) > 0 && (b[0] == '{' || b[0] == '[' || b[0] == '"' || b[0] == ']')
	}
	return len(b) == 0 || b[0] == '{'
}

// yearless reports whether the only dates of a transcript are without a year.
func (t *transcript) yearless(h record.Head) bool {
	if date.MatchString(h.Name) {
		return false
	}
	t = t.of(h)
	for line := range strings.Lines(string(h.Bytes)) {
		line = strings.TrimRight(line, "\r\n")
		if s, ok := t.read(line); ok && s.day != "" {
			return lacksYear(s.day)
		}
		if m := t.day.FindStringSubmatch(line); m != nil {
			return m[1] == "" && m[4] == "" && m[7] == ""
		}
	}
	return false
}

// dayless returns the clock of the first message of a transcript that tells no day.
func (t *transcript) dayless(h record.Head) (first time.Duration, ok bool) {
	t = t.of(h)
	if date.MatchString(h.Name) || t.headDay(string(h.Bytes)) != "" {
		return 0, false
	}
	for line := range strings.Lines(string(h.Bytes)) {
		line = strings.TrimRight(line, "\r\n")
		s, begins := t.read(line)
		if t.day.MatchString(line) || begins && s.day != "" {
			return 0, false
		}
		if begins && !ok {
			first, ok = time.Duration(minuteOf(clockOf(s)))*time.Minute, true
		}
	}
	return first, ok
}

// dayOfFile is the day of times without one, as 2006-01-02; "" when it is unknown.
func dayOfFile(f *record.File) string {
	if f.Day.IsZero() {
		return ""
	}
	return f.Day.Format(time.DateOnly)
}

// parse reads a transcript.
func (t *transcript) parse(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: t.parser, Writer: fact.NewWriter(t.redactor, f, sink), sink: sink, channel: channelOf(f.Name)}
	in := bufio.NewReaderSize(r, headSize)
	head, err := in.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	t = t.of(record.Head{Name: f.Name, Bytes: head, Whole: len(head) < headSize})
	c := conversation{transcript: t, reading: rd, file: f, day: cmp.Or(date.FindString(f.Name), t.headDay(string(head)), dayOfFile(f)), order: rd.settle(f, string(head)), zone: t.zone(string(head))}
	if err := eachLine(in, func(line string, n int) {
		c.take(strings.TrimRight(line, "\r\n"), n)
		c.offset += int64(len(line))
	}); err != nil {
		return err
	}
	c.end()
	return nil
}

// eachLine passes on the lines of a text with their ends and numbers.
func eachLine(r io.Reader, take func(line string, n int)) error {
	in := bufio.NewReaderSize(r, headSize)
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if line != "" {
			take(line, n)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
