// Package notion publishes pages below a page of Notion, by its API of version
// 2025-09-03, and reads pages of it.
//
// The published description of the API has no request that changes or removes
// single blocks of a page. A post-mortem that is published again therefore becomes
// a new page, and the one before goes to the trash.
package notion

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

const (
	home    = "https://api.notion.com"
	version = "2025-09-03"
)

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "notion", Title: "Notion", Roles: []connector.Role{connector.Publishes, connector.Imports}, Tells: []string{"postmortem.published"},
		Fields: []connector.Field{
			{Name: "parent", Title: "Page above", Help: "its address; connect the integration to that page in Notion, under Connections"},
			{Name: "token", Title: "Secret of the integration", Help: "of an internal integration that may read, insert and update content", Secret: true},
			{Name: "url", Title: "Address of the API", Help: home + " when empty", Optional: true},
		},
		Check: func(s connector.Settings) (string, error) {
			p, err := open(s)
			if err != nil {
				return "", err
			}
			return address(p.parent), nil
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

var hexID = regexp.MustCompile(`([0-9a-fA-F]{8})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{4})-?([0-9a-fA-F]{12})$`)

// idIn returns the id of a page in its address, or the id itself; empty when there
// is none.
func idIn(ref string) string {
	ref = strings.TrimSpace(ref)
	if u, err := url.Parse(ref); err == nil && u.Host != "" {
		ref = strings.TrimRight(u.Path, "/")
	}
	m := hexID.FindStringSubmatch(ref)
	if m == nil {
		return ""
	}
	return strings.ToLower(strings.Join(m[1:], "-"))
}

// address is where people find a page.
func address(id string) string { return "https://www.notion.so/" + strings.ReplaceAll(id, "-", "") }

// open reads the settings, and names all that is wrong with them.
func open(s connector.Settings) (*Shelf, error) {
	p := &Shelf{base: home, parent: idIn(s["parent"].Reveal()), token: s["token"]}
	var faults []string
	if given := s["url"].Reveal(); given != "" {
		if _, ok := connector.Address(given); !ok {
			faults = append(faults, "url: write an address such as "+home+", or nothing")
		}
		p.base = strings.TrimRight(given, "/")
	}
	if p.parent == "" {
		faults = append(faults, "parent: copy the address of a page from Notion; it ends with 32 letters and digits")
	}
	if p.token.IsZero() {
		faults = append(faults, "token: enter the secret of the integration")
	}
	if faults != nil {
		return nil, connector.Wrong(faults)
	}
	return p, nil
}

// Shelf is a page there, below which ours are.
type Shelf struct {
	base, parent string
	token        secret.Text
	deps         connector.Deps
}

// Probe says whose secret it is and whether the page above can be read.
func (p *Shelf) Probe(ctx context.Context) (string, error) {
	var me struct {
		Name string `json:"name"`
	}
	if err := p.do(ctx, http.MethodGet, "/v1/users/me", nil, &me); err != nil {
		return "", err
	}
	list, err := p.children(ctx, p.parent)
	if err != nil {
		return "", err
	}
	pages := 0
	for _, b := range list {
		if b.Type == childPage {
			pages++
		}
	}
	return fmt.Sprintf("The integration %s reads the page above, which has %d pages below it. Whether it may add some shows when the first is published.", me.Name, pages), nil
}

// do sends a request and reads the answer into v, unless it is nil.
func (p *Shelf) do(ctx context.Context, method, path string, body, v any) error {
	_, err := connector.Ask(ctx, p.deps.HTTP, "Notion", outhttp.Request{
		Method: method, URL: p.base + path, Credential: "notion " + p.base + " " + p.parent, Header: http.Header{"Notion-Version": {version}},
		Authorize: func(h http.Header) { h.Set("Authorization", "Bearer "+p.token.Reveal()) },
	}, body, v)
	return err
}
