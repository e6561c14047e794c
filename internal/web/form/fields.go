package form

import (
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// fields returns the fields of a kind of part; whole when the part is the value
// of its only field. It returns nil for what has no form.
func fields(p *hindcast.Postmortem, policy hindcast.Policy, list, id string) (out []Field, whole bool) {
	if f, ok := single(policy, list); ok {
		return []Field{f}, true
	}
	switch list {
	case "phases":
		return []Field{{Name: "at", Label: ui.PhaseWord(id) + " (UTC)", Input: Moment}, {Name: "why", Label: "What decides this moment", Input: Line}}, false
	case "impact/users":
		return figure("", "Share of users, in percent"), false
	case "impact/counts":
		return append([]Field{{Name: "name", Label: "What was counted", Hint: "requests failed, jobs delayed", Input: Line, Needed: true}}, figure("", "Number")...), false
	case "impact/business":
		return append([]Field{{Name: "name", Label: "Business number", Hint: "orders lost, sign-ups missed", Input: Line, Needed: true}}, figure("", "Number")...), false
	case "impact/slos":
		return objective(), false
	case "timeline":
		return entry(), false
	case "accounts":
		return []Field{
			{Name: "text", Label: "What is remembered", Input: Area, Needed: true},
			{Name: "who", Label: "Who remembers it", Hint: "a role, such as on-call engineer", Input: Line, Needed: true},
			{Name: "about", Label: "About when it was (UTC)", Input: Moment},
		}, false
	case "factors":
		return factor(p, id), false
	case "observations":
		return observation(id), false
	case "actions":
		return action(p), false
	case "related":
		return []Field{
			{Name: "ref", Label: "Number or address", Hint: "#4388, or https://…", Input: Line},
			{Name: "title", Label: "What it was", Hint: "empty: the title of that incident", Input: Line},
			{Name: "how", Label: "How it is alike, and what came of its actions", Input: Area},
		}, false
	case "sections":
		return []Field{{Name: "text", Label: "Text", Hint: "Markdown; #4521 links to that incident", Input: Prose}}, false
	}
	return nil, false
}

// single returns the field of a part that is one value.
func single(policy hindcast.Policy, path string) (Field, bool) {
	f := Field{Name: "value", Input: Line}
	switch path {
	case "title":
		f.Label, f.Hint, f.Needed = "Title", "what happened, in a few words, without a cause", true
	case "number":
		f.Label, f.Hint = "Number in the pager or tracker", "4521"
	case "kind":
		f.Label, f.Input, f.Options = "Kind", Choice, options(ui.Sentence, hindcast.KindIncident, hindcast.KindNearMiss)
	case "severity":
		f.Label, f.Input, f.Whole, f.Options = "Severity", Choice, true, []Option{{"", "not decided"}}
		for _, s := range policy.Severities {
			f.Options = append(f.Options, Option{strconv.Itoa(s.Level), ui.SeverityWord(s.Level, s.Name) + ": " + s.Criteria})
		}
	case "services":
		f.Label, f.Hint, f.Input = "Services", "separated by commas", Commas
	case "detection":
		f.Label, f.Hint = "Detection method", "what first told a person"
	case "participants":
		f.Label, f.Hint, f.Input = "Participants", "one a line, as roles: Engineer A (responder)", Crew
	case "category":
		f.Label, f.Input, f.Options = "Primary category", Choice, categories()
	case "owner":
		f.Label, f.Hint = "Owner of this document", "a role or a team"
	case "preamble":
		f.Label, f.Input = "Text before the first section", Prose
	default:
		return f, false
	}
	return f, true
}

// options returns words as options.
func options[T ~string](name func(T) string, words ...T) []Option {
	out := make([]Option, len(words))
	for i, w := range words {
		out[i] = Option{string(w), name(w)}
	}
	return out
}

// none puts an option before others that chooses none of them.
func none(name string, list []Option) []Option { return append([]Option{{"", name}}, list...) }

func categories() []Option {
	out := []Option{{"", "not chosen"}}
	for _, c := range hindcast.Categories() {
		out = append(out, Option{string(c.Category), c.Name + ": " + strings.ToLower(c.Description[:1]) + c.Description[1:]})
	}
	return out
}

// figure returns the fields of a number below a name.
func figure(under, label string) []Field {
	return []Field{
		{Name: under + "state", Label: label + " is", Input: Choice, Options: none("not said", options(ui.Words, hindcast.Measured, hindcast.Estimated, hindcast.Pending, hindcast.NotApplicable))},
		{Name: under + "value", Label: label, Input: Number},
		{Name: under + "unit", Label: "Unit", Hint: "%, requests, EUR", Input: Line},
		{Name: under + "how", Label: "How it was measured or estimated, or why it is not known", Input: Line},
		{Name: under + "by", Label: "By whom", Hint: "a role or a system", Input: Line},
	}
}

func objective() []Field {
	out := []Field{
		{Name: "name", Label: "Objective", Hint: "mobile-api availability", Input: Line, Needed: true},
		{Name: "target", Label: "Target, in percent", Hint: "99.9", Input: Number},
		{Name: "window_days", Label: "Window, in days", Hint: "30", Input: Number, Whole: true},
		{Name: "outcome", Label: "Outcome", Input: Choice, Options: none("not known", options(ui.Words, hindcast.SLOViolated, hindcast.SLOKept))},
	}
	out = append(out, figure("budget.", "Error budget consumed")...)
	out = append(out, figure("burn_rate.", "Burn rate")...)
	return append(out, Field{Name: "detail", Label: "Detail", Input: Area})
}

func entry() []Field {
	return []Field{
		{Name: "at", Label: "When it happened (UTC)", Input: Moment},
		{Name: "title", Label: "What happened", Input: Line, Needed: true},
		{Name: "kind", Label: "Kind", Input: Choice, Options: options(ui.Words, hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Acknowledge,
			hindcast.Observed, hindcast.Decided, hindcast.Action, hindcast.Mitigation, hindcast.Recovery, hindcast.Communication, hindcast.ExternalEvent)},
		{Name: "actor.name", Label: "Who or what", Hint: "a role or a system", Input: Line},
		{Name: "actor.kind", Label: "Kind of actor", Input: Choice, Options: options(ui.Words, hindcast.Person, hindcast.Automation, hindcast.System, hindcast.External)},
		{Name: "service", Label: "Service", Input: Line},
		{Name: "detail", Label: "Detail", Input: Area},
		{Name: "known_at", Label: "When responders could first know it (UTC)", Hint: "empty: at once", Input: Moment},
		{Name: "until", Label: "Until (UTC)", Hint: "for what lasted", Input: Moment},
		{Name: "decision.question", Label: "What had to be decided", Input: Line},
		{Name: "decision.options", Label: "Options", Hint: "one a line", Input: Lines},
		{Name: "decision.choice", Label: "Choice", Input: Line},
		{Name: "decision.assumptions", Label: "What was taken for granted", Hint: "one a line", Input: Lines},
		{Name: "decision.expected", Label: "What was expected to happen", Input: Line},
	}
}

func factor(p *hindcast.Postmortem, id string) []Field {
	led := []Option{{hindcast.Outcome, "the incident"}}
	for _, f := range p.Factors {
		if f.ID != id {
			led = append(led, Option{f.ID, f.Description})
		}
	}
	return []Field{
		{Name: "description", Label: "The condition, in a sentence", Input: Line, Needed: true},
		{Name: "detail", Label: "Detail", Input: Area},
		{Name: "tag", Label: "The part it played", Input: Choice, Options: none("under discussion", options(ui.Words, hindcast.Root, hindcast.Contributing, hindcast.Mitigating, hindcast.Detecting))},
		{Name: "counterfactual.answer", Label: "Without it, would the incident have happened?", Hint: "a root is one where the answer is no", Input: Choice,
			Options: none("not answered", options(ui.Words, hindcast.AnswerNo, hindcast.AnswerYes, hindcast.AnswerUnclear))},
		{Name: "counterfactual.reason", Label: "Because", Input: Line},
		{Name: "led_to", Label: "It led to", Input: Checks, Options: led},
		{Name: "category", Label: "Category", Input: Choice, Options: categories()},
		{Name: "gap", Label: "Systemic gap that it shows", Input: Choice, Options: none("none", options(ui.Words, hindcast.Gaps()...))},
		{Name: "bone", Label: "Bone of the fishbone", Input: Choice, Options: none("none", options(ui.Words, hindcast.Bones()...))},
		{Name: "identified", Label: "How it was identified", Input: Line},
		{Name: "ruled_out_by", Label: "What ruled it out", Hint: "only for a hypothesis that did not hold", Input: Line},
	}
}

func observation(id string) []Field {
	kinds := options(func(k hindcast.ObservationKind) string {
		return map[hindcast.ObservationKind]string{hindcast.WentWell: "went well", hindcast.WentPoorly: "went poorly", hindcast.Luck: "luck: it helped, and nobody had arranged it"}[k]
	}, hindcast.WentWell, hindcast.WentPoorly, hindcast.Luck)
	if id == "new-well" {
		kinds = kinds[:1]
	}
	return []Field{
		{Name: "text", Label: "What was observed", Input: Line, Needed: true},
		{Name: "detail", Label: "Detail", Input: Area},
		{Name: "kind", Label: "Kind", Input: Choice, Options: kinds},
		{Name: "stage", Label: "Stage", Input: Choice, Options: none("none", options(ui.Words, hindcast.Stages()...))},
		{Name: "gap", Label: "What was missing", Input: Choice, Options: none("nothing", options(ui.Words, hindcast.Gaps()...))},
	}
}

func action(p *hindcast.Postmortem) []Field {
	var answers []Option
	for _, f := range p.Factors {
		answers = append(answers, Option{f.ID, f.Description})
	}
	out := []Field{
		{Name: "description", Label: "What exactly will be done", Input: Line, Needed: true},
		{Name: "owner", Label: "Owner", Hint: "a team or a role", Input: Line},
		{Name: "due", Label: "Due", Hint: "empty in a new one: the end of the window of its priority", Input: Day},
		{Name: "done_when", Label: "Done when", Hint: "how anybody can tell that it worked", Input: Line},
		{Name: "priority", Label: "Priority", Input: Choice, Options: priorities()},
		{Name: "effects", Label: "Effect", Input: Checks, Options: options(ui.Words, hindcast.Effects()...)},
		{Name: "factors", Label: "It answers", Input: Checks, Options: answers},
		{Name: "ticket", Label: "Ticket", Hint: "address or key in the tracker", Input: Line},
		{Name: "detail", Label: "Detail", Input: Area},
		{Name: "status", Label: "Status", Input: Choice, Options: options(ui.Words, hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined)},
		{Name: "reason", Label: "Why", Hint: "it is decided against, or taken up again", Input: Line},
		{Name: "revisit", Label: "Look again on", Hint: "what is decided against", Input: Day},
		{Name: "verification.how", Label: "How it was verified", Hint: "what was seen", Input: Line},
		{Name: "verification.by", Label: "Verified by", Hint: "a role; better not the owner", Input: Line},
		{Name: "verification.own", Label: "If the owner verified it", Hint: "why that is enough", Input: Line},
	}
	if answers == nil {
		out = append(out[:6], out[7:]...)
	}
	return out
}

func priorities() []Option {
	out := []Option{{"", "not decided"}}
	for _, p := range hindcast.Priorities() {
		out = append(out, Option{string(p.Priority), p.Name + ", " + strings.ToLower(p.Window) + ": " + p.Criteria})
	}
	return out
}
