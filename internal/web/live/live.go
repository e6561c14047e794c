// Package live tells pages that what they show has changed, by server-sent
// events: a stream for each page that somebody looks at.
//
//	retry: 3000
//
//	event: version
//	id: 12
//	data: {"version":12,"by":"Engineer A"}
//
//	event: beside
//	data: 7
//
// The second tells of what changes beside what the page shows: it says how far that
// is when a stream begins and whenever it grew.
//
// Each stream asks for its version again and again, so that what another server
// on the same database wrote is seen like what this one wrote. A stream ends
// after a while, to see whether its reader may still read; browsers come back by
// themselves and name the last version that they know.
package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
)

// Config says how streams behave. The zero Config is good for a server.
type Config struct {
	Every  time.Duration // between looks; a second when 0
	Beat   time.Duration // after which a silent stream says that it is there; 15 seconds when 0
	Life   time.Duration // of a stream; 10 minutes when 0
	All    int           // the most streams at once; 1,000 when 0
	Person int           // the most streams of one person; 20 when 0
}

// Hub keeps the streams of a server. It may be used by several goroutines at once.
type Hub struct {
	config Config
	closed chan struct{}
	close  func()

	mu      sync.Mutex
	streams map[string]int // by person
	all     int
}

// New returns a Hub.
func New(c Config) *Hub {
	h := &Hub{config: Config{Every: time.Second, Beat: 15 * time.Second, Life: 10 * time.Minute, All: 1000, Person: 20}, closed: make(chan struct{}), streams: map[string]int{}}
	for _, x := range []struct{ to, from *time.Duration }{{&h.config.Every, &c.Every}, {&h.config.Beat, &c.Beat}, {&h.config.Life, &c.Life}} {
		if *x.from != 0 {
			*x.to = *x.from
		}
	}
	if c.All != 0 {
		h.config.All = c.All
	}
	if c.Person != 0 {
		h.config.Person = c.Person
	}
	h.close = sync.OnceFunc(func() { close(h.closed) })
	return h
}

// Close ends all streams, and those that begin later at once.
func (h *Hub) Close() { h.close() }

// Streams returns how many streams there are now.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.all
}

// enter counts a stream of a person.
func (h *Hub) enter(person string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all >= h.config.All || h.streams[person] >= h.config.Person {
		return hindcast.Errorf(hindcast.Unavailable, "too many pages are followed at once; this one asks from time to time instead")
	}
	h.all++
	h.streams[person]++
	return nil
}

func (h *Hub) leave(person string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all--
	if h.streams[person]--; h.streams[person] == 0 {
		delete(h.streams, person)
	}
}

// Source is what a stream follows, on behalf of one viewer.
type Source struct {
	Person string // who follows
	// Version returns the present version, NotFound when the viewer may not see it
	// any more.
	Version func(ctx context.Context) (int64, error)
	// Tell returns what to say of a new version.
	Tell func(ctx context.Context, version int64) (any, error)
	// Beside returns a number that grows with what changes beside that, 0 while
	// there is nothing; nil for who is not told of it.
	Beside func(ctx context.Context) (int64, error)
}

// Serve answers a request with a stream of what is newer than the version in its
// header Last-Event-ID or else in the value "version" of its address. It fails
// with Unavailable, before anything is sent, when there are too many streams.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, s Source) error {
	if err := h.enter(s.Person); err != nil {
		return err
	}
	defer h.leave(s.Person)
	known, err := s.Version(r.Context())
	if err != nil {
		return err
	}
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("version")} {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			known = n
			break
		}
	}
	set := w.Header()
	set.Set("Content-Type", "text/event-stream")
	set.Set("Cache-Control", "no-store")
	set.Set("X-Accel-Buffering", "no") // nginx passes it on at once
	st := stream{w: w, conn: http.NewResponseController(w)}
	if st.send("retry: 3000\n\n") == nil {
		h.follow(r.Context(), &st, s, known)
	}
	return nil
}

// follow tells new versions until the reader or the right to read has gone, the
// server stops, or the stream has lived long enough.
func (h *Hub) follow(ctx context.Context, st *stream, s Source, known int64) {
	ctx, cancel := context.WithTimeout(ctx, h.config.Life)
	defer cancel()
	look := time.NewTicker(h.config.Every)
	defer look.Stop()
	quiet, beside := time.Now(), int64(0)
	for {
		now, err := s.Version(ctx)
		switch {
		case hindcast.CodeOf(err) == hindcast.NotFound:
			_ = st.send("event: gone\ndata: {}\n\n") // the stream ends in any case
			return
		case err != nil: // the database may be back at the next look
		case now > known:
			if st.tell(ctx, s, now) != nil {
				return
			}
			known, quiet = now, time.Now()
		case time.Since(quiet) >= h.config.Beat:
			if st.send(": still here\n\n") != nil {
				return
			}
			quiet = time.Now()
		}
		if err == nil && s.Beside != nil {
			if beside, err = st.beside(ctx, s, beside); err != nil {
				return
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-h.closed:
			return
		case <-look.C:
		}
	}
}

// stream writes to one reader.
type stream struct {
	w    http.ResponseWriter
	conn *http.ResponseController
}

// patience is how long a reader may take to take an event.
const patience = 10 * time.Second

func (s *stream) send(text string) error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(patience)) // connections of tests have none
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.conn.Flush()
}

func (s *stream) tell(ctx context.Context, from Source, version int64) error {
	what, err := from.Tell(ctx, version)
	if err != nil {
		return err
	}
	data, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return s.send(fmt.Sprintf("event: version\nid: %d\ndata: %s\n\n", version, data))
}

// beside tells of what grew beside the page, and returns how far it is.
func (s *stream) beside(ctx context.Context, from Source, known int64) (int64, error) {
	now, err := from.Beside(ctx)
	if err != nil || now == known { // the database may be back at the next look
		return known, nil
	}
	return now, s.send(fmt.Sprintf("event: beside\ndata: %d\n\n", now))
}
