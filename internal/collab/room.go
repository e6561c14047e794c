package collab

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// remembered is how many steps a room has at hand for followers that lag.
const remembered = 1000

// room is what this server knows of a section that somebody follows.
type room struct {
	mu        sync.Mutex
	version   int64  // of the last step
	steps     []Step // the last ones
	people    map[string]*person
	seq       int64         // counts the changes of people
	changed   chan struct{} // closed at the next change
	followers int

	document int64     // version that was looked at; only for look
	shared   time.Time // when people were last shared; only for look
}

// room returns the room of a place, nil when nobody follows there.
func (s *Service) room(p Place) *room {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rooms[p]
}

// wake tells the followers that something changed. r.mu is held.
func (r *room) wake() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// add takes steps that were committed, in order and once each. It reports whether
// earlier ones are missing, which then are read.
func (r *room) add(steps []Step) (gap bool) {
	if r == nil || len(steps) == 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range steps {
		if x.Version <= r.version {
			continue
		}
		if x.Version > r.version+1 {
			return true
		}
		r.version = x.Version
		r.steps = append(r.steps, x)
		r.moved(x)
	}
	if len(r.steps) > 2*remembered {
		r.steps = slices.Clone(r.steps[len(r.steps)-remembered:])
	}
	r.wake()
	return false
}

// told adds steps to a room, and those between that another server wrote.
func (s *Service) told(ctx context.Context, p Place, steps []Step) {
	r := s.room(p)
	if !r.add(steps) {
		return
	}
	if err := s.catchUp(ctx, p, r); err != nil && ctx.Err() == nil {
		s.Log.Warn("look at what others wrote", "incident", p.Num, "section", p.Key, "error", err) // the next look repeats it
	}
}

// catchUp reads the steps that a room lacks.
func (s *Service) catchUp(ctx context.Context, p Place, r *room) error {
	r.mu.Lock()
	from := r.version
	r.mu.Unlock()
	steps, err := read(ctx, s.DB, p, from, MaxRead)
	if err != nil {
		return err
	}
	if r.add(steps) { // so old that the steps are gone
		r.mu.Lock()
		r.version, r.steps = steps[len(steps)-1].Version, steps
		r.wake()
		r.mu.Unlock()
	}
	return nil
}

// Event is what a follower learns: steps in order, and people who came, moved or
// left.
type Event struct {
	Version int64 // of the text after the steps; the places of people are of this one
	Steps   []Step
	People  []Person
}

// Follower is somebody who has a section open. It belongs to one goroutine.
type Follower struct {
	service *Service
	place   Place
	room    *room
	client  string
	person  string
	version int64
	seq     int64
}

