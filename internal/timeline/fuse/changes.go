package fuse

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// rollouts joins what a pipeline, an API and bots say about one rollout.
func (j *joiner) rollouts() {
	all := j.of(fact.Rollout)
	for i, a := range all {
		for _, b := range all[i+1:] {
			if b.At.Sub(a.At) > rolloutSlack {
				break
			}
			switch {
			case !sameRollout(a, b):
			case b.Reason != "" && a.Reason == "": // it goes out when the cluster is told to, not when it is built
				j.merge(b, a)
			default:
				j.merge(a, b)
			}
		}
	}
	faults := j.of(fact.RolloutFault)
	for i, a := range faults {
		for _, b := range faults[i+1:] {
			if (a.Subject != "" && a.Subject == b.Subject || a.Service == b.Service) && within(a.At, b.At, echoSlack) {
				j.merge(a, b)
			}
		}
	}
	for _, b := range j.bots(speech.Deployed, speech.RolledBack, speech.Switched, speech.DeployFailed) {
		j.announced(b)
	}
}

// sameRollout reports whether two records can state one rollout: nothing that
// both tell differs, and they share the version, the commit or the run: a workflow may
// know a branch alone where its deployment names the version.
func sameRollout(a, b *fact.Fact) bool {
	if a.Heals() != b.Heals() {
		return false
	}
	if a.Subject != "" && a.Subject == b.Subject {
		return true
	}
	if a.Service != b.Service && a.Service != "" && b.Service != "" || a.Env != b.Env && a.Env != "" && b.Env != "" {
		return false
	}
	same := a.Version != "" && a.Version == b.Version || commit(a) != "" && commit(a) == commit(b)
	return same && within(a.At, b.At, rolloutSlack)
}

// commit returns the commit that a record says goes out; empty when it says none.
func commit(f *fact.Fact) string { return f.First().Attrs["sha"] }

// announced joins a bot's announcement to the change it is about, the nearest of
// those that fit it best, or lets it stand for it.
func (j *joiner) announced(b *fact.Fact) {
	about := slices.DeleteFunc(j.of(fact.Rollout, fact.Changed, fact.RolloutStep, fact.RolloutFault), func(f *fact.Fact) bool { return !isAbout(b, f) })
	if len(about) > 0 {
		j.merge(slices.MinFunc(about, func(x, y *fact.Fact) int {
			return cmp.Or(cmp.Compare(fit(b, y), fit(b, x)), cmp.Compare(x.At.Sub(b.At).Abs(), y.At.Sub(b.At).Abs()))
		}), b)
		return
	}
	switch b.Bot.Notice {
	case speech.Deployed:
		b.Class, b.Verb = fact.Rollout, command.Deploy
	case speech.RolledBack:
		b.Class, b.Verb = fact.Rollout, command.Rollback
	case speech.Switched:
		b.Class = fact.Changed
	case speech.DeployFailed:
		b.Class = fact.RolloutFault
	}
	if b.Bot.Person != "" && b.Class != fact.RolloutFault {
		b.Actor = hindcast.Actor{Name: b.Bot.Person, Kind: hindcast.Person}
	}
}

// isAbout reports whether a bot's announcement can be about a record: nothing that
// both tell differs.
func isAbout(b, f *fact.Fact) bool {
	return within(f.At, b.At, echoSlack) && (b.Bot.Notice == speech.Switched) == (f.Class == fact.Changed) &&
		(b.Service == "" || f.Service == "" || b.Service == f.Service) && (b.Version == "" || f.Version == "" || b.Version == f.Version)
}

// fit ranks what an announcement can be about: a change before its steps, and what
// names the version too before what names none.
func fit(b, f *fact.Fact) int {
	n := 0
	if f.Class == fact.Rollout || f.Class == fact.Changed {
		n += 2
	}
	if b.Version != "" && b.Version == f.Version {
		n++
	}
	return n
}

