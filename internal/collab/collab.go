// Package collab lets several people write one section of a post-mortem at the
// same time. It is the authority of CodeMirror's collab protocol: it orders the
// changes of all browsers, and they bring their own in after those of others.
//
// A section that is written together has a log of steps. Step n makes the text of
// version n, and there is one of each: a push is accepted when it was made from
// the last version, and otherwise answered with the steps that it lacks. It is
// acknowledged when its step is committed, so that nothing acknowledged is lost,
// whichever server dies. The document follows a moment later, see [Service.Settle];
// what changes a section of the document by any other way becomes a step.
//
//	opened, err := s.Open(ctx, v, place)
//	pushed, err := s.Push(ctx, v, place, collab.Push{Client: c, Version: opened.Version, Changes: changes})
//	if pushed.Stale {
//		// map the changes over pushed.Steps and push again
//	}
//
// Several servers may share a database. Each looks every moment whether others
// wrote where somebody follows, see [Service.Follow].
package collab

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/collab/change"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// MaxText is the most bytes that a section may have.
const MaxText = 256 << 10

// MaxChanges is the most steps that one push may make.
const MaxChanges = 200

// Place names a section of a post-mortem.
type Place struct {
	ID  string // of the incident
	Num int64  // of the incident
	Key string // of the section
}

// Section is a section as its document has it.
type Section struct {
	Text string
	By   string // who changed the document last
}

// Documents are what the rest of the program does with the documents themselves.
// Stand and Hold run f in one transaction, which is kept when f returns nil; f may
// run again.
type Documents struct {
	// May returns nil when v may write in the document.
	May func(ctx context.Context, v hindcast.Viewer, p Place) error
	// Stand runs f when v may write in the document now. The document stays as it is
	// until f has ended.
	Stand func(ctx context.Context, v hindcast.Viewer, p Place, f func(*sqldb.Tx, Section) error) error
	// Hold runs f with the document held.
	Hold func(ctx context.Context, p Place, f func(*sqldb.Tx, Section, Pen) error) error
}

// Pen writes a section of a document that is held.
type Pen struct {
	// Write makes a text that of the section, on behalf of a person who was allowed to
	// when they wrote it, and returns the revision that it belongs to.
	Write func(person, text string) (revision int64, err error)
	// Audit keeps that a person wrote in a revision.
	Audit func(person string, revision int64) error
}

// Config says what a [Service] works with. DB and Documents must be set.
type Config struct {
	DB        *sqldb.DB
	Documents Documents
	Now       func() time.Time // time.Now when nil
	Log       *slog.Logger     // of work in the background; discarded when nil
	Look      time.Duration    // between looks at what other servers wrote; 100 ms when 0
	Quiet     time.Duration    // without a step after which the document is written; 1.5 s when 0
	Longest   time.Duration    // that a document may lag behind; 5 s when 0
	Keep      int              // steps that are kept for browsers that come back; 1,000 when 0
	Followers int              // the most at once; 1,000 when 0
	Mine      int              // the most of one person at once; 20 when 0
}

// Service is the authority. It may be used by several goroutines at once. It works
// in the background only while [Service.Run] runs.
type Service struct {
	Config
	closed chan struct{}
	close  func()

	mu        sync.Mutex
	texts     map[Place]*text
	rooms     map[Place]*room
	pending   map[Place]*waiting // documents that have to be written
	followers map[string]int     // by person
	all       int
}

// maxTexts is how many texts are kept decoded.
const maxTexts = 256

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	for _, x := range []struct {
		to *time.Duration
		or time.Duration
	}{{&c.Look, 100 * time.Millisecond}, {&c.Quiet, 1500 * time.Millisecond}, {&c.Longest, 5 * time.Second}} {
		if *x.to == 0 {
			*x.to = x.or
		}
	}
	for _, x := range []struct {
		to *int
		or int
	}{{&c.Keep, 1000}, {&c.Followers, 1000}, {&c.Mine, 20}} {
		if *x.to == 0 {
			*x.to = x.or
		}
	}
	s := &Service{Config: c, closed: make(chan struct{}), texts: map[Place]*text{}, rooms: map[Place]*room{}, pending: map[Place]*waiting{}, followers: map[string]int{}}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	return s
}

// Close ends what follows, so that a server can stop.
func (s *Service) Close() { s.close() }

