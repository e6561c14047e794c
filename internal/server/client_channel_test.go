package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
)

// TestTheClientLinksAChannel calls every method of the public client about the
// channels of a chat, on behalf of who leads the post-mortem and of another.
func TestTheClientLinksAChannel(t *testing.T) {
	t.Parallel()
	service := httptest.NewServer(&slacktest.Workspace{})
	defer service.Close()
	r, _ := listen(t, nil)
	admin := r.admin()
	other := admin.invited("engineer@example.org", "member")
	var made struct{ ID string }
	admin.api("POST", "/endpoints", map[string]any{"kind": "slack", "name": "Our Slack", "events": []string{}, "settings": map[string]string{"url": service.URL, "token": "xoxb-of-tests", "secret": "sign-of-tests"}}, &made)
	admin.api("POST", "/incidents", map[string]string{"title": "Mobile API down"}, nil)
	status, said := r.hooked(made.ID, slacktest.Command("C0INC", "U0A", "1", "link 1"), time.Now(), "sign-of-tests")
	var answer struct{ Text string }
	if err := json.Unmarshal([]byte(said), &answer); err != nil || status != http.StatusOK {
		t.Fatalf("link: %d %s", status, said)
	}
	code, err := url.QueryUnescape(regexp.MustCompile(`code=(\S+)`).FindStringSubmatch(answer.Text)[1])
	if err != nil {
		t.Fatal(err)
	}
	ctx, lead, stranger := t.Context(), admin.client(), other.client()
	if list, err := lead.Channels(ctx, "1"); err != nil || len(list) != 0 {
		t.Errorf("Channels before = %+v, %v; want none", list, err)
	}
	if _, err := stranger.LinkChannel(ctx, "1", code, time.Time{}); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("LinkChannel of who takes no part: %v, want NotFound", err)
	}
	if _, err := lead.LinkChannel(ctx, "1", code+"x", time.Time{}); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("LinkChannel with a damaged code: %v, want it invalid", err)
	}
	since := time.Now().Add(-2 * time.Hour).UTC().Truncate(time.Second)
	list, err := lead.LinkChannel(ctx, "1", code, since)
	if err != nil || len(list) != 1 || list[0].Name != "inc-4521" || !list[0].Since.Equal(since) || list[0].EndpointID != made.ID {
		t.Fatalf("LinkChannel = %+v, %v", list, err)
	}
	if err := lead.ReadChannel(ctx, "1", list[0].ID); err != nil {
		t.Errorf("ReadChannel: %v", err)
	}
	for what, err := range map[string]error{"read": stranger.ReadChannel(ctx, "1", list[0].ID), "unlink": stranger.UnlinkChannel(ctx, "1", list[0].ID)} {
		if hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("%s of who takes no part: %v, want NotFound", what, err)
		}
	}
	if err := lead.UnlinkChannel(ctx, "1", list[0].ID); err != nil {
		t.Errorf("UnlinkChannel: %v", err)
	}
	if list, err := lead.Channels(ctx, "1"); err != nil || len(list) != 0 {
		t.Errorf("Channels after = %+v, %v; want none", list, err)
	}
}
