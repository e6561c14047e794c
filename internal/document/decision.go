package document

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/record"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// readDecision adds a decision to the entry with its id; one that a person wrote
// without an id, to the entry at its time, or to a new one.
func readDecision(r *reader, it syntax.Item) bool {
	head, ok := record.ReadHeadline(it.Text, r.day)
	if it.Mark != "d" && (it.Mark != "" || !ok) {
		return false
	}
	if !ok {
		head.Title = syntax.ReadInline(it.Text)
	}
	i := r.decisionEntry(it, head)
	e := &r.out.Postmortem.Timeline[i]
	e.Decision = &hindcast.Decision{Question: head.Title}
	syntax.ReadRecord(r.report(), indexed("timeline", i)+".decision", e.Decision, it, record.DecisionFields(), &e.Detail)
	return true
}

func (r *reader) decisionEntry(it syntax.Item, head hindcast.Entry) int {
	if i, ok := r.entries[entryKey(it.ID, head.At)]; ok {
		return i
	}
	if it.ID != "" {
		r.problem(it.Line, "the timeline has no entry for this decision; it was given one")
	}
	e := hindcast.Entry{ID: it.ID, At: head.At, KnownAt: head.At, Kind: hindcast.Decided, Title: head.Title, Key: true}
	r.out.lines[indexed("timeline", len(r.out.Postmortem.Timeline))] = it.Line
	return r.appendEntry(e)
}

// appendEntry adds an entry to the timeline, where its decision finds it by id
// or, without one, by its time.
func (r *reader) appendEntry(e hindcast.Entry) int {
	p := &r.out.Postmortem
	i := len(p.Timeline)
	p.Timeline = append(p.Timeline, e)
	keys := []string{entryKey(e.ID, time.Time{})}
	if e.Kind == hindcast.Decided {
		keys = append(keys, entryKey("", e.At))
	}
	for _, key := range keys {
		if _, ok := r.entries[key]; !ok {
			r.entries[key] = i
		}
	}
	return i
}

func entryKey(id string, at time.Time) string {
	if id != "" {
		return "id " + id
	}
	return "at " + at.Format(time.RFC3339Nano)
}

func readAccount(r *reader, it syntax.Item) bool {
	if it.Mark != "c" && it.Mark != "" {
		return false
	}
	p := &r.out.Postmortem
	a := hindcast.Account{ID: it.ID, Who: syntax.ReadInline(it.Text)}
	who, said, ok := strings.Cut(a.Who, ": ")
	if it.Mark == "" && ok {
		a.Who, a.Text = strings.Trim(who, "*"), said
	}
	syntax.ReadRecord(r.report(), indexed("accounts", len(p.Accounts)), &a, it, record.AccountFields(), &a.Text)
	p.Accounts = append(p.Accounts, a)
	return true
}
