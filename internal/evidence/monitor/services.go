package monitor

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func isNewRelic(f jsonrec.Fields) bool {
	for _, at := range []string{"", "body.", "payload."} {
		if f.Has(at+"state", at+"createdAt") && f.Any(at+"issueUrl", at+"issuePageUrl", at+"workflowName", at+"alertPolicyNames") {
			return true
		}
	}
	return f.Has("data.actor.account.aiIssues.issues.issues.issueId")
}

func isLegacy(f jsonrec.Fields) bool {
	for _, at := range []string{"", "body.", "payload."} {
		if f.Has(at+"incident_id", at+"condition_name", at+"current_state") {
			return true
		}
	}
	return false
}

// newRelicIssue is an issue of New Relic, of a webhook or of NerdGraph.
type newRelicIssue struct {
	ID             jsonrec.Scalar  `json:"id"`
	IssueID        jsonrec.Scalar  `json:"issueId"`
	URL            string          `json:"issueUrl"`
	PageURL        string          `json:"issuePageUrl"`
	Title          json.RawMessage `json:"title"`
	IssueTitle     json.RawMessage `json:"issueTitle"`
	Priority       jsonrec.Scalar  `json:"priority"`
	Entities       []string        `json:"impactedEntities"`
	EntityNames    []string        `json:"entityNames"`
	Conditions     []string        `json:"alertConditionNames"`
	State          string          `json:"state"`
	CreatedAt      jsonrec.Scalar  `json:"createdAt"`
	ActivatedAt    jsonrec.Scalar  `json:"activatedAt"`
	AcknowledgedAt jsonrec.Scalar  `json:"acknowledgedAt"`
	AcknowledgedBy string          `json:"acknowledgedBy"`
	UpdatedAt      jsonrec.Scalar  `json:"updatedAt"`
	ClosedAt       jsonrec.Scalar  `json:"closedAt"`
}

// newRelic reads an issue: that it was activated and, if so, acknowledged and
// closed.
func (rd *reading) newRelic(rec jsonrec.Record) {
	var i newRelicIssue
	if !rec.Decode(&i, rd.sink) {
		return
	}
	id := string(cmp.Or(i.IssueID, i.ID))
	a := alert{id: id, key: "newrelic/" + id, title: cmp.Or(oneOf(i.Title), oneOf(i.IssueTitle)), severity: strings.ToLower(string(i.Priority)), links: []string{cmp.Or(i.URL, i.PageURL)}}
	for _, names := range [][]string{i.Entities, i.EntityNames} {
		if a.service == "" && len(names) > 0 {
			a.service = names[0]
		}
	}
	if len(i.Conditions) > 0 {
		a.name = i.Conditions[0]
	}
	rd.once(rec.Ref(), string(cmp.Or(i.ActivatedAt, i.CreatedAt)), rd.event(a, false))
	if i.AcknowledgedAt != "" {
		e := rd.event(a, false)
		e.Kind, e.Status, e.ID, e.Title = hindcast.PagerAcknowledged, "acknowledged", "newrelic:"+id+"/acknowledged", "Acknowledged: "+a.title
		if i.AcknowledgedBy != "" {
			e.Actor = rd.words.Actor(i.AcknowledgedBy)
		}
		rd.once(rec.Ref(), string(i.AcknowledgedAt), e)
	}
	if i.State == "CLOSED" {
		rd.once(rec.Ref(), string(cmp.Or(i.ClosedAt, i.UpdatedAt)), rd.event(a, true))
	}
}

// oneOf reads a text, or the first of a list of texts.
func oneOf(raw json.RawMessage) string {
	var text string
	var list []string
	if json.Unmarshal(raw, &text) != nil && json.Unmarshal(raw, &list) == nil && len(list) > 0 {
		return list[0]
	}
	return text
}

// legacyIncident is what New Relic's former alerts sent.
type legacyIncident struct {
	ID        jsonrec.Scalar `json:"incident_id"`
	Condition string         `json:"condition_name"`
	State     string         `json:"current_state"`
	Details   string         `json:"details"`
	Owner     string         `json:"owner"`
	Severity  string         `json:"severity"`
	URL       string         `json:"incident_url"`
	Runbook   string         `json:"runbook_url"`
	Time      jsonrec.Scalar `json:"timestamp"`
	Targets   []struct {
		Name string `json:"name"`
	} `json:"targets"`
}

