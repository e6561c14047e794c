package mail

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/message"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// The subjects that common systems write unless told otherwise.
var (
	// ** PROBLEM Service Alert: web1/HTTP is CRITICAL **, of Nagios and Icinga 1.
	nagios = lazyregexp.New(`^\*\* (\w+)(?: \([^)]*\))? (Host|Service) Alert: (?:([^/]+)/)?(.+) is ([A-Z]+) \*\*$`)
	// [PROBLEM] HTTP on web1 is CRITICAL!, [RECOVERY] Host web1 is UP!, of Icinga 2.
	icinga = lazyregexp.New(`^\[([A-Z]+)\] (?:Host (\S+)|(.+) on (\S+)) is ([A-Z]+)!$`)
	// [FIRING:2] HighErrorRate checkout (critical), of Alertmanager and Grafana.
	firing = lazyregexp.New(`^\[(FIRING|RESOLVED)(?::\d+)?(?:, RESOLVED:\d+)?\]\s*([^(]*?)\s*(?:\((.*)\)\s*)?$`)
	// [Alerting] Error rate, of Grafana before version 9.
	grafana = lazyregexp.New(`^\[(Alerting|OK|No Data)\] (.+)$`)
	// ALARM: "high-latency" in EU (Frankfurt), of CloudWatch.
	cloudWatch = lazyregexp.New(`^(ALARM|OK|INSUFFICIENT_DATA): "(.+)" in (.+)$`)
	// [PRTG Network Monitor (PRTG)] Ping (web1) Down: timeout, and Down (Acknowledged).
	prtg = lazyregexp.New(`^\[PRTG[^\]]*\] (.+?)(?: \(([^()]+)\))? (Down|Warning|Unusual|Up)\b(?: \((Acknowledged|Partial)\))?(?: ESCALATION)?(?:: (.+)| \((.+)\))?$`)
	// Status: Down (planned, host in maintenance), of what nobody is called for.
	planned = lazyregexp.New(`(?mi)^(?:Status|Last message|Message):.*(?:\(planned\b|\bin (?:scheduled )?maintenance\b)`)
	// Problem: High CPU on web1, Resolved in 5m 3s: High CPU on web1, of Zabbix.
	zabbix = lazyregexp.New(`^(Problem|Resolved|Updated problem)(?: in [\dywdhms ]+)?: (.+)$`)
	// Problem name: High CPU on web1, in the text of Zabbix.
	zabbixField = lazyregexp.New(`(?m)^(Host|Severity|Original problem ID): (.+?)\s*$`)
	// jdoe acknowledged problem at 2024.06.02 14:39:11, of Zabbix.
	zabbixTook = lazyregexp.New(`(?m)^([^,\n]+?) (?:\w+, )*acknowledged\b[^\n]*? problem at\b`)
	// Acknowledged by jdoe. Message: on it, of PRTG.
	prtgTook = lazyregexp.New(`(?i)\backnowledged by (?:user )?([\w.@\-]*\w)`)
	// Comment by, of Nagios.
	nagiosTook = lazyregexp.New(`(?mi)^(?:Author|Acknowledged by|Comment by):?[ \t]+(\S.*?)\s*$`)

	// Cron <root@db1> /usr/local/bin/backup
	cron = lazyregexp.New(`^Cron <([^@>]+)@([^>]+)>\s+(.+)$`)

	failed = lazyregexp.New(`(?i)\b(?:error|failed|failure|fatal|cannot|can't|denied|not found|no such|traceback|exception|exit(?:ed)?(?: with)? (?:status|code) [1-9]|timed? ?out)\b`)
	state  = lazyregexp.New(`(?i)\b(investigating|identified|monitoring|resolved|postmortem|scheduled|in progress|verifying|completed)\b`)
	label  = lazyregexp.New(`(?m)^\s*(?:- )?([a-zA-Z_][a-zA-Z0-9_]*) = (.+?)\s*$`)
	info   = lazyregexp.New(`(?m)^(?:Additional Info|Info):[ \t]*\n*[ \t]*(\S.*)$`)
	reason = lazyregexp.New(`(?m)^- (?:Reason for State Change|Reason):\s+(\S.*)$`)
)

