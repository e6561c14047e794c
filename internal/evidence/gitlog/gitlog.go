// Package gitlog reads what git prints about commits.
//
//	git log, --format=fuller, --stat, --graph             git-log
//	git log --pretty='%H|%an|%ad|%s' and the like         git-lines
//	git reflog --date=iso                                 git-lines
//	git log --oneline                                     git-lines
//
// A commit is an event at the time it was committed, or written where only that
// is printed. What git prints without times, as --oneline does, gives no events
// but one problem that says which command tells them.
package gitlog

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of git's logs.
func Formats() []record.Format {
	p := &parser{
		redactor: redact.New(), words: fact.NewWords(),
		commit:  regexp.MustCompile(`^(?:[|\\/ ]*\*[*|\\/ ]* )?commit ([0-9a-f]{7,64})(?: \((.*)\))?$`),
		graph:   regexp.MustCompile(`^(?:[*|\\/] ?)+`),
		header:  regexp.MustCompile(`^(Merge|Author|AuthorDate|Commit|CommitDate|Date|Reflog|Reflog message|gpg):\s*(.*)$`),
		stat:    regexp.MustCompile(`^ (\S.*?)\s+\|\s+(?:\d+|Bin)\b`),
		oneline: regexp.MustCompile(`^(?:[*|\\/ ]*\* )?([0-9a-f]{7,40}) (?:\(([^)]*)\) )?(\S.*)$`),
		reflog:  regexp.MustCompile(`^([0-9a-f]{7,40}) (?:\([^)]*\) )?\S+@\{([^}]*)\}: (.*)$`),
		hash:    regexp.MustCompile(`^[0-9a-f]{7,40}$`),
		when:    regexp.MustCompile(`\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z0-9][\w ]+\d{2}:\d{2}:\d{2}(?: \d{4})?(?: [+-]\d{4})?`),
	}
	return []record.Format{
		{Name: "git-log", Source: "git", Recognize: p.recognizeLog, Parse: p.log},
		{Name: "git-lines", Source: "git", Recognize: p.recognizeLines, Parse: p.lines},
	}
}

type parser struct {
	redactor                                                 *redact.Redactor
	words                                                    *fact.Words
	commit, graph, header, stat, oneline, reflog, hash, when *regexp.Regexp
}

// recognizeLog takes text that begins with a commit and its author.
func (p *parser) recognizeLog(h record.Head) int {
	first, rest, _ := bytes.Cut(bytes.TrimLeft(h.Bytes, "\r\n"), []byte("\n"))
	if !p.commit.Match(bytes.TrimRight(first, "\r")) || !bytes.Contains(rest[:min(len(rest), 1000)], []byte("Author:")) {
		return 0
	}
	return 95
}

// recognizeLines takes lines of which nearly all begin with a hash. Lines with a
// time among several fields may have the hash anywhere.
func (p *parser) recognizeLines(h record.Head) int {
	if b := bytes.TrimSpace(h.Bytes[:min(len(h.Bytes), 100)]); len(b) == 0 || b[0] == '{' || b[0] == '[' || b[0] == '<' {
		return 0
	}
	var lines, commits, timed int
	hashes := false // numbers of other things have no letters
	for line := range strings.Lines(string(h.Bytes[:min(len(h.Bytes), 8<<10)])) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if lines++; lines > 5 && commits == 0 {
			return 0
		}
		if c, ok := p.line(line); ok {
			commits++
			hashes = hashes || strings.ContainsAny(c.hash, "abcdef")
			if c.at != "" {
				timed++
			}
		}
	}
	if !h.Whole {
		lines-- // the last is cut
	}
	switch {
	case commits == 0 || commits*10 < lines*8 || !hashes:
		return 0
	case timed*2 > commits:
		return 85
	case commits > 1:
		return 75
	}
	return 0
}

// commit is one commit as far as it is printed.
type commit struct {
	kind    hindcast.EventKind // Commit, or Record for what only moves a branch
	ref     hindcast.Ref
	hash    string
	refs    string
	author  string
	at      string
	message []string
	files   []string
}

// writer writes the commits of one file.
type writer struct {
	*parser
	*fact.Writer
	file   string
	untold int // commits without a time
}

func (w *writer) commit(c *commit) {
	if c.hash == "" {
		return
	}
	at := c.at
	if seconds, zone, ok := strings.Cut(at, " "); ok && len(zone) == 5 && strings.Trim(seconds, "0123456789") == "" {
		at = seconds // --date=raw
	}
	if _, _, ok := w.Time(at); !ok {
		w.untold++
		return
	}
	message := strings.TrimSpace(strings.Join(c.message, "\n"))
	title, _, _ := strings.Cut(message, "\n")
	author, _, _ := strings.Cut(c.author, " <")
	e := hindcast.Event{
		Kind: cmp.Or(c.kind, hindcast.Commit), ID: "git:" + c.hash, Subject: "commit:" + c.hash, Version: c.hash[:min(len(c.hash), 7)], Title: title, Text: message,
		Actor: hindcast.Actor{Name: "unknown", Kind: hindcast.Person},
		Attrs: map[string]string{"sha": c.hash, "refs": c.refs, "files": strings.Join(c.files, ", ")},
	}
	if author != "" {
		e.Actor = w.words.Actor(author)
	}
	w.Write(c.ref, at, e)
}

