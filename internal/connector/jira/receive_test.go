package jira_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/jira"
	"github.com/hindcast/hindcast/internal/secret"
)

func receiver(hook string) (connector.Receiver, error) {
	v, err := jira.Vendor().Open(connector.Settings{"url": secret.New("https://example.atlassian.net"), "project": secret.New("OPS"), "email": secret.New("a@example.org"), "token": secret.New("t"), "secret": secret.New(hook)}, connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

func sign(body []byte, _ time.Time, key string) http.Header {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return http.Header{"X-Hub-Signature": {"sha256=" + hex.EncodeToString(mac.Sum(nil))}}
}

const updated = `{"timestamp":1710928800000,"webhookEvent":"jira:issue_updated","issue":{"id":"10000","key":"OPS-7","fields":{"status":{"name":"Done"}}}}`

func TestReceiverConformance(t *testing.T) {
	connectortest.Receiver(t, connectortest.Sender{Open: receiver, Sign: sign, Body: []byte(updated), Tells: 1})
}

func TestWhatAWebhookTells(t *testing.T) {
	now := time.Date(2024, 3, 20, 10, 0, 2, 0, time.UTC)
	at := time.Date(2024, 3, 20, 10, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		body string
		want connector.Notice
	}{
		"an update":   {updated, connector.Notice{ID: "w-1", Kind: connector.TicketChanged, Ref: "OPS-7", URL: "https://example.atlassian.net/browse/OPS-7", At: at}},
		"a deletion":  {`{"timestamp":1710928800000,"webhookEvent":"jira:issue_deleted","issue":{"key":"OPS-8"}}`, connector.Notice{ID: "w-1", Kind: connector.TicketChanged, Ref: "OPS-8", URL: "https://example.atlassian.net/browse/OPS-8", At: at}},
		"a new issue": {`{"timestamp":1710928800000,"webhookEvent":"jira:issue_created","issue":{"key":"OPS-9"}}`, connector.Notice{ID: "w-1", Kind: connector.NothingToDo, At: at}},
		"no issue":    {`{"webhookEvent":"jira:issue_updated","issue":{"key":"../../OPS-9"}}`, connector.Notice{ID: "w-1", Kind: connector.NothingToDo, At: now}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := receiver("s")
			if err != nil {
				t.Fatal(err)
			}
			h := sign([]byte(tt.body), now, "s")
			h.Set("X-Atlassian-Webhook-Identifier", "w-1")
			got, err := r.Receive(h, []byte(tt.body), now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]connector.Notice{tt.want}, got); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
	r, err := receiver("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Receive(sign([]byte(updated), now, ""), []byte(updated), now); hindcast.CodeOf(err) != hindcast.Denied {
		t.Errorf("signed with nothing: %v, want %s", err, hindcast.Denied)
	}
}

// TestAWebhookThatJiraSent reads one from a folder of recorded payloads.
func TestAWebhookThatJiraSent(t *testing.T) {
	file := os.Getenv("HINDCAST_TEST_JIRA_WEBHOOK")
	if file == "" {
		t.Skip("HINDCAST_TEST_JIRA_WEBHOOK names no recorded webhook")
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := receiver("s")
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Receive(sign(body, time.Now(), "s"), body, time.Now())
	if err != nil || len(got) != 1 || got[0].Kind != connector.TicketChanged || got[0].Ref == "" || len(got[0].ID) != 64 {
		t.Errorf("notices %+v, %v, want an issue that changed", got, err)
	}
}
