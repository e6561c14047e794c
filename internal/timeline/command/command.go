// Package command reads shell commands: does one change something, what sort
// of change is it, and what does it touch?
//
// The grammar is a fixed table of programs and their verbs. A command that is
// not in the table only looks, as far as we know.
package command

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Act is what a command does to the system.
type Act string

// The acts. Look is the only one that changes nothing.
const (
	Look        Act = "look"
	Rollback    Act = "rollback"
	Deploy      Act = "deploy"
	Scale       Act = "scale"
	Restart     Act = "restart"
	Flag        Act = "flag"
	Config      Act = "config"
	Failover    Act = "failover"
	Traffic     Act = "traffic" // routes, weights, drains, blocks
	Data        Act = "data"    // writes to a database, a queue or a cache
	Cleanup     Act = "cleanup" // frees space or removes what is in the way
	Kill        Act = "kill"    // ends processes, sessions or queries
	Certificate Act = "certificate"
	Infra       Act = "infra" // infrastructure as code
)

// Reading is what a command line says.
type Reading struct {
	Act     Act
	Object  string // what is touched: workload, unit, flag; may be empty
	Setting string // the new value, as KEY=VALUE, when the command states one
}

// Changes reports whether the command changes something.
func (r Reading) Changes() bool { return r.Act != Look }

// Read reads a command line. Of several commands joined by && or ; the first
// that changes something counts.
func Read(line string) Reading {
	if shown.MatchString(line) {
		return Reading{Act: Look}
	}
	for _, words := range split(line) {
		if r := simple(words); r.Changes() {
			return r
		}
	}
	return Reading{Act: Look}
}

// shown is how a socket is asked what a program knows, rather than told what to do.
var shown = lazyregexp.New(`(?i)\b(?:echo|printf)\s+(?:-\S+\s+)*["']?(?:show|get|help)\b[^|;&]*\|\s*(?:sudo\s+)?(?:socat|nc|ncat)\b`)

// simple reads one command without operators.
func simple(words []string) Reading {
	words = unwrap(words)
	if len(words) == 0 || harmless(words) {
		return Reading{Act: Look}
	}
	program := base(words[0])
	for _, r := range rules {
		if slices.Contains(r.programs, program) && r.fits(words) {
			return Reading{Act: r.act, Object: object(words), Setting: setting(words)}
		}
	}
	act := scriptAct(words[0])
	if act == Look && len(words) > 1 && slices.Contains(interpreters, program) {
		act = scriptAct(words[1])
	}
	if act == Look {
		act = plainAct(words)
	}
	if act == Look {
		return Reading{Act: Look}
	}
	return Reading{Act: act, Object: object(words), Setting: setting(words)}
}

// harmless reports whether flags turn a changing command into a look.
func harmless(words []string) bool {
	for i, w := range words {
		if w == "--help" || w == "--version" && (i == 1 || i == len(words)-1) || w == "--check" || strings.HasPrefix(w, "--dry-run") && w != "--dry-run=none" ||
			strings.HasPrefix(w, "--server-dry-run") || w == "--diff-only" || w == "--whatif" {
			return true
		}
	}
	return words[len(words)-1] == "-" && slices.Contains(words, "cp") || fetches(words)
}

// fetches reports whether files are copied from a machine, a container or a store to here.
func fetches(words []string) bool {
	if p := base(words[0]); p != "scp" && p != "rsync" && !slices.Contains(words, "cp") {
		return false
	}
	there := func(w string) bool { return remotePath.MatchString(w) }
	last := words[len(words)-1]
	return !there(last) && (!strings.HasPrefix(last, "/") || ownPath.MatchString(last)) && slices.ContainsFunc(words[:len(words)-1], there)
}

// ownPath is where people put files to look at them: elsewhere on a host they change it.
var ownPath = lazyregexp.New(`^/(?:tmp|var/tmp|home|root|Users)(?:/|$)`)

