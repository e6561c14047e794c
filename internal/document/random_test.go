package document

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
)

// nasty are texts that look like structure.
var nasty = []string{
	"plain words", "a | b || c", "`code` and ``more``", "- starts with a dash", "* star", "1. one", "## Timeline", "# Title", "### Decision points",
	"<!-- e:abc -->", "ends with an id <!-- e:abc -->", "<!-- open", "--> closed", "<!-- prose -->", "```", "~~~~", "---", "===", "_How so?_", `"quoted"`, `"half`,
	`back\slash\`, "tab\there", "ünïcödé ⏱️ 漢字", "  leading and trailing  ", "**14:37:00** x", "14:37 - 14:50 y", "x — *alert by A (person)*", "on fire by B (system) on x",
	"key: value", "Owner: nobody", "line sep\u2028x", "bom\ufeff", "nul\x00", "bell\a", "cr\rhere", "c1\u0085", "[link](http://x)", "<script>alert(1)</script>", "&#35; entity",
	"a: b: c", "12 %, measured by x: y", "100", "true", "null", "~", "C#", "title #", "# #", "2024-03-15", "#4388: x", "INC-7 - y", "[x] done", "[a](https://b.example/c)",
	"$x^2$", "{#id}", "%%", "é", "\\", "*", "_", "?", "x?_", "a  b", "|", ":", " — ", "a — b", "no: reason", "yes", "a; b", "who on 2024-01-02: how", "(person)",
}

var nastyTexts = []string{
	"one\ntwo", "one\n\ntwo\n\nthree", "- a\n- b\n  - c", "para\n\n## Timeline\n\nmore", "```\n# not a heading\n- not an item\n```", "```\nnever closed", "<!-- never closed\nx",
	"<!-- closed\n## X\n-->", "| a | b |\n|---|---|\n| 1 | 2 |", "Timeline\n========\n\nx", "Root Cause\n---\n", "\nleading", "trailing\n", "\n", "  \n  x\n  ", "    indented code\n    more",
	"<!-- prose -->\nx\n<!-- /prose -->", "<!-- /prose -->", "### 2024-03-15 (UTC)\n\n- **14:37** x", "### Ruled out\n\nwords", "### Where luck helped", "text\n\n- **14:37:00** in prose",
	"- **Users affected:** 3 %, measured", "- **Severity:** 1", "> quote\n> more", "a\r\nb", "a  \nb", "1. why\n2. why", "- \n-", "* * *", "- - -", "x\n- y", "_How so?_\n\n_Why?_", "# A\n\n# B",
	"---\ntitle: x\n---", "word\n  - Owner: x\n    deep", "\"json\"\nx", "\ttab\n\t\ttab2", "x\n   \ny", "| File |\n| --- |\n| `x` |",
}

// generator makes post-mortems in the form in which they are read: times in
// UTC, records in the order of their sections, hashes with their references.
type generator struct {
	*rand.Rand
	ids int
}

func (g *generator) yes() bool { return g.IntN(2) == 0 }

func (g *generator) line() string {
	s := nasty[g.IntN(len(nasty))]
	if g.IntN(4) == 0 {
		s += " " + nasty[g.IntN(len(nasty))]
	}
	return s
}

func (g *generator) text() string {
	switch g.IntN(4) {
	case 0:
		return g.line()
	case 1:
		return nastyTexts[g.IntN(len(nastyTexts))] + "\n" + g.line()
	case 2:
		return g.line() + "\n" + nastyTexts[g.IntN(len(nastyTexts))]
	}
	return nastyTexts[g.IntN(len(nastyTexts))]
}

func (g *generator) maybe(s func() string) string {
	if g.yes() {
		return ""
	}
	return s()
}

func (g *generator) id() string {
	g.ids++
	if g.IntN(5) == 0 {
		return fmt.Sprintf("%s %d", g.line(), g.ids)
	}
	return []string{"e", "pagerduty:R7/", "slack:171-05.", "a-b-"}[g.IntN(4)] + fmt.Sprint(g.ids)
}

