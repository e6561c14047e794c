package github

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
)

// Receive reads a webhook of the repository. It tells of issues that changed, and of
// what is evidence: deployments and their statuses, workflow runs, statuses of
// commits, pushes and releases. Anything else is a sign of life.
//
// The headers are not signed: what a webhook tells is read from its body, and the
// same body is the same notice whatever delivery it is said to be.
func (r *Repository) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if r.hook.IsZero() {
		return nil, hindcast.Errorf(hindcast.Denied, "this connection has no secret of a webhook; enter the one that you chose in GitHub")
	}
	if err := signature.GitHub().Verify(h, body, now, r.hook); err != nil {
		return nil, err
	}
	var w hook
	// GitHub can send forms too, which hold the JSON that was not signed alone.
	if err := json.Unmarshal(body, &w); err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no JSON; choose application/json as the content type of the webhook")
	}
	if h.Get("X-GitHub-Delivery") == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the request names no delivery (X-GitHub-Delivery)")
	}
	sum := sha256.Sum256(body)
	out := connector.Notice{ID: hex.EncodeToString(sum[:16]), Kind: connector.NothingToDo, At: now.UTC()}
	if !strings.EqualFold(w.Repository.Name, r.name) {
		return []connector.Notice{out}, nil
	}
	if i := w.Issue; i != nil && i.Number > 0 && w.Comment == nil {
		out.Kind, out.Ref, out.URL, out.At = connector.TicketChanged, strconv.FormatInt(i.Number, 10), i.URL, i.UpdatedAt.UTC()
	}
	if what, at := w.happened(); what != "" {
		var line bytes.Buffer
		if err := json.Compact(&line, body); err != nil {
			return nil, hindcast.Errorf(hindcast.Invalid, "the body is no JSON; choose application/json as the content type of the webhook")
		}
		out.Kind, out.Ref, out.Title, out.Record = connector.Happened, w.Repository.Name, what, line.Bytes()
		if !at.IsZero() {
			out.At = at.UTC()
		}
	}
	return []connector.Notice{out}, nil
}

// moments are the times of what a webhook tells of, as far as it has them.
type moments struct {
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	PublishedAt time.Time `json:"published_at"` // of a release
	StartedAt   time.Time `json:"run_started_at"`
}

// hook is what is read of a webhook.
type hook struct {
	Action     string          `json:"action"`
	Issue      *issue          `json:"issue"`
	Comment    json.RawMessage `json:"comment"`
	Repository struct {
		Name     string          `json:"full_name"`
		Default  string          `json:"default_branch"`
		PushedAt json.RawMessage `json:"pushed_at"` // seconds in a push, else a text
	} `json:"repository"`
	Deployment *moments `json:"deployment"`
	Status     *moments `json:"deployment_status"`
	Run        *moments `json:"workflow_run"`
	Release    *moments `json:"release"`

	// Of a push.
	Pusher  json.RawMessage `json:"pusher"`
	Ref     string          `json:"ref"`
	Deleted bool            `json:"deleted"`

	// Of the status of a commit.
	Context  string    `json:"context"`
	SHA      string    `json:"sha"`
	At       time.Time `json:"updated_at"`
	Branches []struct {
		Name string `json:"name"`
	} `json:"branches"`
}

// happened returns what a webhook tells that is evidence, and when it was; empty when
// it tells of nothing such. What only concerns a branch that is not the default one is
// none: nothing runs from it.
func (w hook) happened() (what string, at time.Time) {
	switch {
	case w.Status != nil:
		return "deployment_status", w.Status.CreatedAt
	case w.Run != nil && w.Deployment == nil && w.Action == "completed":
		return "workflow_run", w.Run.UpdatedAt
	case w.Run != nil && w.Deployment == nil && w.Action == "requested":
		return "workflow_run", w.Run.StartedAt
	case w.Deployment != nil:
		return "deployment", w.Deployment.CreatedAt
	case w.Release != nil && w.Action == "published":
		return "release", w.Release.PublishedAt
	case w.Pusher != nil && !w.Deleted && (strings.HasPrefix(w.Ref, "refs/tags/") || w.Ref == "refs/heads/"+w.Repository.Default):
		return "push", seconds(w.Repository.PushedAt)
	case w.Context != "" && w.SHA != "" && w.ofDefault():
		return "status", w.At
	}
	return "", time.Time{}
}

// ofDefault reports whether the commit of a status is in the default branch, or in
// none that is named.
func (w hook) ofDefault() bool {
	for _, b := range w.Branches {
		if b.Name == w.Repository.Default {
			return true
		}
	}
	return len(w.Branches) == 0
}

// seconds reads a time as pushes have it; zero when it is something else.
func seconds(raw json.RawMessage) time.Time {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n <= 0 {
		return time.Time{}
	}
	return time.Unix(n, 0)
}
