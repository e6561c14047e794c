// Package review holds what people say about a post-mortem before it is published:
// threads of comments on a part of it or on words in it, suggestions that carry
// their change with them, and who was asked to review it.
//
// Only who takes part sees any of it, and nothing of it is in what readers have. A
// suggestion is accepted in the transaction in which its change is made, by
// somebody who may make it.
package review

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// Config says what a [Service] works with. All but Now must be set.
type Config struct {
	DB       *sqldb.DB // with the tables thread, comment and review_request
	Workflow *workflow.Service
	// Names returns what people are called by their ids, and IDs their ids by their
	// addresses; who has no account, or may not sign in, is left out.
	Names func(ctx context.Context, q sqldb.Querier, ids []string) (map[string]string, error)
	IDs   func(ctx context.Context, q sqldb.Querier, addresses []string) (map[string]string, error)
	Now   func() time.Time // time.Now when nil
}

// Service keeps reviews. It may be used by several goroutines at once.
type Service struct{ Config }

// New returns a Service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Service{c}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Anchor is what a thread is about: a part by its path, "timeline/e1" or
// "sections/summary", or the whole when it is empty; with a quote, those words in
// the part's text, found again by what stands around them.
type Anchor struct {
	Path   string `json:"path,omitempty"`
	Quote  string `json:"quote,omitempty"`
	Prefix string `json:"prefix,omitempty"`
	Suffix string `json:"suffix,omitempty"`
}

// Thread is what is said about one thing.
type Thread struct {
	ID         string    `json:"id"`
	Anchor     Anchor    `json:"anchor"`
	OpenedAt   time.Time `json:"opened_at"`
	ResolvedAt time.Time `json:"resolved_at,omitzero"`
	ResolvedBy string    `json:"resolved_by,omitempty"` // id of a person
	Comments   []Comment `json:"comments"`
	// Lost is whether what it is about is not there any more, and Start and End are
	// where the quote is in the part's text now, in bytes; both 0 without one.
	Lost  bool `json:"lost,omitempty"`
	Start int  `json:"start,omitempty"`
	End   int  `json:"end,omitempty"`
}

// Comment is one thing that somebody said.
type Comment struct {
	ID       string    `json:"id"`
	PersonID string    `json:"person_id,omitempty"`
	At       time.Time `json:"at"`
	EditedAt time.Time `json:"edited_at,omitzero"`
	Text     string    `json:"text"`
	// Changes are what it suggests. Those of words are made from the text as it is
	// now; there are none once they were judged, or their place is lost.
	Changes  []part.Change `json:"changes,omitempty"`
	Words    *string       `json:"words,omitempty" doc:"what it suggests in place of the quoted words; empty to leave them out"`
	Verdict  Verdict       `json:"verdict,omitempty" enum:"accepted,declined"`
	JudgedBy string        `json:"judged_by,omitempty"`
	JudgedAt time.Time     `json:"judged_at,omitzero"`
	Reason   string        `json:"reason,omitempty"`   // why it was declined
	Revision int64         `json:"revision,omitempty"` // that took it in, to undo it
}

// Suggests reports whether a comment suggests something.
func (c Comment) Suggests() bool { return len(c.Changes) > 0 || c.Words != nil }

// Verdict is what became of a suggestion; empty while it waits.
type Verdict string

// The verdicts.
const (
	Accepted Verdict = "accepted"
	Declined Verdict = "declined"
)

// MaxText is how long a comment may be, in characters.
const MaxText = 10_000

const threadColumns = `id, path, quote, prefix, suffix, opened_at, resolved_at, resolved_by`

func scanThread(scan func(...any) error) (t Thread, err error) {
	var opened, resolved int64
	err = scan(&t.ID, &t.Anchor.Path, &t.Anchor.Quote, &t.Anchor.Prefix, &t.Anchor.Suffix, &opened, &resolved, &t.ResolvedBy)
	t.OpenedAt, t.ResolvedAt = sqldb.Time(opened), sqldb.Time(resolved)
	return t, err
}

