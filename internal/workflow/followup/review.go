package followup

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// When a review asks after an action again.
const (
	stillDays    = 28 // in one state, to be done
	unshownDays  = 14 // done, and not verified
	rememberDays = 6  // after it was looked at
)

// stale adds that an action is one which a review goes through.
func stale(w *sqldb.Where, today hindcast.Date) {
	day := days(today)
	w.And(`(x.open and (x.due < ? or x.due = ? or x.owner = '' or case when x.since > 0 then x.since else x.opened end <= ?)
		or x.status = 'done' and case when x.since > 0 then x.since else x.opened end <= ?
		or x.status = 'wont-do' and x.revisit > 0 and x.revisit <= ?)`,
		day, noDue, day-stillDays, day-unshownDays, day)
}

// Why says why a review goes through an action: each reason a few words.
func Why(a hindcast.ActionItem, agreed, today hindcast.Date) []string {
	since := a.Since()
	if since.IsZero() {
		since = agreed
	}
	still := int(today.Time().Sub(since.Time()).Hours() / 24)
	var out []string
	add := func(is bool, format string, args ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(a.Overdue(today), "due %s, %s ago", a.Due, plural(int(today.Time().Sub(a.Due.Time()).Hours()/24)))
	add(a.Open() && a.Due.IsZero(), "no date")
	add(a.Open() && a.Owner == "", "no owner")
	add(a.Open() && !since.IsZero() && still >= stillDays, "%s for %s", strings.ReplaceAll(string(a.Status), "-", " "), plural(still))
	add(a.Status == hindcast.ActionDone && !since.IsZero() && still >= unshownDays, "done for %s, not verified", plural(still))
	add(a.Status == hindcast.ActionDeclined && !a.Revisit.IsZero() && a.Revisit.Compare(today) <= 0, "to be looked at again since %s", a.Revisit)
	return out
}

func plural(days int) string {
	if days == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", days)
}

// Outcome is what came of looking at an action.
type Outcome string

// The outcomes.
const (
	Kept    Outcome = "kept"    // it goes on as it is
	Changed Outcome = "changed" // it has another day, owner, priority or status
	Asked   Outcome = "asked"   // its people are asked about it
	Skipped Outcome = "skipped" // it comes again in the next review
)

// Review goes through what is overdue or stands still, one action after the other.
type Review struct {
	ID       string
	PersonID string // who began it
	Scope    string // query of the actions that it goes through; empty for all
	Started  time.Time
	Ended    time.Time // zero while it is not over
	Looks    []Look    // what was looked at and the viewer may see, the last first
	Left     int       // how many are left
	Next     *Row      // the next one; nil when none is left, or it is over
}

// Look is what came of looking at one action.
type Look struct {
	IncidentID  string
	Num         int64
	ActionID    string
	Description string // of the action; empty when it is not there any more
	At          time.Time
	PersonID    string
	ReviewID    string
	Outcome     Outcome
	Note        string
}

// Begin begins a review of the actions that the query of a list asks for; empty for
// all.
func (s *Service) Begin(ctx context.Context, v hindcast.Viewer, query string) (Review, error) {
	r := Review{ID: store.NewID(s.now()), PersonID: v.PersonID, Started: s.now()}
	if !v.MayWrite() {
		return r, hindcast.Errorf(hindcast.Denied, "a review is led by a member; an admin can make you one")
	}
	asked, err := url.ParseQuery(query)
	if err != nil {
		return r, hindcast.Errorf(hindcast.Invalid, "the filter cannot be read; open the list, filter it and begin there")
	}
	asked.Del("state")
	if r.Scope = Query(asked); len(r.Scope) > maxView {
		return r, hindcast.Errorf(hindcast.Invalid, "the filter is too long")
	}
	err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `insert into action_review (id, person, scope, started_at, ended_at) values ($1, $2, $3, $4, 0)`,
			r.ID, r.PersonID, r.Scope, sqldb.Micros(r.Started))
		return err
	})
	return r, err
}

const reviewColumns = `id, person, scope, started_at, ended_at`

func scanReview(scan func(...any) error) (r Review, err error) {
	var started, ended int64
	err = scan(&r.ID, &r.PersonID, &r.Scope, &started, &ended)
	r.Started, r.Ended = sqldb.Time(started), sqldb.Time(ended)
	return r, err
}

