package jira

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// priorities are Jira's names for ours, as a new Jira has them.
var priorities = map[hindcast.Priority]string{
	hindcast.PriorityCritical: "Highest", hindcast.PriorityHigh: "High", hindcast.PriorityMedium: "Medium", hindcast.PriorityLow: "Low",
}

// declined are resolutions that say that an issue will not be done, as Jira has
// them in its own and in common schemes.
var declined = []string{"won't do", "wont do", "won't fix", "wontfix", "declined", "duplicate", "cannot reproduce", "rejected", "invalid", "obsolete"}

// longest is how long Jira lets a summary be, in characters.
const longest = 255

// mark is the label by which an issue is found again.
func mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "hindcast-" + hex.EncodeToString(sum[:8])
}

// CreateTicket makes an issue with a link to the action item. Jira has no key by
// which it knows a request again, so an issue with the label of the key is looked
// for first.
func (p *Project) CreateTicket(ctx context.Context, t connector.Ticket) (connector.Ref, error) {
	if t.Key == "" {
		return connector.Ref{}, hindcast.Errorf(hindcast.Invalid, "create an issue: the ticket has no key")
	}
	key, err := p.find(ctx, mark(t.Key))
	if err != nil {
		return connector.Ref{}, fmt.Errorf("look for the issue in Jira: %w", err)
	}
	if key == "" {
		if key, err = p.create(ctx, t); err != nil {
			return connector.Ref{}, fmt.Errorf("create an issue in Jira: %w", err)
		}
	}
	if err := p.link(ctx, key, t); err != nil {
		return connector.Ref{}, fmt.Errorf("link issue %s in Jira: %w", key, err)
	}
	return connector.Ref{ID: key, URL: p.base + "/browse/" + key}, nil
}

// find returns the key of the issue with a label, or nothing.
func (p *Project) find(ctx context.Context, label string) (string, error) {
	path := "/search"
	if p.cloud() {
		path = "/search/jql" // the other is being switched off there
	}
	query := url.Values{"jql": {fmt.Sprintf(`project = "%s" AND labels = "%s" ORDER BY key`, p.key, label)}, "fields": {"status"}, "maxResults": {"1"}}
	var answer struct {
		Issues *[]struct {
			Key string `json:"key"`
		} `json:"issues"`
	}
	if err := p.do(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &answer, true); err != nil {
		return "", err
	}
	if answer.Issues == nil {
		return "", hindcast.Errorf(hindcast.Unavailable, "the answer has no issues; look whether the address is right")
	}
	if len(*answer.Issues) == 0 {
		return "", nil
	}
	return (*answer.Issues)[0].Key, nil
}

// create makes an issue with the fields that its project lets be set.
func (p *Project) create(ctx context.Context, t connector.Ticket) (string, error) {
	kind, may, err := p.fields(ctx)
	if err != nil {
		return "", err
	}
	fields := map[string]any{"project": map[string]string{"key": p.key}, "issuetype": map[string]string{"id": kind}, "summary": summary(t.Title), "labels": append(slices.Clone(t.Labels), mark(t.Key))}
	if may["description"] {
		fields["description"] = p.description(t, may)
	}
	if name := priorities[t.Priority]; name != "" && may["priority"] {
		fields["priority"] = map[string]string{"name": name}
	}
	if !t.Due.IsZero() && may["duedate"] {
		fields["duedate"] = t.Due.String()
	}
	if !may["labels"] {
		return "", hindcast.Errorf(hindcast.Invalid, "issues of type %q in project %s have no labels on their screen, by which they are found again; add the field in Jira", p.kind, p.key)
	}
	var made struct {
		Key string `json:"key"`
	}
	if err := p.do(ctx, http.MethodPost, "/issue", map[string]any{"fields": fields}, &made, false); err != nil {
		return "", err
	}
	if !issueKey(made.Key) {
		return "", hindcast.Errorf(hindcast.Unavailable, "the answer names no issue")
	}
	return made.Key, nil
}

// summary returns a title as Jira takes it: one line, not too long.
func summary(title string) string {
	r := []rune(strings.Join(strings.Fields(title), " "))
	if len(r) > longest {
		r = append(r[:longest-1], '…')
	}
	return string(r)
}

// perPage is how many records of metadata are asked for at a time.
const perPage = 200

