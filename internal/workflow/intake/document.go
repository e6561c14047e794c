package intake

import (
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

// Imported is what was understood of a document.
type Imported struct {
	Ours         bool               `json:"ours"`     // it is in our format
	Sections     []string           `json:"sections"` // headings that were recognized
	Unknown      []string           `json:"unknown"`  // headings that were kept as they are
	Metadata     []string           `json:"metadata"` // what was read of the incident, by its JSON name: "severity", "started_at"
	Entries      int                `json:"entries"`
	Untimed      int                `json:"untimed"` // entries among them whose time of day nothing tells
	Factors      int                `json:"factors"`
	Observations int                `json:"observations"`
	Actions      int                `json:"actions"`
	Problems     []hindcast.Problem `json:"problems"` // by line
}

// Understood returns what was understood of a document.
func Understood(p *document.Parsed) Imported {
	pm := p.Postmortem
	out := Imported{Ours: p.Ours, Problems: p.Problems, Metadata: metadata(pm),
		Entries: len(pm.Timeline), Factors: len(pm.Factors), Observations: len(pm.Observations), Actions: len(pm.Actions)}
	for _, e := range pm.Timeline {
		if e.At.IsZero() {
			out.Untimed++
		}
	}
	for _, s := range p.Postmortem.Sections {
		if s.Kind != "" {
			out.Sections = append(out.Sections, s.Heading)
		} else {
			out.Unknown = append(out.Unknown, s.Heading)
		}
	}
	return out
}

// metadata names what is known of an incident.
func metadata(pm hindcast.Postmortem) []string {
	inc := pm.Incident
	var out []string
	for _, x := range []struct {
		name  string
		known bool
	}{
		{"number", inc.Number != ""}, {"severity", inc.Severity > 0}, {"services", len(inc.Services) > 0}, {"detection", inc.Detection != ""},
		{"participants", len(inc.Participants) > 0}, {"owner", pm.Owner != ""}, {"primary_category", pm.Category != ""},
	} {
		if x.known {
			out = append(out, x.name)
		}
	}
	for _, name := range hindcast.PhaseNames() {
		if !inc.Moment(name).IsZero() {
			out = append(out, name)
		}
	}
	return out
}
