package github_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
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

func TestWhatAWebhookTells(t *testing.T) {
	now := time.Date(2024, 3, 20, 10, 0, 2, 0, time.UTC)
	for name, tt := range map[string]struct {
		body, event string
		want        connector.Notice
	}{
		"an issue":                    {closed, "issues", connector.Notice{ID: "d-1", Kind: connector.TicketChanged, Ref: "7", URL: "https://github.com/example/checkout/issues/7", At: time.Date(2024, 3, 20, 10, 0, 0, 0, time.UTC)}},
		"a push":                      {`{"ref":"refs/heads/main","repository":{"full_name":"example/checkout"}}`, "push", connector.Notice{ID: "d-1", Kind: connector.NothingToDo, At: now}},
		"an issue somewhere else":     {`{"issue":{"number":7},"repository":{"full_name":"example/other"}}`, "issues", connector.Notice{ID: "d-1", Kind: connector.NothingToDo, At: now}},
		"a comment is no state of it": {closed, "issue_comment", connector.Notice{ID: "d-1", Kind: connector.NothingToDo, At: now}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := receiver("s")
			if err != nil {
				t.Fatal(err)
			}
			h := sign([]byte(tt.body), now, "s")
			h.Set("X-GitHub-Event", tt.event)
			got, err := r.Receive(h, []byte(tt.body), now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]connector.Notice{tt.want}, got); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}
