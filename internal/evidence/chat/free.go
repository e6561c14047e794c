package chat

import (
	"regexp"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// free are the ways in which a line may begin a message where nothing but what is said
// tells it from that of a log: the time and the name in either order, each behind marks of
// Markdown, in brackets or between bars.
type free struct {
	timeFirst *regexp.Regexp
	nameFirst *regexp.Regexp // the text may be missing and follows then
}

func newFree(day string) free {
	const (
		marks = "[*_`]*"
		lead  = `^[\s>*•|#_` + "`" + `-]*`
		name  = `\pL[\pL\pN_.'()#&/ -]{0,40}?`
		zone  = `(\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\b)?`
		clock = `(\d{1,2}[:.h]\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp]\.?[Mm]\b\.?)?)` + zone
	)
	at := `[\[(]?(?:` + day + `)?` + clock + `[\])]?`
	return free{
		timeFirst: regexp.MustCompile(lead + at + marks + `,?\s*(?:[|–—-]\s+)?` + marks + `(?:\[@?(` + name + `)\]:?|@(` + name + `)(?:[:>]|\s)|(` + name + `)(?:` + marks + `\s*[:>]|\s+[|–—-]|\s*\t|\s{2,}))` + `[*_:` + "`" + `]*\s*([^\s|].*?)[\s|]*$`),
		nameFirst: regexp.MustCompile(lead + `@?(` + name + `)` + marks + `[,:]?\s*(?:[|–—-]\s*)?` + at + marks + `\s*[:>|–—-]?` + marks + `(?:\s+([^\s|].*?))?[\s|]*$`),
	}
}

// form is how the lines of a file begin its messages.
type form uint8

const (
	setOff    form = iota // a client sets the names off
	timeFirst             // see [free]
	nameFirst
)

// begins reads a line as the beginning of a message in one of the ways.
func (f free) begins(line string, in form) (s spoken, ok bool) {
	if in == timeFirst {
		m := f.timeFirst.FindStringSubmatch(line)
		if m == nil {
			return s, false
		}
		s = spoken{day: m[1], clock: m[2], zone: m[3], name: m[4] + m[5] + m[6], text: m[7]}
	} else {
		m := f.nameFirst.FindStringSubmatch(line)
		if m == nil {
			return s, false
		}
		s = spoken{name: m[1], day: m[2], clock: m[3], zone: m[4], text: m[5]}
	}
	s.name, s.clock = strings.TrimSpace(s.name), hours.ReplaceAllString(s.clock, "$1:")
	return s, len(strings.Fields(s.name)) <= 4
}

// hours finds the hours of a clock such as 16h40 and 16.40.
var hours = lazyregexp.New(`^(\d{1,2})[.h]`)

// talking is what people write to each other and programs hardly do.
var talking = lazyregexp.New(`(?i)\?(?:\s|$)|\b(?:i|we|you|us|me|my|our|your|they|it'?s|that'?s|don'?t|ich|wir|ihr|je|nous|vous|yo|nosotros|nos|noi)\b(?:[^/=.:-]|$)`)

// tally is what the lines of a head are.
type tally struct {
	lines, messages, headers int
	stamps                   int // other lines that begin with a day and a time
	talk                     int // messages and lines below them as people write them to each other
	names, shapes            map[string]bool
	loose                    bool
}

func (n *tally) add(s spoken) {
	n.messages++
	n.names[s.name] = true
	n.shapes[digits.ReplaceAllString(s.text, "#")] = true
	if s.text == "" {
		n.headers++
	}
	if talking.MatchString(s.text) {
		n.talk++
	}
}

// score is the confidence that lines are those of a conversation.
func (n *tally) score() int {
	switch {
	case n.messages < fewest || len(n.names) < 2 || len(n.names) > n.messages*3/4+1 || n.messages*8 < n.lines:
		return 0
	case n.headers == 0 && len(n.shapes)*2 < n.messages:
		return 0 // programs say the same again and again
	case n.loose && (n.messages < fewestNotes || n.talk*8 < n.messages || len(n.names)*3 > n.messages*2+3):
		return 0
	case n.headers > n.messages/2: // else a log, of which some lines look like heads
		if n.stamps*4 <= n.messages && n.messages*2 <= n.lines+1 {
			return 66
		}
	case n.messages*10 >= n.lines*7:
		return 70
	}
	return 0
}
