// Package github speaks with the REST API of GitHub, version 2022-11-28, of one
// repository: it fetches deployments with their statuses, the statuses of the commits
// that went out, and workflow runs as evidence, the bytes that
// internal/evidence/github reads, receives the same by webhooks, and keeps action
// items as issues.
package github

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// DefaultAddress is where the API of github.com is; an Enterprise Server has it at
// https://HOST/api/v3.
const DefaultAddress = "https://api.github.com"

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "github", Title: "GitHub", Roles: []connector.Role{connector.Tracks, connector.Fetches, connector.Receives, connector.Reports},
		Fields: []connector.Field{
			{Name: "repository", Title: "Repository", Help: "as owner/name, where issues are made and deployments are read"},
			{Name: "token", Title: "Token", Help: "a fine-grained token of this repository: issues read and write; deployments, commit statuses and actions read", Secret: true},
			{Name: "secret", Title: "Secret of the webhook", Help: "that you chose for a webhook of the repository; empty when nothing is to be received", Secret: true, Optional: true},
			{Name: "url", Title: "Address of the API", Help: "of an Enterprise Server https://HOST/api/v3; empty for " + DefaultAddress, Optional: true},
		},
		Setup: func(string) (string, string) {
			return "Make a webhook of the repository with that address, the content type application/json, a secret that you enter here too, and, of the individual events: Issues, so that action items follow at once; Deployments, Deployment statuses, Workflow runs, Statuses, Pushes and Releases, which become evidence of the incidents during which they happen. Of other events nothing is read.", ""
		},
		Check: func(s connector.Settings) (string, error) {
			address, repo, err := check(s)
			return address + "/repos/" + repo, err
		},
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			address, repo, err := check(s)
			if err != nil {
				return nil, err
			}
			return &Repository{base: address + "/repos/" + repo, name: repo, token: s["token"], hook: s["secret"], deps: d}, nil
		},
	}
}

// name is what GitHub allows as owner/name.
var name = lazyregexp.New(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}$`)

func check(s connector.Settings) (address, repo string, err error) {
	if address = strings.TrimRight(s["url"].Reveal(), "/"); address == "" {
		address = DefaultAddress
	}
	if _, ok := connector.Address(address); !ok {
		return "", "", hindcast.Errorf(hindcast.Invalid, "url: write an address such as %s", DefaultAddress)
	}
	if repo = s["repository"].Reveal(); !name.MatchString(repo) || strings.HasSuffix(repo, "/.") || strings.HasSuffix(repo, "/..") {
		return "", "", hindcast.Errorf(hindcast.Invalid, "repository: write owner/name, such as example/checkout")
	}
	if s["token"].IsZero() {
		return "", "", hindcast.Errorf(hindcast.Invalid, "token: enter a token of GitHub")
	}
	return address, repo, nil
}

// Repository is one repository there.
type Repository struct {
	base, name string
	token      secret.Text
	hook       secret.Text // with which webhooks are signed; zero for none
	deps       connector.Deps
}

// do asks for something below the repository's address and reads the answer into
// v, unless it is nil.
func (r *Repository) do(ctx context.Context, method, path string, body, v any) (*outhttp.Response, error) {
	return connector.Ask(ctx, r.deps.HTTP, "GitHub", outhttp.Request{
		Method: method, URL: r.base + path, Credential: "github " + r.name,
		Header:    http.Header{"Accept": {"application/vnd.github+json"}, "X-Github-Api-Version": {"2022-11-28"}},
		Authorize: func(h http.Header) { h.Set("Authorization", "Bearer "+r.token.Reveal()) },
	}, body, v)
}

// Probe reads the repository, and says what the token may do there.
func (r *Repository) Probe(ctx context.Context) (string, error) {
	var repo struct {
		Name        string `json:"full_name"`
		Private     bool   `json:"private"`
		Archived    bool   `json:"archived"`
		HasIssues   bool   `json:"has_issues"`
		Permissions struct {
			Push   bool `json:"push"`
			Triage bool `json:"triage"`
		} `json:"permissions"`
	}
	if _, err := r.do(ctx, http.MethodGet, "", nil, &repo); err != nil {
		return "", fmt.Errorf("read the repository in GitHub: %w", err)
	}
	switch {
	case repo.Name == "":
		return "", hindcast.Errorf(hindcast.Unavailable, "read the repository in GitHub: the answer names none; look whether the address is that of its API")
	case repo.Archived:
		return "", hindcast.Errorf(hindcast.Invalid, "%s is archived; no issue can be made there", repo.Name)
	case !repo.HasIssues:
		return "", hindcast.Errorf(hindcast.Invalid, "issues are switched off in %s", repo.Name)
	}
	what := "public"
	if repo.Private {
		what = "private"
	}
	out := fmt.Sprintf("The token sees the %s repository %s.", what, repo.Name)
	if !strings.EqualFold(repo.Name, r.name) {
		out += fmt.Sprintf(" It was called %s before; enter the new name, since no issue can be made under the old one.", r.name)
	}
	if !repo.Permissions.Push && !repo.Permissions.Triage {
		out += " It may not set labels there, by which issues are found again; give it the right to write issues."
	}
	return out, nil
}
