package monitor

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// columns are the members of a list of alerts by the folded names of the columns of
// a table, such as Zabbix's problems and UptimeRobot's events.
var columns = map[string]string{
	"time": "time", "timestamp": "time", "datetime": "time", "date": "time", "startedat": "time", "startsat": "time", "firedat": "time", "triggeredat": "time", "starttime": "time",
	"timelogged": logged, "loggedat": logged,
	"recoverytime": "ends_at", "recoveredat": "ends_at", "resolvedat": "ends_at", "endsat": "ends_at", "endtime": "ends_at", "clearedat": "ends_at",
	"problem": "alert", "alert": "alert", "alertname": "alert", "alarm": "alert", "monitor": "alert", "monitorname": "alert", "trigger": "alert", "check": "alert", "rule": "alert",
	"status": "status", "state": "status", "event": "status",
	"name": "name", "service": "service", "host": "host", "severity": "severity", "priority": "priority", "reason": "reason", "message": "message", "summary": "summary", "description": "description",
	"device": "host", "details": "message",
	"object": sensor, "parent": device, "url": "url", "link": "link", "environment": "environment", "env": "env",
}

// sensor and device are what PRTG's log is about, by names that no list of alerts has.
const sensor, device = "prtg object", "prtg parent"

// logged is when a row was written of a log in which each is a change of state, as
// LibreNMS' log of alerts.
const logged = "logged"

// named returns the cells of a row as members of a list of alerts.
func named(header []string, cells []string) map[string]jsonrec.Scalar {
	m := map[string]jsonrec.Scalar{}
	for i, c := range cells[:min(len(cells), len(header))] {
		name, _, _ := strings.Cut(header[i], "(")
		name = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, name)
		if key, ok := columns[name]; ok && m[key] == "" {
			m[key] = jsonrec.Scalar(strings.TrimSpace(c))
		}
	}
	if m[logged] != "" && m["time"] == "" {
		m["time"] = m[logged]
	}
	if m[sensor] != "" && m[device] != "" {
		m["alert"], m["host"] = m[sensor], m[device]
		if strings.EqualFold(string(m["status"]), "warning") {
			m["severity"] = "warning"
		}
	}
	switch strings.ToLower(string(m["status"])) { // what is up or down is watched
	case "up", "down":
		m["alert"] = cmp.Or(m["alert"], m["name"])
	}
	return m
}

// recognizeTable takes a table whose rows are alerts in states that are known, with
// times that leave no doubt about day and month.
func recognizeTable(h record.Head) int {
	t, ok := csvrec.Sniff(h)
	if !ok {
		return 0
	}
	if has := named(t.Header, t.Header); has["time"] == "" || has["alert"] == "" && has["name"] == "" || has["status"] == "" {
		return 0
	}
	fit := 0
	for _, r := range t.Rows {
		m := named(t.Header, r)
		_, known := over(string(m["status"]))
		if known && csvrec.Certain(string(m["time"])) && m["alert"] != "" && m["level"] == "" {
			fit++
		}
	}
	if fit*2 > len(t.Rows) {
		return 76
	}
	return 0
}

// lines returns the parser of a table of alerts, one in each row.
func (p *parser) lines(f *record.File, h record.Head) record.LineParser {
	return csvrec.NewParser(f, h, func(header []string, sink record.Sink) func(hindcast.Ref, []string) {
		rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink, seen: map[string]bool{}}
		return func(ref hindcast.Ref, cells []string) { rd.row(ref, named(header, cells), false) }
	})
}
