package hindcast

import (
	"fmt"
	"slices"
	"strings"
)

// Category is what sort of cause a factor is.
type Category string

// The categories of causes.
const (
	CodeDefect           Category = "code-defect"
	ConfigurationError   Category = "configuration-error"
	CapacityInsufficient Category = "capacity-insufficient"
	DependencyFailure    Category = "dependency-failure"
	ProcessGap           Category = "process-gap"
	OperationalError     Category = "operational-error"
	DesignFlaw           Category = "design-flaw"
	MonitoringGap        Category = "monitoring-gap"
)

// CategoryInfo explains a category.
type CategoryInfo struct {
	Category    Category
	Name        string
	Description string
	Example     string
}

// Categories returns the categories in the order of the method's table.
func Categories() []CategoryInfo {
	return []CategoryInfo{
		{CodeDefect, "Code Defect", "Bug in application code", "Null pointer exception, logic error, race condition"},
		{ConfigurationError, "Configuration Error", "Incorrect system configuration", "Wrong environment variable, misconfigured load balancer"},
		{CapacityInsufficient, "Capacity Insufficient", "Resource exhaustion", "Database connection pool exhausted, disk full"},
		{DependencyFailure, "Dependency Failure", "External service or library failure", "Third-party API outage, library bug"},
		{ProcessGap, "Process Gap", "Missing or inadequate process", "Skipped testing step, incomplete code review"},
		{OperationalError, "Operational Error", "Manual operation mistake", "Wrong command executed, wrong server targeted"},
		{DesignFlaw, "Design Flaw", "Architectural limitation", "Single point of failure, missing redundancy"},
		{MonitoringGap, "Monitoring Gap", "Issue not detected or alerted", "Missing metric, misconfigured alert threshold"},
	}
}

// Gap is what was missing in the way people work, so that a pattern of gaps can
// be seen across incidents.
type Gap string

// The systemic gaps.
const (
	GapDetection     Gap = "detection"     // nothing noticed, or too late
	GapMonitoring    Gap = "monitoring"    // a metric or an alert is missing
	GapMetric        Gap = "metric"        // a metric misled
	GapEscalation    Gap = "escalation"    // unclear whom to call
	GapRunbook       Gap = "runbook"       // no instructions, or wrong ones
	GapDocumentation Gap = "documentation" // knowledge that was not written down
	GapTesting       Gap = "testing"
	GapReview        Gap = "review"
	GapCommunication Gap = "communication"
	GapOwnership     Gap = "ownership" // nobody is responsible
)

// Gaps returns the systemic gaps.
func Gaps() []Gap {
	return []Gap{GapDetection, GapMonitoring, GapMetric, GapEscalation, GapRunbook, GapDocumentation,
		GapTesting, GapReview, GapCommunication, GapOwnership}
}

// Bone is the bone of the fishbone diagram on which a factor sits.
type Bone string

// The bones.
const (
	BonePeople      Bone = "people"
	BoneProcess     Bone = "process"
	BoneTechnology  Bone = "technology"
	BoneEnvironment Bone = "environment"
)

// Bones returns the bones in drawing order.
func Bones() []Bone { return []Bone{BonePeople, BoneProcess, BoneTechnology, BoneEnvironment} }

// Tag is the part a factor played.
type Tag string

// The tags. An empty tag means that the part is still under discussion.
const (
	Root         Tag = "root"         // without it there would have been no incident
	Contributing Tag = "contributing" // it made the incident more likely or more severe
	Mitigating   Tag = "mitigating"   // it made the incident shorter or less severe
	Detecting    Tag = "detecting"    // it brought the incident to light
)

// Answer answers whether the incident would have happened without a factor.
type Answer string

// The answers.
const (
	AnswerNo      Answer = "no"
	AnswerYes     Answer = "yes"
	AnswerUnclear Answer = "unclear"
)

// Counterfactual answers "without it, would the incident have happened?".
type Counterfactual struct {
	Answer Answer `json:"answer"`
	Reason string `json:"reason,omitempty"`
}

// Outcome is the id that stands for the incident itself at the end of an [Edge].
const Outcome = "incident"

// Edge says that a factor contributed to another or to the incident itself.
type Edge struct {
	To  string `json:"to"`            // id of a factor, or Outcome
	How string `json:"how,omitempty"` // a sentence
}

// Factor is a cause or a condition of an incident: a node of the factor graph.
type Factor struct {
	ID             string         `json:"id"`
	Number         int            `json:"number,omitempty"` // by which people point at it, see [Factor.Label]; 0 until [NumberFactors] gives one
	Description    string         `json:"description"`
	Detail         string         `json:"detail,omitempty"`
	Tag            Tag            `json:"tag,omitempty"`
	Category       Category       `json:"category,omitempty"`
	Bone           Bone           `json:"bone,omitempty"`
	Gap            Gap            `json:"gap,omitempty"`           // empty when it reveals no systemic gap
	Counterfactual Counterfactual `json:"counterfactual,omitzero"` // answered "no" for every root
	Identified     string         `json:"identified,omitempty"`    // how it was identified
	LedTo          []Edge         `json:"led_to,omitempty"`        // what it contributed to
	RuledOutBy     string         `json:"ruled_out_by,omitempty"`  // for a hypothesis that did not hold: what ruled it out
	TagBefore      Tag            `json:"tag_before,omitempty"`    // the part it was held to have played until it was ruled out
	Evidence       []Ref          `json:"evidence,omitempty"`
}

