// Package reading keeps what readers have of a post-mortem, and what they leave
// there.
//
// Publishing freezes a [Publication], in the transaction that publishes. Who takes
// no part reads that and nothing else, also while the document is taken up again
// and changed: then it is marked as being revised. It stays until a lead withdraws
// it, makes the post-mortem private or removes it.
//
// Readers leave thanks, questions and notes on what is useful to a service of
// theirs. Those who may read the post-mortem see them, without a name; nothing is
// counted by person.
package reading

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store/prose"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/shelf"
)

// Config says what a [Service] works with. Workflow and DB must be set.
type Config struct {
	Workflow *workflow.Service
	DB       *sqldb.DB
	Now      func() time.Time // time.Now when nil
}

// Service answers readers. It may be used by several goroutines at once.
type Service struct {
	Config
	kept *shelf.Shelf[audience.View]
}

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{Config: c, kept: shelf.New[audience.View](8)}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Publication is a post-mortem as it was published, with people as roles.
type Publication struct {
	Front
	Post     hindcast.Postmortem // as engineers see it
	Findings []audience.Finding
}

// Title is the title that readers see.
func (p *Publication) Title() string { return p.Post.Incident.Title }

// missing is the error for what does not exist, or not for the viewer.
func missing() error {
	return hindcast.Errorf(hindcast.NotFound, "there is no such published post-mortem, or it is not shared with you")
}

// place is a post-mortem of which a viewer may read what is published.
type place struct {
	num int64
	id  string
	doc *workflow.Document // nil for who may read no more than what is published
}

// find returns the post-mortem that ref names when v may read what is published of
// it: v may read the document itself, or it is open and was published.
func (s *Service) find(ctx context.Context, v hindcast.Viewer, ref string) (place, error) {
	d, err := s.Workflow.Get(ctx, v, ref)
	if err == nil {
		return place{d.Num, d.ID, d}, nil
	}
	num, bad := strconv.ParseInt(strings.TrimPrefix(ref, "#"), 10, 64)
	if hindcast.CodeOf(err) != hindcast.NotFound || bad != nil || !v.MayRead() {
		return place{}, err
	}
	id, err := s.openly(ctx, v, num)
	if err == nil && id == "" {
		err = missing()
	}
	return place{num: num, id: id}, err
}

// open is the condition that everybody may read what is published of incident i.
const open = `i.deleted_at = 0 and not i.private and exists (select 1 from publication o where o.incident = i.num and o.withdrawn_at = 0)`

// Get returns publication n of the post-mortem that ref names; the last one when n
// is 0. What a viewer may not read is NotFound.
func (s *Service) Get(ctx context.Context, v hindcast.Viewer, ref string, n int64) (*Publication, error) {
	at, err := s.find(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	p, err := s.frozen(ctx, at, n)
	if err != nil {
		return nil, err
	}
	if p.N == 0 && at.doc == nil {
		return nil, missing()
	}
	if at.doc != nil {
		p.Part, p.version, p.changed = at.doc.Part(), at.doc.Version, at.doc.UpdatedAt
		p.Revised = at.doc.Post.Status != hindcast.StatusPublished
	}
	if at.doc != nil && !p.Revised && p.N == p.Last {
		p.Today, p.Post.Actions = true, today(p.Post.Actions, at.doc.Post.Actions)
	}
	return p, nil
}

// frozen reads a publication. Without any it is the document itself while that is
// published: one of before publications were kept.
func (s *Service) frozen(ctx context.Context, at place, n int64) (*Publication, error) {
	p := &Publication{Front: Front{Num: at.num, ID: at.id, Revised: true}}
	last, _, err := sqldb.Value[int64](ctx, s.DB, `select coalesce(max(p.n), 0) from publication p where p.incident = $1 and p.withdrawn_at = 0`, at.num)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the last publication of #%d: %w", at.num, err))
	}
	if last == 0 && n == 0 && at.doc != nil && at.doc.Post.Status == hindcast.StatusPublished {
		p.At = at.doc.PublishedAt
		p.take(audience.For(audience.Engineering, at.doc.Post))
		return p, nil
	}
	if p.Last = last; n == 0 {
		n = last
	}
	var when int64
	var body string
	err = s.DB.QueryRow(ctx, `select p.n, p.revision, p.at, p.body from publication p where p.incident = $1 and p.n = $2 and p.withdrawn_at = 0`, at.num, n).
		Scan(&p.N, &p.Revision, &when, &body)
	switch {
	case errors.Is(err, sql.ErrNoRows) && last == 0 && at.doc != nil:
		return nil, hindcast.Errorf(hindcast.NotFound, "#%d is not published yet; there is nothing for readers", at.num)
	case errors.Is(err, sql.ErrNoRows):
		return nil, missing()
	case err != nil:
		return nil, s.DB.Fault(fmt.Errorf("read publication %d of #%d: %w", n, at.num, err))
	}
	p.At = sqldb.Time(when)
	p.take(s.kept.Get(fmt.Sprintf("%d/%d/%d", at.num, p.N, when), func() audience.View {
		return audience.For(audience.Engineering, document.Parse("", []byte(body)).Postmortem)
	}))
	return p, nil
}

