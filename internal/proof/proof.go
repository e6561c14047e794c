// Package proof checks whether what a post-mortem says still follows from its
// evidence: whether the files are the same, byte for byte, and whether they
// still give its timeline.
//
// A person may correct a title or a phase; that is told, and breaks nothing.
// A file that changed or an entry that the evidence no longer gives does.
package proof

import (
	"fmt"
	"slices"
	"time"

	"github.com/hindcast/hindcast"
)

// State says how one thing compares.
type State string

// The states. Changed and Missing break a proof.
const (
	Same    State = "same"
	Moved   State = "moved"   // the same bytes under another name
	Edited  State = "edited"  // a person changed what the evidence says
	ByHand  State = "by-hand" // a person wrote it; there is no evidence to hold it against
	Changed State = "changed" // other bytes, or another time
	Missing State = "missing" // the evidence does not have or give it
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
// with every candidate entry.
func Check(pm hindcast.Postmortem, now hindcast.Timeline) Report {
	r := Report{Evidence: files(pm.Evidence, now.Evidence), Phases: phases(pm.Incident.Phases, now.Incident)}
	refs := map[string]hindcast.Entry{}
	for _, e := range now.Entries {
		refs[e.ID] = e
	}
	for _, e := range pm.Timeline {
		r.Entries = append(r.Entries, entry(e, refs))
	}
	broken := func(f Finding) bool { return f.State == Changed || f.State == Missing }
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

func entry(then hindcast.Entry, now map[string]hindcast.Entry) Finding {
	f := Finding{Name: then.ID, State: Same}
	if len(then.Evidence) == 0 {
		f.State, f.Note = ByHand, "it names no evidence"
		return f
	}
	e, ok := now[then.ID]
	switch {
	case !ok:
		f.State, f.Note = Missing, "the evidence gives no such entry"
	case !within(then.At, e.At):
		f.State, f.Note = Changed, fmt.Sprintf("it happened at %s, the document says %s", e.At.UTC().Format(time.RFC3339), then.At.UTC().Format(time.RFC3339))
	case !sharesLine(then.Evidence, e.Evidence):
		f.State, f.Note = Changed, "its evidence is at other lines now"
	case then.Kind != e.Kind:
		f.State, f.Note = Edited, fmt.Sprintf("the evidence says %s, the document %s", e.Kind, then.Kind)
	}
	return f
}

// within reports whether two times are the same to the second that documents show.
func within(a, b time.Time) bool { return a.Sub(b).Abs() < time.Second }

func sharesLine(a, b []hindcast.Ref) bool {
	return slices.ContainsFunc(a, func(x hindcast.Ref) bool {
		return slices.ContainsFunc(b, func(y hindcast.Ref) bool {
			return x.Line == y.Line && (x.SHA256 == y.SHA256 || x.SHA256 == "" && x.File == y.File)
		})
	})
}

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
