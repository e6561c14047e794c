package incident

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// containers are the members under which lists of incidents are kept.
var containers = []string{"", "data", "incidents", "results", "items", "alert_groups", "alerts", "value", "records"}

// The folded names of what records and tables tell, best first.
var (
	opened       = []string{"triggeredat", "createdat", "createdon", "created", "openedat", "declaredat", "reportedat", "triggered", "opened", "declared", "startedat"}
	acknowledged = []string{"acknowledgedat", "firstacknowledgedat", "ackedat", "acknowledgedon", "acktime", "acknowledgetime", "acknowledgedtime", "acknowledged"}
	resolved     = []string{"resolvedat", "resolvedon", "resolvedtime", "closedat", "resolved", "closed"}
	began        = []string{"startedat", "impactstartedat", "impactstart", "customerimpactstart"}
	ended        = []string{"impactendedat", "customerimpactend"}
	detected     = []string{"detectedat", "detected"}
	mitigated    = []string{"mitigatedat", "mitigated"}
	titles       = []string{"title", "name", "summary", "description", "message", "incident", "alert"}
	texts        = []string{"description", "summary", "details", "message", "cause"}
	ids          = []string{"id", "uuid", "slug", "incidentid", "alertid"}
	takers       = []string{"acknowledgedby", "acknowledgedbyname", "acknowledgedbyusername", "acknowledgedbyusernames"}
	numbers      = []string{"number", "tinyid", "incidentnumber", "sequentialid", "publicid", "reference", "incidentid", "key"}
	services     = []string{"service", "servicename", "services", "application", "component", "integration", "alertsource"}
	severities   = []string{"severity", "priority", "urgency"}
	environments = []string{"environment", "env", "environments"}
	links        = []string{"url", "link", "htmlurl", "permalink", "weburl", "shorturl"}
)

// fold returns a name in lower case, letters and digits only, without what stands
// in brackets: "Acknowledged At (UTC)" and "acknowledged_at" are the same.
func fold(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// known reports whether members of these folded names are those of an incident: what
// happened, when it was opened, and when it was taken up, seen or mitigated. What
// only opens and closes is a ticket.
func known(has func(names []string) bool) bool {
	return has(titles) && has(opened) && has(resolved) && (has(acknowledged[:7]) || has(takers) || has(detected) && (has(mitigated[:1]) || has(began)))
}

// recognizeList asks only of files in which something was acknowledged, mitigated or detected.
func recognizeList(h record.Head) int {
	if !bytes.Contains(h.Bytes, []byte("cknowledged")) && !bytes.Contains(h.Bytes, []byte("itigated")) && !bytes.Contains(h.Bytes, []byte("etected")) && !bytes.Contains(h.Bytes, []byte(`"acked`)) {
		return 0
	}
	return jsonrec.Recognizer(80, `"`, func(f jsonrec.Fields) bool { return isList(f) || isLogged(f) })(h)
}

func isList(f jsonrec.Fields) bool {
	folded := map[string]bool{} // by path
	for path := range f {
		at := strings.LastIndexByte(path, '.') + 1
		if at > 0 && !slices.Contains(containers, strings.TrimSuffix(strings.TrimSuffix(path[:at-1], "attributes"), ".")) {
			continue
		}
		folded[path[:at]+fold(path[at:])] = true
	}
	for _, c := range containers {
		for _, at := range []string{c + ".", c + ".attributes."} {
			at = strings.TrimPrefix(at, ".")
			if known(func(names []string) bool {
				return slices.ContainsFunc(names, func(n string) bool { return folded[at+n] })
			}) {
				return true
			}
		}
	}
	return false
}

// members are those of a record or row by folded name.
type members map[string]json.RawMessage

// raw is the first of the members that says something.
func (m members) raw(names []string) json.RawMessage {
	for _, n := range names {
		if v := m[n]; len(v) > 0 && string(v) != "null" && string(v) != `""` && string(v) != "false" {
			return v
		}
	}
	return nil
}

// text is the first of the members that has a text, or a name inside.
func (m members) text(names []string) string {
	for _, n := range names {
		raw := m[n]
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
			raw = list[0]
		}
		var wrapped struct{ Data []json.RawMessage }
		if json.Unmarshal(raw, &wrapped) == nil && len(wrapped.Data) > 0 {
			raw = wrapped.Data[0]
		}
		if s := nameIn(raw, 0); s != "" {
			return s
		}
	}
	return ""
}