// fields returns the id of the type of issue and which fields may be set. Those
// with a name of their own have it as key: summary, priority, duedate, labels.
func (p *Project) fields(ctx context.Context) (kind string, may map[string]bool, err error) {
	path := "/issue/createmeta/" + p.key + "/issuetypes"
	var types struct {
		Cloud  []issueType `json:"issueTypes"`
		Center []issueType `json:"values"`
	}
	if err := p.do(ctx, http.MethodGet, fmt.Sprintf("%s?startAt=0&maxResults=%d", path, perPage), nil, &types, true); err != nil {
		return "", nil, err
	}
	var names []string
	for _, t := range append(types.Cloud, types.Center...) {
		if strings.EqualFold(t.Name, p.kind) {
			kind = t.ID
		}
		names = append(names, t.Name)
	}
	if kind == "" {
		return "", nil, hindcast.Errorf(hindcast.Invalid, "project %s has no type of issue %q that may be created; choose one of %q", p.key, p.kind, names)
	}
	var list struct {
		Cloud  []field `json:"fields"`
		Center []field `json:"values"`
	}
	if err := p.do(ctx, http.MethodGet, fmt.Sprintf("%s/%s?startAt=0&maxResults=%d", path, url.PathEscape(kind), perPage), nil, &list, true); err != nil {
		return "", nil, err
	}
	may = map[string]bool{}
	for _, f := range append(list.Cloud, list.Center...) {
		may[f.ID] = true
	}
	return kind, may, nil
}

type issueType struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type field struct {
	ID string `json:"fieldId"`
}

// link puts a link to the action item on an issue; of links with one id Jira keeps
// the last.
func (p *Project) link(ctx context.Context, key string, t connector.Ticket) error {
	if t.URL == "" {
		return nil
	}
	body := map[string]any{"globalId": "system=hindcast&id=" + mark(t.Key), "object": map[string]string{"url": t.URL, "title": "Action item of the post-mortem"}}
	return p.do(ctx, http.MethodPost, "/issue/"+key+"/remotelink", body, nil, true)
}

// TicketState reports how an issue is: in Jira's category done it is done, or
// declined when its resolution says so.
func (p *Project) TicketState(ctx context.Context, id string) (connector.TicketState, error) {
	if !issueKey(id) {
		return connector.TicketState{}, hindcast.Errorf(hindcast.Invalid, "%q is no key of an issue", id)
	}
	var issue struct {
		Fields struct {
			Status struct {
				Name     string `json:"name"`
				Category struct {
					Key string `json:"key"`
				} `json:"statusCategory"`
			} `json:"status"`
			Resolution *struct {
				Name string `json:"name"`
			} `json:"resolution"`
			Resolved stamp `json:"resolutiondate"`
			Updated  stamp `json:"updated"`
		} `json:"fields"`
	}
	if err := p.do(ctx, http.MethodGet, "/issue/"+id+"?fields=status,resolution,resolutiondate,updated", nil, &issue, true); err != nil {
		return connector.TicketState{}, fmt.Errorf("read issue %s in Jira: %w", id, err)
	}
	f := issue.Fields
	out := connector.TicketState{Status: f.Status.Name, Changed: f.Updated.at}
	switch f.Status.Category.Key {
	case "":
		return connector.TicketState{}, hindcast.Errorf(hindcast.Unavailable, "read issue %s in Jira: the answer has no status", id)
	case "done":
		out.Declined = f.Resolution != nil && slices.Contains(declined, strings.ToLower(f.Resolution.Name))
		out.Done = !out.Declined
		if f.Resolution != nil && f.Resolution.Name != "" {
			out.Status += ", " + f.Resolution.Name
		}
		if !f.Resolved.at.IsZero() {
			out.Changed = f.Resolved.at
		}
	}
	return out, nil
}

// stamp is a time as Jira writes it: 2024-03-20T10:00:00.000+0000.
type stamp struct{ at time.Time }

// UnmarshalText reads a time; what is none is the zero time.
func (s *stamp) UnmarshalText(text []byte) error {
	for _, layout := range []string{"2006-01-02T15:04:05.999-0700", time.RFC3339} {
		if t, err := time.Parse(layout, string(text)); err == nil {
			s.at = t.UTC()
			return nil
		}
	}
	return nil
}

// issueKey reports whether a text is the key of an issue, such as OPS-12.
func issueKey(s string) bool {
	project, n, ok := strings.Cut(s, "-")
	return ok && projectKey.MatchString(project) && n != "" && strings.Trim(n, "0123456789") == ""
}

// Probe asks which fields an issue may have, and says so.
func (p *Project) Probe(ctx context.Context) (string, error) {
	_, may, err := p.fields(ctx)
	if err != nil {
		return "", fmt.Errorf("ask Jira about project %s: %w", p.key, err)
	}
	if !may["labels"] {
		return "", hindcast.Errorf(hindcast.Invalid, "issues of type %q in project %s have no labels on their screen, by which they are found again; add the field in Jira", p.kind, p.key)
	}
	out := fmt.Sprintf("The account may make issues of type %q in project %s.", p.kind, p.key)
	for _, f := range []struct{ id, name string }{{"priority", "priority"}, {"duedate", "due date"}} {
		if !may[f.id] {
			out += fmt.Sprintf(" They have no %s on their screen; it stands in their text.", f.name)
		}
	}
	return out, nil
}
