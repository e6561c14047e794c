package people

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/auth"
)

// Member takes part in a post-mortem.
type Member struct {
	PersonID string    `json:"person_id"`
	Part     string    `json:"part"`
	AddedAt  time.Time `json:"added_at"`
}

func (a *api) participants() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/participants", "list-participants", "List who takes part", "sharing"), a.listParticipants)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/participants/{person}", "share-incident", "Let a person take part, or change what they do", "sharing"), a.share)
	operation.Register(a.Set, operation.New("DELETE", "/incidents/{ref}/participants/{person}", "unshare-incident", "End a person's part", "sharing"), a.unshare)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/privacy", "set-privacy", "Keep a post-mortem among those who take part, or open it", "sharing"), a.setPrivacy)
	operation.Register(a.Set, operation.New("POST", "/incidents/{id}/join", "join-incident", "As an admin, lead what is not shared with you; the reason is kept", "sharing"), a.join)
}

func (a *api) listParticipants(ctx context.Context, in *operation.RefInput) (*struct{ Body []Member }, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body []Member }{Body: []Member{}}
	for _, p := range d.People {
		out.Body = append(out.Body, Member{p.PersonID, p.Role, p.AddedAt})
	}
	return out, nil
}

// PersonInput names a person of an incident.
type PersonInput struct {
	operation.RefInput
	Person string `path:"person"`
}

func (a *api) share(ctx context.Context, in *struct {
	PersonInput
	Body struct {
		Part string `json:"part" enum:"lead,participant,reviewer"`
	}
}) (*struct{}, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if _, err := a.Auth.Active(ctx, in.Person); err != nil {
		return nil, err
	}
	_, err = a.Workflow.Share(ctx, operation.Viewer(ctx), d.ID, in.Person, access.Part(in.Body.Part))
	return nil, err
}

func (a *api) unshare(ctx context.Context, in *PersonInput) (*struct{}, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	return nil, a.Workflow.Unshare(ctx, operation.Viewer(ctx), d.ID, in.Person)
}

func (a *api) setPrivacy(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		Private bool   `json:"private"`
		Reason  string `json:"reason,omitempty" maxLength:"500" doc:"needed to make it private"`
	}
}) (*operation.DocumentOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	if d, err = a.Workflow.SetPrivate(ctx, operation.Viewer(ctx), d.ID, in.Body.Private, in.Body.Reason); err != nil {
		return nil, err
	}
	return operation.Answer(d), nil
}

func (a *api) join(ctx context.Context, in *struct {
	ID   string `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}) (*operation.DocumentOutput, error) {
	d, err := a.Workflow.Join(ctx, operation.Viewer(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return operation.Answer(d), nil
}

// Me is who a request comes from.
type Me struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	Role   hindcast.Role    `json:"role"`
	Scopes []hindcast.Scope `json:"scopes,omitempty" doc:"of the token; absent in a session"`
}

type personOutput struct{ Body auth.Person }

func (a *api) people() {
	operation.Register(a.Set, operation.New("GET", "/me", "get-me", "Who you are here", "people"), a.me)
	operation.Register(a.Set, operation.New("GET", "/people", "list-people", "List who has an account", "people"), a.listPeople)
	operation.Register(a.Set, operation.New("PATCH", "/people/{person}", "edit-person", "Change what a person may do; for admins", "people"), a.editPerson)
	reset := operation.New("POST", "/people/{person}/reset", "reset-password", "Make a link with which somebody chooses a new password; for admins", "people")
	reset.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, reset, a.resetPassword)
	invite := operation.New("POST", "/people/invitations", "invite-person", "Make a link with which somebody makes an account; for admins", "people")
	invite.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, invite, a.invite)
	operation.Register(a.Set, operation.New("GET", "/me/tokens", "list-tokens", "List your API tokens", "people"), a.listTokens)
	token := operation.New("POST", "/me/tokens", "create-token", "Make an API token; not with a token", "people")
	token.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, token, a.createToken)
	operation.Register(a.Set, operation.New("DELETE", "/me/tokens/{id}", "revoke-token", "End one of your API tokens", "people"), a.revokeToken)
}

func (a *api) me(ctx context.Context, _ *struct{}) (*struct{ Body Me }, error) {
	v := operation.Viewer(ctx)
	return &struct{ Body Me }{Me{v.PersonID, v.Name, v.Role, v.Scopes}}, nil
}

func (a *api) listPeople(ctx context.Context, _ *struct{}) (*struct{ Body []auth.Person }, error) {
	people, err := a.Auth.People(ctx, operation.Viewer(ctx))
	return &struct{ Body []auth.Person }{people}, err
}

func (a *api) editPerson(ctx context.Context, in *struct {
	Person string `path:"person"`
	Body   struct {
		Role     hindcast.Role `json:"role" enum:"admin,member,reader"`
		Disabled bool          `json:"disabled,omitempty"`
	}
}) (*personOutput, error) {
	if err := a.Auth.SetRole(ctx, operation.Viewer(ctx), in.Person, in.Body.Role, in.Body.Disabled); err != nil {
		return nil, err
	}
	p, err := a.Auth.Person(ctx, in.Person)
	return &personOutput{p}, err
}

// Invitation is a link with which somebody makes an account, or chooses a new
// password. It works once.
type Invitation struct {
	Path    string    `json:"path" doc:"below the address of the server"`
	Expires time.Time `json:"expires"`
}

func (a *api) invite(ctx context.Context, in *struct {
	Body struct {
		Email string        `json:"email" maxLength:"254"`
		Role  hindcast.Role `json:"role" enum:"admin,member,reader"`
	}
}) (*struct{ Body Invitation }, error) {
	l, err := a.Auth.Invite(ctx, operation.Viewer(ctx), in.Body.Email, in.Body.Role)
	return &struct{ Body Invitation }{Invitation{"/link/" + l.Secret, l.Expires}}, err
}

func (a *api) resetPassword(ctx context.Context, in *struct {
	Person string `path:"person"`
}) (*struct{ Body Invitation }, error) {
	l, err := a.Auth.Reset(ctx, operation.Viewer(ctx), in.Person)
	return &struct{ Body Invitation }{Invitation{"/link/" + l.Secret, l.Expires}}, err
}

func (a *api) listTokens(ctx context.Context, _ *struct{}) (*struct{ Body []auth.Token }, error) {
	list, err := a.Auth.Tokens(ctx, operation.Viewer(ctx))
	if list == nil {
		list = []auth.Token{}
	}
	return &struct{ Body []auth.Token }{list}, err
}

// NewToken is a token with its secret, which is shown once.
type NewToken struct {
	auth.Token
	Secret string `json:"secret"`
}

func (a *api) createToken(ctx context.Context, in *struct {
	Body struct {
		Name    string           `json:"name" minLength:"1" maxLength:"200"`
		Scopes  []hindcast.Scope `json:"scopes" minItems:"1"`
		Expires time.Time        `json:"expires,omitzero"`
	}
}) (*struct{ Body NewToken }, error) {
	secret, t, err := a.Auth.CreateToken(ctx, operation.Viewer(ctx), in.Body.Name, in.Body.Scopes, in.Body.Expires)
	return &struct{ Body NewToken }{NewToken{t, secret}}, err
}

func (a *api) revokeToken(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{}, error) {
	return nil, a.Auth.RevokeToken(ctx, operation.Viewer(ctx), in.ID)
}
