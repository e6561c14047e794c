package monitor

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func isZabbix(f jsonrec.Fields) bool {
	for _, at := range []string{"", "result."} {
		if f.Has(at+"eventid", at+"clock", at+"name") && f.Any(at+"objectid", at+"r_eventid", at+"severity") {
			return true
		}
	}
	return false
}

// zabbixSeverities are the names of Zabbix's severities.
var zabbixSeverities = []string{"not classified", "information", "warning", "average", "high", "disaster"}

// zabbix reads an event or a problem of Zabbix. Events of a trigger that is well
// again have the value 0; problems have the time at which they ended.
func (rd *reading) zabbix(rec jsonrec.Record) {
	var z struct {
		ID       string         `json:"eventid"`
		Trigger  string         `json:"objectid"`
		Clock    string         `json:"clock"`
		Value    jsonrec.Scalar `json:"value"`
		Name     string         `json:"name"`
		Severity jsonrec.Scalar `json:"severity"`
		Data     string         `json:"opdata"`
		Ended    jsonrec.Scalar `json:"r_clock"`
		Hosts    []struct {
			Host string `json:"host"`
		} `json:"hosts"`
		Tags []struct {
			Tag   string `json:"tag"`
			Value string `json:"value"`
		} `json:"tags"`
		Updates []struct {
			ID       string         `json:"acknowledgeid"`
			Clock    jsonrec.Scalar `json:"clock"`
			Message  string         `json:"message"`
			Username string         `json:"username"`
			User     string         `json:"userid"`
		} `json:"acknowledges"`
	}
	if !rec.Decode(&z, rd.sink) {
		return
	}
	a := alert{id: z.ID, key: "zabbix/" + cmp.Or(z.Trigger, z.ID), name: z.Name, title: z.Name, text: z.Data}
	if n := z.Severity; len(n) == 1 && n >= "0" && n <= "5" && z.Value != "0" {
		a.severity = zabbixSeverities[n[0]-'0']
	}
	for _, t := range z.Tags {
		a.tags = append(a.tags, t.Tag+":"+t.Value)
	}
	a.service = tagged(a.tags, "service")
	if a.service == "" && len(z.Hosts) > 0 {
		a.service = z.Hosts[0].Host
	}
	rd.once(rec.Ref(), z.Clock, rd.event(a, z.Value == "0"))
	for _, u := range z.Updates {
		by := cmp.Or(u.Username, "user "+u.User)
		e := rd.acknowledged(a, by, u.Message)
		e.ID += "/" + u.ID
		rd.once(rec.Ref(), string(u.Clock), e)
	}
	if z.Ended != "" && z.Ended != "0" {
		rd.once(rec.Ref(), string(z.Ended), rd.event(a, true))
	}
}

// acknowledged is the event that somebody took up an alert.
func (rd *reading) acknowledged(a alert, by, said string) hindcast.Event {
	e := rd.event(a, false)
	e.Kind, e.Status, e.Title, e.Text = hindcast.PagerAcknowledged, "acknowledged", "Acknowledged: "+a.title, said
	if e.ID != "" {
		e.ID = strings.TrimSuffix(e.ID, "/firing") + "/acknowledged"
	}
	if by != "" {
		e.Actor = rd.words.Actor(by)
	}
	return e
}

// takes is how PRTG and others say who acknowledged an alert, and what they said.
var takes = lazyregexp.New(`(?i)\back(?:nowledged|ed)? by (?:user )?([\w.@-]+)(?::\s*(.*))?`)

// sensorNews reads what PRTG logs of a sensor, or another system of an alert, that is no
// state: that somebody acknowledged it. That a notification was sent, or the sensor paused, is left out.
func (rd *reading) sensorNews(ref hindcast.Ref, at, news string, a alert) {
	if !strings.HasPrefix(strings.ToLower(news), "acknowledged") {
		return
	}
	by, said := "", a.text
	if m := takes.FindStringSubmatch(a.text); m != nil {
		by, said = m[1], m[2]
	}
	a.title = a.name
	rd.once(ref, at, rd.acknowledged(a, by, said))
}

