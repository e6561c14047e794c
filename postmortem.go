package hindcast

import (
	"slices"
	"time"
)

// Status is the state of a post-mortem.
type Status string

// The states of a post-mortem, in order.
const (
	StatusDraft     Status = "draft"
	StatusInReview  Status = "in-review"
	StatusApproved  Status = "approved"
	StatusPublished Status = "published"
)

// moves are the states that may follow each state. Every way back to an earlier
// state needs a reason.
var moves = map[Status][]Status{
	StatusDraft:     {StatusInReview},
	StatusInReview:  {StatusDraft, StatusApproved},
	StatusApproved:  {StatusDraft, StatusInReview, StatusPublished},
	StatusPublished: {StatusDraft},
}

// Next returns the states that may follow s.
func (s Status) Next() []Status { return slices.Clone(moves[s]) }

func (s Status) rank() int {
	return slices.Index([]Status{StatusDraft, StatusInReview, StatusApproved, StatusPublished}, s)
}

// Transition is one change of a post-mortem's status.
type Transition struct {
	To     Status    `json:"to"`
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"` // role
	Reason string    `json:"reason,omitempty"`
}

// Attestation is a named person's word that a criterion of the checklist is
// met, where no rule can decide it.
type Attestation struct {
	Criterion Criterion `json:"criterion"`
	By        string    `json:"by"` // role
	On        Date      `json:"on,omitzero"`
	Note      string    `json:"note,omitempty"`
}

// Waiver lets a post-mortem pass although a criterion or a rule fails. It counts
// only with a reason, by a role, until a day.
type Waiver struct {
	Rule   string `json:"rule"` // a criterion or the name of a rule
	Reason string `json:"reason"`
	By     string `json:"by"`             // role
	Until  Date   `json:"until,omitzero"` // the last day on which it holds
}

// Postmortem is the document of one incident.
type Postmortem struct {
	Incident     Incident          `json:"incident"`
	Status       Status            `json:"status"`
	Owner        string            `json:"owner,omitempty"`            // role or team that owns the document
	Category     Category          `json:"primary_category,omitempty"` // for patterns across incidents
	Preamble     string            `json:"preamble,omitempty"`         // Markdown between the title and the first section
	Sections     []Section         `json:"sections"`                   // in the order of the document
	Timeline     []Entry           `json:"timeline,omitempty"`
	Accounts     []Account         `json:"accounts,omitempty"`
	Factors      []Factor          `json:"factors,omitempty"`
	Observations []Observation     `json:"observations,omitempty"`
	Actions      []ActionItem      `json:"actions,omitempty"`
	Related      []RelatedIncident `json:"related,omitempty"`
	Evidence     []Evidence        `json:"evidence,omitempty"`
	Clocks       []ClockOffset     `json:"clock_offsets,omitempty"`
	Problems     []Problem         `json:"problems,omitempty"` // what in the evidence could not be read or was assumed
	History      []Transition      `json:"history,omitempty"`
	Attestations []Attestation     `json:"attestations,omitempty"`
	Waivers      []Waiver          `json:"waivers,omitempty"`
	FrontMatter  string            `json:"front_matter,omitempty"` // YAML that belongs to others, kept as written
}

// Section returns the first section of a kind, or nil.
func (p *Postmortem) Section(kind SectionKind) *Section {
	for i := range p.Sections {
		if p.Sections[i].Kind == kind {
			return &p.Sections[i]
		}
	}
	return nil
}

// Move changes the status and keeps the change in the history. Going back to an
// earlier status, such as reopening what is published, needs a reason.
func (p *Postmortem) Move(to Status, at time.Time, by, reason string) error {
	if !slices.Contains(moves[p.Status], to) {
		return Errorf(Conflict, "a post-mortem that is %s cannot become %s", p.Status, to)
	}
	if to.rank() < p.Status.rank() && reason == "" {
		return Errorf(Invalid, "say why it goes back to %s; the reason stays in its history", to)
	}
	p.Status = to
	p.History = append(p.History, Transition{To: to, At: at.UTC(), By: by, Reason: reason})
	return nil
}

// systemic reports whether any factor or observation names a systemic gap.
func (p Postmortem) systemic() bool {
	return slices.ContainsFunc(p.Factors, func(x Factor) bool { return x.Gap != "" && x.RuledOutBy == "" }) ||
		slices.ContainsFunc(p.Observations, func(o Observation) bool { return o.Gap != "" })
}