// changes joins the ways in which one change by hand is told: the command, the
// audit record, the platform's reaction, and the people who report it.
func (j *joiner) changes() {
	deeds := j.of(fact.Ran, fact.Changed, fact.Rollout, fact.Platform)
	deeds = slices.DeleteFunc(deeds, func(f *fact.Fact) bool { return f.Class == fact.Platform && f.Verb == "" })
	for _, a := range deeds {
		for _, b := range fact.Between(deeds, a.At.Add(-early), a.At.Add(traced)) {
			if rank(a) > rank(b) && caused(a, b) {
				j.merge(a, b)
			}
		}
	}
	for i, a := range deeds {
		for _, b := range fact.Between(deeds[i+1:], a.At, a.At.Add(stepwise)) {
			switch {
			case j.gone[a]:
			case nextStep(a, b):
				j.merge(a, b)
			case another(a, b) && !j.gone[b]:
				a.Title += "; " + b.Title
				j.merge(a, b)
			}
		}
	}
	j.replicas()
	deeds = slices.DeleteFunc(deeds, func(f *fact.Fact) bool { return j.gone[f] || f.Class == fact.Platform || f.Class == fact.RolloutStep })
	for _, s := range j.of(fact.Said) {
		if s.Speech.Act == speech.Action && s.Speech.Ongoing && !begun(s, deeds) && announces(s, deeds) {
			s.Speech.Act = speech.Decision
			continue
		}
		if d := done(s, deeds); d != nil {
			j.merge(d, s)
			continue
		}
		d := reported(s, deeds)
		switch {
		case d == nil:
		case (s.Speech.Act == speech.Action || s.Speech.Act == speech.Restated) && s.At.Sub(d.At) <= admitted:
			j.merge(d, s)
		default:
			d.Events = append(d.Events, s.Events...)
		}
	}
}

// stepwise is how soon people go on with what they began.
const stepwise = 3 * time.Minute

// atOnce is how soon people make several settings of one sort for one end.
const atOnce = 10 * time.Second

// another reports whether somebody made another setting at once, as the same source says.
func another(a, b *fact.Fact) bool {
	lag := b.At.Sub(a.At)
	return lag >= 0 && lag <= atOnce && a.Class == b.Class && a.Class != fact.Rollout && a.Verb == command.Config && b.Verb == command.Config &&
		a.ByPerson() && SamePerson(a.Actor.Name, b.Actor.Name) && a.First().Ref.File == b.First().Ref.File && len(a.Title)+len(b.Title) <= longTitle &&
		(a.Service == b.Service || a.Service == "" || b.Service == "") && (a.Class != fact.Ran || a.Object == b.Object || !workloads.MatchString(a.First().Title))
}

// workloads are the tools whose object is one of many things that run.
var workloads = lazyregexp.New(`\b(?:kubectl|oc|helm|nomad|systemctl)\b`)

// longTitle is how many bytes of what was done at once are still read at a glance.
const longTitle = 240

// nextStep reports whether a command goes on with what another began: the same
// person does the same to the same thing, as who stops and starts it.
func nextStep(a, b *fact.Fact) bool {
	lag := b.At.Sub(a.At)
	return a.Class == fact.Ran && b.Class == fact.Ran && lag >= 0 && lag <= stepwise && a.Verb == b.Verb && a.Object != "" && a.Object == b.Object && SamePerson(a.Actor.Name, b.Actor.Name)
}

// rank orders the sources of a change: who did it comes before what it set off.
func rank(f *fact.Fact) int {
	switch f.Class {
	case fact.Ran:
		return 3
	case fact.Changed:
		return 2
	case fact.Rollout:
		return 1
	}
	return 0
}

// How much earlier, as clocks go, and how much later than what somebody did its trace is
// written down elsewhere.
const (
	early  = 5 * time.Second
	traced = 90 * time.Second
)

// caused reports whether b is the trace that a left elsewhere.
func caused(a, b *fact.Fact) bool {
	if b.Heals() { // it undoes what a did
		return false
	}
	if !related(a.Verb, b.Verb) || b.At.Before(a.At.Add(-early)) || b.At.After(a.At.Add(traced)) {
		return false
	}
	if a.Service != "" && b.Service != "" {
		return a.Service == b.Service || strings.Contains(b.Object, a.Object) && a.Object != ""
	}
	return a.Object == "" || b.Object == "" || shares(a, b)
}

// shares reports whether two changes name the same object or setting.
func shares(a, b *fact.Fact) bool {
	x, y := strings.ToLower(a.Object), strings.ToLower(b.Object)
	named := func(object, title string) bool {
		return len(object) > 3 && strings.Contains(strings.ToLower(title), object)
	}
	return x != "" && y != "" && (strings.Contains(x, y) || strings.Contains(y, x)) || a.Setting != "" && a.Setting == b.Setting ||
		named(x, b.Title) || named(y, a.Title)
}

