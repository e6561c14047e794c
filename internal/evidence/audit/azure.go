package audit

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

func isAzure(f jsonrec.Fields) bool {
	for _, at := range []string{"", "value.", "records."} {
		if f.Has(at+"eventTimestamp", at+"operationName.value", at+"resourceId") || f.Has(at+"time", at+"operationName", at+"resourceId") && slices.Contains(azureCategories, f[at+"category"]) {
			return true
		}
	}
	return false
}

// azureCategories are those of the activity log: exports of diagnostics hold the logs of
// resources in the same form.
var azureCategories = []string{"Administrative", "ServiceHealth", "ResourceHealth", "Alert", "Autoscale", "Security", "Recommendation", "Policy"}

// azureEntry is an entry of Azure's activity log, as the command line lists it and as
// diagnostic settings export it.
type azureEntry struct {
	ID          string         `json:"eventDataId"`
	Correlation string         `json:"correlationId"`
	Caller      string         `json:"caller"`
	Time        string         `json:"eventTimestamp"`
	Operation   localized      `json:"operationName"`
	Status      localized      `json:"status"`
	Category    localized      `json:"category"`
	Resource    string         `json:"resourceId"`
	Description jsonrec.Scalar `json:"description"`

	Exported string         `json:"time"`
	Result   jsonrec.Scalar `json:"resultType"`
	Identity struct {
		Claims map[string]jsonrec.Scalar `json:"claims"`
	} `json:"identity"`
}

// localized is a word in the reader's language beside its value, or the value alone.
type localized struct{ value, said string }

// UnmarshalJSON reads either form.
func (l *localized) UnmarshalJSON(raw []byte) error {
	var both struct {
		Value jsonrec.Scalar `json:"value"`
		Said  jsonrec.Scalar `json:"localizedValue"`
	}
	if json.Unmarshal(raw, &both) == nil {
		*l = localized{string(both.Value), string(both.Said)}
		return nil
	}
	var s jsonrec.Scalar
	err := s.UnmarshalJSON(raw)
	*l = localized{string(s), ""}
	return err
}

// azure reads an entry of Azure's activity log. An operation is told of when it
// starts and when it ends; the change is where it starts, or where it ends when
// the start is not in the file, so entries wait for the end of the file.
func (rd *reading) azure(rec jsonrec.Record) {
	var a azureEntry
	if !rec.Decode(&a, rd.sink) {
		return
	}
	operation := strings.ToLower(a.Operation.value)
	if strings.HasSuffix(operation, "/read") || strings.EqualFold(a.Category.value, "Policy") {
		return
	}
	resource := a.Resource[strings.LastIndexByte(a.Resource, '/')+1:]
	by := cmp.Or(a.Caller, string(a.Identity.Claims["name"]), string(a.Identity.Claims["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"]), string(a.Identity.Claims["appid"]))
	status := strings.ToLower(cmp.Or(a.Status.value, string(a.Result)))
	e := hindcast.Event{
		Kind: hindcast.Record, Actor: rd.actor(by, "Azure"), Status: status, Title: strings.TrimSpace(cmp.Or(a.Operation.said, a.Operation.value) + " " + resource), Text: string(a.Description),
		Attrs: map[string]string{"kind": a.Operation.value, "resource": resource, "by": by},
	}
	if by != "" && !strings.ContainsAny(by, "@ ") {
		e.Actor.Kind = hindcast.Automation // a service principal is known by its id only
	}
	if a.ID != "" {
		e.ID = "azure:" + a.ID
	}
	w := waiting{ref: rec.Ref(), at: cmp.Or(a.Time, a.Exported), event: e}
	if a.Category.value == "" || strings.EqualFold(a.Category.value, "Administrative") {
		w.operation = a.Correlation + " " + operation + " " + strings.ToLower(a.Resource)
		w.event.Subject = "azure:" + a.Correlation
	}
	rd.waiting = append(rd.waiting, w)
}

// waiting is an entry that waits for the others of its operation.
type waiting struct {
	ref       hindcast.Ref
	at        string
	event     hindcast.Event
	operation string // "" for what is no operation
}

// settle writes the entries that wait, in the order of the file.
func (rd *reading) settle() {
	started, changed := map[string]bool{}, map[string]bool{}
	begins := func(status string) bool { return status == "started" || status == "start" }
	for _, w := range rd.waiting {
		if begins(w.event.Status) {
			started[w.operation] = true
		}
	}
	for _, w := range rd.waiting {
		failed := strings.HasPrefix(w.event.Status, "fail")
		switch {
		case w.operation == "":
		case begins(w.event.Status) || !started[w.operation] && !changed[w.operation] && !failed:
			w.event.Kind, changed[w.operation] = hindcast.ConfigChange, true
		default:
			w.event.Kind = hindcast.DeployStep
			w.event.Title += ": " + w.event.Status
		}
		if failed {
			w.event.Level = hindcast.LevelError
		}
		rd.Write(w.ref, w.at, w.event)
	}
	rd.waiting = nil
}
