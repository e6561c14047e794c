package logfield

// Role is what a field means.
type Role uint8

// The roles. A field that has none is not looked at.
const (
	None      Role = iota
	Time           // when the record was written
	Level          // by name or number
	Telemetry      // severity number of OpenTelemetry
	Graded         // severity from 0, verbose, to 4, critical, of Application Insights
	Service
	Pod
	Container
	Host
	Resource // of Azure, by its path
	Process  // number of the process
	Name     // the program's for bunyan and pino, the logger's for others
	Trace
	Span
	Message
	Error
	Method
	Path
	Request // "GET /path HTTP/1.1"
	Status
	File    // whose line the record was
	Setting // that somebody changed on a device, as FortiGate writes it
	Altered // from what to what
	User    // who did it; looked at beside a setting only
	Offset  // from UTC, of a date and a time of day that stand apart, as "+0100"
	Roles   // how many there are
)

// Key is what is known about a field by its name.
type Key struct {
	Role Role
	Rank uint8 // among the names of a role; the lowest that a record has is taken
	// Open says that an object under this name is looked into.
	Open bool
	// Group is put before the names in that object.
	Group string
}

// names are the names of fields by role, the most trustworthy first, as
// [Lookup] spells them: lower case, letters and digits only.
var names = [Roles][]string{
	Time: {
		"timestamp", "ts", "time", "datetime", "realtimetimestamp", "sourcerealtimetimestamp", "eventtime", "timeunixnano", "timestampms", "timestampseconds", "tdate",
		"timeiso8601", "timelocal", "startlocal", "startutc", "starttime", "logtime", "logtimestamp", "asctime", "date", "t", "when", "at", "created", "createdat", "observedtimeunixnano", "receivetimestamp", "eventcreated", "ingestiontime",
		"epochms", "epochmillis", "epochseconds", "epochnanos", "epochmicros", "epoch", "unixtime", "unixtimestamp", "unixms", "tsms", "tsus", "tsns", "timems", "timeus", "timens", "timemillis", "timeunix", "timestampus", "timestampns", "timestampmillis",
		"occurredat", "loggedat", "recordedat", "emittedat", "eventtimestamp", "eventdate", "logdate", "instant", "timegenerated", "timegeneratedutc", "timestampinms", "timecreated", "edgestarttimestamp", "edgeendtimestamp", "reqtimesec", "requesttimeepoch", "requesttime", "messagetimems", "messagetime",
	},
	Level:     {"level", "loglevel", "severity", "severitytext", "lvl", "levelname", "priority", "sev", "logseverity", "detectedlevel", "l", "s", "syslogseverity", "errorseverity", "leveldisplayname", "entrytype", "type"},
	Telemetry: {"severitynumber"},
	Graded:    {"severitylevel"},
	Service: {
		"service", "servicename", "app", "appname", "application", "applicationname", "ddservice", "resourceservicename", "kuberneteslabelsapp", "kuberneteslabelsappkubernetesioname", "kuberneteslabelsk8sapp",
		"syslogidentifier", "programname", "program", "ident", "systemdunit", "svc", "svcname", "approlename", "cloudrolename", "providername", "backendservicename", "moduleid",
	},
	Pod:       {"pod", "podname", "kubernetespodname", "k8spodname", "resourcek8spodname", "serviceinstanceid", "taskid", "dyno"},
	Container: {"container", "containername", "kubernetescontainername", "k8scontainername", "dockercontainername"},
	Host:      {"host", "hostname", "hostip", "node", "nodename", "kubernetesnodename", "instance", "instanceid", "machine", "machinename", "server", "containerid", "sourcehost"},
	File:      {"logfilepath", "filename", "filepath", "source", "logfile", "sourcename"},
	Offset:    {"tz"},
	Resource:  {"resourceid"},
	Process:   {"pid", "processpid", "processid"},
	Name:      {"name"},
	Trace:     {"traceid", "tracetraceid", "trace", "ddtraceid", "otelbtraceid", "xtraceid", "b3traceid", "logginggoogleapiscomtrace", "correlationid", "requestid"},
	Span:      {"spanid", "span", "ddspanid", "logginggoogleapiscomspanid"},
	Message: {
		"msg", "message", "log", "line", "shortmessage", "textpayload", "m", "renderedmessage", "mt", "messagetemplate", "raw", "logentry", "resultdescription", "text", "body", "bodystringvalue", "logmessage", "event", "eventoriginal", "logoriginal", "description", "evt", "eventmessage", "logmsg", "content",
	},
	Error: {
		"error", "err", "exception", "errormessage", "errormsg", "errmessage", "errmsg", "exceptionmessage", "exceptionmsg", "exceptionexceptionmessage", "thrownmessage", "x", "reason", "errorreason", "cause", "errortype", "exceptiontype", "exceptionclass", "errorkind", "integrationerror", "integrationerrormessage",
	},
	Setting: {"cfgpath"},
	Altered: {"cfgattr", "cfgobj"},
	User:    {"user"},
	Method:  {"method", "httpmethod", "httprequestmethod", "requestmethod", "reqmethod", "httprequestrequestmethod", "verb", "csmethod", "requestoperation", "clientrequestmethod", "requestverb"},
	Path:    {"path", "urlpath", "httppath", "httptarget", "requestpath", "uri", "requesturi", "url", "httpurl", "requrl", "requesturl", "httprequestrequesturl", "httproute", "route", "endpoint", "urloriginal", "urlfull", "csuristem", "clientrequestpath", "clientrequesturi", "reqpath", "resourcepath", "routekey"},
	Request: {"request", "requestline", "httprequest"},
	Status: {
		"status", "statuscode", "httpstatuscode", "httpresponsestatuscode", "httpstatus", "responsestatus", "responsestatuscode", "responsecode", "resstatuscode", "httprequeststatus", "downstreamstatus", "code", "scstatus", "edgeresponsestatus", "resultcode", "elbstatuscode",
	},
}

