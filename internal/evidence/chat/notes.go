package chat

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// notes reads what a scribe wrote down on a call: a line for each clock, who said
// it before a colon where it says so, and the day and the zone in the lines before.
type notes struct {
	*parser
	entry  *regexp.Regexp // list mark, about, clock, half of the day, zone, text
	scribe *regexp.Regexp
	who    *regexp.Regexp // name, what stands behind it, text
	marked *regexp.Regexp // a word in capitals, with who it is from
	level  *regexp.Regexp
}

// months are the names of the months in English and its neighbors' languages.
const months = `(jan(?:uary|uar|vier)?|feb(?:ruary|ruar|rero|braio)?|f[ée]v(?:rier)?|mar(?:ch|s|zo)?|m[äa]rz|apr(?:ile?)?|avr(?:il)?|abr(?:il)?|mayo?|mai|mag(?:gio)?|jun[ei]?|junio|juin|giu(?:gno)?|jul[yi]?|julio|juil(?:let)?|lug(?:lio)?|` +
	`aug(?:ust)?|ago(?:sto)?|ao[uû]t|sept?|sep(?:tember|tembre|tiembre)|set(?:tembre|iembre)?|o[ck]t(?:ober|obre|ubre)?|ott(?:obre)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|d[ée]c(?:embre)?|dez(?:ember)?|dic(?:embre|iembre)?|ene(?:ro)?|gen(?:naio)?)\b\.?`

// spelled finds a day in a line, however it is written.
var spelled = lazyregexp.New(`(?i)\b(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}/\d{1,2}/\d{4})\b|\b(\d{1,2})(?:st|nd|rd|th)?\.? (?:de )?` + months + `(?:,? (?:de )?(\d{4}))?\b|\b` + months + ` (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?\b`)

// dayIn returns the day that a line names, as 2006-01-02, or as -01-02 without its year; ""
// when it names none.
func dayIn(line string) string {
	m := spelled.FindStringSubmatch(line)
	switch {
	case m == nil:
		return ""
	case date.MatchString(m[1]):
		return m[1]
	case m[1] != "":
		day := isoDay(m[1], monthFirst)
		if _, err := time.Parse(time.DateOnly, day); err != nil || day != isoDay(m[1], dayFirst) {
			return "" // no day, or one of two
		}
		return day
	}
	t, err := time.Parse("1 2 2006", strconv.Itoa(monthOf(cmp.Or(m[3], m[5])))+" "+m[2]+m[6]+" "+cmp.Or(m[4]+m[7], leap))
	switch {
	case err != nil:
		return ""
	case m[4]+m[7] == "":
		return t.Format("-01-02")
	}
	return t.Format(time.DateOnly)
}

func newNotes(t *transcript) *notes {
	return &notes{
		parser: t.parser, level: t.level,
		entry:  regexp.MustCompile(`^\s*(?:[-*+•]\s+|\d+[.)]\s+)?(?:\*\*|\[)?(?:[~≈] ?|(?:about|around|ca\.?|roughly|(?:just|a bit|shortly) (?:before|after)) )?(\d{1,2}[:.]\d{2}|[01]\d[0-5]\d|2[0-3][0-5]\d)(?:/\d{2})?(?:ish)?(?: ?([AaPp])\.?[Mm]\.?)?(?:\*\*|\])?(\s?(?:Z|UTC|GMT))?\s*(?:\*\*)?\s*(?:[-–—:|]\s+)?([^\d\s:|=\[{].*)$`),
		scribe: regexp.MustCompile(`(?im)\b(?:scribe|notes by|minutes by|taken by|written by|protocol)\b:? +([^\n.,;]{2,40})`),
		who:    regexp.MustCompile(`(?s)^(\p{Lu}[\pL'’.-]*(?: \p{Lu}[\pL'’.-]*){0,2}|[\p{Lu}\p{Ll}]+ (?:lead|desk|engineer|manager|support|ops|team)[\pL ]{0,12})(?: ?\([^)]{1,30}\)|,[^:]{1,40}| \([^)]*\) joins)?: +(\S.*)$`),
		marked: regexp.MustCompile(`(?s)^([A-Z]{4,})(?: \(([^)]{2,30})\))?:? +(\S.*)$`),
	}
}

