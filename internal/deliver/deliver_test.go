package deliver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestWhatHappensIsTold(t *testing.T) {
	onBoth(t, func(o *office) {
		everything, published := receive(t), receive(t)
		o.tell(everything, func(p *deliver.Put) { p.Drafts = true })
		o.tell(published, func(p *deliver.Put) {
			p.Name, p.Events = "Publications", []workflow.EventKind{workflow.PostmortemPublished}
		})
		d := o.begin(workflow.NewIncident{Title: "Ledger outage", Severity: 2})
		for i := range 5 {
			o.edit(d, fmt.Sprint("Team ", i))
		}
		if heard, _ := everything.heard(); len(heard) != 0 {
			t.Errorf("%v was sent within the transaction", heard)
		}
		o.work()
		if heard, _ := everything.heard(); !slices.Equal(heard, []string{"incident.created"}) {
			t.Errorf("heard %v before five minutes were over", heard)
		}
		o.now = o.now.Add(5 * time.Minute)
		o.work()
		heard, body := everything.heard()
		if diff := cmp.Diff([]string{"incident.created", "postmortem.changed"}, heard); diff != "" {
			t.Errorf("five edits (-want +got):\n%s", diff)
		}
		var m struct {
			Type      string
			Timestamp time.Time
			Data      deliver.EventData
		}
		o.ok(json.Unmarshal([]byte(body[:strings.IndexByte(body, '\n')]), &m))
		want := deliver.EventData{IncidentID: d.ID, Number: d.Num, Title: "Ledger outage", Severity: 2, Status: hindcast.StatusDraft, URL: fmt.Sprintf("https://hindcast.example.org/p/%d", d.Num)}
		if diff := cmp.Diff(want, m.Data); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
		if heard, _ := published.heard(); len(heard) != 0 {
			t.Errorf("one that is told of publications only heard %v", heard)
		}
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := o.wf.Move(o.Context(), lead, d.ID, to, "")
			o.ok(err)
		}
		o.work()
		if heard, body := published.heard(); !slices.Equal(heard, []string{"postmortem.published"}) || !strings.Contains(body, "Ledger outage") {
			t.Errorf("heard %v: %s", heard, body)
		}
		for _, x := range o.deliveries(deliver.Filter{State: deliver.Sent}) {
			if x.Attempts != 1 || x.Answer != "204 No Content" || x.EndedAt.IsZero() || !x.NextAt.IsZero() {
				t.Errorf("delivery %+v", x)
			}
		}
	})
}

func TestAChangeThatIsUndoneTellsNothing(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, nil)
		d := o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		err := o.store.DB().Write(o.Context(), func(tx *sqldb.Tx) error {
			o.ok(o.Announce(o.Context(), tx, workflow.Event{Kind: workflow.PostmortemPublished, At: o.now, IncidentID: d.ID, Status: hindcast.StatusPublished}))
			return context.Canceled
		})
		if err == nil {
			t.Fatal("the transaction was committed")
		}
		o.work()
		if heard, _ := r.heard(); len(heard) != 1 {
			t.Errorf("heard %v", heard)
		}
	})
}

// TestPrivateIncidentsAndDraftsAreToldToThoseWhoMayKnow also holds that nobody
// hears the title of a private incident, and that one which becomes private
// while a message waits is not told any more.
func TestPrivateIncidentsAndDraftsAreToldToThoseWhoMayKnow(t *testing.T) {
	onBoth(t, func(o *office) {
		trusted, plain := receive(t), receive(t)
		o.tell(trusted, func(p *deliver.Put) { p.Name, p.Private, p.Drafts = "Incident commanders", true, true })
		o.tell(plain, nil)
		o.begin(workflow.NewIncident{Title: "zanzibar", Private: true, PrivateReason: "people"})
		o.begin(workflow.NewIncident{Title: "mombasa"})
		o.work()
		if heard, body := trusted.heard(); len(heard) != 2 || strings.Contains(body, "zanzibar") || !strings.Contains(body, "mombasa") {
			t.Errorf("one that may know heard %v: %s", heard, body)
		}
		if heard, body := plain.heard(); len(heard) != 1 || strings.Contains(body, "zanzibar") || strings.Contains(body, "mombasa") {
			t.Errorf("one that may not know heard %v: %s", heard, body)
		}
		d := o.begin(workflow.NewIncident{Title: "lamu"})
		_, err := o.wf.SetPrivate(o.Context(), lead, d.ID, true, "people")
		o.ok(err)
		o.work()
		if heard, _ := plain.heard(); len(heard) != 1 {
			t.Errorf("of what became private it heard %v", heard)
		}
		failed := o.deliveries(deliver.Filter{State: deliver.Failed})
		if len(failed) != 1 || failed[0].Answer != "the post-mortem is private now" {
			t.Errorf("deliveries that failed: %+v", failed)
		}
		if list, err := o.Endpoints(o.Context(), admin); err != nil || list[0].Failures+list[1].Failures != 0 {
			t.Errorf("endpoints count what was not their fault: %+v, %v", list, err)
		}
		raw, err := json.Marshal(o.deliveries(deliver.Filter{}))
		o.ok(err)
		for _, word := range []string{"zanzibar", "mombasa", "lamu"} {
			if strings.Contains(string(raw), word) {
				t.Errorf("the list of deliveries tells an admin of %s: %s", word, raw)
			}
		}
	})
}

