package audit

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

func isCloudTrail(f jsonrec.Fields) bool {
	for _, at := range []string{"", "Records.", "detail."} {
		if f.Has(at+"eventSource", at+"eventName", at+"eventTime", at+"userIdentity") {
			return true
		}
	}
	return f.Has("Events.EventId", "Events.EventName", "Events.EventTime")
}

// trail is a record of CloudTrail, as trails store it and as lookup-events
// prints it.
type trail struct {
	ID       string `json:"eventID"`
	Time     string `json:"eventTime"`
	Source   string `json:"eventSource"`
	Name     string `json:"eventName"`
	Region   string `json:"awsRegion"`
	ReadOnly *bool  `json:"readOnly"`
	Error    string `json:"errorCode"`
	Message  string `json:"errorMessage"`
	Identity struct {
		Type      string `json:"type"`
		ARN       string `json:"arn"`
		UserName  string `json:"userName"`
		InvokedBy string `json:"invokedBy"`
	} `json:"userIdentity"`
	Parameters json.RawMessage `json:"requestParameters"`

	LookupID       string         `json:"EventId"`
	LookupName     string         `json:"EventName"`
	LookupTime     jsonrec.Scalar `json:"EventTime"`
	LookupSource   string         `json:"EventSource"`
	LookupReadOnly jsonrec.Scalar `json:"ReadOnly"`
	Username       string         `json:"Username"`
	Resources      []struct {
		Name string `json:"ResourceName"`
	} `json:"Resources"`
}

// reads are the beginnings of the names of operations that change nothing.
var reads = []string{"Get", "List", "Describe", "Head", "Lookup", "Select", "Search", "BatchGet", "Query", "Scan", "AssumeRole", "ConsoleLogin", "Decrypt", "GenerateDataKey", "CheckMfa",
	// what machines send
	"PutMetric", "PutLogEvents", "PutRecord", "PutTraceSegments", "PutTelemetry", "PutEvents", "CreateLogStream", "SendHeartbeat", "UpdateInstanceInformation", "ReceiveMessage", "SendMessage", "DeleteMessage",
	"SendEmail", "SendRawEmail", "StartQuery", "PollFor", "Sign"}

// cloudTrail reads a record of CloudTrail.
func (rd *reading) cloudTrail(rec jsonrec.Record) {
	if sent, ok := rec.Member("detail"); ok { // by EventBridge
		rec = sent
	}
	var t trail
	if !rec.Decode(&t, rd.sink) {
		return
	}
	name := cmp.Or(t.Name, t.LookupName)
	read := t.LookupReadOnly == "true" || t.ReadOnly != nil && *t.ReadOnly || slices.ContainsFunc(reads, func(p string) bool { return strings.HasPrefix(name, p) })
	if read {
		return
	}
	service, _, _ := strings.Cut(cmp.Or(t.Source, t.LookupSource), ".")
	by := cmp.Or(t.Identity.UserName, t.Username, t.Identity.ARN[strings.LastIndexByte(t.Identity.ARN, '/')+1:], t.Identity.InvokedBy)
	target := parameter(t.Parameters)
	if target == "" && len(t.Resources) > 0 {
		target = t.Resources[0].Name
	}
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Actor: rd.actor(by, cmp.Or(t.Identity.Type, "AWS")), Title: strings.TrimSpace(service + " " + name + " " + target), Status: t.Error,
		Attrs: map[string]string{"kind": name, "service": service, "region": t.Region, "resource": target, "by": by},
	}
	if t.Identity.InvokedBy != "" || t.Identity.Type == "AWSService" || session(by) || machine.MatchString(t.Identity.ARN) {
		e.Actor.Kind = hindcast.Automation
	}
	if t.Error != "" {
		e.Kind = hindcast.Record // nothing was changed
		e.Title += ": " + t.Error
		e.Text = t.Message
	}
	if id := cmp.Or(t.ID, t.LookupID); id != "" {
		e.ID = "cloudtrail:" + id
	}
	rd.Write(rec.Ref(), cmp.Or(t.Time, string(t.LookupTime)), e)
}

// session reports whether a name is one that an instance, a service or a script gave
// to its session of a role, and no person's.
func session(name string) bool {
	digits := strings.TrimRight(name, "0123456789")
	return instance.MatchString(name) || len(name)-len(digits) >= 9 || strings.HasPrefix(name, "AWS") || strings.HasSuffix(name, "-session")
}

// machine is a role that machines take, by its name.
var machine = lazyregexp.New(`(?i)assumed-role/[^/]*(?:auto-?scal|monitor|bot\b|runner|agent|lambda|deploy-?bot|deployer|pipeline|\bci\b|cicd|jenkins|service|node|worker|terraform|backup|exporter)[^/]*/[a-z0-9-]+$`)

