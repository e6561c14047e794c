// Package shell reads what people typed during an incident, from the histories
// that shells keep:
//
//	~/.bash_history with HISTTIMEFORMAT set (#EPOCH lines)  bash-history
//	~/.zsh_history with EXTENDED_HISTORY (: EPOCH:TOOK;...)  zsh-history
//	~/.local/share/fish/fish_history                         fish-history
//	Start-Transcript of PowerShell                           powershell-transcript
//	history, fc -li, atuin history list                      history-output
//	histories without times, also of PowerShell              shell-history
//
// The person is taken from the file's name or folder (engineer-a.zsh_history,
// home/engineer-a/.bash_history); otherwise it is the operator. Commands without
// a time keep their order and nothing else. Secrets are taken out of every
// command.
package shell

import (
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of shell histories.
func Formats() []record.Format {
	redactor := redact.New()
	format := func(name string, recognize func(record.Head) int, read func(*logline.Walker, func(entry))) record.Format {
		return record.Format{Name: name, Source: "shell", Recognize: recognize, Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
			return parse(f, r, fact.NewWriter(redactor, f, sink), read)
		}}
	}
	return []record.Format{
		format("bash-history", recognizeBash, readBash),
		format("zsh-history", recognizeZsh, readZsh),
		format("fish-history", recognizeFish, readFish),
		format("powershell-transcript", recognizeTranscript, readTranscript),
		format("history-output", recognizeOutput, readOutput),
		format("shell-history", recognizeUntimed, readUntimed),
	}
}

// entry is one command as a history holds it.
type entry struct {
	ref     hindcast.Ref
	at      string // as written; empty when the history does not say
	took    string // seconds it ran; empty when the history does not say
	command string
	who     string // whom the history names; empty when it does not
}

func parse(f *record.File, r io.Reader, w *fact.Writer, read func(*logline.Walker, func(entry))) error {
	data, err := io.ReadAll(r)
	name, host := owner(f.Name)
	untimed := false
	read(&logline.Walker{Data: data, Number: 1}, func(c entry) {
		command := strings.TrimSpace(c.command)
		if command == "" {
			return
		}
		c.ref.File = f.Name
		e := hindcast.Event{
			Ref: c.ref, Kind: hindcast.Command, Actor: hindcast.Actor{Name: name, Kind: hindcast.Person},
			Title: command, Text: command, Attrs: map[string]string{"host": host},
		}
		if c.who != "" {
			e.Actor.Name = c.who
		}
		at, zone, ok := w.Time(c.at)
		switch {
		case ok:
			e.At, e.Zone = at, zone
		case !untimed:
			untimed = true
			w.Problem(hindcast.Ref{File: f.Name}, "commands without a time only give an order; set HISTTIMEFORMAT in bash or EXTENDED_HISTORY in zsh to keep times")
		}
		if n, err := strconv.Atoi(c.took); ok && err == nil && n > 0 {
			e.Until = at.Add(time.Duration(n) * time.Second)
		}
		w.Emit(e)
	})
	return err
}

// noise are the parts of a file name that say what it is and not whose. Those
// that are true say that it is a history.
var noise = map[string]bool{
	"history": true, "hist": true, "histfile": true, "bash": true, "zsh": true, "fish": true, "sh": true, "ksh": true, "shell": true, "powershell": true, "pwsh": true,
	"consolehost": true, "commands": true, "cmds": true, "terminal": true,
	"": false, "txt": false, "log": false, "out": false, "output": false, "export": false, "session": false, "home": false, "users": false, "root": false, "local": false,
	"share": false, "evidence": false, "data": false, "histories": false, "the": false, "my": false,
}

// separators stand between the parts of a file name.
const separators = "._- "

// owner returns the person a history belongs to, by its file name, else its
// folder, and the host where the name states it as PERSON@HOST. A file name that
// does not say that it is a history is not taken for a person's.
func owner(file string) (person, host string) {
	dir, base := path.Split(strings.ReplaceAll(file, `\`, "/"))
	if !slices.ContainsFunc(strings.FieldsFunc(base, func(r rune) bool { return strings.ContainsRune(separators+"@", r) }), func(part string) bool { return noise[strings.ToLower(part)] }) {
		return "operator", ""
	}
	for ; base != ""; dir, base = path.Split(strings.TrimSuffix(dir, "/")) {
		name, at, _ := strings.Cut(base, "@")
		if at != "" {
			host = at[:strings.IndexAny(at+".", "._")]
		}
		if name = trimNoise(name); name != "" {
			return name, host
		}
	}
	return "operator", host
}

// trimNoise cuts the parts that are noise, and numbers, off both ends of a name.
func trimNoise(name string) string {
	idle := func(part string) bool {
		_, is := noise[strings.ToLower(part)]
		return is || strings.Trim(part, "0123456789T:") == ""
	}
	for name != "" {
		first, rest := name, ""
		if i := strings.IndexAny(name, separators); i >= 0 {
			first, rest = name[:i], name[i+1:]
		}
		if idle(first) {
			name = rest
			continue
		}
		i := strings.LastIndexAny(name, separators)
		if i < 0 || !idle(name[i+1:]) {
			break
		}
		name = name[:i]
	}
	return name
}

// digits returns the number of digits that b begins with.
func digits(b []byte) int {
	n := 0
	for n < len(b) && b[n]-'0' < 10 {
		n++
	}
	return n
}

// share returns score when at least part of the lines, in percent, fit.
func share(lines [][]byte, part, score int, fits func([]byte) bool) int {
	n := 0
	for _, l := range lines {
		if fits(l) {
			n++
		}
	}
	if n == 0 || 100*n < part*len(lines) {
		return 0
	}
	return score
}

// ref is where a command stands that begins at first and ends at last.
func ref(first, last logline.Line) hindcast.Ref {
	r := hindcast.Ref{Line: first.Number, Offset: first.Offset}
	if last.Number != first.Number {
		r.EndLine = last.Number
	}
	return r
}

// join returns a command with another line.
func join(command string, line []byte) string {
	if command == "" {
		return string(line)
	}
	return command + "\n" + string(line)
}
