package github_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/github"
	"github.com/hindcast/hindcast/internal/secret"
)

func receiver(hook string) (connector.Receiver, error) {
	v, err := github.Vendor().Open(connector.Settings{"repository": secret.New("example/checkout"), "token": secret.New("t"), "secret": secret.New(hook)}, connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

func sign(body []byte, _ time.Time, key string) http.Header {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return http.Header{"X-Hub-Signature-256": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}, "X-Github-Event": {"issues"}, "X-Github-Delivery": {"d-1"}}
}

const closed = `{"action":"closed","issue":{"number":7,"html_url":"https://github.com/example/checkout/issues/7","state":"closed","updated_at":"2024-03-20T10:00:00Z"},"repository":{"full_name":"Example/checkout"}}`

func TestReceiverConformance(t *testing.T) {
	connectortest.Receiver(t, connectortest.Sender{Open: receiver, Sign: sign, Body: []byte(closed), Tells: 1})
}

// repo is how a webhook says of which repository it is.
const repo = `"repository":{"name":"checkout","full_name":"example/checkout","default_branch":"main","pushed_at":1710496800},"sender":{"login":"engineer-a"}`

func TestWhatAWebhookTells(t *testing.T) {
	now := time.Date(2024, 3, 20, 10, 0, 2, 0, time.UTC)
	at := time.Date(2024, 3, 15, 10, 0, 0, 0, time.UTC)
	nothing := connector.Notice{Kind: connector.NothingToDo, At: now}
	of := func(what string) connector.Notice {
		return connector.Notice{Kind: connector.Happened, Ref: "example/checkout", Title: what, At: at}
	}
	for name, tt := range map[string]struct {
		body string
		want connector.Notice
	}{
		"an issue":                       {closed, connector.Notice{Kind: connector.TicketChanged, Ref: "7", URL: "https://github.com/example/checkout/issues/7", At: time.Date(2024, 3, 20, 10, 0, 0, 0, time.UTC)}},
		"an issue somewhere else":        {`{"issue":{"number":7},"repository":{"full_name":"example/other"}}`, nothing},
		"a comment is no state of it":    {`{"action":"created","issue":{"number":7},"comment":{"id":1},` + repo + `}`, nothing},
		"a ping":                         {`{"zen":"Design for failure.","hook_id":1,"hook":{"type":"Repository"},` + repo + `}`, nothing},
		"a deployment":                   {`{"action":"created","deployment":{"id":5,"created_at":"2024-03-15T10:00:00Z"},` + repo + `}`, of("deployment")},
		"a deployment somewhere else":    {`{"action":"created","deployment":{"id":5,"created_at":"2024-03-15T10:00:00Z"},"repository":{"full_name":"example/other"}}`, nothing},
		"a status of a deployment":       {`{"deployment":{"id":5,"created_at":"2024-03-15T09:00:00Z"},"deployment_status":{"id":9,"created_at":"2024-03-15T10:00:00Z"},` + repo + `}`, of("deployment_status")},
		"a run that a deployment began":  {`{"deployment":{"id":5,"created_at":"2024-03-15T10:00:00Z"},"workflow_run":{"id":3,"updated_at":"2024-03-15T11:00:00Z"},` + repo + `}`, of("deployment")},
		"a run that ended":               {`{"action":"completed","workflow_run":{"id":3,"run_started_at":"2024-03-15T09:00:00Z","updated_at":"2024-03-15T10:00:00Z"},` + repo + `}`, of("workflow_run")},
		"a run that begins":              {`{"action":"requested","workflow_run":{"id":3,"run_started_at":"2024-03-15T10:00:00Z"},` + repo + `}`, of("workflow_run")},
		"a run that goes on":             {`{"action":"in_progress","workflow_run":{"id":3,"run_started_at":"2024-03-15T10:00:00Z"},` + repo + `}`, nothing},
		"a release":                      {`{"action":"published","release":{"id":4,"published_at":"2024-03-15T10:00:00Z"},` + repo + `}`, of("release")},
		"a draft of a release":           {`{"action":"created","release":{"id":4},` + repo + `}`, nothing},
		"a push":                         {`{"ref":"refs/heads/main","pusher":{"name":"engineer-a"},` + repo + `}`, of("push")},
		"a push of a tag":                {`{"ref":"refs/tags/v1","pusher":{"name":"engineer-a"},` + repo + `}`, of("push")},
		"a push to another branch":       {`{"ref":"refs/heads/try","pusher":{"name":"engineer-a"},` + repo + `}`, nothing},
		"a branch that is gone":          {`{"ref":"refs/tags/v1","deleted":true,"pusher":{"name":"engineer-a"},` + repo + `}`, nothing},
		"a status of a commit":           {`{"context":"canary","sha":"ab","state":"failure","updated_at":"2024-03-15T10:00:00Z","branches":[{"name":"main"}],` + repo + `}`, of("status")},
		"a status of a commit of nobody": {`{"context":"canary","sha":"ab","state":"failure","updated_at":"2024-03-15T10:00:00Z","branches":[{"name":"try"}],` + repo + `}`, nothing},
		"a deployment without a time":    {`{"action":"created","deployment":{"id":5},` + repo + `}`, connector.Notice{Kind: connector.Happened, Ref: "example/checkout", Title: "deployment", At: now}},
	} {
		t.Run(name, func(t *testing.T) {
			got := receive(t, tt.body, "d-1", now)
			if tt.want.Kind == connector.Happened {
				tt.want.Record = []byte(tt.body)
			}
			tt.want.ID = got.ID
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("notice (-want +got):\n%s", diff)
			}
		})
	}
}