func (g *generator) time() time.Time {
	t := time.Date(2024, 3, 14+g.IntN(3), g.IntN(24), g.IntN(60), g.IntN(60), 0, time.UTC)
	if g.IntN(4) == 0 {
		t = t.Add(time.Duration(g.IntN(1e9)))
	}
	return t
}

func (g *generator) date() hindcast.Date {
	if g.yes() {
		return hindcast.Date{}
	}
	return hindcast.DateOf(g.time())
}

func (g *generator) maybeTime() time.Time {
	if g.yes() {
		return time.Time{}
	}
	return g.time()
}

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

func several[T any](g *generator, n int, one func(i int) T) []T {
	n = g.IntN(n + 1)
	var out []T
	for i := range n {
		out = append(out, one(i))
	}
	return out
}

func (g *generator) number() hindcast.Number {
	switch g.IntN(4) {
	case 0:
		return hindcast.Number{}
	case 1:
		return hindcast.Number{State: pick(g, hindcast.Pending, hindcast.NotApplicable), How: g.maybe(g.text), Unit: g.maybe(g.line), By: g.maybe(g.line)}
	}
	v := pick(g, 0, 1, 99.95, 1e-7, 123456789, g.Float64()*100)
	if g.yes() {
		return hindcast.Number{State: hindcast.Estimated, Value: &v, Unit: g.maybe(g.line), How: g.maybe(g.text), By: g.line()}
	}
	return hindcast.Number{State: hindcast.Measured, Value: &v, Unit: g.maybe(g.line), How: g.maybe(g.text), By: g.maybe(g.line)}
}

func (g *generator) measure(int) hindcast.Measure {
	n := g.number()
	for n.State == "" {
		n = g.number()
	}
	return hindcast.Measure{ID: g.id(), Name: g.line(), Number: n}
}

// refs returns references into the evidence, and now and then to a file that is
// not listed or has changed.
func (g *generator) refs(files []hindcast.Evidence) []hindcast.Ref {
	return several(g, 3, func(int) hindcast.Ref {
		r := hindcast.Ref{File: g.line(), SHA256: pick(g, "", strings.Repeat("0a", 32))}
		if len(files) > 0 && g.IntN(4) > 0 {
			f := files[g.IntN(len(files))]
			r.File, r.SHA256 = f.Name, pick(g, f.SHA256, strings.Repeat("0b", 32))
		}
		for _, f := range files {
			if f.Name == r.File && r.SHA256 == "" {
				r.SHA256 = f.SHA256
			}
		}
		if g.yes() {
			r.Line = 1 + g.IntN(1000)
			r.EndLine = pick(g, 0, r.Line+5)
			r.Offset = pick(g, int64(0), int64(77))
		}
		return r
	})
}

func (g *generator) entry(p *hindcast.Postmortem, i int) hindcast.Entry {
	e := hindcast.Entry{ID: g.id(), At: g.maybeTime(), Kind: pick(g, "", hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Acknowledge, hindcast.Observed, hindcast.Decided, hindcast.Action,
		hindcast.Mitigation, hindcast.Recovery, hindcast.Communication, hindcast.ExternalEvent), Title: g.line(), Detail: g.maybe(g.text), Key: g.yes(),
		Service: g.maybe(g.line), Why: g.maybe(g.text), Evidence: g.refs(p.Evidence), Score: pick(g, 0, 0.5, 0.97, 1)}
	e.KnownAt = e.At
	if g.yes() {
		e.Actor = hindcast.Actor{Name: g.maybe(g.line), Kind: pick(g, hindcast.Person, hindcast.Automation, hindcast.System, hindcast.External)}
	}
	if g.IntN(4) == 0 {
		e.Service = e.Actor.Name
	}
	if !e.At.IsZero() {
		e.RecordedAt = pick(g, time.Time{}, e.At.Add(-90*time.Second))
		e.KnownAt = pick(g, e.At, e.At.Add(time.Minute), time.Time{}, e.At.AddDate(0, 0, 1))
		e.Until = pick(g, time.Time{}, e.At.Add(time.Hour))
	}
	if g.IntN(4) == 0 && i > 0 {
		e.Prefer = &hindcast.Preference{Entry: p.Timeline[0].ID, Why: g.line()}
	}
	if g.IntN(3) == 0 && i > 0 {
		e.Decision = &hindcast.Decision{Question: g.maybe(g.line), Options: several(g, 3, func(int) string { return g.line() }), Choice: g.maybe(g.text),
			Known: pick(g, []string{p.Timeline[0].ID}, []string{}, nil), NotKnown: several(g, i, func(k int) string { return p.Timeline[k].ID }), Assumptions: several(g, 2, func(int) string { return g.line() }), Expected: g.maybe(g.text)}
	}
	return e
}

