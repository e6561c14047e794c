// Package audit reads logs in which systems write down who changed what: feature
// flags, cloud resources, infrastructure as code.
//
//	LaunchDarkly: GET /api/v2/auditlog, audit webhooks                launchdarkly-audit
//	Unleash: GET /api/admin/events                                    unleash-events
//	AWS CloudTrail: files of a trail, aws cloudtrail lookup-events    cloudtrail
//	Google Cloud: gcloud logging read of audit logs, --format=json    gcp-audit
//	Kubernetes: audit.k8s.io events, as lines or a list               kubernetes-audit
//	Terraform: terraform apply -json                                  terraform
//	HCP Terraform: notifications of runs, GET /runs                   terraform-runs, terraform-run-list
//	Azure: az monitor activity-log list, exports of diagnostics       azure-activity
//	Vault, OpenBao: audit device of a file                            vault-audit
//	Flagsmith: GET /audit                                             flagsmith-audit
//
// Every record that changed something is a ConfigChange by who is named. Records
// that only read are passed over, and so is what Kubernetes' own parts write.
package audit

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/jsonlog"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/redact"
)

// Formats returns the formats of audit logs.
func Formats() []record.Format {
	p := &parser{redactor: redact.New(), words: fact.NewWords()}
	format := func(name, source, marker string, fits func(jsonrec.Fields) bool, read func(*reading, jsonrec.Record), paths ...string) record.Format {
		return record.Format{
			Name: name, Source: source, Recognize: jsonrec.Recognizer(94, marker, fits),
			Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
				rd := &reading{parser: p, Writer: fact.NewWriter(p.redactor, f, sink), sink: sink}
				err := jsonrec.Each(f, r, sink, func(rec jsonrec.Record) { read(rd, rec.Unwrap()) }, paths...)
				rd.settle()
				if rd.logs != nil {
					rd.logs.Report(sink)
				}
				return err
			},
		}
	}
	return []record.Format{
		format("launchdarkly-audit", "LaunchDarkly", `"titleVerb"`, isLaunchDarkly, (*reading).launchDarkly, "", "items"),
		format("unleash-events", "Unleash", `"createdBy"`, isUnleash, (*reading).unleash, "", "events"),
		format("cloudtrail", "AWS CloudTrail", `ventName"`, isCloudTrail, (*reading).cloudTrail, "", "Records", "Events"),
		format("gcp-audit", "Google Cloud", `"protoPayload"`, isGoogle, (*reading).google, "", "entries"),
		format("kubernetes-audit", "Kubernetes", `audit.k8s.io`, isKubernetes, (*reading).kubernetes, "", "items"),
		format("terraform", "Terraform", `"@module"`, isTerraform, (*reading).terraform, ""),
		format("terraform-runs", "Terraform", `"run_status"`, isTerraformRun, (*reading).terraformRun, ""),
		format("terraform-run-list", "Terraform", `"status-timestamps"`, isTerraformList, (*reading).terraformList, "", "data"),
		format("azure-activity", "Azure", `"operationName"`, isAzure, (*reading).azure, "", "value", "records"),
		format("vault-audit", "Vault", `"operation"`, isVault, (*reading).vault, ""),
		format("flagsmith-audit", "Flagsmith", `"related_object_type"`, isFlagsmith, (*reading).flagsmith, "", "results"),
	}
}

type parser struct {
	redactor *redact.Redactor
	words    *fact.Words
}

// reading is the parsing of one file.
type reading struct {
	*parser
	*fact.Writer
	sink    record.Sink
	waiting []waiting
	logs    *jsonlog.Reader // of entries that audit nothing; nil until there is one
}

// actor is who made a change; what has no name is the system itself.
func (rd *reading) actor(name, system string) hindcast.Actor {
	if name == "" {
		return hindcast.Actor{Name: system, Kind: hindcast.Automation}
	}
	return rd.words.Actor(name)
}

func isLaunchDarkly(f jsonrec.Fields) bool {
	for _, at := range []string{"", "items.", "body."} {
		if f.Has(at+"date", at+"titleVerb") && f.Any(at+"kind", at+"key", at+"name", at+"target.name") {
			return true
		}
	}
	return false
}

