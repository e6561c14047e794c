package reading

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
)

// How long what readers write may be, in characters, and how many questions one
// person may ask of one post-mortem.
const (
	MaxText      = 2000
	MaxNote      = 500
	MaxService   = 100
	MaxQuestions = 20
)

// Marks are what readers left, as one of them sees it.
type Marks struct {
	Thanks    int
	Thanked   bool // by the viewer
	Questions []Question
	Uses      []Use
}

// Question is what a reader asks, with its answers.
type Question struct {
	ID      string
	At      time.Time
	Text    string
	Mine    bool // the viewer asked
	Answers []Answer
}

// Answer answers a question. Who takes part answers.
type Answer struct {
	ID   string
	At   time.Time
	Text string
	Mine bool // the viewer wrote it
}

// Use says for which service of a reader something is useful, and how.
type Use struct {
	Service string
	Note    string
	At      time.Time
	Mine    bool // the viewer wrote it
}

// Marks returns what readers left at a publication that the viewer was given.
func (s *Service) Marks(ctx context.Context, v hindcast.Viewer, p *Front) (Marks, error) {
	var m Marks
	err := s.DB.Read(ctx, func(tx *sqldb.Tx) error {
		var err error
		if m, err = thanks(ctx, tx, v, p.Num); err != nil {
			return err
		}
		if m.Questions, err = questions(ctx, tx, v, p.Num); err != nil {
			return err
		}
		m.Uses, err = uses(ctx, tx, v, p.Num)
		return err
	})
	if err != nil {
		return Marks{}, s.DB.Fault(fmt.Errorf("read what readers left at #%d: %w", p.Num, err))
	}
	return m, nil
}

func thanks(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, num int64) (m Marks, err error) {
	var mine int
	err = tx.QueryRow(ctx, `select count(*), coalesce(sum(case when t.person = $2 then 1 else 0 end), 0) from reader_thanks t where t.incident = $1`, num, v.PersonID).
		Scan(&m.Thanks, &mine)
	m.Thanked = mine > 0
	return m, err
}

func questions(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, num int64) ([]Question, error) {
	list, err := sqldb.All(ctx, tx, func(scan func(...any) error) (q Question, err error) {
		var at int64
		var person string
		err = scan(&q.ID, &at, &person, &q.Text)
		q.At, q.Mine = sqldb.Time(at), person == v.PersonID
		return q, err
	}, `select q.id, q.at, q.person, q.text from reader_question q where q.incident = $1 order by q.id`, num)
	if err != nil {
		return nil, err
	}
	type answered struct {
		Answer
		question string
	}
	answers, err := sqldb.All(ctx, tx, func(scan func(...any) error) (a answered, err error) {
		var at int64
		var person string
		err = scan(&a.question, &a.ID, &at, &person, &a.Text)
		a.At, a.Mine = sqldb.Time(at), person == v.PersonID
		return a, err
	}, `select a.question, a.id, a.at, a.person, a.text from reader_answer a where a.incident = $1 order by a.id`, num)
	for _, a := range answers {
		if i := slices.IndexFunc(list, func(q Question) bool { return q.ID == a.question }); i >= 0 {
			list[i].Answers = append(list[i].Answers, a.Answer)
		}
	}
	return list, err
}

func uses(ctx context.Context, tx *sqldb.Tx, v hindcast.Viewer, num int64) ([]Use, error) {
	return sqldb.All(ctx, tx, func(scan func(...any) error) (u Use, err error) {
		var at int64
		var person string
		err = scan(&u.Service, &u.Note, &at, &person)
		u.At, u.Mine = sqldb.Time(at), person == v.PersonID
		return u, err
	}, `select u.service, u.note, u.at, u.person from reader_use u where u.incident = $1 order by u.at, u.service_key`, num)
}

