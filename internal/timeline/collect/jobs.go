package collect

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

const (
	// mostStarts is how many starts of one command are kept, the earliest.
	mostStarts = 64
	// mostCommands is how many commands cron starts at most to be looked at.
	mostCommands = 2000
	// maxCommand is how many bytes of a command are looked at.
	maxCommand = 300
)

// jobs are the commands that cron says it starts, which a template would mix up
// because they differ in one word.
type jobs struct {
	starts map[string][]signal.Mark
	over   bool // there are more commands than are kept
}

var commandMark = []byte("CMD (")

// add takes note of a line of cron that says what it starts.
func (j *jobs) add(l *record.Log) {
	if !cronName(l.Service) || l.At == record.NoTime {
		return
	}
	i := bytes.Index(l.Message, commandMark)
	if i < 0 {
		return
	}
	text := l.Message[i+len(commandMark):]
	if end := bytes.LastIndexByte(text, ')'); end >= 0 {
		text = text[:end]
	}
	j.keep(string(bytes.TrimSpace(text[:min(len(text), maxCommand)])), signal.Mark{At: l.At, File: l.File, Line: l.Line, Offset: l.Offset})
}

func (j *jobs) keep(command string, marks ...signal.Mark) {
	if j.starts == nil {
		j.starts = map[string][]signal.Mark{}
	}
	list := append(j.starts[command], marks...)
	if len(list) > 2*mostStarts {
		list = earliest(list)
	}
	j.starts[command] = list
	if len(j.starts) > mostCommands {
		j.over, j.starts = true, nil
	}
}

func earliest(list []signal.Mark) []signal.Mark {
	slices.SortFunc(list, func(a, b signal.Mark) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.File.Name, b.File.Name), cmp.Compare(a.Line, b.Line))
	})
	return list[:min(len(list), mostStarts)]
}

// cronName reports whether a program is cron.
func cronName(service []byte) bool {
	switch string(service) {
	case "CRON", "cron", "crond", "CROND", "anacron", "cronie", "/usr/sbin/cron", "/usr/sbin/crond":
		return true
	}
	return false
}

// join adds what another worker collected.
func (j *jobs) join(o *jobs) {
	j.over = j.over || o.over
	for command, marks := range o.starts {
		j.keep(command, marks...)
	}
}

// list returns the starts in order of time.
func (j *jobs) list() []signal.Job {
	if j.over {
		return nil
	}
	r := redact.New()
	var out []signal.Job
	for command, marks := range j.starts {
		title := "cron started " + r.Text(command)
		for i, m := range earliest(marks) {
			out = append(out, signal.Job{Mark: m, Title: title, Name: jobName(command), Earlier: i})
		}
	}
	slices.SortFunc(out, func(a, b signal.Job) int {
		return cmp.Or(cmp.Compare(a.Mark.At, b.Mark.At), cmp.Compare(a.Mark.File.Name, b.Mark.File.Name), cmp.Compare(a.Mark.Line, b.Mark.Line), strings.Compare(a.Title, b.Title))
	})
	return out
}

// jobName is the name of the script that a command runs, without its ending;
// of the first program with a path when no word has one.
func jobName(command string) string {
	program := ""
	for _, w := range strings.Fields(command) {
		w = strings.Trim(w, `"'();`)
		if !strings.Contains(w, "/") || strings.HasPrefix(w, "-") || strings.HasPrefix(w, ">") {
			continue
		}
		name := path.Base(w)
		if ext := path.Ext(name); len(ext) > 1 && len(ext) < 5 {
			return strings.TrimSuffix(name, ext)
		}
		program = cmp.Or(program, name)
	}
	return program
}
