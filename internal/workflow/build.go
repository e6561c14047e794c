package workflow

import (
	"context"
	"fmt"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/draft"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/localtime"
	"github.com/hindcast/hindcast/internal/timeline/plot"
	"github.com/hindcast/hindcast/internal/timeline/replay"
	"github.com/hindcast/hindcast/internal/workflow/building"
	"github.com/hindcast/hindcast/internal/workflow/intake"
)

// Draft begins a post-mortem from evidence: it keeps the files, builds the
// timeline and composes the document around it. Progress may be nil.
func (s *Service) Draft(ctx context.Context, v hindcast.Viewer, n NewIncident, files []File, progress func(read, total int64)) (*Document, error) {
	d, err := s.Begin(ctx, v, n, files)
	if err != nil {
		return nil, err
	}
	if _, err := s.Rebuild(ctx, v, d.ID, progress); err != nil {
		return nil, err
	}
	return s.Get(ctx, v, d.ID)
}

// Begin creates an incident and keeps its evidence, without building the
// timeline.
func (s *Service) Begin(ctx context.Context, v hindcast.Viewer, n NewIncident, files []File) (*Document, error) {
	if err := s.check(v, &n); err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, hindcast.Errorf(hindcast.Invalid, "there are no files in it; choose the folder that holds the evidence")
	}
	asked := n
	if n.Title == "" {
		n.Title = untitled
	}
	pm := s.begin(n)
	d, _, err := s.insert(ctx, v, n, pm, base{Options: asked, Written: pm})
	if err != nil {
		return nil, err
	}
	if _, _, err := s.AddEvidence(ctx, v, d.ID, files); err != nil {
		return nil, err
	}
	return d, nil
}

// untitled is the title until the evidence proposes one.
const untitled = "Untitled incident"

// Rebuild builds the timeline of all evidence again and brings what is new into
// the document. What people edited, added or removed stays as they left it.
func (s *Service) Rebuild(ctx context.Context, v hindcast.Viewer, id string, progress func(read, total int64)) (Rebuilt, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return Rebuilt{}, err
	}
	if err := d.May(access.Write); err != nil {
		return Rebuilt{}, err
	}
	rows, err := s.store.Evidence(ctx, v, d.ID)
	if err != nil {
		return Rebuilt{}, err
	}
	var b base
	if _, err := s.store.Build(ctx, v, d.ID, &b); err != nil {
		return Rebuilt{}, err
	}
	how := b.Options.Reading
	read, named, err := intake.Reader(ctx, s.blobs, rows, how, progress)
	if err != nil {
		return Rebuilt{}, err
	}
	r, tl, err := localtime.Build(read, named, timeline.Options{From: how.From, To: how.To})
	if err != nil {
		return Rebuilt{}, err
	}
	charts := plot.Choose(r.Signals.Series, tl, plot.Options{From: how.From, To: how.To, Most: mostCharts})
	return s.merge(ctx, v, d.ID, tl, charts, rows)
}

// mostCharts is how many metrics are kept to be looked at.
const mostCharts = 12

// merge brings a new timeline into a document.
func (s *Service) merge(ctx context.Context, v hindcast.Viewer, id string, tl hindcast.Timeline, charts []chart.Series, rows []store.EvidenceRow) (Rebuilt, error) {
	var out Rebuilt
	err := s.store.Write(ctx, func(tx *store.Tx) error {
		out = Rebuilt{Problems: tl.Problems}
		d, err := s.load(ctx, tx, v, id, access.Write)
		if err != nil {
			return err
		}
		var b base
		if _, err := tx.Build(ctx, id, &b); err != nil {
			return err
		}
		next := s.compose(tl, b.Options)
		before := d.Post
		if d.Post, out.Kept, err = part.Merge(b.Written, before, next); err != nil {
			return err
		}
		building.MarkVanished(&d.Post, out.Kept)
		if err := tx.PutEvidence(ctx, id, intake.Described(rows, tl.Evidence)); err != nil {
			return err
		}
		b.Written, b.Timeline, b.Charts, b.Built = next, tl, charts, s.now()
		if err := s.putBase(ctx, tx, id, b); err != nil {
			return err
		}
		for _, e := range d.Post.Timeline {
			if e.Key {
				out.Entries++
			}
		}
		reverse := part.Diff(&d.Post, &before)
		if len(reverse) == 0 {
			return nil
		}
		out.Revision, err = s.record(ctx, tx, v, d, reverse, fmt.Sprintf("timeline built from %d files", len(tl.Evidence)), "timeline.build")
		return err
	})
	return out, err
}

