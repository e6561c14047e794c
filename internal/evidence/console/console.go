// Package console reads the plain text that pipelines and the tools they run
// write: the log of a job as its system saves it, the output of a tool, and the
// logs of scripts that deploy.
//
//	GitHub Actions, Azure Pipelines   2026-01-02T03:04:05.1234567Z ##[group]Run ...
//	GitLab                            section_start:1767323045:passagescript
//	Jenkins                           Started by user ..., [Pipeline] { (Deploy), Finished: SUCCESS
//	helm, kubectl, argocd, Ansible, Capistrano, Terraform, Octopus Deploy, gcloud run
//	a team's own words                2026-01-02 03:04:05 Deploying checkout v1.2.3 to production
//
// Each deploy is a Deploy at the line with which it begins, and a DeployStep
// where it ends, fails or is found to be broken. What goes back to an earlier
// version is a Deploy of its own. An applied plan of Terraform is a
// ConfigChange. Other lines are not taken over, except those of logs in a team's
// own words: they are steps, and log records when they warn. An action that deploys is a
// deploy when its inputs name what goes out. Of a log that tells of no
// deploy the lines that say that something was applied or changed are records.
//
// A file is recognized when a system that runs pipelines wrote it, or when a
// good part of its lines is about deploying and one of them begins or ends a
// deploy. The log of an application that mentions deploys is none.
package console

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the format of the text that pipelines write.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	return []record.Format{{
		Name:      "pipeline-log",
		Recognize: recognize,
		Yearless:  yearless,
		Parse:     p.parse,
	}}
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// Sureness of recognition. A chat or a shell's history is surer.
const (
	sureRun   = 90
	sureTool  = 60
	sureWords = 55
)

// maxLines is how many lines are looked at for recognition.
const maxLines = 500

var (
	// github and azure write seven digits of a second before every line.
	github = lazyregexp.New(`(?m)^(?:[^\t\n]+\t[^\t\n]+\t)?\x{FEFF}?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z (?:##\[(?:group|endgroup|section|command|error)\]|Requested labels: |Current runner version)`)
	azure  = lazyregexp.New(`(?m)^\x{FEFF}?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z ##\[section\](?:Starting|Finishing): `)
	gitlab = lazyregexp.New(`section_start:\d{10}:[\w.\-]+(?:\[[^\]]*\])?\r`)
	// jenkins marks what it runs, or says at the beginning who started it.
	jenkins   = lazyregexp.New(`(?m)^(?:\[[\dT:.Z\-]+\]\s+|\d\d:\d\d:\d\d\s+)?(?:\[Pipeline\] Start of Pipeline|Running as SYSTEM|Building (?:remotely|in workspace|on the built-in))`)
	buildkite = lazyregexp.New(`\x1b_bk;t=\d{13}\x07`)
)

// recognize takes the log of a run, and text of which a good part is about
// deploys.
func recognize(h record.Head) int {
	if len(h.Bytes) == 0 || h.Bytes[0] == '{' || strings.IndexByte(string(h.Bytes[:min(len(h.Bytes), 512)]), 0) >= 0 {
		return 0
	}
	if system(h.Bytes) != "" {
		return sureRun
	}
	if !speaks(string(bytes.ToLower(h.Bytes))) {
		return 0
	}
	c := counted(h)
	switch {
	case c.tool > 0 && c.about*3 >= c.all, c.migrations > 0 && c.about*2 >= c.all:
		return sureTool
	case c.own > 0 && c.about*5 >= c.all*2 && c.timed*2 > c.all:
		return sureWords
	}
	return 0
}

// signs are parts of words without which nothing speaks of a deploy.
var signs = []string{"deploy", "rollout", "roll out", "rolled", "rolling", "releas", "rollback", "upgrad", "promot", "shipp", "revert", "apply complete", "migrat", "changeset", "play recap", "image updated", "argocd/"}

// systems are what writes the log of a run, with texts of which one stands in every log of
// it: most files hold none, and to look for them costs a small part of an expression.
var systems = []struct {
	name  string
	holds [][]byte
	marks *lazyregexp.Regexp
}{
	{"Azure Pipelines", [][]byte{[]byte("Z ##[section]")}, azure},
	{"GitHub Actions", [][]byte{[]byte("Z ##["), []byte("Z Requested labels: "), []byte("Z Current runner version")}, github},
	{"GitLab CI", [][]byte{[]byte("section_start:")}, gitlab},
	{"Jenkins", [][]byte{[]byte("[Pipeline] Start of Pipeline"), []byte("Running as SYSTEM"), []byte("Building ")}, jenkins},
	{"Buildkite", [][]byte{[]byte("\x1b_bk;t=")}, buildkite},
}

// system is what wrote the log of a run; empty when none shows.
func system(head []byte) string {
	for _, s := range systems {
		if slices.ContainsFunc(s.holds, func(text []byte) bool { return bytes.Contains(head, text) }) && s.marks.FindIndex(head) != nil {
			return s.name
		}
	}
	return ""
}

