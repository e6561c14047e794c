package chat

import (
	"bufio"
	"cmp"
	"errors"
	"html"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// captions reads what was said on a call, as Zoom, Teams and others write it down: cues
// of WebVTT or SubRip with the time since the beginning. When that was is told by a note
// above the first cue or by the name of the file.
type captions struct{ *parser }

const (
	// pause is how long somebody may be silent within one message, and longest how long
	// one goes on: what is said later has a time of its own.
	pause   = 5 * time.Second
	longest = time.Minute
	// maxCue bounds the text of a cue and of the notes above the first, in bytes.
	maxCue = 16 << 10
)

var (
	cueTimes = lazyregexp.New(`^(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})[ \t]+-->[ \t]+(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})(?:[ \t]|$)`)
	vtt      = lazyregexp.New(`\AWEBVTT(?:[ \t].*)?\r?\n`)
	subRip   = lazyregexp.New(`\A\s*\d+\r?\n\d{1,2}:\d{2}:\d{2},\d{3} --> \d{1,2}:\d{2}:\d{2},\d{3}\s*\n`)
	anyCue   = lazyregexp.New(`(?m)^(?:\d{1,3}:)?\d{1,2}:\d{2}\.\d{3}[ \t]+-->[ \t]`)
	// voice begins what somebody says, and speaker is a name before a colon.
	voice   = lazyregexp.New(`<v(?:\.[^\s>]*)?[ \t]+([^>]{1,200})>`)
	markup  = lazyregexp.New(`</?[A-Za-z0-9][^<>]{0,200}>`)
	speaker = lazyregexp.New(`^[-–]?\s*([\pL@][^:<>\n?!]{0,48}):\s+(\S[\s\S]*)$`)
	// label is what stands before the moment in a note, and moment a date with a clock.
	label  = lazyregexp.New(`^(?:WEBVTT|NOTE)?[\s-]*(?:\pL[\pL ]{0,30}[:=]\s*)?`)
	moment = lazyregexp.New(`\b(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})(?:T|,?\s+)(?:at\s+)?(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp]\.?[Mm]\b\.?)?)(\s?(?:Z\b|\(?(?:UTC|GMT)?[+-]\d{2}:?\d{2}\b|[A-Z]{3,5}\b))?`)
	// later are words of notes about a moment after the call.
	later = lazyregexp.New(`(?i)\b(?:export|download|generat|sav|print|cop|creat|updat|modif|end|expir)\pL*\b`)
	// plainCalls are words in the names of transcripts that do not say what the call was about.
	plainCalls = lazyregexp.New(`(?i)gmt|utc|recording|transcri(?:pt|ption)|captions?|subtitles?|meeting|zoom|teams|meet|call|audio|video|bridge|vtt|srt|\b(?:en|us|gb)\b|[^\pL]+`)
)

func (captions) recognize(h record.Head) int {
	text := string(h.Bytes)
	if vtt.MatchString(text) && anyCue.MatchString(text) || subRip.MatchString(text) {
		return 95
	}
	return 0
}

// call is the reading of one transcript.
type call struct {
	*reading
	file     *record.File
	begun    time.Time
	zone     string
	named    bool // who speaks stands before a colon
	offset   int64
	cue      *cue
	spell    *spell // open
	speaking string // who spoke last
}

// cue is what is shown at a time.
type cue struct {
	ref      hindcast.Ref
	from, to time.Duration
	text     []string
	size     int
}

// spell is what somebody says without a long pause.
type spell struct {
	name     string
	ref      hindcast.Ref
	from, to time.Duration
	text     []string
}

func (cs captions) parse(f *record.File, r io.Reader, sink record.Sink) error {
	in := bufio.NewReaderSize(r, headSize)
	head, err := in.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	_, rest, _ := stamp.Named(path.Base(f.Name))
	rd := &reading{parser: cs.parser, Writer: fact.NewWriter(cs.redactor, f, sink), sink: sink, channel: callOf(rest)}
	c := &call{reading: rd, file: f, named: speakersNamed(head)}
	var ok bool
	if c.begun, c.zone, ok = rd.Time(beginning(f, head)); !ok {
		rd.Problem(hindcast.Ref{File: f.Name, Line: 1}, "the transcript tells times since the call began and not when that was, so it was not read; put the start into the name of the file, as in call-2024-05-01-1437.vtt (GMT20240501-1437.vtt when it is in UTC)")
		return nil
	}
	if err := eachLine(in, func(line string, n int) {
		c.take(strings.TrimRight(line, "\r\n"), n)
		c.offset += int64(len(line))
	}); err != nil {
		return err
	}
	c.show()
	c.end()
	return nil
}

// callOf is what the name of a file without its moment says that the call was about.
func callOf(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	if plainCalls.ReplaceAllString(name, "") == "" {
		return ""
	}
	return strings.Trim(name, "-_. #")
}

// beginning is when a call began: what stands above its first cue, else the name of its
// file or its folder; "" when nothing tells.
func beginning(f *record.File, head []byte) string {
	above, _, _ := strings.Cut(string(head[:min(len(head), maxCue)]), "-->")
	for line := range strings.Lines(above) {
		said := numbered(strings.TrimSpace(line[len(label.FindString(line)):]))
		if m := moment.FindStringSubmatch(said); m != nil && !later.MatchString(line) {
			at := isoTime(m[1]+" "+clockOf(spoken{clock: m[2]}), unsettled)
			with := isoTime(at+" "+strings.Trim(m[3], " ("), unsettled)
			if _, zone, ok := stamp.Parse(with, time.UTC, 0); ok && zone != "" {
				return with
			}
			return stamp.Zoned(f, stamp.HeadZone(above), at)
		}
	}
	for _, name := range []string{path.Base(f.Name), path.Base(path.Dir(f.Name))} {
		if at, _, ok := stamp.Named(name); ok {
			return at
		}
	}
	return ""
}

// speakersNamed reports whether most cues of a head begin with a name and a colon.
func speakersNamed(head []byte) bool {
	cues, names, first := 0, 0, false
	for line := range strings.Lines(string(head)) {
		line = strings.TrimSpace(line)
		switch {
		case cueTimes.MatchString(line):
			cues, first = cues+1, true
		case first:
			first = false
			if isSpeaker(speaker.FindStringSubmatch(line)) {
				names++
			}
		}
	}
	return names*3 >= cues*2 && names > 0
}

func isSpeaker(m []string) bool { return m != nil && len(strings.Fields(m[1])) <= 5 }

// take reads one line. What stands outside of cues is a note, a style or a number.
func (c *call) take(line string, n int) {
	m := cueTimes.FindStringSubmatch(line)
	switch {
	case m != nil:
		if c.cue != nil && len(c.cue.text) > 0 && digits.ReplaceAllString(c.cue.text[len(c.cue.text)-1], "") == "" {
			c.cue.text = c.cue.text[:len(c.cue.text)-1] // the number of this cue, without an empty line before it
			c.cue.ref.EndLine--
		}
		c.show()
		c.cue = &cue{ref: hindcast.Ref{File: c.file.Name, Line: n, Offset: c.offset}, from: since(m[1:5]), to: since(m[5:9])}
	case strings.TrimSpace(line) == "":
		c.show()
	case c.cue != nil && c.cue.size < maxCue:
		c.cue.text = append(c.cue.text, strings.TrimSpace(line[:min(len(line), maxCue)]))
		c.cue.size += len(line)
		c.cue.ref.EndLine = n
	}
}

// since is a time since the beginning, of hours, minutes, seconds and milliseconds.
func since(m []string) time.Duration {
	var d time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second, time.Millisecond} {
		n, _ := strconv.Atoi(cmp.Or(m[i], "0")) // it is digits
		d += time.Duration(n) * unit
	}
	return d
}

