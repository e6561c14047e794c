package mailin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// token returns letters that nobody guesses: 80 bits, 16 letters.
func token() string { return strings.ToLower(rand.Text()[:16]) }

func errClosed() error {
	return hindcast.Errorf(hindcast.Conflict, "no mail is taken in; set mail_in.address, see docs/mail-in.md")
}

// General returns the address to which anybody may write; empty when no mail is
// taken in.
func (s *Service) General() string { return s.Settings.Address }

// Address returns the address of a post-mortem, for who takes part in it. It is made
// when it is first asked for.
func (s *Service) Address(ctx context.Context, v hindcast.Viewer, incident string) (string, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return "", err
	}
	if d.Part() == "" {
		return "", hindcast.Errorf(hindcast.Denied, "only who takes part here sees its address; ask a lead to add you")
	}
	if !s.Open() {
		return "", errClosed()
	}
	found, ok, err := s.tokenOf(ctx, s.DB, d.Num)
	if err == nil && !ok {
		err = s.DB.Write(ctx, func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(ctx, `insert into mail_address (incident, token, person, at) values ($1, $2, $3, $4) on conflict (incident) do nothing`, d.Num, token(), v.PersonID, sqldb.Micros(s.now())); err != nil {
				return err
			}
			found, _, err = s.tokenOf(ctx, tx, d.Num)
			return err
		})
	}
	if err != nil {
		return "", s.DB.Fault(fmt.Errorf("read the address of #%d: %w", d.Num, err))
	}
	return s.plus(fmt.Sprintf("%d-%s", d.Num, found)), nil
}

func (s *Service) tokenOf(ctx context.Context, q sqldb.Querier, num int64) (string, bool, error) {
	return sqldb.Value[string](ctx, q, `select token from mail_address where incident = $1`, num)
}

func (s *Service) plus(detail string) string { return s.local + "+" + detail + "@" + s.domain }

// Renew replaces the address of a post-mortem, so that mail to the one before is
// refused, and returns the new one.
func (s *Service) Renew(ctx context.Context, v hindcast.Viewer, incident string) (string, error) {
	d, err := s.Workflow.Get(ctx, v, incident)
	if err != nil {
		return "", err
	}
	err = s.Workflow.Hold(ctx, v, d.ID, access.Write, func(h *workflow.Held) error {
		if !s.Open() {
			return errClosed()
		}
		_, err := h.SQL().Exec(ctx, `insert into mail_address (incident, token, person, at) values ($1, $2, $3, $4) on conflict (incident) do update set token = $2, person = $3, at = $4`,
			h.Num, token(), v.PersonID, sqldb.Micros(s.now()))
		if err != nil {
			return fmt.Errorf("replace the address of #%d: %w", h.Num, err)
		}
		return h.Audit(ctx, "mail.address", nil)
	})
	if err != nil {
		return "", err
	}
	return s.Address(ctx, v, d.ID)
}

// ReplyTo returns the address at which an answer to a letter becomes a comment: the
// same for the same letter. It is empty when no mail is taken in.
func (s *Service) ReplyTo(ctx context.Context, letter string, num int64, thread, person string) (string, error) {
	if !s.Open() || s.Settings.Trusted == "" {
		return "", nil // nothing would prove who answers
	}
	var found string
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(ctx, `insert into mail_reply (letter, token, incident, thread, person, at) values ($1, $2, $3, $4, $5, $6) on conflict (letter) do nothing`,
			letter, token(), num, thread, person, sqldb.Micros(s.now()))
		if err != nil {
			return err
		}
		found, _, err = sqldb.Value[string](ctx, tx, `select token from mail_reply where letter = $1`, letter)
		return err
	})
	if err != nil {
		return "", s.DB.Fault(fmt.Errorf("make the address for answers to letter %s: %w", letter, err))
	}
	return s.plus("r-" + found), nil
}

// way is where an address leads.
type way struct {
	route          Route
	num            int64
	thread, reader string
}

// errUnknown is the answer to every address that is not one of ours, whatever there
// is behind its number.
func errUnknown() error {
	return hindcast.Errorf(hindcast.NotFound, "there is no such address here")
}

// Known returns nil when mail to an address is taken in, and a NotFound error
// otherwise, which is the same for every address that is not.
func (s *Service) Known(ctx context.Context, address string) error {
	_, err := s.lookUp(ctx, address)
	return err
}

// lookUp returns where an address leads.
func (s *Service) lookUp(ctx context.Context, address string) (way, error) {
	local, domain, ok := strings.Cut(strings.ToLower(strings.Trim(strings.TrimSpace(address), "<>")), "@")
	name, detail, plus := strings.Cut(local, "+")
	if !s.Open() || !ok || domain != s.domain || name != s.local || len(detail) > 60 {
		return way{}, errUnknown()
	}
	if !plus {
		return way{route: General}, nil
	}
	first, secret, _ := strings.Cut(detail, "-")
	if len(secret) != len(token()) {
		return way{}, errUnknown()
	}
	if first == "r" {
		return s.reply(ctx, secret)
	}
	num, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return way{}, errUnknown()
	}
	want, found, err := s.tokenOf(ctx, s.DB, num)
	if err != nil {
		return way{}, s.DB.Fault(fmt.Errorf("look an address up: %w", err))
	}
	if !found || subtle.ConstantTimeCompare([]byte(want), []byte(secret)) != 1 {
		return way{}, errUnknown()
	}
	return way{route: ToIncident, num: num}, nil
}

// reply returns where the answer to a letter belongs.
func (s *Service) reply(ctx context.Context, secret string) (way, error) {
	list, err := sqldb.All(ctx, s.DB, func(scan func(...any) error) (w way, err error) {
		w.route = Reply
		err = scan(&w.num, &w.thread, &w.reader)
		return w, err
	}, `select incident, thread, person from mail_reply where token = $1`, secret)
	if err != nil {
		return way{}, s.DB.Fault(fmt.Errorf("look an address up: %w", err))
	}
	if len(list) == 0 {
		return way{}, errUnknown()
	}
	return list[0], nil
}
