// Package logname tells a service from the name of one of its pods or log
// files.
package logname

import (
	"bytes"
	"path"
	"strings"
)

// Workload returns the name of the workload that a pod or process belongs to:
// "checkout-7f84d6f9b7-8rkdz" gives "checkout", "db-0" gives "db", "web.1"
// gives "web". Other names are returned as they are. The result is a part of
// pod.
func Workload(pod []byte) []byte {
	if i := bytes.LastIndexByte(pod, '.'); i > 0 && ordinal(pod[i+1:]) && bytes.IndexByte(pod[:i], '.') < 0 && !ordinal(pod[:i]) {
		return pod[:i]
	}
	rest, last, ok := cutLast(pod)
	if !ok {
		return pod
	}
	if ordinal(last) {
		return rest
	}
	if !suffix(last, 5) {
		return pod
	}
	if owner, hash, ok := cutLast(rest); ok && replicaSet(hash) {
		return owner
	}
	if hashed(last) { // a daemon set, a job
		return rest
	}
	return pod
}

func cutLast(b []byte) (rest, last []byte, ok bool) {
	i := bytes.LastIndexByte(b, '-')
	if i <= 0 {
		return b, nil, false
	}
	return b[:i], b[i+1:], true
}

// ordinal reports whether s numbers the pods of a stateful set.
func ordinal(s []byte) bool {
	if len(s) == 0 || len(s) > 3 {
		return false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// suffix reports whether s could be the random end of a name: n letters and
// digits.
func suffix(s []byte, n int) bool {
	if len(s) != n {
		return false
	}
	for _, c := range s {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z') {
			return false
		}
	}
	return true
}

// replicaSet reports whether s is the hash in a replica set's name.
func replicaSet(s []byte) bool {
	return len(s) >= 6 && len(s) <= 10 && suffix(s, len(s)) && hashed(s)
}

// hashed reports whether s reads like no word: it has a digit, or no vowel, as
// Kubernetes makes its random names.
func hashed(s []byte) bool {
	vowel := false
	for _, c := range s {
		if c >= '0' && c <= '9' {
			return true
		}
		vowel = vowel || c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'
	}
	return !vowel
}

// Service returns the service that a log file is named after: "checkout" for
// "logs/checkout.log.1", "order-history" for
// "order-history-7f84d6f9b7-8rkdz.log" and "api" for "api/access.log". It is
// empty when the name tells none, as that of "nginx/access.log".
func Service(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	for range 3 {
		dir, base := path.Split(file)
		if name := plain(base); !generic(name) {
			return name
		}
		file = strings.TrimSuffix(dir, "/")
	}
	return ""
}

// plain cuts extensions, rotation numbers, dates and pod hashes off a file name.
func plain(base string) string {
	if pod, _, ok := strings.Cut(base, "_"); ok && strings.Count(base, "_") >= 2 && string(Workload([]byte(pod))) != pod {
		base = pod // POD_NAMESPACE_CONTAINER-ID.log
	}
	for {
		cut := base
		if i := strings.LastIndexAny(cut, "._-"); i > 0 && noise(strings.ToLower(cut[i+1:])) {
			cut = cut[:i]
		}
		if cut = strings.TrimRight(cut, "._-"); cut == base {
			break
		}
		base = cut
	}
	return string(Workload([]byte(base)))
}

// noise reports whether the last part of a file name says nothing about the
// service.
func noise(part string) bool {
	switch part {
	case "log", "logs", "txt", "out", "err", "json", "ndjson", "jsonl", "csv", "tsv", "gz", "bz2", "zip", "current", "old", "prev", "previous",
		"access", "error", "errors", "stdout", "stderr", "app", "messages", "cri", "klog", "logfmt", "":
		return true
	}
	return strings.Trim(part, "0123456789t:z") == ""
}

// generic reports whether a name is one that many services use for their logs,
// or that of the server software, which is no service.
func generic(name string) bool {
	switch strings.ToLower(name) {
	case "", ".", "/", "-", "log", "logs", "access", "error", "app", "application", "server", "service", "output", "stdout", "stderr", "stdin", "out", "err",
		"syslog", "messages", "kern", "daemon", "journal", "journald", "console", "combined", "all", "main",
		"evidence", "export", "events", "data", "files", "var", "tmp", "container", "containers", "pods",
		"nginx", "apache", "apache2", "httpd", "iis", "haproxy", "envoy", "traefik", "caddy", "varnish":
		return true
	}
	return false
}
