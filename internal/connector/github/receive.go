package github

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/signature"
)

// Receive reads a webhook of the repository. Issues are what it tells of; other
// events are a sign of life.
func (r *Repository) Receive(h http.Header, body []byte, now time.Time) ([]connector.Notice, error) {
	if r.hook.IsZero() {
		return nil, hindcast.Errorf(hindcast.Denied, "this connection has no secret of a webhook; enter the one that you chose in GitHub")
	}
	if err := signature.GitHub().Verify(h, body, now, r.hook); err != nil {
		return nil, err
	}
	var hook struct {
		Issue      *issue `json:"issue"`
		Repository struct {
			Name string `json:"full_name"`
		} `json:"repository"`
	}
	// GitHub can send forms too, which hold the JSON that was not signed alone.
	if err := json.Unmarshal(body, &hook); err != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "the body is no JSON; choose application/json as the content type of the webhook")
	}
	id := h.Get("X-GitHub-Delivery")
	if id == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the request names no delivery (X-GitHub-Delivery)")
	}
	out := connector.Notice{ID: id, Kind: connector.NothingToDo, At: now.UTC()}
	if h.Get("X-GitHub-Event") == "issues" && hook.Issue != nil && hook.Issue.Number > 0 && strings.EqualFold(hook.Repository.Name, r.name) {
		out.Kind, out.Ref, out.URL, out.At = connector.TicketChanged, strconv.FormatInt(hook.Issue.Number, 10), hook.Issue.URL, hook.Issue.UpdatedAt.UTC()
	}
	return []connector.Notice{out}, nil
}
