package collect

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// What is fetched around an episode: what was before says what is normal.
const (
	before = time.Hour
	after  = 30 * time.Minute
)

// mostBytes bounds what is fetched for one episode.
const mostBytes = 512 << 20

// patience is how many attempts are made before a draft goes without a source that
// does not answer.
const patience = 3

// keepReceived is how long what no post-mortem was drafted from is kept.
const keepReceived = 90 * 24 * time.Hour

const cleanKind = "forget-received"

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{
		draftKind: {Run: s.draft, Ended: s.ended},
		cleanKind: {Run: s.clean, Every: 24 * time.Hour},
	}
}

// clean forgets what was told long ago.
func (s *Service) clean(ctx context.Context, _ *queue.Job) error {
	long := sqldb.Micros(s.now().Add(-keepReceived))
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `delete from received where received_at < $1`, long); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `delete from episode where began_at < $1 and ended_at < $1 and ended_at > 0`, long)
		return err
	}))
}

// draft does the job of one episode that is over.
func (s *Service) draft(ctx context.Context, j *queue.Job) error {
	var id string
	if err := json.Unmarshal(j.Payload, &id); err != nil {
		return queue.Permanent(err)
	}
	e, err := s.find(ctx, id)
	if hindcast.CodeOf(err) == hindcast.NotFound || err == nil && e.State != Due {
		return nil // it began again, or is done
	}
	if err != nil {
		return err
	}
	if why := s.unwanted(e); why != "" && e.IncidentID == "" && !strings.HasPrefix(j.Key, byHand) {
		e.State, e.Said = Skipped, why
		return s.write(ctx, e)
	}
	return s.begin(ctx, e, j.Attempt)
}

// byHand begins the keys of jobs that a person asked for.
const byHand = "by-hand/"

// ended keeps that no post-mortem could be begun, in the transaction that ends the
// last attempt.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	var id string
	if j.Err == nil || json.Unmarshal(j.Payload, &id) != nil {
		return nil
	}
	state := Due
	if j.State == queue.Failed {
		state = Failed
	}
	_, err := tx.Exec(ctx, `update episode set state = $2, said = $3 where id = $1 and state = 'due'`, id, string(state), j.Err.Error())
	return err
}

// begin fetches the evidence of an episode and drafts its post-mortem, or adds to
// the one that there is.
func (s *Service) begin(ctx context.Context, e Episode, attempt int) error {
	end, err := s.Deliver.Known(ctx, e.EndpointID)
	if err != nil {
		return queue.Permanent(err)
	}
	person, err := s.Person(ctx, end.By)
	if err != nil {
		return queue.Permanent(hindcast.Errorf(hindcast.Conflict, "who connected %s has no account any more; an admin can connect it anew", end.Name))
	}
	if e.Title == "" {
		if e, err = s.describe(ctx, e); err != nil {
			return classify(err)
		}
	}
	files, notes, missing, err := s.gather(ctx, e)
	if err != nil {
		return err
	}
	if missing != nil && attempt < patience {
		return missing
	}
	d, err := s.compose(ctx, person.Viewer(), e, files)
	if err != nil {
		return classify(err)
	}
	if err := s.renewNotes(ctx, d.ID, notes); err != nil {
		return err
	}
	var lacks []string
	for _, n := range notes {
		lacks = append(lacks, n.Source+": "+n.Text)
	}
	if missing != nil {
		lacks = append(lacks, missing.Error())
	}
	e.State, e.IncidentID, e.Said = Drafted, d.ID, ""
	if lacks != nil {
		e.Said = "without " + strings.Join(lacks, "; ")
	}
	return s.write(ctx, e)
}

// describe asks what an incident is that was asked for by its ref alone.
func (s *Service) describe(ctx context.Context, e Episode) (Episode, error) {
	sources, _, err := s.Deliver.Sources(ctx)
	if err != nil {
		return e, err
	}
	i := slices.IndexFunc(sources, func(x deliver.Source) bool { return x.ID == e.EndpointID })
	if i < 0 {
		return e, hindcast.Errorf(hindcast.Conflict, "the connection was removed or is switched off")
	}
	d, ok := sources[i].Source.(connector.Describer)
	if !ok {
		return e, nil
	}
	n, err := d.Describe(ctx, e.Ref)
	if err != nil {
		return e, err
	}
	e.Ref, e.Number, e.Title, e.Severity, e.Service, e.URL, e.BeganAt = n.Ref, n.Number, n.Title, n.Severity, n.Service, n.URL, n.At
	if !n.Resolved.IsZero() {
		e.EndedAt = n.Resolved
	}
	return e, s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.put(ctx, tx, e) }))
}

