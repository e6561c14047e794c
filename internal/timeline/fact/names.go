package fact

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
)

// Names knows what the services are called and finds them in text.
type Names struct {
	all   []string // as the evidence spells them, longest first
	words map[string]string
	hide  *regexp.Regexp
	reply *regexp.Regexp // what companies say or how they are, by their names; nil without any
}

// generic are the last parts of a service's name that people leave out.
var generic = regexp.MustCompile(`(?i)[\-_. ](?:api|apis|service|services|svc|server|app|web|backend|frontend|gateway|worker|workers|db|prod|production|main|primary|v\d+)$`)

// daemons log on every host, and controllers about what they roll out; their names say
// nothing about what a command or a message is about.
var daemons = strings.Fields("sudo cron CRON systemd kernel sshd su dbus dbus-daemon rsyslogd chronyd ntpd auditd systemd-logind systemd-resolved snapd udev login crond anacron systemd-shutdown init unattended-upgrade unattended-upgrades dpkg apt rsyslog multipathd networkd systemd-networkd dhclient " +
	"rollouts-controller argo-rollouts argo-rollouts-controller argocd-application-controller application-controller helm-controller kustomize-controller source-controller image-automation-controller flagger")

// Daemon reports whether a name is that of a program that logs on every host or about
// what it rolls out.
func Daemon(service string) bool { return slices.Contains(daemons, service) }

// NewNames collects the names of services from events and from services.
func NewNames(events []hindcast.Event, services []string) *Names {
	seen := map[string]bool{}
	for _, s := range services {
		seen[s] = true
	}
	for _, e := range events {
		seen[e.Service] = true
	}
	for _, s := range daemons {
		delete(seen, s)
	}
	n := &Names{words: map[string]string{}}
	for s := range seen {
		if len(s) > 2 && len(s) < 80 {
			n.all = append(n.all, s)
		}
	}
	slices.SortFunc(n.all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var quoted []string
	for _, s := range n.all {
		n.add(s, s)
		quoted = append(quoted, regexp.QuoteMeta(s))
	}
	short := map[string][]string{}
	for _, s := range n.all {
		if w := fold(generic.ReplaceAllString(s, "")); len(w) > 3 && w != fold(s) {
			short[w] = append(short[w], s)
		}
	}
	for w, services := range short {
		if len(services) == 1 {
			n.add(w, services[0])
		}
	}
	if len(quoted) > 0 && len(quoted) < 2000 {
		n.hide = regexp.MustCompile(`(?i)\b(?:` + strings.Join(quoted, "|") + `)\b`)
	}
	n.reply = replies(events)
	return n
}

func (n *Names) add(word, service string) {
	w := fold(word)
	if _, ok := n.words[w]; !ok {
		n.words[w] = service
	}
}

// fold makes spellings of one name equal: lower case, one hyphen between parts.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == '.' || r == '/' }), "-")
}

// instance is what the name of one copy of a service ends in: an ordinal, or
// the hashes of a replica set and a pod.
var instance = regexp.MustCompile(`(?:-[0-9a-f]{6,10})?-(?:\d{1,3}|[a-z0-9]{5})$`)

// All returns every known name, longest first.
func (n *Names) All() []string { return n.all }

// Find returns the services that a text names, in order of mention: by their
// whole name, or by it without a generic last part ("search" for "search-api").
func (n *Names) Find(text string) []string {
	var out []string
	tokens := strings.Fields(strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_./", r) || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127 {
			return r
		}
		return ' '
	}, text))
	for i := range tokens {
		for j := min(i+3, len(tokens)); j > i; j-- {
			w := fold(strings.Trim(strings.Join(tokens[i:j], "-"), ".-/_"))
			s, ok := n.words[w]
			if !ok {
				s, ok = n.words[instance.ReplaceAllString(w, "")]
			}
			if ok {
				if !slices.Contains(out, s) {
					out = append(out, s)
				}
				break
			}
			if k := strings.LastIndexByte(tokens[i], '/'); j == i+1 && k >= 0 {
				if s, ok := n.words[fold(tokens[i][k+1:])]; ok && !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// Hide replaces the names of services by the word "service", so that a service
// called after a dish is not taken for small talk.
func (n *Names) Hide(text string) string {
	if n.hide == nil {
		return text
	}
	return n.hide.ReplaceAllStringFunc(text, func(s string) string {
		if !strings.ContainsAny(s, "-_.") && strings.ToLower(s) == s && commonWord[strings.ToLower(s)] {
			return s
		}
		return "service"
	})
}

// commonWord are names of services that mean something in a sentence; hiding
// them would take the sense away.
var commonWord = map[string]bool{"gateway": true, "database": true, "cache": true, "queue": true, "proxy": true, "web": true, "api": true, "search": true, "checkout": true, "payments": true, "orders": true, "redis": true, "kafka": true, "postgres": true, "mysql": true, "dns": true, "worker": true, "nginx": true, "haproxy": true}
