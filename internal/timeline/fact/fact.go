// Package fact reads single events in the timeline's terms: is it a page, a
// rollout, a change by hand, something that was said, and if so, what for?
//
// A [Fact] is built from one event here. Package fuse joins the facts that
// several sources state; judgment about the incident comes later still.
package fact

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/dialogact"
	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/moment"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Class says what sort of fact it is, before anybody asks what part it plays.
type Class string

// The classes.
const (
	Paged        Class = "paged"        // a person is being called
	Fired        Class = "fired"        // a monitor raised an alert
	Acknowledged Class = "acknowledged" // a person took a page up
	Escalated    Class = "escalated"    // more or other people were called
	Closed       Class = "closed"       // a page was closed
	Cleared      Class = "cleared"      // an alert ended by itself
	PagerWork    Class = "pager-work"   // other steps of the pager: assigned, notified
	Rollout      Class = "rollout"      // a version begins to go out
	RolloutStep  Class = "rollout-step" // a later step of a rollout
	RolloutFault Class = "rollout-fault"
	Changed      Class = "changed"   // a flag, a setting, infrastructure
	Committed    Class = "committed" // source control
	Ran          Class = "ran"       // a command that changes something
	Looked       Class = "looked"    // a command that only reads
	PodStarted   Class = "pod-started"
	Platform     Class = "platform" // other news of the platform
	Warned       Class = "warned"   // the platform reports trouble
	Posted       Class = "posted"   // our status page
	VendorPosted Class = "vendor-posted"
	Said         Class = "said"       // a person in chat or in a note
	Told         Class = "told"       // a bot in chat
	Remembered   Class = "remembered" // a recollection
	Kept         Class = "kept"       // an attachment
	Row          Class = "row"        // a record that fits nothing else
	Sign         Class = "sign"       // what a detector found in logs, metrics or traces
)

// Fact is one thing that happened, as one or several records state it.
type Fact struct {
	Class    Class
	Events   []hindcast.Event // the records that state it; the first decides. Empty for a Sign
	At       time.Time        // when it happened, as far as the records say
	Until    time.Time        // end of what lasted, or its last repetition
	SaidAt   time.Time        // when it could first be read in chat or on the pager; zero when it lay elsewhere
	Stated   bool             // At was taken from a clock named in the text
	Actor    hindcast.Actor
	Title    string
	Service  string
	Version  string // without a leading v
	Previous string
	Env      string
	Number   string      // pager incident
	Name     string      // of the alert
	Subject  string      // groups all records about one thing
	Verb     command.Act // what a change does; empty when unknown or no change
	Object   string      // what a change touches
	Setting  string      // KEY=VALUE that a change sets
	Reason   string      // the platform's own word
	Channel  string
	Thread   string
	Severity string
	Test     bool
	Count    int
	Speech   speech.Reading
	Gist     gist.Gist      // of what a person says
	Odds     dialogact.Odds // what its words say that it does
	Bare     string         // what a person wrote, without the names of services
	Place    []string       // where it stands in the talk: see package dialog
	Moments  []Moment       // that the text names by clocks
	Named    bool           // the text names a service
	Bot      speech.Bot
	Sign     *signal.Detection
	Signs    []*signal.Detection // further detections that were merged into this sign

	tokens map[string]map[string]float64 // see Tokens
}

// First returns the deciding event; the zero Event for a Sign.
func (f *Fact) First() hindcast.Event {
	if len(f.Events) == 0 {
		return hindcast.Event{}
	}
	return f.Events[0]
}

// Tokens returns the words of a text that belongs to the fact, see [lexicon.Tokens]. It
// remembers them: changes and messages are held against each other again and again. The
// map is not to be written to.
func (f *Fact) Tokens(text string) map[string]float64 {
	words, ok := f.tokens[text]
	if !ok {
		if f.tokens == nil {
			f.tokens = map[string]map[string]float64{}
		}
		words = lexicon.Tokens(text)
		f.tokens[text] = words
	}
	return words
}

// Text returns the full text of the deciding record, or its title.
func (f *Fact) Text() string { return cmp.Or(f.First().Text, f.Title) }

// Words returns everything the records of the fact say, for matching.
func (f *Fact) Words() string {
	parts := []string{f.Title}
	for _, e := range f.Events {
		parts = append(parts, e.Title, e.Text)
	}
	for _, s := range f.signs() {
		parts = append(parts, s.Title)
	}
	return strings.Join(parts, "\n")
}

func (f *Fact) signs() []*signal.Detection {
	if f.Sign == nil {
		return nil
	}
	return append([]*signal.Detection{f.Sign}, f.Signs...)
}

// ByPerson reports whether a person did or said it.
func (f *Fact) ByPerson() bool { return f.Actor.Kind == hindcast.Person }

// Asks reports whether a message ends in a question, or begins with one as Spanish marks it.
func (f *Fact) Asks() bool {
	text := strings.TrimSpace(f.Text())
	return strings.HasSuffix(text, "?") || strings.HasPrefix(text, "¿")
}

