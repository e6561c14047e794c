// Package change completes the changes that people make of a document, and says
// what is wrong with the document that they would give.
package change

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// Maker says who makes changes, and when.
type Maker struct {
	Policy    hindcast.Policy
	Now       time.Time
	By        string // the part that they take in the document
	Note      string // what the changes are for; may be empty
	TakesBack bool   // the changes bring back what was there before, as it was
}

// Complete fills in what a person need not say: that a moment was set by hand, on
// which day an action was agreed, and until when it is due by its priority. What
// takes back an earlier change is complete.
func (m Maker) Complete(before hindcast.Postmortem, changes []part.Change) ([]part.Change, error) {
	out := slices.Clone(changes)
	for i, c := range out {
		switch {
		case len(c.Value) == 0 || m.TakesBack:
		case strings.HasPrefix(c.Path, "phases/"):
			var p part.Phase
			if json.Unmarshal(c.Value, &p) == nil && !p.At.IsZero() && p.Why == "" {
				p.Why = "set by a person"
				out[i].Value = JSON(p)
			}
		case strings.HasPrefix(c.Path, "actions/"):
			var a hindcast.ActionItem
			if json.Unmarshal(c.Value, &a) != nil {
				continue // Apply says what is wrong with it
			}
			err := m.action(before, strings.TrimPrefix(c.Path, "actions/"), &a)
			if err != nil && !stale(&before, c) {
				return nil, err
			}
			out[i].Value = JSON(a)
		}
	}
	return out, nil
}

// stale reports whether a part changed since a change of it was begun: Apply shows
// both values then.
func stale(p *hindcast.Postmortem, c part.Change) bool {
	if c.Base == nil {
		return false
	}
	now, err := part.Get(p, c.Path)
	return err == nil && part.TagOf(now) != *c.Base
}

// action fills in what an action need not say, and lets its status change by
// the rules alone. One that comes from elsewhere, with its history, stays as it is.
func (m Maker) action(before hindcast.Postmortem, id string, a *hindcast.ActionItem) error {
	today := hindcast.DateOf(m.Now)
	if a.Status == "" {
		a.Status = hindcast.ActionOpen
	}
	a.ID = ""
	if i := slices.IndexFunc(before.Actions, func(x hindcast.ActionItem) bool { return x.ID == id }); i >= 0 {
		if err := a.Follow(before.Actions[i], today, m.By); err != nil {
			return Faults{{Path: "actions/" + id, Field: "status", Message: err.Error()}}
		}
		return nil
	}
	if a.Opened.IsZero() {
		a.Opened = today
	}
	if a.Due.IsZero() && a.Open() {
		a.Due = a.Priority.Due(a.Opened)
	}
	return nil
}

// Severity returns what a change of the severity brings with it, where the one who
// makes it does not say so: the name of the level and, when another one was decided
// before, the change itself with the note as its reason.
func (m Maker) Severity(before hindcast.Postmortem, changes []part.Change) ([]part.Change, error) {
	has := func(path string) bool {
		return slices.ContainsFunc(changes, func(c part.Change) bool { return c.Path == path })
	}
	i := slices.IndexFunc(changes, func(c part.Change) bool { return c.Path == "severity" })
	if i < 0 || has("severity_name") || has("severity_changes") {
		return nil, nil
	}
	var level int
	if len(changes[i].Value) > 0 && json.Unmarshal(changes[i].Value, &level) != nil {
		return nil, nil // Apply says what is wrong with it
	}
	known, _ := m.Policy.Level(level)
	inc := before.Incident
	note := strings.TrimSpace(m.Note)
	if note == "" && inc.Severity != 0 && level >= 0 && level != inc.Severity {
		return nil, Faults{{Path: "note", Message: "is missing; say why the severity changes, the reason stays with the incident"}}
	}
	if err := inc.SetSeverity(level, known.Name, m.Now, m.By, note); err != nil {
		return nil, nil // validation says what is wrong with it
	}
	out := []part.Change{{Path: "severity_name", Value: JSON(inc.SeverityName)}}
	if len(inc.SeverityChanges) > len(before.Incident.SeverityChanges) {
		out = append(out, part.Change{Path: "severity_changes", Value: JSON(inc.SeverityChanges)})
	}
	return out, nil
}

// JSON encodes a value of the vocabulary, for a change of a part.
func JSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("change: a value of the vocabulary cannot be JSON: " + err.Error())
	}
	return raw
}

// Factors returns the factors of an edit with their numbers, and with the tag that they
// had where what ruled them out was taken back.
func Factors(before, list []hindcast.Factor) []hindcast.Factor {
	out := hindcast.NumberFactors(before, list)
	for i, x := range out {
		out[i] = x.TakenUp()
	}
	return out
}
