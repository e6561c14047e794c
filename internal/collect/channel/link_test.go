package channel_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/slack/slacktest"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestWhoMayLink(t *testing.T) {
	onBoth(t, func(l *library) {
		d := l.begin(admin, workflow.NewIncident{})
		if err := l.link(member, d.Num); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("somebody else's draft: %v, want NotFound", err)
		}
		own := l.begin(member, workflow.NewIncident{})
		m := code.FindStringSubmatch(l.write("link 1"))
		c, err := url.QueryUnescape(m[1])
		l.ok(err)
		for name, err := range map[string]error{
			"the code of another": l.Link(t.Context(), member, fmt.Sprint(own.Num), c, time.Time{}),
			"a damaged code":      l.Link(t.Context(), admin, "1", c+"x", time.Time{}),
			"from the future":     l.Link(t.Context(), admin, "1", c, l.now.Add(time.Hour)),
		} {
			if hindcast.CodeOf(err) != hindcast.Invalid {
				t.Errorf("%s: %v, want it invalid", name, err)
			}
		}
		w, err := l.Wished(t.Context(), admin, "1", c)
		if err != nil || w.Channel != "inc-4521" || w.Place != "Our Slack" || w.Since.IsZero() {
			t.Errorf("Wished = %+v, %v", w, err)
		}
		l.now = l.now.Add(2 * time.Hour)
		if err := l.Link(t.Context(), admin, "1", c, time.Time{}); hindcast.CodeOf(err) != hindcast.Invalid {
			t.Errorf("an old code: %v, want it invalid", err)
		}
		private := l.begin(admin, workflow.NewIncident{Private: true, PrivateReason: "a security matter"})
		if err := l.link(admin, private.Num); hindcast.CodeOf(err) != hindcast.Denied {
			t.Errorf("a private one: %v, want it denied", err)
		}
		if _, err := l.Of(t.Context(), member, "1"); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("the channels of somebody else's draft: %v, want NotFound", err)
		}
	})
}

// TestTalkElsewhereIsNotKept holds that nothing is kept of channels that are not
// linked.
func TestTalkElsewhereIsNotKept(t *testing.T) {
	onBoth(t, func(l *library) {
		kept := func() int64 {
			n, _, err := sqldb.Value[int64](t.Context(), l.db, `select count(*) from received`)
			l.ok(err)
			return n
		}
		l.event(`{"type":"message","channel":"C0ELSE","user":"U0A","text":"a private word","ts":%q}`, ts(40, 0))
		l.event(`{"type":"message","subtype":"message_changed","channel":"C0ELSE","message":{"text":"a private word"},"ts":%q}`, ts(40, 0))
		l.event(`{"type":"reaction_added","user":"U0A","reaction":"eyes","item":{"type":"message","channel":"C0ELSE","ts":%q}}`, ts(40, 0))
		if n := kept(); n != 0 {
			t.Errorf("%d bodies are kept, want none", n)
		}
		l.ok(l.link(admin, l.begin(admin, workflow.NewIncident{}).Num))
		before := kept()
		l.event(`{"type":"message","channel":"C0INC","user":"U0A","text":"x","ts":%q}`, ts(40, 0))
		if n := kept(); n != before+1 {
			t.Errorf("%d bodies of a linked channel are kept, want one", n-before)
		}
	})
}

// TestAPrivateChannelIsCalledByItsName links one of which the command tells no name.
func TestAPrivateChannelIsCalledByItsName(t *testing.T) {
	onBoth(t, func(l *library) {
		l.slack.Say("G0SECRET", "U0A", ts(40, 1), "looking into it")
		d := l.begin(admin, workflow.NewIncident{})
		m := code.FindStringSubmatch(l.hear(slacktest.Command("G0SECRET", "U0A", "1", "link 1")))
		c, err := url.QueryUnescape(m[1])
		l.ok(err)
		l.ok(l.Link(t.Context(), admin, d.ID, c, at(0, 0)))
		l.later(time.Second)
		if list, err := l.Of(t.Context(), admin, d.ID); err != nil || len(list) != 1 || list[0].Name != "ch-g0secret" {
			t.Errorf("Of = %+v, %v", list, err)
		}
	})
}
