package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/action"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// incompleteRule is the rule whose findings name the fields that an action lacks.
const incompleteRule = "action-incomplete"

// How a suggestion names them.
const (
	addFields      = "Add "
	fieldSeparator = ", "
)

// incomplete finds actions without an owner, a date or a sign by which they are
// done.
type incomplete struct{}

func newIncomplete(Rule, word.Lists) checker { return incomplete{} }

func (incomplete) check(d *document) []hit {
	var out []hit
	for _, a := range d.actions {
		if missing := a.Missing(); len(missing) > 0 && !a.Done && !a.Titles() {
			h := actionHit(a, 0, len(a.Words)-1)
			h.message = "this action has no " + strings.Join(missing, ", no ")
			h.suggestions = []string{addFields + strings.Join(proposals(missing), fieldSeparator)}
			out = append(out, h)
		}
	}
	return out
}

func proposals(missing []string) []string {
	text := map[string]string{"owner": "Owner: [which team or role]", "due date": "Due: [which day]", "success criterion": "Done when: [what somebody else can see]"}
	var out []string
	for _, m := range missing {
		out = append(out, text[m])
	}
	return out
}

// crowd finds documents with more open actions than a team can carry.
type crowd struct{ limit int }

func newCrowd(r Rule, _ word.Lists) checker { return crowd{r.Limit} }

func (k crowd) check(d *document) []hit {
	n := 0
	var at *action.Item
	for i, a := range d.actions {
		if a.Done || a.Titles() {
			continue
		}
		if n++; n == k.limit+1 {
			at = &d.actions[i]
		}
	}
	if at == nil {
		return nil
	}
	h := actionHit(*at, 0, len(at.Words)-1)
	h.message = fmt.Sprintf("%d open actions; 3 to %d get done", n, k.limit)
	return []hit{h}
}

// window finds due dates that lie outside the window of their priority, counted
// from the day the incident was over.
type window struct{ early hindcast.FindingLevel }

func newWindow(r Rule, _ word.Lists) checker { return window{r.Weak} }

func (k window) check(d *document) []hit {
	agreed := d.resolved()
	var out []hit
	for _, a := range d.actions {
		due, err := hindcast.ParseDate(a.Due)
		i := slices.IndexFunc(hindcast.Priorities(), func(p hindcast.PriorityInfo) bool { return strings.HasPrefix(a.Priority, string(p.Priority)) })
		if err != nil || i < 0 || agreed.IsZero() || a.Done {
			continue
		}
		p := hindcast.Priorities()[i]
		days := daysBetween(agreed, due)
		h := actionHit(a, 0, len(a.Words)-1)
		switch {
		case p.LatestDays > 0 && days > p.LatestDays:
			h.message = fmt.Sprintf("due %s, %d days after the incident; %s priority means %s", a.Due, days, p.Priority, strings.ToLower(p.Window))
		case days < p.EarliestDays:
			h.level = k.early
			h.message = fmt.Sprintf("due %s, sooner than %s priority asks (%s)", a.Due, p.Priority, strings.ToLower(p.Window))
		default:
			continue
		}
		out = append(out, h)
	}
	return out
}

func daysBetween(from, to hindcast.Date) int {
	return int(to.Time().Sub(from.Time()) / (24 * time.Hour))
}

// late finds documents that are not finished although the incident is long over.
type late struct{ limit int }

func newLate(r Rule, _ word.Lists) checker { return late{r.Limit} }

func (k late) check(d *document) []hit {
	resolved := d.resolved()
	if d.context.Today.IsZero() || resolved.IsZero() || len(d.md.Blocks) == 0 {
		return nil
	}
	if f, ok := d.md.Field("status"); ok && (f.Value == string(hindcast.StatusPublished) || f.Value == string(hindcast.StatusApproved) || f.Value == "final" || f.Value == "complete") {
		return nil
	}
	days := daysBetween(resolved, d.context.Today)
	if days <= k.limit {
		return nil
	}
	b := &d.md.Blocks[0]
	return []hit{{start: b.Start, end: b.End, message: fmt.Sprintf("%d days since the incident was over and not published; memories fade after %d", days, k.limit)}}
}

// resolved returns the day on which the incident was over, as far as the context
// or the front matter says it.
func (d *document) resolved() hindcast.Date {
	if !d.context.Resolved.IsZero() {
		return d.context.Resolved
	}
	f, ok := d.md.Field("resolved_at", "resolved", "resolvedWhen", "ended_at", "end_time", "ended", "end", "incident_date", "date")
	if !ok || len(f.Value) < len(time.DateOnly) {
		return hindcast.Date{}
	}
	day, err := hindcast.ParseDate(f.Value[:len(time.DateOnly)])
	if err != nil {
		return hindcast.Date{}
	}
	return day
}