// compose begins a post-mortem from files, once for each episode, or adds them to
// the one that there is, and builds its timeline.
func (s *Service) compose(ctx context.Context, v hindcast.Viewer, e Episode, files []workflow.File) (*workflow.Document, error) {
	n := workflow.NewIncident{Title: e.Title, Number: e.Number, Kind: hindcast.KindIncident, Severity: level(s.Workflow.Policy(), e.Severity), Key: "episode/" + e.ID}
	if e.Service != "" {
		n.Services = []string{e.Service}
	}
	var d *workflow.Document
	var err error
	if e.IncidentID == "" {
		d, err = s.Workflow.Begin(ctx, v, n, files)
	} else if d, err = s.Workflow.Get(ctx, v, e.IncidentID); err == nil {
		_, _, err = s.Workflow.AddEvidence(ctx, v, d.ID, files)
	}
	if err != nil {
		return nil, err
	}
	_, err = s.Workflow.Rebuild(ctx, v, d.ID, nil)
	return d, err
}

// gather fetches what there is about an episode. notes say what sources have no more,
// or do not give; missing which did not answer. What the others have is there.
func (s *Service) gather(ctx context.Context, e Episode) (files []workflow.File, notes []SourceNote, missing, err error) {
	told, err := s.told(ctx, e)
	if err != nil {
		return nil, nil, nil, err
	}
	sources, faults, err := s.Deliver.Sources(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	happened, err := s.happened(ctx, connector.Window{From: e.BeganAt.Add(-before), To: e.EndedAt.Add(after)})
	if err != nil {
		return nil, nil, nil, err
	}
	files = append(told, happened...)
	left := int64(mostBytes)
	for _, src := range sources {
		w := connector.Window{From: e.BeganAt.Add(-before), To: e.EndedAt.Add(after)}
		if now := s.now(); w.To.After(now) {
			w.To = now
		}
		if src.ByRef {
			if src.ID != e.EndpointID {
				continue
			}
			w.Query = e.Ref
		}
		got, lacks, err := fetch(ctx, src, w, &left)
		for _, n := range lacks {
			notes = append(notes, SourceNote{Source: src.Name, Text: n})
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", src.Name, err))
		}
		files = append(files, got...)
	}
	if len(files) == 0 && faults == nil {
		faults = append(faults, errors.New("any evidence: no source has anything"))
	}
	return files, notes, errors.Join(faults...), nil
}

// fetch reads every page of a source. What it has read before an error is there.
// notes say what of the window is not in it, although the source answered.
func fetch(ctx context.Context, src deliver.Source, w connector.Window, left *int64) (files []workflow.File, notes []string, err error) {
	for next, pages := "", 0; pages == 0 || next != ""; pages++ {
		b, err := src.Fetch(ctx, w, next)
		if err != nil {
			return files, notes, err
		}
		for _, n := range b.Notes {
			if !slices.Contains(notes, n) {
				notes = append(notes, n)
			}
		}
		for _, f := range b.Files {
			if *left -= int64(len(f.Body)); *left < 0 {
				return files, notes, fmt.Errorf("there is more than %d MB", mostBytes>>20)
			}
			files = append(files, file(safe(src.Name)+"/"+f.Name, f.Body))
		}
		next = b.Next
	}
	return files, notes, nil
}

// told returns what was received about an episode, in the order in which it came.
func (s *Service) told(ctx context.Context, e Episode) ([]workflow.File, error) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) ([]byte, error) {
		text := ""
		if err := scan(&text); err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(text)
	}, `select body from received where episode = $1 order by id`, e.ID)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what was told of episode %s: %w", e.ID, err))
	}
	var out []workflow.File
	for i, body := range list {
		out = append(out, file(fmt.Sprintf("received/%s-%03d.json", e.ID[len(e.ID)-6:], i+1), body))
	}
	return out, nil
}

