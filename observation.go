package hindcast

import "time"

// ObservationKind says whether something helped.
type ObservationKind string

// The kinds of observation.
const (
	WentWell   ObservationKind = "well"
	WentPoorly ObservationKind = "poorly"
	Luck       ObservationKind = "luck" // it helped, and nobody had arranged it
)

// Stage is the part of an incident that an observation is about.
type Stage string

// The stages; empty when none is named.
const (
	StageDesign    Stage = "design" // before: how the system and the work around it were set up
	StageDetection Stage = "detection"
	StageResponse  Stage = "response"
	StageRecovery  Stage = "recovery"
)

// Stages returns the stages in order.
func Stages() []Stage { return []Stage{StageDesign, StageDetection, StageResponse, StageRecovery} }

// Observation is something that went well or poorly, or where luck helped.
type Observation struct {
	ID       string          `json:"id"`
	Kind     ObservationKind `json:"kind"`
	Text     string          `json:"text"`
	Detail   string          `json:"detail,omitempty"`
	Stage    Stage           `json:"stage,omitempty"`
	Gap      Gap             `json:"gap,omitempty"` // what was missing, for what went poorly
	Evidence []Ref           `json:"evidence,omitempty"`
}

// Section returns the section in which the observation stands: luck stands with
// what went poorly, because next time it may not be there.
func (o Observation) Section() SectionKind {
	if o.Kind == WentWell {
		return SectionWentWell
	}
	return SectionWentPoorly
}

func (o Observation) validate(f faults) {
	word(f.at("kind"), o.Kind, WentWell, WentPoorly, Luck)
	f.at("text").require(o.Text != "", "is empty; say what was observed")
	word(f.at("stage"), o.Stage, append(Stages(), "")...)
	word(f.at("gap"), o.Gap, append(Gaps(), "")...)
	validateRefs(f.at("evidence"), o.Evidence)
}

// Account is what one person remembers. It is shown as memory, not as fact.
type Account struct {
	ID      string    `json:"id"`
	Who     string    `json:"who"`              // role
	About   time.Time `json:"about,omitzero"`   // about when it was, UTC
	Written time.Time `json:"written,omitzero"` // when it was written down, UTC
	Text    string    `json:"text"`
}

func (a Account) validate(f faults) {
	f.at("who").require(a.Who != "", "is missing; say who remembers this, as a role")
	f.at("text").require(a.Text != "", "is empty; say what is remembered")
	f.at("written").require(a.Written.IsZero() || a.About.IsZero() || !a.Written.Before(a.About), "lies before what it tells about")
}

// RelatedIncident points to a similar incident or near miss.
type RelatedIncident struct {
	ID    string `json:"id"`
	Ref   string `json:"ref,omitempty"` // number or URL: "#4388", "INC-70", "https://..."
	Title string `json:"title"`
	How   string `json:"how,omitempty"` // how it is alike, what came of its actions
}

func (r RelatedIncident) validate(f faults) {
	f.at("title").require(r.Title != "" || r.Ref != "", "is empty; name the incident or give its number")
}
