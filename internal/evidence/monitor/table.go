package monitor

import (
	"cmp"
	"strings"
	"time"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/csvrec"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// columns are the members of a list of alerts by the folded names of the columns of
// a table, such as Zabbix's problems and UptimeRobot's events.
var columns = map[string]string{
	"time": "time", "timestamp": "time", "datetime": "time", "date": "time", "startedat": "time", "startsat": "time", "firedat": "time", "triggeredat": "time", "starttime": "time",
	"recoverytime": "ends_at", "recoveredat": "ends_at", "resolvedat": "ends_at", "endsat": "ends_at", "endtime": "ends_at", "clearedat": "ends_at",
	"problem": "alert", "alert": "alert", "alertname": "alert", "alarm": "alert", "monitor": "alert", "monitorname": "alert", "trigger": "alert", "check": "alert", "rule": "alert",
	"status": "status", "state": "status", "event": "status",
	"name": "name", "service": "service", "host": "host", "severity": "severity", "priority": "priority", "reason": "reason", "message": "message", "summary": "summary", "description": "description",
	"url": "url", "link": "link", "environment": "environment", "env": "env",
}

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
		_, _, timed := stamp.Parse(string(m["time"]), time.UTC, 0)
		if known && timed && m["alert"] != "" && m["level"] == "" && !strings.Contains(string(m["time"]), "/") {
			fit++
		}
	}
	if fit*2 > len(t.Rows) {
		return 76
	}
	return 0
}

// tableParser reads one table of alerts.
type tableParser struct {
	*parser
	file  *record.File
	table csvrec.Table
}

func (p *parser) lines(f *record.File, h record.Head) record.LineParser {
	t, _ := csvrec.Sniff(h) // without a header no row is an alert
	return &tableParser{p, f, t}
}

// Cut cuts between rows.
func (p *tableParser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return csvrec.Cut(data)
}

// Chunk reads an alert from each row.
func (p *tableParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	rd := &reading{parser: p.parser, Writer: fact.NewWriter(p.redactor, p.file, sink), sink: sink, seen: map[string]bool{}}
	rows := csvrec.Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	for row, ok := rows.Next(); ok; row, ok = rows.Next() {
		if row.Line <= p.table.Line {
			continue
		}
		cells := make([]string, 0, len(row.Cells))
		for _, c := range row.Cells {
			cells = append(cells, string(c))
		}
		ref := hindcast.Ref{File: p.file.Name, Line: row.Line, Offset: row.Offset}
		if row.EndLine > row.Line {
			ref.EndLine = row.EndLine
		}
		rd.row(ref, named(p.table.Header, cells), false)
	}
}
