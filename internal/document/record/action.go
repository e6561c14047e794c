// Package record is how each record of a post-mortem stands in Markdown: the headline
// of its item, the fields below it and the columns of its table. Every record is
// written here, and the fields say how each is read; which record a list holds, and
// where what was read goes, is decided by package document.
package record

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Box is the check box of a task list.
var Box = lazyregexp.New(`^\[([ xX])\] +`)

// ActionFields returns the fields of an action item. What is still to be done
// asks for everything that makes it specific.
func ActionFields(a *hindcast.ActionItem) []syntax.Field[hindcast.ActionItem] {
	type T = hindcast.ActionItem
	owner := syntax.Text("Owner", "owner", func(a *T) *string { return &a.Owner }).Or("assignee|who|responsible")
	priority := syntax.Word("Priority", "priority", func(a *T) *hindcast.Priority { return &a.Priority },
		hindcast.PriorityCritical, hindcast.PriorityHigh, hindcast.PriorityMedium, hindcast.PriorityLow)
	due := syntax.Date("Due", "due", func(a *T) *hindcast.Date { return &a.Due }).Or("due date|target date|target|by|deadline|date|when")
	doneWhen := syntax.Text("Done when", "done_when", func(a *T) *string { return &a.DoneWhen }).Or("success criterion|success criteria|success")
	effects := syntax.Words("Effect", "effects", func(a *T) *[]hindcast.Effect { return &a.Effects }, hindcast.Effects()...).Or("effects")
	if a.Status == hindcast.ActionOpen || a.Status == hindcast.ActionInProgress {
		owner = owner.Asking("Who will do it?")
		priority = priority.Asking("How urgent is it: critical, high, medium or low?")
		due = due.Asking("By which day?")
		doneWhen = doneWhen.Asking("How will you know that it worked?")
		effects = effects.Asking("What does it do: prevents recurrence, improves detection, improves response?")
	}
	return append([]syntax.Field[T]{owner, priority, due, doneWhen, effects}, actionProgress()...)
}

// actionProgress returns the fields that are written only when they say something.
func actionProgress() []syntax.Field[hindcast.ActionItem] {
	type T = hindcast.ActionItem
	return []syntax.Field[T]{
		syntax.IDs("Answers", "factors", "f", func(a *T) *[]string { return &a.Factors }).Or("factor|factors"),
		syntax.OneLine("Alert", "alert.rule", writeAlert, readAlert).Or("alert rule"),
		syntax.OneLine("Replayed", "alert.replay", writeReplay, readReplay),
		syntax.Text("Ticket", "ticket", func(a *T) *string { return &a.Ticket }).Or("issue|tracking|link|bug"),
		syntax.OneLine("Status", "status", writeStatus, readStatus),
		syntax.Text("Reason", "reason", func(a *T) *string { return &a.Reason }),
		syntax.Date("Revisit", "revisit", func(a *T) *hindcast.Date { return &a.Revisit }),
		syntax.Date("Opened", "opened", func(a *T) *hindcast.Date { return &a.Opened }),
		syntax.Date("Closed", "closed", func(a *T) *hindcast.Date { return &a.Closed }),
		syntax.OneLine("Verified by", "verification", writeVerified, readVerified),
		syntax.Text("Own word", "verification.own", verifiedOwn),
		syntax.Refs("Verified with", "verification.evidence", verifiedWith),
		actionHistory(),
		syntax.Text("Detail", "detail", func(a *T) *string { return &a.Detail }).Or("details|note|notes"),
	}
}

func writeStatus(a *hindcast.ActionItem) string {
	if a.Status == hindcast.ActionOpen {
		return ""
	}
	return syntax.WriteWord(a.Status)
}

var statuses = []hindcast.ActionStatus{hindcast.ActionOpen, hindcast.ActionInProgress, hindcast.ActionDone, hindcast.ActionVerified, hindcast.ActionDeclined}

