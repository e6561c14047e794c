package foreign

import (
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// field is what a column or a label of an action item says.
type field int

const (
	noField field = iota
	description
	owner
	due
	priority
	criteria
	ticket
	status
	effect
)

// fieldNames are the names of fields, normalized, as trackers and templates have them.
var fieldNames = map[string]field{
	"action": description, "actions": description, "action item": description, "action items": description, "item": description, "description": description, "task": description,
	"what": description, "todo": description, "improvement": description, "follow up": description, "followup": description, "measure": description, "title": description,
	"summary": description, "details": description, "recommendation": description, "remediation": description, "corrective action": description, "next step": description,
	"owner": owner, "owners": owner, "assignee": owner, "assigned to": owner, "who": owner, "responsible": owner, "team": owner, "dri": owner, "lead": owner, "owner team": owner,
	"due": due, "due date": due, "date": due, "deadline": due, "target": due, "target date": due, "when": due, "eta": due, "by": due, "by when": due,
	"priority": priority, "prio": priority, "done when": criteria, "success criteria": criteria, "success criterion": criteria, "acceptance criteria": criteria, "criteria": criteria,
	"ticket": ticket, "tickets": ticket, "issue": ticket, "jira": ticket, "tracking": ticket, "link": ticket, "bug": ticket, "pr": ticket, "tracking bug": ticket,
	"status": status, "state": status, "done": status, "type": effect, "effect": effect, "category": effect,
}

// Named divides "**Owner:** Platform" at its colon; ok is false when its name is
// no field of an action item.
func Named(text string) (name, value string, ok bool) {
	m := namedValue.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	f := fieldNames[syntax.Normalize(m[1])]
	return m[1], m[2], f != noField && f != description
}

var namedValue = lazyregexp.New(`^(?:\*\*|__|_)?(\pL[\pL' -]{0,40}?)(?:\*\*|__|_)?:(?:\*\*|__|_)?(?:[ \t]+(.*))?$`)

// Set sets the field of an action item that a name stands for. shown is false
// when the document does not show the value as it is written, so that it has to
// be kept; complaint says what is not understood of it.
func (c *Clock) Set(a *hindcast.ActionItem, name, value string) (shown bool, complaint string) {
	value = strings.TrimSpace(value)
	if Blank(value) {
		return value == "", ""
	}
	word := syntax.Normalize(value)
	switch f := fieldNames[syntax.Normalize(name)]; f {
	case owner:
		return setOnce(&a.Owner, value), ""
	case criteria:
		return setOnce(&a.DoneWhen, value), ""
	case ticket:
		return setOnce(&a.Ticket, value), ""
	case due:
		day, exact := c.day(value)
		if day.IsZero() {
			return false, "due is not understood as a day; it was kept as detail"
		}
		a.Due = day
		return exact, ""
	case priority:
		p, ok := priorities[word]
		if !ok {
			return false, "priority is none of critical, high, medium or low; it was kept as detail"
		}
		a.Priority = p
		return string(p) == word, ""
	case status:
		s, ok := statusOf(value)
		if link := ticketIn(value); !ok && link != "" {
			return setOnce(&a.Ticket, link) && link == value, ""
		}
		if !ok {
			return false, "status is not understood; it was kept as detail"
		}
		a.Status = s
		return s != hindcast.ActionOpen && syntax.WriteWord(s) == strings.ToLower(value), ""
	case effect:
		if e, ok := effects[word]; ok && !slices.Contains(a.Effects, e) {
			a.Effects = append(a.Effects, e)
		}
	}
	return false, ""
}

func setOnce(at *string, value string) bool {
	if *at != "" {
		return false
	}
	*at = strings.TrimSpace(value)
	return true
}

var (
	priorities = map[string]hindcast.Priority{
		"critical": hindcast.PriorityCritical, "highest": hindcast.PriorityCritical, "urgent": hindcast.PriorityCritical, "p0": hindcast.PriorityCritical,
		"high": hindcast.PriorityHigh, "p1": hindcast.PriorityHigh, "medium": hindcast.PriorityMedium, "normal": hindcast.PriorityMedium, "moderate": hindcast.PriorityMedium, "p2": hindcast.PriorityMedium,
		"low": hindcast.PriorityLow, "lowest": hindcast.PriorityLow, "minor": hindcast.PriorityLow, "p3": hindcast.PriorityLow, "p4": hindcast.PriorityLow,
	}
	effects = map[string]hindcast.Effect{
		"prevent": hindcast.PreventsRecurrence, "prevention": hindcast.PreventsRecurrence, "preventive": hindcast.PreventsRecurrence, "preventative": hindcast.PreventsRecurrence, "prevents recurrence": hindcast.PreventsRecurrence,
		"detect": hindcast.ImprovesDetection, "detection": hindcast.ImprovesDetection, "monitoring": hindcast.ImprovesDetection, "improves detection": hindcast.ImprovesDetection,
		"mitigate": hindcast.ImprovesResponse, "mitigation": hindcast.ImprovesResponse, "response": hindcast.ImprovesResponse, "improves response": hindcast.ImprovesResponse,
	}
	doneWords     = lazyregexp.New(`(?i)^\W*(?:done|complete|completed|closed|fixed|resolved|finished|shipped|merged|implemented|deployed|yes)\b`)
	progressWords = lazyregexp.New(`(?i)^\W*(?:in[ -]progress|started|ongoing|wip|doing|in review|partially)\b`)
	declinedWords = lazyregexp.New(`(?i)^\W*(?:won'?t (?:do|fix)|wontfix|declined|rejected|cancell?ed)\b`)
	openWords     = lazyregexp.New(`(?i)^\W*(?:open|to ?do|new|not (?:started|done)|planned|backlog|pending|no|proposed|scheduled|unassigned|tracked)\b`)
)

// statusOf reads the state of an action as trackers call it. What was decided
// against stays open here, for its reason has to be given.
func statusOf(s string) (hindcast.ActionStatus, bool) {
	switch {
	case declinedWords.MatchString(s):
		return hindcast.ActionOpen, true
	case doneWords.MatchString(s), strings.ContainsAny(s, "✅✔☑"):
		return hindcast.ActionDone, true
	case progressWords.MatchString(s), strings.ContainsAny(s, "🔄🚧⏳"):
		return hindcast.ActionInProgress, true
	case openWords.MatchString(s), strings.ContainsAny(s, "☐⬜"):
		return hindcast.ActionOpen, true
	}
	return hindcast.ActionOpen, false
}

// day reads a day; exact is true when it is written as we write it.
func (c *Clock) day(value string) (day hindcast.Date, exact bool) {
	if d, err := hindcast.ParseDate(value); err == nil {
		return d, true
	}
	s, rest, ok := readStamp(value)
	if !ok || !s.dated() || len(rest) > 20 {
		return day, false
	}
	if t, ok := c.dayOf(&s); ok {
		day = hindcast.DateOf(t)
	}
	return day, false
}

var placeholder = lazyregexp.New(`(?i)^(?:\W*|\W*(?:tbd|tba|todo|n/?a|none|nil|unknown|unassigned|fill (?:this|me) in|to be (?:determined|added|written|completed|decided))\W*|\[[^\]]*\]|<[^>]*>|_[^_]*\?_|\.{3}|…)$`)

// longestBlank is how long a text can be that says nothing.
const longestBlank = 200

// Blank reports whether a text says nothing, or only that something is to be
// filled in.
func Blank(s string) bool {
	return len(s) <= longestBlank && placeholder.MatchString(strings.TrimSpace(s))
}

var (
	ownerInline = lazyregexp.New(`(?i)\b(?:owners?|assignee|assigned to|responsible|dri)\b\**:\**\s*([^\n;|,()]{2,60})`)
	handle      = lazyregexp.New(`(?:^|[\s(\[])(@[A-Za-z0-9][\w/-]*)`)
	dueInline   = lazyregexp.New(`(?i)(?:\b(?:due|by|deadline|eta|until)\b:?\**:?|,)\s*\**((?:\d{4}-\d{2}-\d{2})|` + monthWord + `\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2} ` + monthWord + ` \d{4})`)
	byOwner     = lazyregexp.New(`\(([^():,]{2,40}), *(?:by |due )?\d{4}-\d{2}-\d{2}\)`)
	ticketLink  = lazyregexp.New(`https?://[^\s()<>\]]+/(?:issues?|pull|pulls|browse|merge_requests|tickets?|bugs?|tasks?|c)/[^\s()<>\]]+|https?://[^\s()<>\]]+[?&]id=\d+`)
	ticketKey   = lazyregexp.New(`\b([A-Z][A-Z0-9]{1,9})-\d{1,6}\b`)
	ticketHash  = lazyregexp.New(`(?:^|[\s(\[])(#\d{1,7})\b`)
	noTicket    = map[string]bool{"UTF": true, "SHA": true, "ISO": true, "RFC": true, "CVE": true, "TLS": true, "HTTP": true, "UTC": true, "GMT": true, "SEV": true, "AES": true, "MD": true, "PM": true, "IPV": true}
	doneAtEnd   = lazyregexp.New(`(?i)(?:[(\[]\W*(?:done|completed?|fixed|resolved|merged)\b[^)\]]*[)\]]|[-–—:]\s*\**(?:done|completed|fixed)\**|[✅✔☑])[.\s]*$`)
	doneAtBegin = lazyregexp.New(`(?i)^\W*(?:[✅✔☑]|\[(?:done|completed)\]|\**(?:done|completed)\**\s*[:–—-])`)
)

// Mine takes from the words of an action item what its fields do not say: owner,
// due day, ticket, and that it is done; from the heading below which it stands
// that it is done, and its effect. The words stay as they are.
func (c *Clock) Mine(a *hindcast.ActionItem, below string) {
	text := a.Description
	if a.Status == hindcast.ActionOpen && (doneAtBegin.MatchString(text) || doneAtEnd.MatchString(text) || finished.MatchString(below) && !unfinished.MatchString(below)) {
		a.Status = hindcast.ActionDone
	}
	if a.Owner == "" {
		if m := ownerInline.FindStringSubmatch(text); m != nil && !Blank(m[1]) {
			a.Owner = strings.Trim(m[1], " *_.")
		} else if m := byOwner.FindStringSubmatch(text); m != nil {
			a.Owner = strings.TrimSpace(m[1])
		} else if m := handle.FindStringSubmatch(text); m != nil {
			a.Owner = m[1]
		}
	}
	if m := dueInline.FindStringSubmatch(text); m != nil && a.Due.IsZero() {
		a.Due, _ = c.day(m[1])
	}
	if a.Ticket == "" {
		a.Ticket = ticketIn(text)
	}
	if e, ok := effects[syntax.Normalize(below)]; ok && len(a.Effects) == 0 {
		a.Effects = []hindcast.Effect{e}
	}
}

var (
	finished   = lazyregexp.New(`(?i)\b(?:completed?|done|finished|already taken|implemented)\b`)
	unfinished = lazyregexp.New(`(?i)\b(?:to be|not|un|in)[ -]?(?:completed?|done|finished|implemented)\b|\bto ?do\b|\bto complete\b`)
)

func ticketIn(text string) string {
	if link := ticketLink.FindString(text); link != "" {
		return strings.TrimRight(link, ".,;:*")
	}
	if m := ticketHash.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	for _, m := range ticketKey.FindAllStringSubmatch(text, -1) {
		if !noTicket[m[1]] {
			return m[0]
		}
	}
	return ""
}
