// Package auth knows the people of a library: accounts, sessions, links for
// first use, API tokens and single sign-on. It says on whose behalf something
// happens; what they may do is decided elsewhere, from the [hindcast.Viewer] that
// it returns.
//
// It owns its tables. Secrets (cookies, links, tokens) are kept as hashes, and
// passwords as argon2id hashes; none ever appears in an error.
package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Audit keeps an act of a person in the audit trail, in the transaction of the
// act. detail becomes JSON and never holds a secret.
type Audit func(ctx context.Context, tx *sqldb.Tx, by hindcast.Viewer, act string, detail any) error

// Config says how an [Auth] works. DB and Audit must be set.
type Config struct {
	DB    *sqldb.DB
	Audit Audit
	Now   func() time.Time // time.Now when nil
	// SessionFor is how long a session lasts after it was last used; 14 days when 0.
	SessionFor time.Duration
}

// Auth knows the people. It may be used by several goroutines at once.
type Auth struct {
	db         *sqldb.DB
	audit      Audit
	now        func() time.Time
	sessionFor time.Duration
	limit      limiter
	hashing    chan struct{}    // holds one element for each password being hashed
	decoy      func() string    // a hash to compare with when there is no account
	demo       *hindcast.Viewer // who everybody is, in a demo; set before anything is served
}

const hashersAtOnce = 2

// New returns an Auth on a database that has its tables; see the migrations of package store.
func New(c Config) *Auth {
	a := &Auth{db: c.DB, limit: limiter{c.DB}, audit: c.Audit, now: c.Now, sessionFor: c.SessionFor, hashing: make(chan struct{}, hashersAtOnce)}
	if a.now == nil {
		a.now = time.Now
	}
	if a.sessionFor == 0 {
		a.sessionFor = 14 * 24 * time.Hour
	}
	// Made when it is first needed: a hash takes 19 MiB.
	a.decoy = sync.OnceValue(func() string { return a.hashPassword(newSecret("")) })
	return a
}

// Person is somebody with an account.
type Person struct {
	ID       string        `json:"id"`
	Email    string        `json:"email"` // lower case; unique
	Name     string        `json:"name"`
	Role     hindcast.Role `json:"role"`
	Disabled bool          `json:"disabled,omitempty"` // may not sign in; what they wrote stays
	Created  time.Time     `json:"created"`
	Seen     time.Time     `json:"seen,omitzero"` // when they were last here, to the hour
}

// Viewer returns the viewer that the person is in a session.
func (p Person) Viewer() hindcast.Viewer {
	return hindcast.Viewer{PersonID: p.ID, Name: p.Name, Role: p.Role}
}

// check refuses a person that cannot be kept, naming the field.
func (p Person) check() error {
	addr, err := mail.ParseAddress(p.Email)
	switch {
	case err != nil || addr.Address != p.Email || len(p.Email) > 254:
		return hindcast.Errorf(hindcast.Invalid, "write an e-mail address such as name@example.org")
	case strings.TrimSpace(p.Name) == "" || len(p.Name) > 200:
		return hindcast.Errorf(hindcast.Invalid, "write the name under which others know you")
	case p.Role != hindcast.RoleAdmin && p.Role != hindcast.RoleMember && p.Role != hindcast.RoleReader:
		return hindcast.Errorf(hindcast.Invalid, "choose a role: admin, member or reader")
	}
	return nil
}

const personColumns = `id, email, name, role, disabled, created_at, seen_at`

func scanPerson(row interface{ Scan(...any) error }) (Person, error) {
	var p Person
	var created, seen int64
	err := row.Scan(&p.ID, &p.Email, &p.Name, &p.Role, &p.Disabled, &created, &seen)
	p.Created, p.Seen = sqldb.Time(created), sqldb.Time(seen)
	return p, err
}

