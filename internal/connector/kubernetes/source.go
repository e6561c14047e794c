package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// How many objects are asked for at a time. Those of workloads are larger.
const (
	pageOfEvents     = 500
	pageOfRemembered = 5000 // the watcher reads its files anew for each page
	pageOfWorkloads  = 100
)

// mostRestarts is how often a list begins anew because the cluster forgot where it
// should go on.
const mostRestarts = 3

// The groups of the API in which events are.
const (
	coreEvents   = "/api/v1"
	modernEvents = "/apis/events.k8s.io/v1"
	apps         = "/apis/apps/v1"
)

// stage is one list that is fetched.
type stage struct {
	kind string // "watcher", "events", "replicasets" or "deployments"
	ns   string
}

// stages are all lists that are fetched, in this order.
func (c *Cluster) stages() (out []stage) {
	if c.watcher != nil {
		out = append(out, stage{kind: "watcher"})
	} else {
		for _, ns := range c.namespaces {
			out = append(out, stage{"events", ns})
		}
	}
	if c.api == nil {
		return out
	}
	for _, ns := range c.namespaces {
		out = append(out, stage{"replicasets", ns}, stage{"deployments", ns})
	}
	return out
}

// cursor is where fetching goes on: the list, the page of it, in which group of the
// API it is, how often it began anew, and what the cluster wants to hear.
type cursor struct {
	stage, page, restarts int
	modern                bool
	after                 string
}

func (c cursor) String() string {
	return fmt.Sprintf("%d:%d:%d:%t:%s", c.stage, c.page, c.restarts, c.modern, c.after)
}

// next is the place after a page, whose list goes on with after.
func (c cursor) next(after string, stages int) string {
	c.page, c.after = c.page+1, after
	if after == "" {
		c = cursor{stage: c.stage + 1}
	}
	if c.stage >= stages {
		return ""
	}
	return c.String()
}

// position reads a Next.
func position(after string, stages int) (cursor, error) {
	if after == "" {
		return cursor{}, nil
	}
	bad := hindcast.Errorf(hindcast.Invalid, "fetch from Kubernetes: there is no page %.50q; begin anew", after)
	parts := strings.SplitN(after, ":", 5)
	if len(parts) < 5 {
		return cursor{}, bad
	}
	var n [3]int
	for i := range n {
		v, err := strconv.Atoi(parts[i])
		if err != nil || v < 0 {
			return cursor{}, bad
		}
		n[i] = v
	}
	if n[0] >= stages {
		return cursor{}, bad
	}
	return cursor{n[0], n[1], n[2], parts[3] == "true", parts[4]}, nil
}

// Fetch returns a page of a list, of which what was within the window is kept: events
// that happened then, replica sets that were made, deployments that turned. Rollouts
// that the credential may not read are left out. A window's own query are namespaces,
// in place of those of the settings.
func (c *Cluster) Fetch(ctx context.Context, w connector.Window, after string) (connector.Batch, error) {
	if w.Query != "" {
		names, err := Namespaces(w.Query)
		if err != nil {
			return connector.Batch{}, err
		}
		own := *c
		own.namespaces = names
		c = &own
	}
	stages := c.stages()
	at, err := position(after, len(stages))
	if err != nil {
		return connector.Batch{}, err
	}
	st := stages[at.stage]
	items, more, err := c.read(ctx, w, st, &at)
	if errors.Is(err, ErrExpired) && at.restarts < mostRestarts {
		return connector.Batch{Next: cursor{stage: at.stage, restarts: at.restarts + 1, modern: at.modern}.String()}, nil
	}
	if errors.Is(err, errForbidden) && st.kind != "events" && st.kind != "watcher" {
		return connector.Batch{Next: at.next("", len(stages))}, nil
	}
	if err != nil {
		return connector.Batch{}, denied(err, st.String())
	}
	b := connector.Batch{Next: at.next(more, len(stages))}
	if at.stage == 0 && at.page == 0 {
		if b.Notes, err = c.lacks(ctx, w); err != nil {
			return connector.Batch{}, err
		}
	}
	if len(items) > 0 {
		b.Files = []connector.File{{Name: fileName(st, at), Body: Document(items, ""), Source: "Kubernetes " + c.address(st) + ", " + st.String(), FetchedAt: c.deps.Now()}}
	}
	return b, nil
}

