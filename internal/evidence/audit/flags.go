package audit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isFlagsmith(f jsonrec.Fields) bool {
	for _, at := range []string{"", "results."} {
		if f.Has(at+"created_date", at+"log", at+"related_object_type") {
			return true
		}
	}
	return false
}

// flagsmith reads an entry of Flagsmith's audit log.
func (rd *reading) flagsmith(rec jsonrec.Record) {
	type named struct {
		Name string `json:"name"`
	}
	var l struct {
		ID     jsonrec.Scalar `json:"id"`
		At     jsonrec.Scalar `json:"created_date"`
		Log    string         `json:"log"`
		Type   jsonrec.Scalar `json:"related_object_type"`
		System bool           `json:"is_system_event"`
		Author struct {
			Email string `json:"email"`
			First string `json:"first_name"`
			Last  string `json:"last_name"`
		} `json:"author"`
		Environment named `json:"environment"`
		Project     named `json:"project"`
	}
	if !rec.Decode(&l, rd.sink) {
		return
	}
	by := cmp.Or(strings.TrimSpace(l.Author.First+" "+l.Author.Last), l.Author.Email)
	e := hindcast.Event{
		Kind: hindcast.ConfigChange, Actor: rd.actor(by, "Flagsmith"), Env: strings.ToLower(l.Environment.Name), Title: l.Log,
		Attrs: map[string]string{"kind": string(l.Type), "project": l.Project.Name, "by": by},
	}
	if l.System {
		e.Actor = hindcast.Actor{Name: "Flagsmith", Kind: hindcast.Automation}
	}
	if _, flag, ok := strings.Cut(l.Log, "feature: "); ok {
		e.Attrs["flag"], e.Subject = strings.TrimSpace(flag), "flag:"+strings.TrimSpace(flag)
	}
	if l.ID != "" {
		e.ID = "flagsmith:" + string(l.ID)
	}
	rd.Write(rec.Ref(), string(l.At), e)
}

func isTerraformList(f jsonrec.Fields) bool {
	for _, at := range []string{"", "data."} {
		if f[at+"type"] == "runs" && f.Has(at+"attributes.status-timestamps") {
			return true
		}
	}
	return false
}

// terraformList reads a run as the API of HCP Terraform answers it: its plan, that it
// was confirmed, and that it was applied.
func (rd *reading) terraformList(rec jsonrec.Record) {
	if one, ok := rec.Member("data"); ok && one.Raw[0] == '{' {
		rec = one
	}
	var r struct {
		ID         string `json:"id"`
		Attributes struct {
			Message string                    `json:"message"`
			Source  string                    `json:"source"`
			Times   map[string]jsonrec.Scalar `json:"status-timestamps"`
		} `json:"attributes"`
		Relations struct {
			Workspace struct {
				Data struct {
					ID string `json:"id"`
				} `json:"data"`
			} `json:"workspace"`
		} `json:"relationships"`
	}
	if !rec.Decode(&r, rd.sink) {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(r.Attributes.Times)) {
		status := strings.TrimSuffix(key, "-at")
		if !slices.Contains([]string{"planned", "confirmed", "applying", "applied", "errored", "canceled", "discarded", "policy-soft-failed"}, status) {
			continue
		}
		e := hindcast.Event{
			Kind: hindcast.DeployStep, ID: "terraform:" + r.ID + "/" + status, Subject: "terraform:" + r.ID, Status: status, Title: "run " + r.ID + " " + status + ": " + r.Attributes.Message,
			Actor: hindcast.Actor{Name: "Terraform", Kind: hindcast.Automation}, Attrs: map[string]string{"stage": status, "workspace": r.Relations.Workspace.Data.ID},
		}
		switch status {
		case "applying":
			e.Kind = hindcast.ConfigChange
		case "errored":
			e.Level = hindcast.LevelError
		}
		rd.Write(rec.Ref(), string(r.Attributes.Times[key]), e)
	}
}
