// Package watch follows the events of a cluster, keeps them in a spool, and hands out
// those of a span of time. It is what hindcast watch kubernetes runs.
//
// What it keeps is complete as long as the cluster is reached once in the hour for
// which that keeps events: it goes on watching from the version up to which everything
// is kept, and lists everything anew when the cluster no longer knows that version.
// What comes twice that way is kept once.
package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector/kubernetes"
	"github.com/hindcast/hindcast/internal/connector/kubernetes/spool"
)

// Config says what a [Watcher] works with. Server and Spool must be set.
type Config struct {
	Server     *kubernetes.Server
	Namespaces []string // one empty name, or none, for all
	Spool      *spool.Spool
	Now        func() time.Time // time.Now when nil
	Log        *slog.Logger
	// Wait waits between two attempts; nil for a timer.
	Wait func(ctx context.Context, d time.Duration) error
}

const (
	watched      = 4 * time.Minute  // that one watch lasts
	grace        = 30 * time.Second // after which one that does not end is ended
	shortestWait = time.Second
	longestWait  = 30 * time.Second
	pageSize     = 500
	mostBatch    = 256              // events that are written at once
	mostStep     = 4 << 20          // bytes of a step; a cluster takes no object as large
	often        = 10 * time.Second // how often the position is kept, at most
)

// Watcher follows a cluster. It may be used by several goroutines at once.
type Watcher struct {
	Config

	mu        sync.Mutex
	following map[string]kubernetes.Following
}

// New returns a Watcher.
func New(c Config) *Watcher {
	if len(c.Namespaces) == 0 {
		c.Namespaces = []string{""}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Wait == nil {
		c.Wait = wait
	}
	return &Watcher{Config: c, following: map[string]kubernetes.Following{}}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run follows the cluster until ctx ends. Nothing that goes wrong ends it: the cluster
// may be gone for a while, and tokens and folders can be mended while it runs.
func (w *Watcher) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, ns := range w.Namespaces {
		all.Go(func() { w.follow(ctx, ns) })
	}
	all.Wait()
}

// follow follows one namespace.
func (w *Watcher) follow(ctx context.Context, ns string) {
	for failures := 0; ctx.Err() == nil; {
		f := &turn{w: w, ns: ns}
		err := f.run(ctx)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, kubernetes.ErrExpired) {
			err = errors.Join(w.Spool.SetPosition(ns, ""), err)
		}
		w.note(ns, err)
		expired := errors.Is(err, kubernetes.ErrExpired)
		if f.progress && !expired {
			failures = 0
		}
		if err == nil && f.progress || expired && !f.listed {
			continue
		}
		pause := min(shortestWait<<min(failures, 10), longestWait)
		failures++
		if w.Wait(ctx, pause/2+rand.N(pause/2)) != nil {
			return
		}
	}
}

// note keeps how following a namespace goes, and logs when that changes.
func (w *Watcher) note(ns string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.following[ns]
	before := f.Fault
	f.Namespace, f.Fault = ns, ""
	if err != nil && !errors.Is(err, kubernetes.ErrExpired) {
		f.Fault = err.Error()
	} else {
		f.Heard = w.Now().UTC()
	}
	w.following[ns] = f
	switch {
	case f.Fault != "" && f.Fault != before:
		w.Log.Warn("nothing is heard of the cluster; it is tried again", "namespace", ns, "error", err)
	case f.Fault == "" && before != "":
		w.Log.Info("the cluster is heard again", "namespace", ns)
	case errors.Is(err, kubernetes.ErrExpired):
		w.Log.Info("the cluster no longer knows where to go on; everything is listed anew", "namespace", ns)
	}
}

// Status says what is kept and how following goes.
func (w *Watcher) Status() kubernetes.Status {
	s := w.Spool.Status()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ns := range w.Namespaces {
		f := w.following[ns]
		f.Namespace, f.Covered = ns, w.Spool.Covered(ns)
		s.Following = append(s.Following, f)
	}
	return s
}

// turn is a list, where one is needed, and a watch after it.
type turn struct {
	w        *Watcher
	ns       string
	progress bool // something was heard
	listed   bool // everything was asked for

	batch   [][]byte
	version string // up to which everything is in the batch or kept
	kept    time.Time
	heardAt time.Time // up to when everything was heard; zero before anything was
}

func (t *turn) run(ctx context.Context) error {
	t.version = t.w.Spool.Position(t.ns)
	if t.version == "" {
		if err := t.list(ctx); err != nil {
			return err
		}
	}
	return t.watch(ctx)
}

