package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/hindcast/hindcast/internal/server"
)

// TestNobodyElseLeads refuses to hand a post-mortem to somebody who is not here,
// after which its lead could leave it to nobody.
func TestNobodyElseLeads(t *testing.T) {
	t.Parallel()
	r := start(t, nil, server.Options{})
	admin := r.admin()
	owner, gone := admin.invited("owner@example.org", "member"), admin.invited("gone@example.org", "member")
	var me, they struct{ ID string }
	owner.api("GET", "/me", nil, &me)
	gone.api("GET", "/me", nil, &they)
	admin.api("PATCH", "/people/"+they.ID, map[string]any{"role": "member", "disabled": true}, nil)
	var d struct{ Number int64 }
	owner.api("POST", "/incidents", map[string]string{"title": "Outage"}, &d)
	for id, want := range map[string]int{"nobody": http.StatusNotFound, they.ID: http.StatusUnprocessableEntity} {
		res, _ := owner.do("POST", fmt.Sprintf("/p/%d/share", d.Number), "application/x-www-form-urlencoded", url.Values{"person": {id}, "part": {"lead"}}.Encode())
		if res.StatusCode != want {
			t.Errorf("sharing with %s on the page: %s, want %d", id, res.Status, want)
		}
		res, _ = owner.do("PUT", fmt.Sprintf("/api/v1/incidents/%d/participants/%s", d.Number, id), "application/json", `{"part":"lead"}`)
		if res.StatusCode != want {
			t.Errorf("sharing with %s in the API: %s, want %d", id, res.Status, want)
		}
	}
	res, _ := owner.do("POST", fmt.Sprintf("/p/%d/unshare", d.Number), "application/x-www-form-urlencoded", url.Values{"person": {me.ID}}.Encode())
	if res.StatusCode != http.StatusConflict {
		t.Errorf("the last lead leaves: %s, want 409", res.Status)
	}
}