// Reviews returns the last reviews, the last begun first, without what was looked at.
func (s *Service) Reviews(ctx context.Context, v hindcast.Viewer, limit int) ([]Review, error) {
	if !v.MayRead() {
		return nil, nil
	}
	list, err := sqldb.All(ctx, s.DB, scanReview, `select `+reviewColumns+` from action_review order by started_at desc, id limit $1`, min(max(limit, 1), store.MaxLimit))
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the reviews of actions: %w", err))
	}
	for i := range list {
		if list[i].Looks, err = s.seenLooks(ctx, v, list[i].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Review returns a review as it stands.
func (s *Service) Review(ctx context.Context, v hindcast.Viewer, id string) (Review, error) {
	if !v.MayRead() {
		return Review{}, noReview()
	}
	list, err := sqldb.All(ctx, s.DB, scanReview, `select `+reviewColumns+` from action_review where id = $1`, id)
	if err == nil && len(list) == 0 {
		return Review{}, noReview()
	}
	if err != nil {
		return Review{}, s.DB.Fault(fmt.Errorf("read review %s: %w", id, err))
	}
	r := list[0]
	if r.Looks, err = s.seenLooks(ctx, v, id); err != nil || !r.Ended.IsZero() {
		return r, err
	}
	queue, err := s.queue(ctx, v, r)
	if r.Left = len(queue); err != nil || r.Left == 0 {
		return r, err
	}
	if queue, err = s.shown(ctx, v, queue[:1]); err == nil {
		r.Next = &queue[0]
	}
	return r, err
}

func noReview() error { return hindcast.Errorf(hindcast.NotFound, "there is no such review") }

// maxQueue is how many actions a review goes through at most.
const maxQueue = 500

// Queue returns what is left of a review: overdue actions, those to be done without a
// day or an owner or that stand still for four weeks, those done two weeks ago that
// nobody verified, and decisions that are to be looked at again. What was looked at
// this week is left out, the first due comes first.
func (s *Service) Queue(ctx context.Context, v hindcast.Viewer, r Review) ([]Row, error) {
	rows, err := s.queue(ctx, v, r)
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, v, rows)
}

// Waiting returns how many actions a review of all would go through now.
func (s *Service) Waiting(ctx context.Context, v hindcast.Viewer) (int, error) {
	rows, err := s.queue(ctx, v, Review{})
	return len(rows), err
}

func (s *Service) queue(ctx context.Context, v hindcast.Viewer, r Review) ([]Row, error) {
	asked, err := url.ParseQuery(r.Scope)
	if err != nil {
		return nil, fmt.Errorf("read the scope of review %s: %w", r.ID, err)
	}
	f := FilterOf(asked)
	f.Open, f.Stale = false, true
	var w sqldb.Where
	if err := f.where(&w, v, s.Today()); err != nil {
		return nil, err
	}
	w.And(`not exists (select 1 from action_look l where l.incident = x.incident and l.action = x.id and (l.review = ? or l.at >= ? and l.outcome <> 'skipped'))`,
		r.ID, sqldb.Micros(s.now().AddDate(0, 0, -rememberDays)))
	return s.read(ctx, v, &w, maxQueue)
}

// Look keeps what came of looking at an action in a review, and makes the change that
// came of it, if any. Who is asked about an action are those who lead its post-mortem.
func (s *Service) Look(ctx context.Context, v hindcast.Viewer, review string, t Target, outcome Outcome, note string, c Change) (Done, error) {
	note = strings.TrimSpace(note)
	var done Done
	if !v.MayWrite() {
		return done, hindcast.Errorf(hindcast.Denied, "you may read here, and not write; an admin can make you a member")
	}
	if len(note) > 2000 {
		return done, hindcast.Errorf(hindcast.Invalid, "the note is longer than 2000 letters")
	}
	d, err := s.Workflow.Get(ctx, v, t.Incident)
	if err != nil {
		return done, err
	}
	err = s.Workflow.Hold(ctx, v, d.ID, access.Read, func(h *workflow.Held) error {
		done = Done{h.ID, h.Num, t.Action, 0}
		if err := s.open(ctx, h.SQL(), review); err != nil {
			return err
		}
		if err := s.carryOut(ctx, h, t, outcome, c, &done); err != nil {
			return err
		}
		if err := s.keepLook(ctx, h, Look{ActionID: t.Action, At: s.now(), PersonID: v.PersonID, ReviewID: review, Outcome: outcome, Note: note}); err != nil {
			return err
		}
		if outcome == Asked {
			return h.Notify(ctx, question(h, t.Action, note, review))
		}
		return nil
	})
	return done, err
}

// carryOut makes the change that came of looking at an action.
func (s *Service) carryOut(ctx context.Context, h *workflow.Held, t Target, outcome Outcome, c Change, done *Done) error {
	switch outcome {
	case Kept, Asked, Skipped:
		c = Change{}
	case Changed:
		if c.empty() {
			return hindcast.Errorf(hindcast.Invalid, "say what is to change")
		}
	default:
		return hindcast.Errorf(hindcast.Invalid, "a review has no outcome %q", outcome)
	}
	changes, err := c.of(h.Document, t, s.Today())
	if err != nil || c.empty() {
		return err
	}
	saved, err := h.Edit(ctx, changes, "")
	done.Revision = saved.Revision
	return err
}

// open refuses a review that is over.
func (s *Service) open(ctx context.Context, tx *sqldb.Tx, review string) error {
	ended, found, err := sqldb.Value[int64](ctx, tx, `select ended_at from action_review where id = $1`, review)
	switch {
	case err != nil:
		return err
	case !found:
		return noReview()
	case ended > 0:
		return hindcast.Errorf(hindcast.Conflict, "this review is over; begin another one")
	}
	return nil
}

func (s *Service) keepLook(ctx context.Context, h *workflow.Held, l Look) error {
	if _, err := h.SQL().Exec(ctx, `insert into action_look (incident, action, at, person, review, outcome, note) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (incident, action, at, person) do update set review = $5, outcome = $6, note = $7`,
		h.Num, l.ActionID, sqldb.Micros(l.At), l.PersonID, l.ReviewID, string(l.Outcome), l.Note); err != nil {
		return err
	}
	return h.Audit(ctx, "action.look", map[string]string{"action": l.ActionID, "outcome": string(l.Outcome), "review": l.ReviewID})
}

// question tells those who lead a post-mortem that a review asks about an action.
func question(h *workflow.Held, id, note, review string) workflow.Note {
	n := workflow.Note{Kind: workflow.NoteQuestion, Path: fmt.Sprintf("/actions/%d/%s", h.Num, url.PathEscape(id)), Key: "review/" + review + "/" + h.ID + "/" + id}
	for _, p := range h.People {
		if access.Part(p.Role) == access.Lead {
			n.To = append(n.To, p.PersonID)
		}
	}
	for _, a := range h.Post.Actions {
		if a.ID == id {
			n.Subject = fmt.Sprintf("The review of actions asks about “%s” of #%d", a.Description, h.Num)
		}
	}
	if note != "" {
		n.Subject += ": " + note
	}
	return n
}

// End ends a review. Who may write may end one that somebody else began: it is the
// same for all.
func (s *Service) End(ctx context.Context, v hindcast.Viewer, id string) error {
	if !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "a review is led by a member; an admin can make you one")
	}
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		if err := s.open(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `update action_review set ended_at = $2 where id = $1`, id, sqldb.Micros(s.now()))
		return err
	})
}

