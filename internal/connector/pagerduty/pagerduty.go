// Package pagerduty fetches what PagerDuty knows of an incident, as its REST API
// version 2 answers: the bytes that internal/evidence/pagerduty reads, the same as
// when somebody saves the answers to files.
//
// The query of a window is the number or the id of an incident, of which
// everything is fetched, whenever it was: the incident, its log, alerts, notes
// and the changes near it. Without a query it is the list of incidents that began
// within the window.
package pagerduty

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/secret"
)

// DefaultAddress is where PagerDuty's API is, outside the European service region.
const DefaultAddress = "https://api.pagerduty.com"

// limit is how many records are asked for at a time; PagerDuty gives no more.
const limit = 100

// most is how many records of a list PagerDuty gives.
const most = 10_000

// Vendor returns the vendor for a list.
func Vendor() connector.Vendor {
	return connector.Vendor{
		Name: "pagerduty", Title: "PagerDuty", Roles: []connector.Role{connector.Fetches, connector.Receives, connector.Announces}, ByRef: true,
		Silent: true, Tells: []string{"postmortem.published"},
		Fields: []connector.Field{
			{Name: "url", Title: "Address of the API", Help: "in the European service region https://api.eu.pagerduty.com; empty for " + DefaultAddress, Optional: true},
			{Name: "token", Title: "API key", Help: "a read-only key is enough, unless notes are written", Secret: true},
			{Name: "secret", Title: "Secret of the webhook", Help: "that PagerDuty shows when a webhook subscription of version 3 is made; empty when nothing is to be received", Secret: true, Optional: true},
			{Name: "from", Title: "E-mail address of a user there", Help: "in whose name the link to a published post-mortem is noted at its incident; empty when nothing is noted", Optional: true},
		},
		Setup: func(string) (string, string) {
			return "Make a webhook subscription of version 3 with that address and the events of incidents, and enter its secret here. What begins by it gets a note with the link when its post-mortem is published, if you tick that and name who notes.", ""
		},
		Check: check,
		Open: func(s connector.Settings, d connector.Deps) (any, error) {
			where, err := check(s)
			if err != nil {
				return nil, err
			}
			return &PagerDuty{address: where, token: s["token"], hook: s["secret"], from: s["from"].Reveal(), deps: d}, nil
		},
	}
}

func check(s connector.Settings) (string, error) {
	address := s["url"].Reveal()
	if address == "" {
		address = DefaultAddress
	}
	u, ok := connector.Address(address)
	if !ok || strings.Trim(u.Path, "/") != "" {
		return "", hindcast.Errorf(hindcast.Invalid, "url: write an address such as %s", DefaultAddress)
	}
	if from := s["from"].Reveal(); from != "" && (!strings.Contains(from, "@") || strings.ContainsAny(from, " \r\n<>")) {
		return "", hindcast.Errorf(hindcast.Invalid, "from: write the e-mail address of a user of PagerDuty, or nothing")
	}
	if s["token"].IsZero() {
		return "", hindcast.Errorf(hindcast.Invalid, "token: enter an API key of PagerDuty")
	}
	return u.Scheme + "://" + u.Host, nil
}

// PagerDuty is an account there.
type PagerDuty struct {
	address string
	token   secret.Text
	hook    secret.Text // with which webhooks are signed; zero for none
	from    string      // the user who notes; empty when nothing is noted
	deps    connector.Deps
}

// list is something that is fetched of an incident.
type list struct {
	name  string // of the last part of the address, and of the file
	key   string // in the answer
	query string
	paged bool
}

// lists are what is fetched of an incident, in this order.
var lists = []list{
	{"incident", "incident", "", false},
	{"log_entries", "log_entries", "include[]=channels&is_overview=false", true},
	{"alerts", "alerts", "", true},
	{"notes", "notes", "", false},
	{"related_change_events", "change_events", "", false},
}

