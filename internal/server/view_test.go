package server_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/server"
)

func TestTheAPIKeepsViewsAndLooksThroughTheAudit(t *testing.T) {
	t.Parallel()
	r := start(t, nil, server.Options{})
	admin := r.admin()
	member := admin.invited("member@example.org", "member")
	type view struct{ Name, Query string }
	var kept view
	member.api("PUT", "/views/"+url.PathEscape("The worst / all"), map[string]string{"query": "severity=1&after=x"}, &kept)
	var list, others []view
	member.api("GET", "/views", nil, &list)
	admin.api("GET", "/views", nil, &others)
	if want := []view{{"The worst / all", "severity=1"}}; cmp.Diff(want, list) != "" || kept != want[0] || len(others) != 0 {
		t.Errorf("views %+v, kept %+v, of others %+v; want %+v for its person alone", list, kept, others, want)
	}
	member.api("DELETE", "/views/"+url.PathEscape("The worst / all"), nil, nil)
	if member.api("GET", "/views", nil, &list); len(list) != 0 {
		t.Errorf("after removing: %+v", list)
	}

	member.api("POST", "/incidents", map[string]string{"title": "Ledger outage"}, nil)
	for query, want := range map[string]int{"act=incident.create": 1, "act=incident.create,person.setup": 2, "act=incident.create&to=2001-01-01T00:00:00Z": 0, "person=nobody": 0} {
		var page struct{ Items []struct{ Act string } }
		if admin.api("GET", "/audit?"+query, nil, &page); len(page.Items) != want {
			t.Errorf("%s lists %+v, want %d", query, page.Items, want)
		}
	}
}
