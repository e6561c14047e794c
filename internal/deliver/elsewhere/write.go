package elsewhere

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// writeKind is the kind of the jobs that write a page.
const writeKind = "publish-elsewhere"

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{writeKind: {Run: s.write, Ended: s.ended}}
}

// page returns the page that a job is about.
func (s *Service) page(ctx context.Context, q sqldb.Querier, payload []byte) (Page, error) {
	var id string
	if err := json.Unmarshal(payload, &id); err != nil {
		return Page{}, queue.Permanent(err)
	}
	list, err := sqldb.All(ctx, q, scan, `select `+columns+` from elsewhere where id = $1`, id)
	if err != nil {
		return Page{}, s.DB.Fault(fmt.Errorf("read page %s: %w", id, err))
	}
	if len(list) == 0 {
		return Page{}, hindcast.Errorf(hindcast.NotFound, "there is no page %s", id)
	}
	return list[0], nil
}

// write does the job of one page. When it runs again, the other system finds what
// was written.
func (s *Service) write(ctx context.Context, j *queue.Job) error {
	p, err := s.page(ctx, s.DB, j.Payload)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && p.State != Queued {
		return nil // it is written, or not wanted any more
	}
	if err != nil {
		return err
	}
	pub, err := s.Reading.Get(ctx, hindcast.Viewer{PersonID: p.AskedBy, Role: hindcast.RoleMember}, fmt.Sprintf("#%d", p.num), 0)
	if err != nil {
		return deliver.Classify(err)
	}
	private := false
	if d, err := s.Workflow.Get(ctx, hindcast.Viewer{PersonID: p.AskedBy, Role: hindcast.RoleMember}, p.IncidentID); err == nil {
		private = d.Private
	}
	err = s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		_, err := s.Connections.Place(ctx, tx, p.EndpointID, connector.Publishes, private)
		return err
	})
	if err != nil {
		return deliver.Classify(err)
	}
	page, err := s.compose(p, pub)
	if err != nil {
		return err
	}
	publisher, err := s.Connections.Publisher(ctx, p.EndpointID)
	if err != nil {
		return deliver.Classify(err)
	}
	ref, err := publisher.Publish(ctx, page)
	if err != nil {
		return deliver.Classify(err)
	}
	return s.wrote(ctx, p, pub.N, ref)
}

// compose makes the page of a publication as its audience may see it.
func (s *Service) compose(p Page, pub *reading.Publication) (connector.Page, error) {
	seen := audience.For(p.Audience, pub.Post)
	figures, err := publish.Figures(seen)
	if err != nil {
		return connector.Page{}, fmt.Errorf("draw the pictures of #%d: %w", p.num, err)
	}
	number := seen.Postmortem.Incident.Number
	if number == "" {
		number = fmt.Sprint(p.num)
	}
	page := connector.Page{
		Key: p.ID, Title: fmt.Sprintf("Post-mortem #%d: %s", p.num, seen.Postmortem.Incident.Title), Markdown: publish.Body(seen),
		URL: fmt.Sprintf("%s/p/%d/read", s.Address(), p.num), Labels: []string{"post-mortem", "incident-" + strings.TrimPrefix(number, "#")}, Known: p.known, Overwrite: p.overwrite,
	}
	for _, f := range figures {
		page.Pictures = append(page.Pictures, connector.Picture{Name: f.Name + ".svg", Below: f.Below, Caption: f.Caption, Body: f.SVG})
	}
	return page, nil
}

// wrote keeps what stands there now. What was asked for meanwhile is done next.
func (s *Service) wrote(ctx context.Context, p Page, edition int64, ref connector.Ref) error {
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `update elsewhere set state = case when asked_at = $2 then 'written' else state end, said = '', overwrite = overwrite and asked_at <> $2,
			edition = $3, ref = $4, url = $5, version = $6, written_at = $7 where id = $1`,
			p.ID, sqldb.Micros(p.AskedAt), edition, ref.ID, ref.URL, ref.Version, sqldb.Micros(s.now()))
		if err != nil {
			return err
		}
		return s.next(ctx, tx, p)
	})
	if err != nil {
		return s.DB.Fault(fmt.Errorf("keep where #%d is published: %w", p.num, err))
	}
	return nil
}

// next queues a page that was asked for again while it was written.
func (s *Service) next(ctx context.Context, tx *sqldb.Tx, p Page) error {
	list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from elsewhere where id = $1 and state = 'queued' and asked_at <> $2`, p.ID, sqldb.Micros(p.AskedAt))
	if err != nil || len(list) == 0 {
		return err
	}
	return s.add(ctx, tx, list[0])
}

// ended keeps why a page could not be written, in the transaction that ends the
// attempt.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	if j.Err == nil {
		return nil
	}
	p, err := s.page(ctx, tx, j.Payload)
	if err != nil {
		if hindcast.CodeOf(err) == hindcast.NotFound {
			return nil
		}
		return err
	}
	state := Queued
	if j.State == queue.Failed {
		state = Failed
	}
	if state == Failed && hindcast.CodeOf(j.Err) == hindcast.Conflict {
		state = Changed
		if errors.Is(j.Err, connector.ErrGone) {
			state = Gone
		}
	}
	if state != Queued && j.Key != fmt.Sprintf("%s/%d", p.ID, sqldb.Micros(p.AskedAt)) {
		return s.add(ctx, tx, p) // it was asked for again meanwhile
	}
	_, err = tx.Exec(ctx, `update elsewhere set state = $2, said = $3 where id = $1 and state = 'queued'`, p.ID, string(state), j.Err.Error())
	return err
}
