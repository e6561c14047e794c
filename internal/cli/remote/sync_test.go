package remote_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/server"
)

// team starts a server for people, and lets the commands of this test be those of
// its first admin.
func team(t *testing.T) *client.Client {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	c := config.Default()
	c.Addr, c.Data, c.Private = "127.0.0.1:0", t.TempDir(), true
	s, err := server.New(t.Context(), c, server.Options{Settle: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.Setup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	address := "http://" + l.Addr().String()
	token := adminToken(t, address, link)
	t.Setenv("HINDCAST_SERVER", address)
	t.Setenv("HINDCAST_TOKEN", token)
	out, err := client.New(address, token)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// adminToken makes the first account and a token of it.
func adminToken(t *testing.T, address, link string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	res, err := browser.PostForm(link, url.Values{"email": {"admin@example.org"}, "name": {"Admin"}, "password": {"correct horse battery"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res, err = browser.Post(address+"/api/v1/me/tokens", "application/json", strings.NewReader(`{"name":"tests","scopes":["read","write","admin"]}`)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	var made struct{ Secret string }
	if err != nil || json.Unmarshal(text, &made) != nil || made.Secret == "" {
		t.Fatalf("a token: %s %s %v", res.Status, text, err)
	}
	return made.Secret
}

func TestSync(t *testing.T) {
	c := team(t)
	if out, _ := hindcast(t, 0, "sync"); out != "tickets: 0 looked at, 0 changed\nincidents: 0 new or over\n" {
		t.Errorf("with nothing connected: %q", out)
	}
	began := time.Now().UTC().Add(-2 * time.Hour)
	var closed, down atomic.Bool
	others := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		incident := fmt.Sprintf(`{"id":"Q1","incident_number":4521,"title":"Mobile API down","status":"resolved","created_at":%q,"resolved_at":%q,"service":{"summary":"mobile-api"},"priority":{"summary":"P1"}}`,
			began.Format(time.RFC3339), began.Add(30*time.Minute).Format(time.RFC3339))
		state := "open"
		if closed.Load() {
			state = "closed"
		}
		switch path := r.URL.Path; {
		case down.Load():
			w.WriteHeader(http.StatusBadRequest)
		case path == "/incidents":
			fmt.Fprintf(w, `{"incidents":[%s],"more":false}`, incident)
		case path == "/incidents/Q1":
			fmt.Fprintf(w, `{"incident":%s}`, incident)
		case strings.HasPrefix(path, "/incidents/Q1/"):
			fmt.Fprint(w, `{"log_entries":[],"alerts":[],"notes":[],"change_events":[],"more":false}`)
		case path == "/repos/example/shop/issues" && r.Method == http.MethodGet, strings.HasPrefix(path, "/repos/example/shop/deployments"):
			fmt.Fprint(w, `[]`)
		case path == "/repos/example/shop/actions/runs":
			fmt.Fprint(w, `{"workflow_runs":[]}`)
		default:
			fmt.Fprintf(w, `{"number":7,"html_url":"https://github.com/example/shop/issues/7","state":%q,"state_reason":"completed","updated_at":%q}`, state, time.Now().UTC().Format(time.RFC3339))
		}
	}))
	defer others.Close()
	for kind, settings := range map[string]map[string]string{"pagerduty": {"token": "t"}, "github": {"token": "t", "repository": "example/shop"}} {
		settings["url"] = others.URL
		if _, err := c.CreateEndpoint(t.Context(), client.PutEndpoint{Kind: kind, Name: "The " + kind, Settings: settings}); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := hindcast(t, 0, "sync", "--wait", "20s")
	if !strings.Contains(out, "incident 4521 Mobile API down: is drafted\n") || !strings.Contains(out, "incidents: 1 new or over\n") {
		t.Errorf("the first time: %s", out)
	}
	ticketOf(t, c)
	closed.Store(true)
	out, _ = hindcast(t, 0, "sync")
	if want := "The github 7: was open, is done; action #1/a1 is done: Add an alert on the pool\ntickets: 1 looked at, 1 changed\nincidents: 0 new or over\n"; out != want {
		t.Errorf("after the issue was closed: %q, want %q", out, want)
	}
	down.Store(true)
	out, errs := hindcast(t, 1, "sync", "--format", "json")
	var got struct {
		Tickets   client.TicketsLooked
		Incidents *client.EpisodesLooked
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(out))).Decode(&got); err != nil || len(got.Tickets.Faults) != 1 || len(got.Incidents.Faults) != 1 || strings.Count(errs, "hindcast: The ") != 2 {
		t.Errorf("with both down: %s%s%v", out, errs, err)
	}
	if _, errs := hindcast(t, 2, "sync", "--since", "yesterday"); !strings.Contains(errs, "write 2024-03-15") {
		t.Errorf("a bad time: %s", errs)
	}
}

// ticketOf adds an action to the first post-mortem, and waits until it has a ticket.
func ticketOf(t *testing.T, c *client.Client) {
	t.Helper()
	action := json.RawMessage(`{"description":"Add an alert on the pool","status":"open"}`)
	if _, err := c.Edit(t.Context(), "1", []client.Change{{Path: "actions/a1", Value: action}}, ""); err != nil {
		t.Fatal(err)
	}
	places, err := c.TicketPlaces(t.Context())
	if err != nil || len(places) != 1 {
		t.Fatalf("places %v, %v", places, err)
	}
	list, err := c.CreateTickets(t.Context(), "1", places[0].ID, "a1")
	for deadline := time.Now().Add(20 * time.Second); err == nil && list[0].State == "queued"; {
		if time.Now().After(deadline) {
			t.Fatalf("the ticket stays %+v", list[0])
		}
		list, err = c.Tickets(t.Context(), "1")
	}
	if err != nil || list[0].Ref != "7" {
		t.Fatalf("tickets %+v, %v", list, err)
	}
}
