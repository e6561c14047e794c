// Package spool keeps events of a cluster in files, for longer than the cluster does.
//
// Below its folder are
//
//	events/events-00000042_20260315T115958Z_20260315T130112Z.ndjson
//	events/events-00000043.ndjson
//	position.json
//	covered.json
//	lock
//
// A segment has one event a line, as kubectl prints it, and only grows; the last one is
// being written, and the names of the others say from when to when their events are.
// The folder events is evidence as it is. What [Spool.Append] has returned for is on
// the disk. A last line that a crash cut off was promised to nobody, and is dropped.
// The position is where to go on asking the cluster, which may lie before what is kept,
// never after: what comes again is known by its uid and version. What is covered says
// from when to when everything was heard that the cluster told.
package spool

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
)

// Config says what is kept. Dir and Now must be set.
type Config struct {
	Dir      string
	Keep     time.Duration // after an event was written; 14 days when 0
	MaxBytes int64         // of all segments, about; 512 MiB when 0
	Now      func() time.Time
}

const (
	defaultKeep  = 14 * 24 * time.Hour
	defaultBytes = 512 << 20
	largest      = 8 << 20   // segment
	longest      = time.Hour // that a segment is written
	remembered   = 100_000   // versions of events that are known when they come again
)

// Spool is a folder with events. It may be used by several goroutines at once, and by
// one program only.
type Spool struct {
	Config
	lock *os.File

	mu       sync.Mutex
	segments []segment // by number; the last one is being written
	file     *os.File  // of the last one
	opened   time.Time
	known    *memory
	position map[string]string
	covered  map[string][]kubernetes.Span
	added    int
	closed   bool
}

// Open returns the spool in a folder, which is made when it is not there.
func Open(c Config) (*Spool, error) {
	if c.Keep == 0 {
		c.Keep = defaultKeep
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = defaultBytes
	}
	s := &Spool{Config: c, known: newMemory(remembered)}
	if err := os.MkdirAll(s.events(), 0o700); err != nil {
		return nil, unusable(c.Dir, err)
	}
	var err error
	if s.lock, err = lock(filepath.Join(c.Dir, "lock")); err != nil {
		return nil, err
	}
	if err := s.load(); err != nil {
		return nil, errors.Join(unusable(c.Dir, err), s.lock.Close())
	}
	return s, nil
}

func unusable(dir string, err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return hindcast.Errorf(hindcast.Unavailable, "the folder %s cannot be used: %v; name one that the user who runs this may write", dir, err)
}

// events is the folder with the segments.
func (s *Spool) events() string { return filepath.Join(s.Dir, "events") }

// load reads what is there.
func (s *Spool) load() error {
	list, err := segments(s.events())
	if err != nil {
		return err
	}
	for _, g := range list {
		if g.open {
			if err := s.mend(&g); err != nil {
				return err
			}
		}
		if g.size > 0 {
			s.segments = append(s.segments, g)
		}
	}
	if err := s.remember(); err != nil {
		return err
	}
	s.position, s.covered = map[string]string{}, map[string][]kubernetes.Span{}
	read(s.Dir, positionFile, &s.position)
	read(s.Dir, coveredFile, &s.covered)
	return s.ready()
}

// mend drops the line of a segment that was being written which a crash cut off, and
// finishes it. One without a line is removed.
func (s *Spool) mend(g *segment) error {
	name := filepath.Join(s.events(), g.name())
	var whole int64
	err := eachLine(name, -1, func(at int64, line []byte) error {
		if ev, err := kubernetes.ReadEvent(line); err == nil {
			g.span(ev)
		}
		whole = at + int64(len(line)) + 1
		return nil
	})
	if err != nil {
		return err
	}
	if err := os.Truncate(name, whole); err != nil {
		return err
	}
	g.size = whole
	if whole == 0 {
		return os.Remove(name)
	}
	return s.finish(g)
}

// remember reads which versions of events the newest segments have.
func (s *Spool) remember() error {
	var back [][]version
	for i, n := len(s.segments)-1, 0; i >= 0 && n < remembered; i-- {
		var list []version
		err := eachLine(filepath.Join(s.events(), s.segments[i].name()), s.segments[i].size, func(_ int64, line []byte) error {
			if ev, err := kubernetes.ReadEvent(line); err == nil {
				list = append(list, versionOf(ev))
			}
			return nil
		})
		if err != nil {
			return err
		}
		back, n = append(back, list), n+len(list)
	}
	for i := len(back) - 1; i >= 0; i-- {
		for _, v := range back[i] {
			s.known.add(v)
		}
	}
	return nil
}

// Append keeps events, each as JSON on one line, unless it has them, and returns how
// many were new. When it returns without an error they are on the disk; with one, none
// of them is kept.
func (s *Spool) Append(lines [][]byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return 0, fmt.Errorf("keep %d events in %s: %w", len(lines), s.Dir, err)
	}
	g := &s.segments[len(s.segments)-1]
	after := *g
	var fresh []version
	var text []byte
	for _, l := range lines {
		ev, err := kubernetes.ReadEvent(l)
		v := versionOf(ev)
		if err != nil || s.known.has(v) {
			continue // what has no identity is no event of a cluster
		}
		s.known.add(v)
		fresh = append(fresh, v)
		text = append(append(text, l...), '\n')
		after.span(ev)
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	if err := s.write(text, g.size); err != nil {
		s.known.drop(fresh)
		return 0, fmt.Errorf("keep %d events in %s: %w", len(fresh), s.Dir, err)
	}
	after.size += int64(len(text))
	*g = after
	s.added += len(fresh)
	return len(fresh), nil
}

