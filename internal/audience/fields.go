package audience

import (
	"sync"

	"github.com/hindcast/hindcast"
)

// sight is how an audience sees a field.
type sight uint8

const (
	hidden sight = iota // not at all
	asIs                // as it stands: words of the vocabulary, times, numbers
	inside              // a value of its own, by the rows of its type
	text                // masked for the audience
	role                // of a person the role, never the name
	team                // a team, never a person
	ident               // an id; for audiences outside a number in its place
	factor              // the id of a factor, when the factor is shown
	entry               // the id of an entry, when the entry is shown
)

// field is a row of the allow-list: a type's field by its JSON name, and how the
// audiences see it in the order of [All].
type field struct {
	name string
	by   [3]sight
}

// fields is the allow-list. What is not here, nobody sees. Which elements of a
// list are shown is decided in [builder.admit].
var fields = []field{
	{"Postmortem.incident", [3]sight{inside, inside, inside}},
	{"Postmortem.status", [3]sight{asIs, asIs, asIs}},
	{"Postmortem.owner", [3]sight{text, team, hidden}},
	{"Postmortem.primary_category", [3]sight{asIs, asIs, hidden}},
	{"Postmortem.preamble", [3]sight{text, hidden, hidden}},
	{"Postmortem.sections", [3]sight{inside, inside, inside}},
	{"Postmortem.timeline", [3]sight{inside, hidden, hidden}},
	{"Postmortem.accounts", [3]sight{inside, hidden, hidden}},
	{"Postmortem.factors", [3]sight{inside, inside, hidden}},
	{"Postmortem.observations", [3]sight{inside, hidden, hidden}},
	{"Postmortem.actions", [3]sight{inside, inside, inside}},
	{"Postmortem.related", [3]sight{inside, hidden, hidden}},
	{"Postmortem.evidence", [3]sight{inside, hidden, hidden}},
	{"Postmortem.clock_offsets", [3]sight{inside, hidden, hidden}},
	{"Postmortem.problems", [3]sight{inside, hidden, hidden}},
	{"Postmortem.history", [3]sight{inside, hidden, hidden}},
	{"Postmortem.attestations", [3]sight{inside, hidden, hidden}},
	{"Postmortem.waivers", [3]sight{inside, hidden, hidden}},

	{"Incident.number", [3]sight{text, text, hidden}},
	{"Incident.title", [3]sight{text, text, text}},
	{"Incident.kind", [3]sight{asIs, asIs, asIs}},
	{"Incident.severity", [3]sight{asIs, asIs, hidden}},
	{"Incident.severity_name", [3]sight{text, text, hidden}},
	{"Incident.severity_changes", [3]sight{inside, hidden, hidden}},
	{"Incident.services", [3]sight{text, text, hidden}},
	{"Incident.detection", [3]sight{text, text, hidden}},
	{"Incident.participants", [3]sight{inside, hidden, hidden}},
	{"Incident.started_at", [3]sight{asIs, asIs, asIs}},
	{"Incident.detected_at", [3]sight{asIs, asIs, asIs}},
	{"Incident.acknowledged_at", [3]sight{asIs, asIs, hidden}},
	{"Incident.mitigated_at", [3]sight{asIs, asIs, asIs}},
	{"Incident.resolved_at", [3]sight{asIs, asIs, asIs}},
	{"Incident.phase_why", [3]sight{text, hidden, hidden}},
	{"Incident.impact", [3]sight{inside, inside, inside}},

	{"SeverityChange.from", [3]sight{asIs, hidden, hidden}},
	{"SeverityChange.to", [3]sight{asIs, hidden, hidden}},
	{"SeverityChange.at", [3]sight{asIs, hidden, hidden}},
	{"SeverityChange.by", [3]sight{role, hidden, hidden}},
	{"SeverityChange.reason", [3]sight{text, hidden, hidden}},

	{"Participant.role", [3]sight{role, hidden, hidden}},
	{"Participant.name", [3]sight{role, hidden, hidden}},

	{"Impact.users", [3]sight{inside, inside, inside}},
	{"Impact.counts", [3]sight{inside, inside, inside}},
	{"Impact.business", [3]sight{inside, inside, hidden}},
	{"Impact.slos", [3]sight{inside, inside, hidden}},

	{"Measure.id", [3]sight{ident, ident, ident}},
	{"Measure.name", [3]sight{text, text, text}},
	{"Number.state", [3]sight{asIs, asIs, asIs}},
	{"Number.value", [3]sight{asIs, asIs, asIs}},
	{"Number.unit", [3]sight{text, text, text}},
	{"Number.how", [3]sight{text, text, hidden}},
	{"Number.by", [3]sight{text, hidden, hidden}},
	{"Number.evidence", [3]sight{inside, hidden, hidden}},

	{"SLO.id", [3]sight{ident, ident, hidden}},
	{"SLO.name", [3]sight{text, text, hidden}},
	{"SLO.target", [3]sight{asIs, asIs, hidden}},
	{"SLO.window_days", [3]sight{asIs, asIs, hidden}},
	{"SLO.outcome", [3]sight{asIs, asIs, hidden}},
	{"SLO.budget", [3]sight{inside, inside, hidden}},
	{"SLO.burn_rate", [3]sight{inside, inside, hidden}},
	{"SLO.detail", [3]sight{text, hidden, hidden}},

	{"Section.kind", [3]sight{asIs, asIs, asIs}},
	{"Section.heading", [3]sight{text, text, text}},
	{"Section.text", [3]sight{text, text, text}},

	{"Entry.id", [3]sight{ident, hidden, hidden}},
	{"Entry.at", [3]sight{asIs, hidden, hidden}},
	{"Entry.until", [3]sight{asIs, hidden, hidden}},
	{"Entry.known_at", [3]sight{asIs, hidden, hidden}},
	{"Entry.kind", [3]sight{asIs, hidden, hidden}},
	{"Entry.actor", [3]sight{inside, hidden, hidden}},
	{"Entry.title", [3]sight{text, hidden, hidden}},
	{"Entry.detail", [3]sight{text, hidden, hidden}},
	{"Entry.service", [3]sight{text, hidden, hidden}},
	{"Entry.key", [3]sight{asIs, hidden, hidden}},
	{"Entry.score", [3]sight{asIs, hidden, hidden}},
	{"Entry.why", [3]sight{text, hidden, hidden}},
	{"Entry.evidence", [3]sight{inside, hidden, hidden}},
	{"Entry.decision", [3]sight{inside, hidden, hidden}},
	{"Entry.recorded_at", [3]sight{asIs, hidden, hidden}},
	{"Entry.prefer", [3]sight{inside, hidden, hidden}},
	{"Preference.entry", [3]sight{entry, hidden, hidden}},
	{"Preference.why", [3]sight{text, hidden, hidden}},
	{"Actor.name", [3]sight{text, hidden, hidden}},
	{"Actor.kind", [3]sight{asIs, hidden, hidden}},
	{"Decision.question", [3]sight{text, hidden, hidden}},
	{"Decision.options", [3]sight{text, hidden, hidden}},
	{"Decision.choice", [3]sight{text, hidden, hidden}},
	{"Decision.known", [3]sight{entry, hidden, hidden}},
	{"Decision.not_known", [3]sight{entry, hidden, hidden}},
	{"Decision.assumptions", [3]sight{text, hidden, hidden}},
	{"Decision.expected", [3]sight{text, hidden, hidden}},
	{"Account.id", [3]sight{ident, hidden, hidden}},
	{"Account.who", [3]sight{role, hidden, hidden}},
	{"Account.about", [3]sight{asIs, hidden, hidden}},
	{"Account.written", [3]sight{asIs, hidden, hidden}},
	{"Account.text", [3]sight{text, hidden, hidden}},

	{"Factor.id", [3]sight{ident, ident, hidden}},
	{"Factor.number", [3]sight{asIs, asIs, hidden}},
	{"Factor.tag_before", [3]sight{asIs, hidden, hidden}},
	{"Factor.description", [3]sight{text, text, hidden}},
	{"Factor.detail", [3]sight{text, hidden, hidden}},
	{"Factor.tag", [3]sight{asIs, asIs, hidden}},
	{"Factor.category", [3]sight{asIs, asIs, hidden}},
	{"Factor.bone", [3]sight{asIs, asIs, hidden}},
	{"Factor.gap", [3]sight{asIs, asIs, hidden}},
	{"Factor.counterfactual", [3]sight{inside, inside, hidden}},
	{"Factor.identified", [3]sight{text, hidden, hidden}},
	{"Factor.led_to", [3]sight{inside, inside, hidden}},
	{"Factor.ruled_out_by", [3]sight{text, hidden, hidden}},
	{"Factor.evidence", [3]sight{inside, hidden, hidden}},
	{"Counterfactual.answer", [3]sight{asIs, asIs, hidden}},
	{"Counterfactual.reason", [3]sight{text, hidden, hidden}},
	{"Edge.to", [3]sight{factor, factor, hidden}},
	{"Edge.how", [3]sight{text, hidden, hidden}},

	{"Observation.id", [3]sight{ident, hidden, hidden}},
	{"Observation.kind", [3]sight{asIs, hidden, hidden}},
	{"Observation.text", [3]sight{text, hidden, hidden}},
	{"Observation.detail", [3]sight{text, hidden, hidden}},
	{"Observation.stage", [3]sight{asIs, hidden, hidden}},
	{"Observation.gap", [3]sight{asIs, hidden, hidden}},
	{"Observation.evidence", [3]sight{inside, hidden, hidden}},

	{"ActionItem.id", [3]sight{ident, ident, ident}},
	{"ActionItem.description", [3]sight{text, text, text}},
	{"ActionItem.detail", [3]sight{text, hidden, hidden}},
	{"ActionItem.owner", [3]sight{text, team, hidden}},
	{"ActionItem.priority", [3]sight{asIs, asIs, hidden}},
	{"ActionItem.due", [3]sight{asIs, asIs, asIs}},
	{"ActionItem.done_when", [3]sight{text, text, hidden}},
	{"ActionItem.effects", [3]sight{asIs, asIs, asIs}},
	{"ActionItem.factors", [3]sight{factor, factor, hidden}},
	{"ActionItem.ticket", [3]sight{text, hidden, hidden}},
	{"ActionItem.status", [3]sight{asIs, asIs, asIs}},
	{"ActionItem.reason", [3]sight{text, text, hidden}},
	{"ActionItem.revisit", [3]sight{asIs, asIs, hidden}},
	{"ActionItem.opened", [3]sight{asIs, asIs, hidden}},
	{"ActionItem.closed", [3]sight{asIs, asIs, asIs}},
	{"ActionItem.verification", [3]sight{inside, hidden, hidden}},
	{"ActionItem.alert", [3]sight{inside, hidden, hidden}},
	{"ActionItem.history", [3]sight{inside, hidden, hidden}},
	{"ActionMove.to", [3]sight{asIs, hidden, hidden}},
	{"ActionMove.on", [3]sight{asIs, hidden, hidden}},
	{"ActionMove.by", [3]sight{role, hidden, hidden}},
	{"ActionMove.reason", [3]sight{text, hidden, hidden}},
	{"AlertRule.rule", [3]sight{text, hidden, hidden}},
	{"AlertRule.replay", [3]sight{inside, hidden, hidden}},
	{"Replay.first_at", [3]sight{asIs, hidden, hidden}},
	{"Replay.earlier_s", [3]sight{asIs, hidden, hidden}},
	{"Replay.false_alarms", [3]sight{asIs, hidden, hidden}},
	{"Replay.outside_s", [3]sight{asIs, hidden, hidden}},
	{"Verification.how", [3]sight{text, hidden, hidden}},
	{"Verification.by", [3]sight{role, hidden, hidden}},
	{"Verification.on", [3]sight{asIs, hidden, hidden}},
	{"Verification.own", [3]sight{text, hidden, hidden}},
	{"Verification.evidence", [3]sight{inside, hidden, hidden}},

	{"RelatedIncident.id", [3]sight{ident, hidden, hidden}},
	{"RelatedIncident.ref", [3]sight{text, hidden, hidden}},
	{"RelatedIncident.title", [3]sight{text, hidden, hidden}},
	{"RelatedIncident.how", [3]sight{text, hidden, hidden}},

	{"Ref.file", [3]sight{text, hidden, hidden}},
	{"Ref.line", [3]sight{asIs, hidden, hidden}},
	{"Ref.end_line", [3]sight{asIs, hidden, hidden}},
	{"Ref.offset", [3]sight{asIs, hidden, hidden}},
	{"Ref.sha256", [3]sight{ident, hidden, hidden}},
	{"Evidence.sha256", [3]sight{ident, hidden, hidden}},
	{"Evidence.name", [3]sight{text, hidden, hidden}},
	{"Evidence.format", [3]sight{text, hidden, hidden}},
	{"Evidence.size", [3]sight{asIs, hidden, hidden}},
	{"Evidence.source", [3]sight{text, hidden, hidden}},
	{"Evidence.query", [3]sight{text, hidden, hidden}},
	{"Evidence.from", [3]sight{asIs, hidden, hidden}},
	{"Evidence.to", [3]sight{asIs, hidden, hidden}},
	{"Evidence.fetched_at", [3]sight{asIs, hidden, hidden}},
	{"Evidence.expires_at", [3]sight{asIs, hidden, hidden}},
	{"Evidence.zone", [3]sight{text, hidden, hidden}},
	{"Evidence.records", [3]sight{asIs, hidden, hidden}},
	{"Evidence.problems", [3]sight{asIs, hidden, hidden}},
	{"ClockOffset.file", [3]sight{text, hidden, hidden}},
	{"ClockOffset.-", [3]sight{asIs, hidden, hidden}}, // the offset in Go, the same as offset_s
	{"ClockOffset.offset_s", [3]sight{asIs, hidden, hidden}},
	{"ClockOffset.against", [3]sight{text, hidden, hidden}},
	{"ClockOffset.why", [3]sight{text, hidden, hidden}},
	{"ClockOffset.accepted", [3]sight{inside, hidden, hidden}},
	{"Acceptance.by", [3]sight{role, hidden, hidden}},
	{"Acceptance.on", [3]sight{asIs, hidden, hidden}},
	{"Problem.file", [3]sight{text, hidden, hidden}},
	{"Problem.line", [3]sight{asIs, hidden, hidden}},
	{"Problem.message", [3]sight{text, hidden, hidden}},
	{"Transition.to", [3]sight{asIs, hidden, hidden}},
	{"Transition.at", [3]sight{asIs, hidden, hidden}},
	{"Transition.by", [3]sight{role, hidden, hidden}},
	{"Transition.reason", [3]sight{text, hidden, hidden}},
	{"Attestation.criterion", [3]sight{asIs, hidden, hidden}},
	{"Attestation.by", [3]sight{role, hidden, hidden}},
	{"Attestation.on", [3]sight{asIs, hidden, hidden}},
	{"Attestation.note", [3]sight{text, hidden, hidden}},
	{"Waiver.rule", [3]sight{asIs, hidden, hidden}},
	{"Waiver.reason", [3]sight{text, hidden, hidden}},
	{"Waiver.by", [3]sight{role, hidden, hidden}},
	{"Waiver.until", [3]sight{asIs, hidden, hidden}},
}

// rows returns how an audience sees the fields that it sees, by their names.
func (a Audience) rows() map[string]sight {
	if c := a.column(); c >= 0 {
		return byName()[c]
	}
	return nil
}

// byName has the allow-list of each audience as a table.
var byName = sync.OnceValue(func() (out [3]map[string]sight) {
	for c := range out {
		out[c] = map[string]sight{}
		for _, f := range fields {
			out[c][f.name] = f.by[c]
		}
	}
	return out
})

// sightOf returns how an audience sees a field.
func sightOf(name string, a Audience) sight { return a.rows()[name] }

// prose are the sections whose text an audience outside reads; the others are
// there for their records alone.
var prose = map[Audience][]hindcast.SectionKind{
	Executive: {hindcast.SectionSummary, hindcast.SectionImpact},
	Customer:  {hindcast.SectionSummary},
}

// sections are those that an audience outside sees.
var sections = map[Audience][]hindcast.SectionKind{
	Executive: {hindcast.SectionSummary, hindcast.SectionMetadata, hindcast.SectionImpact, hindcast.SectionRootCauses, hindcast.SectionActions},
	Customer:  {hindcast.SectionSummary, hindcast.SectionMetadata, hindcast.SectionImpact, hindcast.SectionActions},
}
