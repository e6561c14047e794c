package meeting

import (
	"time"

	"github.com/hindcast/hindcast"
)

// State says how far a meeting is.
type State string

// The states.
const (
	Planned  State = "planned"
	Running  State = "running"
	Paused   State = "paused"
	Closed   State = "closed"
	Canceled State = "canceled"
)

// Over reports whether the meeting has ended.
func (s State) Over() bool { return s == Closed || s == Canceled }

// Clock is what the time of a meeting follows from. It holds moments and spans
// and nothing that ticks, so that every server reads the same time from it.
type Clock struct {
	State State           `json:"state"`
	Block int             `json:"block"`           // the present one, from 0
	Since time.Time       `json:"since,omitzero"`  // since when the block runs; zero when it does not
	Began time.Time       `json:"began,omitzero"`  // the meeting
	Ended time.Time       `json:"ended,omitzero"`  // the meeting
	Spent []time.Duration `json:"spent,omitempty"` // in each block, without what runs since Since
}

// Reading is what a clock says at a moment.
type Reading struct {
	Spent time.Duration // in the present block
	Left  time.Duration // of the present block; negative when it is over its time
	All   time.Duration // left of the meeting: of this block and those that follow
	Total time.Duration // spent in the meeting, without pauses
}

// Read reads the clock of a meeting with these blocks.
func (c Clock) Read(blocks []Block, now time.Time) Reading {
	var r Reading
	for i, b := range blocks {
		spent := c.in(i, now)
		left := time.Duration(b.Minutes+b.Extra)*time.Minute - spent
		r.Total += spent
		if i == c.Block {
			r.Spent, r.Left = spent, left
		}
		if i >= c.Block && !b.Skipped {
			r.All += max(left, 0)
		}
	}
	return r
}

// in returns the time spent in block i.
func (c Clock) in(i int, now time.Time) time.Duration {
	var d time.Duration
	if i < len(c.Spent) {
		d = c.Spent[i]
	}
	if i == c.Block && !c.Since.IsZero() && now.After(c.Since) {
		d += now.Sub(c.Since)
	}
	return d
}

// settle adds what runs to what was spent.
func (c *Clock) settle(blocks []Block, now time.Time) {
	spent := make([]time.Duration, len(blocks))
	for i := range blocks {
		spent[i] = c.in(i, now)
	}
	c.Spent, c.Since = spent, time.Time{}
}

// The acts on a clock.
const (
	DoStart  = "start"
	DoPause  = "pause"
	DoResume = "resume"
	DoExtend = "extend" // the present block by some minutes
	DoNext   = "next"
	DoSkip   = "skip" // the present block is passed over
	DoBack   = "back"
)

// extendMost is by how many minutes a block is extended at once, at most.
const extendMost = 60

// turn does an act on the clock and the blocks of a meeting.
func (m *Meeting) turn(do string, minutes int, now time.Time) error {
	switch m.State {
	case Closed, Canceled:
		return hindcast.Errorf(hindcast.Conflict, "the meeting is %s", m.State)
	case Planned:
		if do != DoStart {
			return hindcast.Errorf(hindcast.Conflict, "the meeting has not begun; start it first")
		}
		m.State, m.Began, m.Since = Running, now, now
		return nil
	}
	switch do {
	case DoStart:
		return hindcast.Errorf(hindcast.Conflict, "the meeting has begun already")
	case DoPause:
		if m.State == Running {
			m.settle(m.Agenda, now)
			m.State = Paused
		}
		return nil
	case DoResume:
		if m.State == Paused {
			m.State, m.Since = Running, now
		}
		return nil
	case DoExtend:
		return m.extend(minutes)
	case DoNext:
		return m.goTo(m.Block+1, now)
	case DoSkip:
		return m.skip(now)
	case DoBack:
		return m.goTo(m.Block-1, now)
	}
	return hindcast.Errorf(hindcast.Invalid, "the clock has no act %.20q", do)
}

func (m *Meeting) extend(minutes int) error {
	b := &m.Agenda[m.Block]
	if minutes < 1 || minutes > extendMost || b.Minutes+b.Extra+minutes > maxMinutes {
		return hindcast.Errorf(hindcast.Invalid, "a block is extended by 1 to %d minutes, up to %d", extendMost, maxMinutes)
	}
	b.Extra += minutes
	return nil
}

// goTo makes block i the present one. Whoever goes to a block that was skipped
// takes it up after all.
func (m *Meeting) goTo(i int, now time.Time) error {
	if i < 0 || i >= len(m.Agenda) {
		return hindcast.Errorf(hindcast.Conflict, "there is no block there; the meeting has %d", len(m.Agenda))
	}
	m.settle(m.Agenda, now)
	m.Block, m.Shown = i, ""
	m.Agenda[i].Skipped = false
	if m.State == Running {
		m.Since = now
	}
	return nil
}

// skip passes the present block over: no more time is spent on it.
func (m *Meeting) skip(now time.Time) error {
	was := m.Block
	if err := m.goTo(was+1, now); err != nil {
		return err
	}
	m.Agenda[was].Skipped = true
	return nil
}