// described returns the description of an action from its JSON.
func described(body string) string {
	var a hindcast.ActionItem
	if json.Unmarshal([]byte(body), &a) != nil {
		return ""
	}
	return a.Description
}

// seenLooks returns what was looked at in a review and the viewer may see.
func (s *Service) seenLooks(ctx context.Context, v hindcast.Viewer, review string) ([]Look, error) {
	var w sqldb.Where
	w.And(`l.review = ?`, review)
	w.And(`i.deleted_at = 0`)
	store.Seen(&w, v)
	list, err := s.looks(ctx, w.String(), maxQueue, w.Args...)
	for i, l := range list {
		var a hindcast.ActionItem
		if a, err = s.Workflow.ActionFor(ctx, v, l.IncidentID, hindcast.ActionItem{ID: l.ActionID, Description: l.Description}); err != nil {
			return nil, err
		}
		if l.Description != "" {
			list[i].Description = a.Description
		}
	}
	return list, err
}

// looks returns what was looked at, the last first.
func (s *Service) looks(ctx context.Context, condition string, limit int, args ...any) ([]Look, error) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (l Look, err error) {
		var at int64
		var body string
		err = scan(&l.IncidentID, &l.Num, &l.ActionID, &body, &at, &l.PersonID, &l.ReviewID, &l.Outcome, &l.Note)
		l.At, l.Description = sqldb.Time(at), described(body)
		return l, err
	}, `select i.id, i.num, l.action, coalesce(x.body, ''), l.at, l.person, l.review, l.outcome, l.note
		from action_look l join incident i on i.num = l.incident left join action x on x.incident = l.incident and x.id = l.action
		where `+condition+fmt.Sprintf(` order by l.at desc, l.incident, l.action limit %d`, limit), args...)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read what was looked at: %w", err))
	}
	return list, nil
}