const (
	// fewestNotes is how many lines with a clock notes have at least, and mostNotes how
	// many when neither they nor their name tell the day: nobody writes more by hand.
	fewestNotes = 5
	mostNotes   = 60
)

// begins reads the beginning of an entry; nil when the line begins none. Four digits are a
// clock only before a word.
func (n *notes) begins(line string) []string {
	m := n.entry.FindStringSubmatch(line)
	if m == nil || strings.ContainsAny(m[1], ":.") {
		return m
	}
	if first, _ := utf8.DecodeRuneInString(m[4]); !unicode.IsLetter(first) {
		return nil
	}
	return m
}

// clockOf returns the clock of an entry as "14:37" or "2:37 PM"; sure is false when it
// can be another number.
func (n *notes) clockOf(m []string) (clock string, sure bool) {
	clock = strings.Replace(m[1], ".", ":", 1)
	sure = clock == m[1] || m[2] != ""
	if !strings.Contains(clock, ":") {
		clock, sure = clock[:2]+":"+clock[2:], false
	}
	if m[2] != "" {
		clock += " " + strings.ToUpper(m[2]) + "M"
	}
	return clock, sure
}

// recognize takes text of which most lines begin with a clock of minutes, in order,
// and go on in prose; some of the clocks can be nothing else. Where no day stands before
// them or in the name of the file, they are few.
func (n *notes) recognize(h record.Head) int {
	text := string(h.Bytes[:min(len(h.Bytes), 16<<10)])
	if isJSON(h.Bytes) || strings.ContainsRune(text, 0) {
		return 0
	}
	lines, entries, words, back, last, clocks, same := 0, 0, 0, 0, 0, 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		m := n.begins(line)
		switch {
		case line == "":
			continue
		case m == nil && entries == 0: // before the first entry anything may stand
			continue
		case m == nil || n.level.MatchString(m[4]):
			lines++
			continue
		}
		lines, entries, words = lines+1, entries+1, words+len(strings.Fields(m[4]))
		clock, sure := n.clockOf(m)
		if sure {
			clocks++
		}
		switch at := minuteOf(clock); {
		case at < last:
			back, last = back+1, at
		case at == last:
			same++
		default:
			last = at
		}
	}
	if entries < fewestNotes || entries*10 < lines*7 || words < entries*3 || back > 1+entries/10 || same > entries/2 || clocks == 0 || n.dayOf(h.Name, text) == "" && (entries > mostNotes || !h.Whole) {
		return 0
	}
	return 68
}

// dayless returns the first clock of notes that tell no day.
func (n *notes) dayless(h record.Head) (time.Duration, bool) {
	if n.dayOf(h.Name, string(h.Bytes)) != "" {
		return 0, false
	}
	for line := range strings.Lines(string(h.Bytes)) {
		if m := n.begins(strings.TrimSpace(line)); m != nil {
			clock, _ := n.clockOf(m)
			return time.Duration(minuteOf(clock)) * time.Minute, true
		}
	}
	return 0, false
}

// leap is a year that has every day.
const leap = "2000"

// monthOf returns the number of a month by the beginning of its name in one of the languages
// that are read; 0 when it is none.
func monthOf(name string) int {
	for _, list := range monthNames {
		for i, m := range list {
			if strings.HasPrefix(strings.ToLower(name), m) {
				return i + 1
			}
		}
	}
	return 0
}

