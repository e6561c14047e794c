package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"errors"
	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/outhttp"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// The kinds of our jobs.
const (
	readKind = "read-channel"
	keepKind = "keep-notes"
	showKind = "show-links"
)

// Handlers returns the handlers of our jobs, for a worker.
func (s *Service) Handlers() map[string]queue.Handler {
	return map[string]queue.Handler{readKind: {Run: s.read, Ended: s.ended}, keepKind: {Run: s.keep}, showKind: {Run: s.show}}
}

// How long is waited for more before a channel is read: after talk, and after
// something in it was marked.
const (
	afterTalk = 10 * time.Minute
	afterMark = time.Minute
)

// attempts are made to read a channel; what it tells next begins anew.
const attempts = 5

// soon queues that a channel is read, once for all that asks for it within a while.
func (s *Service) soon(ctx context.Context, tx *sqldb.Tx, c Channel, why string, wait time.Duration) error {
	at, key := s.now(), c.ID+"/"+why+"/"
	if wait > 0 {
		at = at.Truncate(wait).Add(wait)
	}
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: readKind, Key: fmt.Sprint(key, at.UnixMicro()), Payload: workflow.JSON(c.ID), RunAt: at, MaxAttempts: attempts})
	return err
}

// changed notes that people wrote or marked something.
func (s *Service) changed(ctx context.Context, tx *sqldb.Tx, c Channel, t connector.Talk) error {
	if !t.Alone {
		return s.soon(ctx, tx, c, "talk", afterTalk)
	}
	if _, err := tx.Exec(ctx, `insert into channel_message (channel, message) values ($1, $2) on conflict (channel, message) do nothing`, c.ID, t.Message); err != nil {
		return fmt.Errorf("note message %s of channel %s: %w", t.Message, c.Ref, err)
	}
	return s.soon(ctx, tx, c, "mark", afterMark)
}

// overlap is read twice, because what was written just now may not be listed yet.
const overlap = 30 * time.Second

// review is how long after its end talk still belongs to an incident.
const review = 18 * time.Hour

// mostBytes bounds what is read of a channel at once.
const mostBytes = 64 << 20

// reading is what was read of a channel, and what it settles.
type reading struct {
	files    []workflow.File
	size     int
	to       time.Time
	messages []string // that were read by themselves
	has      []string // all messages that were read
	gone     []string // that are evidence, and not in the channel any more
	name     string   // of the channel; empty when nothing told it
}

// read does the job of one channel.
func (s *Service) read(ctx context.Context, j *queue.Job) error {
	var id string
	if err := json.Unmarshal(j.Payload, &id); err != nil {
		return queue.Permanent(err)
	}
	c, ok, err := byID(ctx, s.DB, id)
	if err != nil {
		return s.DB.Fault(err)
	}
	if !ok {
		return nil // it was unlinked
	}
	v, d, err := s.writer(ctx, c.LinkedBy, c.num)
	if err != nil || d == nil {
		return classify(err)
	}
	r, err := s.gather(ctx, c, d)
	if err != nil {
		return classify(err)
	}
	if err := s.bring(ctx, v, d.ID, r.files); err != nil {
		return classify(err)
	}
	return s.done(ctx, c, r)
}

// writer returns who linked a channel, and the post-mortem, which they may write. It
// is nil when that is agreed on, and stays as it is.
func (s *Service) writer(ctx context.Context, person string, num int64) (v hindcast.Viewer, d *workflow.Document, err error) {
	p, err := s.Person(ctx, person)
	if err != nil {
		return v, nil, hindcast.Errorf(hindcast.Conflict, "who linked the channel has no account any more; somebody else can have it read again")
	}
	v = p.Viewer()
	d, err = s.Workflow.Get(ctx, v, fmt.Sprint(num))
	if err != nil {
		return v, nil, err
	}
	if d.Post.Status == hindcast.StatusApproved || d.Post.Status == hindcast.StatusPublished {
		return v, nil, nil
	}
	return v, d, d.May(access.Write)
}

// bring adds files to the evidence of a post-mortem and builds its timeline again,
// unless they are there already.
func (s *Service) bring(ctx context.Context, v hindcast.Viewer, incident string, files []workflow.File) error {
	if len(files) == 0 {
		return nil
	}
	added, _, err := s.Workflow.AddEvidence(ctx, v, incident, files)
	if err == nil && len(added) > 0 {
		_, err = s.Workflow.Rebuild(ctx, v, incident, nil)
	}
	return err
}

// gather reads what is new in a channel: its messages, and those that are read by
// themselves.
func (s *Service) gather(ctx context.Context, c Channel, d *workflow.Document) (*reading, error) {
	end, t, err := s.Deliver.Talker(ctx, c.EndpointID)
	if err != nil {
		return nil, err
	}
	r := &reading{to: s.now()}
	folder := safe(end.Name) + "/"
	w := connector.Window{From: c.Since, To: s.now(), Query: c.Ref}
	if !c.ReadTo.IsZero() {
		w.From = c.ReadTo.Add(-overlap)
	}
	if over := d.Post.Incident.Phases.ResolvedAt; !over.IsZero() && w.To.After(over.Add(review)) {
		w.To = over.Add(review)
	}
	for next, more := "", w.From.Before(w.To); more; more = next != "" {
		b, err := t.Fetch(ctx, w, next)
		if err != nil {
			return nil, err
		}
		if err := r.add(folder, b.Files); err != nil {
			return nil, err
		}
		if len(b.Files) > 0 {
			r.name = path.Dir(b.Files[0].Name)
		}
		next = b.Next
	}
	if err := s.alone(ctx, c, t, folder, r); err != nil {
		return nil, err
	}
	return r, s.deleted(ctx, c, t, folder, r)
}

