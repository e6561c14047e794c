package console

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/loglevel"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// line is one line of a log without what the tool that keeps it put around it.
type line struct {
	ref     hindcast.Ref
	at      string // its time as written; empty when it has none
	clock   string // its time of day, when that is all it has
	level   hindcast.Level
	program string // that wrote it, when the line says so
	section string // of a runner, when one begins here
	bound   bool   // a section begins or ends here
	text    string
	raw     string // with what was put around it
}

// maxText is how many bytes of a line are looked at.
const maxText = 4 << 10

var (
	moment  = lazyregexp.New(`\x1b_bk;t=(\d{13})\x07`)
	marker  = lazyregexp.New(`section_(start|end):(\d{10}):([\w.\-]+)(?:\[[^\]]*\])?`)
	control = lazyregexp.New(`\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[_\]][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B])`)
	columns = lazyregexp.New(`^[^\t]+\t([^\t]+)\t(\d{4}-\d\d-\d\dT\S+Z .*)$`)
	level   = lazyregexp.New(`^(?:\[?((?i:trace|debug|info|notice|warn|warning|error|err|fatal|critical))\]?(?:\s*[:|]\s*|\]\s*|\s{2,})|\[((?i:trace|debug|info|notice|warn|warning|error|err|fatal|critical))\]\s*|(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\s)\s*`)
	wrote   = lazyregexp.New(`^\[?((?i)[\w.\-]*(?:deploy|releas|ship|pipeline|rollout|bot)[\w.\-]*|(?i:ci|cd|[\w\-]+\.sh))\]?:\s+`)
	ansible = lazyregexp.New(`^p=\d+ u=\S+ n=\S+(?: [A-Z]+)? ?\| ?`)
	process = lazyregexp.New(`^([\w.\-]+)\[\d+\]:\s+`)
	stream  = lazyregexp.New(`^\d\d[OE][+ ]`)
)

// stamps are the forms in which a line begins with a time, the date with it.
var stamps = []*lazyregexp.Regexp{
	lazyregexp.New(`^\[?(\d{4}[-/.]\d\d[-/.]\d\d[T _]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|GMT|CES?T|BST|IST|JST|[ECMP][SD]T|[+\-]\d\d:?\d\d)\b)?)\]?:?(?:\s+|$)`),
	lazyregexp.New(`^\[?((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?: [A-Z]{3,4})? \d{4})\]?:?\s+`),
	lazyregexp.New(`^\[?(\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d|\d\d/[A-Z][a-z]{2}/\d{4}[: ]\d\d:\d\d:\d\d(?: [+\-]\d{4})?)\]?:?\s+`),
}

var (
	// zoned is a time of the program date, with the zone before the year.
	zoned  = lazyregexp.New(`^(\w{3},? .* \d\d:\d\d:\d\d) ([A-Z]{3,4}) (\d{4})$`)
	syslog = lazyregexp.New(`^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) \S+ ([\w./\-]+)(?:\[\d+\])?: `)
	clock  = lazyregexp.New(`^\[?(\d\d:\d\d:\d\d(?:[.,]\d+)?)\]?[WEF]?:?\s+`)
)

// cut takes a line out of what the tool that keeps the log put around it.
func cut(raw string) line {
	l := line{text: strings.ToValidUTF8(raw[:min(len(raw), maxText)], "\uFFFD")}
	if m := moment.FindStringSubmatch(l.text); m != nil {
		l.at = m[1]
	}
	l.cutMarkers()
	if strings.IndexByte(l.text, 0x1b) >= 0 {
		l.text = control.ReplaceAllString(l.text, "")
	}
	if i := strings.LastIndexByte(strings.TrimRight(l.text, "\r\n"), '\r'); i >= 0 {
		l.text = l.text[i+1:]
	}
	l.text = strings.TrimRight(l.text, "\r\n \t")
	if m := columns.FindStringSubmatch(l.text); m != nil {
		l.section, l.text = m[1], m[2]
	}
	l.cutTime()
	l.text = strings.TrimSpace(l.text)
	l.cutHeader()
	return l
}

// cutMarkers takes out the marks with which a runner begins and ends sections.
func (l *line) cutMarkers() {
	if !strings.Contains(l.text, "section_") {
		return
	}
	for _, m := range marker.FindAllStringSubmatch(l.text, 8) {
		l.at, l.bound = m[2], true
		if m[1] == "start" {
			l.section = m[3]
		}
	}
	l.text = marker.ReplaceAllString(l.text, "")
}

// cutTime takes the time off the beginning of a line.
func (l *line) cutTime() {
	for _, s := range stamps {
		if m := s.FindStringSubmatch(l.text); m != nil {
			l.at, l.text = zoned.ReplaceAllString(m[1], "$1 $3 $2"), l.text[len(m[0]):]
			l.text = strings.TrimPrefix(l.text, stream.FindString(l.text))
			return
		}
	}
	if m := syslog.FindStringSubmatch(l.text); m != nil {
		l.at, l.program, l.text = m[1], m[2], l.text[len(m[0]):]
	} else if m := clock.FindStringSubmatch(l.text); m != nil {
		l.clock, l.text = m[1], l.text[len(m[0]):]
	}
}

// cutHeader takes off what Ansible's log begins with, a level, and the name of a
// program that deploys.
func (l *line) cutHeader() {
	l.text = l.text[len(ansible.FindString(l.text)):]
	if m := level.FindStringSubmatch(l.text); m != nil {
		l.level, _ = loglevel.Parse([]byte(m[1] + m[2] + m[3]))
		l.text = l.text[len(m[0]):]
	}
	if m := process.FindStringSubmatch(l.text); m != nil {
		l.program, l.text = m[1], l.text[len(m[0]):]
	} else if m := wrote.FindStringSubmatch(l.text); m != nil && !soleAct.MatchString(m[1]) {
		l.program, l.text = m[1], l.text[len(m[0]):]
	}
}

// soleAct is a word before a colon that says what happened and not who wrote it.
var soleAct = lazyregexp.New(`(?i)^(?:re)?(?:deploy(?:ed|ing|ment)?|releas(?:e|ed|ing)|rollout|shipp(?:ed|ing)|pipeline)$`)
