package api

import (
	"context"

	"github.com/hindcast/hindcast/internal/collect/mailin"
)

func (a *API) mailed() {
	register(a, operation("GET", "/mail-in", "list-messages", "List mail that waits for a person, the last one first; for members", "mail"), a.listMail)
	register(a, operation("GET", "/mail-in/{id}", "get-message", "Get a message that came in, with what it says", "mail"), a.oneMail)
	register(a, operation("POST", "/mail-in/{id}/attach", "attach-message", "Make a message evidence of a post-mortem", "mail"), a.attachMail)
	register(a, operation("POST", "/mail-in/{id}/draft", "draft-message", "Begin a post-mortem from a message", "mail"), a.draftMail)
	register(a, operation("POST", "/mail-in/{id}/dismiss", "dismiss-message", "Say that nobody needs a message", "mail"), a.dismissMail)
	register(a, operation("POST", "/mail-in/{id}/restore", "restore-message", "Let a message wait again that was dismissed", "mail"), a.restoreMail)
	register(a, operation("GET", "/incidents/{ref}/mail-address", "get-mail-address", "Get the address to which mail for a post-mortem is sent; for those who take part", "mail"), a.mailAddress)
	register(a, operation("POST", "/incidents/{ref}/mail-address", "renew-mail-address", "Replace the address to which mail for a post-mortem is sent", "mail"), a.renewMailAddress)
}

func (a *API) listMail(ctx context.Context, in *struct {
	Paging
	Incident  string `query:"incident" doc:"number or id: only mail to the address of this post-mortem"`
	Dismissed bool   `query:"dismissed" doc:"messages that nobody needs, instead of those that wait"`
}) (*pageOutput[mailin.Mail], error) {
	page, err := a.MailIn.List(ctx, viewer(ctx), mailin.Filter{Incident: in.Incident, Dismissed: in.Dismissed, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return paged(page, "/mail-in", func(m mailin.Mail) mailin.Mail { return m }), nil
}

func (a *API) oneMail(ctx context.Context, in *IDInput) (*struct{ Body mailin.Opened }, error) {
	m, err := a.MailIn.Read(ctx, viewer(ctx), in.ID)
	return &struct{ Body mailin.Opened }{m}, err
}

// MailBecame is the post-mortem that a message belongs to.
type MailBecame struct {
	Number int64 `json:"number"`
}

func (a *API) attachMail(ctx context.Context, in *struct {
	IDInput
	Body struct {
		Incident string `json:"incident" minLength:"1" maxLength:"100" doc:"number or id"`
	}
}) (*struct{ Body MailBecame }, error) {
	num, err := a.MailIn.Attach(ctx, viewer(ctx), in.ID, in.Body.Incident)
	return &struct{ Body MailBecame }{MailBecame{num}}, err
}

func (a *API) draftMail(ctx context.Context, in *IDInput) (*struct{ Body MailBecame }, error) {
	num, err := a.MailIn.Draft(ctx, viewer(ctx), in.ID)
	return &struct{ Body MailBecame }{MailBecame{num}}, err
}

func (a *API) dismissMail(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.MailIn.Dismiss(ctx, viewer(ctx), in.ID)
}

func (a *API) restoreMail(ctx context.Context, in *IDInput) (*struct{}, error) {
	return nil, a.MailIn.Restore(ctx, viewer(ctx), in.ID)
}

// MailAddress is where mail for a post-mortem is sent.
type MailAddress struct {
	Address string `json:"address"`
}

func (a *API) mailAddress(ctx context.Context, in *RefInput) (*struct{ Body MailAddress }, error) {
	address, err := a.MailIn.Address(ctx, viewer(ctx), in.Ref)
	return &struct{ Body MailAddress }{MailAddress{address}}, err
}

func (a *API) renewMailAddress(ctx context.Context, in *RefInput) (*struct{ Body MailAddress }, error) {
	address, err := a.MailIn.Renew(ctx, viewer(ctx), in.Ref)
	return &struct{ Body MailAddress }{MailAddress{address}}, err
}