// Thank thanks those who wrote a post-mortem, or takes the viewer's thanks back.
func (s *Service) Thank(ctx context.Context, v hindcast.Viewer, ref string, on bool) error {
	return s.leave(ctx, v, ref, func(h *workflow.Held) error {
		text := `insert into reader_thanks (incident, person, at) values ($1, $2, $3) on conflict (incident, person) do nothing`
		args := []any{h.Num, v.PersonID, sqldb.Micros(s.now())}
		if !on {
			text, args = `delete from reader_thanks where incident = $1 and person = $2`, args[:2]
		}
		return exec(ctx, h, "thank for", text, args...)
	})
}

// Ask asks those who take part. They are told, in the same transaction.
func (s *Service) Ask(ctx context.Context, v hindcast.Viewer, ref, text string) (id string, err error) {
	if text, err = written("question", text, MaxText); err != nil {
		return "", err
	}
	err = s.leave(ctx, v, ref, func(h *workflow.Held) error {
		asked, _, err := sqldb.Value[int](ctx, h.SQL(), `select count(*) from reader_question q where q.incident = $1 and q.person = $2`, h.Num, v.PersonID)
		if err != nil {
			return fmt.Errorf("count the questions about #%d: %w", h.Num, err)
		}
		if asked >= MaxQuestions {
			return hindcast.Errorf(hindcast.Conflict, "you asked %d questions about this post-mortem already; talk to those who wrote it", asked)
		}
		id = store.NewID(s.now())
		if err := exec(ctx, h, "ask about", `insert into reader_question (incident, id, person, at, text) values ($1, $2, $3, $4, $5)`,
			h.Num, id, v.PersonID, sqldb.Micros(s.now()), text); err != nil {
			return err
		}
		if err := h.Audit(ctx, "reading.ask", map[string]string{"question": id}); err != nil {
			return err
		}
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteQuestion, To: writers(h), Subject: fmt.Sprintf("A reader asks about #%d", h.Num),
			Path: fmt.Sprintf("/p/%d/read#question-%s", h.Num, id), Key: "question-" + id})
	})
	return id, err
}

// writers returns the ids of those who can answer for a post-mortem.
func writers(h *workflow.Held) []string {
	var out []string
	for _, p := range h.People {
		if p.Role == string(access.Lead) || p.Role == string(access.Participant) {
			out = append(out, p.PersonID)
		}
	}
	return out
}

// Answer answers a question. Whoever takes part may; who asked is told.
func (s *Service) Answer(ctx context.Context, v hindcast.Viewer, ref, question, text string) error {
	text, err := written("answer", text, MaxText)
	if err != nil {
		return err
	}
	return s.leave(ctx, v, ref, func(h *workflow.Held) error {
		if !h.Participates(v.PersonID) {
			return hindcast.Errorf(hindcast.Denied, "questions are answered by those who take part; ask a lead to add you")
		}
		asker, found, err := sqldb.Value[string](ctx, h.SQL(), `select q.person from reader_question q where q.incident = $1 and q.id = $2`, h.Num, question)
		if err != nil {
			return fmt.Errorf("read a question about #%d: %w", h.Num, err)
		}
		if !found {
			return hindcast.Errorf(hindcast.NotFound, "this question was taken back; there is nothing to answer")
		}
		id := store.NewID(s.now())
		if err := exec(ctx, h, "answer a question about", `insert into reader_answer (incident, question, id, person, at, text) values ($1, $2, $3, $4, $5, $6)`,
			h.Num, question, id, v.PersonID, sqldb.Micros(s.now()), text); err != nil {
			return err
		}
		if err := h.Audit(ctx, "reading.answer", map[string]string{"question": question}); err != nil {
			return err
		}
		return h.Notify(ctx, workflow.Note{Kind: workflow.NoteReply, To: []string{asker}, Subject: fmt.Sprintf("Your question about #%d is answered", h.Num),
			Path: fmt.Sprintf("/p/%d/read#question-%s", h.Num, question), Key: "answer-" + id, Open: true})
	})
}