// instance is the id of an instance or of a task.
var instance = lazyregexp.New(`^(?:i-)?[0-9a-f]{8,40}$`)

// named are the parameters that name what a request is about.
var named = []string{
	"dBInstanceIdentifier", "dBClusterIdentifier", "functionName", "clusterName", "cluster", "service", "bucketName",
	"groupId", "groupName", "autoScalingGroupName", "loadBalancerName", "tableName", "queueUrl", "stackName",
	"instanceId", "roleName", "policyName", "hostedZoneId", "name", "keyId", "secretId",
}

// parameter is the name of the resource that a request is about.
func parameter(raw json.RawMessage) string {
	var p map[string]json.RawMessage
	if json.Unmarshal(raw, &p) != nil {
		return ""
	}
	for _, k := range named {
		var s jsonrec.Scalar
		if v, ok := p[k]; ok && s.UnmarshalJSON(v) == nil && s != "" {
			return string(s)
		}
	}
	var many struct {
		Items []struct {
			ID string `json:"instanceId"`
		} `json:"items"`
	}
	if json.Unmarshal(p["instancesSet"], &many) != nil {
		return ""
	}
	var ids []string
	for _, i := range many.Items {
		ids = append(ids, i.ID)
	}
	return strings.Join(ids[:min(len(ids), 5)], " ")
}

// isGoogle reports whether a record is an entry of Google Cloud's logging. Audit logs
// are often read together with those of applications.
func isGoogle(f jsonrec.Fields) bool {
	for _, at := range []string{"", "entries."} {
		if f.Has(at+"timestamp") && (f.Has(at+"protoPayload.methodName") || f.Has(at+"insertId", at+"logName", at+"resource.type")) {
			return true
		}
	}
	return false
}

// googleEntry is an entry of Google Cloud's audit logs.
type googleEntry struct {
	ID      string `json:"insertId"`
	Time    string `json:"timestamp"`
	Payload struct {
		Method   string `json:"methodName"`
		Service  string `json:"serviceName"`
		Resource string `json:"resourceName"`
		Auth     struct {
			Email string `json:"principalEmail"`
		} `json:"authenticationInfo"`
		Status struct {
			Message string `json:"message"`
		} `json:"status"`
	} `json:"protoPayload"`
	Operation struct {
		ID    string `json:"id"`
		First bool   `json:"first"`
		Last  bool   `json:"last"`
	} `json:"operation"`
}

// google reads an entry of Google Cloud's audit logs.
func (rd *reading) google(rec jsonrec.Record) {
	var g googleEntry
	if !rec.Decode(&g, rd.sink) {
		return
	}
	p := g.Payload
	if p.Method == "" {
		rd.line(rec)
		return
	}
	verb := strings.ToLower(p.Method[strings.LastIndexByte(p.Method, '.')+1:])
	for _, read := range []string{"get", "list", "watch", "aggregatedlist", "search", "testiampermissions", "query"} {
		if strings.HasPrefix(verb, read) {
			return
		}
	}
	if p.Service == "k8s.io" && clusterOwn(p.Method, p.Resource, p.Auth.Email) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Actor: rd.actor(p.Auth.Email, "Google Cloud"), Title: strings.TrimSpace(p.Method + " " + p.Resource), Text: p.Status.Message,
		Attrs: map[string]string{"kind": p.Method, "service": p.Service, "resource": p.Resource, "by": p.Auth.Email},
	}
	if strings.HasSuffix(p.Auth.Email, ".gserviceaccount.com") || strings.HasPrefix(p.Auth.Email, "system:") {
		e.Actor.Kind = hindcast.Automation
	}
	if g.Operation.ID != "" {
		e.Subject = "gcp:" + g.Operation.ID
		if g.Operation.Last && !g.Operation.First {
			e.Kind, e.Status = hindcast.DeployStep, "done"
		}
	}
	if g.ID != "" {
		e.ID = "gcp:" + g.ID
	}
	rd.Write(rec.Ref(), g.Time, e)
}

// clusterOwn reports whether a method of Kubernetes, "io.k8s.core.v1.pods.create", was
// called by the cluster's own parts, which change things all the time.
func clusterOwn(method, resource, by string) bool {
	var k kubernetesEntry
	k.User.Name = by
	if parts := strings.Split(method, "."); len(parts) > 2 {
		k.Object.Resource = parts[len(parts)-2]
	}
	if strings.HasSuffix(resource, "/status") || k.Object.Resource == "status" {
		k.Object.Subresource = "status"
	}
	return k.housekeeping()
}