// text is a section's text at the end of its log, as far as this server knows.
type text struct {
	pushing sync.Mutex // one push at a time

	mu  sync.Mutex
	now state
}

// state is a moment of a log. Its slices are never changed.
type state struct {
	version int64
	units   []uint16
	settled int64  // version that the document has
	raw     string // of that version, as the document has it
	recent  []Step // the last ones
	known   bool
}

// recalled is how many steps are at hand for pushes that come too late.
const recalled = 256

// then returns the state after a step.
func (st state) then(x Step) (state, error) {
	units, err := x.Change.Apply(st.units)
	if err != nil {
		return st, err
	}
	if x.Version != st.version+1 {
		return st, fmt.Errorf("step %d does not follow on version %d", x.Version, st.version)
	}
	if len(st.recent) >= 2*recalled {
		st.recent = st.recent[len(st.recent)-recalled:]
	}
	st.recent = append(slices.Clip(st.recent), x)
	st.version, st.units = x.Version, units
	return st, nil
}

// lacks returns the steps after a version when they are at hand, and that version
// is not the last one.
func (st state) lacks(version int64) []Step {
	missing := st.version - version
	if !st.known || missing <= 0 || missing > int64(len(st.recent)) {
		return nil
	}
	return st.recent[int64(len(st.recent))-missing:]
}

// text returns where the text of a place is kept.
func (s *Service) text(p Place) *text {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.texts[p]
	if t == nil {
		if len(s.texts) >= maxTexts {
			clear(s.texts) // those in use are read again
		}
		t = &text{}
		s.texts[p] = t
	}
	return t
}

func (t *text) get() state {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.now
}

// put keeps a state that was committed, unless a later one is known.
func (t *text) put(st state) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.now.known || st.version > t.now.version || st.version == t.now.version && st.settled >= t.now.settled {
		t.now = st
	}
}

// Opened is a section as somebody begins to write in it.
type Opened struct {
	Version int64  `json:"version"`
	Text    string `json:"text"`
}

// Open returns the present text of a section, whether it is in the document yet or
// not, when v may write in it.
func (s *Service) Open(ctx context.Context, v hindcast.Viewer, p Place) (Opened, error) {
	st, err := s.present(ctx, v, p)
	if err != nil {
		return Opened{}, err
	}
	return Opened{st.version, change.String(st.units)}, nil
}

// present returns the end of a log, with what the document's text changed since.
func (s *Service) present(ctx context.Context, v hindcast.Viewer, p Place) (state, error) {
	t := s.text(p)
	for range tries {
		var st state
		outside := false
		err := s.Documents.Stand(ctx, v, p, func(tx *sqldb.Tx, sec Section) (err error) {
			st, err = load(ctx, tx, p, t.get(), sec)
			outside = err == nil && st.raw != sec.Text
			return err
		})
		if err != nil {
			return state{}, err
		}
		t.put(st)
		if !outside {
			return st, nil
		}
		if err := s.Settle(ctx, p); err != nil {
			return state{}, err
		}
	}
	return state{}, restless()
}

// tries is how often a text may change while somebody waits for it.
const tries = 10

func restless() error {
	return hindcast.Errorf(hindcast.Unavailable, "the section is being changed all the time; try again")
}

// Push is what a browser wrote since the last time.
type Push struct {
	Client  string       // names the editor; begins with the id of the person and ":"
	Version int64        // from which the changes were made
	Changes []change.Set // in order
}

// Pushed says what became of a push.
type Pushed struct {
	Version int64  // of the text now
	Stale   bool   // it was made from an earlier version, and nothing was taken
	Steps   []Step // that a stale push lacks
}

// Push takes changes when v may write in the section and they were made from its
// last version. It fails with NotFound when that version is so old that its steps
// are gone: the browser opens the section again and brings its changes in. What a
// push that fails with another error did is told by the steps since.
func (s *Service) Push(ctx context.Context, v hindcast.Viewer, p Place, push Push) (Pushed, error) {
	if err := push.check(v); err != nil {
		return Pushed{}, err
	}
	t := s.text(p)
	t.pushing.Lock()
	defer t.pushing.Unlock()
	if steps := t.get().lacks(push.Version); steps != nil { // no transaction is needed to know that it is stale
		if err := s.Documents.May(ctx, v, p); err != nil {
			return Pushed{}, err
		}
		return Pushed{Version: steps[len(steps)-1].Version, Stale: true, Steps: steps}, nil
	}
	for range tries {
		var r result
		err := s.Documents.Stand(ctx, v, p, func(tx *sqldb.Tx, sec Section) error {
			r = result{}
			return s.take(ctx, tx, v, p, t.get(), sec, push, &r)
		})
		if err != nil {
			return Pushed{}, err
		}
		t.put(r.state)
		if r.outside {
			if err := s.Settle(ctx, p); err != nil {
				return Pushed{}, err
			}
			continue
		}
		if !r.Stale {
			s.soon(p)
		}
		s.told(ctx, p, r.added)
		return r.Pushed, nil
	}
	return Pushed{}, restless()
}

