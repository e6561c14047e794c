package deliver

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// EventData is what programs are told of an event.
type EventData struct {
	IncidentID string          `json:"incident_id"`
	Number     int64           `json:"number"`
	Title      string          `json:"title,omitempty"` // left out of private ones, and of drafts unless the endpoint may know
	Severity   int             `json:"severity,omitempty"`
	Status     hindcast.Status `json:"status"`
	Private    bool            `json:"private,omitempty"`
	URL        string          `json:"url"`
	StartedAt  time.Time       `json:"started_at,omitzero"`  // of the incident; left out with the title
	ResolvedAt time.Time       `json:"resolved_at,omitzero"` // as well
}

// quiet is the span in which many changes of one document are told once, at its
// end.
const quiet = 5 * time.Minute

// Announce queues what follows from an event, in its transaction.
func (s *Service) Announce(ctx context.Context, tx *sqldb.Tx, e workflow.Event) error {
	list, err := s.Wanting(ctx, tx, connector.Announces, e)
	if err != nil {
		return err
	}
	for _, end := range list {
		if err := s.announce(ctx, tx, end, e); err != nil {
			return fmt.Errorf("queue %s for endpoint %s: %w", e.Kind, end.Name, err)
		}
	}
	return nil
}

// wants reports whether an endpoint is told of an event.
func wants(end Endpoint, e workflow.Event) bool {
	return end.Disabled.IsZero() && end.Silenced.IsZero() && slices.Contains(end.Events, e.Kind) && (end.Private || !e.Private)
}

func (s *Service) announce(ctx context.Context, tx *sqldb.Tx, end Endpoint, e workflow.Event) error {
	msg, err := s.compose(end, e)
	if err != nil {
		return err
	}
	if vendor, err := s.vendor(end.Kind); err == nil && vendor.ByRef {
		if msg.Ref, err = s.Ref(ctx, tx, end.ID, e.IncidentID); err != nil || msg.Ref == "" {
			return err // it knows nothing of this incident
		}
	}
	d := Delivery{ID: store.NewID(s.Now()), EndpointID: end.ID, Event: msg.Type, IncidentID: e.IncidentID, State: Queued, AddedAt: s.Now(), NextAt: s.Now()}
	key := d.ID
	if e.Kind == workflow.PostmortemChanged {
		d.NextAt = e.At.UTC().Truncate(quiet).Add(quiet)
		key = fmt.Sprintf("%s/%s/%s/%d", end.ID, e.Kind, e.IncidentID, d.NextAt.Unix())
	}
	if end.Approve {
		d.State, d.NextAt = Waiting, time.Time{}
	}
	return s.queue(ctx, tx, d, key, msg)
}

// queue keeps a delivery, once for each key, and its job.
func (s *Service) queue(ctx context.Context, tx *sqldb.Tx, d Delivery, key string, msg connector.Message) error {
	body, err := json.Marshal(msg)
	if err != nil {
		return err
	}
	res, err := tx.Exec(ctx, `insert into delivery (id, key, endpoint, event, incident, body, state, attempts, answer, added_at, next_at, ended_at, approved_by)
		values ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, $9, 0, '') on conflict (key) do nothing`,
		d.ID, key, d.EndpointID, d.Event, d.IncidentID, string(body), string(d.State), sqldb.Micros(d.AddedAt), sqldb.Micros(d.NextAt))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 || d.State == Waiting {
		return err
	}
	_, err = s.Queue.Add(ctx, tx, queue.Job{Kind: sendKind, Key: d.ID, RunAt: d.NextAt})
	return err
}

