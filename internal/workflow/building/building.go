// Package building runs the building of timelines in the background, a few at a
// time, and tells how far they are.
package building

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// Rebuilt says what a rebuilt timeline did to a document.
type Rebuilt struct {
	Entries  int                `json:"entries"` // that a reader needs
	Kept     []part.Kept        `json:"kept"`    // where a person's word stands against the evidence
	Problems []hindcast.Problem `json:"problems"`
	Revision int64              `json:"revision"` // 0 when nothing changed
}

// State says how far a build is.
type State string

// The states of a build.
const (
	Reading State = "reading"
	Done    State = "done"
	Failed  State = "failed"
)

// Build is the building of a timeline in the background.
type Build struct {
	ID         string
	IncidentID string
	Num        int64
	owner      string
	read       atomic.Int64
	total      atomic.Int64
	done       chan struct{} // closed at the end
	result     Rebuilt       // after done
	err        error         // after done
}

// Progress is a moment of a build.
type Progress struct {
	ID         string   `json:"id"`
	IncidentID string   `json:"incident_id"`
	Num        int64    `json:"number"`
	State      State    `json:"state"`
	Read       int64    `json:"read"`  // bytes
	Total      int64    `json:"total"` // bytes
	Result     *Rebuilt `json:"result,omitempty"`
	Error      string   `json:"error,omitempty"`
}

// Site is where timelines are built. It may be used by several goroutines at once.
type Site struct {
	log *slog.Logger

	mu     sync.Mutex
	builds map[string]*Build // by id
	places chan struct{}     // holds one element for each build that runs
	jobs   sync.WaitGroup
}

// New returns a Site that logs builds that fail.
func New(log *slog.Logger) *Site {
	return &Site{log: log, builds: map[string]*Build{}, places: make(chan struct{}, atOnce)}
}

// atOnce is how many timelines are built at the same time; each needs its memory.
// The others wait.
const atOnce = 2

// Start runs build in the background for the owner, who may ask how far it is. A
// build of theirs that is running for the incident is returned instead of a second
// one.
func (s *Site) Start(owner, incident string, num int64, build func(progress func(read, total int64)) (Rebuilt, error)) *Build {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.builds {
		if b.IncidentID == incident && b.owner == owner && !b.ended() {
			return b
		}
	}
	s.forget()
	b := &Build{ID: rand.Text(), IncidentID: incident, Num: num, owner: owner, done: make(chan struct{})}
	s.builds[b.ID] = b
	s.jobs.Go(func() {
		defer close(b.done)
		s.places <- struct{}{}
		defer func() { <-s.places }()
		b.result, b.err = safely(build, func(read, total int64) {
			b.read.Store(read)
			b.total.Store(total)
		})
		if b.err != nil {
			s.log.Error("building a timeline failed", "incident", incident, "error", b.err)
		}
	})
	return b
}

// safely builds a timeline. A panic, which odd evidence may bring about, fails the
// build and not the server.
func safely(build func(progress func(read, total int64)) (Rebuilt, error), progress func(read, total int64)) (out Rebuilt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return build(progress)
}

// remembered is how many builds that have ended can still be asked for.
const remembered = 100

// forget drops builds that have ended when there are many.
func (s *Site) forget() {
	for id, b := range s.builds {
		if len(s.builds) < remembered {
			return
		}
		if b.ended() {
			delete(s.builds, id)
		}
	}
}

func (b *Build) ended() bool {
	select {
	case <-b.done:
		return true
	default:
		return false
	}
}

// Done is closed when the build has ended.
func (b *Build) Done() <-chan struct{} { return b.done }

// Progress returns how far the build is.
func (b *Build) Progress() Progress {
	p := Progress{ID: b.ID, IncidentID: b.IncidentID, Num: b.Num, State: Reading, Read: b.read.Load(), Total: b.total.Load()}
	if !b.ended() {
		return p
	}
	p.State, p.Result = Done, &b.result
	if b.err != nil {
		p.State, p.Result, p.Error = Failed, nil, message(b.err)
	}
	return p
}

// message returns what people may see of an error.
func message(err error) string {
	if hindcast.CodeOf(err) == hindcast.Internal {
		return "something went wrong here; the log of the server says more"
	}
	return err.Error()
}

// Get returns a build that its owner started.
func (s *Site) Get(owner, id string) (*Build, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.builds[id]
	if b == nil || b.owner != owner {
		return nil, hindcast.Errorf(hindcast.NotFound, "there is no such build here; open the incident to see its timeline")
	}
	return b, nil
}

// Wait returns when no build is running any more.
func (s *Site) Wait() { s.jobs.Wait() }

// MarkVanished says in entries that a person edited and that the evidence no
// longer gives why they are still there.
func MarkVanished(p *hindcast.Postmortem, kept []part.Kept) {
	for _, k := range kept {
		for i, e := range p.Timeline {
			if k.Vanished && k.Path == "timeline/"+e.ID {
				p.Timeline[i].Why = "a person edited this entry; the evidence as it is now no longer gives it"
			}
		}
	}
}
