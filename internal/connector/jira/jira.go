// Package jira keeps action items as issues of a project in Jira: Jira Cloud by
// its REST API version 3, Jira Data Center by version 2. Webhooks of both say when
// an issue has changed.
package jira

import (
	"context"
	"net/http"
	"strings"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "jira", Title: "Jira", Roles: []connector.Role{connector.Tracks, connector.Receives},
		Fields: []connector.Field{
			{Name: "url", Title: "Address", Help: "such as https://example.atlassian.net, or where your Data Center is"},
			{Name: "project", Title: "Key of the project", Help: "such as OPS"},
			{Name: "type", Title: "Type of the issues", Help: "Task when empty", Optional: true},
			{Name: "email", Title: "E-mail address of the account", Help: "of Jira Cloud; empty for a Data Center, where the token is enough", Optional: true},
			{Name: "token", Title: "API token", Help: "a personal access token of a Data Center", Secret: true},
			{Name: "secret", Title: "Secret of the webhook", Help: "that you chose for a webhook with the events of issues; empty when nothing is to be received", Secret: true, Optional: true},
		},
		Setup: func(string) (string, string) {
			return "Under System, WebHooks, make one with that address, a secret that you enter here too, and the events “updated” and “deleted” of issues. Excluding the body leaves nothing to read, so do not.", ""
		},
		Check: func(s connector.Settings) (string, error) {
			p, err := open(s)
			if err != nil {
				return "", err
			}
			return p.base + "/browse/" + p.key, nil
		},
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			p, err := open(s)
			if err != nil {
				return nil, err
			}
			p.deps = d
			return p, nil
		},
	}
}

// projectKey is what Jira allows as the key of a project.
var projectKey = lazyregexp.New(`^[A-Z][A-Z0-9_]{1,254}$`)

// open reads the settings, and names all that is wrong with them.
func open(s connector.Settings) (*Project, error) {
	p := &Project{key: s["project"].Reveal(), kind: s["type"].Reveal(), email: s["email"].Reveal(), token: s["token"], hook: s["secret"]}
	var faults []string
	u, ok := connector.Address(s["url"].Reveal())
	if !ok {
		faults = append(faults, "url: write an address such as https://example.atlassian.net")
	} else {
		p.base = u.Scheme + "://" + u.Host + strings.TrimRight(u.Path, "/")
	}
	if !projectKey.MatchString(p.key) {
		faults = append(faults, "project: write the key of the project, such as OPS")
	}
	if p.kind == "" {
		p.kind = "Task"
	}
	if p.email != "" && (!strings.Contains(p.email, "@") || strings.ContainsAny(p.email, ": \r\n")) {
		faults = append(faults, "email: write the e-mail address of the account, or nothing for a Data Center")
	}
	if p.token.IsZero() {
		faults = append(faults, "token: enter an API token")
	}
	if faults != nil {
		return nil, connector.Wrong(faults)
	}
	return p, nil
}

// Project is a project there.
type Project struct {
	base, key, kind string
	email           string // empty for a Data Center
	token           secret.Text
	hook            secret.Text // with which webhooks are signed; zero for none
	deps            connector.Deps
}

func (p *Project) cloud() bool { return p.email != "" }

// api returns the address of the API.
func (p *Project) api() string {
	if p.cloud() {
		return p.base + "/rest/api/3"
	}
	return p.base + "/rest/api/2"
}

// do asks for something of the API and reads the answer into v, unless it is nil.
// repeatable is a request that may be sent twice without effect.
func (p *Project) do(ctx context.Context, method, path string, body, v any, repeatable bool) error {
	_, err := connector.Ask(ctx, p.deps.HTTP, "Jira", outhttp.Request{Method: method, URL: p.api() + path, Credential: "jira " + p.base + " " + p.key, Repeatable: repeatable, Authorize: p.authorize}, body, v)
	return err
}

func (p *Project) authorize(h http.Header) {
	if !p.cloud() {
		h.Set("Authorization", "Bearer "+p.token.Reveal())
		return
	}
	connector.Basic(p.email, p.token)(h)
}