func (push Push) check(v hindcast.Viewer) error {
	if len(push.Changes) == 0 || len(push.Changes) > MaxChanges {
		return hindcast.Errorf(hindcast.Invalid, "send between 1 and %d changes at once", MaxChanges)
	}
	return named(v, push.Client)
}

// named refuses an editor that has the name of another person's: a browser takes
// steps with its name for its own.
func named(v hindcast.Viewer, client string) error {
	if !strings.HasPrefix(client, v.PersonID+":") || len(client) > 100 {
		return hindcast.Errorf(hindcast.Invalid, "the editor has a name that is not yours; open the page again")
	}
	return nil
}

// result is what a transaction of a push found and did.
type result struct {
	Pushed
	state   state
	outside bool   // the document's text was changed by another way; nothing was taken
	added   []Step // to the log
}

// take adds the steps of a push, when it fits.
func (s *Service) take(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, p Place, known state, sec Section, push Push, r *result) error {
	if done, err := s.takeNext(ctx, tx, v, p, known, sec, push, r); done || err != nil {
		return err
	}
	st, err := load(ctx, tx, p, known, sec)
	r.state, r.Version = st, st.version
	if r.outside = err == nil && st.raw != sec.Text; err != nil || r.outside {
		return err
	}
	if push.Version != st.version {
		r.Stale = true
		r.Steps, err = since(ctx, tx, p, push.Version, st.version)
		return err
	}
	if st.version == st.settled {
		if err := fallBehind(ctx, tx, p); err != nil {
			return err
		}
	}
	if r.state, r.added, err = st.with(v, push); err != nil {
		return err
	}
	r.Version = r.state.version
	return add(ctx, tx, p, s.Now(), r.added)
}

// takeNext adds the steps of a push to the log as this server knows it, without
// reading it. It reports false, and adds nothing, when there is more to do: the
// document does not lag behind yet, it was changed by another way, the push is
// stale, or another server wrote.
func (s *Service) takeNext(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, p Place, known state, sec Section, push Push, r *result) (bool, error) {
	if !known.known || known.version == known.settled || known.version != push.Version || known.raw != sec.Text {
		return false, nil
	}
	st, steps, err := known.with(v, push)
	if err != nil {
		return false, err
	}
	now := s.Now()
	if done, err := addNext(ctx, tx, p, now, known.settled, steps[0]); !done || err != nil {
		return false, err
	}
	r.state, r.added, r.Version = st, steps, st.version
	return true, add(ctx, tx, p, now, steps[1:])
}

// with returns the state after a push, and its steps.
func (st state) with(v hindcast.Viewer, push Push) (state, []Step, error) {
	var steps []Step
	var err error
	for _, c := range push.Changes {
		x := Step{Version: st.version + 1, Client: push.Client, Person: v.PersonID, Change: c}
		if st, err = st.then(x); err != nil {
			return st, nil, err
		}
		steps = append(steps, x)
	}
	if 3*len(st.units) > MaxText && len(change.String(st.units)) > MaxText {
		return st, nil, hindcast.Errorf(hindcast.Invalid, "the text is longer than %d KiB; keep what nobody reads through as evidence", MaxText>>10)
	}
	return st, steps, nil
}

// Since returns the steps of a section after a version, at most [MaxRead]. It fails
// with NotFound when they are gone.
func (s *Service) Since(ctx context.Context, p Place, version int64) ([]Step, error) {
	head, err := headOf(ctx, s.DB, p)
	if err != nil {
		return nil, s.DB.Fault(err)
	}
	steps, err := since(ctx, s.DB, p, version, head)
	return steps, s.DB.Fault(err)
}