// show takes the cue that is open apart into what each speaker says in it.
func (c *call) show() {
	q := c.cue
	if c.cue = nil; q == nil {
		return
	}
	text := strings.Join(q.text, "\n")
	voices := voice.FindAllStringSubmatchIndex(text, -1)
	if len(voices) == 0 {
		c.voiced(q, "", text)
		return
	}
	c.voiced(q, "", text[:voices[0][0]])
	for i, v := range voices {
		end := len(text)
		if i+1 < len(voices) {
			end = voices[i+1][0]
		}
		c.voiced(q, html.UnescapeString(text[v[2]:v[3]]), text[v[1]:end])
	}
}

// voiced takes what one speaker says in a cue; without a name it is who spoke before.
func (c *call) voiced(q *cue, name, text string) {
	text = strings.TrimSpace(html.UnescapeString(markup.ReplaceAllString(text, "")))
	if m := speaker.FindStringSubmatch(text); name == "" && c.named && isSpeaker(m) {
		name, text = m[1], m[2]
	}
	if text == "" {
		return
	}
	name = surname.ReplaceAllString(strings.TrimSpace(name), "$2 $1")
	c.speaking = cmp.Or(name, c.speaking)
	if s := c.spell; s == nil || s.name != c.speaking || q.from-s.to > pause || q.from < s.from || q.to-s.from > longest {
		c.end()
		c.spell = &spell{name: c.speaking, ref: q.ref, from: q.from}
	}
	c.spell.text = append(c.spell.text, text)
	c.spell.to, c.spell.ref.EndLine = q.to, q.ref.EndLine
}

// end writes what was said.
func (c *call) end() {
	s := c.spell
	if c.spell = nil; s == nil {
		return
	}
	e := c.said(s.name, strings.Join(strings.Fields(strings.Join(s.text, " ")), " "), c.channel)
	if c.tells(&e) {
		e.Ref, e.At, e.Zone = s.ref, c.begun.Add(s.from), c.zone
		c.Emit(e)
	}
}
