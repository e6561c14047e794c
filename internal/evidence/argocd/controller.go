package argocd

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	// started is how the controller logs that it begins to bring an application to a revision.
	started = lazyregexp.New(`^(?:OperationStarted: )?(?:(\S+|Unknown user) i|I)nitiated (?:automated )?(?:partial )?(?:sync|rollback)(?: \([^)]*\))? to (?:HEAD\b|history id \d|'|v?\d+(?:\.\d+)*\b|[0-9a-f]{6,40}\b).*?(?: by (\S+))?$`)
	// ofApp and user are fields of its log, of which the first begins with the namespace.
	ofApp = lazyregexp.New(`\bapplication["']?[=:] ?["']?(?:[\w.\-]+/)?([\w.\-]+)`)
	user  = lazyregexp.New(`\buser["']?[=:] ?["']?([\w.@\-]+)`)
)

// Begins is a cheap test for [Started], which is asked of every line of every log; rest is
// what follows the first word of the message.
func Begins(message, rest []byte) bool {
	switch {
	case len(message) == 0 || len(rest) == 0:
		return false
	case message[0] == 'I':
		return bytes.HasPrefix(message, []byte("Initiated "))
	case message[0] == 'O' && bytes.HasPrefix(message, []byte("OperationStarted: ")):
		return true
	}
	return rest[0] == 'i' && bytes.HasPrefix(rest, []byte("initiated ")) || rest[0] == 'u' && bytes.HasPrefix(rest, []byte("user initiated "))
}

// Started returns what a line of the log of Argo CD's application controller tells of the
// beginning of a rollout, as Kubernetes' event of the same: without its time and reference.
// ok is false for any other line. raw is the whole line.
func Started(message, raw []byte) (e hindcast.Event, ok bool) {
	m := started.FindSubmatch(message)
	app := ofApp.FindSubmatch(raw)
	if m == nil || app == nil {
		return e, false
	}
	title := string(message)
	if len(m[1]) == 0 { // the event begins with who did it
		who := string(m[2])
		if u := user.FindSubmatch(raw); u != nil && who == "" && string(u[1]) != "automated" {
			who = string(u[1])
		}
		if who != "" {
			title = who + " i" + strings.TrimSuffix(title[1:], " by "+who)
		}
	}
	return hindcast.Event{
		Kind: hindcast.PlatformEvent, Actor: hindcast.Actor{Name: "argocd-application-controller", Kind: hindcast.System},
		Service: string(app[1]), Level: hindcast.LevelInfo, Title: title, Text: title, Subject: "k8s:Application/" + string(app[1]),
		Attrs: map[string]string{"reason": "OperationStarted", "object": "Application/" + string(app[1]), "type": "Normal"},
	}, true
}
