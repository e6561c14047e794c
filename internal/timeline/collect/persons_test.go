package collect

import (
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

func TestMergeNamesPersons(t *testing.T) {
	said := func(id, by, text string) hindcast.Event {
		return hindcast.Event{Kind: hindcast.Message, ID: id, Title: text, Text: text, Actor: hindcast.Actor{Name: by, Kind: hindcast.Person}, Attrs: map[string]string{"user": by}}
	}
	a, b := New(), New()
	a.Event(said("slack:1", "U0000001", "@U0000002 can you look? @U0000009 too"))
	a.Event(said("teams:2", "U0000001", "of another source"))
	a.Event(said("slack:3", "U0000003", "of nobody who is known"))
	a.Person(record.Person{Source: "slack", ID: "U0000001", Name: "Another Name"})
	b.Person(record.Person{Source: "slack", ID: "U0000001", Name: "Engineer A", Zone: "Europe/Madrid"})
	b.Person(record.Person{Source: "slack", ID: "U0000002", Name: "Engineer B"})
	got := Merge(a, b).Events
	if e := got[0]; e.Actor.Name != "Engineer A" || e.Attrs["tz"] != "Europe/Madrid" || e.Text != "@Engineer B can you look? @U0000009 too" || e.Title != e.Text {
		t.Errorf("a message is %q by %q in %q, want it by Engineer A in Madrid, to Engineer B", e.Text, e.Actor.Name, e.Attrs["tz"])
	}
	if got[1].Actor.Name != "U0000003" || got[2].Actor.Name != "U0000001" {
		t.Errorf("others are by %q and %q, want their ids", got[1].Actor.Name, got[2].Actor.Name)
	}
}
