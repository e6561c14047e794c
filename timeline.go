package hindcast

import "time"

// EntryKind says what part an entry plays in the incident.
type EntryKind string

// The entry kinds.
const (
	Change        EntryKind = "change"
	Symptom       EntryKind = "symptom"
	Alert         EntryKind = "alert"
	Acknowledge   EntryKind = "acknowledge"
	Observed      EntryKind = "observation"
	Decided       EntryKind = "decision"
	Action        EntryKind = "action"
	Mitigation    EntryKind = "mitigation"
	Recovery      EntryKind = "recovery"
	Communication EntryKind = "communication"
	ExternalEvent EntryKind = "external"
)

// Entry is one line of a timeline.
type Entry struct {
	ID       string    `json:"id"`                // from the source record's identity; the same when the timeline is rebuilt
	At       time.Time `json:"at,omitzero"`       // when it happened, UTC; zero when nothing tells
	Until    time.Time `json:"until,omitzero"`    // end, for what lasted
	KnownAt  time.Time `json:"known_at,omitzero"` // when responders could first know it, never before At; zero when nothing tells
	Kind     EntryKind `json:"kind"`
	Actor    Actor     `json:"actor"`
	Title    string    `json:"title"`
	Detail   string    `json:"detail,omitempty"`
	Service  string    `json:"service,omitempty"`
	Key      bool      `json:"key"`   // a reader needs it to follow the incident
	Score    float64   `json:"score"` // 0 to 1: how strongly the evidence says it belongs to the incident
	Why      string    `json:"why"`   // why it was chosen, or why not
	Evidence []Ref     `json:"evidence"`
	Decision *Decision `json:"decision,omitempty"` // for entries of kind Decided
	// RecordedAt is what the source's clock said, when At was corrected because
	// that clock was wrong; else zero. UTC.
	RecordedAt time.Time `json:"recorded_at,omitzero"`
	// Prefer is set when another entry tells the same fact otherwise and is
	// believed: both stay.
	Prefer *Preference `json:"prefer,omitempty"`
}

// Preference says which of two entries that disagree about a fact is believed.
type Preference struct {
	Entry string `json:"entry"` // id of the entry that is believed
	Why   string `json:"why"`
}

// KnownBy reports whether responders could know the entry at t. Moments are
// compared by the second, as they are written: what became known within the
// second of t counts. Nobody can show that they knew what has no such moment.
func (e Entry) KnownBy(t time.Time) bool {
	return !e.KnownAt.IsZero() && !e.KnownAt.Truncate(time.Second).After(t)
}

// Decision is a point where responders chose, with what they could know then.
type Decision struct {
	Question    string   `json:"question"`
	Options     []string `json:"options,omitempty"`
	Choice      string   `json:"choice,omitempty"`
	Known       []string `json:"known,omitzero"`     // ids of entries known by then; nil when nobody said, empty for none
	NotKnown    []string `json:"not_known,omitzero"` // ids of entries that had happened but were known only later; the same
	Assumptions []string `json:"assumptions,omitempty"`
	Expected    string   `json:"expected,omitempty"`
}

// Weighed reports whether somebody said what was known, or that nothing was.
func (d *Decision) Weighed() bool { return d.Known != nil || d.NotKnown != nil }

// Phases are the moments that divide an incident. A zero time is unknown.
type Phases struct {
	StartedAt      time.Time `json:"started_at,omitzero"`
	DetectedAt     time.Time `json:"detected_at,omitzero"`
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
	MitigatedAt    time.Time `json:"mitigated_at,omitzero"`
	ResolvedAt     time.Time `json:"resolved_at,omitzero"`
}

// Metrics are the durations between phases in seconds; nil where a phase is unknown.
type Metrics struct {
	TimeToDetect          *int64 `json:"time_to_detect_s,omitempty"`          // started to detected
	TimeToAcknowledge     *int64 `json:"time_to_acknowledge_s,omitempty"`     // detected to acknowledged
	TimeToMitigate        *int64 `json:"time_to_mitigate_s,omitempty"`        // detected to mitigated
	Duration              *int64 `json:"duration_s,omitempty"`                // incident length: started to resolved
	DetectionToResolution *int64 `json:"detection_to_resolution_s,omitempty"` // detected to resolved
}

// Metrics computes the durations between the known phases, each to the second as it is shown,
// so that a reader who subtracts them finds the same.
func (p Phases) Metrics() Metrics {
	between := func(a, b time.Time) *int64 {
		if a.IsZero() || b.IsZero() {
			return nil
		}
		s := int64(b.Truncate(time.Second).Sub(a.Truncate(time.Second)) / time.Second)
		return &s
	}
	return Metrics{
		TimeToDetect:          between(p.StartedAt, p.DetectedAt),
		TimeToAcknowledge:     between(p.DetectedAt, p.AcknowledgedAt),
		TimeToMitigate:        between(p.DetectedAt, p.MitigatedAt),
		Duration:              between(p.StartedAt, p.ResolvedAt),
		DetectionToResolution: between(p.DetectedAt, p.ResolvedAt),
	}
}

// Suspect is a service in which the evidence says the incident began: a reading
// aid, never a stated cause.
type Suspect struct {
	Service string  `json:"service"` // as the evidence spells it
	Score   float64 `json:"score"`   // 0 to 1
	Why     string  `json:"why"`
}

// ClockOffset says that one source's clock differs from the others'.
type ClockOffset struct {
	File    string        `json:"file"`
	Offset  time.Duration `json:"-"`        // how far File's clock is ahead of the reference; negative: behind
	OffsetS float64       `json:"offset_s"` // the same in seconds
	Against string        `json:"against"`  // the reference file
	Why     string        `json:"why"`
	// Accepted is set when a person agreed that the clock was wrong and the times
	// of its entries were corrected; nil for a proposal.
	Accepted *Acceptance `json:"accepted,omitempty"`
}

// Acceptance is a person's agreement with a proposal.
type Acceptance struct {
	By string `json:"by"` // role
	On Date   `json:"on,omitzero"`
}

// Timeline is what the evidence says happened, in order.
type Timeline struct {
	Incident Phases            `json:"incident"`
	PhaseWhy map[string]string `json:"phase_why,omitempty"` // by phase name ("started_at", ...): the rule and the record that decided
	Metrics  Metrics           `json:"metrics"`
	Suspects []Suspect         `json:"suspects"`
	Entries  []Entry           `json:"entries"` // by At, then by ID
	Offsets  []ClockOffset     `json:"clock_offsets,omitempty"`
	Evidence []Evidence        `json:"evidence,omitempty"`
	Problems []Problem         `json:"problems"`
}
