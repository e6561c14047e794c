package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Notice is something you were told.
type Notice struct {
	ID      string    `json:"id"`
	Number  int64     `json:"number"` // of the post-mortem; 0 when it is about the server
	Kind    string    `json:"kind"`
	Subject string    `json:"subject"`
	Path    string    `json:"path"` // where it is seen
	At      time.Time `json:"at"`
	ReadAt  time.Time `json:"read_at"` // zero before
}

// Notifications are what reaches you how.
type Notifications struct {
	Ways    map[string]string `json:"ways"`    // by kind: mail, digest, inbox or off
	Zone    string            `json:"zone"`    // of all hours
	Weekly  bool              `json:"weekly"`  // the digest comes once a week, not every day
	Day     time.Weekday      `json:"day"`     // of the week
	Hour    int               `json:"hour"`    // of the digest
	Actions bool              `json:"actions"` // once a week the digest tells of your actions
	Quiet   Quiet             `json:"quiet"`
}

// Quiet are the hours in which no mail comes; there are none when From is To.
type Quiet struct {
	From    int      `json:"from"`
	To      int      `json:"to"`
	DaysOff bool     `json:"days_off"`         // nor on weekends and holidays of the organization
	Except  []string `json:"except,omitempty"` // kinds that come all the same
}

// Inbox returns what you were told, the latest first.
func (c *Client) Inbox(ctx context.Context) (list []Notice, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: "/inbox"}, &list)
	return list, err
}

// MarkRead marks notices as read; all when no id is named.
func (c *Client) MarkRead(ctx context.Context, ids ...string) error {
	body, header := jsonBody(map[string]any{"ids": ids, "all": len(ids) == 0})
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/inbox/read", header: header, body: body}, nil)
	return err
}

// Notifications returns what reaches you how.
func (c *Client) Notifications(ctx context.Context) (n Notifications, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: "/me/notifications"}, &n)
	return n, err
}

// SetNotifications chooses what reaches you how, from now on.
func (c *Client) SetNotifications(ctx context.Context, n Notifications) (kept Notifications, err error) {
	body, header := jsonBody(n)
	_, err = c.do(ctx, request{method: http.MethodPut, path: "/me/notifications", header: header, body: body}, &kept)
	return kept, err
}

// Mail is how mail leaves the server, for admins.
type Mail struct {
	Open    bool        `json:"open"`
	Why     string      `json:"why"` // no mail leaves
	Addr    string      `json:"addr"`
	From    string      `json:"from"`
	TLS     string      `json:"tls"`
	User    string      `json:"user"`
	Waiting int         `json:"waiting"` // letters
	Faults  []MailFault `json:"faults"`  // the last first
}

// MailFault is a letter that did not arrive, or not yet.
type MailFault struct {
	ID       string    `json:"id"`
	PersonID string    `json:"person_id"`
	State    string    `json:"state"` // writing while it is tried again, unsure or failed
	At       time.Time `json:"at"`
	Said     string    `json:"said"`
}

// Mail returns how mail leaves, and which did not arrive.
func (c *Client) Mail(ctx context.Context) (m Mail, err error) {
	_, err = c.do(ctx, request{method: http.MethodGet, path: "/mail"}, &m)
	return m, err
}

// TestMail sends a test letter to you.
func (c *Client) TestMail(ctx context.Context) (t Tested, err error) {
	_, err = c.do(ctx, request{method: http.MethodPost, path: "/mail/test"}, &t)
	return t, err
}

// RetryMail sends a letter again that did not arrive.
func (c *Client) RetryMail(ctx context.Context, id string) error {
	_, err := c.do(ctx, request{method: http.MethodPost, path: "/mail/" + url.PathEscape(id) + "/retry"}, nil)
	return err
}
