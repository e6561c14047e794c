package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// issue is what is read of an issue.
type issue struct {
	Number    int64     `json:"number"`
	URL       string    `json:"html_url"`
	Body      string    `json:"body"`
	State     string    `json:"state"`
	Reason    string    `json:"state_reason"`
	UpdatedAt time.Time `json:"updated_at"`
	ClosedAt  time.Time `json:"closed_at"`
}

// mark is the comment by which an issue is recognized. It is hidden where people
// read.
func mark(key string) string { return "<!-- hindcast:" + key + " -->" }

// manyPages is how many pages of issues with the same labels are looked through
// for one that exists already.
const manyPages = 10

// CreateTicket opens an issue. GitHub has no key by which it knows a request again,
// so the issues with the same labels are looked through first.
func (r *Repository) CreateTicket(ctx context.Context, t connector.Ticket) (connector.Ref, error) {
	if t.Key == "" || strings.Contains(t.Key, "--") || strings.ContainsAny(t.Key, "<>\n") {
		return connector.Ref{}, hindcast.Errorf(hindcast.Invalid, "create an issue: the key %q cannot stand in a comment", t.Key)
	}
	labels := labelsOf(t)
	if found, err := r.find(ctx, t.Key, labels); err != nil || found != nil {
		if err != nil {
			return connector.Ref{}, fmt.Errorf("look for the issue in GitHub: %w", err)
		}
		return refOf(*found), nil
	}
	var made issue
	body := map[string]any{"title": t.Title, "body": bodyOf(t), "labels": labels}
	if _, err := r.do(ctx, http.MethodPost, "/issues", body, &made); err != nil {
		return connector.Ref{}, fmt.Errorf("create an issue in GitHub: %w", err)
	}
	if made.Number <= 0 || made.URL == "" {
		return connector.Ref{}, hindcast.Errorf(hindcast.Unavailable, "create an issue in GitHub: the answer has no number or address")
	}
	return refOf(made), nil
}

func refOf(i issue) connector.Ref {
	return connector.Ref{ID: strconv.FormatInt(i.Number, 10), URL: i.URL}
}

// labelsOf returns the labels of an issue: those of the ticket, and its priority,
// for which issues have no field.
func labelsOf(t connector.Ticket) []string {
	out := append([]string{}, t.Labels...)
	if t.Priority != "" {
		out = append(out, "priority/"+string(t.Priority))
	}
	return out
}

// bodyOf returns the text of an issue, with what issues have no field for.
func bodyOf(t connector.Ticket) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(t.Text))
	if !t.Due.IsZero() {
		fmt.Fprintf(&b, "\n\n**Due:** %s", t.Due)
	}
	if t.URL != "" {
		fmt.Fprintf(&b, "\n\n**Post-mortem:** %s", t.URL)
	}
	return strings.TrimSpace(b.String()) + "\n\n" + mark(t.Key) + "\n"
}

// find returns the issue that was made with a key, or nil.
func (r *Repository) find(ctx context.Context, key string, labels []string) (*issue, error) {
	for page := 1; page <= manyPages; page++ {
		var list []issue
		query := url.Values{"labels": {strings.Join(labels, ",")}, "state": {"all"}, "sort": {"created"}, "direction": {"desc"}, "per_page": {"100"}, "page": {strconv.Itoa(page)}}
		if _, err := r.do(ctx, http.MethodGet, "/issues?"+query.Encode(), nil, &list); err != nil {
			return nil, err
		}
		for _, i := range list {
			if strings.Contains(i.Body, mark(key)) {
				return &i, nil
			}
		}
		if len(list) < 100 {
			break
		}
	}
	return nil, nil
}

// TicketState reports how an issue is: closed as completed is done, closed as not
// planned or as a duplicate is declined.
func (r *Repository) TicketState(ctx context.Context, id string) (connector.TicketState, error) {
	if n, err := strconv.ParseInt(id, 10, 64); err != nil || n <= 0 {
		return connector.TicketState{}, hindcast.Errorf(hindcast.Invalid, "%q is no number of an issue", id)
	}
	var i issue
	if _, err := r.do(ctx, http.MethodGet, "/issues/"+id, nil, &i); err != nil {
		return connector.TicketState{}, fmt.Errorf("read issue %s in GitHub: %w", id, err)
	}
	out := connector.TicketState{Status: i.State, Changed: i.UpdatedAt}
	switch i.State {
	case "open":
	case "closed":
		out.Done = i.Reason != "not_planned" && i.Reason != "duplicate"
		out.Declined = !out.Done
		if i.Reason != "" {
			out.Status += ", " + strings.ReplaceAll(i.Reason, "_", " ")
		}
		if !i.ClosedAt.IsZero() {
			out.Changed = i.ClosedAt
		}
	default:
		return connector.TicketState{}, hindcast.Errorf(hindcast.Unavailable, "read issue %s in GitHub: it is neither open nor closed", id)
	}
	return out, nil
}
