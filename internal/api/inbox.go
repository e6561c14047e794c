package api

import (
	"context"
	"net/http"

	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// InboxBody says what was read.
type InboxBody struct {
	IDs []string `json:"ids,omitempty" maxItems:"200" doc:"ids of notices"`
	All bool     `json:"all,omitempty" doc:"everything was read"`
}

func (a *API) inbox() {
	register(a, operation("GET", "/inbox", "list-inbox", "List what you were told, the latest first", "inbox"), a.listInbox)
	read := operation("POST", "/inbox/read", "mark-inbox", "Mark what you have read", "inbox")
	read.DefaultStatus = http.StatusNoContent
	register(a, read, a.markInbox)
}

func (a *API) listInbox(ctx context.Context, _ *struct{}) (*struct{ Body []notice.Notice }, error) {
	list, err := a.Notice.List(ctx, viewer(ctx))
	if list == nil {
		list = []notice.Notice{}
	}
	return &struct{ Body []notice.Notice }{list}, err
}

func (a *API) markInbox(ctx context.Context, in *struct{ Body InboxBody }) (*struct{}, error) {
	if in.Body.All {
		return nil, a.Notice.MarkAll(ctx, viewer(ctx))
	}
	return nil, a.Notice.MarkRead(ctx, viewer(ctx), in.Body.IDs...)
}
