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

// Origin is where a sign-in comes from.
type Origin struct {
	Address string // of the client, without port
	Agent   string // what the client says it is
}

// Session is a signed-in browser.
type Session struct {
	Secret  string // the value of its cookie; known only when it is made
	Person  Person
	Expires time.Time
}

// errSignIn says nothing about which of the two was wrong.
func errSignIn() error {
	return hindcast.Errorf(hindcast.Denied, "address or password is wrong; ask an admin for a link when you cannot remember")
}

// SignIn starts a session for an address and a password. Repeated failures, by
// address of the account or of the client, have to wait.
func (a *Auth) SignIn(ctx context.Context, from Origin, email, password string) (Session, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	keys := []string{"account:" + shorten(email, 254), keyOfClient(from.Address)}
	if err := a.limit.allow(ctx, a.now(), keys...); err != nil {
		return Session{}, err
	}
	if len(password) > longest {
		return Session{}, errSignIn()
	}
	var hash string
	err := a.db.QueryRow(ctx, `select password from person where email = $1 and not disabled`, email).Scan(&hash)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Session{}, fmt.Errorf("sign in: %w", err)
	}
	known := hash != ""
	if !known {
		hash = a.decoy() // as slow as with an account
	}
	if err := a.attempt(ctx, keys, hash, password, known, errSignIn()); err != nil {
		return Session{}, err
	}
	p, err := scanPerson(a.db.QueryRow(ctx, `select `+personColumns+` from person where email = $1`, email))
	if err != nil {
		return Session{}, fmt.Errorf("sign in: %w", err)
	}
	return a.start(ctx, p, from, "session.password")
}

// attempt compares a password with a hash and counts the failure, also when the
// account is not known. Attempts that were sent at once wait for their turn and
// are refused there when those before them were too many.
func (a *Auth) attempt(ctx context.Context, keys []string, hash, password string, known bool, wrong error) error {
	done, err := a.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := a.limit.allow(ctx, a.now(), keys...); err != nil {
		return err
	}
	if !samePassword(hash, password) || !known {
		if err := a.limit.failed(ctx, a.now(), keys...); err != nil {
			return err
		}
		return wrong
	}
	return a.limit.succeeded(ctx, keys...)
}

// start makes a session for a person.
func (a *Auth) start(ctx context.Context, p Person, from Origin, act string) (Session, error) {
	s := Session{Secret: newSecret("hcs_"), Person: p, Expires: a.now().UTC().Add(a.sessionFor)}
	err := a.db.Write(ctx, func(tx *sqldb.Tx) error {
		now := sqldb.Micros(a.now())
		if _, err := tx.Exec(ctx, `delete from session where expires_at < $1`, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `insert into session (secret, person_id, created_at, expires_at, agent) values ($1, $2, $3, $4, $5)`,
			digest(s.Secret), p.ID, now, sqldb.Micros(s.Expires), shorten(from.Agent, 200)); err != nil {
			return err
		}
		return a.audit(ctx, tx, p.Viewer(), act, "")
	})
	return s, err
}

func shorten(s string, n int) string {
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// renewAfter is how old a session's expiry gets before using it moves it on, so
// that most requests only read.
const renewAfter = time.Hour

// Session returns who a cookie's value belongs to. It fails with Denied when the
// session has ended.
func (a *Auth) Session(ctx context.Context, secret string) (Person, error) {
	now := a.now()
	var expires int64
	var p Person
	var created, seen int64
	err := a.db.QueryRow(ctx, `select p.id, p.email, p.name, p.role, p.disabled, p.created_at, p.seen_at, s.expires_at
		from session s join person p on p.id = s.person_id where s.secret = $1 and s.expires_at > $2 and not p.disabled`,
		digest(secret), sqldb.Micros(now)).Scan(&p.ID, &p.Email, &p.Name, &p.Role, &p.Disabled, &created, &seen, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return p, hindcast.Errorf(hindcast.Denied, "your session has ended; sign in again")
	}
	if err != nil {
		return p, fmt.Errorf("find session: %w", err)
	}
	p.Created, p.Seen = sqldb.Time(created), sqldb.Time(seen)
	if next := now.Add(a.sessionFor); next.Sub(sqldb.Time(expires)) > renewAfter {
		err = a.db.Write(ctx, func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(ctx, `update session set expires_at = $2 where secret = $1`, digest(secret), sqldb.Micros(next)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `update person set seen_at = $2 where id = $1`, p.ID, sqldb.Micros(now))
			return err
		})
	}
	return p, err
}

// SignOut ends a session, or all sessions of its person.
func (a *Auth) SignOut(ctx context.Context, secret string, everywhere bool) error {
	p, err := a.Session(ctx, secret)
	if err != nil {
		return nil // it has ended already
	}
	return a.db.Write(ctx, func(tx *sqldb.Tx) error {
		text, arg := `delete from session where secret = $1`, digest(secret)
		if everywhere {
			text, arg = `delete from session where person_id = $1`, p.ID
		}
		if _, err := tx.Exec(ctx, text, arg); err != nil {
			return err
		}
		return a.audit(ctx, tx, p.Viewer(), "session.end", "")
	})
}

// ChangePassword sets a new password for somebody who knows the present one, and
// ends their other sessions.
func (a *Auth) ChangePassword(ctx context.Context, secret, present, next string) error {
	p, err := a.Session(ctx, secret)
	if err != nil {
		return err
	}
	key := "change:" + p.ID
	if err := a.limit.allow(ctx, a.now(), key); err != nil {
		return err
	}
	var hash string
	if err := a.db.QueryRow(ctx, `select password from person where id = $1`, p.ID).Scan(&hash); err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	wrong := hindcast.Errorf(hindcast.Denied, "the present password is wrong")
	if len(present) > longest {
		return wrong
	}
	if err := a.attempt(ctx, []string{key}, hash, present, true, wrong); err != nil {
		return err
	}
	if err := checkPassword(next, p.Email); err != nil {
		return err
	}
	hash = a.hashPassword(next)
	return a.db.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `update person set password = $2 where id = $1`, p.ID, hash); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from session where person_id = $1 and secret <> $2`, p.ID, digest(secret)); err != nil {
			return err
		}
		return a.audit(ctx, tx, p.Viewer(), "person.password", "")
	})
}
