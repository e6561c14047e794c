package timeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/notable"
	"github.com/hindcast/hindcast/internal/timeline/recount"
	"github.com/hindcast/hindcast/internal/timeline/sign"
	"github.com/hindcast/hindcast/internal/timeline/signal"
	"github.com/hindcast/hindcast/internal/timeline/speech"
	"github.com/hindcast/hindcast/internal/timeline/title"
)

const (
	maxRefs = 12
)

// entry makes the timeline's entry of a fact.
func (b *builder) entry(f *fact.Fact) hindcast.Entry {
	v := b.verdict[f]
	e := hindcast.Entry{
		At: f.At, Until: f.Until, Kind: cmp.Or(v.kind, b.kind(f)), Actor: b.actor(f, v), Service: f.Service,
		Key: v.key, Score: round(v.score), Why: v.why, Evidence: b.refs(f),
	}
	if !v.at.IsZero() {
		e.At = v.at
	} else if at, ok := recount.Stated(f); ok {
		e.At = at
	}
	if !e.Until.After(e.At) {
		e.Until = time.Time{}
	}
	e.Title, e.Detail = title.Of(f, title.Context{Kind: e.Kind, Deleted: b.deleted, Beside: b.beside[f]})
	e.KnownAt = e.At
	if k := b.known.At(f, e); k.After(e.At) {
		e.KnownAt = k
	}
	if w := f.WrittenAbout(); w.After(e.KnownAt) {
		e.KnownAt = w
	}
	e.ID = b.id(f)
	return e
}

func round(x float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', 3, 64), 64)
	return r
}

// kinds are the parts that facts play by their class.
var kinds = map[fact.Class]hindcast.EntryKind{
	fact.Paged: hindcast.Alert, fact.Fired: hindcast.Alert, fact.Escalated: hindcast.Communication, fact.PagerWork: hindcast.Alert,
	fact.Acknowledged: hindcast.Acknowledge, fact.Closed: hindcast.Recovery, fact.Cleared: hindcast.Recovery,
	fact.Rollout: hindcast.Change, fact.Changed: hindcast.Change, fact.Ran: hindcast.Change, fact.Committed: hindcast.Change,
	fact.RolloutStep: hindcast.Observed, fact.RolloutFault: hindcast.Observed, fact.Looked: hindcast.Observed,
	fact.PodStarted: hindcast.Observed, fact.Platform: hindcast.Observed, fact.Warned: hindcast.Symptom,
	fact.Posted: hindcast.Communication, fact.VendorPosted: hindcast.ExternalEvent, fact.Told: hindcast.Communication,
	fact.Remembered: hindcast.Observed, fact.Kept: hindcast.Observed, fact.Row: hindcast.Observed,
}

// acts are the parts that people's words play.
var acts = map[speech.Act]hindcast.EntryKind{
	speech.Decision: hindcast.Decided, speech.Action: hindcast.Action, speech.Mitigation: hindcast.Mitigation, speech.AllClear: hindcast.Recovery,
	speech.Communication: hindcast.Communication, speech.Vendor: hindcast.ExternalEvent, speech.Taken: hindcast.Acknowledge,
}

func (b *builder) kind(f *fact.Fact) hindcast.EntryKind {
	switch f.Class {
	case fact.Said:
		return cmp.Or(acts[f.Speech.Act], hindcast.Observed)
	case fact.Sign:
		switch {
		case f.Sign.Detector == notable.Expiry && b.external(f) == "", sign.Change(f):
			return hindcast.Change
		case b.external(f) != "":
			return hindcast.ExternalEvent
		case sign.Worse(f.Sign):
			return hindcast.Symptom
		}
		return hindcast.Observed
	}
	return cmp.Or(kinds[f.Class], hindcast.Observed)
}

// actor returns who did it. That the impact falls is the system's doing,
// whoever says so; what another company does is its own.
func (b *builder) actor(f *fact.Fact, v verdict) hindcast.Actor {
	switch {
	case b.dated[f] && f.Class == fact.Sign:
		return hindcast.Actor{Name: "users", Kind: hindcast.External}
	case f.Class == fact.Sign && b.external(f) != "":
		return hindcast.Actor{Name: b.external(f), Kind: hindcast.External}
	case f.Class == fact.Sign && v.kind == hindcast.Change && !sign.Change(f) && notable.Turns(f.Title), sign.Change(f) && (!notable.Boots(f.Title) || unattended.MatchString(f.Title+" "+f.Service)):
		return hindcast.Actor{Name: f.Service, Kind: hindcast.Automation}
	case b.dated[f] && v.kind == hindcast.Symptom && !recount.OfUsers(f):
		return hindcast.Actor{Name: cmp.Or(f.Service, b.mainService()), Kind: hindcast.System}
	case b.dated[f] && v.kind == hindcast.ExternalEvent:
		return hindcast.Actor{Name: cmp.Or(b.companies.Named(f.Text()), "another company"), Kind: hindcast.External}
	case b.dated[f] && v.kind == hindcast.Change:
		return changer(f)
	case b.dated[f]:
		return hindcast.Actor{Name: "users", Kind: hindcast.External}
	case f.Class == fact.Said && f.Speech.Act == speech.Vendor:
		return hindcast.Actor{Name: cmp.Or(b.companies.Blamed(f.Text()), "vendor"), Kind: hindcast.External}
	case v.kind == hindcast.Action && f.Class == fact.Sign && !unattended.MatchString(f.Title):
		return hindcast.Actor{Name: "somebody", Kind: hindcast.Person}
	case v.kind == hindcast.Mitigation:
		return hindcast.Actor{Name: b.mainService(), Kind: hindcast.System}
	case v.kind == hindcast.Action && f.Actor.Kind == hindcast.Automation:
		return reporter(f)
	case f.Actor.Kind != hindcast.Person && (f.Class == fact.Posted || f.Class == fact.Escalated && strings.Contains(f.First().Attrs["step"], "responder")): // people write and ask
		return hindcast.Actor{Name: f.Actor.Name, Kind: hindcast.Person}
	case f.Actor.Kind == "":
		return hindcast.Actor{Name: f.Actor.Name, Kind: hindcast.Automation}
	}
	return f.Actor
}

