package collab_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collab"
	"github.com/hindcast/hindcast/internal/collab/change"
)

// run has a server work in the background until the test ends.
func (l *library) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); l.write.Run(ctx) }()
	l.Cleanup(func() { cancel(); <-done })
}

func (l *library) follow(v hindcast.Viewer, version int64) *collab.Follower {
	l.Helper()
	f, err := l.write.Follow(l.Context(), v, l.at, v.PersonID+":1", version)
	l.ok(err)
	return f
}

// until reads events until one satisfies want.
func until(t testing.TB, f *collab.Follower, want func(collab.Event) bool) collab.Event {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for time.Now().Before(end) {
		e, err := f.Next(t.Context(), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if want(e) {
			return e
		}
	}
	t.Fatal("what was waited for did not come")
	return collab.Event{}
}

func TestFollowersSeeStepsAndCursors(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		mine, theirs := l.follow(lead, v), l.follow(other, v)
		e := until(l, mine, func(e collab.Event) bool { return len(e.People) > 0 })
		if p := e.People[0]; p.Name != other.Name || p.Anchor != -1 {
			l.Errorf("who came = %+v", p)
		}
		l.ok(l.write.Move(other, l.at, "other:1", v, 4, 8))
		e = until(l, mine, func(e collab.Event) bool { return len(e.People) > 0 })
		if p := e.People[0]; p.Anchor != 4 || p.Head != 8 {
			l.Errorf("who moved = %+v", p)
		}
		_, err := l.push(lead, v, change.Replace(17, 0, 0, change.Units("All: ")))
		l.ok(err)
		e = until(l, theirs, func(e collab.Event) bool { return len(e.Steps) > 0 })
		if e.Version != v+1 || e.Steps[0].Client != "lead:1" || len(e.People) != 1 || e.People[0].Head != 5 {
			l.Errorf("the step = %+v, want it with the cursor behind it", e)
		}
		// A cursor is of the text that its owner saw, and is moved on.
		l.ok(l.write.Move(other, l.at, "other:1", v, 4, 4))
		e = until(l, mine, func(e collab.Event) bool { return len(e.People) > 0 })
		if p := e.People[0]; e.Version != v+1 || p.Anchor != 9 {
			l.Errorf("who moved = %+v in version %d", p, e.Version)
		}
		theirs.Close(l.Context())
		e = until(l, mine, func(e collab.Event) bool { return len(e.People) > 0 })
		if !e.People[0].Gone {
			l.Errorf("who left = %+v", e.People[0])
		}
		mine.Close(l.Context())
	})
}

// TestFollowersSeeWhatAnotherServerDoes follows on one server while people write on
// another and a form is sent there.
func TestFollowersSeeWhatAnotherServerDoes(t *testing.T) {
	onBoth(t, func(l *library) {
		there := *l
		there.join(l.url)
		l.run()
		there.run()
		v := l.says("The pool ran dry.")
		mine, theirs := l.follow(lead, v), there.follow(other, v)
		defer mine.Close(l.Context())
		until(l, mine, func(e collab.Event) bool { return len(e.People) > 0 && e.People[0].Name == other.Name })
		_, err := there.push(other, v, change.Replace(17, 17, 17, change.Units(" Then")))
		l.ok(err)
		until(l, mine, func(e collab.Event) bool { return len(e.Steps) == 1 && e.Steps[0].Client == "other:1" })
		l.ok(there.write.Settle(l.Context(), l.at))
		there.set("The pool ran dry. Then it filled.")
		until(l, mine, func(e collab.Event) bool { return len(e.Steps) == 1 && e.Steps[0].Client == "document" })
		l.says("The pool ran dry. Then it filled.")
		theirs.Close(l.Context())
		until(l, mine, func(e collab.Event) bool { return len(e.People) == 1 && e.People[0].Gone })
	})
}

// TestTheDocumentFollows waits for what was written on a server to be in the
// document, also when that server goes away before.
func TestTheDocumentFollows(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		_, err := l.push(lead, v, replace("The pool ran dry.", "dry", "empty"))
		l.ok(err) // on a server that does nothing in the background
		l.clock = l.clock.Add(time.Minute)
		there := *l
		there.join(l.url)
		there.run()
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
			d, err := l.docs.Get(l.Context(), lead, l.at.ID)
			l.ok(err)
			if strings.Contains(d.Post.Section(hindcast.SectionSummary).Text, "empty") {
				return
			}
		}
		l.Error("the document does not follow")
	})
}

func TestFollowersAreBounded(t *testing.T) {
	onBoth(t, func(l *library) {
		v := l.says("The pool ran dry.")
		for range 20 {
			defer l.follow(lead, v).Close(l.Context())
		}
		_, err := l.write.Follow(l.Context(), lead, l.at, "lead:1", v)
		l.refused("one more", err, hindcast.Unavailable)
		if n := l.write.Editors(); n != 20 {
			l.Errorf("%d editors are open, want 20", n)
		}
		l.write.Close()
		f := l.follow(other, v)
		defer f.Close(l.Context())
		for err = nil; err == nil; { // first what there is to know
			_, err = f.Next(l.Context(), time.Minute)
		}
		l.refused("when the server stops", err, hindcast.Unavailable)
	})
}