// icingaTypes are the events of Icinga's stream that say something.
var icingaTypes = map[string]bool{"StateChange": true, "AcknowledgementSet": true, "Notification": true, "CheckResult": false, "CommentAdded": false, "DowntimeStarted": false, "AcknowledgementCleared": false}

func isIcinga(f jsonrec.Fields) bool {
	_, known := icingaTypes[f["type"]]
	return known && f.Has("timestamp") && f.Any("host", "comment", "downtime", "check_result")
}

// The states of services and hosts, by number.
var (
	serviceStates = []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}
	hostStates    = []string{"UP", "DOWN"}
)

// icinga reads an event of Icinga's event stream. Of changes only those count that
// are confirmed ("hard").
func (rd *reading) icinga(rec jsonrec.Record) {
	var i struct {
		Type    string         `json:"type"`
		Host    string         `json:"host"`
		Service string         `json:"service"`
		State   *float64       `json:"state"`
		Kind    *float64       `json:"state_type"`
		Time    jsonrec.Scalar `json:"timestamp"`
		Author  string         `json:"author"`
		Comment string         `json:"comment"`
		Notice  string         `json:"notification_type"`
		Text    string         `json:"text"`
		Users   []string       `json:"users"`
		Check   struct {
			Output string `json:"output"`
		} `json:"check_result"`
	}
	if !icingaType(rec) || !rec.Decode(&i, rd.sink) {
		return
	}
	states := serviceStates
	if i.Service == "" {
		states = hostStates
	}
	state := ""
	if i.State != nil && *i.State >= 0 && int(*i.State) < len(states) {
		state = states[int(*i.State)]
	}
	a := checked(i.Host, i.Service, state, i.Check.Output)
	switch {
	case i.Type == "AcknowledgementSet":
		rd.once(rec.Ref(), string(i.Time), rd.acknowledged(a, i.Author, i.Comment))
	case i.Type == "Notification":
		rd.Write(rec.Ref(), string(i.Time), rd.notified(a, strings.Join(i.Users, ", "), i.Notice, i.Text))
	case i.Kind == nil || *i.Kind != 0:
		rd.Write(rec.Ref(), string(i.Time), rd.event(a, state == "OK" || state == "UP"))
	}
}

func icingaType(rec jsonrec.Record) bool {
	kind, ok := rec.Member("type")
	return ok && icingaTypes[strings.Trim(string(kind.Raw), `"`)]
}

// checked is the alert of a host, or of a service on it.
func checked(host, service, state, output string) alert {
	what := strings.Trim(host+"/"+service, "/")
	a := alert{key: what, name: cmp.Or(service, host), title: what, text: output, service: host}
	if state != "" {
		a.title = strings.Trim(what+" is "+state+": "+output, ": ")
	}
	if slices.Contains([]string{"WARNING", "CRITICAL", "UNKNOWN", "DOWN", "UNREACHABLE"}, state) {
		a.severity = strings.ToLower(state)
	}
	return a
}

// notified is the event that people were told of an alert.
func (rd *reading) notified(a alert, who, kind, text string) hindcast.Event {
	e := rd.event(a, false)
	e.Kind, e.Status, e.Text = hindcast.PagerStep, "", text
	e.Attrs["step"], e.Attrs["user"] = "notify", who
	e.Title = "Notified " + cmp.Or(who, "contacts") + " of " + a.key
	if kind != "" {
		e.Title += " (" + kind + ")"
	}
	return e
}

func isKuma(f jsonrec.Fields) bool {
	return f.Has("heartbeat.status", "heartbeat.time", "monitor.name") || f.Has("monitor_id", "status", "time", "msg", "important")
}

// kumaBeat is what Uptime Kuma found when it looked.
type kumaBeat struct {
	Monitor   jsonrec.Scalar `json:"monitor_id"`
	MonitorID jsonrec.Scalar `json:"monitorID"`
	Status    jsonrec.Scalar `json:"status"`
	Time      string         `json:"time"` // UTC, without saying so
	Message   string         `json:"msg"`
	Important jsonrec.Scalar `json:"important"`
}

