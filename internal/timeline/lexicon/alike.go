package lexicon

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// alike are words that systems and people use for one thing, by their stems: the word
// that stands for all of them.
var alike = map[string]string{
	"cert": "certificat", "certs": "certificat", "x509": "certificat", "oom": "memory", "mem": "memory", "heap": "memory", "rss": "memory",
	"ntp": "clock", "chronyd": "clock", "chrony": "clock", "ntpd": "clock", "clocksourc": "clock", "timesync": "clock",
	"nxdomain": "dns", "resolver": "dns", "hostname": "dns", "db": "databas", "postgr": "databas", "postgresql": "databas", "mysql": "databas", "mariadb": "databas", "pg": "databas",
	"throttl": "quota", "ratelimit": "quota", "conn": "connect", "conns": "connect", "k8s": "kubernet", "config": "configur", "conf": "configur", "cfg": "configur",
	"lb": "balancer", "repl": "replic", "replica": "replic", "standby": "replic", "secondary": "replic", "vol": "volum", "partition": "volum", "filesystem": "volum",
	"pwd": "password", "perm": "permiss", "creds": "credential", "msg": "messag", "msgs": "messag", "txn": "transact", "tx": "transact", "auth": "authent",
}

// phrases are ways to say that one thing is wrong, which share no word; each adds the
// word that it is followed by here.
var phrases = []struct {
	re    *lazyregexp.Regexp
	word  string
	holds []string // in lower case; each way holds one of these
}{
	{lazyregexp.New(`(?i)\bno space left\b|\bENOSPC\b|\bout of (?:disk ?)?space\b|\b(?:disks?|volumes?|partitions?|filesystems?|storage|root|/)\b.{0,40}\b(?:(?:is|are|was|went|at|to) (?:100 ?%|full)|full\b|filled up)|\bnot a (?:single )?byte\b|\b(?:0|zero|no) bytes? (?:left|free)\b|\bdiskfull\b|\bdisk (?:full|quota exceeded)\b`), "~full", []string{"space", "enospc", "full", "fill", "100", "byte", "quota"}},
	{lazyregexp.New(`(?i)\bout of memory\b|\bOOM(?:-?Kill\w*)?\b|\bOutOfMemory\w*|\bcannot allocate memory\b|\bmemory cgroup\b|\bkilled .{0,30}\bmemory\b`), "~memory", []string{"memory", "oom"}},
	{lazyregexp.New(`(?i)\bclocks?\b.{0,60}\b(?:ahead|behind|skew\w*|drift\w*|jump\w*|off|fast|slow|wrong)\b|\b(?:clock|time) (?:skew|drift|jump\w*|sync\w*|step\w*)\b|\bfrom the future\b|\bnot[ _]yet[ _]valid\b|\bbefore (?:it was )?issued\b|\bsynchroni[sz]ation lost\b|\bunstable\b.{0,40}\bskew\b|\bno suitable source for synchroni[sz]ation\b`), "~clock", []string{"clock", "skew", "drift", "jump", "sync", "step", "future", "valid", "issued", "unstable"}},
	{lazyregexp.New(`(?i)\bcert\w*\b.{0,60}\b(?:expir\w*|ran out|run out|lapsed|invalid|not valid|out of date)\b|\bnot ?after\b|\bx509\b|\bhandshake\b.{0,40}\b(?:fail\w*|refus\w*)\b|\bexpir\w*\b.{0,30}\bcert\w*`), "~certificate", []string{"cert", "after", "x509", "handshake"}},
	{lazyregexp.New(`(?i)\bNXDOMAIN\b|\bno such host\b|\bcould not resolve\b|\bcan(?:no|')?t resolve\b|\b(?:host ?name|name)\b.{0,20}\b(?:not resolve|resolution)\b|\bgetaddrinfo\b|\bSERVFAIL\b|\bunknown host\b`), "~name", []string{"nxdomain", "host", "resol", "addrinfo", "servfail"}},
	{lazyregexp.New(`(?i)\bpools?\b.{0,40}\b(?:exhaust\w*|empty|full|used up|drained|at (?:its |the )?(?:max|limit)|saturat\w*|no (?:free|idle))\b|\bconnection is not available\b|\btoo many (?:clients|connections)\b|\bremaining connection slots\b|\bno (?:free|idle) connections?\b`), "~pool", []string{"pool", "connection", "too many"}},
	{lazyregexp.New(`(?i)\bdeadlock\w*|\block wait\b|\bwait\w* for .{0,30}\block\b|\b(?:holds?|held|holding|takes?|took) .{0,30}\block\b|\bblocked by\b|\block(?:ed|s) (?:the |up )?\w*\btable\b|\btable\b.{0,20}\blocked\b|\bAccessExclusiveLock\b`), "~lock", []string{"lock"}},
	{lazyregexp.New(`(?i)\bquota\b|\brate[- ]?limit\w*|\bthrottl\w*|\b429\b|\bLimitExceeded\w*|\btoo many requests\b|\blimit (?:is |was )?(?:reached|exceeded|hit)\b`), "~quota", []string{"quota", "limit", "throttl", "429", "too many"}},
	{lazyregexp.New(`(?i)\bpermission denied\b|\baccess ?denied\b|\bunauthori[sz]ed\b|\bforbidden\b|\bInvalidAccessKey\w*|\bnot allowed\b|\b(?:key|token|credentials?|password|secret)\b.{0,30}\b(?:revoked|expired|invalid|rotated|wrong|rejected)\b`), "~denied", []string{"denied", "authori", "forbidden", "access", "allowed", "key", "token", "credential", "password", "secret"}},
	{lazyregexp.New(`(?i)\bconnection refused\b|\bECONNREFUSED\b|\bno route to host\b|\bunreachable\b|\bcan(?:no|')?t (?:connect|reach)\b|\bcannot reach\b|\bnot reachable\b`), "~unreachable", []string{"refused", "route", "reach", "connect"}},
	{lazyregexp.New(`(?i)\bcrash\w*|\bpanic\w*|\bsegfault\b|\bcore dumped\b|\bexited with\b|\bkeeps? (?:dying|restarting)\b|\bsignal (?:9|11|6)\b`), "~crash", []string{"crash", "panic", "segfault", "dumped", "exited", "keep", "signal"}},
	{lazyregexp.New(`(?i)\bNOT_ENOUGH_REPLICAS\b|\bunder[- ]?replicated\b|\bin[- ]sync replicas?\b|\bISR\b|\bnot enough replicas\b|\bno quorum\b|\blost (?:the )?quorum\b`), "~quorum", []string{"replica", "isr", "quorum"}},
}

// Troubles returns those of the words of a text, see [Tokens], that stand for what is
// wrong, however it is said.
func Troubles(words map[string]float64) map[string]float64 {
	out := map[string]float64{}
	for w, x := range words {
		if strings.HasPrefix(w, "~") {
			out[w] = x
		}
	}
	return out
}