func file(name string, body []byte) workflow.File {
	return workflow.File{Name: name, Size: int64(len(body)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }}
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// safe makes the name of a folder of a name.
func safe(name string) string {
	if name = strings.Trim(unfit.ReplaceAllString(name, "-"), "-."); name == "" {
		return "source"
	}
	return name
}

// unwanted says why the policy asks for no post-mortem; empty when it does, or when
// the severity tells nothing.
func (s *Service) unwanted(e Episode) string {
	policy := s.Workflow.Policy()
	if n := level(policy, e.Severity); n > 0 {
		if sev, _ := policy.Level(n); !sev.Required {
			return fmt.Sprintf("the policy asks for no post-mortem of severity %d", n)
		}
		return ""
	}
	if slices.Contains(mild, strings.ToLower(e.Severity)) {
		return fmt.Sprintf("its severity is %q", e.Severity)
	}
	return ""
}

// mild are severities of alerts that nobody gets up for.
var mild = []string{"warning", "warn", "info", "information", "informational", "low", "none", "notice", "debug"}

var digits = regexp.MustCompile(`(?i)^(?:p|sev|severity|s|priority)?[- ]?(\d)$`)

// level returns the level of the policy that a severity in other words is, such as
// "P1" or "SEV-2"; 0 when nothing tells.
func level(policy hindcast.Policy, words string) int {
	m := digits.FindStringSubmatch(strings.TrimSpace(words))
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if _, ok := policy.Level(n); err != nil || !ok {
		return 0
	}
	return n
}

// Draft asks for the post-mortem of an episode whatever its severity, for admins.
// One that goes on is drafted from what is there so far.
func (s *Service) Draft(ctx context.Context, v hindcast.Viewer, id string) error {
	if err := admin(v); err != nil {
		return err
	}
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		list, err := sqldb.All(ctx, tx, scan, `select `+columns+` from episode where id = $1`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no episode %s", id)
		}
		return s.byHand(ctx, tx, v, list[0])
	})
	s.Queue.Wake()
	return s.DB.Fault(err)
}

// Pull drafts a post-mortem of the incident that a system of ours knows by ref, such
// as its number in the pager, for admins. It returns the episode.
func (s *Service) Pull(ctx context.Context, v hindcast.Viewer, endpoint, ref string) (Episode, error) {
	if err := admin(v); err != nil {
		return Episode{}, err
	}
	if ref = strings.TrimPrefix(strings.TrimSpace(ref), "#"); ref == "" || len(ref) > 100 {
		return Episode{}, hindcast.Errorf(hindcast.Invalid, "ref: write the number or the id of the incident")
	}
	sources, _, err := s.Deliver.Sources(ctx)
	if err != nil {
		return Episode{}, err
	}
	if !slices.ContainsFunc(sources, func(x deliver.Source) bool { return x.ID == endpoint && x.ByRef }) {
		return Episode{}, hindcast.Errorf(hindcast.Invalid, "endpoint: choose a connection from which incidents can be fetched")
	}
	e := Episode{ID: store.NewID(s.now()), EndpointID: endpoint, Ref: ref, BeganAt: s.now(), EndedAt: s.now()}
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error { return s.byHand(ctx, tx, v, e) })
	s.Queue.Wake()
	return e, s.DB.Fault(err)
}

// byHand queues the draft of an episode now.
func (s *Service) byHand(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, e Episode) error {
	if e.State == Due {
		return hindcast.Errorf(hindcast.Conflict, "its evidence is being fetched already")
	}
	if e.EndedAt.IsZero() {
		e.EndedAt = s.now()
	}
	e.State, e.Said = Due, ""
	if err := s.put(ctx, tx, e); err != nil {
		return err
	}
	if err := store.Record(ctx, tx, store.AuditEntry{At: s.now(), PersonID: v.PersonID, TokenID: v.TokenID, Act: "episode.draft", Detail: map[string]string{"episode": e.ID, "endpoint": e.EndpointID, "ref": e.Ref}}); err != nil {
		return err
	}
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: draftKind, Key: byHand + store.NewID(s.now()), Payload: workflow.JSON(e.ID)})
	return err
}

func (s *Service) find(ctx context.Context, id string) (Episode, error) {
	list, err := sqldb.All(ctx, s.DB, scan, `select `+columns+` from episode where id = $1`, id)
	if err != nil {
		return Episode{}, s.DB.Fault(fmt.Errorf("read episode %s: %w", id, err))
	}
	if len(list) == 0 {
		return Episode{}, hindcast.Errorf(hindcast.NotFound, "there is no episode %s", id)
	}
	return list[0], nil
}

// write writes what became of an episode, unless it began again meanwhile.
func (s *Service) write(ctx context.Context, e Episode) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `update episode set incident = $2, said = $3, state = case when state = 'due' then $4 else state end where id = $1`, e.ID, e.IncidentID, e.Said, string(e.State))
		return err
	}))
}

// classify says whether a failure is tried again.
func classify(err error) error {
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid, hindcast.NotFound, hindcast.Denied, hindcast.Conflict:
		return queue.Permanent(err)
	}
	return err
}