// flagChange is an entry of LaunchDarkly's audit log.
type flagChange struct {
	ID       jsonrec.Scalar `json:"_id"`
	Date     jsonrec.Scalar `json:"date"`
	Kind     string         `json:"kind"`
	Name     string         `json:"name"`
	Verb     string         `json:"titleVerb"`
	Accesses []struct {
		Resource string `json:"resource"`
	} `json:"accesses"`
	Title   string          `json:"title"`
	Text    string          `json:"description"`
	Comment string          `json:"comment"`
	Key     string          `json:"key"`
	Env     string          `json:"environment"`
	Was     json.RawMessage `json:"previous"`
	Is      json.RawMessage `json:"current"`
	Member  member          `json:"member"`
	Token   struct {
		Name string `json:"name"`
	} `json:"token"`
	Target struct {
		Name      string   `json:"name"`
		Resources []string `json:"resources"`
	} `json:"target"`
}

// member is who made a change: an object of names, or a name alone, as people who cut
// an export down write it.
type member struct {
	Email string `json:"email"`
	First string `json:"firstName"`
	Last  string `json:"lastName"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *member) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &m.First)
	}
	type plain member
	return json.Unmarshal(data, (*plain)(m))
}

// values words from what to what an entry sets a flag, as far as it says.
func (l flagChange) values() string {
	short := func(v json.RawMessage) string {
		var out bytes.Buffer
		if len(v) > 80 || json.Compact(&out, v) != nil {
			return ""
		}
		return strings.Trim(strings.ReplaceAll(out.String(), `"`, ""), "{}")
	}
	was, is := short(l.Was), short(l.Is)
	if was == "" || is == "" {
		return ""
	}
	return ": " + was + " -> " + is
}

// says words what an entry says it did to a flag, where its verb only says that something
// was updated: the first line of its description.
func (l flagChange) says() string {
	line, _, _ := strings.Cut(strings.TrimSpace(l.Text), "\n")
	line = strings.TrimSpace(strings.ReplaceAll(strings.TrimLeft(line, "*- "), "`", ""))
	if !strings.HasPrefix(l.Verb, "updated") || line == "" || len(line) > 160 {
		return ""
	}
	return ": " + line
}

// launchDarkly reads an entry of LaunchDarkly's audit log.
func (rd *reading) launchDarkly(rec jsonrec.Record) {
	var l flagChange
	if !rec.Decode(&l, rd.sink) {
		return
	}
	name, title := cmp.Or(l.Target.Name, l.Name, l.Key), ""
	if name != "" && strings.Contains(l.Verb, name) {
		title = l.Verb
	}
	for _, r := range l.Target.Resources {
		if _, flag, ok := strings.Cut(r, "flag/"); ok && name == "" {
			name, title = flag, l.Title // the verb alone names no flag
		}
	}
	by := cmp.Or(strings.TrimSpace(l.Member.First+" "+l.Member.Last), l.Member.Email, l.Token.Name)
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Subject: "flag:" + name, Actor: rd.actor(by, "LaunchDarkly"), Title: cmp.Or(title, l.Verb+" "+name) + cmp.Or(l.values(), l.says()), Env: l.Env, Text: strings.TrimSpace(l.Text + "\n" + l.Comment),
		Attrs: map[string]string{"kind": l.Kind, "flag": name, "by": by},
	}
	for _, a := range l.Accesses {
		l.Target.Resources = append(l.Target.Resources, a.Resource)
	}
	for _, r := range l.Target.Resources {
		// proj/web:env/production:flag/new-basket
		if _, env, ok := strings.Cut(r, "env/"); ok && e.Env == "" {
			e.Env, _, _ = strings.Cut(env, ":")
			e.Env = strings.Trim(e.Env, "*")
		}
	}
	if l.ID != "" {
		e.ID = "launchdarkly:" + string(l.ID)
	}
	if l.Comment != "" {
		e.Title += ": " + l.Comment
	}
	rd.Write(rec.Ref(), string(l.Date), e)
}

func isUnleash(f jsonrec.Fields) bool {
	for _, at := range []string{"", "events."} {
		if f.Has(at+"type", at+"createdBy", at+"createdAt") && f.Any(at+"featureName", at+"project", at+"preData") {
			return true
		}
	}
	return false
}

// unleashEvent is what is read of an event of Unleash.
type unleashEvent struct {
	ID          jsonrec.Scalar `json:"id"`
	Type        string         `json:"type"`
	By          string         `json:"createdBy"`
	At          jsonrec.Scalar `json:"createdAt"`
	Feature     string         `json:"featureName"`
	Project     string         `json:"project"`
	Environment string         `json:"environment"`
}

