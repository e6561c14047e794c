package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Status is what a watcher says of itself.
type Status struct {
	Since     time.Time   `json:"since,omitzero"` // of the oldest event that it keeps
	Last      time.Time   `json:"last,omitzero"`  // of the newest one
	Events    int         `json:"events"`         // that it has kept since it began to run
	Bytes     int64       `json:"bytes"`          // that it keeps
	Following []Following `json:"following"`
}

// Following is how a watcher follows one namespace, or all.
type Following struct {
	Namespace string    `json:"namespace,omitempty"` // empty for all
	Heard     time.Time `json:"heard,omitzero"`      // from the cluster, for the last time
	Fault     string    `json:"fault,omitempty"`     // why it hears nothing at the moment
	// Covered are the spans of which every event was heard that the cluster told, the
	// first one first; nil of a watcher that does not know.
	Covered []Span `json:"covered,omitempty"`
}

// Probe asks for one object of every list, and for how the watcher is, and says what
// may be seen.
func (c *Cluster) Probe(ctx context.Context) (string, error) {
	var say []string
	if c.watcher != nil {
		text, err := c.probeWatcher(ctx)
		if err != nil {
			return "", err
		}
		say = append(say, text)
	}
	if c.api == nil {
		return strings.Join(say, " "), nil
	}
	for _, ns := range c.namespaces {
		text, err := c.probeEvents(ctx, ns)
		if err != nil {
			return "", err
		}
		rollouts, err := c.probeRollouts(ctx, ns)
		if err != nil {
			return "", err
		}
		say = append(say, text, rollouts)
	}
	return strings.Join(say, " "), nil
}

func (c *Cluster) probeWatcher(ctx context.Context) (string, error) {
	var s Status
	if err := c.watcher.get(ctx, "/status", &s); err != nil {
		return "", fmt.Errorf("ask the watcher of Kubernetes: %w", err)
	}
	text := "The watcher answers, and has no event yet."
	if !s.Since.IsZero() {
		text = fmt.Sprintf("The watcher keeps events since %s, the last of %s.", s.Since.UTC().Format("2006-01-02 15:04 MST"), s.Last.UTC().Format("2006-01-02 15:04 MST"))
	}
	for _, f := range s.Following {
		if n := len(f.Covered); n > 0 {
			text += " It has heard all of " + of(f.Namespace) + " since " + clock(f.Covered[n-1].From) + "."
		}
		if f.Fault != "" {
			text += " At the moment it hears nothing of " + of(f.Namespace) + ": " + f.Fault + "."
		}
	}
	return text, nil
}

func of(ns string) string {
	if ns == "" {
		return "all namespaces"
	}
	return ns
}

// probeEvents says how many events a namespace has, about.
func (c *Cluster) probeEvents(ctx context.Context, ns string) (string, error) {
	l, err := c.api.List(ctx, path(coreEvents, ns, "events"), 1, "")
	if errors.Is(err, errForbidden) {
		l, err = c.api.List(ctx, path(modernEvents, ns, "events"), 1, "")
	}
	switch {
	case errors.Is(err, errForbidden) && c.watcher != nil:
		return "Events of " + of(ns) + " may be read from the watcher alone.", nil
	case err != nil:
		return "", denied(err, "events of "+of(ns))
	}
	n := int64(len(l.Items)) + l.Metadata.RemainingItemCount
	if n == 0 {
		return "Events of " + of(ns) + " may be read; there are none at the moment.", nil
	}
	return fmt.Sprintf("Events of %s may be read; there are about %d.", of(ns), n), nil
}

// probeRollouts says whether rollouts may be read.
func (c *Cluster) probeRollouts(ctx context.Context, ns string) (string, error) {
	for _, kind := range []string{"replicasets", "deployments"} {
		_, err := c.api.List(ctx, path(apps, ns, kind), 1, "")
		if errors.Is(err, errForbidden) {
			return "Rollouts may not: that needs list on replicasets and deployments of the group apps.", nil
		}
		if err != nil {
			return "", denied(err, kind+" of "+of(ns))
		}
	}
	return "Rollouts may be read too.", nil
}
