package netlog

import (
	"encoding/json"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/logline"
	"github.com/hindcast/hindcast/internal/evidence/logtime"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// settleEve sees whether lines are events of Suricata.
func settleEve(lines [][]byte) reader {
	if n := matching(lines, `"event_type":`, `"timestamp":`); n == 0 || n*2 < len(lines) {
		return nil
	}
	return readEve
}

// event is an event of Suricata, whose part is named after its type.
type event struct {
	Timestamp string      `json:"timestamp"`
	Type      string      `json:"event_type"`
	Interface string      `json:"in_iface"`
	From      string      `json:"src_ip"`
	To        string      `json:"dest_ip"`
	Port      json.Number `json:"dest_port"`
	Proto     string      `json:"proto"`
	Alert     struct {
		Action    string `json:"action"`
		Signature string `json:"signature"`
		Category  string `json:"category"`
	} `json:"alert"`
	HTTP struct {
		Method string      `json:"http_method"`
		URL    string      `json:"url"`
		Status json.Number `json:"status"`
	} `json:"http"`
	DNS struct {
		Type   string `json:"type"`
		Name   string `json:"rrname"`
		RRType string `json:"rrtype"`
		Code   string `json:"rcode"`
	} `json:"dns"`
	TLS struct {
		Name    string `json:"sni"`
		Version string `json:"version"`
	} `json:"tls"`
	Flow struct {
		State  string `json:"state"`
		Reason string `json:"reason"`
	} `json:"flow"`
	Anomaly struct {
		Type  string `json:"type"`
		Event string `json:"event"`
	} `json:"anomaly"`
	Drop struct {
		Reason string `json:"reason"`
	} `json:"drop"`
}

// readEve reads an event. An attack that was seen or blocked is a warning, not a
// failure.
func readEve(c *logtime.Clock, line []byte, l *record.Log, m []byte) ([]byte, bool) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Type == "" || !timed(c, []byte(e.Timestamp), l) {
		return m, false
	}
	l.Level, l.Instance = hindcast.LevelInfo, []byte(e.Interface)
	say := func(parts ...string) {
		for _, p := range parts {
			m = words(m, []byte(p))
		}
	}
	switch e.Type {
	case "alert":
		l.Level = hindcast.LevelWarn
		say("alert", e.Alert.Action+":", e.Alert.Signature, "("+e.Alert.Category+")")
	case "drop":
		l.Level = hindcast.LevelWarn
		say("drop", e.Drop.Reason, e.Proto)
	case "http":
		l.Status = logline.Status([]byte(e.HTTP.Status))
		say(e.HTTP.Method, string(pathOf([]byte(e.HTTP.URL))))
		if l.Status > 0 {
			say(strconv.Itoa(l.Status))
		}
		return m, true
	case "dns":
		say("dns", e.DNS.Type, e.DNS.RRType, e.DNS.Name, e.DNS.Code)
	case "tls":
		say("tls", e.TLS.Version, e.TLS.Name)
	case "anomaly":
		say("anomaly", e.Anomaly.Type, e.Anomaly.Event)
	case "stats":
		l.Level = hindcast.LevelDebug
		say("stats")
	default:
		say(e.Type, e.Proto, e.Flow.State, e.Flow.Reason)
	}
	return flow(m, []byte(e.From), []byte(e.To), []byte(e.Port)), true
}
