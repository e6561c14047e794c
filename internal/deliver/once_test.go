package deliver_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/notice"
	"github.com/hindcast/hindcast/internal/workflow/remind"
)

// TestAPostmortemIsAnnouncedOnceAtEachTurn follows one from its beginning to its
// publication over the days on which it was due, with two servers that look at the
// clocks.
func TestAPostmortemIsAnnouncedOnceAtEachTurn(t *testing.T) {
	onBoth(t, func(o *office) {
		var mu sync.Mutex
		var signed []bool
		r := receive(t)
		inner := r.Config.Handler
		r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			mu.Lock()
			signed = append(signed, strings.HasPrefix(req.Header.Get("webhook-signature"), "v1,"))
			mu.Unlock()
			inner.ServeHTTP(w, req)
		})
		o.tell(r, func(p *deliver.Put) {
			p.Events = []workflow.EventKind{workflow.PostmortemDue, workflow.PostmortemMoved, workflow.PostmortemPublished}
		})
		d := o.begin(workflow.NewIncident{Title: "Ledger outage", Kind: hindcast.KindIncident, Severity: 1})
		_, err := o.wf.Edit(t.Context(), lead, d.ID, []part.Change{{Path: "phases/started_at", Value: workflow.JSON(part.Phase{At: o.now.Add(-time.Hour)})}, {Path: "phases/resolved_at", Value: workflow.JSON(part.Phase{At: o.now.Add(-time.Minute)})}}, "")
		o.ok(err)
		clock := func() time.Time { return o.now }
		clocks := remind.New(remind.Config{DB: o.store.DB(), Policy: o.wf.Policy(), Now: clock, Announce: o.Announce, Post: notice.New(notice.Config{DB: o.store.DB(), Now: clock}).Post})
		for range 14 * 4 {
			o.now = o.now.Add(6 * time.Hour)
			for range 2 { // servers
				_, err := clocks.Remind(t.Context())
				o.ok(err)
			}
		}
		for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
			_, err := o.wf.Move(t.Context(), lead, d.ID, to, "")
			o.ok(err)
		}
		o.work()
		want := []string{"postmortem.due", "postmortem.due", "postmortem.due", "postmortem.moved", "postmortem.moved", "postmortem.published"}
		heard, _ := r.heard()
		if diff := cmp.Diff(want, heard); diff != "" {
			t.Errorf("announced (-want +got):\n%s", diff)
		}
		if r.calls != len(want) || slices.Contains(signed, false) {
			t.Errorf("%d messages, signed %s, want %d, each signed", r.calls, fmt.Sprint(signed), len(want))
		}
	})
}