const commentColumns = `c.id, c.person, c.at, c.edited_at, c.text, c.changes, c.verdict, c.judged_by, c.judged_at, c.reason, c.revision, c.words`

func scanComment(scan func(...any) error, more ...any) (c Comment, err error) {
	var at, edited, judged int64
	var changes string
	err = scan(append([]any{&c.ID, &c.PersonID, &at, &edited, &c.Text, &changes, &c.Verdict, &c.JudgedBy, &judged, &c.Reason, &c.Revision, &c.Words}, more...)...)
	c.At, c.EditedAt, c.JudgedAt = sqldb.Time(at), sqldb.Time(edited), sqldb.Time(judged)
	if err == nil && changes != "" {
		err = json.Unmarshal([]byte(changes), &c.Changes)
	}
	return c, err
}

// Threads returns what is said about a post-mortem, the first thing first, to who
// takes part in it.
func (s *Service) Threads(ctx context.Context, v hindcast.Viewer, ref string) ([]Thread, error) {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return nil, err
	}
	threads, err := sqldb.All(ctx, s.DB, scanThread, `select `+threadColumns+` from thread where incident = $1 order by position, id`, d.Num)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the threads of #%d: %w", d.Num, err))
	}
	at := map[string]*Thread{}
	for i := range threads {
		t := &threads[i]
		t.find(&d.Post)
		at[t.ID] = t
	}
	_, err = sqldb.All(ctx, s.DB, func(scan func(...any) error) (struct{}, error) {
		id := ""
		c, err := scanComment(scan, &id)
		if t := at[id]; err == nil && t != nil {
			if c.Words != nil && c.Verdict == "" {
				c.Changes, _ = reworded(&d.Post, t.Anchor, *c.Words) // none where it is lost
			}
			t.Comments = append(t.Comments, c)
		}
		return struct{}{}, err
	}, `select `+commentColumns+`, c.thread from comment c join thread t on t.id = c.thread where t.incident = $1 order by c.position, c.id`, d.Num)
	if err != nil {
		return nil, s.DB.Fault(fmt.Errorf("read the comments of #%d: %w", d.Num, err))
	}
	return unseen(d, threads), nil
}

// unseen leaves out what is said about accounts that the viewer does not see yet.
func unseen(d *workflow.Document, list []Thread) []Thread {
	if !d.Awaited() {
		return list
	}
	return slices.DeleteFunc(list, func(t Thread) bool {
		return ofAccount(t.Anchor.Path) || slices.ContainsFunc(t.Comments, func(c Comment) bool {
			return slices.ContainsFunc(c.Changes, func(x part.Change) bool { return ofAccount(x.Path) })
		})
	})
}

func ofAccount(path string) bool { return strings.HasPrefix(path, "accounts/") }

// partaken returns a post-mortem that the viewer takes part in.
func (s *Service) partaken(ctx context.Context, v hindcast.Viewer, ref string) (*workflow.Document, error) {
	d, err := s.Workflow.Get(ctx, v, ref)
	if err == nil && d.Part() == "" {
		err = hindcast.Errorf(hindcast.Denied, "only who takes part here sees what is said about it")
	}
	return d, err
}

// Open begins a thread with a comment. A comment with changes is a suggestion; each
// of them needs the tag that it was made from.
func (s *Service) Open(ctx context.Context, v hindcast.Viewer, ref string, a Anchor, text string, changes []part.Change) (string, error) {
	return s.begin(ctx, v, ref, a, s.of(v, Comment{Text: text, Changes: changes}))
}

// of returns a comment as that of somebody.
func (s *Service) of(v hindcast.Viewer, c Comment) Comment {
	c.ID, c.PersonID, c.At = store.NewID(s.now()), v.PersonID, s.now()
	return c
}

