package jira_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/jira"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

func settings(base, email, token string) connector.Settings {
	return connector.Settings{"url": secret.New(base), "project": secret.New("OPS"), "email": secret.New(email), "token": secret.New(token)}
}

func project(t *testing.T, address, email string) *jira.Project {
	t.Helper()
	v, err := jira.Vendor().Open(settings(address, email, "t"), connector.Deps{Now: time.Now, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true, Limits: outhttp.Limits{AtOnce: 4, Every: time.Millisecond, Burst: 200}})})
	if err != nil {
		t.Fatal(err)
	}
	return v.(*jira.Project)
}

const allFields = `[{"fieldId":"summary"},{"fieldId":"description"},{"fieldId":"labels"},{"fieldId":"priority"},{"fieldId":"duedate"}]`

// service answers as Jira does; found is the list of issues that a search finds.
func service(fields string, found func() string, seen func(path string, body map[string]any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, path, _ := strings.Cut(r.URL.Path, "/rest/api/")
		_, path, _ = strings.Cut(path, "/")
		if r.Method == http.MethodPost {
			var body map[string]any
			_ = json.NewDecoder(r.Body).Decode(&body)
			seen(path, body)
		}
		answer := ""
		switch {
		case strings.HasPrefix(path, "search"):
			answer = `{"issues":` + found() + `}`
		case strings.HasSuffix(path, "/issuetypes"):
			answer = `{"issueTypes":[{"id":"10002","name":"Task"}],"values":[]}`
		case strings.HasSuffix(path, "/issuetypes/10002"):
			answer = `{"fields":` + fields + `}`
		case path == "issue":
			answer = `{"id":"1","key":"OPS-12"}`
		case strings.HasSuffix(path, "remotelink"):
			answer = `{"id":1}`
		default:
			answer = `{"fields":{"status":{"name":"Done","statusCategory":{"key":"done"}},"resolution":{"name":"Done"},"resolutiondate":"2024-03-20T11:00:00.000+0100"}}`
		}
		_, _ = io.WriteString(w, answer)
	}
}

func none() string { return "[]" }

func TestConformance(t *testing.T) {
	label := regexp.MustCompile(`hindcast-[0-9a-f]{16}`)
	for name, email := range map[string]string{"Cloud": "a@example.org", "Data Center": ""} {
		t.Run(name, func(t *testing.T) {
			connectortest.Tracker(t, connectortest.Service{
				Open: func(base string, d connector.Deps, credential string) (any, error) {
					return jira.Vendor().Open(settings(base, email, credential), d)
				},
				Answer: service(allFields, none, func(string, map[string]any) {}),
				Key:    func(_ *http.Request, body []byte) string { return label.FindString(string(body)) },
			})
		})
	}
}

var ticket = connector.Ticket{
	Key: "i1/a1", Title: "Add an alert\non the pool", Text: "It watches the pool.\n\nDone when it fires in the drill.", Priority: hindcast.PriorityCritical,
	Labels: []string{"post-mortem", "incident-4521", "prevents-recurrence"}, Due: hindcast.Date{Year: 2024, Month: 3, Day: 22}, URL: "https://hindcast.example.org/p/1#action-a1",
}