// unleash reads an event of Unleash.
func (rd *reading) unleash(rec jsonrec.Record) {
	var u unleashEvent
	if !rec.Decode(&u, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Actor: rd.actor(u.By, "Unleash"), Env: u.Environment, Title: strings.TrimSpace(u.Feature + " " + strings.ReplaceAll(u.Type, "-", " ")),
		Attrs: map[string]string{"kind": u.Type, "flag": u.Feature, "project": u.Project, "by": u.By},
	}
	if u.Feature != "" {
		e.Subject = "flag:" + u.Feature
	}
	if u.Environment != "" {
		e.Title += " in " + u.Environment
	}
	if u.ID != "" {
		e.ID = "unleash:" + string(u.ID)
	}
	rd.Write(rec.Ref(), string(u.At), e)
}

func isTerraform(f jsonrec.Fields) bool {
	return strings.HasPrefix(f["@module"], "terraform.") && f.Has("@timestamp")
}

func isTerraformRun(f jsonrec.Fields) bool {
	return f.Has("run_id", "workspace_name", "notifications.run_status") || f.Has("body.run_id", "body.notifications.run_status")
}

// terraformLine is a line of terraform apply -json.
type terraformLine struct {
	Message string         `json:"@message"`
	Time    jsonrec.Scalar `json:"@timestamp"`
	Type    string         `json:"type"`
	Hook    struct {
		Action   string `json:"action"`
		Resource struct {
			Addr string `json:"addr"`
		} `json:"resource"`
	} `json:"hook"`
}

// terraform reads a line of terraform apply -json.
func (rd *reading) terraform(rec jsonrec.Record) {
	var t terraformLine
	if !rec.Decode(&t, rd.sink) {
		return
	}
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Subject: "terraform:" + t.Hook.Resource.Addr, Actor: hindcast.Actor{Name: "Terraform", Kind: hindcast.Automation}, Title: t.Message,
		Attrs: map[string]string{"resource": t.Hook.Resource.Addr, "action": t.Hook.Action},
	}
	switch t.Type {
	case "apply_start":
		e.Status = "started"
	case "apply_complete":
		e.Kind, e.Status = hindcast.DeployStep, "success"
	case "apply_errored":
		e.Kind, e.Status, e.Level = hindcast.DeployStep, "failure", hindcast.LevelError
	default:
		return // plans, progress, outputs
	}
	rd.Write(rec.Ref(), string(t.Time), e)
}

// terraformNotification is what HCP Terraform says of a run.
type terraformNotification struct {
	RunID     jsonrec.Scalar `json:"run_id"`
	URL       string         `json:"run_url"`
	Message   string         `json:"run_message"`
	By        string         `json:"run_created_by"`
	Workspace string         `json:"workspace_name"`
	List      []struct {
		Message   string `json:"message"`
		Status    string `json:"run_status"`
		UpdatedAt string `json:"run_updated_at"`
		UpdatedBy string `json:"run_updated_by"`
	} `json:"notifications"`
}

// terraformRun reads what HCP Terraform says of a run. Only applying changes
// something.
func (rd *reading) terraformRun(rec jsonrec.Record) {
	var r terraformNotification
	if !rec.Decode(&r, rd.sink) {
		return
	}
	for _, n := range r.List {
		e := hindcast.Event{
			Kind: hindcast.DeployStep, ID: "terraform:" + string(r.RunID) + "/" + n.Status, Subject: "terraform:" + string(r.RunID), Status: n.Status, Service: r.Workspace, Env: rd.words.Environment(r.Workspace),
			Actor: hindcast.Actor{Name: "Terraform", Kind: hindcast.Automation}, Title: strings.Trim(r.Workspace+": "+cmp.Or(n.Message, n.Status)+": "+r.Message, ": "), Links: []string{r.URL},
			Attrs: map[string]string{"by": cmp.Or(r.By, n.UpdatedBy), "stage": n.Status},
		}
		if n.Status == "applying" {
			e.Kind = hindcast.ConfigChange
		}
		if n.Status == "errored" {
			e.Level = hindcast.LevelError
		}
		rd.Write(rec.Ref(), n.UpdatedAt, e)
	}
}
