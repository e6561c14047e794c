package channel

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// note is what somebody adds.
type note struct {
	mark, text string
	at         time.Time
}

// mostText bounds what is added at once.
const mostText = 2000

// add keeps what somebody adds, once for each command.
func (s *Service) add(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, n connector.Notice, w note) (string, error) {
	c, err := linked(ctx, tx, end, n)
	if err != nil {
		return "", err
	}
	k, err := s.known(ctx, tx, c.num)
	switch {
	case err != nil:
		return "", err
	case k.status == hindcast.StatusApproved || k.status == hindcast.StatusPublished:
		return "", hindcast.Errorf(hindcast.Conflict, "post-mortem #%d is %s, so nothing can be added; who leads it can open it again", c.num, words(k.status))
	case w.text == "":
		return "", hindcast.Errorf(hindcast.Invalid, "write what happened, such as /hindcast add rolled back to 2.7.5")
	case len([]rune(w.text)) > mostText:
		return "", hindcast.Errorf(hindcast.Invalid, "this has more than %d characters; an entry is a sentence or two", mostText)
	}
	_, err = tx.Exec(ctx, `insert into channel_note (id, incident, endpoint, name, linked_by, person, mark, at, written_at, text, kept) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (id) do nothing`,
		end.ID+"/"+n.ID, c.num, end.ID, c.Name, c.LinkedBy, n.Talk.User, w.mark, sqldb.Micros(w.at.Truncate(time.Second)), sqldb.Micros(n.At), w.text, false)
	if err != nil {
		return "", fmt.Errorf("keep what was added in channel %s: %w", c.Ref, err)
	}
	what := "Added"
	if w.mark == "decision" {
		what = "Added as a decision"
	}
	at := w.at.In(s.zone())
	return fmt.Sprintf("%s to post-mortem #%d at %s: %s\nIt appears there in about a minute: %s/p/%d", what, c.num, at.Format("15:04:05 MST on 2 January"), short(w.text, 200), s.Address(), c.num),
		s.keepSoon(ctx, tx, c.num, 10*time.Second)
}

// keepSoon queues that what was added for a post-mortem becomes evidence, once for
// all that is added within a while.
func (s *Service) keepSoon(ctx context.Context, tx *sqldb.Tx, num int64, wait time.Duration) error {
	at := s.now()
	if wait > 0 {
		at = at.Truncate(wait).Add(wait)
	}
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: keepKind, Key: fmt.Sprintf("%d/%d", num, at.UnixMicro()), Payload: workflow.JSON(num), RunAt: at, MaxAttempts: attempts})
	return err
}

// waiting counts what was added for a post-mortem and is no evidence yet.
func waiting(ctx context.Context, q sqldb.Querier, num int64) (int64, error) {
	var n int64
	if err := q.QueryRow(ctx, `select count(*) from channel_note where incident = $1 and kept = $2`, num, false).Scan(&n); err != nil {
		return 0, fmt.Errorf("count what was added for #%d: %w", num, err)
	}
	return n, nil
}

// Waiting returns how many entries people added in channels that are not in a
// post-mortem yet.
func (s *Service) Waiting(ctx context.Context, v hindcast.Viewer, incident string) (int64, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return 0, err
	}
	n, err := waiting(ctx, s.DB, d.Num)
	return n, s.DB.Fault(err)
}

// added is what somebody added by a command, as it becomes evidence.
type added struct {
	Time    time.Time `json:"time"`
	Channel string    `json:"channel"`
	User    string    `json:"user"`
	Text    string    `json:"text"`
	ID      string    `json:"id"`
	Mark    string    `json:"mark"`
	Written time.Time `json:"written"`

	id, endpoint, by string
}

// keep does the job that makes evidence of what people added for a post-mortem.
func (s *Service) keep(ctx context.Context, j *queue.Job) error {
	var num int64
	if err := json.Unmarshal(j.Payload, &num); err != nil {
		return queue.Permanent(err)
	}
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (a added, err error) {
		var at, written int64
		err = scan(&a.id, &a.endpoint, &a.Channel, &a.by, &a.User, &a.Mark, &at, &written, &a.Text)
		a.Time, a.Written = sqldb.Time(at), sqldb.Time(written)
		return a, err
	}, `select id, endpoint, name, linked_by, person, mark, at, written_at, text from channel_note where incident = $1 and kept = $2 order by endpoint, name, linked_by, written_at, id`, num, false)
	if err != nil {
		return s.DB.Fault(fmt.Errorf("read what was added for #%d: %w", num, err))
	}
	for len(list) > 0 {
		n := slices.IndexFunc(list, func(a added) bool {
			return a.endpoint != list[0].endpoint || a.Channel != list[0].Channel || a.by != list[0].by
		})
		if n < 0 {
			n = len(list)
		}
		if err := s.keepOf(ctx, num, list[:n], j.Attempt < attempts); err != nil {
			return classify(err)
		}
		list = list[n:]
	}
	return nil
}

// keepOf makes evidence of what was added in one channel. strict says that the names
// of people are waited for.
func (s *Service) keepOf(ctx context.Context, num int64, list []added, strict bool) error {
	v, d, err := s.writer(ctx, list[0].by, num)
	if err != nil || d == nil {
		return err
	}
	place, names, err := s.names(ctx, list)
	if err != nil && strict && hindcast.CodeOf(err) == hindcast.Unavailable {
		return err
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	for _, a := range list {
		_, a.ID, _ = strings.Cut(a.id, "/")
		a.User = cmp.Or(names[a.User], a.User)
		if err := enc.Encode(a); err != nil {
			return fmt.Errorf("write what was added for #%d: %w", num, err)
		}
	}
	r := &reading{}
	name := safe(list[0].Channel) + "/added-" + list[0].Written.Format("2006-01-02.150405") + ".ndjson"
	if err := r.add(safe(place)+"/", []connector.File{{Name: name, Body: body.Bytes()}}); err != nil {
		return err
	}
	if err := s.bring(ctx, v, d.ID, r.files); err != nil {
		return err
	}
	return s.DB.Fault(s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		for _, a := range list {
			if _, err := tx.Exec(ctx, `update channel_note set kept = $2 where id = $1`, a.id, true); err != nil {
				return err
			}
		}
		return nil
	}))
}

// names returns what the place is called in which something was added, and who
// added it.
func (s *Service) names(ctx context.Context, list []added) (place string, names map[string]string, err error) {
	end, t, err := s.Deliver.Talker(ctx, list[0].endpoint)
	if err != nil {
		return end.Name, nil, err
	}
	var users []string
	for _, a := range list {
		users = append(users, a.User)
	}
	slices.Sort(users)
	names, err = t.Names(ctx, slices.Compact(users))
	return end.Name, names, err
}
