package jira

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
)

// Receive reads a webhook. That an issue was updated or deleted is what it tells;
// other events are a sign of life.
func (p *Project) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if p.hook.IsZero() {
		return nil, hindcast.Errorf(hindcast.Denied, "this connection has no secret of a webhook; enter the one that you chose in Jira")
	}
	if err := signature.Jira().Verify(h, body, now, p.hook); err != nil {
		return nil, err
	}
	var hook struct {
		Event string `json:"webhookEvent"`
		At    int64  `json:"timestamp"` // in milliseconds
		Issue struct {
			Key string `json:"key"`
		} `json:"issue"`
	}
	if err := json.Unmarshal(body, &hook); err != nil || hook.Event == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no webhook of Jira; do not let the webhook exclude it")
	}
	out := connector.Notice{ID: identifier(h, body), Kind: connector.NothingToDo, At: now.UTC()}
	if hook.At > 0 {
		out.At = time.UnixMilli(hook.At).UTC()
	}
	if (hook.Event == "jira:issue_updated" || hook.Event == "jira:issue_deleted") && issueKey(hook.Issue.Key) {
		out.Kind, out.Ref, out.URL = connector.TicketChanged, hook.Issue.Key, p.base+"/browse/"+hook.Issue.Key
	}
	return []connector.Notice{out}, nil
}

// identifier returns what stays the same when a webhook is sent again: what the
// Cloud says, and of a Data Center, which says nothing, what it sent.
func identifier(h http.Header, body []byte) string {
	if id := strings.TrimSpace(h.Get("X-Atlassian-Webhook-Identifier")); id != "" && len(id) <= 100 {
		return id
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
