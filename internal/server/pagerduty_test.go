package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/config"
)

// pagers answers as the API of PagerDuty does about any incident, and keeps notes.
type pagers struct {
	mu    sync.Mutex
	notes map[string][]map[string]string // by incident
	lost  int                            // answers that are lost after a note was kept
}

func (p *pagers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) == 2:
		fmt.Fprintf(w, `{"incident":{"id":%q,"incident_number":4521,"title":"Mobile API down","status":"resolved","created_at":"2024-03-15T14:38:45Z","resolved_at":"2024-03-15T15:00:00Z","urgency":"high"}}`, parts[1])
	case parts[2] != "notes":
		fmt.Fprint(w, `{"log_entries":[],"alerts":[],"change_events":[],"more":false}`)
	case r.Method == http.MethodPost:
		var in struct{ Note map[string]string }
		if json.NewDecoder(r.Body).Decode(&in) != nil || r.Header.Get("From") != "pager@example.org" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		p.notes[parts[1]] = append(p.notes[parts[1]], in.Note)
		if p.lost--; p.lost >= 0 {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, `{"note":{"id":"N1"}}`)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{"notes": append([]map[string]string{}, p.notes[parts[1]]...)})
	}
}

// of returns the notes of an incident.
func (p *pagers) of(id string) []map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.notes[id]
}

// told sends a webhook of version 3.
func told(t *testing.T, hook, id, kind, incident, priority string, at time.Time) {
	t.Helper()
	body := fmt.Sprintf(`{"event":{"id":%q,"event_type":%q,"resource_type":"incident","occurred_at":%q,"data":{"id":%q,"type":"incident","number":4521,"title":"Mobile API down","priority":{"summary":%q},"service":{"summary":"mobile-api"}}}}`, id, kind, at.Format(time.RFC3339), incident, priority)
	mac := hmac.New(sha256.New, []byte("s3cret-of-the-pager"))
	mac.Write([]byte(body))
	arrive(t, hook, body, map[string]string{"X-PagerDuty-Signature": "v1=" + hex.EncodeToString(mac.Sum(nil))})
}

// TestThePagerBeginsAndGetsTheLink follows two incidents of PagerDuty: the policy
// asks for the post-mortem of one, and when that is published, its link is noted.
func TestThePagerBeginsAndGetsTheLink(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			p := &pagers{notes: map[string][]map[string]string{}, lost: 1}
			api := httptest.NewServer(p)
			defer api.Close()
			r, log := listenWith(t, func(c *config.Config) {
				if db == "postgres" {
					c.DB = postgres.URL(t)
				}
			}, time.Millisecond)
			admin := r.admin()
			var end struct{ ID string }
			admin.api("POST", "/endpoints", map[string]any{"kind": "pagerduty", "name": "Pager", "events": []string{"postmortem.published"},
				"settings": map[string]string{"url": api.URL, "token": "t0ken-of-the-pager", "secret": "s3cret-of-the-pager", "from": "pager@example.org"}}, &end)
			hook, now := r.url+"/hooks/"+end.ID, time.Now().UTC()
			for _, x := range []struct{ id, priority string }{{"Q1", "P1"}, {"Q2", "P3"}} {
				told(t, hook, x.id+"a", "incident.triggered", x.id, x.priority, now.Add(-time.Hour))
				told(t, hook, x.id+"b", "incident.resolved", x.id, x.priority, now.Add(-30*time.Minute))
			}
			states := map[string]string{}
			for deadline := time.Now().Add(30 * time.Second); states["Q1"] != "drafted" || states["Q2"] != "skipped"; {
				if time.Now().After(deadline) {
					t.Fatalf("the incidents are %v, want Q1 drafted and Q2 skipped", states)
				}
				var page struct{ Items []struct{ Ref, State string } }
				admin.api("GET", "/episodes", nil, &page)
				for _, e := range page.Items {
					states[e.Ref] = e.State
				}
			}
			var own struct{ ID string }
			admin.api("POST", "/incidents", map[string]string{"title": "Not from the pager"}, &own)
			admin.api("PATCH", "/incidents/1", map[string]any{"changes": []map[string]any{{"path": "severity", "value": 3}}, "note": "what the gate asks of severity 1 is another story"}, nil)
			for _, ref := range []string{"1", own.ID} {
				for _, to := range []string{"in-review", "approved", "published"} {
					admin.api("POST", "/incidents/"+ref+"/status", map[string]string{"to": to, "reason": "done"}, nil)
				}
			}
			var list struct {
				Items []struct{ ID, State, Answer string }
			}
			for deadline := time.Now().Add(30 * time.Second); len(list.Items) == 0 || list.Items[0].State != "sent"; {
				if time.Now().After(deadline) {
					t.Fatalf("deliveries %+v, want one that is sent", list.Items)
				}
				if admin.api("GET", "/deliveries", nil, &list); len(list.Items) > 0 && list.Items[0].State == "queued" {
					admin.do("POST", "/api/v1/deliveries/"+list.Items[0].ID+"/retry", "", "") // it need not wait
				}
			}
			if got := p.of("Q1"); len(list.Items) != 1 || len(got) != 1 || got[0]["content"] != "Post-mortem #1 Mobile API down was published: "+r.url+"/p/1" {
				t.Errorf("deliveries %+v and notes %v, want one", list.Items, got)
			}
			if strings.Contains(log.String(), "0ken-of-the-pager") || strings.Contains(log.String(), "s3cret-of-the-pager") {
				t.Error("a credential is logged")
			}
		})
	}
}

// TestAWrongSecretShows tells the admin, at the connection, why nothing comes from it.
func TestAWrongSecretShows(t *testing.T) {
	r, log := listenWith(t, func(*config.Config) {}, time.Millisecond)
	admin := r.admin()
	var end struct{ ID string }
	admin.api("POST", "/endpoints", map[string]any{"kind": "pagerduty", "name": "Pager", "settings": map[string]string{"token": "t0ken-of-the-pager", "secret": "another"}}, &end)
	hook := r.url + "/hooks/" + end.ID
	const page = "/settings/connections/"
	if _, body := admin.do("GET", page+end.ID, "", ""); !strings.Contains(body, "Nothing has come yet") {
		t.Error("the page does not say that nothing came")
	}
	for method, want := range map[string]int{http.MethodPost: http.StatusForbidden, http.MethodPut: http.StatusMethodNotAllowed} {
		q, err := http.NewRequestWithContext(t.Context(), method, hook, strings.NewReader(`{"event":{"id":"said-in-the-body"}}`))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("X-PagerDuty-Signature", "v1="+strings.Repeat("00", sha256.Size))
		res, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s with a wrong secret = %d, want %d", method, res.StatusCode, want)
		}
	}
	_, body := admin.do("GET", page+end.ID, "", "")
	if !strings.Contains(body, "1 request was refused. The signature in X-PagerDuty-Signature does not fit") {
		t.Error("the page does not say that a request was refused, and why")
	}
	if strings.Contains(body+log.String(), "said-in-the-body") {
		t.Error("what was refused is shown or logged")
	}
	var heard struct{ Refused int }
	if admin.api("GET", "/endpoints/"+end.ID+"/heard", nil, &heard); heard.Refused != 1 {
		t.Errorf("%d requests were refused, want 1", heard.Refused)
	}
}