// legacy reads a webhook of New Relic's former alerts.
func (rd *reading) legacy(rec jsonrec.Record) {
	var i legacyIncident
	if !rec.Decode(&i, rd.sink) {
		return
	}
	a := alert{id: string(i.ID), key: "newrelic/" + string(i.ID), name: i.Condition, title: strings.Trim(i.Condition+": "+i.Details, ": "), text: i.Details, severity: strings.ToLower(i.Severity), links: []string{i.URL, i.Runbook}}
	if len(i.Targets) > 0 {
		a.service = i.Targets[0].Name
	}
	e := rd.event(a, i.State == "closed")
	if i.State == "acknowledged" {
		e.Kind, e.Status, e.ID, e.Title = hindcast.PagerAcknowledged, i.State, "newrelic:"+a.id+"/acknowledged", "Acknowledged: "+i.Condition
		if i.Owner != "" {
			e.Actor = rd.words.Actor(i.Owner)
		}
	}
	rd.once(rec.Ref(), string(i.Time), e)
}

func isOpsgenie(f jsonrec.Fields) bool {
	return f.Has("alert.alertId", "action") || f.Has("body.alert.alertId", "body.action") || f.Has("data.tinyId", "data.message") || f.Has("tinyId", "message", "createdAt") || f.Has("data.log", "data.owner", "data.createdAt") || f.Has("log", "owner", "createdAt") && f.Any("alertId", "tinyId") ||
		f.Has("data.logs.log", "data.logs.createdAt") || f.Has("logs.log", "logs.owner", "logs.createdAt") || f.Has("alert.tinyId", "alert.message") && f.Any("logs.log", "log.log", "alert.createdAt")
}

// opsgenieAlert is an alert of the API, and of a webhook below "alert".
type opsgenieAlert struct {
	ID           jsonrec.Scalar  `json:"id"`
	AlertID      jsonrec.Scalar  `json:"alertId"`
	TinyID       jsonrec.Scalar  `json:"tinyId"`
	Message      string          `json:"message"`
	Description  string          `json:"description"`
	Status       string          `json:"status"`
	Acknowledged bool            `json:"acknowledged"`
	CreatedAt    jsonrec.Scalar  `json:"createdAt"`
	UpdatedAt    jsonrec.Scalar  `json:"updatedAt"`
	Username     string          `json:"username"`
	UserID       string          `json:"userId"`
	Owner        string          `json:"owner"`
	Entity       string          `json:"entity"`
	Priority     string          `json:"priority"`
	Note         string          `json:"note"`
	Tags         []string        `json:"tags"`
	Details      json.RawMessage `json:"details"`
	Report       struct {
		AckTime        jsonrec.Scalar `json:"ackTime"`   // milliseconds since it was created
		CloseTime      jsonrec.Scalar `json:"closeTime"` // the same
		AcknowledgedBy string         `json:"acknowledgedBy"`
		ClosedBy       string         `json:"closedBy"`
	} `json:"report"`
}

// opsgenie reads an alert, alone or with its log beside it, a webhook about one, or a
// line of an alert's log.
func (rd *reading) opsgenie(rec jsonrec.Record) {
	alert, ok := rec.Member("alert")
	if _, hook := rec.Member("action"); ok && !hook {
		rd.withLog(rec, alert)
		return
	}
	if ok {
		var wh struct {
			Action string         `json:"action"`
			Time   jsonrec.Scalar `json:"timestamp"`
		}
		var a opsgenieAlert
		if rec.Decode(&wh, rd.sink) && alert.Decode(&a, rd.sink) {
			if a.UpdatedAt == "0" { // nobody did since it was created
				a.UpdatedAt = ""
			}
			rd.action(rec.Ref(), a, wh.Action, string(cmp.Or(wh.Time, a.UpdatedAt, a.CreatedAt)))
		}
		return
	}
	if _, ok := rec.Member("log"); ok {
		rd.logLine(rec, nil)
		return
	}
	_, named := rec.Member("message")
	switch lines, ok := rec.Member("logs"); {
	case ok && named: // the alert and its log in one
		rd.withLog(rec, rec)
		return
	case ok:
		lines.EachObject(func(line jsonrec.Record) { rd.logLine(line, nil) })
		return
	}
	if one, ok := rec.Member("data"); ok && len(one.Raw) > 0 && one.Raw[0] == '{' { // the answer for one alert
		rd.opsgenie(one)
		return
	}
	rd.whole(rec)
}

// withLog reads an alert that stands beside its log: the log tells by whom and when
// what was done, the alert what it is about.
func (rd *reading) withLog(rec, alert jsonrec.Record) {
	for _, key := range []string{"logs", "log"} {
		lines, ok := rec.Member(key)
		var a opsgenieAlert
		if !ok || !alert.Decode(&a, rd.sink) {
			continue
		}
		n := 0
		lines.EachObject(func(line jsonrec.Record) {
			rd.logLine(line, &a)
			n++
		})
		if n > 0 {
			return
		}
	}
	rd.whole(alert)
}