// kuma reads a notification of Uptime Kuma, or one of its heartbeats. Only those
// count with which the state changed.
func (rd *reading) kuma(rec jsonrec.Record) {
	var n struct {
		kumaBeat
		Heartbeat *kumaBeat `json:"heartbeat"`
		Watched   struct {
			Name string `json:"name"`
			URL  string `json:"url"`
		} `json:"monitor"`
	}
	if !rec.Decode(&n, rd.sink) {
		return
	}
	beat := n.kumaBeat
	if n.Heartbeat != nil {
		beat = *n.Heartbeat
	}
	if beat.Important == "false" || beat.Important == "0" || beat.Status != "0" && beat.Status != "1" {
		return
	}
	id := string(cmp.Or(beat.MonitorID, beat.Monitor))
	name := cmp.Or(n.Watched.Name, "monitor "+id)
	word := map[jsonrec.Scalar]string{"0": "down", "1": "up"}[beat.Status]
	a := alert{key: "kuma/" + id, name: name, title: name + " is " + word + ": " + beat.Message, links: []string{n.Watched.URL}, service: n.Watched.Name}
	rd.Write(rec.Ref(), utc(beat.Time), rd.event(a, word == "up"))
}

// utc is a time without zone that its source means in UTC.
func utc(at string) string {
	if len(at) < 11 || strings.ContainsAny(at[11:], "Z+-") {
		return at
	}
	return at + "Z"
}

func isPingdom(f jsonrec.Fields) bool {
	return f.Has("check_name", "current_state", "state_changed_timestamp") || f.Has("summary.states.timefrom", "summary.states.status") || f.Has("states.timefrom", "states.status")
}

// pingdom reads a webhook of Pingdom, or a span of time of its summary of outages.
func (rd *reading) pingdom(rec jsonrec.Record) {
	var p struct {
		ID          jsonrec.Scalar `json:"check_id"`
		Name        string         `json:"check_name"`
		State       string         `json:"current_state"`
		Changed     jsonrec.Scalar `json:"state_changed_timestamp"`
		Description string         `json:"description"`
		Long        string         `json:"long_description"`
		Status      string         `json:"status"`
		From        jsonrec.Scalar `json:"timefrom"`
		To          jsonrec.Scalar `json:"timeto"`
	}
	if !rec.Decode(&p, rd.sink) {
		return
	}
	if p.From != "" {
		if p.Status == "down" {
			a := alert{key: "pingdom", name: "check", title: "the check found it down"}
			rd.Write(rec.Ref(), string(p.From), rd.event(a, false))
			a.title = "the check found it up"
			rd.Write(rec.Ref(), string(p.To), rd.event(a, true))
		}
		return
	}
	resolved, known := over(p.State)
	if !known {
		return
	}
	a := alert{key: "pingdom/" + string(p.ID), name: p.Name, title: p.Name + " is " + strings.ToLower(p.State) + ": " + p.Description, text: p.Long}
	rd.Write(rec.Ref(), string(p.Changed), rd.event(a, resolved))
}

func isUptimeRobot(f jsonrec.Fields) bool {
	return f.Has("monitors.friendly_name", "monitors.logs.datetime") || f.Has("friendly_name", "logs.datetime", "logs.type")
}

// uptimeRobot reads a monitor of UptimeRobot with its log.
func (rd *reading) uptimeRobot(rec jsonrec.Record) {
	var m struct {
		ID   jsonrec.Scalar `json:"id"`
		Name string         `json:"friendly_name"`
		URL  string         `json:"url"`
	}
	if !rec.Decode(&m, rd.sink) {
		return
	}
	logs, _ := rec.Member("logs")
	logs.EachObject(func(l jsonrec.Record) {
		var e struct {
			Type   jsonrec.Scalar `json:"type"`
			Time   jsonrec.Scalar `json:"datetime"`
			Reason struct {
				Code   jsonrec.Scalar `json:"code"`
				Detail string         `json:"detail"`
			} `json:"reason"`
		}
		word := ""
		if l.Decode(&e, rd.sink) {
			word = map[jsonrec.Scalar]string{"1": "down", "2": "up"}[e.Type] // others tell of pauses
		}
		if word != "" {
			a := alert{key: "uptimerobot/" + string(m.ID), name: m.Name, title: strings.Trim(m.Name+" is "+word+": "+e.Reason.Detail, ": "), links: []string{m.URL}}
			rd.Write(l.Ref(), string(e.Time), rd.event(a, word == "up"))
		}
	})
}