// Follow makes somebody known among those who have a section open, and lets them
// follow what happens after a version. It fails with Unavailable when too many
// follow already. [Follower.Close] ends it.
func (s *Service) Follow(ctx context.Context, v hindcast.Viewer, p Place, client string, version int64) (*Follower, error) {
	if err := named(v, client); err != nil {
		return nil, err
	}
	head, err := headOf(ctx, s.DB, p)
	if err != nil {
		return nil, s.DB.Fault(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= s.Followers || s.followers[v.PersonID] >= s.Mine {
		return nil, hindcast.Errorf(hindcast.Unavailable, "too many editors are open at once; close some")
	}
	s.all++
	s.followers[v.PersonID]++
	r := s.rooms[p]
	if r == nil {
		r = &room{version: head, people: map[string]*person{}, changed: make(chan struct{})}
		s.rooms[p] = r
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followers++
	r.arrive(Person{Client: client, PersonID: v.PersonID, Name: v.Name, Anchor: -1, Head: -1})
	return &Follower{service: s, place: p, room: r, client: client, person: v.PersonID, version: version}, nil
}

// Editors returns how many editors follow on this server now.
func (s *Service) Editors() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}

// Close ends following.
func (f *Follower) Close(ctx context.Context) {
	s := f.service
	s.mu.Lock()
	s.all--
	if s.followers[f.person]--; s.followers[f.person] == 0 {
		delete(s.followers, f.person)
	}
	f.room.mu.Lock()
	last := f.room.leave(f.client)
	if f.room.followers--; f.room.followers == 0 {
		delete(s.rooms, f.place)
	}
	f.room.mu.Unlock()
	s.mu.Unlock()
	if last {
		s.absent(ctx, f.place, f.client)
	}
}

// Next waits for something that the follower does not know, at most for a time
// after which it returns an empty event. It fails with NotFound when the steps are
// gone that the follower lacks, and with Unavailable when the server stops.
func (f *Follower) Next(ctx context.Context, wait time.Duration) (Event, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		e, changed, lacks := f.news()
		if lacks {
			steps, err := f.service.Since(ctx, f.place, f.version)
			if err != nil {
				return Event{}, err
			}
			if len(steps) > 0 {
				f.version = steps[len(steps)-1].Version
			}
			return Event{Version: f.version, Steps: steps}, nil
		}
		if len(e.Steps) > 0 || len(e.People) > 0 {
			return e, nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return e, nil
		case <-f.service.closed:
			return e, hindcast.Errorf(hindcast.Unavailable, "the server stops")
		case <-ctx.Done():
			return e, ctx.Err()
		}
	}
}

// news returns what is new for the follower. lacks says that older steps than the
// room has must be read first.
func (f *Follower) news() (e Event, changed <-chan struct{}, lacks bool) {
	r := f.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.version > r.version { // it learned of its own push before the room did
		return Event{Version: f.version}, r.changed, false
	}
	missing := int(r.version - f.version)
	if missing > len(r.steps) {
		return Event{}, nil, true
	}
	e = Event{Version: r.version, Steps: slices.Clone(r.steps[len(r.steps)-missing:]), People: r.since(f.seq, f.client)}
	f.version, f.seq = r.version, r.seq
	return e, r.changed, false
}

// look looks at what other servers wrote, wherever somebody follows.
func (s *Service) look(ctx context.Context) {
	tick := time.NewTicker(s.Look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		s.mu.Lock()
		rooms := make(map[Place]*room, len(s.rooms))
		for p, r := range s.rooms {
			rooms[p] = r
		}
		s.mu.Unlock()
		for p, r := range rooms {
			if err := s.lookAt(ctx, p, r); err != nil && ctx.Err() == nil {
				s.Log.Warn("look at what others wrote", "incident", p.Num, "section", p.Key, "error", err)
			}
		}
	}
}

func (s *Service) lookAt(ctx context.Context, p Place, r *room) error {
	var head, document int64
	err := s.DB.QueryRow(ctx, `select coalesce((select max(s.version) from collab_step s where s.incident = t.incident and s.key = t.key), t.settled), i.version
		from collab_text t join incident i on i.num = t.incident where t.incident = $1 and t.key = $2`, p.Num, p.Key).Scan(&head, &document)
	if err != nil {
		return err
	}
	r.mu.Lock()
	behind := head > r.version
	r.mu.Unlock()
	if behind {
		if err := s.catchUp(ctx, p, r); err != nil {
			return err
		}
	}
	if document != r.document {
		if err := s.outside(ctx, p); err != nil {
			return err
		}
		r.document = document
	}
	if time.Since(r.shared) >= share {
		r.shared = time.Now()
		return s.share(ctx, p, r)
	}
	return nil
}

// outside brings in what changed the section in the document by another way.
func (s *Service) outside(ctx context.Context, p Place) error {
	differs, _, err := sqldb.Value[bool](ctx, s.DB, `select coalesce(s.text, '') <> b.text from collab_base b
		left join section s on s.incident = b.incident and s.key = b.key where b.incident = $1 and b.key = $2`, p.Num, p.Key)
	if err != nil || !differs {
		return err
	}
	err = s.Settle(ctx, p)
	if code := hindcast.CodeOf(err); code == hindcast.NotFound || code == hindcast.Conflict {
		return nil // nobody writes there any more
	}
	return err
}