// changer returns who made a change that somebody told of: themselves, a machine that
// does it by itself, or somebody else.
func changer(f *fact.Fact) hindcast.Actor {
	switch {
	case speech.Owns(f.Text()):
		return f.Actor
	case unattended.MatchString(f.Title):
		return hindcast.Actor{Name: f.Service, Kind: hindcast.Automation}
	}
	return hindcast.Actor{Name: "somebody", Kind: hindcast.Person}
}

// unattended is how a machine says that it was told to start again by itself.
var unattended = lazyregexp.New(`(?i)\bunattended|\bautomat(?:ic|ed)|\bschedule[dr]?\b|\bcron\w*\b|\b(?:pipeline|nightly|batch|job)\b`)

// reporter returns the person who says that they did what a pipeline carried
// out, else the pipeline.
func reporter(f *fact.Fact) hindcast.Actor {
	for _, e := range f.Events {
		if e.Kind == hindcast.Message && e.Actor.Kind == hindcast.Person {
			return e.Actor
		}
	}
	return f.Actor
}

// mainService is the service that the first alert names.
func (b *builder) mainService() string {
	if a := b.phases.Alarm; a != nil && a.Service != "" {
		return a.Service
	}
	for _, p := range b.scope.Pages {
		if p.Service != "" {
			return p.Service
		}
	}
	return ""
}

// refs returns the records that show a fact, the deciding one first.
func (b *builder) refs(f *fact.Fact) []hindcast.Ref {
	out := []hindcast.Ref{}
	add := func(r hindcast.Ref) {
		if r.SHA256 == "" {
			r.SHA256 = b.hash(r.File)
		}
		if len(out) < maxRefs && r.File != "" && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	for _, e := range f.Events {
		add(e.Ref)
	}
	if e, ok := b.deleted[f.First().ID]; ok {
		add(e.Ref)
	}
	if f.Sign != nil {
		for _, m := range f.Sign.Marks {
			add(ref(m))
		}
		for _, d := range f.Signs {
			if len(d.Marks) > 0 {
				add(ref(d.Marks[0]))
			}
		}
	}
	for _, s := range b.beside[f] {
		if s.Sign != nil && len(s.Sign.Marks) > 0 {
			add(ref(s.Sign.Marks[0]))
		}
		for _, e := range s.Events {
			add(e.Ref)
		}
	}
	return out
}

func ref(m signal.Mark) hindcast.Ref {
	r := hindcast.Ref{Line: m.Line, Offset: m.Offset}
	if m.EndLine > m.Line {
		r.EndLine = m.EndLine
	}
	if m.File != nil {
		r.File = m.File.Name
	}
	return r
}

func (b *builder) hash(file string) string {
	for _, e := range b.opt.Evidence {
		if e.Name == file {
			return e.SHA256
		}
	}
	return ""
}

// id derives an entry's id from the identity that the source gives its record,
// else from the record's format, time and words; never from its place.
func (b *builder) id(f *fact.Fact) string {
	e := f.First()
	parts := []string{e.ID, string(e.Kind)}
	switch {
	case f.Sign != nil:
		parts = []string{f.Sign.Detector, f.Sign.Service, f.Sign.Subject, strconv.FormatInt(f.Sign.From/int64(time.Second), 10)}
	case e.ID == "":
		parts = []string{b.format(e.Ref.File), string(e.Kind), e.At.UTC().Format(time.RFC3339Nano), e.Subject, e.Service, e.Actor.Name, e.Title}
	}
	if f.Stated { // beside the message that states it
		parts = append(parts, f.At.UTC().Format(time.RFC3339))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

func (b *builder) format(file string) string {
	for _, e := range b.opt.Evidence {
		if e.Name == file {
			return e.Format
		}
	}
	return ""
}

// unique tells records apart that are equal in everything that makes an id, by
// their order. entries are in order.
func unique(entries []hindcast.Entry) {
	n := map[string]int{}
	for i, e := range entries {
		if k := n[e.ID]; k > 0 {
			entries[i].ID = fmt.Sprintf("%s-%d", e.ID, k+1)
		}
		n[e.ID]++
	}
}
