package builds

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isStackEvent(at string, f jsonrec.Fields) bool {
	return f.Has(at+"StackName", at+"LogicalResourceId", at+"ResourceStatus", at+"Timestamp")
}

// stackEvent reads an event of a stack of CloudFormation. What begins is a change; what
// comes of it, and a resource that fails, is a step. Other resources are left out.
func (rd *reading) stackEvent(rec jsonrec.Record) {
	var s struct {
		ID       string         `json:"EventId"`
		Stack    string         `json:"StackName"`
		Resource string         `json:"LogicalResourceId"`
		Type     string         `json:"ResourceType"`
		At       jsonrec.Scalar `json:"Timestamp"`
		Status   string         `json:"ResourceStatus"`
		Reason   string         `json:"ResourceStatusReason"`
	}
	if !rec.Decode(&s, rd.sink) {
		return
	}
	bad := strings.HasSuffix(s.Status, "FAILED")
	whole := s.Type == "AWS::CloudFormation::Stack" && s.Resource == s.Stack
	if !whole && !bad {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.DeployStep, ID: "cloudformation:" + s.ID, Subject: "cloudformation:" + s.Stack, Service: s.Stack, Level: hindcast.LevelInfo,
		Actor: hindcast.Actor{Name: "CloudFormation", Kind: hindcast.Automation}, Status: strings.ToLower(s.Status),
		Title: "stack " + s.Stack + ": " + strings.ReplaceAll(strings.ToLower(s.Status), "_", " "), Attrs: map[string]string{"tool": "CloudFormation", "resource": s.Type},
	}
	if !whole {
		e.Title = "stack " + s.Stack + ": " + s.Resource + " " + strings.ReplaceAll(strings.ToLower(s.Status), "_", " ")
	}
	switch action, ok := strings.CutSuffix(s.Status, "_IN_PROGRESS"); {
	case bad:
		e.Level = hindcast.LevelError
	case strings.Contains(s.Status, "ROLLBACK"):
		e.Level = hindcast.LevelWarn
	case ok && (action == "CREATE" || action == "UPDATE" || action == "DELETE" || action == "IMPORT"):
		e.Kind, e.Title = hindcast.ConfigChange, strings.ToLower(action)+" stack "+s.Stack
	}
	if s.Reason != "" && s.Reason != "User Initiated" {
		e.Title += ": " + s.Reason
	}
	rd.Write(rec.Ref(), string(s.At), e)
}

func isTask(at string, f jsonrec.Fields) bool {
	return f.Has(at+"taskArn", at+"lastStatus", at+"group")
}

// task reads a task of Amazon ECS: when it was started, and when and why it stopped.
func (rd *reading) task(rec jsonrec.Record) {
	var t struct {
		ARN        string         `json:"taskArn"`
		Group      string         `json:"group"`
		Started    jsonrec.Scalar `json:"startedAt"`
		Stopped    jsonrec.Scalar `json:"stoppedAt"`
		Reason     string         `json:"stoppedReason"`
		Code       string         `json:"stopCode"`
		Containers []struct {
			Name   string `json:"name"`
			Exit   *int   `json:"exitCode"`
			Reason string `json:"reason"`
		} `json:"containers"`
	}
	if !rec.Decode(&t, rd.sink) {
		return
	}
	id := t.ARN[strings.LastIndexByte(t.ARN, '/')+1:]
	service := t.Group[strings.LastIndexByte(t.Group, ':')+1:] // service:checkout
	e := hindcast.Event{
		Kind: hindcast.PlatformEvent, ID: "ecs:" + id + "/started", Subject: "ecs:task/" + id, Service: service, Level: hindcast.LevelInfo,
		Actor: hindcast.Actor{Name: "Amazon ECS", Kind: hindcast.System}, Title: "Task " + id + " of " + service + " started",
	}
	if t.Started != "" {
		rd.Write(rec.Ref(), string(t.Started), e)
	}
	if t.Stopped == "" {
		return
	}
	e.ID, e.Title = "ecs:"+id+"/stopped", "Task "+id+" of "+service+" stopped"
	if t.Code != "" && t.Code != "ServiceSchedulerInitiated" && t.Code != "UserInitiated" {
		e.Level = hindcast.LevelWarn
	}
	if t.Reason != "" {
		e.Title += ": " + t.Reason
	}
	e.Attrs = map[string]string{"code": t.Code}
	for _, c := range t.Containers {
		if c.Exit != nil && *c.Exit != 0 || c.Reason != "" {
			e.Title += "; container " + c.Name
			if c.Exit != nil {
				e.Title += " ended with exit code " + strconv.Itoa(*c.Exit)
				e.Attrs["exit_code"] = strconv.Itoa(*c.Exit)
			}
			if c.Reason != "" {
				e.Title += ": " + c.Reason
			}
		}
	}
	rd.Write(rec.Ref(), string(t.Stopped), e)
}