// write puts text at the end of the segment that is being written. When that fails the
// segment ends before it, and what comes next goes into a new one.
func (s *Spool) write(text []byte, size int64) error {
	_, err := s.file.Write(text)
	if err == nil {
		err = s.file.Sync()
	}
	if err == nil {
		return nil
	}
	err = errors.Join(err, s.file.Truncate(size), s.file.Close())
	s.file = nil
	return err
}

// ready has a segment be written that is neither large nor old. After an error it can
// be called again.
func (s *Spool) ready() error {
	if s.closed {
		return errors.New("it is closed")
	}
	if s.file != nil {
		g := s.segments[len(s.segments)-1]
		if g.size == 0 || g.size < min(largest, max(s.MaxBytes/8, 1)) && s.Now().Sub(s.opened) < longest {
			return nil
		}
		err := s.file.Close()
		if s.file = nil; err != nil {
			return err
		}
	}
	if err := s.end(); err != nil {
		return err
	}
	if err := s.prune(); err != nil {
		return err
	}
	return s.begin()
}

// end finishes the segment that was being written, if there is one. One without a line
// is removed.
func (s *Spool) end() error {
	n := len(s.segments) - 1
	if n < 0 || !s.segments[n].open {
		return nil
	}
	if s.segments[n].size > 0 {
		return s.finish(&s.segments[n])
	}
	err := os.Remove(filepath.Join(s.events(), s.segments[n].name()))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	s.segments = s.segments[:n]
	return nil
}

// finish closes a segment: its name says from when to when its events are.
func (s *Spool) finish(g *segment) error {
	before := g.name()
	closed := *g
	closed.open, closed.written = false, s.Now()
	if err := os.Rename(filepath.Join(s.events(), before), filepath.Join(s.events(), closed.name())); err != nil {
		return err
	}
	*g = closed
	return syncDir(s.events())
}

// begin begins a segment.
func (s *Spool) begin() error {
	g := segment{number: 1, open: true, written: s.Now()}
	if n := len(s.segments); n > 0 {
		g.number = s.segments[n-1].number + 1
	}
	f, err := os.OpenFile(filepath.Join(s.events(), g.name()), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	s.file, s.opened = f, s.Now()
	s.segments = append(s.segments, g)
	return syncDir(s.events())
}

// prune removes segments that are older than what is kept, or too much.
func (s *Spool) prune() error {
	var total int64
	for _, g := range s.segments {
		total += g.size
	}
	for len(s.segments) > 0 && !s.segments[0].open {
		g := s.segments[0]
		if s.Now().Sub(g.written) < s.Keep && total <= s.MaxBytes {
			return nil
		}
		if err := os.Remove(filepath.Join(s.events(), g.name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		s.segments, total = s.segments[1:], total-g.size
		s.uncover(g.last)
	}
	return nil
}

// Position returns where to go on asking under a name; empty when that is not known.
func (s *Spool) Position(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position[name]
}

// SetPosition keeps where to go on. What comes before must have been appended.
func (s *Spool) SetPosition(name, at string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.position[name] == at {
		return nil
	}
	s.position[name] = at
	return errors.Join(write(s.Dir, positionFile, s.position), s.prune())
}

// Status says what is kept.
func (s *Spool) Status() kubernetes.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := kubernetes.Status{Events: s.added}
	for _, g := range s.segments {
		st.Bytes += g.size
		if !g.first.IsZero() && (st.Since.IsZero() || g.first.Before(st.Since)) {
			st.Since = g.first
		}
		if g.last.After(st.Last) {
			st.Last = g.last
		}
	}
	return st
}

// Close ends writing.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var err error
	if s.file != nil {
		err = s.file.Close()
	}
	return errors.Join(err, s.lock.Close())
}

// version is which version of which event a line is.
type version [16]byte

func versionOf(ev kubernetes.Event) version {
	sum := sha256.Sum256([]byte(ev.UID + "/" + ev.Version))
	return version(sum[:16])
}

// memory holds the last versions that were added to it.
type memory struct {
	have map[version]struct{}
	ring []version
	next int
}

func newMemory(most int) *memory {
	return &memory{have: map[version]struct{}{}, ring: make([]version, 0, most)}
}

func (m *memory) has(v version) bool {
	_, ok := m.have[v]
	return ok
}

func (m *memory) add(v version) {
	if m.has(v) {
		return
	}
	m.have[v] = struct{}{}
	if len(m.ring) < cap(m.ring) {
		m.ring = append(m.ring, v)
		return
	}
	delete(m.have, m.ring[m.next])
	m.ring[m.next] = v
	m.next = (m.next + 1) % len(m.ring)
}

// drop forgets versions that were not kept after all. Their places stay.
func (m *memory) drop(list []version) {
	for _, v := range list {
		delete(m.have, v)
	}
}
