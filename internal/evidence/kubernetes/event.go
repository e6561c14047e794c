package kubernetes

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// meta is the metadata that events and objects share.
type meta struct {
	Name              string            `json:"name"`
	Namespace         string            `json:"namespace"`
	UID               string            `json:"uid"`
	CreationTimestamp string            `json:"creationTimestamp"`
	Annotations       map[string]string `json:"annotations"`
	OwnerReferences   []objectRef       `json:"ownerReferences"`
}

// deployment returns the name of the deployment that the object belongs to; empty
// when it belongs to none.
func (m meta) deployment() string {
	for _, o := range m.OwnerReferences {
		if o.Kind == "Deployment" {
			return o.Name
		}
	}
	return ""
}

// id is the identity of what happened to the object; empty when it has none.
func (m meta) id(what ...string) string {
	self := m.UID
	if self == "" && m.Name != "" {
		self = strings.Trim(m.Namespace+"/"+m.Name, "/")
	}
	if self == "" {
		return ""
	}
	return "k8s:" + strings.Join(append([]string{self}, what...), "/")
}

type source struct {
	Component string `json:"component"`
	Host      string `json:"host"`
}

// event is an event as core/v1 and events.k8s.io/v1 write it.
type event struct {
	Metadata  meta   `json:"metadata"`
	Reason    string `json:"reason"`
	Type      string `json:"type"`
	Action    string `json:"action"`
	EventTime string `json:"eventTime"`
	Series    struct {
		Count            int    `json:"count"`
		LastObservedTime string `json:"lastObservedTime"`
	} `json:"series"`
	ReportingInstance string `json:"reportingInstance"`

	InvolvedObject     objectRef `json:"involvedObject"`
	Message            string    `json:"message"`
	Source             source    `json:"source"`
	ReportingComponent string    `json:"reportingComponent"`
	FirstTimestamp     string    `json:"firstTimestamp"`
	LastTimestamp      string    `json:"lastTimestamp"`
	Count              int       `json:"count"`

	Regarding                objectRef `json:"regarding"`
	Note                     string    `json:"note"`
	DeprecatedSource         source    `json:"deprecatedSource"`
	ReportingController      string    `json:"reportingController"`
	DeprecatedFirstTimestamp string    `json:"deprecatedFirstTimestamp"`
	DeprecatedLastTimestamp  string    `json:"deprecatedLastTimestamp"`
	DeprecatedCount          int       `json:"deprecatedCount"`
}

// first is when the event happened, for the first time when it is a series.
func (ev event) first() string {
	return cmp.Or(ev.EventTime, ev.FirstTimestamp, ev.DeprecatedFirstTimestamp, ev.last(), ev.Metadata.CreationTimestamp)
}

// last is when it happened for the last time; empty when that is not stated.
func (ev event) last() string {
	return cmp.Or(ev.Series.LastObservedTime, ev.LastTimestamp, ev.DeprecatedLastTimestamp)
}

func (ev event) component() string {
	return cmp.Or(ev.ReportingComponent, ev.ReportingController, ev.Source.Component, ev.DeprecatedSource.Component)
}

// event writes an event of either shape.
func (rd *reading) event(ref hindcast.Ref, rec jsonrec.Record) {
	var ev event
	if !rec.Decode(&ev, rd.sink) {
		return
	}
	object := ev.InvolvedObject
	if object == (objectRef{}) {
		object = ev.Regarding
	}
	e := about(object, ev.component(), ev.Reason, ev.Type)
	e.ID = ev.Metadata.id()
	e.Attrs["action"] = ev.Action
	e.Attrs["host"] = cmp.Or(ev.Source.Host, ev.DeprecatedSource.Host)
	rd.words(&e, cmp.Or(ev.Message, ev.Note))
	rd.repeated(&e, cmp.Or(ev.Series.Count, ev.Count, ev.DeprecatedCount), ev.first(), ev.last())
	rd.Write(ref, ev.first(), e)
}

// repeated makes e an interval when the cluster counted it n times.
func (rd *reading) repeated(e *hindcast.Event, n int, first, last string) {
	if n <= 1 {
		return
	}
	e.Count = n
	from, _, ok := rd.Time(first)
	if to, _, okTo := rd.Time(last); ok && okTo && to.After(from) {
		e.Until = to
	}
}
