package outside

import (
	"context"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/collect/mailin"
)

func (a *api) mailed() {
	operation.Register(a.Set, operation.New("GET", "/mail-in", "list-messages", "List mail that waits for a person, the last one first; for members", "mail"), a.listMail)
	operation.Register(a.Set, operation.New("GET", "/mail-in/{id}", "get-message", "Get a message that came in, with what it says", "mail"), a.oneMail)
	operation.Register(a.Set, operation.New("POST", "/mail-in/{id}/attach", "attach-message", "Make a message evidence of a post-mortem", "mail"), a.attachMail)
	operation.Register(a.Set, operation.New("POST", "/mail-in/{id}/draft", "draft-message", "Begin a post-mortem from a message", "mail"), a.draftMail)
	operation.Register(a.Set, operation.New("POST", "/mail-in/{id}/dismiss", "dismiss-message", "Say that nobody needs a message", "mail"), a.dismissMail)
	operation.Register(a.Set, operation.New("POST", "/mail-in/{id}/restore", "restore-message", "Let a message wait again that was dismissed", "mail"), a.restoreMail)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/mail-address", "get-mail-address", "Get the address to which mail for a post-mortem is sent; for those who take part", "mail"), a.mailAddress)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/mail-address", "renew-mail-address", "Replace the address to which mail for a post-mortem is sent", "mail"), a.renewMailAddress)
}

func (a *api) listMail(ctx context.Context, in *struct {
	operation.Paging
	Incident  string `query:"incident" doc:"number or id: only mail to the address of this post-mortem"`
	Dismissed bool   `query:"dismissed" doc:"messages that nobody needs, instead of those that wait"`
}) (*operation.PageOutput[mailin.Mail], error) {
	page, err := a.MailIn.List(ctx, operation.Viewer(ctx), mailin.Filter{Incident: in.Incident, Dismissed: in.Dismissed, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return operation.Paged(page, "/mail-in", func(m mailin.Mail) mailin.Mail { return m }), nil
}

func (a *api) oneMail(ctx context.Context, in *operation.IDInput) (*struct{ Body mailin.Opened }, error) {
	m, err := a.MailIn.Read(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body mailin.Opened }{m}, err
}

// MailBecame is the post-mortem that a message belongs to.
type MailBecame struct {
	Number int64 `json:"number"`
}

func (a *api) attachMail(ctx context.Context, in *struct {
	operation.IDInput
	Body struct {
		Incident string `json:"incident" minLength:"1" maxLength:"100" doc:"number or id"`
	}
}) (*struct{ Body MailBecame }, error) {
	num, err := a.MailIn.Attach(ctx, operation.Viewer(ctx), in.ID, in.Body.Incident)
	return &struct{ Body MailBecame }{MailBecame{num}}, err
}

func (a *api) draftMail(ctx context.Context, in *operation.IDInput) (*struct{ Body MailBecame }, error) {
	num, err := a.MailIn.Draft(ctx, operation.Viewer(ctx), in.ID)
	return &struct{ Body MailBecame }{MailBecame{num}}, err
}

func (a *api) dismissMail(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
	return nil, a.MailIn.Dismiss(ctx, operation.Viewer(ctx), in.ID)
}

func (a *api) restoreMail(ctx context.Context, in *operation.IDInput) (*struct{}, error) {
	return nil, a.MailIn.Restore(ctx, operation.Viewer(ctx), in.ID)
}

// MailAddress is where mail for a post-mortem is sent.
type MailAddress struct {
	Address string `json:"address"`
}

func (a *api) mailAddress(ctx context.Context, in *operation.RefInput) (*struct{ Body MailAddress }, error) {
	address, err := a.MailIn.Address(ctx, operation.Viewer(ctx), in.Ref)
	return &struct{ Body MailAddress }{MailAddress{address}}, err
}

func (a *api) renewMailAddress(ctx context.Context, in *operation.RefInput) (*struct{ Body MailAddress }, error) {
	address, err := a.MailIn.Renew(ctx, operation.Viewer(ctx), in.Ref)
	return &struct{ Body MailAddress }{MailAddress{address}}, err
}
