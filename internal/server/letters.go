package server

import (
	"context"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/letter"
)

// openLetters opens what mails notices, and has them mailed when mail can leave.
func (s *Server) openLetters() {
	s.letters = letter.New(letter.Config{
		DB: s.store.DB(), Queue: s.queue, Box: s.box, Notice: s.notice, Workflow: s.workflow, Now: s.opt.Now, Address: s.address, Server: s.mail(), Closed: s.closed(),
		Actions: followup.New(followup.Config{Workflow: s.workflow, DB: s.store.DB(), Now: s.opt.Now}), Person: s.reader, People: s.readers, ReplyTo: s.replyTo,
	})
	if s.letters.Open() {
		s.notice.Mail = s.letters.Take
	}
}

// replyTo returns where an answer to a letter goes; empty when nobody takes it in.
func (s *Server) replyTo(ctx context.Context, letter string, num int64, thread, person string) (string, error) {
	return s.mailIn.ReplyTo(ctx, letter, num, thread, person)
}

// reader returns the person with an id as one who may get mail.
func (s *Server) reader(ctx context.Context, id string) (letter.Person, error) {
	p, err := s.auth.Person(ctx, id)
	return readerOf(p), err
}

// readers returns everybody with an account.
func (s *Server) readers(ctx context.Context) ([]letter.Person, error) {
	list, err := s.auth.People(ctx, hindcast.Viewer{PersonID: "server", Role: hindcast.RoleAdmin})
	var out []letter.Person
	for _, p := range list {
		out = append(out, readerOf(p))
	}
	return out, err
}

func readerOf(p auth.Person) letter.Person {
	return letter.Person{Viewer: p.Viewer(), Email: p.Email, Disabled: p.Disabled}
}
