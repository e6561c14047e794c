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
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
)

// mostPage bounds the bytes of a page; who asks takes twice as much.
const mostPage = 8 << 20

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
	picks, err := s.picks(ctx, w)
	if err != nil {
		return Page{}, err
	}
	i, found := slices.BinarySearchFunc(picks, from, pick.compare)
	if found && after != "" {
		i++
	}
	var p Page
	size := 0
	for ; i < len(picks); i++ {
		if len(p.Items) == limit || size > 0 && size+picks[i].size > mostPage {
			p.Next = picks[i-1].place()
			return p, nil
		}
		line, err := s.line(picks[i])
		if errors.Is(err, os.ErrNotExist) {
			continue // it has become too old since
		}
		if err != nil {
			return Page{}, fmt.Errorf("read kept events: %w", err)
		}
		p.Items, size = append(p.Items, line), size+len(line)
	}
	return p, nil
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

// picks returns the events of a window in order of time.
func (s *Spool) picks(ctx context.Context, w Window) ([]pick, error) {
	s.mu.Lock()
	list := slices.Clone(s.segments)
	s.mu.Unlock()
	chosen := map[version]pick{}
	for _, g := range list {
		if g.size == 0 || !w.meets(g.first, g.last) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := s.each(g, func(at int64, line []byte) error {
			ev, err := kubernetes.ReadEvent(line)
			if err != nil || !w.meets(ev.First, ev.Last) || len(w.Namespaces) > 0 && !slices.Contains(w.Namespaces, ev.Namespace) {
				return nil
			}
			id := versionOf(kubernetes.Event{UID: ev.UID})
			completed := w.To.IsZero() || !ev.Last.After(w.To)
			if had, ok := chosen[id]; completed || !ok {
				first := ev.First.Truncate(time.Microsecond)
				if ok {
					first = had.first // so that pages do not lose it
				}
				chosen[id] = pick{g.name(), at, len(line), first, id, completed}
			}
			return nil
		})
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("read kept events: %w", err)
		}
	}
	out := make([]pick, 0, len(chosen))
	for _, p := range chosen {
		out = append(out, p)
	}
	slices.SortFunc(out, pick.compare)
	return out, nil
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
