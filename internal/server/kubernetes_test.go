package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/kubernetestest"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/watch"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// alertOfHoursAgo is a group of alerts that fired and cleared long ago.
const alertOfHoursAgo = `{"receiver":"hindcast","status":%q,"alerts":[{"status":%q,"labels":{"alertname":"ErrorRateHigh","service":"checkout","severity":"critical"},"startsAt":%q,"endsAt":%q}],
 "commonLabels":{"alertname":"ErrorRateHigh","service":"checkout","severity":"critical"},"commonAnnotations":{"summary":"One checkout in three fails"},"version":"4","groupKey":"{}:{alertname=\"ErrorRateHigh\"}"}`

// watched runs a watcher that has followed its cluster since two hours before began.
// The cluster has forgotten what it told since, and the watcher hands out two events
// a page.
func watched(t *testing.T, began time.Time, before func(page int)) *httptest.Server {
	t.Helper()
	c := &kubernetestest.Cluster{}
	api := httptest.NewServer(c)
	sp, err := spool.Open(spool.Config{Dir: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := sp.Cover("", began.Add(-2*time.Hour), time.Now()); err != nil {
		t.Fatal(err)
	}
	w := watch.New(watch.Config{Spool: sp, Server: &kubernetes.Server{Address: api.URL, HTTP: outhttp.New(outhttp.Config{Now: time.Now, Private: true}), Token: func() (secret.Text, error) { return secret.Text{}, nil }}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	var uids []string
	for i := range 5 {
		uids = append(uids, c.Happen("shop", fmt.Sprintf("checkout-5d8f7c9b6-2xkz%d", i), "OOMKilling", "Memory cgroup out of memory: killed checkout", began.Add(time.Duration(i)*time.Minute)))
	}
	for deadline := time.Now().Add(20 * time.Second); w.Status().Events < 5; {
		if time.Now().After(deadline) {
			t.Fatalf("the watcher keeps %+v", w.Status())
		}
		<-time.After(time.Millisecond)
	}
	for _, uid := range uids {
		c.Forget(uid)
	}
	pages := 0
	handler := w.Handler(func() (secret.Text, error) { return secret.New("t0ken-of-the-watcher"), nil })
	out := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		pages++
		before(pages)
		q := r.URL.Query()
		q.Set("limit", "2")
		r.URL.RawQuery = q.Encode()
		handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(func() {
		out.CloseClientConnections()
		out.Close()
		stop()
		<-ended
		api.CloseClientConnections()
		api.Close()
		if err := sp.Close(); err != nil {
			t.Error(err)
		}
	})
	return out
}

// TestEventsThatTheClusterForgot drafts an incident of five hours ago with what a
// watcher kept. The server is killed while it fetches that, and goes on.
func TestEventsThatTheClusterForgot(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	there := &replica{T: t, data: data, addr: "127.0.0.1:0"}
	killed, done := make(chan struct{}), atomic.Bool{}
	began := time.Now().UTC().Add(-5 * time.Hour).Truncate(time.Second)
	out := watched(t, began, func(page int) {
		if page == 2 && done.CompareAndSwap(false, true) {
			there.kill()
			close(killed)
		}
	})
	here, _ := listen(t, func(c *config.Config) { c.Data = data })
	admin := here.admin()
	var alerts, cluster struct {
		ID      string
		Secrets map[string]string
	}
	admin.api("POST", "/endpoints", map[string]any{"kind": "alertmanager", "name": "Alertmanager"}, &alerts)
	admin.api("POST", "/endpoints", map[string]any{"kind": "kubernetes", "name": "Cluster", "settings": map[string]string{"watcher": out.URL, "watcher_token": "t0ken-of-the-watcher"}}, &cluster)
	here.stop()

	there.start()
	t.Cleanup(there.kill)
	for _, status := range []string{"firing", "resolved"} {
		body := fmt.Sprintf(alertOfHoursAgo, status, status, began.Format(time.RFC3339), began.Add(20*time.Minute).Format(time.RFC3339))
		arrive(t, "http://"+there.addr+"/hooks/"+alerts.ID, body, map[string]string{"Authorization": "Bearer " + alerts.Secrets["token"]})
	}
	select {
	case <-killed:
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not fetch what the watcher has")
	}
	forfeit(t, data)

	again, log := listen(t, func(c *config.Config) { c.Data = data })
	admin = &person{again, &http.Client{Jar: sessions(t, admin, here.url, again.url)}}
	var list struct {
		Items []struct {
			State, Said string
			IncidentID  string `json:"incident_id"`
		}
	}
	for deadline := time.Now().Add(30 * time.Second); len(list.Items) != 1 || list.Items[0].State != "drafted"; {
		if admin.api("GET", "/episodes", nil, &list); time.Now().After(deadline) {
			t.Fatalf("episodes %+v, want one that is drafted", list.Items)
		}
	}
	if list.Items[0].Said != "" {
		t.Errorf("the draft says %q", list.Items[0].Said)
	}
	var got struct{ Postmortem hindcast.Postmortem }
	admin.api("GET", "/incidents/"+list.Items[0].IncidentID, nil, &got)
	var files []struct{ Name, SHA256 string }
	admin.api("GET", "/incidents/"+list.Items[0].IncidentID+"/evidence", nil, &files)
	times := [5]int{}
	for _, f := range files {
		if !strings.HasPrefix(f.Name, "Cluster/events-") {
			continue
		}
		_, body := admin.do("GET", "/api/v1/incidents/"+list.Items[0].IncidentID+"/evidence/"+url.PathEscape(f.SHA256)+"/bytes", "", "")
		for i := range times {
			times[i] += strings.Count(body, fmt.Sprintf(`"uid":"uid-%d"`, i+1))
		}
	}
	if times != [5]int{1, 1, 1, 1, 1} {
		t.Errorf("the events are in the evidence %d times, want once each, of %+v", times, files)
	}
	if !strings.Contains(fmt.Sprint(got.Postmortem.Timeline), "out of memory") {
		t.Errorf("the timeline has nothing of the cluster: %+v", got.Postmortem.Timeline)
	}
	if strings.Contains(log.String(), "t0ken-of-the-watcher") {
		t.Error("a credential is logged")
	}
}

// forfeit ends the leases of a server that was killed, which others would wait for.
func forfeit(t *testing.T, data string) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), filepath.Join(data, "hindcast.db"))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(t.Context(), `update job set run_at = 0 where state = 'running'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