func (g *generator) factor(p *hindcast.Postmortem, tag hindcast.Tag) hindcast.Factor {
	x := hindcast.Factor{ID: g.id(), Number: len(p.Factors)*3 + 1 + g.IntN(3), Description: g.line(), Detail: g.maybe(g.text), Tag: tag, Category: pick(g, append(hindcast.CategoryWords(), "")...),
		Bone: pick(g, hindcast.BonePeople, ""), Gap: pick(g, hindcast.GapTesting, ""), Identified: g.maybe(g.text), Evidence: g.refs(p.Evidence)}
	if g.yes() {
		x.Counterfactual = hindcast.Counterfactual{Answer: pick(g, hindcast.AnswerYes, hindcast.AnswerUnclear, ""), Reason: g.maybe(g.text)}
	}
	if tag == hindcast.Root {
		x.Counterfactual.Answer = hindcast.AnswerNo
	}
	x.LedTo = append(x.LedTo, several(g, 1, func(int) hindcast.Edge { return hindcast.Edge{To: hindcast.Outcome, How: g.maybe(g.line)} })...)
	for _, other := range p.Factors {
		if g.IntN(3) == 0 {
			x.LedTo = append(x.LedTo, hindcast.Edge{To: other.ID, How: g.maybe(g.text)})
		}
	}
	return x
}

func (g *generator) action(p *hindcast.Postmortem) hindcast.ActionItem {
	a := hindcast.ActionItem{ID: g.id(), Description: g.line(), Detail: g.maybe(g.text), Owner: g.maybe(g.line), Due: g.date(), DoneWhen: g.maybe(g.text), Ticket: g.maybe(g.line),
		Priority: pick(g, hindcast.PriorityCritical, hindcast.PriorityLow, ""), Opened: g.date(), Revisit: g.date(), Closed: g.date(), Status: pick(g, hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone)}
	a.Effects = pick(g, nil, []hindcast.Effect{hindcast.ImprovesDetection}, hindcast.Effects())
	if len(p.Factors) > 0 && g.yes() {
		a.Factors = []string{p.Factors[0].ID}
	}
	if g.IntN(3) == 0 {
		a.Status, a.Reason = hindcast.ActionDeclined, g.line()
	}
	if g.IntN(3) == 0 {
		a.Verification = &hindcast.Verification{By: g.line(), How: g.text(), On: g.date(), Own: g.maybe(g.text), Evidence: g.refs(p.Evidence)}
	}
	a.History = several(g, 4, func(int) hindcast.ActionMove {
		return hindcast.ActionMove{To: pick(g, hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined), On: g.date(), By: g.maybe(g.line), Reason: g.maybe(g.text)}
	})
	if g.IntN(3) == 0 {
		a.Alert = &hindcast.AlertRule{Rule: g.line()}
		if g.yes() {
			n := int64(g.IntN(4000) - 2000)
			a.Alert.Replay = &hindcast.Replay{FirstAt: g.maybeTime(), EarlierS: pick(g, nil, &n), FalseAlarms: g.IntN(3), OutsideS: int64(g.IntN(9000))}
		}
	}
	if !a.Opened.IsZero() && !a.Closed.IsZero() && a.Closed.Compare(a.Opened) < 0 {
		a.Opened, a.Closed = a.Closed, a.Opened
	}
	return a
}