// begin begins a thread with what somebody says.
func (s *Service) begin(ctx context.Context, v hindcast.Viewer, ref string, a Anchor, c Comment) (string, error) {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return "", err
	}
	id := c.ID
	if c.PersonID != "" {
		id = store.NewID(s.now())
	}
	return id, s.Workflow.Hold(ctx, v, d.ID, access.Comment, func(h *workflow.Held) error {
		if err := s.anchored(h, a); err != nil {
			return err
		}
		_, err := h.SQL().Exec(ctx, `insert into thread (id, incident, path, quote, prefix, suffix, opened_at, resolved_at, resolved_by, position) values ($1, $2, $3, $4, $5, $6, $7, 0, '',
			(select coalesce(max(o.position), 0) + 1 from thread o where o.incident = $2))`,
			id, h.Num, a.Path, a.Quote, a.Prefix, a.Suffix, sqldb.Micros(c.At))
		if err != nil {
			return fmt.Errorf("open a thread on #%d: %w", h.Num, err)
		}
		if err := s.say(ctx, h, id, c); err != nil {
			return err
		}
		return said(ctx, h)
	})
}

// anchored refuses a thread about nothing.
func (s *Service) anchored(h *workflow.Held, a Anchor) error {
	if a.Path == "" {
		return nil
	}
	if err := seesPath(h, a.Path); err != nil {
		return err
	}
	if len(a.Prefix)+len(a.Suffix) > MaxText || unkept(a.Prefix+a.Suffix) {
		return hindcast.Errorf(hindcast.Invalid, "anchor: a few words before and after the quote are enough")
	}
	t := Thread{Anchor: a}
	if t.find(&h.Post); t.Lost {
		return hindcast.Errorf(hindcast.Conflict, "what you comment on is not there any more; look at it again")
	}
	return nil
}

// Reply adds a comment to a thread.
func (s *Service) Reply(ctx context.Context, v hindcast.Viewer, ref, thread, text string, changes []part.Change) error {
	return s.within(ctx, v, ref, thread, access.Comment, func(h *workflow.Held, t Thread) error {
		return s.say(ctx, h, t.ID, s.of(v, Comment{Text: text, Changes: changes}))
	})
}

// within runs f with a thread of a post-mortem, in one transaction.
func (s *Service) within(ctx context.Context, v hindcast.Viewer, ref, thread string, act access.Act, f func(*workflow.Held, Thread) error) error {
	d, err := s.partaken(ctx, v, ref)
	if err != nil {
		return err
	}
	return s.Workflow.Hold(ctx, v, d.ID, act, func(h *workflow.Held) error {
		list, err := sqldb.All(ctx, h.SQL(), scanThread, `select `+threadColumns+` from thread where id = $1 and incident = $2`, thread, h.Num)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no such thread any more")
		}
		if err := f(h, list[0]); err != nil {
			return err
		}
		return said(ctx, h)
	})
}

// say keeps a comment and tells those whom it concerns: who is named in it, and who
// wrote in the thread before.
func (s *Service) say(ctx context.Context, h *workflow.Held, thread string, c Comment) error {
	c.Text = strings.TrimSpace(c.Text)
	if n := utf8.RuneCountInString(c.Text); n == 0 && !c.Suggests() || n > MaxText {
		return hindcast.Errorf(hindcast.Invalid, "text: write something, of at most %d characters", MaxText)
	}
	if unkept(c.Text) || c.Words != nil && unkept(*c.Words) {
		return hindcast.Errorf(hindcast.Invalid, "text: leave out the characters that are none")
	}
	suggests := ""
	if len(c.Changes) > 0 {
		for _, x := range c.Changes {
			if err := seesPath(h, x.Path); err != nil {
				return err
			}
		}
		next, _, err := part.Apply(h.Post, c.Changes)
		if err != nil {
			return err
		}
		if err := acceptable(&h.Post, &next); err != nil {
			return err
		}
		suggests = string(workflow.JSON(c.Changes))
	}
	_, err := h.SQL().Exec(ctx, `insert into comment (id, thread, person, at, edited_at, text, changes, verdict, judged_by, judged_at, reason, revision, words, position) values ($1, $2, $3, $4, 0, $5, $6, '', '', 0, '', 0, $7,
		(select coalesce(max(o.position), 0) + 1 from comment o where o.thread = $2))`,
		c.ID, thread, c.PersonID, sqldb.Micros(c.At), c.Text, suggests, c.Words)
	if err != nil {
		return fmt.Errorf("keep a comment on #%d: %w", h.Num, err)
	}
	return s.tell(ctx, h, thread, c)
}