// compose writes the document that a timeline gives.
func (s *Service) compose(tl hindcast.Timeline, n NewIncident) hindcast.Postmortem {
	o := n.options()
	o.Policy = s.policy
	pm := draft.Compose(tl, o)
	if n.Kind == hindcast.KindNearMiss {
		pm.Incident.Kind = n.Kind
	}
	if pm.Incident.Title == "" {
		pm.Incident.Title = untitled
	}
	for _, name := range hindcast.PhaseNames() {
		if at := n.Phases.Moment(name); !at.IsZero() {
			*pm.Incident.Moment(name) = *at
		}
	}
	return pm
}

// putBase keeps what a machine wrote.
func (s *Service) putBase(ctx context.Context, tx *store.Tx, id string, b base) error {
	return tx.PutBuild(ctx, id, b, s.now())
}

// Timeline returns the timeline that was last built, with every candidate entry but
// what only files give that [Service.Evidence] withholds.
func (s *Service) Timeline(ctx context.Context, v hindcast.Viewer, id string) (hindcast.Timeline, error) {
	var b base
	if _, err := s.store.Build(ctx, v, id, &b); err != nil {
		return hindcast.Timeline{}, err
	}
	d, err := s.whole(ctx, v, id)
	if err != nil {
		return hindcast.Timeline{}, err
	}
	rows, err := s.store.Evidence(ctx, v, id)
	if err != nil {
		return hindcast.Timeline{}, err
	}
	memories, err := s.memories(ctx, d, rows)
	return intake.Without(b.Timeline, memories), err
}

// Charts returns the metrics that the last build found worth looking at, for
// [chart.Draw]; none when there is no evidence of metrics.
func (s *Service) Charts(ctx context.Context, v hindcast.Viewer, id string) ([]chart.Series, error) {
	var b base
	_, err := s.store.Build(ctx, v, id, &b)
	return b.Charts, err
}

// Replay reads the evidence of an incident again and says what an alert rule
// would have done, for its participants, whatever its status. A rule that is not
// understood is Invalid, with the place.
func (s *Service) Replay(ctx context.Context, v hindcast.Viewer, id, rule string) (replay.Result, error) {
	r, err := replay.Parse(rule)
	if err != nil {
		return replay.Result{}, hindcast.Errorf(hindcast.Invalid, "%s", err)
	}
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return replay.Result{}, err
	}
	if err := d.May(access.Follow); err != nil { // it is worked out, not written
		return replay.Result{}, err
	}
	rows, err := s.Evidence(ctx, v, d.ID)
	if err != nil {
		return replay.Result{}, err
	}
	var b base
	if _, err := s.store.Build(ctx, v, d.ID, &b); err != nil {
		return replay.Result{}, err
	}
	got, err := intake.Read(ctx, s.blobs, rows, b.Options.Reading)
	if err != nil {
		return replay.Result{}, err
	}
	return replay.Run(r, got.Signals, d.Post.Incident.Phases), nil
}

// Build is the building of a timeline in the background, Progress a moment of it,
// and Rebuilt what it did to the document.
type (
	Build    = building.Build
	Progress = building.Progress
	Rebuilt  = building.Rebuilt
)

// The states of a build.
const (
	BuildReading = building.Reading
	BuildDone    = building.Done
	BuildFailed  = building.Failed
)

// StartBuild rebuilds a timeline in the background, also when whoever started it
// goes away. A build that is running for the incident is returned instead of a
// second one.
func (s *Service) StartBuild(ctx context.Context, v hindcast.Viewer, id string) (*Build, error) {
	d, err := s.Get(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if err := d.May(access.Write); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	return s.builds.Start(v.PersonID, d.ID, d.Num, func(progress func(read, total int64)) (Rebuilt, error) {
		return s.Rebuild(ctx, v, d.ID, progress)
	}), nil
}

// Building returns a build that the viewer started, by its id.
func (s *Service) Building(v hindcast.Viewer, id string) (*Build, error) {
	return s.builds.Get(v.PersonID, id)
}

// Wait returns when no build is running any more.
func (s *Service) Wait() { s.builds.Wait() }