// insertPerson adds a person with a password hash, empty for none.
func (a *Auth) insertPerson(ctx context.Context, tx *sqldb.Tx, p Person, hash string) (Person, error) {
	p.Email, p.Name = strings.ToLower(strings.TrimSpace(p.Email)), strings.TrimSpace(p.Name)
	if err := p.check(); err != nil {
		return p, err
	}
	p.ID, p.Created = rand.Text(), a.now().UTC()
	res, err := tx.Exec(ctx, `insert into person (id, email, name, role, disabled, password, created_at, seen_at)
		values ($1, $2, $3, $4, false, $5, $6, 0) on conflict (email) do nothing`,
		p.ID, p.Email, p.Name, p.Role, hash, sqldb.Micros(p.Created))
	if err != nil {
		return p, fmt.Errorf("add person: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return p, errors.Join(err, hindcast.Errorf(hindcast.Conflict, "there is an account with this address already; sign in, or ask an admin for a link"))
	}
	return p, nil
}

// Person returns the person with an id.
func (a *Auth) Person(ctx context.Context, id string) (Person, error) {
	p, err := scanPerson(a.db.QueryRow(ctx, `select `+personColumns+` from person where id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return p, hindcast.Errorf(hindcast.NotFound, "there is no such person")
	}
	return p, err
}

// Names returns what people who may sign in are called, by their ids, for the
// transaction of another package.
func Names(ctx context.Context, q sqldb.Querier, ids []string) (map[string]string, error) {
	return pairs(ctx, q, ids, `select name from person where id = $1 and not disabled`)
}

// IDs returns the ids of people who may sign in by their addresses, for the
// transaction of another package.
func IDs(ctx context.Context, q sqldb.Querier, addresses []string) (map[string]string, error) {
	return pairs(ctx, q, addresses, `select id from person where email = lower($1) and not disabled`)
}

// pairs returns one value for each key that has one.
func pairs(ctx context.Context, q sqldb.Querier, keys []string, query string) (map[string]string, error) {
	out := map[string]string{}
	for _, key := range keys {
		value, found, err := sqldb.Value[string](ctx, q, query, strings.TrimSpace(key))
		if err != nil {
			return nil, fmt.Errorf("look people up: %w", err)
		}
		if found {
			out[key] = value
		}
	}
	return out, nil
}

// Active returns the person with an id who may sign in.
func (a *Auth) Active(ctx context.Context, id string) (Person, error) {
	p, err := a.Person(ctx, id)
	if err == nil && p.Disabled {
		err = hindcast.Errorf(hindcast.Invalid, "the account of %s is switched off; choose somebody else", p.Name)
	}
	return p, err
}

// People returns everybody with an account by name, for whoever may read here:
// participants are chosen from them.
func (a *Auth) People(ctx context.Context, v hindcast.Viewer) ([]Person, error) {
	if !v.MayRead() {
		return nil, hindcast.Errorf(hindcast.Denied, "sign in to see who is here")
	}
	rows, err := a.db.Query(ctx, `select `+personColumns+` from person order by lower(name), id limit 10000`)
	if err != nil {
		return nil, fmt.Errorf("list people: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []Person
	for rows.Next() {
		p, err := scanPerson(rows)
		if err != nil {
			return nil, fmt.Errorf("list people: %w", err)
		}
		if !v.MayAdminister() && p.ID != v.PersonID {
			p.Email, p.Seen = "", time.Time{}
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// SetRole changes what a person may do, or whether they may sign in at all. The
// last admin stays one.
func (a *Auth) SetRole(ctx context.Context, v hindcast.Viewer, id string, role hindcast.Role, disabled bool) error {
	if !v.MayAdminister() {
		return errAdmin()
	}
	if err := (Person{Email: "a@b.example", Name: "x", Role: role}).check(); err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *sqldb.Tx) error {
		// Admins are locked together, so that two cannot step down at once.
		rows, err := tx.Query(ctx, `select id from person where role = 'admin' and not disabled order by id`+tx.Dialect().ForUpdate)
		if err != nil {
			return err
		}
		admins, err := scanAll(rows)
		if err != nil {
			return err
		}
		if (role != hindcast.RoleAdmin || disabled) && len(admins) == 1 && admins[0] == id {
			return hindcast.Errorf(hindcast.Conflict, "this is the last admin; make somebody else an admin first")
		}
		was, err := scanPerson(tx.QueryRow(ctx, `select `+personColumns+` from person where id = $1`, id))
		if errors.Is(err, sql.ErrNoRows) {
			return hindcast.Errorf(hindcast.NotFound, "there is no such person")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update person set role = $2, disabled = $3 where id = $1`, id, role, disabled); err != nil {
			return err
		}
		if disabled {
			if _, err := tx.Exec(ctx, `delete from session where person_id = $1`, id); err != nil {
				return err
			}
		}
		return a.audit(ctx, tx, v, "person.role", map[string]any{"person": id, "role": role, "role_was": was.Role, "disabled": disabled, "disabled_was": was.Disabled})
	})
}

func errAdmin() error { return hindcast.Errorf(hindcast.Denied, "only admins may do that") }

// scanAll reads rows of one text column and closes them.
func scanAll(rows *sql.Rows) ([]string, error) {
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