// related reports whether two sorts of change can be one deed in two sources' words.
func related(a, b command.Act) bool {
	if a == b {
		return a != ""
	}
	for _, set := range [][]command.Act{
		{command.Rollback, command.Deploy, command.Config, command.Infra},
		{command.Flag, command.Config},
		{command.Restart, command.Kill},
		{command.Failover, command.Traffic, command.Config},
		{command.Scale, command.Config, command.Infra},
		{command.Cleanup, command.Data},
	} {
		if slices.Contains(set, a) && slices.Contains(set, b) {
			return true
		}
	}
	return false
}

// reported returns the deed that a message reports, or nil. A message counts
// as a report when enough speaks for it: the clock it names, the same sort of
// change, the same person, the same thing, and that it follows at once.
func reported(s *fact.Fact, deeds []*fact.Fact) *fact.Fact {
	switch s.Speech.Act {
	case speech.Action, speech.Restated, speech.Mitigation, speech.AllClear:
	default:
		return nil
	}
	var best *fact.Fact
	top := 3
	for _, d := range deeds {
		if n := weigh(s, d); n > top {
			best, top = d, n
		}
	}
	return best
}

// admitted is how long after a deed saying so is news of its own.
const admitted = 10 * time.Minute

// done returns the deed of the same person right before a few words about it:
// "cap on".
func done(s *fact.Fact, deeds []*fact.Fact) *fact.Fact {
	if len(strings.Fields(s.Text())) > 5 || s.Speech.Act == speech.Question || s.Speech.Act == speech.Hypothesis || s.Speech.Act == speech.Social {
		return nil
	}
	for _, d := range slices.Backward(deeds) {
		if lag := s.At.Sub(d.At); lag >= 0 && lag <= 45*time.Second && d.ByPerson() && SamePerson(s.Actor.Name, d.Actor.Name) {
			return d
		}
	}
	return nil
}

// AtOnce returns the deed that a message reports which follows it at once, whatever
// its words are: the last of those right before; nil when there is none, or when it says
// what comes next, is of another sort of deed by another person, or names services that the
// deed does not.
func AtOnce(s *fact.Fact, deeds []*fact.Fact, names *fact.Names) *fact.Fact {
	if s.Speech.Ongoing {
		return nil
	}
	verb, services := fact.VerbOf(s.Text()), names.Find(s.Text())
	for _, d := range slices.Backward(deeds) {
		lag := s.At.Sub(d.At)
		if lag < -2*time.Second || lag > time.Minute || d.Class == fact.Said {
			continue
		}
		words := strings.ToLower(d.Words())
		foreign := slices.ContainsFunc(services, func(n string) bool { return n != d.Service && !strings.Contains(words, strings.ToLower(n)) })
		if foreign || verb != "" && !related(verb, d.Verb) && !SamePerson(s.Actor.Name, d.Actor.Name) {
			continue
		}
		return d
	}
	return nil
}

// foretold is how long after its announcement a deed may follow.
const foretold = 8 * time.Minute

// begun reports whether a message comes right after the deed that it tells of.
func begun(s *fact.Fact, deeds []*fact.Fact) bool {
	d := reported(s, deeds)
	return d != nil && s.At.Sub(d.At) >= 0 && s.At.Sub(d.At) <= 45*time.Second && mentions(s, d)
}

// announces reports whether a message that says what is being done came before
// the deed: then it is the decision, and the deed has a record of its own.
func announces(s *fact.Fact, deeds []*fact.Fact) bool {
	verb := fact.VerbOf(s.Text())
	return slices.ContainsFunc(deeds, func(d *fact.Fact) bool {
		lag := d.At.Sub(s.At)
		if lag <= 0 || lag > foretold {
			return false
		}
		same := SamePerson(s.Actor.Name, d.Actor.Name)
		return verb == d.Verb || related(verb, d.Verb) && (same || mentions(s, d))
	})
}

// begins is how soon after a deed began people say that it is under way.
const begins = 4 * time.Minute