func (g *generator) evidence(i int) hindcast.Evidence {
	from := g.maybeTime()
	to := pick(g, time.Time{}, from.Add(time.Hour), from.AddDate(0, 0, 3))
	if from.IsZero() {
		to = g.maybeTime()
	}
	return hindcast.Evidence{SHA256: fmt.Sprintf("%064x", i+1), Name: fmt.Sprintf("%s %d", g.line(), i), Format: g.maybe(g.line), Size: int64(g.IntN(1e6)),
		Source: g.maybe(g.line), Query: g.maybe(g.text), From: from, To: to, FetchedAt: g.maybeTime(), ExpiresAt: pick(g, time.Time{}, time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)),
		Zone: g.maybe(g.line), Records: g.IntN(3), Problems: g.IntN(2)}
}

func (g *generator) incident() hindcast.Incident {
	at := g.time().Truncate(time.Second)
	inc := hindcast.Incident{Number: pick(g, "", "4521", "INC-7", "007", "a: b"), Title: g.line(), Kind: pick(g, hindcast.KindIncident, hindcast.KindNearMiss), Severity: g.IntN(4),
		Services: several(g, 3, func(int) string { return g.line() }), Detection: g.maybe(g.text),
		Participants: several(g, 3, func(int) hindcast.Participant { return hindcast.Participant{Role: g.line(), Name: g.maybe(g.line)} })}
	if inc.Severity > 0 {
		inc.SeverityName = pick(g, "", "Critical", g.line())
		inc.SeverityChanges = several(g, 2, func(int) hindcast.SeverityChange {
			return hindcast.SeverityChange{From: g.IntN(4), To: g.IntN(4), At: g.maybeTime(), By: g.maybe(g.line), Reason: g.line()}
		})
	}
	inc.Phases = hindcast.Phases{StartedAt: at, DetectedAt: at.Add(105 * time.Second), AcknowledgedAt: pick(g, time.Time{}, at.Add(2*time.Minute)),
		MitigatedAt: pick(g, time.Time{}, at.Add(3*time.Minute)), ResolvedAt: pick(g, time.Time{}, at.Add(time.Hour))}
	if g.yes() {
		inc.PhaseWhy = map[string]string{"started_at": g.text(), "mitigated_at": g.line()}
	}
	inc.Impact = hindcast.Impact{Users: g.number(), Counts: several(g, 2, g.measure), Business: several(g, 2, g.measure)}
	if v := inc.Impact.Users.Value; v != nil && *v > 100 {
		*v = 100
	}
	inc.Impact.SLOs = several(g, 2, func(int) hindcast.SLO {
		return hindcast.SLO{ID: g.id(), Name: g.line(), Target: pick(g, 0, 99.9), WindowDays: pick(g, 0, 30), Outcome: pick(g, hindcast.SLOKept, ""), Budget: g.number(), BurnRate: g.number(), Detail: g.maybe(g.text)}
	})
	return inc
}

// prove lets the numbers of the impact rest on evidence.
func (g *generator) prove(p *hindcast.Postmortem) {
	i := &p.Incident.Impact
	numbers := []*hindcast.Number{&i.Users}
	for k := range i.Counts {
		numbers = append(numbers, &i.Counts[k].Number)
	}
	for k := range i.Business {
		numbers = append(numbers, &i.Business[k].Number)
	}
	for k := range i.SLOs {
		numbers = append(numbers, &i.SLOs[k].Budget, &i.SLOs[k].BurnRate)
	}
	for _, n := range numbers {
		if n.State != "" {
			n.Evidence = g.refs(p.Evidence)
		}
	}
}

func (g *generator) sections() []hindcast.Section {
	var out []hindcast.Section
	for _, t := range hindcast.Template() {
		heading := t.Heading
		if g.IntN(6) == 0 {
			heading = g.line()
		}
		out = append(out, hindcast.Section{Kind: t.Kind, Heading: heading, Text: g.maybe(g.text)})
		if g.IntN(5) == 0 {
			out = append(out, hindcast.Section{Heading: g.line(), Text: g.maybe(g.text)})
		}
	}
	if g.IntN(3) == 0 {
		g.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	}
	return out
}

