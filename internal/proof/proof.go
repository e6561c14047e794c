// Package proof checks whether what a post-mortem says still follows from its
// evidence: whether the files are the same, byte for byte, and whether they
// still give its timeline.
//
// A person may correct a title, a phase or what is known of an entry; that is told, and
// breaks nothing. A file that changed, an entry that the evidence no longer gives or a
// reference to what it does not have does.
package proof

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// State says how one thing compares.
type State string

// The states. Changed and Missing break a proof.
const (
	Same    State = "same"
	Moved   State = "moved"    // the same bytes under another name
	Edited  State = "edited"   // a person changed what the evidence says
	LeftOut State = "left-out" // a key entry of the evidence that the document does not have
	ByHand  State = "by-hand"  // a person wrote it; there is no evidence to hold it against
	Changed State = "changed"  // other bytes, or another time
	Missing State = "missing"  // the evidence does not have or give it
)

// Finding is the state of one file, entry or phase.
type Finding struct {
	Name  string `json:"name"` // file name, entry id or phase
	State State  `json:"state"`
	Note  string `json:"note,omitempty"` // what differs
}

// Report is what a check found.
type Report struct {
	Holds    bool      `json:"holds"` // no finding is changed or missing
	Evidence []Finding `json:"evidence"`
	Entries  []Finding `json:"entries"`
	Phases   []Finding `json:"phases"`
}

// Check holds a post-mortem against the timeline that its evidence gives now,
// with every candidate entry, in the words in which a draft shows them.
func Check(pm hindcast.Postmortem, now hindcast.Timeline) Report {
	r := Report{Evidence: files(pm.Evidence, now.Evidence), Phases: phases(pm.Incident.Phases, now.Incident)}
	refs := map[string]hindcast.Entry{}
	for _, e := range now.Entries {
		refs[e.ID] = e
	}
	has := map[string]bool{}
	for _, e := range now.Evidence {
		has[e.Name], has[e.SHA256] = true, true
	}
	kept := map[string]bool{}
	for _, e := range pm.Timeline {
		kept[e.ID] = true
		r.Entries = append(r.Entries, entry(e, refs, has))
	}
	for _, e := range now.Entries {
		if e.Key && !kept[e.ID] {
			r.Entries = append(r.Entries, Finding{e.ID, LeftOut, "the document does not have " + quoted(e.Title)})
		}
	}
	broken := func(f Finding) bool { return f.State == Changed || f.State == Missing }
	if slices.ContainsFunc(r.Evidence, broken) { // then nobody need have edited what differs
		for i := range r.Phases {
			if r.Phases[i].State == Edited {
				r.Phases[i].State = Changed
			}
		}
	}
	r.Holds = !slices.ContainsFunc(r.Evidence, broken) && !slices.ContainsFunc(r.Entries, broken)
	return r
}

func files(then, now []hindcast.Evidence) []Finding {
	name, sum := map[string]string{}, map[string]string{}
	for _, e := range now {
		name[e.Name] = e.SHA256
		sum[e.SHA256] = e.Name
	}
	var out []Finding
	for _, e := range then {
		f := Finding{Name: e.Name, State: Same}
		switch got, ok := name[e.Name]; {
		case got == e.SHA256 && ok:
		case sum[e.SHA256] != "":
			f.State, f.Note = Moved, "now "+sum[e.SHA256]
		case ok:
			f.State, f.Note = Changed, fmt.Sprintf("sha256 is %s, was %s", got, e.SHA256)
		default:
			f.State, f.Note = Missing, "no file has its bytes"
		}
		out = append(out, f)
	}
	return out
}

