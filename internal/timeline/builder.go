package timeline

import (
	"cmp"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/company"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/decision"
	"github.com/hindcast/hindcast/internal/timeline/detect"
	"github.com/hindcast/hindcast/internal/timeline/dialog"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/known"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/phase"
	"github.com/hindcast/hindcast/internal/timeline/scope"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/skew"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/trigger"
)

// builder holds what is known while a timeline is built.
type builder struct {
	opt        Options
	detections []signal.Detection
	templates  []signal.Template
	edges      []signal.Edge
	jobs       []signal.Job

	names      *fact.Names
	vocabulary lexicon.Vocabulary
	stated     []skew.Statement
	tellings   map[string][]skew.Telling // what the records of each file tell
	spoken     []time.Duration           // offsets from UTC in which people may write
	facts      []*fact.Fact              // in order of time, each once
	signs      []*fact.Fact              // in order of time
	scope      *scope.Scope
	phases     *course.Result
	companies  *company.Companies
	verdict    map[*fact.Fact]verdict
	tells      map[*fact.Fact]course.Tell // what people told of afterwards
	dated      map[*fact.Fact]bool        // told of by others at a minute that somebody named
	placed     []*fact.Fact               // what people told of by its minute, beside the messages that tell of it
	known      *known.Reader
	beside     map[*fact.Fact][]*fact.Fact // the symptoms that began together with one that is shown
	routine    map[*fact.Fact]bool         // changes that are made again and again
	blames     map[*fact.Fact]bool         // what people said when they found the change that is behind it
	deleted    map[string]hindcast.Event   // from the chat, by the id of the message
}

// newBuilder reads the events.
func newBuilder(events []hindcast.Event, set signal.Set, opt Options) *builder {
	events, deleted := fact.WithoutDeleted(events)
	b := &builder{deleted: deleted, opt: opt, names: fact.NewNames(events, services(set)), verdict: map[*fact.Fact]verdict{}, beside: map[*fact.Fact][]*fact.Fact{}, dated: map[*fact.Fact]bool{}, blames: map[*fact.Fact]bool{}}
	b.templates, b.edges, b.jobs = set.Templates, set.Edges, set.Jobs
	b.vocabulary = lexicon.NewVocabulary(events, set)
	reader := fact.NewReader(speech.New().Within(b.vocabulary.Has), b.names, fact.Offsets(events))
	near := fact.NearPages(events)
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(x, y hindcast.Event) int { return x.At.Compare(y.At) })
	var quotes fact.Quotes
	for _, e := range events {
		if e.At.IsZero() || !b.inside(e.At) || !near(e) {
			continue
		}
		b.facts = append(b.facts, reader.Read(quotes.Strip(e)))
	}
	b.spoken = fact.Settle(b.facts, events)
	return b
}

// inside reports whether a moment lies within the bounds the user gave.
func (b *builder) inside(t time.Time) bool {
	return (b.opt.From.IsZero() || !t.Before(b.opt.From)) && (b.opt.To.IsZero() || !t.After(b.opt.To))
}

// changes returns when something was changed, for the detectors.
func (b *builder) changes() []detect.Change {
	var out []detect.Change
	for _, f := range b.facts {
		if trigger.Change(f) {
			out = append(out, detect.Change{At: f.At, Service: f.Service, Subject: f.Title})
		}
	}
	return out
}

// build does the rest, once the detections are known.
func (b *builder) build() hindcast.Timeline {
	b.stated = skew.Statements(b.facts)
	if skew.Assumes(b.opt.Evidence) {
		b.tellings = skew.Tellings(b.facts)
	}
	scope.Hush(b.facts, b.vocabulary)
	company.Claim(b.facts, b.templates, b.names)
	b.facts = fuse.Join(b.facts)
	sign.Watch(b.detections, b.facts)
	b.signs = sign.Find(b.detections)
	dialog.Read(b.facts, b.signs, b.vocabulary)
	b.companies = company.Find(b.facts)
	b.scope = scope.Find(b.facts, b.names)
	b.signs = sign.Add(b.signs, b.notable())
	b.signs = slices.DeleteFunc(b.signs, func(s *fact.Fact) bool {
		return !b.inside(s.At) || b.rehearsed(s.At) || b.aside(s.Service)
	})
	b.quote()
	in := course.Input{Facts: b.facts, Scope: b.scope, Signs: b.signs, Names: b.names, Near: b.near(), Company: b.companies.Named}
	b.phases = phase.Find(in)
	b.reread()
	changed := b.retold()
	in.Tells = b.toldOfAll()
	if changed {
		b.phases = phase.Find(in)
	} else {
		phase.Restart(in, b.phases)
	}
	if b.opt.Phases != nil {
		b.opt.Phases(b.phases)
	}
	b.known = known.New(known.Input{Facts: b.facts, Names: b.names, Scope: b.scope, Phases: b.phases, Tells: b.tells, Placed: b.dated})
	b.choose()
	tl := hindcast.Timeline{
		Incident: b.phases.Phases, PhaseWhy: b.phases.Why, Metrics: b.phases.Phases.Metrics(), Suspects: []hindcast.Suspect{},
		Entries: b.entries(), Problems: []hindcast.Problem{},
	}
	return tl
}

