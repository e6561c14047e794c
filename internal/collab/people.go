package collab

import (
	"context"
	"fmt"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Person is somebody who has a section open, in one editor.
type Person struct {
	Client       string
	PersonID     string
	Name         string
	Anchor, Head int  // of what they selected, in units; -1 when nobody knows
	Gone         bool // they left
}

// person is a Person as a room knows them.
type person struct {
	Person
	version int64 // that the places are of
	seq     int64 // of the room when they changed
	editors int   // of this name on this server; 0 when they are on another
	fresh   bool  // others have to be told
	written time.Time
	left    time.Time
}

// How people are shared between servers: how often, after which time a silent one
// says that they are there, and after which nobody believes it any more.
const (
	share = time.Second
	beat  = 10 * time.Second
	stale = 30 * time.Second
)

// arrive makes somebody known. r.mu is held.
func (r *room) arrive(p Person) {
	known := r.people[p.Client]
	if known == nil || known.Gone {
		known = &person{Person: p, version: r.version}
		r.people[p.Client] = known
	}
	known.editors++
	r.touch(known)
}

// touch notes that somebody changed. r.mu is held.
func (r *room) touch(p *person) {
	r.seq++
	p.seq, p.fresh = r.seq, true
	r.wake()
}

// leave takes somebody out, unless they came back before. r.mu is held.
func (r *room) leave(client string) bool {
	p := r.people[client]
	if p == nil {
		return false
	}
	if p.editors--; p.editors > 0 {
		return false
	}
	p.Gone, p.left = true, time.Now()
	r.touch(p)
	return true
}

// moved moves the places of people with a step: who wrote it stands behind what
// they wrote. r.mu is held.
func (r *room) moved(x Step) {
	for _, p := range r.people {
		switch {
		case p.version >= x.Version:
		case p.Client == x.Client:
			at := x.Change.End()
			p.Anchor, p.Head, p.version = at, at, x.Version
			r.seq++
			p.seq, p.fresh = r.seq, true
		case p.Anchor >= 0:
			p.Anchor, p.Head, p.version = x.Change.Place(p.Anchor, false), x.Change.Place(p.Head, false), x.Version
		default:
			p.version = x.Version
		}
	}
}

// since returns who changed after a moment, but for one client. r.mu is held.
func (r *room) since(seq int64, but string) []Person {
	var out []Person
	for client, p := range r.people {
		if p.seq > seq && client != but {
			out = append(out, p.Person)
		}
		if p.Gone && time.Since(p.left) > stale {
			delete(r.people, client) // by now everybody knows
		}
	}
	return out
}

// Move says where somebody's cursor is in a version of the text. What comes too
// late is dropped: the next step moves the cursor, or the next Move.
func (s *Service) Move(v hindcast.Viewer, p Place, client string, version int64, anchor, head int) error {
	if err := named(v, client); err != nil {
		return err
	}
	if r := s.room(p); r != nil {
		r.move(client, version, anchor, head)
	}
	return nil
}

func (r *room) move(client string, version int64, anchor, head int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	who := r.people[client]
	missing := int(r.version - version)
	if who == nil || who.Gone || missing < 0 || missing > len(r.steps) || anchor < 0 || head < 0 {
		return
	}
	for _, x := range r.steps[len(r.steps)-missing:] {
		anchor, head = x.Change.Place(anchor, false), x.Change.Place(head, false)
	}
	if version = r.version; who.Anchor == anchor && who.Head == head {
		return
	}
	who.Anchor, who.Head, who.version = anchor, head, version
	r.touch(who)
}

// share tells other servers who is here, and learns who is there.
func (s *Service) share(ctx context.Context, p Place, r *room) error {
	now := s.Now()
	if list := r.fresh(); len(list) > 0 {
		err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
			for _, x := range list {
				if _, err := tx.Exec(ctx, `insert into collab_person (incident, key, client, person, name, version, anchor, head, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
					on conflict (incident, key, client) do update set version = $6, anchor = $7, head = $8, seen_at = $9`,
					p.Num, p.Key, x.Client, x.PersonID, x.Name, x.version, x.Anchor, x.Head, sqldb.Micros(now)); err != nil {
					return fmt.Errorf("tell who writes in section %s of #%d: %w", p.Key, p.Num, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	there, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (x person, err error) {
		return x, scan(&x.Client, &x.PersonID, &x.Name, &x.version, &x.Anchor, &x.Head)
	}, `select client, person, name, version, anchor, head from collab_person where incident = $1 and key = $2 and seen_at > $3`, p.Num, p.Key, sqldb.Micros(now.Add(-stale)))
	if err != nil {
		return fmt.Errorf("look who writes in section %s of #%d: %w", p.Key, p.Num, err)
	}
	r.meet(there)
	return nil
}

// fresh returns the people on this server of whom others have to be told.
func (r *room) fresh() []person {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []person
	for _, p := range r.people {
		if p.editors > 0 && (p.fresh || time.Since(p.written) >= beat) {
			p.fresh, p.written = false, time.Now()
			out = append(out, *p)
		}
	}
	return out
}

// meet takes over who is on other servers.
func (r *room) meet(there []person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	here := map[string]bool{}
	for _, x := range there {
		here[x.Client] = true
		known := r.people[x.Client]
		switch {
		case known != nil && known.editors > 0: // on this one
		case known == nil || known.Gone && time.Since(known.left) > 2*share:
			if x.version != r.version {
				x.Anchor, x.Head, x.version = -1, -1, r.version
			}
			r.people[x.Client] = &x
			r.touch(&x)
		case !known.Gone && x.version == r.version && (known.Anchor != x.Anchor || known.Head != x.Head):
			known.Anchor, known.Head, known.version = x.Anchor, x.Head, x.version
			r.touch(known)
		}
	}
	for client, p := range r.people {
		if p.editors == 0 && !p.Gone && !here[client] {
			p.Gone, p.left = true, time.Now()
			r.touch(p)
		}
	}
}

// absent tells other servers that somebody left.
func (s *Service) absent(ctx context.Context, p Place, client string) {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from collab_person where incident = $1 and key = $2 and client = $3`, p.Num, p.Key, client)
		return err
	})
	if err != nil {
		s.Log.Warn("tell that somebody left", "incident", p.Num, "section", p.Key, "error", err) // they are forgotten after a while
	}
}

// forget removes people whose server went away.
func (s *Service) forget(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `delete from collab_person where seen_at < $1`, sqldb.Micros(s.Now().Add(-2*stale)))
		return err
	})
}
