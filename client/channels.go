package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Channel is a channel of a chat whose messages are evidence of a post-mortem.
type Channel struct {
	ID         string    `json:"id"`
	EndpointID string    `json:"endpoint_id"`
	Ref        string    `json:"ref"` // what it is there
	Name       string    `json:"name"`
	LinkedBy   string    `json:"linked_by"` // id of a person
	LinkedAt   time.Time `json:"linked_at"`
	Since      time.Time `json:"since"`   // what was written from then on is evidence
	ReadTo     time.Time `json:"read_to"` // zero before it was read
	ReadAt     time.Time `json:"read_at"` // when it was read last
	Said       string    `json:"said"`    // what went wrong then
}

func channel(ref, id, rest string) string {
	return incident(ref) + "/channels/" + url.PathEscape(id) + rest
}

// Channels lists the channels that are evidence of a post-mortem, by name; for who
// takes part in it.
func (c *Client) Channels(ctx context.Context, ref string) (list []Channel, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: incident(ref) + "/channels"}, &list)
	return list, err
}

// LinkChannel makes the messages of a channel evidence, and returns all channels of
// the post-mortem. The code is in the address that "/hindcast link" answers to who
// writes it in the channel, and is good for an hour. Messages from since on are
// evidence; when it is zero, from an hour before the incident.
func (c *Client) LinkChannel(ctx context.Context, ref, code string, since time.Time) (list []Channel, err error) {
	in := struct {
		Code  string    `json:"code"`
		Since time.Time `json:"since,omitzero"`
	}{code, since}
	body, header := jsonBody(in)
	_, err = c.do(ctx, request{method: http.MethodPost, path: incident(ref) + "/channels", body: body, header: header}, &list)
	return list, err
}

// ReadChannel has a channel read from its beginning again, on your behalf.
func (c *Client) ReadChannel(ctx context.Context, ref, id string) error {
	_, err := c.do(ctx, request{method: http.MethodPost, path: channel(ref, id, "/read")}, nil)
	return err
}

// UnlinkChannel ends that a channel is read. What was read stays.
func (c *Client) UnlinkChannel(ctx context.Context, ref, id string) error {
	_, err := c.do(ctx, request{method: http.MethodDelete, path: channel(ref, id, "")}, nil)
	return err
}