// rehearsing is how long before the page of a drill and after its last step what
// fails belongs to the drill.
const rehearsing = 5 * time.Minute

// rehearsed reports whether a moment lies in a drill, when there is no incident
// that people or pages tell of.
func (b *builder) rehearsed(t time.Time) bool {
	if !b.scope.From.IsZero() {
		return false
	}
	var first, last time.Time
	for _, f := range b.facts {
		switch {
		case !f.Test:
		case f.Class == fact.Paged || f.Class == fact.Fired:
			first = f.At
			fallthrough
		default:
			last = f.At
		}
		if !first.IsZero() && last.Sub(first) < statedBefore && !t.Before(first.Add(-rehearsing)) && !t.After(last.Add(rehearsing)) {
			return true
		}
	}
	return false
}

// trial is how a service is called that no user meets.
var trial = lazyregexp.New(`(?i)(?:^|[\-_.])(?:staging|stg|sandbox|preprod|pre-prod|uat|qa)(?:$|[\-_.])`)

// aside reports whether a service runs for trial only beside others that do not,
// and neither a page nor people speak of it.
func (b *builder) aside(service string) bool {
	return trial.MatchString(service) && !b.scope.Hit(service) && slices.ContainsFunc(b.templates, func(t signal.Template) bool {
		return slices.ContainsFunc(t.Services, func(c signal.Counts) bool { return c.Service != "" && !trial.MatchString(c.Service) })
	})
}

// How long before the first page or report lines count for what they say, and
// failures for being new.
const (
	statedBefore = 3 * time.Hour
	newBefore    = 45 * time.Minute
)

// notable returns what single log lines state, when an incident is known.
func (b *builder) notable() []signal.Detection {
	first := b.firstAlarm()
	if first.IsZero() {
		return nil
	}
	in := notable.Window{From: first.Add(-statedBefore), To: b.scope.To}
	found := append(notable.Find(b.templates, in), notable.Jobs(b.jobs, in)...)
	return slices.DeleteFunc(found, func(d signal.Detection) bool {
		at := time.Unix(0, d.From)
		switch d.Detector {
		case notable.Newcomer, notable.Broken:
			return at.Before(first.Add(-newBefore))
		case notable.Warning:
			return at.Before(first.Add(-newBefore)) || !b.scope.Hit(d.Service) && (len(b.scope.Pages) > 0 || at.Before(first.Add(-trigger.Reach)))
		case notable.Recovery:
			return at.Before(first)
		case notable.Changed:
			return at.After(first.Add(review))
		}
		return false
	})
}

// firstAlarm returns the first page or talk of the incident.
func (b *builder) firstAlarm() time.Time {
	var out time.Time
	for _, f := range slices.Concat(b.scope.Pages, b.scope.Talk) {
		if out.IsZero() || f.At.Before(out) {
			out = f.At
		}
	}
	return out
}

// near returns whether a service calls or is called by one that was hit.
func (b *builder) near() func(string) bool {
	next := map[string]bool{}
	for _, e := range b.edges {
		if b.scope.Hit(e.Caller) {
			next[e.Callee] = true
		}
		if b.scope.Hit(e.Callee) {
			next[e.Caller] = true
		}
	}
	for _, f := range b.signs { // "cannot reach the cache" names what it needs
		if sign.Worse(f.Sign) && b.scope.Hit(f.Service) {
			for _, n := range b.names.Find(f.Title) {
				next[n] = true
			}
		}
	}
	delete(next, "")
	return func(s string) bool { return next[s] }
}

// entries makes the entries of all facts and signs, in order.
func (b *builder) entries() []hindcast.Entry {
	var out []hindcast.Entry
	for _, f := range slices.Concat(b.facts, b.signs, b.placed) {
		out = append(out, b.entry(f))
	}
	slices.SortStableFunc(out, func(x, y hindcast.Entry) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.ID, y.ID)) })
	unique(out)
	said := map[string]*fact.Fact{}
	for _, f := range b.facts {
		if f.Class == fact.Said {
			said[b.id(f)] = f
		}
	}
	decision.Propose(out, decision.Scene{Said: said, Talk: b.scope.Talk, Service: b.mainService()})
	return out
}