// otherStatuses are the words of other trackers for the states of an action.
var otherStatuses = map[string]hindcast.ActionStatus{
	"todo": hindcast.ActionOpen, "to do": hindcast.ActionOpen, "new": hindcast.ActionOpen, "not started": hindcast.ActionOpen, "planned": hindcast.ActionOpen, "backlog": hindcast.ActionOpen,
	"started": hindcast.ActionInProgress, "ongoing": hindcast.ActionInProgress, "wip": hindcast.ActionInProgress,
	"complete": hindcast.ActionDone, "completed": hindcast.ActionDone, "closed": hindcast.ActionDone, "fixed": hindcast.ActionDone, "resolved": hindcast.ActionDone,
}

func readStatus(a *hindcast.ActionItem, s string) string {
	if other, ok := otherStatuses[syntax.Normalize(s)]; ok {
		a.Status = other
		return ""
	}
	w, complaint := syntax.KnownWord(s, statuses)
	if complaint == "" {
		a.Status = w
	}
	return complaint
}

// verifiedWith is the evidence of an action's verification; that of an action
// without one goes nowhere.
func verifiedWith(a *hindcast.ActionItem) *[]hindcast.Ref {
	if a.Verification == nil {
		return new([]hindcast.Ref)
	}
	return &a.Verification.Evidence
}

// verifiedOwn is why the owner's own word is enough; of an action without a
// verification it goes nowhere.
func verifiedOwn(a *hindcast.ActionItem) *string {
	if a.Verification == nil {
		return new(string)
	}
	return &a.Verification.Own
}

// actionHistory is the field with the changes of status, one a line.
func actionHistory() syntax.Field[hindcast.ActionItem] {
	return syntax.Entries("History", "history", func(a *hindcast.ActionItem) []string {
		var out []string
		for _, m := range a.History {
			out = append(out, writeMove(m))
		}
		return out
	}, func(a *hindcast.ActionItem, lines []string) (complaint string) {
		for _, s := range lines {
			m, wrong := readMove(s)
			if wrong != "" {
				complaint = wrong
				continue
			}
			a.History = append(a.History, m)
		}
		return complaint
	}).Or("progress")
}

// writeMove writes "STATUS on DAY, by WHO: WHY", all but the status only where it
// is known.
func writeMove(m hindcast.ActionMove) string {
	head := syntax.WriteWord(m.To)
	if !m.On.IsZero() {
		head += " on " + m.On.String()
	}
	write := func(text func(string) string) string {
		s := head
		if m.By != "" {
			s += ", by " + text(m.By)
		}
		if m.Reason != "" {
			s += ": " + text(m.Reason)
		}
		return s
	}
	s := write(syntax.WriteInline)
	if got, wrong := readMove(s); wrong == "" && got == m {
		return s
	}
	return write(syntax.Quote)
}

var moved = lazyregexp.New(`^([\pL '’-]+?)(?: on (\d{4}-\d{2}-\d{2}))?(?:, by ("(?:[^"\\]|\\.)*"|.*?))?(?:: (.*))?$`)

func readMove(s string) (hindcast.ActionMove, string) {
	const complaint = "is not understood; write a line of it as: done on 2024-04-02, by platform team: what is to be said of it"
	p := moved.FindStringSubmatch(s)
	if p == nil {
		return hindcast.ActionMove{}, complaint
	}
	to, wrong := syntax.KnownWord(p[1], statuses)
	if wrong != "" {
		return hindcast.ActionMove{}, wrong
	}
	// A day that does not exist stays unset.
	on, _ := hindcast.ParseDate(p[2])
	return hindcast.ActionMove{To: to, On: on, By: syntax.ReadInline(p[3]), Reason: syntax.ReadInline(p[4])}, ""
}

// writeVerified writes "WHO on DAY: HOW".
func writeVerified(a *hindcast.ActionItem) string {
	if a.Verification == nil {
		return ""
	}
	v := *a.Verification
	on := ""
	if !v.On.IsZero() {
		on = " on " + v.On.String()
	}
	s := syntax.WriteInline(v.By) + on + ": " + syntax.WriteInline(v.How)
	var got hindcast.ActionItem
	if readVerified(&got, s); got.Verification.By == v.By && got.Verification.How == v.How && got.Verification.On == v.On {
		return s
	}
	return syntax.Quote(v.By) + on + ": " + syntax.Quote(v.How)
}

