package timeline

import (
	"slices"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// marked returns what people marked a message as, for the post-mortem: "decision",
// "entry" by an emoji or a pin, or nothing.
func marked(f *fact.Fact) string {
	out := ""
	for _, e := range f.Events {
		switch {
		case e.Kind != hindcast.Message:
		case e.Attrs["mark"] == "decision":
			return "decision"
		case e.Attrs["mark"] == "entry" || e.Attrs["pinned"] == "true":
			out = "entry"
		}
	}
	return out
}

// marks keeps what people marked while the incident lasted or soon after, and what
// they wrote for the post-mortem of whatever time, whatever the rules say about its
// words.
func (b *builder) marks() {
	for _, f := range b.facts {
		what := marked(f)
		if what == "" || f.Test || !slices.Contains([]fact.Class{fact.Said, fact.Told}, f.Class) || !b.about(f) && written(f).IsZero() {
			continue
		}
		if what == "decision" && !b.hasRole(f) {
			b.set(f, true, 0.92, "people marked it as a decision for the post-mortem")
			v := b.verdict[f]
			v.kind = hindcast.Decided
			b.verdict[f] = v
			continue
		}
		if !b.verdict[f].key {
			b.set(f, true, 0.86, "people pinned or marked it for the post-mortem")
		}
	}
}

// written returns when a message was written that tells of an earlier moment; zero
// for any other.
func written(f *fact.Fact) time.Time {
	t, err := time.Parse(time.RFC3339, f.First().Attrs["written"])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// about reports whether a message was written when talk can be about the incident.
func (b *builder) about(f *fact.Fact) bool {
	p := b.phases.Phases
	first := p.DetectedAt
	if first.IsZero() || !p.StartedAt.IsZero() && p.StartedAt.Before(first) {
		first = p.StartedAt
	}
	return !first.IsZero() && !f.At.Before(first.Add(-foretell)) && (p.ResolvedAt.IsZero() || f.At.Sub(p.ResolvedAt) < review)
}