// groups are the names of objects whose members are read with the group's name
// before their own: the member level of log is read as loglevel.
var groups = []string{
	"log", "service", "host", "kubernetes", "kubernetespod", "kubernetescontainer", "kuberneteslabels", "k8s", "pod", "container", "docker", "dockercontainer", "trace", "span", "http", "httprequest",
	"httpresponse", "request", "response", "req", "res", "url", "error", "err", "exception", "thrown", "process", "event", "timestamp", "t", "dd", "body",
}

// open are the names of objects whose members are read as the record's own.
var open = []string{
	"fields", "data", "attributes", "attr", "context", "ctx", "extra", "jsonpayload", "labels", "resource", "resourcelabels", "resourceattributes", "tags", "mdc", "properties", "structuredmetadata", "stream", "record", "message", "msg", "payload", "source", "result",
}

var table = index()

func index() map[string]Key {
	t := map[string]Key{}
	for _, name := range groups {
		t[name] = Key{Open: true, Group: name}
	}
	for _, name := range open {
		t[name] = Key{Open: true}
	}
	for role, list := range names {
		for rank, name := range list {
			k := t[name]
			k.Role, k.Rank = Role(role), uint8(rank)
			t[name] = k
		}
	}
	return t
}

// Lookup returns what is known about a key in a group ("" for the record's own
// fields), whatever its case and separators: traceId, trace_id and trace.id are
// the same.
func Lookup(group string, key []byte) Key {
	var buf [64]byte
	n := copy(buf[:], group)
	for _, c := range key {
		switch {
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		default:
			continue
		}
		if n == len(buf) {
			return Key{}
		}
		buf[n] = c
		n++
	}
	return table[string(buf[:n])]
}

// Memo is a [Lookup] that remembers which key stood at each place of the line
// before, because lines of one logger have the same keys in the same order. It
// returns what Lookup returns.
type Memo struct {
	seen  [48]seen
	place int
	other Key // of a key that is not remembered
}

type seen struct {
	group string
	text  [32]byte
	n     int
	key   Key
}

// Restart begins a line.
func (m *Memo) Restart() { m.place = 0 }

// Next reads the next key of the line, at b[i:] behind its opening quote, if it
// is the one that stood at this place before. end is the offset of the quote
// that ends it; key is nil when another key stands there.
func (m *Memo) Next(group string, b []byte, i int) (key *Key, end int) {
	if m.place >= len(m.seen) {
		return nil, i
	}
	s := &m.seen[m.place]
	end = i + s.n
	if s.n == 0 || end >= len(b) || b[end] != '"' || string(b[i:end]) != string(s.text[:s.n]) || s.group != group {
		return nil, i
	}
	m.place++
	return &s.key, end
}

// Lookup is [Lookup] for the next key of the line. The result is valid until
// the next call.
func (m *Memo) Lookup(group string, key []byte) *Key {
	if m.place >= len(m.seen) || len(key) > len(m.seen[0].text) {
		m.other = Lookup(group, key)
		return &m.other
	}
	s := &m.seen[m.place]
	m.place++
	if s.n == 0 || string(s.text[:s.n]) != string(key) || s.group != group {
		s.group, s.n, s.key = group, copy(s.text[:], key), Lookup(group, key)
	}
	return &s.key
}