// receive reads a genuine webhook.
func receive(t *testing.T, body, delivery string, now time.Time) connector.Notice {
	t.Helper()
	r, err := receiver("s")
	if err != nil {
		t.Fatal(err)
	}
	h := sign([]byte(body), now, "s")
	h.Set("X-GitHub-Delivery", delivery)
	got, err := r.Receive(h, []byte(body), now)
	if err != nil || len(got) != 1 {
		t.Fatalf("%d notices, %v; want one", len(got), err)
	}
	return got[0]
}

// TestADeliveryUnderAnotherName is one that somebody saw and sends again: the header
// with its name is not signed.
func TestADeliveryUnderAnotherName(t *testing.T) {
	now := time.Date(2024, 3, 20, 10, 0, 2, 0, time.UTC)
	body := `{"deployment":{"id":5,"created_at":"2024-03-15T10:00:00Z"},` + repo + `}`
	first, again := receive(t, body, "d-1", now), receive(t, body, "d-2", now.Add(time.Hour))
	if first.ID != again.ID {
		t.Errorf("the same body is %q and %q, want one notice", first.ID, again.ID)
	}
	if other := receive(t, strings.Replace(body, "5", "6", 1), "d-1", now); other.ID == first.ID {
		t.Errorf("another body is %q too", other.ID)
	}
}

// TestRecordedWebhooks reads what GitHub's documentation of its webhooks has.
func TestRecordedWebhooks(t *testing.T) {
	dir := os.Getenv("HINDCAST_TEST_PAYLOADS")
	if dir == "" {
		t.Skip("HINDCAST_TEST_PAYLOADS names no folder of recorded webhooks")
	}
	files, err := filepath.Glob(filepath.Join(dir, "github", "webhook-*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d recorded webhooks, %v", len(files), err)
	}
	now := time.Date(2024, 3, 20, 10, 0, 2, 0, time.UTC)
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var of struct {
			Repository struct {
				Name string `json:"full_name"`
			} `json:"repository"`
		}
		if err := json.Unmarshal(body, &of); err != nil {
			t.Fatal(err)
		}
		v, err := github.Vendor().Open(connector.Settings{"repository": secret.New(of.Repository.Name), "token": secret.New("t"), "secret": secret.New("s")}, connector.Deps{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.(connector.Receiver).Receive(sign(body, now, "s"), body, now)
		if err != nil || len(got) != 1 {
			t.Fatalf("%s: %d notices, %v", name, len(got), err)
		}
		event, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(name), "webhook-"), "-")
		told := got[0].Title
		if told == "" {
			told = string(got[0].Kind)
		}
		want := map[string]string{"issues": "ticket.changed", "deployment": "deployment", "deployment_status": "deployment_status", "workflow_run": "workflow_run", "status": "status"}[event]
		if want == "" || strings.Contains(string(body), `"draft": true`) {
			continue // of some releases and pushes nothing is read
		}
		if told != want {
			t.Errorf("%s tells %q, want %q", filepath.Base(name), told, want)
		}
	}
}