// monthNames are how names of months begin, the longer before those that they begin with.
var monthNames = [][]string{
	{"jan", "feb", "mar", "apr", "may", "juin", "juil", "aug", "sep", "oct", "nov", "dec"},
	{"gen", "fév", "mär", "avr", "mai", "jun", "jul", "ago", "set", "okt", "nov", "dez"},
	{"ene", "fev", "mar", "abr", "mag", "giu", "lug", "aoû", "sep", "ott", "nov", "dic"},
	{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aou", "sep", "oct", "nov", "déc"},
}

// yearless reports whether the day of notes is without a year.
func (n *notes) yearless(h record.Head) bool {
	return strings.HasPrefix(n.dayOf(h.Name, string(h.Bytes)), "-")
}

// dayOf is the day that stands before the first entry, or in the name of the file; of one
// without a year what follows that, "-06-11".
func (n *notes) dayOf(name, text string) string {
	for line := range strings.Lines(text) {
		if n.begins(strings.TrimSpace(line)) != nil {
			break
		}
		if day := dayIn(line); day != "" {
			return day
		}
	}
	return date.FindString(name)
}

// parse reads notes.
func (n *notes) parse(f *record.File, r io.Reader, sink record.Sink) error {
	rd := &reading{parser: n.parser, Writer: fact.NewWriter(n.redactor, f, sink), sink: sink, channel: channelOf(f.Name)}
	p := pad{notes: n, reading: rd, file: f}
	if err := eachLine(r, func(line string, number int) {
		p.take(strings.TrimSpace(line), number)
		p.offset += int64(len(line))
	}); err != nil {
		return err
	}
	p.end()
	return nil
}

// pad is the reading of one file of notes.
type pad struct {
	*notes
	*reading
	file     *record.File
	offset   int64
	preamble strings.Builder
	day      string
	zone     *time.Location // nil when the preamble names none
	by       string         // who took the notes
	last     int
	begun    bool
	ref      hindcast.Ref
	at       string
	text     []string
}

// take reads one line; one without a clock goes on with the entry before it.
func (p *pad) take(line string, number int) {
	m := p.begins(line)
	switch {
	case m == nil && !p.begun:
		p.preamble.WriteString(line + "\n")
		return
	case m == nil:
		if line != "" && len(p.text) > 0 {
			p.text, p.ref.EndLine = append(p.text, line), number
		}
		return
	case !p.begun:
		p.begin()
	}
	p.end()
	clock, _ := p.clockOf(m)
	if minutes := minuteOf(clock); minutes+12*60 < p.last {
		p.day, p.last = nextDay(p.day), minutes
	} else {
		p.last = minutes
	}
	p.at = stamp.Zoned(p.file, p.zone, p.day+" "+clock+strings.TrimSpace(m[3]))
	p.ref = hindcast.Ref{File: p.file.Name, Line: number, Offset: p.offset}
	p.text = []string{m[4]}
}

func (p *pad) begin() {
	preamble := p.preamble.String()
	p.begun, p.day, p.zone, p.by = true, cmp.Or(p.dayOf(p.file.Name, preamble), dayOfFile(p.file)), stamp.HeadZone(preamble), "scribe"
	if strings.HasPrefix(p.day, "-") && p.file.Year != 0 {
		p.day = fmt.Sprintf("%04d%s", p.file.Year, p.day)
	}
	if m := p.scribe.FindStringSubmatch(preamble); m != nil {
		p.by = strings.TrimSpace(m[1])
	}
}

// end writes the entry that is open, as said by who the notes name.
func (p *pad) end() {
	if len(p.text) == 0 {
		return
	}
	text, by := strings.Join(p.text, "\n"), p.by
	if m := p.marked.FindStringSubmatch(text); m != nil {
		by, text = cmp.Or(m[2], by), strings.ToLower(m[1])+": "+m[3]
	} else if m := p.who.FindStringSubmatch(text); m != nil {
		by, text = m[1], m[2]
	}
	p.write(p.ref, p.at, p.said(by, text, p.channel))
	p.text = nil
}