// end reports commits that could not be placed.
func (w *writer) end() {
	if w.untold > 0 {
		w.Problem(hindcast.Ref{File: w.file}, "git printed commits without their full time, so they were left out; export them with git log --date=iso-strict")
	}
}

// log reads the output of git log.
func (p *parser) log(f *record.File, r io.Reader, sink record.Sink) error {
	w := &writer{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), file: f.Name}
	var c commit
	err := each(r, func(line string, n int, offset int64) {
		if m := p.commit.FindStringSubmatch(line); m != nil {
			w.commit(&c)
			c = commit{ref: hindcast.Ref{File: f.Name, Line: n, Offset: offset}, hash: m[1], refs: m[2]}
			return
		}
		if strings.TrimSpace(line) != "" {
			c.ref.EndLine = n
		}
		p.part(&c, line)
	})
	w.commit(&c)
	w.end()
	return err
}

// part adds a line to a commit: a header, a line of the message or a file.
func (p *parser) part(c *commit, line string) {
	line = p.graph.ReplaceAllString(line, "")
	if strings.HasPrefix(line, "    ") {
		c.message = append(c.message, strings.TrimPrefix(line, "    "))
		return
	}
	if m := p.stat.FindStringSubmatch(line); m != nil {
		c.files = append(c.files, m[1])
		return
	}
	m := p.header.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		if strings.TrimSpace(line) == "" && len(c.message) > 0 {
			c.message = append(c.message, "")
		}
		return
	}
	switch m[1] {
	case "Author":
		c.author = m[2]
	case "Date", "AuthorDate":
		if c.at == "" {
			c.at = m[2]
		}
	case "CommitDate":
		c.at = m[2]
	}
}

// lines reads output with one commit a line.
func (p *parser) lines(f *record.File, r io.Reader, sink record.Sink) error {
	w := &writer{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), file: f.Name}
	err := each(r, func(line string, n int, offset int64) {
		if strings.TrimSpace(line) == "" {
			return
		}
		c, ok := p.line(line)
		c.ref = hindcast.Ref{File: f.Name, Line: n, Offset: offset}
		if !ok {
			w.Problem(c.ref, "this is not a commit as the other lines are; it was skipped")
			return
		}
		w.commit(&c)
	})
	w.end()
	return err
}

// makes are the entries of a reflog that make a commit or bring some in; others
// only move about.
var makes = []string{"commit", "merge", "pull", "revert", "cherry-pick"}

// line reads a commit in one line.
func (p *parser) line(line string) (commit, bool) {
	if m := p.reflog.FindStringSubmatch(line); m != nil {
		c := commit{hash: m[1], at: p.when.FindString(m[2]), message: []string{m[3]}}
		if !slices.ContainsFunc(makes, func(verb string) bool { return strings.HasPrefix(m[3], verb) }) {
			c.kind = hindcast.Record
		}
		return c, true
	}
	for _, sep := range []string{"|", "\t", ";", ","} {
		if c, ok := p.fields(strings.Split(line, sep), sep); ok {
			return c, true
		}
	}
	m := p.oneline.FindStringSubmatch(line)
	if m == nil {
		return commit{}, false
	}
	if t, err := time.Parse("20060102", m[1]); err == nil && t.Year() > 1990 && t.Year() < 2100 {
		return commit{}, false // the day with which a log begins its lines
	}
	c := commit{hash: m[1], refs: m[2], at: p.when.FindString(m[3])}
	before, after, _ := strings.Cut(m[3], c.at)
	if c.at == "" {
		before, after = "", m[3]
	}
	c.author = strings.TrimSpace(before)
	c.message = []string{strings.TrimSpace(strings.TrimLeft(after, " -:"))}
	return c, true
}

// fields reads a commit from the fields of a line, of which one is a hash and one
// a time; the message is the last other one, the author the first.
func (p *parser) fields(parts []string, sep string) (commit, bool) {
	var c commit
	var other []string
	for _, part := range parts {
		f := strings.Trim(strings.TrimSpace(part), `"'`)
		switch {
		case c.hash == "" && p.hash.MatchString(f):
			c.hash = f
		case c.at == "" && len(f) < 40 && p.when.FindString(f) == f && f != "":
			c.at = f
		default:
			other = append(other, part)
		}
	}
	if c.hash == "" || c.at == "" || len(other) == 0 {
		return commit{}, false
	}
	if len(other) > 1 {
		c.author, other = strings.Trim(strings.TrimSpace(other[0]), `"'`), other[1:]
	}
	if len(other) > 1 && strings.Contains(other[0], "@") && !strings.Contains(strings.TrimSpace(other[0]), " ") {
		other = other[1:] // the author's address
	}
	c.message = []string{strings.Trim(strings.TrimSpace(strings.Join(other, sep)), `"'`)}
	return c, true
}

// each calls fn with every line of r, its number from 1 and its offset.
func each(r io.Reader, fn func(line string, n int, offset int64)) error {
	in := bufio.NewReader(r)
	var offset int64
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if line != "" {
			fn(strings.TrimRight(line, "\r\n"), n, offset)
			offset += int64(len(line))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
