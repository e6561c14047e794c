package slack

import (
	"bytes"
	"encoding/json"
	"net/url"

	"github.com/hindcast/hindcast"
)

// Scope is a right of the app, and what it is for.
type Scope struct{ Name, For string }

// Scopes returns the rights that the app needs, and no others.
func Scopes() []Scope {
	return []Scope{
		{"channels:history", "to read messages of public channels that it is in, as evidence"},
		{"channels:read", "to know what those channels are called"},
		{"chat:write", "to post in the channel that is told"},
		{"commands", "for /hindcast"},
		{"groups:history", "to read messages of private channels that it was invited to"},
		{"groups:read", "to know what those channels are called"},
		{"links:read", "to see links to post-mortems"},
		{"links:write", "to show what they lead to"},
		{"pins:read", "to learn that a message was pinned"},
		{"reactions:read", "to learn that a message was marked by an emoji"},
		{"users:read", "to know the names of who wrote, which post-mortems replace by roles"},
	}
}

// Manifest returns the manifest from which a workspace makes the app: with the least
// rights, the events and the command sent to hook, and links to address shown.
func Manifest(hook, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "the address of this server, %s, is none that Slack could use; set url in its settings", address)
	}
	var scopes []string
	for _, s := range Scopes() {
		scopes = append(scopes, s.Name)
	}
	type m = map[string]any
	manifest := m{
		"display_information": m{"name": "Hindcast", "description": "Post-mortems: evidence from channels, and what happens to them", "background_color": "#1f2a37"},
		"features": m{
			"bot_user":       m{"display_name": "Hindcast", "always_online": true},
			"slash_commands": []m{{"command": "/hindcast", "url": hook, "description": "Add to the post-mortem of this channel", "usage_hint": "add TEXT | at 14:05 TEXT | link 12 | status | help", "should_escape": false}},
			"unfurl_domains": []string{u.Hostname()},
		},
		"oauth_config": m{"scopes": m{"bot": scopes}},
		"settings": m{
			"event_subscriptions":    m{"request_url": hook, "bot_events": []string{"link_shared", "message.channels", "message.groups", "pin_added", "reaction_added"}},
			"org_deploy_enabled":     false,
			"socket_mode_enabled":    false,
			"token_rotation_enabled": false,
		},
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(manifest)
	return b.Bytes(), err
}
