package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/deliver/ticket"
)

// stick asks for a ticket while the credential is not accepted.
func (l *library) stick(actions ...string) {
	l.Helper()
	l.down = hindcast.Errorf(hindcast.Denied, "the credential is not accepted")
	l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, actions))
	l.work()
}

func TestATicketWaitsForACredential(t *testing.T) {
	onBoth(t, func(l *library) {
		l.stick("a1")
		if x := l.only(); x.State != ticket.Stuck || !strings.Contains(x.Said, "credential is not accepted") {
			l.Fatalf("%+v, want one that is stuck and says why", x)
		}
		if len(l.told) != 1 || !slices.Equal(l.told[0].To, []string{lead.PersonID}) || !strings.Contains(l.told[0].Subject, "does not accept our credential") || !strings.HasSuffix(l.told[0].Path, "/tickets") {
			l.Errorf("told %+v, want who asked for it", l.told)
		}
		name := fmt.Sprintf("%d/a1", l.doc.Num)
		if waits, err := l.Waits(l.Context(), lead); err != nil || len(waits) != 1 || !strings.Contains(waits[name], "does not accept our credential") {
			l.Errorf("%v, %v wait, want %s", waits, err, name)
		}
		if waits, err := l.Waits(l.Context(), stranger); err != nil || len(waits) != 0 {
			l.Errorf("a stranger sees that %v wait, %v", waits, err)
		}
		jams, err := l.Jams(l.Context(), admin)
		l.ok(err)
		if diff := cmp.Diff(map[string]ticket.Jam{l.place: {Tickets: 1, Why: "the credential is not accepted"}}, jams); diff != "" {
			l.Errorf("what is stuck (-want +got):\n%s", diff)
		}
		if _, err := l.Jams(l.Context(), lead); hindcast.CodeOf(err) != hindcast.Denied {
			l.Errorf("a member asks what is stuck: %v", err)
		}
		asked := l.creates
		l.now = l.now.Add(48 * time.Hour)
		if l.work(); l.creates != asked {
			l.Errorf("it was tried %d times more with a credential that is not accepted", l.creates-asked)
		}
		l.down = nil
		_, _, err = l.out.PutEndpoint(l.Context(), admin, deliver.Put{ID: l.place, Name: "Platform board"})
		l.ok(err)
		if l.work(); l.only().State != ticket.Open || len(l.refs) != 1 || l.action("a1").Ticket == "" {
			l.Errorf("connected again: %+v and %d tickets, want one that is open", l.only(), len(l.refs))
		}
		if waits, err := l.Waits(l.Context(), lead); err != nil || len(waits) != 0 {
			l.Errorf("%v, %v wait, want nothing", waits, err)
		}
		if jams, err := l.Jams(l.Context(), admin); err != nil || len(jams) != 0 {
			l.Errorf("%v, %v are stuck, want nothing", jams, err)
		}
	})
}

func TestATicketThatIsStuckIsAskedForAgain(t *testing.T) {
	onBoth(t, func(l *library) {
		l.stick("a1")
		l.down = nil
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		if l.work(); l.only().State != ticket.Open {
			l.Errorf("%+v, want one that is open", l.only())
		}
	})
}

// TestACredentialThatIsReplacedWhileAnOldOneIsRefused is tried again, although nobody
// changes the connection after it.
func TestACredentialThatIsReplacedWhileAnOldOneIsRefused(t *testing.T) {
	onBoth(t, func(l *library) {
		l.after = func() error {
			l.after = nil
			l.now = l.now.Add(time.Second)
			if _, _, err := l.out.PutEndpoint(l.Context(), admin, deliver.Put{ID: l.place, Name: "Platform board"}); err != nil {
				return err
			}
			return hindcast.Errorf(hindcast.Denied, "the credential is not accepted")
		}
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a1"}))
		l.work()
		if x := l.only(); x.State != ticket.Queued {
			l.Errorf("%+v, want one that is tried again", x)
		}
		l.now = l.now.Add(2 * time.Minute)
		if l.work(); l.only().State != ticket.Open || len(l.refs) != 1 {
			l.Errorf("%+v and %d tickets, want one that is open", l.only(), len(l.refs))
		}
	})
}

func TestATicketIsGivenUp(t *testing.T) {
	onBoth(t, func(l *library) {
		l.stick("a1", "a2")
		list, err := l.Of(l.Context(), lead, l.doc.ID)
		l.ok(err)
		slices.SortFunc(list, func(a, b ticket.Ticket) int { return strings.Compare(a.ActionID, b.ActionID) })
		for _, bad := range []string{"javascript:alert(1)", "board 12", "https://a:b@tracker.example.org/1", "/12"} {
			if err := l.GiveUp(l.Context(), lead, l.doc.ID, list[0].ID, bad); hindcast.CodeOf(err) != hindcast.Invalid {
				l.Errorf("address %q: %v, want %s", bad, err, hindcast.Invalid)
			}
		}
		if err := l.GiveUp(l.Context(), stranger, l.doc.ID, list[0].ID, ""); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("a stranger: %v, want %s", err, hindcast.NotFound)
		}
		l.ok(l.GiveUp(l.Context(), lead, l.doc.ID, list[0].ID, " https://tracker.example.org/by-hand "))
		l.ok(l.GiveUp(l.Context(), lead, l.doc.ID, list[1].ID, ""))
		if one, two := l.action("a1").Ticket, l.action("a2").Ticket; one != "https://tracker.example.org/by-hand" || two != "" {
			l.Errorf("the tickets are %q and %q, want the one by hand and none", one, two)
		}
		l.down = nil
		_, _, err = l.out.PutEndpoint(l.Context(), admin, deliver.Put{ID: l.place, Name: "Platform board"})
		l.ok(err)
		l.work()
		if list, err := l.Of(l.Context(), lead, l.doc.ID); err != nil || len(list) != 0 || len(l.refs) != 0 {
			l.Errorf("%+v, %v and %d in the tracker, want none", list, err, len(l.refs))
		}
		if err := l.GiveUp(l.Context(), lead, l.doc.ID, list[0].ID, ""); hindcast.CodeOf(err) != hindcast.NotFound {
			l.Errorf("given up twice: %v, want %s", err, hindcast.NotFound)
		}
		l.ok(l.Ask(l.Context(), lead, l.doc.ID, l.place, []string{"a2"}))
		if l.work(); l.only().State != ticket.Open {
			l.Errorf("asked again: %+v, want one that is open", l.only())
		}
		if err := l.GiveUp(l.Context(), lead, l.doc.ID, l.only().ID, ""); hindcast.CodeOf(err) != hindcast.Conflict {
			l.Errorf("one that was made: %v, want %s", err, hindcast.Conflict)
		}
	})
}