// weigh adds up what speaks for s being a report of d.
func weigh(s, d *fact.Fact) int {
	n, lag := 0, s.At.Sub(d.At)
	for _, m := range s.Moments {
		if m.Act == speech.Action && within(m.At, d.At, 90*time.Second) {
			n = 3
		}
	}
	if lag < -time.Minute || n == 0 && lag > 20*time.Minute {
		return 0
	}
	if s.Speech.Ongoing && lag > begins { // it has only just begun
		n -= 2
	}
	verb := fact.VerbOf(s.Text())
	switch {
	case verb != "" && verb == d.Verb:
		n += 3
	case related(verb, d.Verb):
		n++
	}
	if d.ByPerson() && SamePerson(s.Actor.Name, d.Actor.Name) {
		n++
	}
	if lag <= 5*time.Minute {
		n++
	}
	if lag <= 90*time.Second {
		n++
	}
	if s.Version != "" && (s.Version == d.Version || s.Version == d.Previous) || mentions(s, d) {
		n += 2
	} else if lexicon.Overlap(lexicon.Tokens(s.Text()), lexicon.Tokens(d.Title)) >= 1 {
		n++
	}
	return n
}

// mentions reports whether a message names what a change touched.
func mentions(s, d *fact.Fact) bool {
	text := strings.ToLower(s.Text())
	for _, w := range []string{d.Service, d.Object} {
		if len(w) > 2 && strings.Contains(text, strings.ToLower(w)) {
			return true
		}
	}
	return false
}

// ownSlack is how far apart people write on their own status page and say so.
const ownSlack = 6 * time.Minute

// ownPages tells our own status page from other companies': people say that
// they wrote on it around its updates, and do not speak of its name otherwise.
func (j *joiner) ownPages() {
	ours, theirs := map[string]int{}, map[string]int{}
	for _, p := range j.of(fact.VendorPosted) {
		for _, s := range j.of(fact.Said) {
			switch {
			case s.Speech.Act != speech.Social && s.Speech.Act != speech.Communication && fact.Company(s.Text(), p.Actor.Name):
				theirs[p.Actor.Name]++
			case within(s.At, p.At, ownSlack) && writing.MatchString(s.Text()) && !theirPage.MatchString(s.Text()):
				ours[p.Actor.Name]++
			}
		}
	}
	for _, p := range j.of(fact.VendorPosted) {
		if name := p.Actor.Name; ours[name] > theirs[name] {
			p.Class, p.Actor = fact.Posted, hindcast.Actor{Name: name, Kind: hindcast.Person}
		}
	}
}

var (
	writing   = lazyregexp.New(`(?i)\bstatus ?-?pages?\b|\bstatuspage\b|\bpublic status\b|\bour page\b`)
	theirPage = lazyregexp.New(`(?i)\btheir\b|\bthey\b|\bstatus page of\b`)
)

// statusPages joins the updates of a status page and those who read or wrote them.
func (j *joiner) statusPages() {
	j.ownPages()
	posts := j.of(fact.VendorPosted, fact.Posted)
	for _, s := range j.of(fact.Said, fact.Told) {
		var want fact.Class
		switch {
		case s.Speech.Act == speech.Vendor:
			want = fact.VendorPosted
		case (s.Speech.Act == speech.Communication || s.Speech.Act == speech.AllClear) && writing.MatchString(s.Text()) || s.Bot.Notice == speech.StatusPage:
			want = fact.Posted
		default:
			continue
		}
		if p := posted(s, posts, want); p != nil {
			j.merge(p, s)
		}
	}
}

// over reports whether an update says that the worst is over.
func over(p *fact.Fact) bool {
	status := p.First().Status
	return status != "investigating" && status != "identified"
}

// posted returns the update that a message speaks of: the one at the clock it
// names, else the latest shortly before.
func posted(s *fact.Fact, posts []*fact.Fact, want fact.Class) *fact.Fact {
	var best *fact.Fact
	for _, p := range posts {
		if p.Class != want || want == fact.VendorPosted && s.Speech.Improve && !s.Speech.Failing && !over(p) {
			continue // "all green": their page does not show it yet
		}
		for _, m := range s.Moments {
			if within(m.At, p.At, 90*time.Second) {
				return p
			}
		}
		if lag := s.At.Sub(p.At); lag >= -2*time.Minute && lag <= 12*time.Minute && len(s.Moments) == 0 {
			best = p
		}
	}
	return best
}