// remotePath is a file elsewhere: "pod:/var/log", "user@host:x", "s3://bucket/x".
var remotePath = lazyregexp.New(`^[\w$@.{}/\-]+:(?:/|\S*\w)`)

// interpreters run the script that follows them.
var interpreters = []string{"python", "python3", "node", "ruby", "bash", "sh", "php", "perl"}

// wrappers run the command that follows them.
var wrappers = []string{"sudo", "doas", "time", "nohup", "watch", "command", "exec", "xargs", "timeout", "nice", "ionice", "env", "stdbuf", "caffeinate", "aws-vault", "op", "direnv"}

// valued are flags whose next word is their value, for the programs at hand.
var valued = []string{"-n", "--namespace", "--context", "--kube-context", "-c", "--container", "--kubeconfig", "-l", "--selector", "--profile", "--region", "--project", "--zone",
	"-H", "--header", "-u", "--user", "-h", "--host", "-p", "--port", "-d", "--database", "--cluster", "-o", "--output", "-i", "-t", "--timeout", "-m", "--max-time", "-w", "--server", "--app", "-a", "-s", "--service", "--resource-group", "-g",
	"--env", "--environment", "-e", "--sync-policy", "--reason", "--message", "--comment", "--stack", "--stage", "--org", "--team"}

// unwrap takes away variables, wrappers and the way into another machine or container.
func unwrap(words []string) []string {
	for len(words) > 0 {
		w := words[0]
		switch {
		case assignment.MatchString(w):
			words = words[1:]
		case slices.Contains(wrappers, base(w)):
			words = skipFlags(words[1:])
		case base(w) == "ssh" && len(words) > 2:
			words = remote(words[1:])
		case base(w) == "ansible":
			inner := adHoc(words)
			if inner == nil {
				return words
			}
			words = inner
		case enters(words):
			i := slices.Index(words, "--")
			words = words[i+1:]
		default:
			return words
		}
	}
	return nil
}

// adHoc returns the command that ansible runs on its hosts, nil when it calls a
// module for something else.
func adHoc(words []string) []string {
	m, a := slices.Index(words, "-m"), slices.Index(words, "-a")
	if a < 0 || a+1 >= len(words) || m >= 0 && m+1 < len(words) && words[m+1] != "shell" && words[m+1] != "command" && words[m+1] != "raw" {
		return nil
	}
	return telling(split(words[a+1]))
}

// telling returns the first of some commands that changes something, else the last; nil
// when there is none.
func telling(commands [][]string) []string {
	for _, c := range commands {
		if simple(c).Changes() {
			return c
		}
	}
	if len(commands) == 0 {
		return nil
	}
	return commands[len(commands)-1]
}

var assignment = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*=`)

// enters reports whether words run another command inside a container.
func enters(words []string) bool {
	program := base(words[0])
	return (program == "kubectl" || program == "k" || program == "oc" || program == "nomad") && slices.Contains(words, "exec") && slices.Contains(words, "--")
}

// skipFlags drops leading flags, numbers and assignments.
func skipFlags(words []string) []string {
	for len(words) > 0 && (strings.HasPrefix(words[0], "-") || assignment.MatchString(words[0]) || number.MatchString(words[0])) {
		words = words[1:]
	}
	return words
}

var number = lazyregexp.New(`^\d+[smh]?$`)

// remote returns the command that ssh runs, given the words after ssh.
func remote(words []string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		if slices.Contains([]string{"-i", "-p", "-l", "-o", "-J", "-F"}, words[0]) && len(words) > 1 {
			words = words[1:]
		}
		words = words[1:]
	}
	if len(words) < 2 {
		return nil
	}
	if rest := words[1:]; len(rest) > 1 {
		return rest
	}
	return telling(split(words[1]))
}

func base(program string) string {
	return program[strings.LastIndexByte(program, '/')+1:]
}

// plain returns the words after the program that are neither flags nor values of flags.
func plain(words []string) []string {
	var out []string
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case slices.Contains(valued, w):
			i++
		case !strings.HasPrefix(w, "-"):
			out = append(out, w)
		}
	}
	return out
}
