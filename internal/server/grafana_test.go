package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/config"
)

// dashboards answer as Grafana does: with a deploy 58 minutes after the window that
// is asked for begins, with no metric, and with what was marked.
type dashboards struct {
	mu     sync.Mutex
	marked []map[string]any
	lost   int // answers that are lost after a mark was kept
}

func (d *dashboards) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	from, _ := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	switch {
	case r.Header.Get("Authorization") != "Bearer t0ken-of-grafana":
		w.WriteHeader(http.StatusUnauthorized)
	case strings.HasPrefix(r.URL.Path, "/api/datasources/proxy/uid/prom/"):
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	case r.Method == http.MethodGet && r.URL.Query().Has("tags"):
		_ = json.NewEncoder(w).Encode(append([]map[string]any{}, d.marked...))
	case r.Method == http.MethodGet:
		fmt.Fprintf(w, `[{"id":31,"alertId":0,"dashboardUID":"d","newState":"","prevState":"","time":%d,"timeEnd":%d,"text":"checkout v3.2.0","tags":["deploy","service:checkout"],"data":{}}]`, from+58*60_000, from+59*60_000)
	default:
		var in map[string]any
		if json.NewDecoder(r.Body).Decode(&in) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if in["id"] = 1; r.Method == http.MethodPatch {
			d.marked[0] = in
		} else {
			d.marked = append(d.marked, in)
		}
		if d.lost--; d.lost >= 0 {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, `{"message":"Annotation added","id":1}`)
	}
}

// marks returns what was marked.
func (d *dashboards) marks() []map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.marked)
}

// alerted sends what a contact point sends of one alert.
func alerted(t *testing.T, hook, key, status string, began, ended time.Time) {
	t.Helper()
	body := fmt.Sprintf(`{"receiver":"Hindcast","status":%q,"orgId":1,"version":"1","groupKey":"{}:{alertname=\"CheckoutErrors\"}","state":"alerting","title":"[FIRING:1]","commonLabels":{"alertname":"CheckoutErrors","severity":"critical","service":"checkout"},
		"commonAnnotations":{"summary":"checkout answers 5xx"},"externalURL":"https://grafana.example.org/","alerts":[{"status":%[1]q,"labels":{"alertname":"CheckoutErrors","severity":"critical","service":"checkout"},"annotations":{"summary":"checkout answers 5xx"},
		"startsAt":%q,"endsAt":%q,"fingerprint":"c6eadffa33fcdf37"}]}`, status, began.Format(time.RFC3339), ended.Format(time.RFC3339))
	seconds := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(seconds + ":" + body))
	arrive(t, hook, body, map[string]string{"X-Grafana-Alerting-Timestamp": seconds, "X-Grafana-Alerting-Signature": hex.EncodeToString(mac.Sum(nil))})
}

// TestGrafanaBeginsAndIsMarked follows an alert of Grafana to its post-mortem with
// the annotation before it, and the post-mortem back to a mark, when it is published
// and published again.
func TestGrafanaBeginsAndIsMarked(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			d := &dashboards{lost: 1}
			api := httptest.NewServer(d)
			defer api.Close()
			r, log := listenWith(t, func(c *config.Config) {
				if db == "postgres" {
					c.DB = postgres.URL(t)
				}
			}, time.Millisecond)
			admin := r.admin()
			var end struct {
				ID      string
				Secrets map[string]string
			}
			admin.api("POST", "/endpoints", map[string]any{"kind": "grafana", "name": "Grafana", "events": []string{"postmortem.published"},
				"settings": map[string]string{"url": api.URL, "token": "t0ken-of-grafana", "queries": "[prom] up"}}, &end)
			now := time.Now().UTC().Truncate(time.Second)
			began, ended := now.Add(-time.Hour), now.Add(-30*time.Minute)
			hook := r.url + "/hooks/" + end.ID
			alerted(t, hook, end.Secrets["secret"], "firing", began, time.Time{})
			alerted(t, hook, end.Secrets["secret"], "resolved", began, ended)
			var page struct {
				Items []struct {
					State, Said string
					IncidentID  string `json:"incident_id"`
				}
			}
			for deadline := time.Now().Add(30 * time.Second); len(page.Items) == 0 || page.Items[0].State != "drafted"; {
				if admin.api("GET", "/episodes", nil, &page); time.Now().After(deadline) {
					t.Fatalf("episodes %+v, want one that is drafted", page.Items)
				}
			}
			var got struct{ Postmortem hindcast.Postmortem }
			admin.api("GET", "/incidents/1", nil, &got)
			for kind, at := range map[hindcast.EntryKind]time.Time{hindcast.Alert: began, hindcast.Change: began.Add(-2 * time.Minute)} {
				if !slices.ContainsFunc(got.Postmortem.Timeline, func(e hindcast.Entry) bool { return e.Kind == kind && e.At.Equal(at) }) {
					t.Errorf("no %s at %s in %+v", kind, at, got.Postmortem.Timeline)
				}
			}
			admin.api("PATCH", "/incidents/1", map[string]any{"changes": []map[string]any{
				{"path": "severity", "value": 3}, {"path": "phases/started_at", "value": map[string]any{"at": began}}, {"path": "phases/resolved_at", "value": map[string]any{"at": ended}},
			}, "note": "as it was"}, nil)
			for range 2 {
				for _, to := range []string{"in-review", "approved", "published"} {
					admin.api("POST", "/incidents/1/status", map[string]string{"to": to, "reason": "done"}, nil)
				}
				delivered(t, admin)
				admin.api("POST", "/incidents/1/status", map[string]string{"to": "draft", "reason": "one thing more"}, nil)
				admin.api("PATCH", "/incidents/1", map[string]any{"changes": []map[string]any{{"path": "title", "value": "Checkout fails"}}}, nil)
			}
			marks := d.marks()
			if len(marks) != 1 || marks[0]["time"] != float64(began.UnixMilli()) || marks[0]["timeEnd"] != float64(ended.UnixMilli()) ||
				marks[0]["text"] != `Post-mortem #1: Checkout fails<br><a href="`+r.url+`/p/1">Read the post-mortem</a>` {
				t.Errorf("marked as %v, want once, from %d to %d with the title of the second publication", marks, began.UnixMilli(), ended.UnixMilli())
			}
			if strings.Contains(log.String(), "0ken-of-grafana") || strings.Contains(log.String(), end.Secrets["secret"]) {
				t.Error("a credential is logged")
			}
		})
	}
}

// delivered waits until the last message was sent.
func delivered(t *testing.T, admin *person) {
	t.Helper()
	var list struct {
		Items []struct{ ID, State, Answer string }
	}
	for deadline := time.Now().Add(30 * time.Second); len(list.Items) == 0 || list.Items[0].State != "sent"; {
		if time.Now().After(deadline) {
			t.Fatalf("deliveries %+v, want the last one sent", list.Items)
		}
		if admin.api("GET", "/deliveries", nil, &list); len(list.Items) > 0 && list.Items[0].State == "queued" {
			admin.do("POST", "/api/v1/deliveries/"+list.Items[0].ID+"/retry", "", "") // it need not wait
		}
	}
}
