package workflow

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/draft"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/picture/chart"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/plot"
	"github.com/hindcast/hindcast/internal/timeline/replay"
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

// Rebuilt says what a rebuilt timeline did to a document.
type Rebuilt struct {
	Entries  int                `json:"entries"` // that a reader needs
	Kept     []part.Kept        `json:"kept"`    // where a person's word stands against the evidence
	Problems []hindcast.Problem `json:"problems"`
	Revision int64              `json:"revision"` // 0 when nothing changed
}

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
	r, ev, err := s.read(ctx, rows, how, progress)
	if err != nil {
		return Rebuilt{}, err
	}
	tl := timeline.Build(r, timeline.Options{From: how.From, To: how.To, Evidence: ev})
	charts := plot.Choose(r.Signals.Series, tl, plot.Options{From: how.From, To: how.To, Most: mostCharts})
	return s.merge(ctx, v, d.ID, tl, charts, rows)
}

// mostCharts is how many metrics are kept to be looked at.
const mostCharts = 12

// read reads evidence.
func (s *Service) read(ctx context.Context, rows []store.EvidenceRow, how Reading, progress func(read, total int64)) (*collect.Result, []hindcast.Evidence, error) {
	var sources []evidence.Source
	var total int64
	for _, r := range rows {
		if !r.Purged() && !minutes(r) {
			sources = append(sources, s.source(ctx, r))
			total += r.Size
		}
	}
	zones := map[string]*time.Location{}
	for file, name := range how.Zones {
		loc, err := time.LoadLocation(name)
		if err != nil {
			return nil, nil, hindcast.Errorf(hindcast.Invalid, "%s: there is no zone %q; use a name such as Europe/Berlin", file, name)
		}
		zones[file] = loc
	}
	opt := evidence.Options{Formats: formats.All(), Unpacked: true, Year: how.Year, Zone: func(name string) *time.Location { return zones[name] }}
	if progress != nil {
		opt.Progress = func(n int64) { progress(n, total) }
	}
	ev, sinks := evidence.Read(sources, opt, collect.New)
	return collect.Merge(sinks...), ev, nil
}

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
		markVanished(&d.Post, out.Kept)
		if err := tx.PutEvidence(ctx, id, described(rows, tl.Evidence)); err != nil {
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

// markVanished says in entries that a person edited and that the evidence no
// longer gives why they are still there.
func markVanished(p *hindcast.Postmortem, kept []part.Kept) {
	for _, k := range kept {
		for i, e := range p.Timeline {
			if k.Vanished && k.Path == "timeline/"+e.ID {
				p.Timeline[i].Why = "a person edited this entry; the evidence as it is now no longer gives it"
			}
		}
	}
}

// described returns the rows with what was found out about their files.
func described(rows []store.EvidenceRow, list []hindcast.Evidence) []store.EvidenceRow {
	byName := map[string]hindcast.Evidence{}
	for _, e := range list {
		byName[e.Name] = e
	}
	var out []store.EvidenceRow
	for _, r := range rows {
		if e, ok := byName[r.Name]; ok && e.SHA256 == r.SHA256 {
			r.Evidence = e
			out = append(out, r)
		}
	}
	return out
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
	return unremembered(b.Timeline, memories), err
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
	got, _, err := s.read(ctx, rows, b.Options.Reading, nil)
	if err != nil {
		return replay.Result{}, err
	}
	return replay.Run(r, got.Signals, d.Post.Incident.Phases), nil
}

// BuildState says how far a build is.
type BuildState string

// The states of a build.
const (
	BuildReading BuildState = "reading"
	BuildDone    BuildState = "done"
	BuildFailed  BuildState = "failed"
)

// Build is the building of a timeline in the background.
type Build struct {
	ID         string
	IncidentID string
	Num        int64
	owner      string
	read       atomic.Int64
	total      atomic.Int64
	done       chan struct{} // closed at the end
	result     Rebuilt       // after done
	err        error         // after done
}

// Progress is a moment of a build.
type Progress struct {
	ID         string     `json:"id"`
	IncidentID string     `json:"incident_id"`
	Num        int64      `json:"number"`
	State      BuildState `json:"state"`
	Read       int64      `json:"read"`  // bytes
	Total      int64      `json:"total"` // bytes
	Result     *Rebuilt   `json:"result,omitempty"`
	Error      string     `json:"error,omitempty"`
}

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
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.builds {
		if b.IncidentID == d.ID && b.owner == v.PersonID && !b.ended() {
			return b, nil
		}
	}
	s.forget()
	b := &Build{ID: rand.Text(), IncidentID: d.ID, Num: d.Num, owner: v.PersonID, done: make(chan struct{})}
	s.builds[b.ID] = b
	ctx = context.WithoutCancel(ctx)
	s.jobs.Go(func() {
		defer close(b.done)
		s.building <- struct{}{}
		defer func() { <-s.building }()
		b.result, b.err = s.rebuildSafely(ctx, v, d.ID, func(read, total int64) {
			b.read.Store(read)
			b.total.Store(total)
		})
		if b.err != nil {
			s.log.Error("building a timeline failed", "incident", d.ID, "error", b.err)
		}
	})
	return b, nil
}

// buildsAtOnce is how many timelines are built at the same time in the background;
// each needs its memory. The others wait.
const buildsAtOnce = 2

// rebuildSafely rebuilds a timeline. A panic, which odd evidence may bring about,
// fails the build and not the server.
func (s *Service) rebuildSafely(ctx context.Context, v hindcast.Viewer, id string, progress func(read, total int64)) (out Rebuilt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return s.Rebuild(ctx, v, id, progress)
}

// rememberedBuilds is how many builds that have ended can still be asked for.
const rememberedBuilds = 100

// forget drops builds that have ended when there are many.
func (s *Service) forget() {
	for id, b := range s.builds {
		if len(s.builds) < rememberedBuilds {
			return
		}
		if b.ended() {
			delete(s.builds, id)
		}
	}
}

func (b *Build) ended() bool {
	select {
	case <-b.done:
		return true
	default:
		return false
	}
}

// Done is closed when the build has ended.
func (b *Build) Done() <-chan struct{} { return b.done }

// Progress returns how far the build is.
func (b *Build) Progress() Progress {
	p := Progress{ID: b.ID, IncidentID: b.IncidentID, Num: b.Num, State: BuildReading, Read: b.read.Load(), Total: b.total.Load()}
	if !b.ended() {
		return p
	}
	p.State, p.Result = BuildDone, &b.result
	if b.err != nil {
		p.State, p.Result, p.Error = BuildFailed, nil, message(b.err)
	}
	return p
}

// message returns what people may see of an error.
func message(err error) string {
	if hindcast.CodeOf(err) == hindcast.Internal {
		return "something went wrong here; the log of the server says more"
	}
	return err.Error()
}

// Building returns a build that the viewer started, by its id.
func (s *Service) Building(v hindcast.Viewer, id string) (*Build, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.builds[id]
	if b == nil || b.owner != v.PersonID {
		return nil, hindcast.Errorf(hindcast.NotFound, "there is no such build here; open the incident to see its timeline")
	}
	return b, nil
}

// Wait returns when no build is running any more.
func (s *Service) Wait() { s.jobs.Wait() }
