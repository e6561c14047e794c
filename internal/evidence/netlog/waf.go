package netlog

import (
	"encoding/json"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// settleWAF sees whether lines are requests that AWS WAF looked at.
func settleWAF(lines [][]byte) reader {
	if n := matching(lines, `"webaclId":`, `"action":`, `"httpRequest":`); n == 0 || n*2 < len(lines) {
		return nil
	}
	return readWAF
}

// readWAF reads a request, and what a rule did about it.
func readWAF(c *logtime.Clock, line []byte, l *record.Log, m []byte) ([]byte, bool) {
	var r struct {
		Timestamp json.Number `json:"timestamp"`
		Action    string      `json:"action"`
		Rule      string      `json:"terminatingRuleId"`
		Source    string      `json:"httpSourceId"`
		Request   struct {
			Method string `json:"httpMethod"`
			URI    string `json:"uri"`
		} `json:"httpRequest"`
	}
	if json.Unmarshal(line, &r) != nil || !timed(c, []byte(r.Timestamp), l) {
		return m, false
	}
	l.Level, l.Instance = hindcast.LevelInfo, []byte(r.Source)
	m = words(m, []byte(r.Action), []byte(r.Request.Method), pathOf([]byte(r.Request.URI)))
	if r.Action != "ALLOW" {
		l.Level = hindcast.LevelWarn
		m = words(m, []byte("by"), []byte(r.Rule))
	}
	return m, true
}