// compose writes the message about an event for one endpoint.
func (s *Service) compose(end Endpoint, e workflow.Event) (connector.Message, error) {
	data := EventData{IncidentID: e.IncidentID, Number: e.Num, Severity: e.Severity, Status: e.Status, Private: e.Private, URL: fmt.Sprintf("%s/p/%d", s.Address(), e.Num)}
	name := fmt.Sprintf("#%d", e.Num)
	if !e.Private && e.Title != "" && (e.Status == hindcast.StatusPublished || end.Drafts) {
		data.Title, data.StartedAt, data.ResolvedAt = e.Title, e.StartedAt, e.ResolvedAt
		name += " " + e.Title
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return connector.Message{}, err
	}
	text := []string{what(e, name) + ".", ""}
	if e.Severity > 0 {
		text = append(text, fmt.Sprintf("Severity: %d", e.Severity))
	}
	text = append(text, fmt.Sprintf("Status: %s", e.Status), "When: "+e.At.UTC().Format("2006-01-02 15:04 MST"))
	return connector.Message{Type: string(e.Kind), At: e.At, Subject: what(e, name), Text: strings.Join(text, "\n"), URL: data.URL, Data: raw}, nil
}

// what says in words what happened.
func what(e workflow.Event, name string) string {
	switch e.Kind {
	case workflow.IncidentCreated:
		return "Post-mortem " + name + " was begun"
	case workflow.PostmortemMoved:
		return fmt.Sprintf("Post-mortem %s is now %s", name, strings.ReplaceAll(string(e.To), "-", " "))
	case workflow.PostmortemPublished:
		return "Post-mortem " + name + " was published"
	case workflow.EvidenceAdded:
		return "Evidence was added to post-mortem " + name
	case workflow.PostmortemChanged:
		return "Post-mortem " + name + " was changed"
	case workflow.PostmortemDue:
		return "Post-mortem " + name + " is due"
	}
	return string(e.Kind) + " " + name
}

// testEvent is the type of the message that a test sends.
const testEvent = "hindcast.test"

// Tested is what came of a test.
type Tested struct {
	OK     bool          `json:"ok"`
	Answer string        `json:"answer"` // of the receiver, or what is wrong
	Took   time.Duration `json:"-"`
}

// TestEndpoint sends a test message now, once, or asks what the credential may do
// where no messages go, and returns what came of it. An endpoint that is switched
// off can be tested too.
func (s *Service) TestEndpoint(ctx context.Context, v hindcast.Viewer, id string) (Tested, error) {
	if err := s.may(v); err != nil {
		return Tested{}, err
	}
	e, err := s.Endpoint(ctx, v, id)
	if err != nil {
		return Tested{}, err
	}
	began := s.Now()
	answer, err := s.test(ctx, e)
	out := Tested{OK: err == nil, Answer: answer, Took: s.Now().Sub(began)}
	if err != nil {
		if hindcast.CodeOf(err) == hindcast.Internal {
			return Tested{}, err
		}
		out.Answer = said(err)
	}
	err = s.write(ctx, "note the test of endpoint "+id, func(tx *sqldb.Tx) error {
		if out.OK && e.Disabled.IsZero() {
			if err := s.Again(ctx, tx, id); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, v, "endpoint.test", map[string]any{"endpoint": id, "name": e.Name, "ok": out.OK})
	})
	s.Queue.Wake()
	return out, err
}

func (s *Service) test(ctx context.Context, e Endpoint) (string, error) {
	opened, err := s.connect(e)
	if err != nil {
		return "", err
	}
	if p, ok := opened.(connector.Prober); ok { // which says more than that a message arrived, and disturbs nobody
		return p.Probe(ctx)
	}
	a, ok := opened.(connector.Announcer)
	if !ok {
		return "", hindcast.Errorf(hindcast.Invalid, "%s can be neither told nor asked anything", e.Name)
	}
	return a.Announce(ctx, connector.Message{
		ID: store.NewID(s.Now()), Type: testEvent, At: s.Now(), URL: s.Address(), Subject: "Test message from Hindcast",
		Text: "An admin tested whether messages arrive here. Nothing has happened.", Data: json.RawMessage(`{}`),
	})
}
