package meeting

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/workflow/meeting"
)

// Mode is for whom a room is shown.
type Mode string

// The modes.
const (
	Console Mode = "console" // for who facilitates
	Follow  Mode = "follow"  // for who takes part
	Screen  Mode = "screen"  // for everybody in a room
)

// Person is one who takes part in the post-mortem.
type Person struct{ ID, Name, Role string }

// Form is the form of a plan.
type Form struct {
	Num     int64
	Title   string
	Past    []*meeting.Meeting
	People  []Person
	MayPlan bool
	Fault   string

	ID                         string // of the meeting that is changed; empty for a new one
	At, Zone                   string
	Kind                       meeting.Kind
	Agenda, Place, Facilitator string
	Invited                    []string
	Others                     string
}

// View is what a room shows.
type View struct {
	*meeting.Meeting
	Post     *hindcast.Postmortem
	Mode     Mode
	Now      time.Time
	Seen     int64 // version of the meeting and its post-mortem together
	Doc      int64 // version of the post-mortem
	Drives   bool
	MaySay   bool
	MayPlan  bool
	MayWrite bool
	People   []Person
	Name     func(person string) string
}

// at returns the address of a meeting.
func at(m *meeting.Meeting, rest string) string {
	return fmt.Sprintf("%s/%s%s", meeting.Path(m.Num), m.ID, rest)
}

func (v *View) at(rest string) string { return at(v.Meeting, rest) }

// console reports whether the room has controls.
func (v *View) console() bool { return v.Mode == Console && v.Drives && !v.State.Over() }

// self is the address from which a script gets the room again.
func (v *View) self() string {
	if v.Mode == Console {
		return v.at("")
	}
	return v.at("/" + string(v.Mode))
}

func (v *View) block() meeting.Block { return v.Agenda[v.Block] }

// begun reports whether the clock runs or rests.
func (v *View) begun() bool { return v.State == meeting.Running || v.State == meeting.Paused }

// reading is what the clock says now.
func (v *View) reading() meeting.Reading { return v.Read(v.Agenda, v.Now) }

// left writes a span as a clock does: 12:30, or -0:45 past the end.
func left(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	s := int64(d / time.Second)
	return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// running is when the block began to run in ms, or 0.
func (v *View) running() string { return strconv.FormatBool(v.State == meeting.Running) }

func (v *View) over() bool { return v.begun() && v.reading().Left < 0 }

func (v *View) prompts() []string { return meeting.Prompts(v.Post, v.block().Show, v.Shown) }

// picture is the address of a picture of the document as it is.
func (v *View) picture(name string) string {
	return fmt.Sprintf("/p/%d/picture/%s.svg?version=%d", v.Num, name, v.Doc)
}

// entries are the entries that a reader needs, or all when none is marked.
func (v *View) entries() []hindcast.Entry {
	var out []hindcast.Entry
	for _, e := range v.Post.Timeline {
		if e.Key {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return v.Post.Timeline
	}
	return out
}

func kindWord(k meeting.Kind) string {
	return map[meeting.Kind]string{meeting.Full: "90 minutes: everything is worked out together", meeting.Hybrid: "45 minutes: about a draft that people have read", meeting.Own: "With blocks of its own"}[k]
}

func stateWord(m *meeting.Meeting) string {
	return map[meeting.State]string{meeting.Planned: "planned", meeting.Running: "goes on", meeting.Paused: "paused", meeting.Closed: "over", meeting.Canceled: "canceled"}[m.State]
}

// blockClass marks a block in the agenda.
func (v *View) blockClass(i int) string {
	switch {
	case v.Agenda[i].Skipped:
		return "skipped"
	case v.begun() && i == v.Block:
		return "here"
	case i < v.Block || v.State == meeting.Closed:
		return "past"
	}
	return "ahead"
}

func when(m *meeting.Meeting) string {
	return m.StartsAt.In(m.Location()).Format("Monday, 2 January 2006, 15:04 ") + m.Zone
}

// owner is who owns the document so far.
func (v *View) owner() string {
	if v.State == meeting.Closed {
		return v.Closing.Owner
	}
	return v.Post.Owner
}

// kinds of what can be written, for what is on the screen first.
type kind struct{ key, word string }

func (v *View) kinds() []kind {
	all := []kind{{meeting.NewEntry, "Timeline entry"}, {meeting.NewDecision, "Decision"}, {meeting.NewWell, "Went well"}, {meeting.NewPoorly, "Went poorly"}, {meeting.NewFactor, "Factor"}, {meeting.NewAction, "Action item"}}
	first := map[meeting.Show]string{meeting.ShowWell: meeting.NewWell, meeting.ShowWhys: meeting.NewFactor, meeting.ShowActions: meeting.NewAction, meeting.ShowClosing: meeting.NewAction}[v.block().Show]
	for i, k := range all {
		if k.key == first {
			return append([]kind{k}, append(append([]kind{}, all[:i]...), all[i+1:]...)...)
		}
	}
	return all
}

func initial(person, name, role string) string {
	if person == "" {
		return role
	}
	return strings.TrimSuffix(name+", "+role, ", ")
}

func hotWord(key string) string {
	return map[string]string{"ArrowLeft": "←", "ArrowRight": "→", " ": "space"}[key] + strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(key, "ArrowLeft"), "ArrowRight"))
}

// of returns what was noted and written in a block.
func (v *View) of(i int) (notes []meeting.Note, added []meeting.Added) {
	for _, n := range v.Notes {
		if n.Block == i {
			notes = append(notes, n)
		}
	}
	for _, a := range v.Added {
		if a.Block == i {
			added = append(added, a)
		}
	}
	return notes, added
}

// unsettled says how many action items lack an owner or a day.
func (v *View) unsettled() string {
	n := 0
	for _, a := range v.Post.Actions {
		if a.Owner == "" || a.Due.IsZero() {
			n++
		}
	}
	if n == 0 {
		return "all with an owner and a day"
	}
	return strconv.Itoa(n) + " without owner or day"
}

// undecided counts what is still parked.
func (v *View) undecided() int {
	n := 0
	for _, p := range v.Parked {
		if p.Action == "" && !p.Let {
			n++
		}
	}
	return n
}