// Fetch returns one answer of PagerDuty. A page's Next is the list and the offset
// in it, so that fetching goes on where it stopped.
func (p *PagerDuty) Fetch(ctx context.Context, w connector.Window, after string) (connector.Batch, error) {
	name, offset, err := position(after, w.Query)
	if err != nil {
		return connector.Batch{}, err
	}
	if w.Query == "" {
		query := fmt.Sprintf("since=%s&until=%s", url.QueryEscape(w.From.UTC().Format(time.RFC3339)), url.QueryEscape(w.To.UTC().Format(time.RFC3339)))
		return p.page(ctx, "/incidents", "incidents", "incidents", query, offset, true, "")
	}
	i := slices.IndexFunc(lists, func(l list) bool { return l.name == name })
	l, path, next := lists[i], "/incidents/"+url.PathEscape(w.Query), ""
	if i > 0 {
		path += "/" + l.name
	}
	if i+1 < len(lists) {
		next = lists[i+1].name + ":0"
	}
	return p.page(ctx, path, l.name, l.key, l.query, offset, l.paged, next)
}

// position reads a Next.
func position(after, query string) (name string, offset int, err error) {
	first := "incidents"
	known := []string{first}
	if query != "" {
		first, known = lists[0].name, nil
		for _, l := range lists {
			known = append(known, l.name)
		}
	}
	if after == "" {
		return first, 0, nil
	}
	name, digits, _ := strings.Cut(after, ":")
	offset, err = strconv.Atoi(digits)
	if err != nil || offset < 0 || !slices.Contains(known, name) {
		return "", 0, hindcast.Errorf(hindcast.Invalid, "fetch from PagerDuty: there is no page %q; begin anew", after)
	}
	return name, offset, nil
}

// page asks for one page of a list; next is where to go on after its last.
func (p *PagerDuty) page(ctx context.Context, path, name, key, query string, offset int, paged bool, next string) (connector.Batch, error) {
	if paged {
		query += fmt.Sprintf("&limit=%d&offset=%d", limit, offset)
	}
	body, err := p.get(ctx, path+"?"+strings.TrimPrefix(query, "&"))
	if err != nil {
		return connector.Batch{}, fmt.Errorf("fetch %s from PagerDuty: %w", name, err)
	}
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(body, &answer); err != nil || answer[key] == nil {
		return connector.Batch{}, hindcast.Errorf(hindcast.Unavailable, "fetch %s from PagerDuty: the answer has no %q; look whether the address is that of its API", name, key)
	}
	file := name + ".json"
	if offset > 0 {
		file = fmt.Sprintf("%s-%d.json", name, offset)
	}
	var records []json.RawMessage
	if paged {
		if err := json.Unmarshal(answer[key], &records); err != nil {
			return connector.Batch{}, hindcast.Errorf(hindcast.Unavailable, "fetch %s from PagerDuty: %q is no list; look whether the address is that of its API", name, key)
		}
	}
	if len(records) > 0 && string(answer["more"]) == "true" {
		if offset+limit >= most {
			return connector.Batch{}, hindcast.Errorf(hindcast.Invalid, "PagerDuty has more than %d %s there and gives no more; ask for less time at once", most, name)
		}
		next = fmt.Sprintf("%s:%d", name, offset+limit)
	}
	b := connector.Batch{Next: next}
	var list []json.RawMessage
	if json.Unmarshal(answer[key], &list) != nil || len(list) > 0 { // nothing can be read of an empty list, not even what it is
		b.Files = []connector.File{{Name: file, Body: body, Source: "PagerDuty " + path, FetchedAt: p.deps.Now()}}
	}
	return b, nil
}

func (p *PagerDuty) get(ctx context.Context, target string) ([]byte, error) {
	return p.do(ctx, outhttp.Request{Method: http.MethodGet, URL: p.address + strings.TrimSuffix(target, "?"), Header: http.Header{}})
}

// do sends a request with what all of them have.
func (p *PagerDuty) do(ctx context.Context, r outhttp.Request) ([]byte, error) {
	r.Header.Set("Accept", "application/vnd.pagerduty+json;version=2")
	r.Header.Set("Content-Type", "application/json")
	r.Authorize = func(h http.Header) { h.Set("Authorization", "Token token="+p.token.Reveal()) }
	res, err := p.deps.HTTP.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	return res.Body, nil
}