// list keeps everything that there is.
func (t *turn) list(ctx context.Context) error {
	t.listed = true
	began, version := t.w.Now().UTC(), ""
	for after, first := "", true; first || after != ""; first = false {
		l, err := t.w.Server.List(ctx, kubernetes.EventsPath(t.ns), pageSize, after)
		if err != nil {
			return fmt.Errorf("list events: %w", err)
		}
		if first {
			version = l.Metadata.ResourceVersion
		}
		for _, raw := range l.Items {
			if err := t.add(raw); err != nil {
				return err
			}
		}
		if err := t.flush(); err != nil {
			return err
		}
		after = l.Metadata.Continue
	}
	t.heard()
	t.version = version
	if err := t.w.Spool.Cover(t.ns, began.Add(-kubernetes.Forgets), began); err != nil {
		return err
	}
	return t.keep(true)
}

// heard notes that the cluster told something.
func (t *turn) heard() {
	t.progress, t.heardAt = true, t.w.Now().UTC()
	t.w.note(t.ns, nil)
}

// watch keeps what happens until the watch ends.
func (t *turn) watch(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, watched+grace)
	defer stop()
	body, err := t.w.Server.Watch(ctx, kubernetes.EventsPath(t.ns), t.version, int(watched/time.Second))
	if err != nil {
		return fmt.Errorf("watch events: %w", err)
	}
	defer func() { _ = body.Close() }() // what was read is kept
	began := t.w.Now()
	err = t.steps(body)
	if t.w.Now().Sub(began) >= often {
		t.progress = true // nothing happened, which is news too
	}
	if err == nil {
		t.heardAt = t.w.Now().UTC()
	}
	if kept := t.keep(true); kept != nil {
		return kept
	}
	return err
}

// steps reads what a watch tells. Steps that came together are written together.
func (t *turn) steps(body io.Reader) error {
	bounded := &bounded{r: body}
	dec := json.NewDecoder(bounded)
	for {
		bounded.left = mostStep
		var s kubernetes.Step
		err := dec.Decode(&s)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return hindcast.Errorf(hindcast.Unavailable, "the watch ended in the middle of a step")
		}
		if err := t.step(s); err != nil {
			return err
		}
		if waiting(dec) && len(t.batch) < mostBatch {
			continue
		}
		if err := t.keep(s.Type == "BOOKMARK"); err != nil {
			return err
		}
	}
}

// waiting reports whether more has arrived than was read.
func waiting(dec *json.Decoder) bool {
	rest, err := io.ReadAll(io.LimitReader(dec.Buffered(), 64))
	return err == nil && len(bytes.TrimSpace(rest)) > 0
}

// step takes one step in.
func (t *turn) step(s kubernetes.Step) error {
	var o struct {
		Metadata struct {
			ResourceVersion string `json:"resourceVersion"`
		} `json:"metadata"`
		Code   int    `json:"code"`
		Reason string `json:"reason"`
	}
	if err := json.Unmarshal(s.Object, &o); err != nil {
		return hindcast.Errorf(hindcast.Unavailable, "the watch tells something else than events; look whether the address is that of an API server")
	}
	switch s.Type {
	case "ERROR":
		if o.Code == http.StatusGone {
			return kubernetes.ErrExpired
		}
		return hindcast.Errorf(hindcast.Unavailable, "the watch ended with an error of the cluster: %d %.40q", o.Code, o.Reason)
	case "ADDED", "MODIFIED":
		if err := t.add(s.Object); err != nil {
			return err
		}
	}
	t.heard()
	if o.Metadata.ResourceVersion != "" {
		t.version = o.Metadata.ResourceVersion
	}
	return nil
}

// add puts an event into the batch.
func (t *turn) add(raw []byte) error {
	item, err := kubernetes.Item(raw, "v1", "Event")
	if err == nil {
		t.batch = append(t.batch, item)
	}
	return err
}

// flush keeps the batch. When it cannot be kept, one goes on from where the last one
// was.
func (t *turn) flush() error {
	if len(t.batch) == 0 {
		return nil
	}
	_, err := t.w.Spool.Append(t.batch)
	if t.batch = nil; err != nil {
		t.version = t.w.Spool.Position(t.ns)
	}
	return err
}

// keep keeps the batch, and then the position: at once, or when it was not for a while.
func (t *turn) keep(at bool) error {
	if err := t.flush(); err != nil {
		return err
	}
	if !at && t.w.Now().Sub(t.kept) < often {
		return nil
	}
	t.kept = t.w.Now()
	if err := t.w.Spool.SetPosition(t.ns, t.version); err != nil || t.heardAt.IsZero() {
		return err
	}
	return t.w.Spool.GoOn(t.ns, t.heardAt)
}

// bounded bounds what is read of one step.
type bounded struct {
	r    io.Reader
	left int
}

// Read reads no more than is left.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("a step is too large")
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