// Better reports whether an update of a status page says that things improve.
func (f *Fact) Better() bool {
	switch f.First().Status {
	case "monitoring", "resolved", "operational":
		return true
	case "investigating", "identified":
		return false
	}
	return f.Speech.Improve
}

// Production reports whether a rollout goes to production, as far as known.
func (f *Fact) Production() bool { return f.Env == "" || production.MatchString(f.Env) }

// Elsewhere reports whether a setting was changed, or a command was run, where no users
// are, by the name of the environment. What other names of environments mean is not known.
func (f *Fact) Elsewhere() bool {
	switch f.Class {
	case Changed:
		return rehearsed.MatchString(f.Env)
	case Ran:
		return Rehearsal(f.Title)
	}
	return false
}

// practice are names of environments where no users are.
const practice = `staging|stage|stg|dev|develop|development|sandbox|qa|uat|preprod|pre-prod`

// Rehearsal reports whether a text names an environment where no users are.
func Rehearsal(text string) bool { return notProduction.MatchString(devices.Replace(text)) }

var (
	notProduction = lazyregexp.New(`(?i)(?:^|[\s=/._\-])(?:` + practice + `|minikube|localhost|docker-desktop|kind-\w+)(?:[\s=/._\-]|$)`)
	// rehearsed finds them in the name of an environment, where words are meant that
	// commands and lines of logs use for other things.
	rehearsed = lazyregexp.New(`(?i)(?:^|[^a-z])(?:` + practice + `|test|testing|preview|integration|local)(?:[^a-z]|$)`)
	// devices takes out of a command what is called dev and is no environment.
	devices = strings.NewReplacer("/dev/", " ", " dev ", " ")
)

var production = lazyregexp.New(`(?i)prod|live|^(?:main|primary|default)$|^(?:eu|us|ap|sa|af|me)-`)

// Reader reads events. Make one with [NewReader]; it is safe for concurrent use.
type Reader struct {
	grammar *speech.Grammar
	names   *Names
	offsets []time.Duration
}

// NewReader returns a Reader that knows the services that names holds, and the
// zones that people may think in: see [Offsets].
func NewReader(g *speech.Grammar, names *Names, offsets []time.Duration) *Reader {
	return &Reader{g, names, offsets}
}

// Read returns what the event states. Every event states one fact.
func (r *Reader) Read(e hindcast.Event) *Fact {
	f := &Fact{
		Events: []hindcast.Event{e}, At: e.At, Until: e.Until, Actor: e.Actor, Title: e.Title, Service: e.Service,
		Version: Version(e.Version), Previous: Version(e.Previous), Env: e.Env, Subject: e.Subject, Test: e.Test,
		Count: max(e.Count, 1), Severity: cmp.Or(e.Attrs["severity"], e.Attrs["label.severity"], e.Attrs["priority"]),
	}
	switch e.Kind {
	case hindcast.PagerTriggered, hindcast.PagerAcknowledged, hindcast.PagerResolved, hindcast.PagerStep:
		r.pager(f, e)
	case hindcast.AlertFiring, hindcast.AlertResolved:
		r.alert(f, e)
	case hindcast.Message, hindcast.PagerNote:
		r.message(f, e)
	case hindcast.Deploy, hindcast.DeployStep:
		r.deploy(f, e)
	case hindcast.ConfigChange:
		r.change(f, e)
	case hindcast.Commit:
		f.Class = Committed
	case hindcast.Command:
		r.command(f, e)
	case hindcast.PlatformEvent:
		r.platform(f, e)
	case hindcast.StatusUpdate:
		r.status(f, e)
	case hindcast.Recollection:
		f.Class, f.Speech = Remembered, r.grammar.Read(cmp.Or(e.Text, e.Title))
	case hindcast.Attachment:
		f.Class = Kept
	default:
		r.row(f, e)
	}
	f.Moments = moments(f.Speech.Clocks, moment.Reader{At: f.At, Offsets: r.offsets})
	return f
}

// Version returns a version as it is compared: lower case, without a leading v.
func Version(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 1 && s[0] == 'v' && s[1] >= '0' && s[1] <= '9' {
		return s[1:]
	}
	return s
}

// Between returns those of facts in order of time that lie from one moment to another, both
// included.
func Between(facts []*Fact, from, to time.Time) []*Fact {
	i, _ := slices.BinarySearchFunc(facts, from, func(f *Fact, t time.Time) int { return f.At.Compare(t) })
	n, _ := slices.BinarySearchFunc(facts[i:], to, func(f *Fact, t time.Time) int {
		if f.At.After(t) {
			return 1
		}
		return -1
	})
	return facts[i : i+n]
}

// ByTime orders facts by time, then by where their first record stands.
func ByTime(facts []*Fact) {
	slices.SortStableFunc(facts, func(a, b *Fact) int {
		x, y := a.First(), b.First()
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(x.Ref.File, y.Ref.File), cmp.Compare(x.Ref.Line, y.Ref.Line), cmp.Compare(a.Title, b.Title))
	})
}
