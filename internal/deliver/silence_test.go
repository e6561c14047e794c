package deliver_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/workflow"
)

// TestWhatCannotBeToldIsReadAllTheSame holds that messages which fail again and again
// end messages, and not what else a connection is there for.
func TestWhatCannotBeToldIsReadAllTheSame(t *testing.T) {
	onBoth(t, func(o *office) {
		space := &slacktest.Workspace{Refuse: "fatal_error"}
		server := httptest.NewServer(space)
		defer server.Close()
		put := deliver.Put{Kind: "slack", Name: "Our Slack", Events: deliver.Events(), Settings: connector.Settings{"url": secret.New(server.URL), "token": secret.New("xoxb-test"), "secret": secret.New("sign"), "channel": secret.New("C0TOLD")}}
		end, _, err := o.PutEndpoint(o.Context(), admin, put)
		o.ok(err)
		o.begin(workflow.NewIncident{Title: "Outage"})
		for range 15 {
			o.work()
			o.now = o.now.Add(time.Minute)
		}
		e, err := o.Endpoint(o.Context(), admin, end.ID)
		if err != nil || !e.Disabled.IsZero() || e.Silenced.IsZero() || !strings.Contains(e.SilencedWhy, "10 attempts in a row failed") {
			t.Errorf("endpoint %+v, %v; want it told nothing and switched on", e, err)
		}
		if _, _, err := o.Talker(o.Context(), end.ID); err != nil {
			t.Errorf("its channels cannot be read: %v", err)
		}
		o.begin(workflow.NewIncident{Title: "Second"}) // is not queued
		failed := o.only()
		o.ok(o.Retry(o.Context(), admin, failed.ID))
		o.work()
		if d := o.only(); d.State != deliver.Failed || !strings.HasPrefix(d.Answer, "the endpoint is told nothing for now") {
			t.Errorf("a retry meanwhile: %+v", d)
		}
		space.Refuse = ""
		put.ID, put.Settings = end.ID, nil
		if e, _, err = o.PutEndpoint(o.Context(), admin, put); err != nil || !e.Silenced.IsZero() || e.SilencedWhy != "" || e.Failures != 0 {
			t.Errorf("after it was begun again: %+v, %v", e, err)
		}
		if n, err := o.RetryFailed(o.Context(), admin, end.ID); n != 1 || err != nil {
			t.Errorf("RetryFailed = %d, %v", n, err)
		}
		o.work()
		if d := o.only(); d.State != deliver.Sent {
			t.Errorf("a retry after that: %+v", d)
		}
	})
}
