package builds

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isAWSEvent(at string, f jsonrec.Fields) bool {
	return f.Has(at+"SourceIdentifier", at+"Message", at+"Date") || f.Has(at+"ActivityId", at+"AutoScalingGroupName", at+"StartTime") ||
		at != "" && f.Has(at+"EventDate", at+"Message", at+"ApplicationName") ||
		strings.HasPrefix(f[at+"message"], "(service ") && f.Has(at+"createdAt")
}

// awsEvent reads an event that a service of AWS tells of itself: of RDS, of a group of
// instances that scales, of ECS, of Elastic Beanstalk.
func (rd *reading) awsEvent(rec jsonrec.Record) {
	var a struct {
		Source  string         `json:"SourceIdentifier"`
		Message string         `json:"Message"`
		Date    jsonrec.Scalar `json:"Date"`

		Activity    string         `json:"ActivityId"`
		Group       string         `json:"AutoScalingGroupName"`
		Description string         `json:"Description"`
		Cause       string         `json:"Cause"`
		Start       jsonrec.Scalar `json:"StartTime"`
		End         jsonrec.Scalar `json:"EndTime"`
		Status      string         `json:"StatusCode"`

		ID      string         `json:"id"`
		Created jsonrec.Scalar `json:"createdAt"`

		EventDate   jsonrec.Scalar `json:"EventDate"`
		Application string         `json:"ApplicationName"`
		Environment string         `json:"EnvironmentName"`
		Severity    string         `json:"Severity"`
	}
	if !rec.Decode(&a, rd.sink) {
		return
	}
	service, name := cmp.Or(a.Source, a.Group), "Amazon RDS"
	e := hindcast.Event{Kind: hindcast.PlatformEvent, Title: cmp.Or(a.Description, a.Message), Text: a.Cause, Status: strings.ToLower(a.Status), Level: hindcast.LevelInfo}
	switch {
	case a.Activity != "":
		name, e.ID = "EC2 Auto Scaling", "asg:"+a.Activity
		e.Until, _, _ = rd.Time(string(a.End))
	case a.EventDate != "":
		name, service = "Elastic Beanstalk", cmp.Or(a.Environment, a.Application)
	case a.Created != "": // (service checkout) has started ...
		name, e.ID = "Amazon ECS", "ecs:"+a.ID
		service, _, _ = strings.Cut(strings.TrimPrefix(e.Title, "(service "), ")")
	}
	e.Service, e.Actor = service, hindcast.Actor{Name: name, Kind: hindcast.System}
	if service != "" {
		e.Subject = "aws:" + service
	}
	switch {
	case a.Severity == "ERROR" || a.Severity == "FATAL":
		e.Level = hindcast.LevelError
	case troubled(e.Title) || a.Status == "Failed" || a.Severity == "WARN":
		e.Level = hindcast.LevelWarn
	}
	rd.Write(rec.Ref(), string(cmp.Or(a.Date, a.Start, a.Created, a.EventDate)), e)
}

func isCodeDeploy(at string, f jsonrec.Fields) bool {
	return f.Has(at+"deploymentId", at+"applicationName", at+"createTime")
}

// codeDeploy reads a deployment of AWS CodeDeploy.
func (rd *reading) codeDeploy(rec jsonrec.Record) {
	if one, ok := rec.Member("deploymentInfo"); ok {
		rec = one
	}
	var d struct {
		ID       string         `json:"deploymentId"`
		App      string         `json:"applicationName"`
		Group    string         `json:"deploymentGroupName"`
		Status   string         `json:"status"`
		Create   jsonrec.Scalar `json:"createTime"`
		Start    jsonrec.Scalar `json:"startTime"`
		Complete jsonrec.Scalar `json:"completeTime"`
		Creator  string         `json:"creator"`
		About    string         `json:"description"`
	}
	if !rec.Decode(&d, rd.sink) {
		return
	}
	r := run{
		id: "codedeploy:" + d.ID, name: "deploy " + d.App + " to " + d.Group, title: d.About, service: d.App, env: rd.words.Environment(d.Group), status: d.Status,
		started: string(cmp.Or(d.Start, d.Create)), ended: string(d.Complete), deploys: true,
	}
	if d.Creator == "codeDeployRollback" {
		r.name = "rollback " + d.App + " in " + d.Group
	}
	rd.write(rec.Ref(), r)
}

func isEventBridge(at string, f jsonrec.Fields) bool {
	return at == "" && f.Has("detail-type", "source", "time", "detail") && strings.HasPrefix(f["source"], "aws.") && f["detail-type"] != "AWS API Call via CloudTrail"
}

// eventBridge reads an event that a service of AWS sent to EventBridge.
func (rd *reading) eventBridge(rec jsonrec.Record) {
	var b struct {
		ID        string   `json:"id"`
		Type      string   `json:"detail-type"`
		Source    string   `json:"source"`
		Time      string   `json:"time"`
		Resources []string `json:"resources"`
		Detail    struct {
			Name    jsonrec.Scalar `json:"eventName"`
			Type    jsonrec.Scalar `json:"eventType"`
			State   jsonrec.Scalar `json:"state"`
			Message jsonrec.Scalar `json:"Message"`
			Reason  jsonrec.Scalar `json:"reason"`
			Stopped jsonrec.Scalar `json:"stoppedReason"`
			Last    jsonrec.Scalar `json:"lastStatus"`
			Group   jsonrec.Scalar `json:"group"` // "service:checkout"
			App     jsonrec.Scalar `json:"application"`
			Line    jsonrec.Scalar `json:"pipeline"`
		} `json:"detail"`
	}
	if !rec.Decode(&b, rd.sink) {
		return
	}
	d := b.Detail
	_, service, _ := strings.Cut(string(d.Group), "service:")
	service = cmp.Or(service, string(cmp.Or(d.App, d.Line)))
	if service == "" && len(b.Resources) > 0 {
		service = b.Resources[0][strings.LastIndexAny(b.Resources[0], "/:")+1:]
	}
	state := string(cmp.Or(d.Name, d.State, d.Last))
	e := hindcast.Event{
		Kind: hindcast.PlatformEvent, ID: "aws:" + b.ID, Subject: "aws:" + service, Service: service, Actor: hindcast.Actor{Name: b.Source, Kind: hindcast.System}, Level: hindcast.LevelInfo,
		Status: strings.ToLower(state), Title: b.Type, Attrs: map[string]string{"source": b.Source},
	}
	for _, more := range []string{state, string(cmp.Or(d.Message, d.Stopped, d.Reason))} {
		if more != "" {
			e.Title += ": " + more
		}
	}
	low := strings.ToLower(e.Title)
	switch {
	case d.Type == "ERROR" || strings.Contains(low, "failed") || strings.Contains(low, "failure"):
		e.Level = hindcast.LevelError
	case d.Type == "WARN" || troubled(low):
		e.Level = hindcast.LevelWarn
	}
	if strings.Contains(b.Type, "Execution State Change") || strings.HasPrefix(b.Type, "CodeDeploy") || strings.HasPrefix(b.Type, "ECS Deployment") {
		e.Kind, e.Actor.Kind = hindcast.DeployStep, hindcast.Automation
		if d.Line != "" {
			e.Service = rd.serviceOf(string(d.Line))
		}
		if begins := strings.HasPrefix(strings.ToLower(state), "start"); begins && (d.App != "" || rd.ships.MatchString(string(d.Line))) {
			e.Kind = hindcast.Deploy
		}
	}
	rd.Write(rec.Ref(), b.Time, e)
}
