package channel_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow"
)

// TestWhatIsEditedAndDeletedIsFollowed edits and deletes messages that entries rest on,
// told by events and, in the end, by none.
func TestWhatIsEditedAndDeletedIsFollowed(t *testing.T) {
	onBoth(t, func(l *library) {
		l.talk()
		d := l.begin(admin, workflow.NewIncident{})
		l.ok(l.link(admin, d.Num))
		l.later(time.Second)
		entry := func(title string) hindcast.Entry {
			t.Helper()
			post, err := l.wf.Get(t.Context(), admin, d.ID)
			l.ok(err)
			for _, e := range post.Post.Timeline {
				if strings.Contains(e.Title, title) {
					return e
				}
			}
			t.Fatalf("no entry %q", title)
			return hindcast.Entry{}
		}
		files := func() int {
			t.Helper()
			rows, err := l.wf.Evidence(t.Context(), admin, d.ID)
			l.ok(err)
			return len(rows)
		}
		before := entry("decision: roll back to 2.7.5")

		l.slack.Edit("C0INC", ts(42, 3), "decision: roll back to 2.7.4, the gateway was at fault", ts(51, 0))
		l.event(`{"type":"message","subtype":"message_changed","channel":"C0INC","message":{"ts":%q,"edited":{"ts":%q}},"previous_message":{"ts":%q},"ts":%q}`, ts(42, 3), ts(51, 0), ts(42, 3), ts(51, 0))
		l.later(2 * time.Minute)
		e := entry("decision: roll back to 2.7.5")
		if want := "Changed in the chat at 14:51:00 UTC on 15 March 2024 to: “decision: roll back to 2.7.4, the gateway was at fault”"; e.ID != before.ID || !e.KnownAt.Equal(before.KnownAt) || !strings.HasPrefix(e.Detail, want) || len(e.Evidence) != 2 {
			t.Errorf("after the edit: %+v, want the detail %q and both versions as evidence", e, want)
		}

		l.slack.Delete("C0INC", ts(44, 5))
		l.slack.Delete("C0INC", ts(40, 1))                             // has an answer
		for _, id := range []string{ts(44, 5), ts(40, 1), ts(49, 0)} { // the last was never read
			l.event(`{"type":"message","subtype":"message_deleted","channel":"C0INC","deleted_ts":%q,"ts":%q}`, id, ts(55, 0))
		}
		l.later(2 * time.Minute)
		for _, title := range []string{"rolled back to 2.7.5", "looking into it"} {
			if e := entry(title); !strings.HasPrefix(e.Detail, "No longer in the chat at 14:5") || len(e.Evidence) != 2 {
				t.Errorf("after it was deleted: %+v", e)
			}
		}

		n := files()
		l.slack.Delete("C0INC", ts(48, 6)) // and no event tells of it
		list, err := l.Of(t.Context(), admin, d.ID)
		l.ok(err)
		for range 2 {
			l.ok(l.Read(t.Context(), admin, d.ID, list[0].ID))
			l.later(time.Second)
		}
		if e := entry("back to normal"); !strings.HasPrefix(e.Detail, "No longer in the chat at ") {
			t.Errorf("after it was deleted without a word: %+v", e)
		}
		if got := files(); got > n+3 { // what the channel has now, a page each, and once what is gone
			t.Errorf("reading twice made %d files of %d", got, n)
		}
		if e := entry("decision: roll back to 2.7.5"); e.ID != before.ID {
			t.Errorf("after the channel was read again: %+v, want the entry %s", e, before.ID)
		}
	})
}