// line passes on an entry that audits nothing as a line of a log.
func (rd *reading) line(rec jsonrec.Record) {
	if rd.logs == nil {
		rd.logs = jsonlog.NewReader(rec.File)
	}
	l := record.Log{File: rec.File, Line: rec.Line, EndLine: rec.EndLine, Offset: rec.Offset, At: record.NoTime, Raw: rec.Raw}
	if rd.logs.Read(rec.Raw, &l) {
		rd.sink.Log(&l)
	}
}

func isKubernetes(f jsonrec.Fields) bool {
	for _, at := range []string{"", "items."} {
		if strings.HasPrefix(cmp.Or(f[at+"apiVersion"], f["apiVersion"]), "audit.k8s.io") && f.Has(at+"verb") && f.Any(at+"requestURI", at+"objectRef.resource") {
			return true
		}
	}
	return false
}

// kubernetesEntry is an entry of Kubernetes' audit log.
type kubernetesEntry struct {
	ID       string `json:"auditID"`
	Stage    string `json:"stage"`
	Verb     string `json:"verb"`
	Received string `json:"requestReceivedTimestamp"`
	User     struct {
		Name string `json:"username"`
	} `json:"user"`
	Object struct {
		Resource    string `json:"resource"`
		Namespace   string `json:"namespace"`
		Name        string `json:"name"`
		Subresource string `json:"subresource"`
	} `json:"objectRef"`
	Response struct {
		Code jsonrec.Scalar `json:"code"`
	} `json:"responseStatus"`
}

// changes are the verbs of requests that change something.
var changes = []string{"create", "update", "patch", "delete", "deletecollection"}

// internals are resources that say nothing about what runs.
var internals = []string{"events", "leases", "tokenreviews", "subjectaccessreviews", "selfsubjectaccessreviews"}

// housekeeping reports whether the cluster's own parts made a request. Service
// accounts outside kube-system belong to pipelines and operators.
func (k kubernetesEntry) housekeeping() bool {
	own := strings.HasPrefix(k.User.Name, "system:") && !strings.HasPrefix(k.User.Name, "system:serviceaccount:")
	return own || strings.HasPrefix(k.User.Name, "system:serviceaccount:kube-system:") ||
		k.Object.Subresource == "status" || slices.Contains(internals, k.Object.Resource)
}

// kubernetes reads an entry of Kubernetes' audit log: what people and pipelines
// changed. The cluster's own parts change things all the time.
func (rd *reading) kubernetes(rec jsonrec.Record) {
	var k kubernetesEntry
	if !rec.Decode(&k, rd.sink) {
		return
	}
	if k.Stage != "" && k.Stage != "ResponseComplete" || !slices.Contains(changes, k.Verb) || k.housekeeping() {
		return
	}
	object := strings.Trim(k.Object.Namespace+"/"+k.Object.Name, "/")
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Actor: rd.words.Actor(cmp.Or(k.User.Name, "unknown")), Status: string(k.Response.Code),
		Title: strings.TrimSpace(k.Verb + " " + k.Object.Resource + " " + object),
		Attrs: map[string]string{"kind": k.Verb, "object": strings.Trim(k.Object.Resource+"/"+object, "/"), "by": k.User.Name},
	}
	if k.Object.Subresource != "" {
		e.Title += " (" + k.Object.Subresource + ")"
	}
	if body, ok := rec.Member("requestObject"); ok && k.Verb == "patch" && k.Object.Resource != "secrets" {
		if set := patched(body, "", 0); len(set) > 0 && len(set) <= maxPatched {
			e.Title += ": " + strings.Join(set, ", ")
		}
	}
	if k.ID != "" {
		e.ID = "k8s-audit:" + k.ID
	}
	rd.Write(rec.Ref(), k.Received, e)
}

const (
	// maxPatched is how many members of a patch its title tells at most.
	maxPatched = 3
	// patchDepth is how far inside of a patch its members are.
	patchDepth = 6
)

// patched returns what a patch sets, "spec.suspend=true", without what only describes the
// object. It is for objects that hold no secrets.
func patched(body jsonrec.Record, prefix string, depth int) (out []string) {
	body.EachMember(func(key []byte, v jsonrec.Record) bool {
		name := prefix + string(key)
		switch {
		case name == "metadata", name == "kind", name == "apiVersion":
		case v.Raw[0] == '{' && depth < patchDepth:
			out = append(out, patched(v, name+".", depth+1)...)
		default:
			var value jsonrec.Scalar
			if v.Raw[0] != '[' && value.UnmarshalJSON(v.Raw) == nil {
				out = append(out, name+"="+string(value))
			} else {
				out = append(out, name)
			}
		}
		return len(out) <= maxPatched
	})
	return out
}
