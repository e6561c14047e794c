package evidence

import (
	"bytes"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/argocd"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/logfield"
	"github.com/hindcast/hindcast/internal/evidence/netos"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/redact"
)

// deeds reads the lines of logs that are no talk of programs but what somebody did: a command
// that sudo ran, a setting of a device that was changed.
type deeds struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// deedsOf returns what reads them, which is made once.
var deedsOf = sync.OnceValue(func() *deeds { return &deeds{redact.New(), fact.NewWords()} })

var (
	sudo       = []byte("sudo")
	configured = []byte(logfield.Configured)
	// sudoed is how sudo logs a command that somebody ran at a terminal; what it refused has
	// the reason before the fields.
	sudoed = lazyregexp.New(`^\s*(\S+) : (?:HOST=\S+ ; )?TTY=(?:/dev/)?(?:pts/\d+|tty\w+|console) ; (?:\w+=[^;]* ; )*COMMAND=(.+)$`)
)

// may reports whether a line can be what somebody did, at no cost to the millions that are
// not: an event is large.
func (d *deeds) may(l *record.Log) bool {
	if l.At == record.NoTime {
		return false
	}
	if bytes.Equal(l.Service, sudo) || bytes.HasPrefix(l.Message, configured) {
		return true
	}
	i := bytes.IndexByte(l.Message, ' ')
	return i > 0 && (argocd.Begins(l.Message, l.Message[i+1:]) || netos.Begins(l.Message, l.Message[i+1:]))
}

// read returns what somebody did as a line of a log tells of which [deeds.may] is true; ok is
// false for any other line, and for what machines run, which have no terminal.
func (d *deeds) read(l *record.Log) (e hindcast.Event, ok bool) {
	switch {
	case bytes.Equal(l.Service, sudo):
		e, ok = d.ran(l.Message)
	case bytes.HasPrefix(l.Message, configured):
		e, ok = d.configured(string(l.Message))
	default:
		if e, ok = argocd.Started(l.Message, l.Raw); !ok {
			e, ok = d.administered(l)
		}
	}
	if !ok {
		return e, false
	}
	e.Ref = hindcast.Ref{File: l.File.Name, Line: l.Line, EndLine: l.EndLine, Offset: l.Offset}
	e.At = time.Unix(0, l.At).UTC() // the zone of the log is told of the file
	e.Title, e.Text = d.redactor.Text(e.Title), d.redactor.Text(e.Text)
	for k, v := range e.Attrs {
		e.Attrs[k] = d.redactor.Text(v)
	}
	return e, true
}

// ran reads a line of sudo: "engineer-a : TTY=pts/2 ; PWD=/ ; USER=root ; COMMAND=/bin/rm x".
func (d *deeds) ran(message []byte) (hindcast.Event, bool) {
	m := sudoed.FindSubmatch(message)
	if m == nil {
		return hindcast.Event{}, false
	}
	program, args, _ := strings.Cut(strings.TrimSpace(string(m[2])), " ")
	if program == "list" || program == "validate" { // what sudo itself did
		return hindcast.Event{}, false
	}
	return hindcast.Event{
		Kind: hindcast.Command, Actor: hindcast.Actor{Name: string(m[1]), Kind: hindcast.Person},
		Title: strings.TrimSpace("sudo " + path.Base(program) + " " + args), Attrs: map[string]string{"via": "sudo"},
	}, program != ""
}

// configured reads what [logfield.Record.Message] says of a setting.
func (d *deeds) configured(message string) (hindcast.Event, bool) {
	what := strings.TrimPrefix(message, logfield.Configured)
	i := strings.LastIndex(what, " by ")
	if i < 0 {
		return hindcast.Event{}, false
	}
	what, who := what[:i], what[i+len(" by "):]
	e := hindcast.Event{Kind: hindcast.ConfigChange, Actor: d.words.Actor(who), Title: what}
	if words := strings.Fields(what); len(words) > 1 {
		e.Attrs = map[string]string{"object": words[1]}
	}
	return e, true
}

// administered reads what the operating system of a network device says of a change. Whose
// account it does not name is taken for a person; that a device shuts interfaces as it
// starts shows by their number.
func (d *deeds) administered(l *record.Log) (hindcast.Event, bool) {
	deed, ok := netos.Read(l.Message)
	if !ok {
		return hindcast.Event{}, false
	}
	e := hindcast.Event{Kind: hindcast.ConfigChange, Actor: d.words.Actor(deed.Who), Title: deed.What, Attrs: map[string]string{"via": "device"}}
	if deed.Command {
		e.Kind = hindcast.Command
		return e, true
	}
	if len(l.Instance) > 0 {
		e.Service = string(l.Instance)
		e.Title = e.Service + ": " + e.Title
	}
	if deed.Object != "" {
		e.Attrs["object"] = deed.Object
	}
	return e, true
}
