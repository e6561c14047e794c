package document

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

func decisionFields() []syntax.Field[hindcast.Decision] {
	type T = hindcast.Decision
	return []syntax.Field[T]{
		syntax.List("Options", "options", func(d *T) *[]string { return &d.Options }).Or("options considered").Asking("Which options were there?"),
		syntax.Text("Choice", "choice", func(d *T) *string { return &d.Choice }).Or("decision|chosen").Asking("Which one was chosen?"),
		orNone("Known then", "known", func(d *T) *[]string { return &d.Known }).Or("known"),
		orNone("Not known then", "not_known", func(d *T) *[]string { return &d.NotKnown }).Or("not known"),
		syntax.List("Assumptions", "assumptions", func(d *T) *[]string { return &d.Assumptions }).Asking("What was taken for granted?"),
		syntax.Text("Expected", "expected", func(d *T) *string { return &d.Expected }).Asking("What was expected to happen next?"),
	}
}

// none stands where somebody said that no entry belongs there.
const none = "none"

// orNone is a field of entries that tells none from not answered.
func orNone(name, path string, at func(*hindcast.Decision) *[]string) syntax.Field[hindcast.Decision] {
	ids := syntax.IDs(name, path, "e", at)
	f := ids
	f.Write = func(d *hindcast.Decision, n *syntax.Names) syntax.Value {
		if list := *at(d); list != nil && len(list) == 0 {
			return syntax.Value{First: none}
		}
		return ids.Write(d, n)
	}
	f.Read = func(d *hindcast.Decision, v syntax.Value) string {
		if strings.EqualFold(strings.TrimSpace(v.First), none) && len(v.Rest) == 0 {
			*at(d) = []string{}
			return ""
		}
		return ids.Read(d, v)
	}
	return f
}

const decisionQuestion = "What was there to decide?"

func writeDecisions(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Timeline {
		e := &p.Timeline[i]
		if e.Decision == nil {
			continue
		}
		syntax.WriteRecord(b, n, e.Decision, decisionHeadline(e), decisionFields())
	}
}

func decisionHeadline(e *hindcast.Entry) string {
	clock, question := "**"+writeClock(e.At)+"** ", syntax.Ask(decisionQuestion)
	if e.Decision.Question != "" {
		question = syntax.WriteInline(e.Decision.Question)
		if got, _ := readHeadline(clock+question, e.At); got.Title != e.Decision.Question {
			question = syntax.Quote(e.Decision.Question)
		}
	}
	return clock + question + syntax.WriteID("d", e.ID, "")
}

// readDecision adds a decision to the entry with its id; one that a person wrote
// without an id, to the entry at its time, or to a new one.
func readDecision(r *reader, it syntax.Item) bool {
	head, ok := readHeadline(it.Text, r.day)
	if it.Mark != "d" && (it.Mark != "" || !ok) {
		return false
	}
	if !ok {
		head.Title = syntax.ReadInline(it.Text)
	}
	i := r.decisionEntry(it, head)
	e := &r.out.Postmortem.Timeline[i]
	e.Decision = &hindcast.Decision{Question: head.Title}
	syntax.ReadRecord(r.report(), indexed("timeline", i)+".decision", e.Decision, it, decisionFields(), &e.Detail)
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

func accountFields() []syntax.Field[hindcast.Account] {
	type T = hindcast.Account
	return []syntax.Field[T]{
		syntax.Moment("About", "about", func(a *T) *time.Time { return &a.About }, syntax.NoDay[T]),
		syntax.Moment("Written", "written", func(a *T) *time.Time { return &a.Written }, syntax.NoDay[T]),
		syntax.Text("Remembers", "text", func(a *T) *string { return &a.Text }).Asking("What do you remember, in the order in which you saw it?"),
	}
}

func writeAccounts(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Accounts {
		a := &p.Accounts[i]
		syntax.WriteRecord(b, n, a, syntax.WriteInline(a.Who)+syntax.WriteID("c", a.ID, ""), accountFields())
	}
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
	syntax.ReadRecord(r.report(), indexed("accounts", len(p.Accounts)), &a, it, accountFields(), &a.Text)
	p.Accounts = append(p.Accounts, a)
	return true
}