func TestAFailureIsSeenTriedAgainAndEndsInSuccess(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusInternalServerError)
		o.begin(workflow.NewIncident{Title: "zanzibar"})
		o.work()
		d := o.only()
		if d.State != deliver.Queued || d.Attempts != 1 || !strings.Contains(d.Answer, "500") || strings.Contains(d.Answer, "I cannot read") || !d.NextAt.Equal(o.now.Add(time.Minute)) {
			t.Errorf("after a failure: %+v", d)
		}
		if e, err := o.Endpoint(o.Context(), admin, end.ID); err != nil || e.Failures != 1 {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		_, err := o.wf.Join(o.Context(), admin, d.IncidentID, "to see what is wrong")
		o.ok(err)
		if d := o.only(); !strings.Contains(d.Answer, "I cannot read") {
			t.Errorf("one who may read the incident does not see what the receiver said: %q", d.Answer)
		}
		if strings.Contains(o.log.String(), "I cannot read") || !strings.Contains(o.log.String(), "a job failed") {
			t.Errorf("the log says %s", o.log.String())
		}
		r.answers(http.StatusOK)
		o.ok(o.Retry(o.Context(), admin, d.ID)) // a person does not wait
		o.work()
		if d := o.only(); d.State != deliver.Sent || d.Attempts != 2 {
			t.Errorf("after a retry: %+v", d)
		}
		if err := o.Retry(o.Context(), admin, d.ID); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("sending again what was sent = %v", err)
		}
		if e, err := o.Endpoint(o.Context(), admin, end.ID); err != nil || e.Failures != 0 {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if heard, _ := r.heard(); len(heard) != 1 || r.calls != 2 {
			t.Errorf("heard %v in %d calls", heard, r.calls)
		}
	})
}

func TestAReceiverSaysWhenToComeBack(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, nil)
		r.after = "7200"
		r.answers(http.StatusTooManyRequests)
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		if d := o.only(); d.State != deliver.Queued || d.NextAt.Before(o.now.Add(2*time.Hour-time.Minute)) {
			t.Errorf("after it asked for two hours: %+v, now it is %s", d, o.now)
		}
	})
}

func TestAnEndpointThatFailsAgainAndAgainIsSwitchedOff(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusBadGateway)
		o.begin(workflow.NewIncident{Title: "Outage"})
		for range 15 {
			o.work()
			o.now = o.now.Add(time.Minute)
		}
		e, err := o.Endpoint(o.Context(), admin, end.ID)
		if err != nil || e.Disabled.IsZero() || !strings.Contains(e.Why, "10 attempts in a row failed") || !strings.Contains(e.Why, "502") {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if d := o.only(); d.State != deliver.Failed || d.Attempts != queue.DefaultAttempts || r.calls != queue.DefaultAttempts {
			t.Errorf("delivery %+v after %d calls", d, r.calls)
		}
		o.begin(workflow.NewIncident{Title: "Second"}) // is not queued
		failed := o.only()
		r.answers(http.StatusOK)
		o.ok(o.Retry(o.Context(), admin, failed.ID))
		o.work()
		if d := o.only(); d.State != deliver.Failed || !strings.HasPrefix(d.Answer, "the endpoint is switched off") {
			t.Errorf("a retry while it is switched off: %+v", d)
		}
		_, generated, err := o.PutEndpoint(o.Context(), admin, deliver.Put{ID: end.ID, Name: "Chat", Events: deliver.Events()})
		if o.ok(err); len(generated) != 0 {
			t.Error("switching it on made a new secret")
		}
		if n, err := o.RetryFailed(o.Context(), admin, end.ID); n != 1 || err != nil {
			t.Errorf("RetryFailed = %d, %v", n, err)
		}
		o.work()
		if d := o.only(); d.State != deliver.Sent {
			t.Errorf("a retry after it was switched on: %+v", d)
		}
		if n, err := o.RetryFailed(o.Context(), admin, end.ID); n != 0 || err != nil {
			t.Errorf("RetryFailed of nothing = %d, %v", n, err)
		}
	})
}

