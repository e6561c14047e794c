package collect_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collect"
	"github.com/hindcast/hindcast/internal/connector"
)

// TestWhatIsRefusedIsCounted tells an admin that requests come with a wrong secret,
// however many there are, and nothing of what they say.
func TestWhatIsRefusedIsCounted(t *testing.T) {
	onBoth(t, func(l *library) {
		refused := func(n int) {
			for range n {
				if _, err := l.Receive(l.Context(), l.endpoint, http.Header{"Word": {"wrong"}}, []byte(`{"ID":"private"}`)); hindcast.CodeOf(err) != hindcast.Denied {
					l.Errorf("a request with a wrong word: %v, want %s", err, hindcast.Denied)
				}
			}
		}
		check := func(what string, want collect.Heard, wrong bool) {
			l.Helper()
			got, err := l.Heard(l.Context(), admin, l.endpoint)
			l.ok(err)
			if diff := cmp.Diff(want, got); diff != "" || got.Wrong(at(1)) != wrong {
				l.Errorf("%s: wrong is %v, want %v (-want +got):\n%s", what, got.Wrong(at(1)), wrong, diff)
			}
		}
		check("before the first", collect.Heard{}, false)
		l.tell("n1", connector.IncidentOpened, at(38), "P1")
		check("taken in", collect.Heard{Taken: at(40)}, false)

		l.now = at(45)
		refused(4) // of these the first is kept at once
		check("a burst", collect.Heard{Taken: at(40), Refused: 4, Since: at(45), RefusedAt: at(45), Why: "not genuine"}, true)
		l.now = at(50)
		refused(1)
		check("refused", collect.Heard{Taken: at(40), Refused: 5, Since: at(45), RefusedAt: at(50), Why: "not genuine"}, true)
		if got, err := l.Heard(l.Context(), admin, l.endpoint); err != nil || got.Wrong(at(51)) {
			l.Errorf("after the connection was changed it is wrong still, %v", err)
		}

		l.now = at(55)
		l.tell("n2", connector.IncidentResolved, at(54), "P1")
		check("taken in again", collect.Heard{Taken: at(55), Refused: 5, Since: at(45), RefusedAt: at(50), Why: "not genuine"}, false)
		if list := l.episodes(); len(list) != 1 {
			l.Errorf("episodes %+v, want the one that was told", list)
		}

		l.now = at(50).Add(25 * time.Hour)
		refused(1)
		check("a day later", collect.Heard{Taken: at(55), Refused: 1, Since: l.now, RefusedAt: l.now, Why: "not genuine"}, true)

		if _, err := l.Heard(l.Context(), member, l.endpoint); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a member asks: %v, want %s", err, hindcast.Denied)
		}
		if _, err := l.Heard(l.Context(), admin, "nowhere"); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("of no endpoint: %v, want %s", err, hindcast.NotFound)
		}
	})
}
