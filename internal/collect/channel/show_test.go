package channel_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/workflow"
)

// TestLinksShowWhatAnybodyMayRead posts links to what is published, what is not, and
// what is not there.
func TestLinksShowWhatAnybodyMayRead(t *testing.T) {
	onBoth(t, func(l *library) {
		const text = "---\nhindcast: 1\ntitle: Quokka outage <1>\nkind: near-miss\nseverity: 3\nservices: [checkout]\nstarted_at: 2024-03-15T14:38:45Z\nresolved_at: 2024-03-15T14:58:45Z\n%s---\n\n# Quokka outage <1>\n"
		last := ""
		for _, more := range []string{"status: published\n", "", "status: published\n"} {
			d, _, err := l.wf.CreateFromMarkdown(t.Context(), admin, "x.md", fmt.Appendf(nil, text, more), workflow.NewIncident{})
			l.ok(err)
			last = d.ID
		}
		_, err := l.wf.SetPrivate(t.Context(), admin, last, true, "a security matter")
		l.ok(err)
		const base = "https://hindcast.example.org/p/"
		l.event(`{"type":"link_shared","channel":"C0ANY","user":"U0A","message_ts":%q,"links":[{"url":%q},{"url":%q},{"url":%q},{"url":%q},{"url":"https://hindcast.example.org/library"},{"url":"https://evil.example.org/p/1"}]}`,
			ts(45, 0), base+"1#timeline", base+"2", base+"3/read", base+"77")
		l.later(time.Second)
		posted := l.slack.Posted()
		if len(posted) != 1 {
			t.Fatalf("%d requests, want one", len(posted))
		}
		var got map[string]struct {
			Blocks []struct{ Text struct{ Text string } }
		}
		l.ok(json.Unmarshal([]byte(posted[0].Get("unfurls")), &got))
		said := map[string]string{}
		for link, u := range got {
			said[link] = u.Blocks[0].Text.Text
		}
		const withheld = "\nNot published. Who takes part reads it after signing in."
		want := map[string]string{
			base + "1#timeline": "*Post-mortem #1 Quokka outage &lt;1&gt;*\nPublished · severity 3 · 15 March 2024 14:38 UTC · lasted 20 m · checkout",
			base + "2":          "*Post-mortem #2*" + withheld, base + "3/read": "*Post-mortem #3*" + withheld, base + "77": "*Post-mortem #77*" + withheld,
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
	})
}