var verified = lazyregexp.New(`^(.*?)(?: on (\d{4}-\d{2}-\d{2}))?(?:: (.*))?$`)

func readVerified(a *hindcast.ActionItem, s string) string {
	a.Verification = &hindcast.Verification{}
	m := verified.FindStringSubmatch(s)
	if m == nil {
		return "is not understood; write it as WHO on YYYY-MM-DD: what was seen"
	}
	// A day that does not exist stays unset.
	a.Verification.On, _ = hindcast.ParseDate(m[2])
	a.Verification.By, a.Verification.How = syntax.ReadInline(m[1]), syntax.ReadInline(m[3])
	return ""
}

// writeAlert writes an alert's rule as code.
func writeAlert(a *hindcast.ActionItem) string {
	if a.Alert == nil {
		return ""
	}
	s := syntax.WriteCode(a.Alert.Rule)
	if rule, rest, ok := syntax.CutCode(s); ok && rest == "" && rule == a.Alert.Rule {
		return s
	}
	return syntax.Quote(a.Alert.Rule)
}

func readAlert(a *hindcast.ActionItem, s string) string {
	rule, rest, ok := syntax.CutCode(s)
	if !ok || rest != "" {
		rule = syntax.ReadInline(s)
	}
	alertOf(a).Rule = rule
	return ""
}

// alertOf returns the alert of an action, whose rule or result is read first.
func alertOf(a *hindcast.ActionItem) *hindcast.AlertRule {
	if a.Alert == nil {
		a.Alert = &hindcast.AlertRule{}
	}
	return a.Alert
}

// writeReplay writes "fires DAY TIME, N s earlier; N false alarms in N s".
func writeReplay(a *hindcast.ActionItem) string {
	if a.Alert == nil || a.Alert.Replay == nil {
		return ""
	}
	r := *a.Alert.Replay
	s := "does not fire"
	if !r.FirstAt.IsZero() {
		s = "fires " + r.FirstAt.UTC().Format(syntax.MomentLayout)
	}
	switch {
	case r.EarlierS == nil:
	case *r.EarlierS < 0:
		s += fmt.Sprintf(", %d s later", -*r.EarlierS)
	default:
		s += fmt.Sprintf(", %d s earlier", *r.EarlierS)
	}
	return s + fmt.Sprintf("; %d false alarms in %d s", r.FalseAlarms, r.OutsideS)
}

var replayed = lazyregexp.New(`^(?:does not fire|fires (\S+ \S+?))(?:, (\d{1,18}) s (earlier|later))?; (\d{1,9}) false alarms? in (\d{1,18}) s$`)

func readReplay(a *hindcast.ActionItem, s string) string {
	const complaint = "is not understood; write it as: fires 2024-03-15 14:38:00, 45 s earlier; 0 false alarms in 3600 s"
	m := replayed.FindStringSubmatch(s)
	if m == nil {
		return complaint
	}
	var r hindcast.Replay
	if m[1] != "" {
		at, ok := syntax.ReadMoment(m[1], time.Time{})
		if !ok {
			return complaint
		}
		r.FirstAt = at
	}
	// The pattern admits only numbers that fit.
	if m[2] != "" {
		n, _ := strconv.ParseInt(m[2], 10, 64)
		if m[3] == "later" {
			n = -n
		}
		r.EarlierS = &n
	}
	r.FalseAlarms, _ = strconv.Atoi(m[4])
	r.OutsideS, _ = strconv.ParseInt(m[5], 10, 64)
	alertOf(a).Replay = &r
	return ""
}

// WriteActions writes the action items.
func WriteActions(b *strings.Builder, n *syntax.Names, p *hindcast.Postmortem) {
	for i := range p.Actions {
		a := &p.Actions[i]
		s := syntax.WriteInline(a.Description)
		if Box.MatchString(s) {
			s = syntax.Quote(a.Description)
		}
		syntax.WriteRecord(b, n, a, s+syntax.WriteID("a", a.ID, ""), ActionFields(a))
	}
}