// alert says what a message of a monitoring system states; ok is false for any other.
func (p *parser) alert(from message.Address, subject, text string) (hindcast.Event, bool) {
	for _, read := range []func(subject, text string) (hindcast.Event, bool){ofNagios, ofIcinga, ofAlertmanager, ofGrafana, ofCloudWatch, ofPRTG, ofZabbix, ofCron} {
		if e, ok := read(subject, text); ok {
			return e, true
		}
	}
	return ofStatuspage(from, subject, text)
}

// told makes the event of an alert.
func told(system, name, subject, text string, over bool) hindcast.Event {
	e := hindcast.Event{
		Kind: hindcast.AlertFiring, Status: "firing", Actor: hindcast.Actor{Name: system, Kind: hindcast.Automation},
		Subject: "alert:" + strings.ToLower(system) + "/" + name, Title: subject, Text: text, Attrs: map[string]string{"alertname": name},
	}
	if over {
		e.Kind, e.Status = hindcast.AlertResolved, "resolved"
	}
	return e
}

// taken makes of the event of an alert that a person took it up.
func taken(e hindcast.Event, by string) hindcast.Event {
	e.Kind, e.Status, e.Title = hindcast.PagerAcknowledged, "acknowledged", "Acknowledged: "+e.Title
	e.Actor = hindcast.Actor{Name: cmp.Or(by, "on-call"), Kind: hindcast.Person}
	return e
}

// monitored makes the event of a check of Nagios or Icinga. What is neither a
// problem nor its end is a record.
func monitored(system, what, host, service, word, subject, text string) hindcast.Event {
	name := strings.Trim(host+"/"+service, "/")
	e := told(system, name, subject, text, what == "RECOVERY")
	e.Title = name + " is " + word
	if m := info.FindStringSubmatch(text); m != nil {
		e.Title += ": " + m[1]
	}
	e.Attrs["severity"], e.Attrs["host"], e.Attrs["notification"] = strings.ToLower(word), host, strings.ToLower(what)
	switch {
	case what == "ACKNOWLEDGEMENT":
		by := ""
		if m := nagiosTook.FindStringSubmatch(text); m != nil {
			by = m[1]
		}
		return taken(e, by)
	case what != "PROBLEM" && what != "RECOVERY":
		e.Kind, e.Status, e.Title = hindcast.Record, strings.ToLower(what), strings.ToLower(what)+": "+e.Title
	}
	return e
}

// ofPRTG reads the mails of PRTG about a sensor of a device.
func ofPRTG(subject, text string) (hindcast.Event, bool) {
	m := prtg.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	host, name := m[2], strings.Trim(m[2]+"/"+m[1], "/")
	if host != "" && strings.Contains(m[1], host) { // the sort of the sensor: web1 Ping (Ping)
		host, name = "", m[1]
	}
	e := told("PRTG", name, name+" is "+m[3], text, m[3] == "Up")
	if about := m[5] + m[6]; about != "" {
		e.Title += ": " + about
	}
	e.Attrs["host"], e.Attrs["severity"] = host, strings.ToLower(m[3])
	if planned.MatchString(text) {
		e.Kind, e.Status = hindcast.Record, "planned"
	}
	if m[4] == "Acknowledged" {
		by := ""
		if t := prtgTook.FindStringSubmatch(text); t != nil {
			by = t[1]
		}
		return taken(e, by), true
	}
	return e, true
}

// ofZabbix reads the mails of Zabbix about a problem, of which the text tells the host.
func ofZabbix(subject, text string) (hindcast.Event, bool) {
	m := zabbix.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	fields := map[string]string{}
	for _, f := range zabbixField.FindAllStringSubmatch(text, 20) {
		fields[f[1]] = f[2]
	}
	if fields["Original problem ID"] == "" && (fields["Severity"] == "" || fields["Host"] == "") {
		return hindcast.Event{}, false // somebody's words
	}
	name := strings.Trim(fields["Host"]+"/"+m[2], "/")
	e := told("Zabbix", name, m[2], text, m[1] == "Resolved")
	e.Attrs["host"], e.Attrs["severity"] = fields["Host"], strings.ToLower(fields["Severity"])
	if m[1] == "Updated problem" {
		t := zabbixTook.FindStringSubmatch(text)
		if t == nil {
			e.Kind, e.Status = hindcast.Record, "updated"
			return e, true
		}
		return taken(e, t[1]), true
	}
	return e, true
}