// TestIssueOfAnAction looks at what an action item becomes.
func TestIssueOfAnAction(t *testing.T) {
	sent := map[string]map[string]any{}
	s := httptest.NewServer(service(allFields, none, func(path string, body map[string]any) { sent[path] = body }))
	defer s.Close()
	ref, err := project(t, s.URL, "a@example.org").CreateTicket(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	if want := (connector.Ref{ID: "OPS-12", URL: s.URL + "/browse/OPS-12"}); ref != want {
		t.Errorf("ref = %+v, want %+v", ref, want)
	}
	type m = map[string]any
	text := func(s string) m { return m{"type": "text", "text": s} }
	paragraph := func(content ...any) m { return m{"type": "paragraph", "content": content} }
	link := m{"type": "text", "text": ticket.URL, "marks": []any{m{"type": "link", "attrs": m{"href": ticket.URL}}}}
	want := map[string]map[string]any{
		"issue": {"fields": m{
			"project": m{"key": "OPS"}, "issuetype": m{"id": "10002"}, "summary": "Add an alert on the pool", "priority": m{"name": "Highest"}, "duedate": "2024-03-22",
			"labels":      []any{"post-mortem", "incident-4521", "prevents-recurrence", "hindcast-2296b012b64b3764"},
			"description": m{"type": "doc", "version": 1.0, "content": []any{paragraph(text("It watches the pool.")), paragraph(text("Done when it fires in the drill.")), paragraph(text("Post-mortem: "), link)}},
		}},
		"issue/OPS-12/remotelink": {"globalId": "system=hindcast&id=hindcast-2296b012b64b3764", "object": m{"url": ticket.URL, "title": "Action item of the post-mortem"}},
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// TestFieldsThatAreNotOnTheScreen keeps in the text what cannot be set.
func TestFieldsThatAreNotOnTheScreen(t *testing.T) {
	var fields map[string]any
	seen := func(path string, body map[string]any) {
		if path == "issue" {
			fields = body["fields"].(map[string]any)
		}
	}
	s := httptest.NewServer(service(`[{"fieldId":"summary"},{"fieldId":"description"},{"fieldId":"labels"}]`, none, seen))
	defer s.Close()
	if _, err := project(t, s.URL, "").CreateTicket(t.Context(), ticket); err != nil {
		t.Fatal(err)
	}
	want := "It watches the pool.\n\nDone when it fires in the drill.\n\nPriority: critical\n\nDue: 2024-03-22\n\nPost-mortem: " + ticket.URL
	if fields["description"] != want || fields["priority"] != nil || fields["duedate"] != nil {
		t.Errorf("fields = %v, want the description %q and neither priority nor date", fields, want)
	}
}

// TestNoSecondIssue finds what an attempt made whose answer was lost.
func TestNoSecondIssue(t *testing.T) {
	made := 0
	found := func() string {
		if made > 0 {
			return `[{"key":"OPS-12"}]`
		}
		return "[]"
	}
	s := httptest.NewServer(service(allFields, found, func(path string, _ map[string]any) {
		if path == "issue" {
			made++
			panic(http.ErrAbortHandler) // made, and the answer is lost
		}
	}))
	defer s.Close()
	p := project(t, s.URL, "a@example.org")
	if _, err := p.CreateTicket(t.Context(), ticket); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Fatalf("the lost answer: %v, want %s", err, hindcast.Unavailable)
	}
	if ref, err := p.CreateTicket(t.Context(), ticket); err != nil || ref.ID != "OPS-12" || made != 1 {
		t.Errorf("the second attempt: %+v, %v after %d issues; want OPS-12 and one", ref, err, made)
	}
}

func TestTicketState(t *testing.T) {
	at := time.Date(2024, 3, 20, 10, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		answer string
		want   connector.TicketState
	}{
		"new":       {`"status":{"name":"To Do","statusCategory":{"key":"new"}},"updated":"2024-03-20T11:00:00.000+0100"`, connector.TicketState{Status: "To Do", Changed: at}},
		"done":      {`"status":{"name":"Done","statusCategory":{"key":"done"}},"resolution":{"name":"Done"},"resolutiondate":"2024-03-20T10:00:00.000+0000"`, connector.TicketState{Done: true, Status: "Done, Done", Changed: at}},
		"won't do":  {`"status":{"name":"Closed","statusCategory":{"key":"done"}},"resolution":{"name":"Won't Do"}`, connector.TicketState{Declined: true, Status: "Closed, Won't Do"}},
		"unsettled": {`"status":{"name":"Closed","statusCategory":{"key":"done"}},"resolution":null,"resolutiondate":null`, connector.TicketState{Done: true, Status: "Closed"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"fields":{`+tt.answer+`}}`) }))
			defer s.Close()
			got, err := project(t, s.URL, "a@example.org").TicketState(t.Context(), "OPS-12")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := project(t, "http://127.0.0.1:1", "").TicketState(t.Context(), "OPS-1/../2"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("a key that is none: %v, want %s", err, hindcast.Invalid)
	}
}

func TestSettings(t *testing.T) {
	if where, err := jira.Vendor().Check(settings("https://example.atlassian.net/", "a@example.org", "t")); err != nil || where != "https://example.atlassian.net/browse/OPS" {
		t.Errorf("Check = %q, %v", where, err)
	}
	_, err := jira.Vendor().Check(connector.Settings{"url": secret.New("example"), "project": secret.New("ops"), "email": secret.New("nobody")})
	for _, field := range []string{"url: ", "project: ", "email: ", "token: "} {
		if err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("the error is %v, want one that names %q", err, field)
		}
	}
}

// TestRequestsFitTheDescription asks a service that answers only requests that
// are valid against Jira's description.
func TestRequestsFitTheDescription(t *testing.T) {
	// It checks, and the answers are ours: its examples are of another project.
	proxy := connectortest.Checked(t, "HINDCAST_TEST_JIRA", service(allFields, none, func(string, map[string]any) {}))
	p := project(t, proxy.URL, "a@example.org")
	if ref, err := p.CreateTicket(t.Context(), ticket); err != nil || ref.ID != "OPS-12" {
		t.Errorf("CreateTicket = %+v, %v", ref, err)
	}
	if _, err := p.TicketState(t.Context(), "OPS-12"); err != nil {
		t.Error(err)
	}
}
