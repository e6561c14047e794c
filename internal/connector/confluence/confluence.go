// Package confluence publishes pages in a space of Confluence Cloud, by its REST
// API version 2 (labels and attachments by version 1, which alone has them), and
// reads pages of it.
package confluence

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "confluence", Title: "Confluence", Roles: []connector.Role{connector.Publishes, connector.Imports}, Tells: []string{"postmortem.published"},
		Fields: []connector.Field{
			{Name: "url", Title: "Address", Help: "such as https://example.atlassian.net"},
			{Name: "space", Title: "Key of the space", Help: "such as OPS"},
			{Name: "parent", Title: "Number of the page above", Help: "from the address of that page; pages are made at the top of the space when empty", Optional: true},
			{Name: "email", Title: "E-mail address of the account", Help: "that the token belongs to"},
			{Name: "token", Title: "API token", Help: "of an account that may add pages to the space", Secret: true},
		},
		Check: func(s connector.Settings) (string, error) {
			p, err := open(s)
			if err != nil {
				return "", err
			}
			return p.base + "/wiki/spaces/" + p.key, nil
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

var (
	spaceKey = regexp.MustCompile(`^~?[A-Za-z0-9_.-]{1,255}$`)
	pageID   = regexp.MustCompile(`^[0-9]{1,19}$`)
)

// open reads the settings, and names all that is wrong with them.
func open(s connector.Settings) (*Space, error) {
	p := &Space{key: s["space"].Reveal(), parent: s["parent"].Reveal(), email: s["email"].Reveal(), token: s["token"]}
	var faults []string
	u, ok := connector.Address(s["url"].Reveal())
	if !ok {
		faults = append(faults, "url: write an address such as https://example.atlassian.net")
	} else {
		p.base = u.Scheme + "://" + u.Host + strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/wiki")
	}
	if !spaceKey.MatchString(p.key) {
		faults = append(faults, "space: write the key of the space, such as OPS")
	}
	if p.parent != "" && !pageID.MatchString(p.parent) {
		faults = append(faults, "parent: write the number from the address of the page above, such as 98311")
	}
	if !strings.Contains(p.email, "@") || strings.ContainsAny(p.email, ": \r\n") {
		faults = append(faults, "email: write the e-mail address of the account")
	}
	if p.token.IsZero() {
		faults = append(faults, "token: enter an API token")
	}
	if faults != nil {
		return nil, connector.Wrong(faults)
	}
	return p, nil
}

// Space is a space there.
type Space struct {
	base, key, parent string
	email             string
	token             secret.Text
	deps              connector.Deps
}

// Probe says which space the credential sees.
func (p *Space) Probe(ctx context.Context) (string, error) {
	s, err := p.space(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Pages can be looked for in the space %s (%s). Whether the account may add some shows when the first is published.", s.Name, p.key), nil
}

type space struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// space returns the space of the settings.
func (p *Space) space(ctx context.Context) (space, error) {
	var list struct {
		Results []space `json:"results"`
	}
	if err := p.get(ctx, "/wiki/api/v2/spaces?limit=1&keys="+url.QueryEscape(p.key), &list); err != nil {
		return space{}, err
	}
	if len(list.Results) == 0 || list.Results[0].ID == "" {
		return space{}, hindcast.Errorf(hindcast.NotFound, "Confluence shows this account no space %s; look at the key, and at what the account may see", p.key)
	}
	return list.Results[0], nil
}

// page is a page as the API tells of it.
type page struct {
	ID      string `json:"id"`
	SpaceID string `json:"spaceId"`
	Status  string `json:"status"`
	Title   string `json:"title"`
	Version struct {
		Number  int    `json:"number"`
		Message string `json:"message"`
	} `json:"version"`
	Body struct {
		Storage struct {
			Value string `json:"value"`
		} `json:"storage"`
	} `json:"body"`
	Links struct {
		WebUI string `json:"webui"`
	} `json:"_links"`
}

// ref names a page.
func (p *Space) ref(is page) connector.Ref {
	at := "/pages/viewpage.action?pageId=" + is.ID
	if strings.HasPrefix(is.Links.WebUI, "/") {
		at = is.Links.WebUI
	}
	return connector.Ref{ID: is.ID, URL: p.base + "/wiki" + at, Version: strconv.Itoa(is.Version.Number)}
}

func (p *Space) get(ctx context.Context, path string, v any) error {
	return p.do(ctx, outhttp.Request{Method: http.MethodGet, URL: p.base + path}, nil, v)
}

// send sends a body as JSON.
func (p *Space) send(ctx context.Context, method, path string, body, v any) error {
	return p.do(ctx, outhttp.Request{Method: method, URL: p.base + path}, body, v)
}

// do sends a request and reads the answer into v, unless it is nil.
func (p *Space) do(ctx context.Context, q outhttp.Request, body, v any) error {
	q.Credential, q.Authorize = "confluence "+p.base+" "+p.email, connector.Basic(p.email, p.token)
	_, err := connector.Ask(ctx, p.deps.HTTP, "Confluence", q, body, v)
	return err
}