// whole reads an alert by its own members.
func (rd *reading) whole(rec jsonrec.Record) {
	var a opsgenieAlert
	if !rec.Decode(&a, rd.sink) {
		return
	}
	rd.action(rec.Ref(), a, "Create", string(a.CreatedAt))
	if a.Report.AcknowledgedBy != "" || a.Acknowledged && a.Report.AckTime != "" {
		a.Username = a.Report.AcknowledgedBy
		rd.action(rec.Ref(), a, "Acknowledge", rd.after(a.CreatedAt, a.Report.AckTime))
	}
	if a.Status == "closed" {
		a.Username = a.Report.ClosedBy
		rd.action(rec.Ref(), a, "Close", cmp.Or(rd.after(a.CreatedAt, a.Report.CloseTime), string(a.UpdatedAt)))
	}
}

// after is the time so many milliseconds after another; "" when either is unknown.
func (rd *reading) after(at, ms jsonrec.Scalar) string {
	t, _, ok := rd.Time(string(at))
	n, err := strconv.ParseInt(string(ms), 10, 64)
	if !ok || err != nil {
		return ""
	}
	return t.Add(time.Duration(n) * time.Millisecond).Format(time.RFC3339Nano)
}

// action writes what was done to an alert.
func (rd *reading) action(ref hindcast.Ref, a opsgenieAlert, action, at string) {
	id := string(cmp.Or(a.AlertID, a.ID))
	e := hindcast.Event{
		Kind: hindcast.PagerStep, Subject: "opsgenie:" + string(cmp.Or(a.TinyID, jsonrec.Scalar(id))), Service: cmp.Or(tagged(a.Tags, "service"), a.Entity),
		Title: action + ": " + a.Message, Text: a.Description, Attrs: map[string]string{"number": string(a.TinyID), "severity": a.Priority, "title": a.Message},
		Actor: hindcast.Actor{Name: "Opsgenie", Kind: hindcast.Automation}, Test: rd.words.Test(a.Message, a.Description),
	}
	e.Attrs["tags"] = strings.Join(a.Tags, ",")
	e.Test = e.Test || fact.Drill(a.Details)
	step, _, _ := strings.Cut(strings.ToLower(action), " ")
	if id != "" {
		e.ID = "opsgenie:" + id + "/" + step
	}
	if by := cmp.Or(a.Username, a.UserID); by != "" {
		e.Actor = rd.words.Actor(by)
	}
	switch action {
	case "Create":
		e.Kind, e.Status, e.Title = hindcast.PagerTriggered, "triggered", a.Message
	case "Acknowledge":
		e.Kind, e.Status, e.Title = hindcast.PagerAcknowledged, "acknowledged", "Acknowledged: "+a.Message
	case "Close":
		e.Kind, e.Status, e.Title = hindcast.PagerResolved, "resolved", "Closed: "+a.Message
	case "AddNote":
		e.Kind, e.Title, e.Text = hindcast.PagerNote, cmp.Or(a.Note, e.Title), a.Note
	default:
		e.Attrs["step"], e.ID = step, e.ID+"/"+at
	}
	rd.once(ref, at, e)
}

// logLine reads a line of the log of an alert, nil when it is not known which.
func (rd *reading) logLine(rec jsonrec.Record, a *opsgenieAlert) {
	var l struct {
		Log       string         `json:"log"`
		Owner     string         `json:"owner"`
		CreatedAt string         `json:"createdAt"`
		AlertID   jsonrec.Scalar `json:"alertId"`
		TinyID    jsonrec.Scalar `json:"tinyId"`
	}
	if !rec.Decode(&l, rd.sink) {
		return
	}
	if a == nil && cmp.Or(l.AlertID, l.TinyID) != "" { // one of several alerts in one log
		a = rd.oneOf(cmp.Or(l.TinyID, l.AlertID), l.Log)
	}
	if m := through.FindStringSubmatch(l.Log); m != nil && rd.words.Machine(m[1]) {
		l.Owner = m[1]
	}
	l.Owner = cmp.Or(l.Owner, "System")
	e := hindcast.Event{Kind: hindcast.PagerStep, Title: l.Log, Actor: rd.words.Actor(l.Owner), Attrs: map[string]string{"step": "log"}}
	action := ""
	switch lower := strings.ToLower(l.Log); {
	case strings.Contains(lower, "alert created"):
		e.Kind, e.Status, action = hindcast.PagerTriggered, "triggered", "Create"
	case strings.Contains(lower, "alert acknowledged"), strings.HasPrefix(lower, strings.ToLower(l.Owner)+" acknowledged"):
		e.Kind, e.Status, action = hindcast.PagerAcknowledged, "acknowledged", "Acknowledge"
	case strings.Contains(lower, "alert closed"), strings.HasPrefix(lower, strings.ToLower(l.Owner)+" closed"):
		e.Kind, e.Status, action = hindcast.PagerResolved, "resolved", "Close"
	}
	if a == nil {
		if step := responders.FindStringSubmatch(l.Log); step != nil {
			e.Attrs["step"] = "responder"
			if step[1]+step[2] == "" { // who was asked says yes or no
				e.Attrs["step"] = "responder-reply"
			}
		}
		rd.Write(rec.Ref(), l.CreatedAt, e)
		return
	}
	done := *a
	done.Username, done.UserID = l.Owner, ""
	done.Description = cmp.Or(done.Description, l.Log)
	rd.action(rec.Ref(), done, cmp.Or(action, l.Log), l.CreatedAt)
}

