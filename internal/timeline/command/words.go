package command

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// maxWords bounds how much of one command line is read.
const maxWords = 400

// split cuts a line into simple commands and those into words, the way a shell
// does for quotes, operators and comments. Parts of a pipeline are commands of
// their own.
func split(line string) [][]string {
	s := splitter{rest: line}
	for s.rest != "" && s.count < maxWords {
		s.next()
	}
	s.endCommand()
	return s.commands
}

type splitter struct {
	rest     string
	word     strings.Builder
	quoted   bool // word has a quoted part and counts even when empty
	words    []string
	commands [][]string
	count    int
}

func (s *splitter) next() {
	c := s.rest[0]
	s.rest = s.rest[1:]
	switch {
	case c == '\'' || c == '"':
		s.quote(c)
	case c == '\\' && s.rest != "":
		s.word.WriteByte(s.rest[0])
		s.rest = s.rest[1:]
	case c == ' ' || c == '\t' || c == '\n':
		s.endWord()
		if c == '\n' {
			s.endCommand()
		}
	case c == '#' && s.word.Len() == 0 && !s.quoted:
		s.rest = ""
	case c == ';' || c == '|' || c == '&' && !strings.HasPrefix(s.rest, ">"):
		s.endCommand()
	case c == '(' || c == ')' || c == '{' && s.word.Len() == 0 || c == '}' && s.word.Len() == 0:
		s.endWord()
	default:
		s.word.WriteByte(c)
	}
}

// quote reads up to the closing quote; inside double quotes a backslash takes the next
// quote or backslash for itself.
func (s *splitter) quote(q byte) {
	s.quoted = true
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == q:
			s.rest = s.rest[i+1:]
			return
		case c == '\\' && q == '"' && i+1 < len(s.rest) && strings.IndexByte(`"\$`+"`", s.rest[i+1]) >= 0:
			i++
			s.word.WriteByte(s.rest[i])
		default:
			s.word.WriteByte(c)
		}
	}
	s.rest = ""
}

func (s *splitter) endWord() {
	if s.word.Len() == 0 && !s.quoted {
		return
	}
	s.words = append(s.words, s.word.String())
	s.word.Reset()
	s.quoted = false
	s.count++
}

func (s *splitter) endCommand() {
	s.endWord()
	words := s.words
	for len(words) > 0 && keyword.MatchString(words[0]) {
		words = words[1:]
	}
	if len(words) > 0 {
		s.commands = append(s.commands, words)
	}
	s.words = nil
}

var keyword = lazyregexp.New(`^(?:do|then|else|while|until|if|!)$`)

var (
	objects = lazyregexp.New(`(?:^|\s)(?:deploy(?:ment)?|sts|statefulset|ds|daemonset|svc|service|pods?|node|job|cronjob|hpa|ing|ingress|cm|configmap)(?:\.apps)?[/ ]([A-Za-z0-9][\w.\-]*)|\brollout/([A-Za-z0-9][\w.\-]*)`)
	pair    = lazyregexp.New(`^(?:--)?([A-Za-z_][\w.\-/]*)=(\S+)$`)
	onOff   = lazyregexp.New(`(?i)^(?:on|off|true|false|enabled?|disabled?|\d+%?)$`)
)

// object names what a command touches: the workload, unit or flag.
func object(words []string) string {
	rest := plain(words)
	if m := objects.FindStringSubmatch(strings.Join(rest, " ")); m != nil {
		return m[1] + m[2]
	}
	for i := len(rest) - 1; i >= 1; i-- {
		if m := pair.FindStringSubmatch(rest[i]); m != nil {
			return m[1]
		}
		if name.MatchString(rest[i]) && !onOff.MatchString(rest[i]) {
			return strings.TrimSuffix(rest[i], ".service")
		}
	}
	return ""
}

var name = lazyregexp.New(`^[A-Za-z][\w.\-]*[A-Za-z0-9]$`)

// setting returns the value a command sets, as KEY=VALUE.
func setting(words []string) string {
	for _, w := range words[1:] {
		if m := pair.FindStringSubmatch(w); m != nil && settable(m[1]) {
			return m[1] + "=" + m[2]
		}
	}
	rest := plain(words)
	if n := len(rest); n > 1 && onOff.MatchString(rest[n-1]) {
		return rest[n-2] + "=" + rest[n-1]
	}
	return ""
}

// settable reports whether a name is a setting and not an option of the tool.
func settable(name string) bool {
	switch name {
	case "namespace", "context", "timeout", "region", "profile", "project", "zone", "env", "environment", "reason", "message", "output", "selector", "cluster", "kubeconfig", "user", "host", "port":
		return false
	}
	return true
}
