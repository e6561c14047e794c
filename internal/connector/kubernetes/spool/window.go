package spool

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
)

// mostPage bounds the bytes of a page.
const mostPage = 4 << 20

// Window says which events are wanted.
type Window struct {
	From, To   time.Time // zero for no bound
	Namespaces []string  // none for all
}

// Page is a part of the events of a window, by their times.
type Page struct {
	Items [][]byte
	Next  string // what the next page is asked for after; empty with the last one
}

// pick is where the chosen version of an event is.
type pick struct {
	segment   string
	at        int64
	size      int
	first     time.Time
	id        version
	completed bool // its last time is within the window
}

// Window returns events that happened within a window, at most limit of them, each
// once: in the last version that had happened by then, or the first one that tells of
// it where that came later. after is the Next of the page before.
func (s *Spool) Window(ctx context.Context, w Window, after string, limit int) (Page, error) {
	from, err := readPlace(after)
	if err != nil {
		return Page{}, err
	}
	c := &chosen{after: from, limit: limit, picks: map[version]pick{}}
	if err := s.choose(ctx, w, c); err != nil {
		return Page{}, err
	}
	picks := c.page()
	var p Page
	size := 0
	for i, one := range picks {
		if size > 0 && size+one.size > mostPage {
			p.Next = picks[i-1].place()
			return p, nil
		}
		line, err := s.line(one)
		if errors.Is(err, os.ErrNotExist) {
			continue // it has become too old since
		}
		if err != nil {
			return Page{}, fmt.Errorf("read kept events: %w", err)
		}
		p.Items, size = append(p.Items, line), size+len(line)
	}
	if c.more {
		p.Next = picks[len(picks)-1].place()
	}
	return p, nil
}

// chosen are the events of a page: the first ones after a place. It holds no more than
// twice as many as it is for.
type chosen struct {
	after pick
	limit int
	picks map[version]pick
	last  pick // no event after it is for this page, when more
	more  bool
}

// add takes an event in, or another version of it.
func (c *chosen) add(p pick) {
	had, ok := c.picks[p.id]
	if ok {
		p.first = had.first // so that no page loses it
	}
	if ok && !p.completed || p.compare(c.after) <= 0 || c.more && p.compare(c.last) > 0 {
		return
	}
	c.picks[p.id] = p
	if len(c.picks) > 2*c.limit {
		c.page()
	}
}

// page returns what there is in order of time, and forgets what is too much.
func (c *chosen) page() []pick {
	list := slices.SortedFunc(maps.Values(c.picks), pick.compare)
	if len(list) <= c.limit {
		return list
	}
	for _, p := range list[c.limit:] {
		delete(c.picks, p.id)
	}
	list = list[:c.limit]
	c.more, c.last = true, list[c.limit-1]
	return list
}

func (p pick) compare(q pick) int {
	return cmp.Or(p.first.Compare(q.first), bytes.Compare(p.id[:], q.id[:]))
}

// place is what stands for a pick between two pages.
func (p pick) place() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.first.UnixMicro(), 10) + "." + hex.EncodeToString(p.id[:])))
}

func readPlace(text string) (pick, error) {
	if text == "" {
		return pick{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	micros, id, ok := strings.Cut(string(raw), ".")
	n, nerr := strconv.ParseInt(micros, 10, 64)
	sum, serr := hex.DecodeString(id)
	if err != nil || !ok || nerr != nil || serr != nil || len(sum) != len(version{}) {
		return pick{}, hindcast.Errorf(hindcast.Invalid, "continue: there is no such page; begin anew")
	}
	return pick{first: time.UnixMicro(n), id: version(sum)}, nil
}

// choose goes through the events of a window.
func (s *Spool) choose(ctx context.Context, w Window, c *chosen) error {
	s.mu.Lock()
	list := slices.Clone(s.segments)
	s.mu.Unlock()
	for _, g := range list {
		if g.size == 0 || !w.meets(g.first, g.last) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.each(g, func(at int64, line []byte) error {
			ev, err := kubernetes.ReadEvent(line)
			if err == nil && w.meets(ev.First, ev.Last) && (len(w.Namespaces) == 0 || slices.Contains(w.Namespaces, ev.Namespace)) {
				id := versionOf(kubernetes.Event{UID: ev.UID})
				c.add(pick{g.name(), at, len(line), ev.First.Truncate(time.Microsecond), id, w.To.IsZero() || !ev.Last.After(w.To)})
			}
			return nil
		})
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("read kept events: %w", err)
		}
	}
	return nil
}

// meets reports whether a span of time and the window have a moment in common.
func (w Window) meets(first, last time.Time) bool {
	return (w.To.IsZero() || !first.After(w.To)) && !last.Before(w.From)
}

// each reads the lines of a segment that were whole when it was looked at, also when it
// was finished since.
func (s *Spool) each(g segment, f func(at int64, line []byte) error) error {
	name := filepath.Join(s.events(), s.current(g.name()))
	return eachLine(name, g.size, f)
}

// current returns the name that a segment has now.
func (s *Spool) current(name string) string {
	m := named.FindStringSubmatch(name)
	if m == nil || m[2] != "" {
		return name
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.segments {
		if fmt.Sprintf("%08d", g.number) == m[1] {
			return g.name()
		}
	}
	return name
}

// line reads one event.
func (s *Spool) line(p pick) ([]byte, error) {
	f, err := os.Open(filepath.Join(s.events(), s.current(p.segment)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened for reading only
	out := make([]byte, p.size)
	_, err = io.ReadFull(io.NewSectionReader(f, p.at, int64(p.size)), out)
	return out, err
}
