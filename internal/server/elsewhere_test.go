package server_test

import (
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

// wiki answers as the API of Confluence does about one page of one space.
type wiki struct {
	mu      sync.Mutex
	page    map[string]any // nil before it is made
	version int
	message string
	files   int
	labels  string
}

func (k *wiki) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var sent struct {
		Title   string
		Body    struct{ Value string }
		Version struct{ Message string }
	}
	var answer any
	path := strings.TrimPrefix(q.URL.Path, "/wiki")
	user, token, _ := q.BasicAuth()
	switch {
	case user != "bot@example.org" || token != "t0ken-of-tests":
		w.WriteHeader(http.StatusUnauthorized)
		return
	case path == "/api/v2/spaces":
		answer = map[string]any{"results": []any{map[string]any{"id": "77", "name": "Operations"}}}
	case path == "/api/v2/pages" && q.Method == http.MethodGet:
		list := []any{}
		if k.page != nil {
			list = append(list, k.told())
		}
		answer = map[string]any{"results": list}
	case strings.HasSuffix(path, "/child/attachment"):
		k.files++
		answer = map[string]any{}
	case strings.HasSuffix(path, "/label"):
		var list []struct{ Name string }
		_ = json.NewDecoder(q.Body).Decode(&list)
		k.labels = fmt.Sprint(list)
		answer = list
	case q.Method == http.MethodPost || q.Method == http.MethodPut:
		_ = json.NewDecoder(q.Body).Decode(&sent)
		k.version++
		k.page, k.message = map[string]any{"id": "100", "spaceId": "77", "status": "current", "title": sent.Title, "body": map[string]any{"storage": map[string]any{"value": sent.Body.Value}}}, sent.Version.Message
		answer = k.told()
	case k.page != nil && path == "/api/v2/pages/100":
		answer = k.told()
	default:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (k *wiki) told() map[string]any {
	k.page["version"] = map[string]any{"number": k.version, "message": k.message}
	return k.page
}

// TestAPostmortemIsPublishedElsewhere follows a post-mortem from the API to a
// double of Confluence, to a change by somebody else there, and back as an import.
func TestAPostmortemIsPublishedElsewhere(t *testing.T) {
	t.Parallel()
	k := &wiki{}
	confluence := httptest.NewServer(k)
	defer confluence.Close()
	r, log := listen(t, func(*config.Config) {})
	admin := r.admin()
	var end struct{ ID string }
	admin.api("POST", "/endpoints", map[string]any{"kind": "confluence", "name": "Team wiki", "settings": map[string]string{"url": confluence.URL, "space": "OPS", "email": "bot@example.org", "token": "t0ken-of-tests"}}, &end)
	var tested struct {
		OK     bool
		Answer string
	}
	admin.api("POST", "/endpoints/"+end.ID+"/test", nil, &tested)
	if !tested.OK || !strings.Contains(tested.Answer, "Operations") {
		t.Errorf("test %+v, want what the token sees", tested)
	}
	var d struct {
		ID     string
		Number int
	}
	admin.api("POST", "/incidents", map[string]any{"title": "Mobile API down", "severity": 3}, &d)
	for _, to := range []string{"in-review", "approved", "published"} {
		admin.api("POST", "/incidents/"+d.ID+"/status", map[string]string{"to": to}, nil)
	}
	type row struct {
		State, URL, Said string
		Edition          int
	}
	wait := func(want string) row {
		t.Helper()
		var list []row
		for deadline := time.Now().Add(20 * time.Second); ; {
			admin.api("GET", "/incidents/"+d.ID+"/elsewhere", nil, &list)
			if len(list) == 1 && list[0].State == want {
				return list[0]
			}
			if time.Now().After(deadline) {
				t.Fatalf("pages %+v, want one that is %s", list, want)
			}
		}
	}
	admin.api("POST", "/incidents/"+d.ID+"/elsewhere", map[string]string{"place": end.ID}, nil)
	if got := wait("written"); got.Edition != 1 || !strings.HasPrefix(got.URL, confluence.URL) {
		t.Errorf("page %+v", got)
	}
	if k.version != 1 || !strings.Contains(k.labels, "post-mortem") || !strings.Contains(fmt.Sprint(k.page["title"]), "Mobile API down") {
		t.Errorf("there: %v with the labels %s", k.page, k.labels)
	}
	k.mu.Lock()
	k.version, k.message = 5, "typo" // somebody else
	k.mu.Unlock()
	admin.api("POST", "/incidents/"+d.ID+"/elsewhere", map[string]string{"place": end.ID, "audience": "customer"}, nil)
	if got := wait("changed"); !strings.Contains(got.Said, "changed there") {
		t.Errorf("page %+v", got)
	}
	res, page := admin.do("GET", fmt.Sprintf("/p/%d/elsewhere", d.Number), "", "")
	if res.StatusCode != http.StatusOK || !strings.Contains(page, "Overwrite what was changed there") {
		t.Errorf("the page: %s %s", res.Status, page)
	}
	admin.api("POST", "/incidents/"+d.ID+"/elsewhere", map[string]any{"place": end.ID, "overwrite": true}, nil)
	wait("written")
	if k.version != 6 {
		t.Errorf("version %d there, want 6", k.version)
	}
	var taken struct {
		Number int
		Report struct{ Sections []string }
	}
	admin.api("POST", "/incidents/take", map[string]string{"place": end.ID, "address": confluence.URL + "/wiki/spaces/OPS/pages/100/X"}, &taken)
	if taken.Number != d.Number+1 || len(taken.Report.Sections) == 0 {
		t.Errorf("taken over: %+v", taken)
	}
	if strings.Contains(log.String()+page, "t0ken-of-tests") {
		t.Error("the token is logged or shown")
	}
}