func (p *Publication) take(v audience.View) { p.Post, p.Findings = v.Postmortem, v.Findings }

// today returns published action items with the states that they have now.
func today(list, now []hindcast.ActionItem) []hindcast.ActionItem {
	state := map[string]hindcast.ActionItem{}
	for _, a := range now {
		state[a.ID] = a
	}
	out := slices.Clone(list)
	for i := range out {
		if a, ok := state[out[i].ID]; ok {
			out[i].Status, out[i].Closed = a.Status, a.Closed
		}
	}
	return out
}

// Freeze keeps what readers have, in the transaction that publishes it. When a
// document is taken up again that was published before publications were kept,
// what it was until then is kept.
func Freeze(ctx context.Context, tx *sqldb.Tx, f workflow.Frozen) error {
	last, _, err := sqldb.Value[int64](ctx, tx, `select coalesce(max(p.n), 0) from publication p where p.incident = $1`, f.Num)
	if err != nil {
		return fmt.Errorf("freeze #%d for its readers: %w", f.Num, err)
	}
	if f.Ends && last > 0 {
		return nil
	}
	seen := audience.For(audience.Engineering, f.Post).Postmortem // lists show no names either
	inc := seen.Incident
	services, err := json.Marshal(append([]string{}, inc.Services...))
	if err != nil {
		return fmt.Errorf("freeze #%d for its readers: %w", f.Num, err)
	}
	_, err = tx.Exec(ctx, `insert into publication (incident, n, revision, at, title, severity, services, excerpt, body, withdrawn_at, withdrawn_by, withdrawn_why)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '', '')`,
		f.Num, last+1, f.Revision, sqldb.Micros(publishedAt(f)), inc.Title, inc.Severity, string(services), prose.Excerpt(&seen), string(document.Markdown(f.Post)))
	if err != nil {
		return fmt.Errorf("freeze #%d for its readers: %w", f.Num, err)
	}
	return nil
}

// publishedAt returns when what is frozen was published.
func publishedAt(f workflow.Frozen) time.Time {
	for _, t := range slices.Backward(f.Post.History) {
		if t.To == hindcast.StatusPublished && !t.At.IsZero() {
			return t.At
		}
	}
	return f.At
}

// Edition is a publication in the list of those of one post-mortem.
type Edition struct {
	N         int64
	At        time.Time
	Withdrawn time.Time // zero when readers have it
	Why       string    // it was withdrawn
}

// Editions returns the publications of a post-mortem of which the viewer was given
// one, the last first. Withdrawn ones are told only to those who take part.
func (s *Service) Editions(ctx context.Context, f *Front) ([]Edition, error) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (e Edition, err error) {
		var when, withdrawn int64
		err = scan(&e.N, &when, &withdrawn, &e.Why)
		e.At, e.Withdrawn = sqldb.Time(when), sqldb.Time(withdrawn)
		return e, err
	}, `select p.n, p.at, p.withdrawn_at, p.withdrawn_why from publication p where p.incident = $1 and (p.withdrawn_at = 0 or $2) order by p.n desc`,
		f.Num, f.Part != "")
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the publications of #%d: %w", f.Num, err))
	}
	return list, nil
}

// Withdraw takes publication n from its readers, for a reason that the audit trail
// keeps. What is published now cannot be withdrawn: it has to be taken up first.
func (s *Service) Withdraw(ctx context.Context, v hindcast.Viewer, ref string, n int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return hindcast.Errorf(hindcast.Invalid, "say why it is withdrawn; the reason stays with those who take part")
	}
	d, err := s.Workflow.Get(ctx, v, ref)
	if err != nil {
		return err
	}
	return s.Workflow.Hold(ctx, v, d.ID, access.Manage, func(h *workflow.Held) error {
		last, _, err := sqldb.Value[int64](ctx, h.SQL(), `select coalesce(max(p.n), 0) from publication p where p.incident = $1`, h.Num)
		if err != nil {
			return fmt.Errorf("withdraw publication %d of #%d: %w", n, h.Num, err)
		}
		if h.Post.Status == hindcast.StatusPublished && n == last {
			return hindcast.Errorf(hindcast.Conflict, "this is published now; reopen the post-mortem first, and then withdraw what readers still have")
		}
		res, err := h.SQL().Exec(ctx, `update publication set withdrawn_at = $3, withdrawn_by = $4, withdrawn_why = $5 where incident = $1 and n = $2 and withdrawn_at = 0`,
			h.Num, n, sqldb.Micros(s.now()), v.PersonID, reason)
		if err != nil {
			return fmt.Errorf("withdraw publication %d of #%d: %w", n, h.Num, err)
		}
		if done, err := res.RowsAffected(); err != nil || done == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no publication %d that readers have", n)
		}
		return h.Audit(ctx, "reading.withdraw", map[string]any{"publication": n, "reason": reason})
	})
}