// add adds files to what was read.
func (r *reading) add(folder string, files []connector.File) error {
	for _, f := range files {
		if r.size += len(f.Body); r.size > mostBytes {
			return hindcast.Errorf(hindcast.Invalid, "there is more than %d MB in it; export the channel and add the file instead", mostBytes>>20)
		}
		r.has = append(r.has, f.Messages...)
		body := f.Body
		r.files = append(r.files, workflow.File{Name: folder + f.Name, Size: int64(len(body)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }})
	}
	return nil
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// safe makes the name of a folder of a name.
func safe(name string) string {
	if name = strings.Trim(unfit.ReplaceAllString(name, "-"), "-."); name == "" {
		return "chat"
	}
	return name
}

func text(scan func(...any) error) (s string, err error) {
	err = scan(&s)
	return s, err
}

// alone reads messages by themselves.
func (s *Service) alone(ctx context.Context, c Channel, t connector.Talker, folder string, r *reading) error {
	list, err := sqldb.All(ctx, s.DB, text, `select message from channel_message where channel = $1 order by message`, c.ID)
	if err != nil {
		return s.DB.Fault(fmt.Errorf("read which messages of channel %s are wanted: %w", c.Ref, err))
	}
	for _, id := range list {
		files, err := t.Message(ctx, c.Ref, id)
		if err != nil {
			return err
		}
		if err := r.add(folder, files); err != nil {
			return err
		}
	}
	r.messages = list
	return nil
}

// mostAsked bounds how many messages are asked for at once because they were not
// found where they had been.
const mostAsked = 100

// deleted finds out which messages that are evidence are not in the channel any
// more: those that were to be read by themselves, and when the channel was read from
// its beginning, all. What was deleted before it was read leaves no trace.
func (s *Service) deleted(ctx context.Context, c Channel, t connector.Talker, folder string, r *reading) error {
	list, err := sqldb.All(ctx, s.DB, text, `select message from channel_seen where channel = $1 order by message`, c.ID)
	if err != nil {
		return s.DB.Fault(fmt.Errorf("read which messages of channel %s are evidence: %w", c.Ref, err))
	}
	found := map[string]bool{}
	for _, id := range r.has {
		found[id] = true
	}
	for asked := 0; len(list) > 0 && asked < mostAsked; list = list[1:] {
		alone := slices.Contains(r.messages, list[0])
		if found[list[0]] || !alone && !c.ReadTo.IsZero() {
			continue
		}
		if !alone { // it may be an answer to something from before
			files, err := t.Message(ctx, c.Ref, list[0])
			if err != nil {
				return err
			}
			if asked++; len(files) > 0 {
				continue
			}
		}
		r.gone = append(r.gone, list[0])
	}
	if len(r.gone) == 0 {
		return nil
	}
	f, err := t.Gone(ctx, c.Ref, r.gone)
	if err != nil {
		return err
	}
	return r.add(folder, []connector.File{f})
}

// done keeps how far a channel was read.
func (s *Service) done(ctx context.Context, c Channel, r *reading) error {
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `update channel set read_to = $2, read_at = $3, said = '' where id = $1`, c.ID, sqldb.Micros(r.to), sqldb.Micros(s.now())); err != nil {
			return err
		}
		if r.name != "" { // Slack tells a command no name of a private channel
			if _, err := tx.Exec(ctx, `update channel set name = $2 where id = $1 and name = ref`, c.ID, r.name); err != nil {
				return err
			}
		}
		for _, m := range r.has {
			if _, err := tx.Exec(ctx, `insert into channel_seen (channel, message) values ($1, $2) on conflict (channel, message) do nothing`, c.ID, m); err != nil {
				return err
			}
		}
		for _, m := range r.gone {
			if _, err := tx.Exec(ctx, `delete from channel_seen where channel = $1 and message = $2`, c.ID, m); err != nil {
				return err
			}
		}
		for _, m := range r.messages {
			if _, err := tx.Exec(ctx, `delete from channel_message where channel = $1 and message = $2`, c.ID, m); err != nil {
				return err
			}
		}
		return nil
	}))
}

// ended keeps what went wrong, in the transaction that ends an attempt.
func (s *Service) ended(ctx context.Context, tx *sqldb.Tx, j queue.Job) error {
	var id string
	if j.Err == nil || errors.Is(j.Err, context.Canceled) || json.Unmarshal(j.Payload, &id) != nil {
		return nil
	}
	_, err := tx.Exec(ctx, `update channel set said = $2, read_at = $3 where id = $1`, id, j.Err.Error(), sqldb.Micros(s.now()))
	return err
}

// classify says whether and when a failure is tried again.
func classify(err error) error {
	var fault *outhttp.Error
	if errors.As(err, &fault) && fault.Wait > 0 {
		return queue.After(err, fault.Wait)
	}
	switch hindcast.CodeOf(err) {
	case hindcast.Invalid, hindcast.NotFound, hindcast.Denied, hindcast.Conflict:
		return queue.Permanent(err)
	}
	return err
}
