package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// Token is a person's key for programs.
type Token struct {
	ID      string           `json:"id"`
	Name    string           `json:"name"` // what it is for
	Scopes  []hindcast.Scope `json:"scopes"`
	Created time.Time        `json:"created"`
	Expires time.Time        `json:"expires,omitzero"` // never when zero
	Used    time.Time        `json:"used,omitzero"`    // to the hour
}

// TokenPrefix begins every token, so that scanners find those that leaked.
const TokenPrefix = "hct_"

// CreateToken makes a token for the viewer and returns its secret, which is not
// kept. A token cannot make another one.
func (a *Auth) CreateToken(ctx context.Context, v hindcast.Viewer, name string, scopes []hindcast.Scope, expires time.Time) (secret string, t Token, err error) {
	switch {
	case !v.Known() || v.TokenID != "":
		return "", t, hindcast.Errorf(hindcast.Denied, "sign in yourself to make a token")
	case strings.TrimSpace(name) == "" || len(name) > 200:
		return "", t, hindcast.Errorf(hindcast.Invalid, "say what the token is for, such as the name of the script")
	case len(scopes) == 0:
		return "", t, hindcast.Errorf(hindcast.Invalid, "choose what the token may do: read, write or admin")
	case slices.Contains(scopes, hindcast.ScopeFeed) && len(scopes) > 1:
		return "", t, hindcast.Errorf(hindcast.Invalid, "what opens the feed opens nothing else; make another token for the rest")
	case !expires.IsZero() && !expires.After(a.now()):
		return "", t, hindcast.Errorf(hindcast.Invalid, "the token would have ended already; choose a later day")
	}
	for _, s := range scopes {
		if !slices.Contains([]hindcast.Scope{hindcast.ScopeRead, hindcast.ScopeWrite, hindcast.ScopeAdmin, hindcast.ScopeFeed}, s) {
			return "", t, hindcast.Errorf(hindcast.Invalid, "%q is no scope; choose read, write, admin or feed", s)
		}
	}
	secret = newSecret(TokenPrefix)
	t = Token{ID: rand.Text(), Name: strings.TrimSpace(name), Scopes: scopes, Created: a.now().UTC(), Expires: expires.UTC()}
	err = a.db.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `insert into api_token (id, secret, person_id, name, scopes, created_at, expires_at, used_at) values ($1, $2, $3, $4, $5, $6, $7, 0)`,
			t.ID, digest(secret), v.PersonID, t.Name, joinScopes(scopes), sqldb.Micros(t.Created), sqldb.Micros(t.Expires)); err != nil {
			return err
		}
		return a.audit(ctx, tx, v, "token.create", t.ID+" "+joinScopes(scopes))
	})
	return secret, t, err
}

func joinScopes(scopes []hindcast.Scope) string {
	var out []string
	for _, s := range scopes {
		out = append(out, string(s))
	}
	return strings.Join(out, " ")
}

func splitScopes(s string) []hindcast.Scope {
	out := []hindcast.Scope{}
	for f := range strings.FieldsSeq(s) {
		out = append(out, hindcast.Scope(f))
	}
	return out
}

// Tokens returns the viewer's tokens, the newest first.
func (a *Auth) Tokens(ctx context.Context, v hindcast.Viewer) ([]Token, error) {
	rows, err := a.db.Query(ctx, `select id, name, scopes, created_at, expires_at, used_at from api_token where person_id = $1 order by created_at desc, id limit 1000`, v.PersonID)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []Token
	for rows.Next() {
		var t Token
		var scopes string
		var created, expires, used int64
		if err := rows.Scan(&t.ID, &t.Name, &scopes, &created, &expires, &used); err != nil {
			return nil, fmt.Errorf("list tokens: %w", err)
		}
		t.Scopes, t.Created, t.Expires, t.Used = splitScopes(scopes), sqldb.Time(created), sqldb.Time(expires), sqldb.Time(used)
		out = append(out, t)
	}
	return out, rows.Err()
}

// RevokeToken ends one of the viewer's tokens at once.
// A token that may only read ends none but itself.
func (a *Auth) RevokeToken(ctx context.Context, v hindcast.Viewer, id string) error {
	if v.TokenID != "" && v.TokenID != id && !v.MayWrite() {
		return hindcast.Errorf(hindcast.Denied, "this token may only read; use one that may write, or sign in")
	}
	return a.db.Write(ctx, func(tx *sqldb.Tx) error {
		res, err := tx.Exec(ctx, `delete from api_token where id = $1 and person_id = $2`, id, v.PersonID)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, hindcast.Errorf(hindcast.NotFound, "there is no such token"))
		}
		return a.audit(ctx, tx, v, "token.revoke", id)
	})
}

// guessed counts a secret that nobody has, and returns why it is refused. One that
// is right never waits: guessing 32 random bytes leads nowhere, and others may
// come from the same address.
func (a *Auth) guessed(ctx context.Context, key string, code hindcast.Code, message string) error {
	if err := a.limit.allow(ctx, a.now(), key); err != nil {
		return err
	}
	if err := a.limit.failed(ctx, a.now(), key); err != nil {
		return err
	}
	return hindcast.Errorf(code, "%s", message)
}

// Bearer returns on whose behalf, and within which scopes, a token acts. The
// secret of a link to the feed is none.
func (a *Auth) Bearer(ctx context.Context, from Origin, secret string) (hindcast.Viewer, error) {
	v, err := a.holder(ctx, from, secret)
	if err == nil && slices.Contains(v.Scopes, hindcast.ScopeFeed) {
		return hindcast.Viewer{}, hindcast.Errorf(hindcast.Denied, "this opens the feed and nothing else; make a token in Settings")
	}
	return v, err
}

// Feed returns on whose behalf the secret of a link to the feed reads.
func (a *Auth) Feed(ctx context.Context, from Origin, secret string) (hindcast.Viewer, error) {
	v, err := a.holder(ctx, from, secret)
	if err == nil && !slices.Contains(v.Scopes, hindcast.ScopeFeed) {
		return hindcast.Viewer{}, hindcast.Errorf(hindcast.Denied, "a token has no place in an address; make a link to the feed in Settings")
	}
	v.Scopes = []hindcast.Scope{hindcast.ScopeRead}
	return v, err
}

// holder returns whose secret it is, with what it may.
func (a *Auth) holder(ctx context.Context, from Origin, secret string) (hindcast.Viewer, error) {
	now := a.now()
	var v hindcast.Viewer
	var scopes string
	var used int64
	err := a.db.QueryRow(ctx, `select p.id, p.name, p.role, t.id, t.scopes, t.used_at from api_token t join person p on p.id = t.person_id
		where t.secret = $1 and (t.expires_at = 0 or t.expires_at > $2) and not p.disabled`, digest(secret), sqldb.Micros(now)).
		Scan(&v.PersonID, &v.Name, &v.Role, &v.TokenID, &scopes, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return hindcast.Viewer{}, a.guessed(ctx, "token:"+from.Address, hindcast.Denied, "this token is unknown, was revoked or has ended; make a new one in Settings")
	}
	if err != nil {
		return hindcast.Viewer{}, fmt.Errorf("find token: %w", err)
	}
	v.Scopes = splitScopes(scopes)
	if now.Sub(sqldb.Time(used)) > renewAfter {
		err = a.db.Write(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(ctx, `update api_token set used_at = $2 where id = $1`, v.TokenID, sqldb.Micros(now))
			return err
		})
	}
	return v, err
}
