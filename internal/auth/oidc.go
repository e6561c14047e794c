package auth

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/sqldb"
)

// OIDCConfig says how people sign in with an OpenID Connect provider.
type OIDCConfig struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	RedirectURL  string   // of this server, ending in /sign-in/callback
	Name         string   // on the button: "Sign in with NAME"
	Domains      []string // of addresses that may come in; empty admits everybody whom the provider signs in
	// Role of those who come for the first time; reader when empty.
	Role hindcast.Role
}

// SSO is single sign-on with one provider.
type SSO struct {
	auth   *Auth
	config OIDCConfig
	client *http.Client

	mu       sync.Mutex
	provider *oidc.Provider // found when first needed
}

// SSO returns single sign-on with a provider, reached through client.
func (a *Auth) SSO(c OIDCConfig, client *http.Client) (*SSO, error) {
	if c.Role == "" {
		c.Role = hindcast.RoleReader
	}
	if c.Issuer == "" || c.ClientID == "" || c.RedirectURL == "" {
		return nil, hindcast.Errorf(hindcast.Invalid, "single sign-on needs an issuer, a client id and the address of this server")
	}
	if !slices.Contains(hindcast.Roles(), c.Role) {
		return nil, hindcast.Errorf(hindcast.Invalid, "single sign-on: %q is no role; choose admin, member or reader", c.Role)
	}
	return &SSO{auth: a, config: c, client: client}, nil
}

// Name is what people call the provider.
func (s *SSO) Name() string {
	if s.config.Name != "" {
		return s.config.Name
	}
	return "single sign-on"
}

// flowFor is how long a sign-in at the provider may take.
const flowFor = 10 * time.Minute

