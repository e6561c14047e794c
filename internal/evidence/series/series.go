// Package series makes the series that metric samples belong to, from the names
// and labels that monitoring systems write: one [record.Series] for each name
// with its labels, with the service found among them.
package series

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/hindcast/hindcast/internal/evidence/logname"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Labels are the labels of a series by name.
type Labels map[string]string

// Set holds the series of one file. It is safe for concurrent use.
type Set struct {
	f     *record.File
	mu    sync.Mutex
	known map[string]*record.Series
}

// NewSet returns an empty Set for the series of f.
func NewSet(f *record.File) *Set { return &Set{f: f, known: map[string]*record.Series{}} }

// Get returns the series of a name and its labels, the same one for the same
// arguments. The label that names the service becomes the series' Service, the
// others its Labels. A series without a name is called like the file.
func (s *Set) Get(name string, labels Labels) *record.Series {
	service, from := labels.Service()
	return s.series(name, service, labels, from)
}

// Of is [Set.Get] for a series whose service is known.
func (s *Set) Of(name, service string, labels Labels) *record.Series {
	return s.series(name, service, labels, "")
}

func (s *Set) series(name, service string, labels Labels, without string) *record.Series {
	if name == "" {
		base := path.Base(s.f.Name)
		name = strings.TrimSuffix(base, path.Ext(base))
	}
	pairs := make([]string, 0, len(labels))
	for k, v := range labels {
		if k != without && v != "" {
			pairs = append(pairs, k+"="+v)
		}
	}
	slices.Sort(pairs)
	key := name + "\x00" + service + "\x00" + strings.Join(pairs, "\x00")
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.known[key]; known != nil {
		return known
	}
	made := &record.Series{File: s.f, Name: name, Service: service, Labels: pairs}
	s.known[key] = made
	return made
}

// naming are the labels that name a service, the most trustworthy first, in
// lower case, letters and digits only. What ran (deployment, container, pod)
// comes before what was scraped (job).
var naming = index([]string{
	"exportedservice", "service", "servicename", "resourceservicename", "app", "application", "appname", "applicationname", "cloudrolename", "approlename",
	"appkubernetesioname", "labelapp", "k8sapp", "destinationworkload", "destinationservicename", "destinationapp",
	"deployment", "k8sdeploymentname", "kubedeployment", "workload", "statefulset", "k8sstatefulsetname", "daemonset", "k8sdaemonsetname",
	"cronjob", "jobname", "functionname", "dbinstanceidentifier", "cacheclusterid",
	"container", "containername", "k8scontainername", "pod", "podname", "k8spodname", "kubernetespodname",
	"exportedjob", "job", "component",
})

func index(names []string) map[string]int {
	rank := make(map[string]int, len(names))
	for i, n := range names {
		rank[n] = i
	}
	return rank
}

// Service returns the service that the labels name and the label that names it;
// empty when none does. A label that names what collected the samples, such as
// an exporter, counts only when there is no other.
func (l Labels) Service() (service, label string) {
	best := 0
	for k, v := range l {
		rank, ok := naming[fold(k)]
		if !ok || v == "" || v == "POD" {
			continue
		}
		if collector(v) {
			rank += len(naming)
		}
		if label == "" || rank < best || rank == best && k < label {
			best, service, label = rank, v, k
		}
	}
	if strings.Contains(fold(label), "pod") {
		service = string(logname.Workload([]byte(service)))
		label = "" // which pod it was stays a label
	}
	return service, label
}

// fold returns the letters and digits of a label's name in lower case.
func fold(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] >= 'a' && s[i] <= 'z'
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r | 0x20
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return -1
	}, s)
}

// collector reports whether a name is that of software that collects samples of
// others.
func collector(name string) bool {
	for _, part := range [...]string{"kubelet", "cadvisor", "kube-state-metrics", "exporter", "pushgateway", "collector", "kubernetes-pods", "kubernetes-nodes", "federate"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// Cut reads a series as Prometheus writes it, NAME{LABEL="VALUE",...}, at the
// beginning of s. The name or the braces may be missing, not both.
func Cut(s string) (name string, labels Labels, rest string, ok bool) {
	n := 0
	for n < len(s) && nameByte(s[n], n) {
		n++
	}
	name, rest = s[:n], s[n:]
	if !strings.HasPrefix(rest, "{") {
		return name, nil, rest, n > 0
	}
	labels = Labels{}
	rest = rest[1:]
	for {
		rest = strings.TrimLeft(rest, ", ")
		if after, done := strings.CutPrefix(rest, "}"); done {
			return pick(name, labels, after)
		}
		key, value, found := strings.Cut(rest, "=")
		if !found {
			return "", nil, s, false
		}
		if value, rest, found = quoted(strings.TrimLeft(value, " ")); !found {
			return "", nil, s, false
		}
		labels[strings.Trim(key, ` "`)] = value
	}
}

// pick takes the name out of the labels when it stands there.
func pick(name string, labels Labels, rest string) (string, Labels, string, bool) {
	if name == "" {
		name = labels["__name__"]
	}
	delete(labels, "__name__")
	return name, labels, rest, true
}

func nameByte(c byte, i int) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || i > 0 && (c >= '0' && c <= '9' || c == '.')
}

var unescape = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n")

// quoted reads a string in double quotes at the beginning of s.
func quoted(s string) (value, rest string, ok bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", s, false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return unescape.Replace(s[1:i]), s[i+1:], true
		}
	}
	return "", s, false
}
