package api

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/collect/channel"
)

// ChannelInput names a channel of a post-mortem.
type ChannelInput struct {
	RefInput
	ID string `path:"id" doc:"of the link, as GET /incidents/{ref}/channels lists it"`
}

// LinkBody confirms that a channel is evidence.
type LinkBody struct {
	Code  string    `json:"code" minLength:"1" maxLength:"4000" doc:"from the address that /hindcast link answers in the channel: what follows code= there; whoever asks for it is in the channel"`
	Since time.Time `json:"since,omitzero" doc:"from when on messages are evidence; an hour before the incident when left out"`
}

type channelsOutput struct{ Body []channel.Channel }

func (a *API) channels() {
	register(a, operation("GET", "/incidents/{ref}/channels", "list-channels", "List the channels of a chat that are evidence, and how far each was read", "evidence"), a.listChannels)
	link := operation("POST", "/incidents/{ref}/channels", "link-channel", "Make a channel evidence, with the code that it was given by /hindcast link", "evidence")
	link.DefaultStatus = http.StatusCreated
	register(a, link, a.linkChannel)
	again := operation("POST", "/incidents/{ref}/channels/{id}/read", "read-channel", "Read a channel from its beginning again", "evidence")
	again.DefaultStatus = http.StatusAccepted
	register(a, again, a.readChannel)
	register(a, operation("DELETE", "/incidents/{ref}/channels/{id}", "unlink-channel", "Stop reading a channel; what was read stays", "evidence"), a.unlinkChannel)
}

func (a *API) listChannels(ctx context.Context, in *RefInput) (*channelsOutput, error) {
	d, err := a.Workflow.Get(ctx, viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	list, err := a.Channels.Of(ctx, viewer(ctx), d.ID)
	if list == nil {
		list = []channel.Channel{}
	}
	return &channelsOutput{list}, err
}

func (a *API) linkChannel(ctx context.Context, in *struct {
	RefInput
	Body LinkBody
}) (*channelsOutput, error) {
	if err := a.Channels.Link(ctx, viewer(ctx), in.Ref, in.Body.Code, in.Body.Since); err != nil {
		return nil, err
	}
	return a.listChannels(ctx, &in.RefInput)
}

func (a *API) readChannel(ctx context.Context, in *ChannelInput) (*struct{}, error) {
	return nil, a.Channels.Read(ctx, viewer(ctx), in.Ref, in.ID)
}

func (a *API) unlinkChannel(ctx context.Context, in *ChannelInput) (*struct{}, error) {
	return nil, a.Channels.Unlink(ctx, viewer(ctx), in.Ref, in.ID)
}