func TestAReceiverThatIsGoneIsSwitchedOffAtOnce(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		r.answers(http.StatusGone)
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		e, err := o.Endpoint(o.Context(), admin, end.ID)
		if err != nil || e.Disabled.IsZero() || !strings.Contains(e.Why, "410") {
			t.Errorf("endpoint %+v, %v", e, err)
		}
		if d := o.only(); d.State != deliver.Failed || r.calls != 1 {
			t.Errorf("delivery %+v", d)
		}
	})
}

func TestAPersonApprovesCancelsAndBringsBack(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, func(p *deliver.Put) { p.Approve = true })
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.work()
		d := o.only()
		if heard, _ := r.heard(); d.State != deliver.Waiting || len(heard) != 0 {
			t.Fatalf("delivery %+v, heard %v", d, heard)
		}
		o.ok(o.Cancel(o.Context(), admin, d.ID))
		if err := o.Approve(o.Context(), admin, d.ID); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("approving what was canceled = %v", err)
		}
		o.ok(o.Retry(o.Context(), admin, d.ID))
		o.work()
		if d := o.only(); d.State != deliver.Waiting {
			t.Errorf("brought back without approval: %+v", d)
		}
		if _, msg, err := o.Delivery(o.Context(), admin, d.ID); err != nil || msg != nil {
			t.Errorf("an admin who may not read the draft sees %+v, %v", msg, err)
		}
		_, err := o.wf.Join(o.Context(), admin, d.IncidentID, "to decide what is told")
		o.ok(err)
		if _, msg, err := o.Delivery(o.Context(), admin, d.ID); err != nil || msg == nil || msg.Subject != "Post-mortem #1 was begun" {
			t.Errorf("one who may read it sees %+v, %v", msg, err)
		}
		o.ok(o.Approve(o.Context(), admin, d.ID))
		o.work()
		if d := o.only(); d.State != deliver.Sent || d.ApprovedBy != "admin" {
			t.Errorf("after approval: %+v", d)
		}
	})
}

func TestWhatIsQueuedCanBeCanceled(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		o.tell(r, nil)
		o.begin(workflow.NewIncident{Title: "Outage"})
		o.ok(o.Cancel(o.Context(), admin, o.only().ID))
		o.work()
		if heard, _ := r.heard(); len(heard) != 0 || o.only().State != deliver.Canceled {
			t.Errorf("heard %v, delivery %+v", heard, o.only())
		}
		o.ok(o.Retry(o.Context(), admin, o.only().ID))
		o.work()
		if heard, _ := r.heard(); len(heard) != 1 {
			t.Errorf("heard %v after a retry", heard)
		}
		counts, err := o.Counts(o.Context())
		if diff := cmp.Diff(map[deliver.State]int64{deliver.Sent: 1}, counts); err != nil || diff != "" {
			t.Errorf("counts, %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestDeliveriesComeInPagesAndAreForgotten(t *testing.T) {
	onBoth(t, func(o *office) {
		r := receive(t)
		end := o.tell(r, nil)
		for i := range 5 {
			o.begin(workflow.NewIncident{Title: fmt.Sprint("Outage ", i)})
			o.now = o.now.Add(time.Second)
		}
		o.work()
		var got []deliver.Delivery
		for f := (deliver.Filter{EndpointID: end.ID, State: deliver.Sent, Limit: 2}); ; {
			page, err := o.Deliveries(o.Context(), admin, f)
			o.ok(err)
			got = append(got, page.Items...)
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		want := o.deliveries(deliver.Filter{})
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(deliver.Delivery{})); diff != "" || len(got) != 5 {
			t.Errorf("pages (-whole +pages):\n%s", diff)
		}
		o.now = o.now.Add(100 * 24 * time.Hour)
		o.work()
		if left := o.deliveries(deliver.Filter{}); len(left) != 0 {
			t.Errorf("after a hundred days: %+v", left)
		}
	})
}