// String names what is fetched, for people.
func (s stage) String() string {
	kind := map[string]string{"watcher": "the watcher's events", "events": "events", "replicasets": "replica sets", "deployments": "deployments"}[s.kind]
	switch {
	case s.kind == "watcher":
		return kind
	case s.ns == "":
		return kind + " of all namespaces"
	}
	return kind + " of " + s.ns
}

func (c *Cluster) address(s stage) string {
	if s.kind == "watcher" {
		return c.watcher.Address
	}
	return c.api.Address
}

// fileName names a page.
func fileName(s stage, at cursor) string {
	parts := []string{s.kind, s.ns, "", fmt.Sprintf("%03d", at.page+1)}
	if s.kind == "watcher" {
		parts[0] = "events"
	}
	if at.restarts > 0 {
		parts[2] = "again" + strconv.Itoa(at.restarts)
	}
	return strings.Join(strings.FieldsFunc(strings.Join(parts, " "), func(r rune) bool { return r == ' ' }), "-") + ".json"
}

// read reads one page and returns what of it is wanted, and what the list goes on with.
func (c *Cluster) read(ctx context.Context, w connector.Window, st stage, at *cursor) (items [][]byte, more string, err error) {
	switch st.kind {
	case "watcher":
		l, err := c.remembered(ctx, w, at.after)
		if err != nil {
			return nil, "", err
		}
		for _, raw := range l.Items {
			item, err := Item(raw, "v1", "Event")
			if err != nil {
				return nil, "", err
			}
			items = append(items, item)
		}
		return items, l.Metadata.Continue, nil
	case "events":
		return c.events(ctx, w, st.ns, at)
	}
	l, err := c.api.List(ctx, path(apps, st.ns, st.kind), pageOfWorkloads, at.after)
	if err != nil {
		return nil, "", err
	}
	for _, raw := range l.Items {
		item, err := rollout(raw, st.kind, w.From, w.To)
		if err != nil {
			return nil, "", err
		}
		if item != nil {
			items = append(items, item)
		}
	}
	return items, l.Metadata.Continue, nil
}

// events reads a page of events from the core group, or from their own where only that
// may be read.
func (c *Cluster) events(ctx context.Context, w connector.Window, ns string, at *cursor) (items [][]byte, more string, err error) {
	var l List
	if !at.modern {
		l, err = c.api.List(ctx, path(coreEvents, ns, "events"), pageOfEvents, at.after)
		at.modern = at.page == 0 && errors.Is(err, errForbidden)
	}
	version := "v1"
	if at.modern {
		version = "events.k8s.io/v1"
		l, err = c.api.List(ctx, path(modernEvents, ns, "events"), pageOfEvents, at.after)
	}
	if err != nil {
		return nil, "", err
	}
	for _, raw := range l.Items {
		item, err := Item(raw, version, "Event")
		if err != nil {
			return nil, "", err
		}
		if ev, err := ReadEvent(raw); err == nil && !ev.within(w.From, w.To) {
			continue // what cannot be read is kept for the parser to say so
		}
		items = append(items, item)
	}
	return items, l.Metadata.Continue, nil
}

// remembered asks the watcher for a page of the events of a window.
func (c *Cluster) remembered(ctx context.Context, w connector.Window, after string) (List, error) {
	q := url.Values{"limit": {strconv.Itoa(pageOfRemembered)}}
	for name, t := range map[string]time.Time{"from": w.From, "to": w.To} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	for _, ns := range c.namespaces {
		if ns != "" {
			q.Add("namespace", ns)
		}
	}
	if after != "" {
		q.Set("continue", after)
	}
	var l List
	if err := c.watcher.get(ctx, "/events?"+q.Encode(), &l); err != nil {
		return l, err
	}
	if l.Kind != "List" {
		return l, hindcast.Errorf(hindcast.Unavailable, "the watcher answers something else than events; look whether its address is right")
	}
	return l, nil
}