// entry compares one entry; has holds the names and hashes of the files that are there.
func entry(then hindcast.Entry, now map[string]hindcast.Entry, has map[string]bool) Finding {
	f := Finding{Name: then.ID, State: Same}
	if len(then.Evidence) == 0 {
		f.State, f.Note = ByHand, "it names no evidence"
		return f
	}
	e, ok := now[then.ID]
	strange := slices.IndexFunc(then.Evidence, func(r hindcast.Ref) bool { return !has[r.File] && !has[r.SHA256] })
	switch {
	case !ok:
		f.State, f.Note = Missing, "the evidence gives no such entry"
	case !within(then.At, e.At):
		f.State, f.Note = Changed, fmt.Sprintf("it happened at %s, the document says %s", moment(e.At), moment(then.At))
	case strange >= 0:
		f.State, f.Note = Changed, fmt.Sprintf("it names %s, which the evidence does not have", then.Evidence[strange])
	case !shares(then.Evidence, e.Evidence, sameLine):
		f.State, f.Note = Changed, "its evidence is at other lines now"
		if shares(then.Evidence, e.Evidence, sameName) {
			f.Note = "the bytes of its file changed"
		}
	default:
		if notes := edits(then, e); len(notes) > 0 {
			f.State, f.Note = Edited, "the evidence says "+strings.Join(notes, "; ")
		}
	}
	return f
}

// edits lists what a person changed of an entry.
func edits(then, now hindcast.Entry) []string {
	var out []string
	note := func(differs bool, format string, args ...any) {
		if differs {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	known := func(e hindcast.Entry) time.Time {
		if e.KnownAt.IsZero() {
			return e.At
		}
		return e.KnownAt
	}
	note(then.Kind != now.Kind, "%s, the document %s", now.Kind, then.Kind)
	note(then.Title != now.Title, "%s, the document %s", quoted(now.Title), quoted(then.Title))
	note(then.Actor != now.Actor, "by %s (%s), the document by %s (%s)", now.Actor.Name, now.Actor.Kind, then.Actor.Name, then.Actor.Kind)
	note(!within(known(then), known(now)), "known from %s, the document from %s", moment(known(now)), moment(known(then)))
	note(!within(then.Until, now.Until), "until %s, the document until %s", moment(now.Until), moment(then.Until))
	for _, r := range then.Evidence {
		note(!shares([]hindcast.Ref{r}, now.Evidence, sameLine), "nothing of %s", r)
	}
	return out
}

func quoted(s string) string { return "“" + s + "”" }

// within reports whether two times are the same to the second that documents show.
func within(a, b time.Time) bool { return a.Sub(b).Abs() < time.Second }

func shares(a, b []hindcast.Ref, same func(x, y hindcast.Ref) bool) bool {
	return slices.ContainsFunc(a, func(x hindcast.Ref) bool {
		return slices.ContainsFunc(b, func(y hindcast.Ref) bool { return same(x, y) })
	})
}

func sameLine(x, y hindcast.Ref) bool {
	return x.Line == y.Line && (x.SHA256 == y.SHA256 || x.SHA256 == "" && x.File == y.File)
}

func sameName(x, y hindcast.Ref) bool { return x.Line == y.Line && x.File == y.File }

func phases(then, now hindcast.Phases) []Finding {
	var out []Finding
	for _, p := range [...]struct {
		name      string
		then, now time.Time
	}{
		{"started_at", then.StartedAt, now.StartedAt}, {"detected_at", then.DetectedAt, now.DetectedAt}, {"acknowledged_at", then.AcknowledgedAt, now.AcknowledgedAt},
		{"mitigated_at", then.MitigatedAt, now.MitigatedAt}, {"resolved_at", then.ResolvedAt, now.ResolvedAt},
	} {
		if p.then.IsZero() && p.now.IsZero() {
			continue
		}
		f := Finding{Name: p.name, State: Same}
		if !within(p.then, p.now) {
			f.State, f.Note = Edited, fmt.Sprintf("the evidence says %s, the document %s", moment(p.now), moment(p.then))
		}
		out = append(out, f)
	}
	return out
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "nothing"
	}
	return t.UTC().Format(time.RFC3339)
}