// listed reads an incident of a list, or one that is wrapped as JSON:API does.
func (rd *reading) listed(rec jsonrec.Record) {
	if inner, ok := rec.Member("data"); ok && inner.Raw[0] == '{' {
		rec = inner
	}
	if inner, ok := rec.Member("attributes"); ok && inner.Raw[0] == '{' {
		var outer struct {
			ID json.RawMessage `json:"id"`
		}
		_ = json.Unmarshal(rec.Raw, &outer) // without an id the number will do
		rec = inner
		rd.members(rec, outer.ID)
		return
	}
	rd.members(rec, nil)
}

// folded returns the members of a record by their folded names.
func folded(all map[string]json.RawMessage) members {
	m := members{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m[fold(name)] = all[name]
	}
	return m
}

func (rd *reading) members(rec jsonrec.Record, id json.RawMessage) {
	var all map[string]json.RawMessage
	if !rec.Decode(&all, rd.sink) {
		return
	}
	m := folded(all)
	if id != nil {
		m["id"] = id
	}
	inc, told := rd.course(rec.Ref(), m)
	rd.steps(rec, inc, told)
}

// course writes when an incident was opened, taken up and resolved, by whom. It returns
// the incident and which of these its members tell.
func (rd *reading) course(ref hindcast.Ref, m members) (incident, map[hindcast.EventKind]bool) {
	title := m.text(titles)
	inc := incident{
		id: m.text(ids), title: title, service: cmp.Or(m.text(services), labeled(m["labels"], "service")), severity: m.text(severities),
		env: strings.ToLower(m.text(environments)), number: digits(m.text(numbers)), paged: len(m.raw(detected)) == 0 && m[mitigated[0]] == nil && m[began[3]] == nil,
	}
	if text := m.text(texts); text != title {
		inc.text = text
	}
	if l := cmp.Or(m.text(links), member(m["permalinks"], "web")); strings.HasPrefix(l, "http") {
		inc.link = l
	}
	at := func(names []string) string { return m.text(names) }
	by := func(word string) hindcast.Actor {
		return rd.person(m.raw([]string{word + "by", word + "byname", word + "user", word + "byusername", word + "byusernames"}))
	}
	creator := by("created")
	if !inc.paged && creator.Name == "" {
		creator = rd.person(m.raw([]string{"user", "creator", "reporter", "declaredby"}))
	}
	if inc.paged {
		creator = hindcast.Actor{}
	}
	impact := at(began)
	if len(m.raw(opened[:len(opened)-1])) == 0 {
		impact = "" // that it started is all that is said of when it was opened
	}
	rd.write(ref, inc,
		step{kind: moment, name: "impact started", at: impact},
		step{kind: moment, name: "detected", at: at(detected)},
		step{kind: hindcast.PagerTriggered, name: "triggered", at: at(opened), by: creator},
		step{kind: hindcast.PagerAcknowledged, name: "acknowledged", at: at(acknowledged), by: by("acknowledged")},
		step{kind: moment, name: "mitigated", at: at(mitigated), by: by("mitigated"), text: m.text([]string{"mitigationmessage"})},
		step{kind: moment, name: "impact ended", at: at(ended)},
		step{kind: hindcast.PagerResolved, name: "resolved", at: at(resolved), by: by("resolved"), text: m.text([]string{"resolutionmessage", "resolution"})},
	)
	return inc, map[hindcast.EventKind]bool{
		hindcast.PagerTriggered: at(opened) != "", hindcast.PagerAcknowledged: at(acknowledged) != "", hindcast.PagerResolved: at(resolved) != "",
	}
}

// member is the text of a member of an object; "" when there is none.
func member(raw json.RawMessage, key string) string {
	var o map[string]jsonrec.Scalar
	if json.Unmarshal(raw, &o) != nil {
		return ""
	}
	return string(o[key])
}

// labeled is the value of a label in a list of keys and values with names.
func labeled(raw json.RawMessage, key string) string {
	var list []struct{ Key, Value json.RawMessage }
	if json.Unmarshal(raw, &list) != nil {
		return member(raw, key)
	}
	for _, l := range list {
		if nameIn(l.Key, 0) == key {
			return nameIn(l.Value, 0)
		}
	}
	return ""
}
