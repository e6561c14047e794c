package confluence

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/document/webpage"
)

// inAddress finds the number of a page in its address.
var inAddress = regexp.MustCompile(`(?:/pages/|[?&]pageId=)([0-9]{1,19})`)

// ReadPage returns the page of the space with an address of this site, or with a
// number, as Markdown. People who are mentioned become "a person".
func (p *Space) ReadPage(ctx context.Context, ref string) (connector.Page, error) {
	id := strings.TrimSpace(ref)
	if !pageID.MatchString(id) {
		u, err := url.Parse(id)
		m := inAddress.FindStringSubmatch(id)
		if err != nil || m == nil || u.Scheme+"://"+u.Host != origin(p.base) {
			return connector.Page{}, hindcast.Errorf(hindcast.Invalid, "write the address of a page of %s, with /pages/ and a number in it, or the number", p.base)
		}
		id = m[1]
	}
	var is page
	if err := p.get(ctx, "/wiki/api/v2/pages/"+id+"?body-format=storage", &is); err != nil {
		return connector.Page{}, err
	}
	if err := whole(is, nil); err != nil {
		return connector.Page{}, err
	}
	s, err := p.space(ctx)
	if err != nil {
		return connector.Page{}, err
	}
	if is.SpaceID != s.ID {
		return connector.Page{}, hindcast.Errorf(hindcast.NotFound, "there is no page %s in the space %s", id, p.key)
	}
	text, err := webpage.FromStorage(is.Body.Storage.Value)
	if err != nil {
		return connector.Page{}, fmt.Errorf("read page %s of Confluence: %w", id, err)
	}
	return connector.Page{Title: is.Title, Markdown: text, URL: p.ref(is).URL}, nil
}

// origin is an address without its path.
func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}
