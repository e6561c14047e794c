package hindcast

import (
	"slices"
	"unicode/utf8"
)

// Validate returns every fault of the post-mortem, in the order of its fields;
// none when it is valid. What is merely missing is no fault.
func (p Postmortem) Validate() []Fault {
	f := newFaults()
	p.Incident.validate(f.at("incident"))
	word(f.at("status"), p.Status, StatusDraft, StatusInReview, StatusApproved, StatusPublished)
	word(f.at("primary_category"), p.Category, append(CategoryWords(), "")...)
	p.validateSections(f)
	p.validateTimeline(f)
	p.validateLists(f)
	p.validateEvidence(f)
	p.validateClocks(f)
	p.validateReview(f)
	return *f.list
}

func (p Postmortem) validateSections(f faults) {
	for i, s := range p.Sections {
		g := f.at("sections", i)
		if s.Kind != "" {
			_, ok := TemplateOf(s.Kind)
			g.at("kind").require(ok, "%q is no section of the template; leave it empty for a section of your own", s.Kind)
		}
		g.at("heading").require(s.Heading != "", "is empty; give the section a heading")
		g.at("text").require(utf8.ValidString(s.Text), "is not UTF-8 text")
	}
}

func (p Postmortem) validateTimeline(f faults) {
	var seen ids
	known := map[string]bool{}
	for _, e := range p.Timeline {
		known[e.ID] = true
	}
	for i, e := range p.Timeline {
		g := f.at("timeline", i)
		seen.add(g, e.ID)
		e.validate(g)
		if e.Prefer != nil {
			g.at("prefer").at("entry").require(known[e.Prefer.Entry] && e.Prefer.Entry != e.ID, "names entry %q; name another entry of the timeline", e.Prefer.Entry)
			g.at("prefer").at("why").require(e.Prefer.Why != "", "is missing; say why the other one is believed")
		}
		if e.Decision == nil {
			continue
		}
		for n, id := range e.Decision.Known {
			g.at("decision").at("known", n).require(known[id], "names entry %q, which is not in the timeline", id)
		}
		for n, id := range e.Decision.NotKnown {
			g.at("decision").at("not_known", n).require(known[id], "names entry %q, which is not in the timeline", id)
		}
	}
}

func (e Entry) validate(f faults) {
	f.at("title").require(e.Title != "", "is empty; say what happened")
	word(f.at("kind"), e.Kind, "", Change, Symptom, Alert, Acknowledge, Observed, Decided, Action, Mitigation, Recovery, Communication, ExternalEvent)
	word(f.at("actor").at("kind"), e.Actor.Kind, "", Person, Automation, System, External)
	f.at("until").require(e.Until.IsZero() || !e.Until.Before(e.At), "lies before the beginning")
	f.at("known_at").require(e.KnownAt.IsZero() || !e.KnownAt.Before(e.At), "lies before it happened")
	f.at("score").require(e.Score >= 0 && e.Score <= 1, "is %v; it lies between 0 and 1", e.Score)
	validateRefs(f.at("evidence"), e.Evidence)
}

func (p Postmortem) validateLists(f faults) {
	validateFactors(f, p.Factors)
	factors := map[string]bool{}
	for _, x := range p.Factors {
		factors[x.ID] = true
	}
	var accounts, observations, actions, related ids
	for i, a := range p.Accounts {
		accounts.add(f.at("accounts", i), a.ID)
		a.validate(f.at("accounts", i))
	}
	for i, o := range p.Observations {
		observations.add(f.at("observations", i), o.ID)
		o.validate(f.at("observations", i))
	}
	for i, a := range p.Actions {
		actions.add(f.at("actions", i), a.ID)
		a.validate(f.at("actions", i), factors)
	}
	for i, r := range p.Related {
		related.add(f.at("related", i), r.ID)
		r.validate(f.at("related", i))
	}
}

func (p Postmortem) validateEvidence(f faults) {
	seen := map[string]bool{}
	for i, e := range p.Evidence {
		g := f.at("evidence", i)
		g.at("name").require(e.Name != "", "has no name")
		g.at("name").require(!seen[e.Name], "%q is there twice", e.Name)
		seen[e.Name] = true
		g.at("sha256").require(isSHA256(e.SHA256), "is no SHA-256; it has 64 hexadecimal digits")
		g.at("size").require(e.Size >= 0, "is below 0")
		g.at("to").require(e.To.IsZero() || !e.To.Before(e.From), "lies before the earliest record")
	}
}

func (p Postmortem) validateClocks(f faults) {
	for i, c := range p.Clocks {
		f.at("clock_offsets", i).at("accepted").at("by").require(c.Accepted == nil || c.Accepted.By != "", "is missing; say who accepted it, as a role")
	}
}

func isSHA256(s string) bool {
	return len(s) == 64 && !slices.ContainsFunc([]byte(s), func(c byte) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'f')
	})
}

func (p Postmortem) validateReview(f faults) {
	status := StatusDraft
	for i, t := range p.History {
		g := f.at("history", i)
		word(g.at("to"), t.To, StatusDraft, StatusInReview, StatusApproved, StatusPublished)
		g.require(slices.Contains(moves[status], t.To), "%s cannot follow %s", t.To, status)
		g.at("reason").require(t.To.rank() >= status.rank() || t.Reason != "", "is missing; say why it went back to %s", t.To)
		status = t.To
	}
	f.at("status").require(len(p.History) == 0 || status == p.Status, "is %s, but its history ends with %s", p.Status, status)
	for i, a := range p.Attestations {
		g := f.at("attestations", i)
		word(g.at("criterion"), a.Criterion, criteria()...)
		g.at("by").require(a.By != "", "is missing; say who attests it, as a role")
	}
	for i, w := range p.Waivers {
		g := f.at("waivers", i)
		g.at("rule").require(w.Rule != "", "is missing; name the criterion or rule")
		g.at("reason").require(w.Reason != "", "is missing; say why it may pass")
		g.at("by").require(w.By != "", "is missing; say who decided it, as a role")
	}
}

func validateRefs(f faults, refs []Ref) {
	for i, r := range refs {
		g := f.index(i)
		g.at("file").require(r.File != "", "names no file")
		g.at("line").require(r.Line >= 0, "is %d; lines are counted from 1", r.Line)
		g.at("end_line").require(r.EndLine == 0 || r.EndLine >= r.Line, "lies before line")
		g.at("sha256").require(r.SHA256 == "" || isSHA256(r.SHA256), "is no SHA-256; it has 64 hexadecimal digits")
	}
}
