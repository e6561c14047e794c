package outside

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/collect/channel"
)

// ChannelInput names a channel of a post-mortem.
type ChannelInput struct {
	operation.RefInput
	ID string `path:"id" doc:"of the link, as GET /incidents/{ref}/channels lists it"`
}

// LinkBody confirms that a channel is evidence.
type LinkBody struct {
	Code  string    `json:"code" minLength:"1" maxLength:"4000" doc:"from the address that /hindcast link answers in the channel: what follows code= there; whoever asks for it is in the channel"`
	Since time.Time `json:"since,omitzero" doc:"from when on messages are evidence; an hour before the incident when left out"`
}

type channelsOutput struct{ Body []channel.Channel }

func (a *api) channels() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/channels", "list-channels", "List the channels of a chat that are evidence, and how far each was read", "evidence"), a.listChannels)
	link := operation.New("POST", "/incidents/{ref}/channels", "link-channel", "Make a channel evidence, with the code that it was given by /hindcast link", "evidence")
	link.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, link, a.linkChannel)
	again := operation.New("POST", "/incidents/{ref}/channels/{id}/read", "read-channel", "Read a channel from its beginning again", "evidence")
	again.DefaultStatus = http.StatusAccepted
	operation.Register(a.Set, again, a.readChannel)
	operation.Register(a.Set, operation.New("DELETE", "/incidents/{ref}/channels/{id}", "unlink-channel", "Stop reading a channel; what was read stays", "evidence"), a.unlinkChannel)
}

func (a *api) listChannels(ctx context.Context, in *operation.RefInput) (*channelsOutput, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), in.Ref)
	if err != nil {
		return nil, err
	}
	list, err := a.Channels.Of(ctx, operation.Viewer(ctx), d.ID)
	if list == nil {
		list = []channel.Channel{}
	}
	return &channelsOutput{list}, err
}

func (a *api) linkChannel(ctx context.Context, in *struct {
	operation.RefInput
	Body LinkBody
}) (*channelsOutput, error) {
	if err := a.Channels.Link(ctx, operation.Viewer(ctx), in.Ref, in.Body.Code, in.Body.Since); err != nil {
		return nil, err
	}
	return a.listChannels(ctx, &in.RefInput)
}

func (a *api) readChannel(ctx context.Context, in *ChannelInput) (*struct{}, error) {
	return nil, a.Channels.Read(ctx, operation.Viewer(ctx), in.Ref, in.ID)
}

func (a *api) unlinkChannel(ctx context.Context, in *ChannelInput) (*struct{}, error) {
	return nil, a.Channels.Unlink(ctx, operation.Viewer(ctx), in.Ref, in.ID)
}
