package timeline

import (
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// marks keeps what people marked while the incident lasted or soon after, and what
// they wrote for the post-mortem of whatever time, whatever the rules say about its
// words.
func (b *builder) marks() {
	for _, f := range b.facts {
		what := f.Mark()
		if what == "" || f.Test || !slices.Contains([]fact.Class{fact.Said, fact.Told}, f.Class) || !b.about(f) && f.WrittenAbout().IsZero() {
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

// about reports whether a message was written when talk can be about the incident.
func (b *builder) about(f *fact.Fact) bool {
	p := b.phases.Phases
	first := p.DetectedAt
	if first.IsZero() || !p.StartedAt.IsZero() && p.StartedAt.Before(first) {
		first = p.StartedAt
	}
	return !first.IsZero() && !f.At.Before(first.Add(-foretell)) && (p.ResolvedAt.IsZero() || f.At.Sub(p.ResolvedAt) < review)
}