func (g *generator) postmortem() hindcast.Postmortem {
	p := hindcast.Postmortem{Incident: g.incident(), Status: hindcast.StatusDraft, Owner: g.maybe(g.line), Category: pick(g, append(hindcast.CategoryWords(), "")...), Preamble: g.maybe(g.text),
		FrontMatter: pick(g, "", "layout: post\ntags:\n  - a\n  - \"b: c\"", "# a comment\nx: |\n  a\n  b")}
	p.Evidence = several(g, 3, g.evidence)
	g.prove(&p)
	p.Sections = g.sections()
	for i := range g.IntN(5) {
		p.Timeline = append(p.Timeline, g.entry(&p, i))
	}
	p.Accounts = several(g, 2, func(int) hindcast.Account {
		a := hindcast.Account{ID: g.id(), Who: g.line(), About: g.maybeTime(), Text: g.text()}
		a.Written = pick(g, time.Time{}, a.About.AddDate(0, 0, 1).Truncate(time.Second), g.time().AddDate(0, 1, 0))
		return a
	})
	p.Factors = g.factors(&p)
	for _, s := range p.Sections {
		p.Observations = append(p.Observations, g.observations(&p, s.Kind)...)
	}
	p.Actions = several(g, 3, func(int) hindcast.ActionItem { return g.action(&p) })
	p.Related = several(g, 2, func(int) hindcast.RelatedIncident {
		return hindcast.RelatedIncident{ID: g.id(), Ref: pick(g, "", "#4388", "INC-7", "https://example.com/x", g.line()), Title: g.line(), How: g.maybe(g.text)}
	})
	p.Clocks = several(g, 2, func(int) hindcast.ClockOffset {
		v := pick(g, 14.5, -3, 0.001)
		return hindcast.ClockOffset{File: g.line(), OffsetS: v, Offset: record.Seconds(v), Against: g.maybe(g.line), Why: g.maybe(g.text), Accepted: pick(g, nil, &hindcast.Acceptance{By: g.line(), On: g.date()})}
	})
	p.Problems = several(g, 2, func(int) hindcast.Problem {
		return hindcast.Problem{File: g.line(), Line: g.IntN(3), Message: g.line()}
	})
	if g.yes() {
		p.Status = hindcast.StatusInReview
		p.History = []hindcast.Transition{{To: hindcast.StatusInReview, At: g.time(), By: g.maybe(g.line), Reason: g.maybe(g.text)}}
		p.Attestations = []hindcast.Attestation{{Criterion: hindcast.CriterionBlameless, By: g.line(), On: g.date(), Note: g.maybe(g.text)}}
		p.Waivers = []hindcast.Waiver{{Rule: "late", Reason: g.text(), By: g.line(), Until: g.date()}}
	}
	return p
}

func (g *generator) factors(p *hindcast.Postmortem) []hindcast.Factor {
	add := func(n int, tags ...hindcast.Tag) {
		for range g.IntN(n + 1) {
			p.Factors = append(p.Factors, g.factor(p, pick(g, tags...)))
		}
	}
	var order []hindcast.SectionKind
	for _, s := range p.Sections {
		order = append(order, s.Kind)
	}
	causes := func() {
		add(3, "", hindcast.Root)
		for range g.IntN(2) {
			x := g.factor(p, "")
			x.RuledOutBy, x.TagBefore = g.text(), pick(g, hindcast.Root, hindcast.Contributing, "")
			p.Factors = append(p.Factors, x)
		}
	}
	for _, kind := range order {
		switch kind {
		case hindcast.SectionRootCauses:
			causes()
		case hindcast.SectionContributing:
			add(3, hindcast.Contributing, hindcast.Mitigating, hindcast.Detecting)
		}
	}
	return p.Factors
}

// observations returns observations of a section, in the order of its lists.
func (g *generator) observations(p *hindcast.Postmortem, section hindcast.SectionKind) []hindcast.Observation {
	var out []hindcast.Observation
	for _, kind := range []hindcast.ObservationKind{hindcast.WentWell, hindcast.WentPoorly, hindcast.Luck} {
		if (hindcast.Observation{Kind: kind}).Section() != section {
			continue
		}
		out = append(out, several(g, 2, func(int) hindcast.Observation {
			return hindcast.Observation{ID: g.id(), Kind: kind, Text: g.line(), Detail: g.maybe(g.text), Stage: pick(g, hindcast.StageResponse, ""), Gap: pick(g, hindcast.GapRunbook, ""), Evidence: g.refs(p.Evidence)}
		})...)
	}
	return out
}