// responders is how a log says that more people were asked to help, or what they answered.
var responders = lazyregexp.New(`(?i)\bresponders?\b.*\b(added)\b|\b(added) (?:as )?(?:an? )?responders?\b|\b(?:accepted|declined|rejected)\b.*\bresponder\b`)

// through finds by what an alert was closed or acknowledged.
var through = lazyregexp.New(`(?i)\b(?:via|by) (\w[\w.-]*\w)`)

// oneOf returns the alert of a log that tells of several: what it is about stands behind
// the colon of its first line.
func (rd *reading) oneOf(id jsonrec.Scalar, line string) *opsgenieAlert {
	if rd.logged[id] == nil {
		if rd.logged == nil {
			rd.logged = map[jsonrec.Scalar]*opsgenieAlert{}
		}
		_, about, _ := strings.Cut(line, ": ")
		rd.logged[id] = &opsgenieAlert{AlertID: id, TinyID: id, Message: cmp.Or(about, line)}
	}
	return rd.logged[id]
}

func isCloudWatch(f jsonrec.Fields) bool {
	return f["Type"] == "Notification" && strings.Contains(f["Message"], "AlarmName") || f.Has("AlarmName", "NewStateValue", "StateChangeTime") || f.Has("AlarmHistoryItems.AlarmName", "AlarmHistoryItems.HistorySummary")
}

// cloudWatchAlarm is a notification of an alarm, or an item of its history.
type cloudWatchAlarm struct {
	Name        string         `json:"AlarmName"`
	Description string         `json:"AlarmDescription"`
	State       string         `json:"NewStateValue"`
	Reason      string         `json:"NewStateReason"`
	ChangedAt   string         `json:"StateChangeTime"`
	Region      string         `json:"Region"`
	Type        string         `json:"HistoryItemType"`
	Summary     string         `json:"HistorySummary"`
	Time        jsonrec.Scalar `json:"Timestamp"`
	Data        jsonrec.Scalar `json:"HistoryData"` // JSON in a string
	Message     jsonrec.Scalar `json:"Message"`     // the notification, as JSON in a string, in what SNS delivers
}

// reason is why an alarm of its history came into a state; "" when it does not say.
func (c cloudWatchAlarm) reason() string {
	var d struct {
		New struct {
			Reason string `json:"stateReason"`
		} `json:"newState"`
	}
	if json.Unmarshal([]byte(c.Data), &d) != nil {
		return ""
	}
	return d.New.Reason
}

// cloudWatch reads a notification of an alarm, or an item of its history.
func (rd *reading) cloudWatch(rec jsonrec.Record) {
	var c cloudWatchAlarm
	if !rec.Decode(&c, rd.sink) {
		return
	}
	if c.Name == "" && c.Message != "" && json.Unmarshal([]byte(c.Message), &c) != nil {
		rd.Problem(rec.Ref(), "the alarm inside of this notification is not valid JSON; it was skipped")
		return
	}
	if c.Summary != "" && c.Type != "StateUpdate" {
		return
	}
	state := c.State
	if _, to, ok := strings.Cut(c.Summary, " to "); ok {
		state = to
	}
	resolved, known := over(state)
	if !known {
		return // insufficient data
	}
	a := alert{key: "cloudwatch/" + c.Name, name: c.Name, title: strings.Trim(c.Name+": "+cmp.Or(c.Reason, c.reason(), c.Summary), ": "), text: cmp.Or(c.Description, c.Reason)}
	rd.once(rec.Ref(), cmp.Or(c.ChangedAt, string(c.Time)), rd.event(a, resolved))
}
