package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// incomplete finds actions without an owner, a date or a sign by which they are
// done.
type incomplete struct{}

func newIncomplete(Rule, lexicon) checker { return incomplete{} }

func (incomplete) check(d *document) []hit {
	var out []hit
	for _, a := range d.actions {
		if missing := a.missing(); len(missing) > 0 && !a.done && !a.titles() {
			h := a.hitAt(0, len(a.words)-1)
			h.message = "this action has no " + strings.Join(missing, ", no ")
			h.suggestions = []string{"Add " + strings.Join(proposals(missing), ", ")}
			out = append(out, h)
		}
	}
	return out
}

// missing names the fields that an action lacks.
func (a actionItem) missing() []string {
	var out []string
	for _, f := range []struct {
		name string
		has  bool
	}{{"owner", a.owner != ""}, {"due date", a.due != ""}, {"success criterion", a.criteria}} {
		if !f.has {
			out = append(out, f.name)
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

func newCrowd(r Rule, _ lexicon) checker { return crowd{r.Limit} }

func (k crowd) check(d *document) []hit {
	n := 0
	var at *actionItem
	for i, a := range d.actions {
		if a.done || a.titles() {
			continue
		}
		if n++; n == k.limit+1 {
			at = &d.actions[i]
		}
	}
	if at == nil {
		return nil
	}
	h := at.hitAt(0, len(at.words)-1)
	h.message = fmt.Sprintf("%d open actions; 3 to %d get done", n, k.limit)
	return []hit{h}
}

// window finds due dates that lie outside the window of their priority, counted
// from the day the incident was over.
type window struct{ early hindcast.FindingLevel }

func newWindow(r Rule, _ lexicon) checker { return window{r.Weak} }

func (k window) check(d *document) []hit {
	agreed := d.resolved()
	var out []hit
	for _, a := range d.actions {
		due, err := hindcast.ParseDate(a.due)
		i := slices.IndexFunc(hindcast.Priorities(), func(p hindcast.PriorityInfo) bool { return strings.HasPrefix(a.priority, string(p.Priority)) })
		if err != nil || i < 0 || agreed.IsZero() || a.done {
			continue
		}
		p := hindcast.Priorities()[i]
		days := daysBetween(agreed, due)
		h := a.hitAt(0, len(a.words)-1)
		switch {
		case p.LatestDays > 0 && days > p.LatestDays:
			h.message = fmt.Sprintf("due %s, %d days after the incident; %s priority means %s", a.due, days, p.Priority, strings.ToLower(p.Window))
		case days < p.EarliestDays:
			h.level = k.early
			h.message = fmt.Sprintf("due %s, sooner than %s priority asks (%s)", a.due, p.Priority, strings.ToLower(p.Window))
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

func newLate(r Rule, _ lexicon) checker { return late{r.Limit} }

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