// count is what the lines of a file are about.
type count struct {
	all, timed, about int
	tool              int // lines that only a tool writes when it deploys
	migrations        int // of a database
	own               int // deploys that begin, with what and where to
}

// counted counts the lines of a head.
func counted(h record.Head) count {
	var c count
	for raw := range strings.Lines(string(h.Bytes)) {
		// what is left cannot be enough
		if left := maxLines - c.all; left == 0 || (c.about+left)*3 < maxLines {
			break
		}
		l := cut(raw)
		if l.text == "" {
			continue
		}
		if c.all++; l.at != "" || l.clock != "" {
			c.timed++
		}
		s, ok := read(l)
		switch {
		case ok && (s.act == changes || s.act == changed) && s.tool != terraform:
			c.migrations++
			c.about++
		case ok && s.sure && s.act != nothing && s.act != context && s.act != step:
			c.tool++
			c.about++
		case ok && (s.act == begins || s.act == backs) && s.service != "" && s.version != "":
			if s.tool == "" && (s.env != "" || s.by != "" || l.program != "") {
				c.own++
			}
			c.about++
		case ok || about.MatchString(l.text):
			c.about++
		}
	}
	return c
}

// about is what lines of such a log speak of besides deploys.
var about = lazyregexp.New(`(?i)^(?:(?:TASK|PLAY|RUNNING HANDLER) [\[R]|(?:ok|changed|skipping|failed): \[|\S+\s+: ok=\d|\[[0-9a-f]{8}\] |\d\d (?:ln|mkdir|git|echo|rm|~)|\d\d:\d\d \w+:\w|\S+: (?:Still )?(?:Refreshing state|Modif|Creat|Destr|Read)|Plan: \d|(?:NAME|NAMESPACE|STATUS|REVISION|TEST SUITE|NOTES|LAST DEPLOYED):|(?:Project|Server|URL|Repo|Target|Path|SyncWindow|Sync Policy|Sync Status|Health Status|Operation|Phase|Message|Duration|TIMESTAMP|GROUP|Source|Revision):?\s)|\b(?:deploy\w*|rollout|rollback|roll(?:ing|ed) (?:out|back)|release[sd]?|canary|migrat\w+|schema|replicas?|pods?|health ?checks?|smoke|symlink|artifact|pull(?:ing|ed)|drain\w*|restart\w*|approv\w+)\b`)

// read reads what a line says, of a tool, of the run, or in somebody's words.
func read(l line) (said, bool) {
	lower := strings.ToLower(l.text)
	if s, ok := ofCommand(l.text); ok {
		return s, true
	}
	if s, ok := ofTool(l.text, lower); ok {
		return s, true
	}
	if s, ok := ofRun(l.text, lower); ok {
		return s, true
	}
	if !speaks(lower) || quoted.MatchString(l.text) || prompt.MatchString(l.text) {
		return said{}, false
	}
	return words(strings.Trim(l.text, "=*#-~> "))
}

// quoted is a line that tells of a test or a commit, or of what somebody says in
// chat: its words are no news.
var quoted = lazyregexp.New(`^(?:<[\w.\- ]+> |[✓√✗✘×•*] |ok \d|not ok|PASS\b|FAIL\b|=== (?:RUN|PAUSE|CONT|NAME)|--- (?:PASS|FAIL)|at |test|Commit message|\d+[.)] |> |commit )`)

// speaks reports whether a text in lower case can be about a deploy.
func speaks(lower string) bool {
	return slices.ContainsFunc(signs, func(s string) bool { return strings.Contains(lower, s) })
}

// yearless reports whether the times of the lines lack a year.
func yearless(h record.Head) bool {
	for raw := range strings.Lines(string(h.Bytes[:min(len(h.Bytes), 4<<10)])) {
		if l := cut(raw); l.at != "" {
			return l.at[0] >= 'A' && l.at[0] <= 'Z' && len(l.at) == len("Jan  2 03:04:05")
		}
	}
	return false
}

// parse reads a log.
func (p *parser) parse(f *record.File, r io.Reader, sink record.Sink) error {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(64 << 10) // an error comes again with the reading
	g := &log{parser: p, w: fact.NewWriter(p.redactor, f, sink), sink: sink, file: f, system: system(head)}
	n, offset := 0, int64(0)
	for {
		raw, size, err := readLine(in)
		if size > 0 {
			n++
			l := cut(raw)
			l.raw = strings.TrimRight(raw, "\r\n")
			l.ref = hindcast.Ref{File: f.Name, Line: n, Offset: offset}
			g.line(l)
			offset += size
		}
		if errors.Is(err, io.EOF) {
			g.write()
			return nil
		}
		if err != nil {
			g.write()
			return err
		}
	}
}

// readLine returns the beginning of the next line, and how many bytes all of it has.
func readLine(in *bufio.Reader) (line string, size int64, err error) {
	b, err := in.ReadSlice('\n')
	line, size = string(b[:min(len(b), maxText)]), int64(len(b))
	for errors.Is(err, bufio.ErrBufferFull) {
		b, err = in.ReadSlice('\n')
		size += int64(len(b))
	}
	return line, size, err
}
