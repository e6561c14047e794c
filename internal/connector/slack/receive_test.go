package slack_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/connectortest"
	"github.com/hindcast/hindcast/internal/connector/slack"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
)

func receiver(hook string) (connector.Receiver, error) {
	v, err := slack.Vendor().Open(settings("", "xoxb", "secret", hook), connector.Deps{})
	if err != nil {
		return nil, err
	}
	return v.(connector.Receiver), nil
}

func callback(event string) []byte { return slacktest.Callback("Ev1", event) }

func TestReceiverConformance(t *testing.T) {
	for name, s := range map[string]connectortest.Sender{
		"event":   {Body: callback(`{"type":"message","channel":"C0INC","user":"U0A","text":"hm","ts":"1710513661.000100"}`)},
		"command": {Body: slacktest.Command("C0INC", "U0A", "1.2.3", "add hm")},
	} {
		t.Run(name, func(t *testing.T) {
			s.Open, s.Sign, s.Tells, s.Timed = receiver, slacktest.Sign, 1, true
			connectortest.Receiver(t, s)
		})
	}
}

func TestWhatIsTold(t *testing.T) {
	at := time.Unix(1710513661, 0).UTC()
	changed := func(talk connector.Talk) connector.Notice {
		return connector.Notice{ID: "Ev1", Kind: connector.ChannelChanged, Ref: talk.Channel, At: at, Talk: &talk}
	}
	nothing := connector.Notice{ID: "Ev1", Kind: connector.NothingToDo, At: at}
	for name, tt := range map[string]struct {
		body []byte
		want connector.Notice
	}{
		"a message":         {callback(`{"type":"message","channel":"C0INC","user":"U0A","text":"hm","ts":"1710513661.000100"}`), changed(connector.Talk{Channel: "C0INC", User: "U0A", Message: "1710513661.000100"})},
		"an answer":         {callback(`{"type":"message","channel":"C0INC","user":"U0A","text":"hm","ts":"1710513661.000100","thread_ts":"1710513660.000100"}`), changed(connector.Talk{Channel: "C0INC", User: "U0A", Message: "1710513661.000100", Alone: true})},
		"an edit":           {callback(`{"type":"message","subtype":"message_changed","channel":"C0INC","message":{"text":"hm!","ts":"1710513661.000100","edited":{"user":"U0A","ts":"1710513699.000000"}},"previous_message":{"text":"hm","ts":"1710513661.000100"},"ts":"1710513699.000200"}`), changed(connector.Talk{Channel: "C0INC", Message: "1710513661.000100", Alone: true})},
		"a preview":         {callback(`{"type":"message","subtype":"message_changed","channel":"C0INC","message":{"text":"hm","ts":"1710513661.000100","attachments":[{}]},"previous_message":{"text":"hm","ts":"1710513661.000100"},"ts":"1710513699.000200"}`), nothing},
		"a tombstone":       {callback(`{"type":"message","subtype":"message_changed","channel":"C0INC","message":{"subtype":"tombstone","text":"This message was deleted.","ts":"1710513661.000100"},"previous_message":{"text":"hm","ts":"1710513661.000100"},"ts":"1710513699.000200"}`), changed(connector.Talk{Channel: "C0INC", Message: "1710513661.000100", Alone: true})},
		"a deletion":        {callback(`{"type":"message","subtype":"message_deleted","channel":"C0INC","deleted_ts":"1710513661.000100","previous_message":{"text":"hm","ts":"1710513661.000100"},"ts":"1710513699.000200"}`), changed(connector.Talk{Channel: "C0INC", Message: "1710513661.000100", Alone: true})},
		"a join":            {callback(`{"type":"message","subtype":"channel_join","channel":"C0INC","user":"U0A","text":"hm","ts":"1710513661.000100"}`), nothing},
		"a message to one":  {callback(`{"type":"message","channel":"nowhere","user":"U0A","text":"hm","ts":"1710513661.000100"}`), nothing},
		"a pin":             {callback(`{"type":"pin_added","user":"U0A","channel_id":"C0INC","item":{"type":"message","channel":"C0INC","message":{"ts":"1710513661.000100"}}}`), changed(connector.Talk{Channel: "C0INC", User: "U0A", Message: "1710513661.000100", Alone: true})},
		"a pinned file":     {callback(`{"type":"pin_added","user":"U0A","channel_id":"C0INC","item":{"type":"file"}}`), nothing},
		"a mark":            {callback(`{"type":"reaction_added","user":"U0A","reaction":"gavel","item":{"type":"message","channel":"C0INC","ts":"1710513661.000100"}}`), changed(connector.Talk{Channel: "C0INC", User: "U0A", Message: "1710513661.000100", Alone: true})},
		"another reaction":  {callback(`{"type":"reaction_added","user":"U0A","reaction":"eyes","item":{"type":"message","channel":"C0INC","ts":"1710513661.000100"}}`), nothing},
		"a link":            {callback(`{"type":"link_shared","channel":"C0INC","user":"U0A","message_ts":"1710513661.000100","links":[{"url":"https://h.example.org/p/12","domain":"h.example.org"},{"url":"https://h.example.org/p/12"}]}`), connector.Notice{ID: "Ev1", Kind: connector.LinkPosted, Ref: "C0INC", At: at, Talk: &connector.Talk{Channel: "C0INC", User: "U0A", Message: "1710513661.000100", Links: []string{"https://h.example.org/p/12"}}}},
		"a link in writing": {callback(`{"type":"link_shared","channel":"COMPOSER","user":"U0A","message_ts":"u-1","unfurl_id":"C0.1.x","source":"composer","links":[{"url":"https://h.example.org/p/12"}]}`), connector.Notice{ID: "Ev1", Kind: connector.LinkPosted, Ref: "COMPOSER", At: at, Talk: &connector.Talk{Channel: "COMPOSER", User: "U0A", Message: "u-1", Preview: "composer/C0.1.x", Links: []string{"https://h.example.org/p/12"}}}},
		"something else":    {callback(`{"type":"app_uninstalled"}`), nothing},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := receiver("s")
			if err != nil {
				t.Fatal(err)
			}
			got, err := r.Receive(slacktest.Sign(tt.body, at, "s"), tt.body, at)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]connector.Notice{tt.want}, got); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheChallengeIsAnswered(t *testing.T) {
	r, err := receiver("s")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}`)
	at := time.Unix(1710513661, 0)
	got, err := r.Receive(slacktest.Sign(body, at, "s"), body, at)
	if err != nil || len(got) != 1 || got[0].Answer != "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" {
		t.Errorf("Receive = %+v, %v", got, err)
	}
}

func TestACommand(t *testing.T) {
	r, err := receiver("s")
	if err != nil {
		t.Fatal(err)
	}
	at, body := time.Unix(1710513661, 0).UTC(), slacktest.Command("C0INC", "U0A", "1.2.3", " add rolled back & fine ")
	got, err := r.Receive(slacktest.Sign(body, at, "s"), body, at)
	want := []connector.Notice{{Kind: connector.Commanded, Ref: "C0INC", At: at, Talk: &connector.Talk{Channel: "C0INC", Name: "inc-4521", User: "U0A", Text: "add rolled back & fine"}}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(connector.Notice{}, "ID")); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	check := []byte("ssl_check=1&token=t")
	if got, err := r.Receive(slacktest.Sign(check, at, "s"), check, at); err != nil || got[0].Kind != connector.NothingToDo {
		t.Errorf("a look at the certificate: %+v, %v", got, err)
	}
	for _, body := range []string{"command=%2Fhindcast", "command=%2Fhindcast&channel_id=../x&user_id=U0A", "a;b=%"} {
		if _, err := r.Receive(slacktest.Sign([]byte(body), at, "s"), []byte(body), at); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("%q: %v, want it invalid", body, err)
		}
	}
}

func TestLinksAreShown(t *testing.T) {
	d := talk(0)
	s := httptest.NewServer(d)
	defer s.Close()
	w := workspace(t, s.URL)
	cards := []connector.Card{{Link: "https://h.example.org/p/12", Title: "#12 <Outage>", Text: "Published"}}
	for _, talk := range []connector.Talk{{Channel: "C0INC", Message: "1710513661.000100"}, {Preview: "composer/C0.1.x"}} {
		if err := w.Show(t.Context(), talk, cards); err != nil {
			t.Fatal(err)
		}
	}
	unfurls := `{"https://h.example.org/p/12":{"blocks":[{"text":{"text":"*#12 \u0026lt;Outage\u0026gt;*\nPublished","type":"mrkdwn","verbatim":true},"type":"section"}]}}`
	want := []url.Values{{"unfurls": {unfurls}, "channel": {"C0INC"}, "ts": {"1710513661.000100"}}, {"unfurls": {unfurls}, "source": {"composer"}, "unfurl_id": {"C0.1.x"}}}
	if diff := cmp.Diff(want, d.Posted()); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
}

func TestTheReplyIsForOnePerson(t *testing.T) {
	a := workspace(t, "").Reply("see <https://h.example.org/p/12> & more")
	var got map[string]any
	if err := json.Unmarshal(a.Body, &got); err != nil || got["response_type"] != "ephemeral" || got["text"] != "see &lt;https://h.example.org/p/12&gt; &amp; more" || !strings.HasPrefix(a.Type, "application/json") {
		t.Errorf("Reply = %s %v, %v", a.Type, got, err)
	}
}

// TestTheManifest holds what Slack needs to make the app, and that its rights are
// those that are said to be needed.
func TestTheManifest(t *testing.T) {
	raw, err := slack.Manifest("https://h.example.org/hooks/e1", "https://h.example.org:8443")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Features struct {
			Commands []struct{ Command, URL string } `json:"slash_commands"`
			Domains  []string                        `json:"unfurl_domains"`
		}
		OAuth struct {
			Scopes struct{ Bot, User []string }
		} `json:"oauth_config"`
		Settings struct {
			Events struct {
				URL  string   `json:"request_url"`
				List []string `json:"bot_events"`
			} `json:"event_subscriptions"`
		}
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	var scopes []string
	for _, s := range slack.Scopes() {
		scopes = append(scopes, s.Name)
	}
	if diff := cmp.Diff(scopes, m.OAuth.Scopes.Bot); diff != "" || m.OAuth.Scopes.User != nil {
		t.Errorf("rights of a person %v, of the app (-want +got):\n%s", m.OAuth.Scopes.User, diff)
	}
	if m.Settings.Events.URL != "https://h.example.org/hooks/e1" || m.Features.Commands[0].URL != "https://h.example.org/hooks/e1" || m.Features.Domains[0] != "h.example.org" {
		t.Errorf("addresses: %+v", m)
	}
	// The rights without which Slack does not take a subscription.
	needs := map[string]string{"link_shared": "links:read", "message.channels": "channels:history", "message.groups": "groups:history", "pin_added": "pins:read", "reaction_added": "reactions:read"}
	for _, e := range m.Settings.Events.List {
		if !strings.Contains(strings.Join(scopes, " "), needs[e]) || needs[e] == "" {
			t.Errorf("event %s needs the right %q", e, needs[e])
		}
	}
}
