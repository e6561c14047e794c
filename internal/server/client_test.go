package server_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
)

// TestTheClientLooksAfterEndpoints calls every method of the public client about
// what leaves the library, and imports without a word to anybody.
func TestTheClientLooksAfterEndpoints(t *testing.T) {
	ctx := t.Context()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	defer receiver.Close()
	r, _ := listen(t, nil)
	admin := r.admin()
	_, page := admin.do("POST", "/settings/tokens", "application/x-www-form-urlencoded", "name=client&scope=admin")
	c, err := client.New(r.url, regexp.MustCompile(`hct_[\w-]+`).FindString(page))
	if err != nil {
		t.Fatal(err)
	}
	ok := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	put := client.PutEndpoint{Kind: "webhook", Name: "Chat", Events: []string{"incident.created"}, Approve: true, Settings: map[string]string{"url": receiver.URL}}
	e, err := c.CreateEndpoint(ctx, put)
	ok("CreateEndpoint", err)
	if !strings.HasPrefix(e.Secrets["secret"], "whsec_") || e.Where != receiver.URL {
		t.Errorf("CreateEndpoint = %+v", e)
	}
	tested, err := c.TestEndpoint(ctx, e.ID)
	ok("TestEndpoint", err)
	if !tested.OK || tested.Answer != "202 Accepted" {
		t.Errorf("TestEndpoint = %+v", tested)
	}
	secrets, err := c.RotateSecret(ctx, e.ID)
	ok("RotateSecret", err)
	if s := secrets["secret"]; s == "" || s == e.Secrets["secret"] {
		t.Errorf("RotateSecret = %q, want another", s)
	}
	put.Name = "Chat room"
	e, err = c.ChangeEndpoint(ctx, e.ID, put)
	ok("ChangeEndpoint", err)
	list, err := c.Endpoints(ctx)
	ok("Endpoints", err)
	if len(list) != 1 || list[0].Name != "Chat room" {
		t.Errorf("Endpoints = %+v", list)
	}

	_, err = c.Import(ctx, "old.md", []byte("# Old outage\n\nIt was long ago.\n"), client.ImportOptions{})
	ok("Import", err)
	told, err := c.Import(ctx, "new.md", []byte("# New outage\n\nIt was today.\n"), client.ImportOptions{Announce: true})
	ok("Import that announces", err)
	var all []client.Delivery
	for d, err := range c.Deliveries(ctx, e.ID, "waiting") {
		ok("Deliveries", err)
		all = append(all, d)
	}
	if len(all) != 1 || all[0].IncidentID != told.ID {
		t.Fatalf("Deliveries = %+v, want one, of the import that announces", all)
	}
	d, err := c.Delivery(ctx, all[0].ID)
	ok("Delivery", err)
	if d.Message == nil || !strings.Contains(d.Message.Subject, "was begun") {
		t.Errorf("Delivery = %+v, want what it says", d)
	}
	ok("CancelDelivery", c.CancelDelivery(ctx, d.ID))
	ok("RetryDelivery", c.RetryDelivery(ctx, d.ID))
	ok("ApproveDelivery", c.ApproveDelivery(ctx, d.ID))
	if n, err := c.RetryFailed(ctx, e.ID); err != nil || n != 0 {
		t.Errorf("RetryFailed = %d, %v", n, err)
	}
	ok("DeleteEndpoint", c.DeleteEndpoint(ctx, e.ID))
	if err := c.DeleteEndpoint(ctx, e.ID); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("removing it twice: %v, want NotFound", err)
	}
}
