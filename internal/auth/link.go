package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Link is a link that works once: to set the first account up, to accept an
// invitation, or to choose a new password.
type Link struct {
	Secret  string
	Kind    LinkKind
	Email   string        // whom it invites; empty for set-up
	Role    hindcast.Role // that the new account gets
	Expires time.Time
}

// LinkKind says what a link is for.
type LinkKind string

// The kinds of links.
const (
	LinkSetup  LinkKind = "setup"
	LinkInvite LinkKind = "invite"
	LinkReset  LinkKind = "reset"
)

const (
	setupFor  = 24 * time.Hour
	inviteFor = 7 * 24 * time.Hour
	resetFor  = 2 * time.Hour
)

// Setup returns a link that makes the first admin, for whoever sees the terminal
// of the server; nil when there are people already. Earlier set-up links end.
func (a *Auth) Setup(ctx context.Context) (*Link, error) {
	var link *Link
	err := a.db.Write(ctx, func(tx *sqldb.Tx) error {
		link = nil
		var n int
		if err := tx.QueryRow(ctx, `select count(*) from (select 1 from person limit 1) p`).Scan(&n); err != nil || n > 0 {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from account_link where kind = $1`, LinkSetup); err != nil {
			return err
		}
		l := Link{Kind: LinkSetup, Role: hindcast.RoleAdmin}
		if err := a.insertLink(ctx, tx, &l, "", setupFor); err != nil {
			return err
		}
		link = &l
		return nil
	})
	return link, err
}

// Invite returns a link with which somebody makes an account.
func (a *Auth) Invite(ctx context.Context, v hindcast.Viewer, email string, role hindcast.Role) (Link, error) {
	l := Link{Kind: LinkInvite, Email: strings.ToLower(strings.TrimSpace(email)), Role: role}
	if !v.MayAdminister() {
		return l, errAdmin()
	}
	if err := (Person{Email: l.Email, Name: "x", Role: role}).check(); err != nil {
		return l, err
	}
	err := a.db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := a.insertLink(ctx, tx, &l, "", inviteFor); err != nil {
			return err
		}
		return a.audit(ctx, tx, v, "person.invite", string(role))
	})
	return l, err
}

// Reset returns a link with which a person chooses a new password.
func (a *Auth) Reset(ctx context.Context, v hindcast.Viewer, personID string) (Link, error) {
	l := Link{Kind: LinkReset}
	if !v.MayAdminister() {
		return l, errAdmin()
	}
	p, err := a.Person(ctx, personID)
	if err != nil {
		return l, err
	}
	l.Email, l.Role = p.Email, p.Role
	err = a.db.Write(ctx, func(tx *sqldb.Tx) error {
		if err := a.insertLink(ctx, tx, &l, p.ID, resetFor); err != nil {
			return err
		}
		return a.audit(ctx, tx, v, "person.reset", p.ID)
	})
	return l, err
}

func (a *Auth) insertLink(ctx context.Context, tx *sqldb.Tx, l *Link, personID string, lasts time.Duration) error {
	l.Secret, l.Expires = newSecret("hcl_"), a.now().UTC().Add(lasts)
	_, err := tx.Exec(ctx, `insert into account_link (secret, kind, email, role, person_id, expires_at) values ($1, $2, $3, $4, $5, $6)`,
		digest(l.Secret), l.Kind, l.Email, l.Role, personID, sqldb.Micros(l.Expires))
	return err
}

// Link returns what a link is for, without using it.
func (a *Auth) Link(ctx context.Context, secret string) (Link, error) {
	l, _, err := a.findLink(ctx, a.db, secret)
	return l, err
}

func (a *Auth) findLink(ctx context.Context, q sqldb.Querier, secret string) (l Link, personID string, err error) {
	l.Secret = secret
	var expires int64
	err = q.QueryRow(ctx, `select kind, email, role, person_id, expires_at from account_link where secret = $1 and expires_at > $2`,
		digest(secret), sqldb.Micros(a.now())).Scan(&l.Kind, &l.Email, &l.Role, &personID, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return l, "", hindcast.Errorf(hindcast.NotFound, "this link was used or has ended; ask for a new one")
	}
	l.Expires = sqldb.Time(expires)
	return l, personID, err
}

// Use uses a link: it makes the account, or sets the new password, and starts a
// session. email counts for set-up only, name not for a reset.
func (a *Auth) Use(ctx context.Context, from Origin, secret, email, name, password string) (Session, error) {
	l, _, err := a.findLink(ctx, a.db, secret)
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return Session{}, a.guessed(ctx, "link:"+from.Address, hindcast.NotFound, err.Error())
	}
	if err != nil {
		return Session{}, err
	}
	if l.Kind == LinkSetup {
		l.Email = strings.ToLower(strings.TrimSpace(email))
	}
	if err := checkPassword(password, l.Email); err != nil {
		return Session{}, err
	}
	hash := a.hashPassword(password)
	var p Person
	err = a.db.Write(ctx, func(tx *sqldb.Tx) error {
		// Deleting the link first makes sure that it works once.
		_, personID, err := a.findLink(ctx, tx, secret)
		if err != nil {
			return err
		}
		res, err := tx.Exec(ctx, `delete from account_link where secret = $1`, digest(secret))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, hindcast.Errorf(hindcast.NotFound, "this link was used; ask for a new one"))
		}
		if l.Kind == LinkReset {
			return a.setPassword(ctx, tx, personID, hash, &p)
		}
		if p, err = a.insertPerson(ctx, tx, Person{Email: l.Email, Name: name, Role: l.Role}, hash); err != nil {
			return err
		}
		return a.audit(ctx, tx, p.Viewer(), "person."+string(l.Kind), "")
	})
	if err != nil {
		return Session{}, err
	}
	return a.start(ctx, p, from, "session.link")
}

func (a *Auth) setPassword(ctx context.Context, tx *sqldb.Tx, personID, hash string, p *Person) error {
	if _, err := tx.Exec(ctx, `update person set password = $2 where id = $1`, personID, hash); err != nil {
		return err
	}
	for _, table := range []string{"session", "account_link"} { // other links for a new password end too
		if _, err := tx.Exec(ctx, `delete from `+table+` where person_id = $1`, personID); err != nil {
			return err
		}
	}
	var err error
	if *p, err = scanPerson(tx.QueryRow(ctx, `select `+personColumns+` from person where id = $1 and not disabled`, personID)); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return hindcast.Errorf(hindcast.Denied, "this account is switched off; ask an admin")
		}
		return fmt.Errorf("find person: %w", err)
	}
	return a.audit(ctx, tx, p.Viewer(), "person.password", "by link")
}