// Begin starts a sign-in. The browser goes to url and keeps secret in a cookie
// until [SSO.Finish].
func (s *SSO) Begin(ctx context.Context) (url, secret string, err error) {
	config, _, err := s.find(ctx)
	if err != nil {
		return "", "", err
	}
	secret = newSecret("hco_")
	state, nonce, verifier := newSecret(""), newSecret(""), oauth2.GenerateVerifier()
	now := s.auth.now()
	err = s.auth.db.Write(ctx, func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(ctx, `delete from sign_in_flow where expires_at < $1`, sqldb.Micros(now)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into sign_in_flow (secret, state, nonce, verifier, expires_at) values ($1, $2, $3, $4, $5)`,
			digest(secret), state, nonce, verifier, sqldb.Micros(now.Add(flowFor)))
		return err
	})
	return config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), secret, err
}

// Finish ends a sign-in with what the provider sent back, and starts a session.
func (s *SSO) Finish(ctx context.Context, from Origin, secret, state, code string) (Session, error) {
	nonce, verifier, err := s.flow(ctx, secret, state)
	if err != nil {
		return Session{}, err
	}
	config, verify, err := s.find(ctx)
	if err != nil {
		return Session{}, err
	}
	ctx = oidc.ClientContext(ctx, s.client)
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return Session{}, refused(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := verify.Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return Session{}, refused(err)
	}
	c, err := s.claims(ctx, id, tokens)
	if err != nil {
		return Session{}, refused(err)
	}
	p, err := s.person(ctx, id.Subject, c)
	if err != nil {
		return Session{}, err
	}
	return s.auth.start(ctx, p, from, "session.sso")
}

// claims is what a provider says of a person.
type claims struct {
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	Name     string `json:"name"`
}

// claims reads them from the token or, when it does not hold the address, asks
// the provider.
func (s *SSO) claims(ctx context.Context, id *oidc.IDToken, tokens *oauth2.Token) (claims, error) {
	var c claims
	if err := id.Claims(&c); err != nil || c.Email != "" {
		return c, err
	}
	info, err := s.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return c, err
	}
	if info.Subject != id.Subject {
		return c, errors.New("the provider answered for another person")
	}
	return c, info.Claims(&c)
}

// refused keeps the provider's answer, which may hold a token, out of what
// people see.
func refused(cause error) error {
	return &hindcast.Error{Code: hindcast.Denied, Message: "the provider did not confirm the sign-in; try again", Cause: cause}
}

// flow takes the sign-in that a cookie began, once, whatever comes with it.
func (s *SSO) flow(ctx context.Context, secret, state string) (nonce, verifier string, err error) {
	var want string
	err = s.auth.db.Write(ctx, func(tx *sqldb.Tx) error {
		return tx.QueryRow(ctx, `delete from sign_in_flow where secret = $1 and expires_at > $2 returning state, nonce, verifier`,
			digest(secret), sqldb.Micros(s.auth.now())).Scan(&want, &nonce, &verifier)
	})
	if errors.Is(err, sql.ErrNoRows) || err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(state)) != 1 {
		err = hindcast.Errorf(hindcast.Denied, "this sign-in took too long or began elsewhere; begin again")
	}
	return nonce, verifier, err
}

// find asks the provider once for its addresses and keys.
func (s *SSO) find(ctx context.Context) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider == nil {
		// The provider keeps the context for fetching keys later.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), s.client), s.config.Issuer)
		if err != nil {
			return nil, nil, &hindcast.Error{Code: hindcast.Unavailable, Message: "the sign-in provider does not answer; try again in a moment, or sign in with a password", Cause: err}
		}
		s.provider = p
	}
	return &oauth2.Config{
		ClientID: s.config.ClientID, ClientSecret: s.config.ClientSecret, RedirectURL: s.config.RedirectURL,
		Endpoint: s.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}, s.provider.Verifier(&oidc.Config{ClientID: s.config.ClientID, Now: s.auth.now}), nil
}

// person returns who a subject of the provider is. One who comes for the first
// time gets the account with the same verified address, or a new one.
func (s *SSO) person(ctx context.Context, subject string, c claims) (Person, error) {
	var p Person
	err := s.auth.db.Write(ctx, func(tx *sqldb.Tx) error {
		var err error
		p, err = scanPerson(tx.QueryRow(ctx, `select p.id, p.email, p.name, p.role, p.disabled, p.created_at, p.seen_at
			from identity i join person p on p.id = i.person_id where i.issuer = $1 and i.subject = $2`, s.config.Issuer, subject))
		if errors.Is(err, sql.ErrNoRows) {
			p, err = s.first(ctx, tx, subject, c)
		}
		if err == nil && p.Disabled {
			err = hindcast.Errorf(hindcast.Denied, "this account is switched off; ask an admin")
		}
		return err
	})
	return p, err
}

func (s *SSO) first(ctx context.Context, tx *sqldb.Tx, subject string, c claims) (Person, error) {
	email, name := strings.ToLower(c.Email), c.Name
	if email == "" || !c.Verified {
		return Person{}, hindcast.Errorf(hindcast.Denied, "the provider does not vouch for your e-mail address; ask an admin for an invitation")
	}
	_, domain, _ := strings.Cut(email, "@")
	if len(s.config.Domains) > 0 && !slices.Contains(s.config.Domains, domain) {
		return Person{}, hindcast.Errorf(hindcast.Denied, "addresses of %s are not admitted here; ask an admin for an invitation", domain)
	}
	p, err := scanPerson(tx.QueryRow(ctx, `select `+personColumns+` from person where email = $1`, email))
	if errors.Is(err, sql.ErrNoRows) {
		if name == "" {
			name, _, _ = strings.Cut(email, "@")
		}
		p, err = s.auth.insertPerson(ctx, tx, Person{Email: email, Name: name, Role: s.config.Role}, "")
	}
	if err != nil {
		return p, fmt.Errorf("find account of single sign-on: %w", err)
	}
	if _, err := tx.Exec(ctx, `insert into identity (issuer, subject, person_id) values ($1, $2, $3)`, s.config.Issuer, subject, p.ID); err != nil {
		return p, err
	}
	return p, s.auth.audit(ctx, tx, p.Viewer(), "person.sso", s.config.Issuer)
}