func ofNagios(subject, text string) (hindcast.Event, bool) {
	m := nagios.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	host, service := m[3], m[4]
	if m[2] == "Host" {
		host, service = m[4], ""
	}
	return monitored("Nagios", m[1], host, service, m[5], subject, text), true
}

func ofIcinga(subject, text string) (hindcast.Event, bool) {
	m := icinga.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	return monitored("Icinga", m[1], m[2]+m[4], m[3], m[5], subject, text), true
}

// ofAlertmanager reads the subject, and labels from the text.
func ofAlertmanager(subject, text string) (hindcast.Event, bool) {
	m := firing.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	labels := map[string]string{}
	for _, l := range label.FindAllStringSubmatch(text, 500) {
		if labels[l[1]] == "" {
			labels[l[1]] = l[2]
		}
	}
	system := "Alertmanager"
	if strings.Contains(text, "Grafana") {
		system = "Grafana"
	}
	name := cmp.Or(labels["alertname"], strings.TrimSpace(m[2]))
	e := told(system, name, strings.TrimSpace(m[2]), text, m[1] == "RESOLVED")
	e.Service, e.Attrs["severity"] = cmp.Or(labels["service"], labels["app"], labels["job"]), labels["severity"]
	if about := cmp.Or(labels["summary"], labels["description"]); about != "" {
		e.Title = name + ": " + about
	}
	return e, e.Title != ""
}

func ofGrafana(subject, text string) (hindcast.Event, bool) {
	m := grafana.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	return told("Grafana", m[2], m[2], text, m[1] == "OK"), true
}

func ofCloudWatch(subject, text string) (hindcast.Event, bool) {
	m := cloudWatch.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	e := told("CloudWatch", m[2], m[2], text, m[1] == "OK")
	if r := reason.FindStringSubmatch(text); r != nil {
		e.Title += ": " + r[1]
	}
	e.Attrs["region"] = m[3]
	if m[1] == "INSUFFICIENT_DATA" {
		e.Kind, e.Status, e.Title = hindcast.Record, "insufficient data", m[2]+": insufficient data"
	}
	return e, true
}

// ofCron reads what cron sends: what a job wrote. It is an alert when that speaks of
// a failure, and else a record.
func ofCron(subject, text string) (hindcast.Event, bool) {
	m := cron.FindStringSubmatch(subject)
	if m == nil {
		return hindcast.Event{}, false
	}
	e := told("cron", m[2]+"/"+m[3], "cron job on "+m[2]+": "+m[3], text, false)
	e.Attrs["host"], e.Attrs["user"] = m[2], m[1]
	if !failed.MatchString(text) {
		e.Kind, e.Status, e.Subject = hindcast.Record, "", ""
	}
	return e, true
}

// ofStatuspage reads notices of Statuspage, which come from its own address; the
// subject or the text has the state.
func ofStatuspage(from message.Address, subject, text string) (hindcast.Event, bool) {
	if domain := from.Domain(); domain != "statuspage.io" && !strings.HasSuffix(domain, ".statuspage.io") {
		return hindcast.Event{}, false
	}
	word := state.FindString(subject)
	if word == "" {
		word = state.FindString(text)
	}
	if word == "" && strings.Contains(strings.ToLower(text), "new incident") {
		word = "investigating"
	}
	if word == "" {
		return hindcast.Event{}, false
	}
	page := cmp.Or(from.Name, "status page")
	return hindcast.Event{
		Kind: hindcast.StatusUpdate, Actor: hindcast.Actor{Name: page, Kind: hindcast.External}, Status: strings.ReplaceAll(strings.ToLower(word), " ", "_"),
		Title: subject, Text: message.Said(text), Attrs: map[string]string{"subject": subject},
	}, true
}