// TakenUp returns the factor as it is after what ruled it out was taken back: with the tag
// that it had before, where it may still have that. A factor that is ruled out stays as it
// is.
func (x Factor) TakenUp() Factor {
	if x.RuledOutBy != "" || x.TagBefore == "" {
		return x
	}
	if x.Tag == "" && (x.TagBefore != Root || x.Counterfactual.Answer == AnswerNo) {
		x.Tag = x.TagBefore
	}
	x.TagBefore = ""
	return x
}

// Label is what people call the factor when they point at it: "F7", in every view the
// same. It is empty without a number.
func (x Factor) Label() string {
	if x.Number <= 0 {
		return ""
	}
	return fmt.Sprintf("F%d", x.Number)
}

// Labeled returns words about the factor after its label.
func (x Factor) Labeled(words string) string { return strings.TrimSpace(x.Label() + " " + words) }

// NumberFactors returns factors of which each has a number of its own. A factor keeps the
// number that it has in list, or had in before, unless another has it already; others get
// the next ones, in order. A number that is free in both is not given again while a higher
// one is taken.
func NumberFactors(before, list []Factor) []Factor {
	had, owner, highest := map[string]int{}, map[int]string{}, 0
	for _, x := range before {
		had[x.ID] = x.Number
		highest = max(highest, x.Number)
	}
	out := slices.Clone(list)
	for _, keep := range []bool{true, false} { // whoever had a number before keeps it
		for i := range out {
			x := &out[i]
			if x.Number == 0 {
				x.Number = had[x.ID]
			}
			if x.Number > 0 && owner[x.Number] == "" && keep == (had[x.ID] == x.Number) {
				owner[x.Number] = x.ID
			}
			highest = max(highest, x.Number)
		}
	}
	seen := map[int]bool{}
	for i := range out {
		x := &out[i]
		if x.Number <= 0 || owner[x.Number] != x.ID || seen[x.Number] {
			highest++
			x.Number = highest
		}
		seen[x.Number] = true
	}
	return out
}

// Sign returns what the factors of other incidents share with it: the category and
// the gap that it shows, "process-gap/review". It is empty for a factor of no
// category, for a hypothesis that was ruled out, and for what helped.
func (x Factor) Sign() string {
	if x.Category == "" || x.RuledOutBy != "" || x.Tag == Mitigating || x.Tag == Detecting {
		return ""
	}
	return string(x.Category) + "/" + string(x.Gap)
}

// Section returns the section in which the factor stands.
func (x Factor) Section() SectionKind {
	switch x.Tag {
	case Contributing, Mitigating, Detecting:
		if x.RuledOutBy == "" {
			return SectionContributing
		}
	}
	return SectionRootCauses
}

// CategoryWords returns the categories without their explanations.
func CategoryWords() []Category {
	var out []Category
	for _, c := range Categories() {
		out = append(out, c.Category)
	}
	return out
}

func (x Factor) validate(f faults) {
	f.at("description").require(x.Description != "", "is empty; say what it was in a sentence")
	word(f.at("tag"), x.Tag, "", Root, Contributing, Mitigating, Detecting)
	word(f.at("category"), x.Category, append(CategoryWords(), "")...)
	word(f.at("bone"), x.Bone, append(Bones(), "")...)
	word(f.at("gap"), x.Gap, append(Gaps(), "")...)
	word(f.at("counterfactual").at("answer"), x.Counterfactual.Answer, "", AnswerNo, AnswerYes, AnswerUnclear)
	f.at("counterfactual").require(x.Tag != Root || x.Counterfactual.Answer == AnswerNo,
		"a root is a factor without which the incident would not have happened; answer no, or tag it contributing")
	word(f.at("tag_before"), x.TagBefore, "", Root, Contributing, Mitigating, Detecting)
	f.at("tag_before").require(x.TagBefore == "" || x.RuledOutBy != "", "is what a hypothesis was tagged before it was ruled out; this one is not ruled out")
	f.at("number").require(x.Number >= 0, "is %d; use a whole number from 1, or none to get the next", x.Number)
	f.at("ruled_out_by").require(x.RuledOutBy == "" || x.Tag == "", "was ruled out and yet is tagged %s; keep one of the two", x.Tag)
	validateRefs(f.at("evidence"), x.Evidence)
}

// validateFactors checks each factor and the graph they form: every edge ends
// somewhere and none leads back.
func validateFactors(f faults, list []Factor) {
	g := graph{faults: f, list: list, index: map[string]int{}, state: make([]visit, len(list))}
	var seen ids
	for i, x := range list {
		at := f.at("factors", i)
		seen.add(at, x.ID)
		at.at("id").require(x.ID != Outcome, "is %q, which stands for the incident itself; use another", Outcome)
		x.validate(at)
		g.index[x.ID] = i
	}
	for i := range list {
		g.visit(i)
	}
}

// graph is the factor graph while it is searched for circles.
type graph struct {
	faults
	list  []Factor
	index map[string]int
	state []visit
}

type visit uint8

const (
	unseen visit = iota
	onPath       // between the factor where the search began and here
	done
)

func (g *graph) visit(i int) {
	if g.state[i] != unseen {
		return
	}
	g.state[i] = onPath
	for n, e := range g.list[i].LedTo {
		at := g.at("factors", i).at("led_to", n)
		next, ok := g.index[e.To]
		switch {
		case e.To == Outcome:
		case !ok:
			at.add("leads to %q, which does not exist; use the id of a factor or %q", e.To, Outcome)
		case g.state[next] == onPath:
			at.add("leads in a circle back to %q; remove one of the links between them", e.To)
		default:
			g.visit(next)
		}
	}
	g.state[i] = done
}
