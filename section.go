package hindcast

// SectionKind is a section of the template; empty for a section that an
// organization added.
type SectionKind string

// The ten sections of the template, and the list of evidence that ends a document.
const (
	SectionSummary       SectionKind = "summary"
	SectionMetadata      SectionKind = "metadata"
	SectionImpact        SectionKind = "impact"
	SectionTimeline      SectionKind = "timeline"
	SectionRootCauses    SectionKind = "root-causes"
	SectionContributing  SectionKind = "contributing-factors"
	SectionWentWell      SectionKind = "went-well"
	SectionWentPoorly    SectionKind = "went-poorly"
	SectionActions       SectionKind = "actions"
	SectionRelated       SectionKind = "related"
	SectionEvidenceFiles SectionKind = "evidence"
)

// Section is the prose of one section of a document. The records of a section
// (entries, factors, actions) stand in their own lists.
type Section struct {
	Kind    SectionKind `json:"kind,omitempty"`
	Heading string      `json:"heading"`
	Text    string      `json:"text,omitempty"` // Markdown, kept byte for byte
}

// TemplateSection describes one section of the template.
type TemplateSection struct {
	Kind        SectionKind
	Heading     string
	Required    bool
	Description string // what belongs there
	Question    string // what the section asks as long as it is empty
}

// Template returns the sections of the template in order: the ten, and the list
// of evidence.
func Template() []TemplateSection {
	return []TemplateSection{
		{SectionSummary, "Incident Summary", true, "One-paragraph overview of what happened, impact, and duration",
			"How would you tell it in one paragraph to someone who was not there: what happened, who felt it, how long?"},
		{SectionMetadata, "Incident Metadata", true, "Severity, start time, end time, affected services, detection method",
			"Which severity was it, when did it start and end, which services were affected, how was it detected?"},
		{SectionImpact, "Impact Assessment", true, "User impact quantification, business metrics affected, SLO violations",
			"How many users felt it, which business numbers moved, which service level objectives were violated?"},
		{SectionTimeline, "Timeline", true, "Chronological event list with timestamps, actions, actors, evidence",
			"What happened when, who or what did it, and where does the evidence show it?"},
		{SectionRootCauses, "Root Cause Analysis", true, "Direct causes that if prevented would have prevented the incident",
			"Without which conditions would there have been no incident, and how did each of them come to be?"},
		{SectionContributing, "Contributing Factors", true, "Conditions that made incident more likely or more severe",
			"What made the incident more likely, longer or worse: in the software, the process, the organization?"},
		{SectionWentWell, "What Went Well", true, "Effective practices during detection and response",
			"What helped, and is worth keeping?"},
		{SectionWentPoorly, "What Went Poorly", true, "Gaps in detection, response, or system design",
			"Where were detection, response or design harder than they had to be, and where did luck help?"},
		{SectionActions, "Action Items", true, "Specific improvements with owners, dates, tracking",
			"Which three to five changes will make the biggest difference, who will make each, by when, and how will you know that it worked?"},
		{SectionRelated, "Related Incidents", false, "Similar past incidents or near-misses",
			"Which earlier incidents or near misses resemble this one, and what came of their actions?"},
		{SectionEvidenceFiles, "Evidence", false, "The files behind the timeline with their hashes and when the originals expire", ""},
	}
}

// TemplateOf returns the template's description of a section kind.
func TemplateOf(kind SectionKind) (TemplateSection, bool) {
	for _, t := range Template() {
		if t.Kind == kind {
			return t, true
		}
	}
	return TemplateSection{}, false
}

// WhyLevel is one level of the Five Whys.
type WhyLevel struct {
	Level    int
	Question string // the pattern of its question
	Goal     string
}

// FiveWhys returns the levels in order.
func FiveWhys() []WhyLevel {
	return []WhyLevel{
		{1, "Why did the symptom occur?", "Identify immediate technical cause"},
		{2, "Why did that cause exist?", "Identify system condition enabling cause"},
		{3, "Why was that condition present?", "Identify process or design gap"},
		{4, "Why does that gap exist?", "Identify organizational or architectural factor"},
		{5, "Why was that factor not addressed?", "Identify actionable systemic improvement"},
	}
}

// Criterion is a line of the quality checklist.
type Criterion string

// The criteria of the quality checklist.
const (
	CriterionBlameless        Criterion = "blameless"
	CriterionTimelineComplete Criterion = "timeline-complete"
	CriterionRootCauses       Criterion = "root-causes"
	CriterionContributing     Criterion = "contributing-factors"
	CriterionActionsSpecific  Criterion = "actions-specific"
	CriterionLearning         Criterion = "learning-captured"
	CriterionEvidence         Criterion = "evidence-linked"
)

// ChecklistItem is a criterion with its name and the question that evaluates it.
type ChecklistItem struct {
	Criterion Criterion
	Name      string
	Question  string
}

// Checklist returns the quality checklist in order.
func Checklist() []ChecklistItem {
	return []ChecklistItem{
		{CriterionBlameless, "Blameless", "Does document avoid attributing incident to individual failure?"},
		{CriterionTimelineComplete, "Timeline Complete", "Does timeline include detection, response actions, and resolution?"},
		{CriterionRootCauses, "Root Causes Identified", "Are root causes systemic issues rather than symptoms?"},
		{CriterionContributing, "Contributing Factors Listed", "Are conditions that worsened incident documented?"},
		{CriterionActionsSpecific, "Action Items Specific", "Does each action item have owner, date, and success criteria?"},
		{CriterionLearning, "Learning Captured", "Does document provide value to teams working on similar systems?"},
		{CriterionEvidence, "Evidence Linked", "Are timeline events supported by logs, metrics, or screenshots?"},
	}
}

func criteria() []Criterion {
	var out []Criterion
	for _, c := range Checklist() {
		out = append(out, c.Criterion)
	}
	return out
}