// TakeBack removes a question with its answers: who asked may, and a lead.
func (s *Service) TakeBack(ctx context.Context, v hindcast.Viewer, ref, question string) error {
	return s.leave(ctx, v, ref, func(h *workflow.Held) error {
		lead := slices.ContainsFunc(h.People, func(p store.Participant) bool { return p.PersonID == v.PersonID && p.Role == string(access.Lead) })
		res, err := h.SQL().Exec(ctx, `delete from reader_question where incident = $1 and id = $2 and (person = $3 or $4)`, h.Num, question, v.PersonID, lead)
		if err != nil {
			return fmt.Errorf("take back a question about #%d: %w", h.Num, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return hindcast.Errorf(hindcast.NotFound, "there is no such question of yours")
		}
		return h.Audit(ctx, "reading.take_back", map[string]string{"question": question})
	})
}

// Use says that a post-mortem is useful to a service, and how. A second note about
// the same service stands in the place of the first; an empty note takes it back.
func (s *Service) Use(ctx context.Context, v hindcast.Viewer, ref, service, note string) error {
	service, err := written("service", service, MaxService)
	if err != nil {
		return err
	}
	key := strings.ToLower(service)
	if strings.TrimSpace(note) == "" {
		return s.leave(ctx, v, ref, func(h *workflow.Held) error {
			return exec(ctx, h, "take back a note at", `delete from reader_use where incident = $1 and person = $2 and service_key = $3`, h.Num, v.PersonID, key)
		})
	}
	if note, err = written("note", note, MaxNote); err != nil {
		return err
	}
	return s.leave(ctx, v, ref, func(h *workflow.Held) error {
		return exec(ctx, h, "leave a note at", `insert into reader_use (incident, person, service_key, service, note, at) values ($1, $2, $3, $4, $5, $6)
			on conflict (incident, person, service_key) do update set service = $4, note = $5, at = $6`, h.Num, v.PersonID, key, service, note, sqldb.Micros(s.now()))
	})
}

// leave runs f with the post-mortem at which a reader leaves something, held.
func (s *Service) leave(ctx context.Context, v hindcast.Viewer, ref string, f func(*workflow.Held) error) error {
	if v.TokenID != "" && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "this token may only read; use one that may write, or sign in")
	}
	p, err := s.Get(ctx, v, ref, 0)
	if err != nil {
		return err
	}
	return s.Workflow.HoldFor(ctx, v.PersonID, p.ID, func(h *workflow.Held) error {
		if err := s.still(ctx, v, h); err != nil {
			return err
		}
		return f(h)
	})
}

// still returns an error when a viewer may not read any more what is held now.
func (s *Service) still(ctx context.Context, v hindcast.Viewer, h *workflow.Held) error {
	switch {
	case h.Participates(v.PersonID):
		return nil
	case h.Private:
		return missing()
	case h.Post.Status == hindcast.StatusPublished:
		return nil
	}
	_, found, err := sqldb.Value[int64](ctx, h.SQL(), `select i.num from incident i where i.num = $1 and `+open, h.Num)
	if err != nil {
		return fmt.Errorf("read who may read #%d: %w", h.Num, err)
	}
	if !found {
		return missing()
	}
	return nil
}

// exec runs a statement about a post-mortem that is held.
func exec(ctx context.Context, h *workflow.Held, what, text string, args ...any) error {
	if _, err := h.SQL().Exec(ctx, text, args...); err != nil {
		return fmt.Errorf("%s #%d: %w", what, h.Num, err)
	}
	return nil
}

// written returns what a reader wrote without space around it, when it is neither
// empty nor too long.
func written(what, text string, longest int) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", hindcast.Errorf(hindcast.Invalid, "the %s is empty; write a few words", what)
	case n > longest:
		return "", hindcast.Errorf(hindcast.Invalid, "the %s has %d characters; %d are the most", what, n, longest)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", hindcast.Errorf(hindcast.Invalid, "the %s is no readable text; write it anew", what)
	}
	return text, nil
}