// seesPath refuses to speak of an account that the viewer is not to see yet.
func seesPath(h *workflow.Held, path string) error {
	if ofAccount(path) && h.Awaited() {
		return hindcast.Errorf(hindcast.Denied, "you are asked for what you remember before you see what others do; write it down, or decline, and try again")
	}
	return nil
}

// unkept reports whether a text holds what databases do not keep.
func unkept(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }

// tell tells who is named in a comment, and of the others who wrote in its thread
// before and who leads.
func (s *Service) tell(ctx context.Context, h *workflow.Held, thread string, c Comment) error {
	if c.PersonID == "" {
		h = h.For("") // else who is not told would be who wrote it
	}
	meant, err := s.mentioned(ctx, h, c.Text)
	if err != nil {
		return err
	}
	if err := h.Notify(ctx, workflow.Note{Kind: workflow.NoteMention, To: meant, Subject: fmt.Sprintf("You are named in a comment on #%d", h.Num), Path: path(h.Num, thread), Key: c.ID + "/mention", Undated: c.PersonID == ""}); err != nil {
		return err
	}
	to, err := sqldb.All(ctx, h.SQL(), func(scan func(...any) error) (id string, err error) {
		err = scan(&id)
		return id, err
	}, `select distinct person from comment where thread = $1 and person <> ''`, thread)
	if err != nil {
		return err
	}
	for _, p := range h.People {
		if p.Role == string(access.Lead) && !slices.Contains(to, p.PersonID) {
			to = append(to, p.PersonID)
		}
	}
	to = slices.DeleteFunc(to, func(id string) bool { return slices.Contains(meant, id) || !h.Participates(id) }) // who left is not told
	subject, err := news(ctx, h, thread, c)
	if err != nil {
		return err
	}
	return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReply, To: to, Subject: subject, Path: path(h.Num, thread), Key: c.ID, Undated: c.PersonID == ""})
}

func path(num int64, thread string) string { return fmt.Sprintf("/p/%d/review#thread-%s", num, thread) }

// Edit changes the text of one's own comment.
func (s *Service) Edit(ctx context.Context, v hindcast.Viewer, ref, thread, comment, text string) error {
	if text = strings.TrimSpace(text); text == "" || utf8.RuneCountInString(text) > MaxText || unkept(text) {
		return hindcast.Errorf(hindcast.Invalid, "text: write something, of at most %d characters", MaxText)
	}
	return s.within(ctx, v, ref, thread, access.Comment, func(h *workflow.Held, t Thread) error {
		res, err := h.SQL().Exec(ctx, `update comment set text = $4, edited_at = $5 where id = $1 and thread = $2 and person = $3`, comment, t.ID, v.PersonID, text, sqldb.Micros(s.now()))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, hindcast.Errorf(hindcast.Denied, "only who wrote a comment changes it"))
		}
		return nil
	})
}

// Resolve closes a thread, or opens it again.
func (s *Service) Resolve(ctx context.Context, v hindcast.Viewer, ref, thread string, resolved bool) error {
	return s.within(ctx, v, ref, thread, access.Comment, func(h *workflow.Held, t Thread) error {
		at, by := int64(0), ""
		if resolved {
			at, by = sqldb.Micros(s.now()), v.PersonID
		}
		_, err := h.SQL().Exec(ctx, `update thread set resolved_at = $2, resolved_by = $3 where id = $1`, t.ID, at, by)
		return err
	})
}
