package record

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// DecisionFields returns the fields of a decision.
func DecisionFields() []syntax.Field[hindcast.Decision] {
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

// WriteDecisions writes the decisions of entries, each with the time of its entry.
func WriteDecisions(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Timeline {
		e := &p.Timeline[i]
		if e.Decision == nil {
			continue
		}
		syntax.WriteRecord(b, n, e.Decision, decisionHeadline(e), DecisionFields())
	}
}

func decisionHeadline(e *hindcast.Entry) string {
	clock, question := "**"+WriteClock(e.At)+"** ", syntax.Ask(decisionQuestion)
	if e.Decision.Question != "" {
		question = syntax.WriteInline(e.Decision.Question)
		if got, _ := ReadHeadline(clock+question, e.At); got.Title != e.Decision.Question {
			question = syntax.Quote(e.Decision.Question)
		}
	}
	return clock + question + syntax.WriteID("d", e.ID, "")
}

// AccountFields returns the fields of what somebody remembers.
func AccountFields() []syntax.Field[hindcast.Account] {
	type T = hindcast.Account
	return []syntax.Field[T]{
		syntax.Moment("About", "about", func(a *T) *time.Time { return &a.About }, syntax.NoDay[T]),
		syntax.Moment("Written", "written", func(a *T) *time.Time { return &a.Written }, syntax.NoDay[T]),
		syntax.Text("Remembers", "text", func(a *T) *string { return &a.Text }).Asking("What do you remember, in the order in which you saw it?"),
	}
}

// WriteAccounts writes what people remember.
func WriteAccounts(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Accounts {
		a := &p.Accounts[i]
		syntax.WriteRecord(b, n, a, syntax.WriteInline(a.Who)+syntax.WriteID("c", a.ID, ""), AccountFields())
	}
}
