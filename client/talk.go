package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hindcast/hindcast"
)

// Anchor is what a thread is about: a part by its path, or the whole when it is
// empty; with a quote, those words in the part's text.
type Anchor struct {
	Path   string `json:"path,omitempty"`
	Quote  string `json:"quote,omitempty"`
	Prefix string `json:"prefix,omitempty"`
	Suffix string `json:"suffix,omitempty"`
}

// Thread is what is said about one thing.
type Thread struct {
	ID         string    `json:"id"`
	Anchor     Anchor    `json:"anchor"`
	OpenedAt   time.Time `json:"opened_at"`
	ResolvedAt time.Time `json:"resolved_at"`
	ResolvedBy string    `json:"resolved_by"` // id of a person
	Comments   []Comment `json:"comments"`
	Lost       bool      `json:"lost"` // what it is about is not there any more
	Start      int       `json:"start"`
	End        int       `json:"end"`
}

// Comment is one thing that somebody said.
type Comment struct {
	ID       string    `json:"id"`
	PersonID string    `json:"person_id"` // empty for one without a name
	At       time.Time `json:"at"`        // of one without a name the day
	EditedAt time.Time `json:"edited_at"`
	Text     string    `json:"text"`
	Changes  []Change  `json:"changes"` // that it suggests
	Words    *string   `json:"words"`   // that it suggests in place of the thread's quote
	Verdict  string    `json:"verdict"` // accepted or declined; empty while it waits
	JudgedBy string    `json:"judged_by"`
	JudgedAt time.Time `json:"judged_at"`
	Reason   string    `json:"reason"`
	Revision int64     `json:"revision"` // that took it in, to undo it
}

// Saying is a comment to be made.
type Saying struct {
	Text    string   `json:"text,omitempty"`
	Changes []Change `json:"changes,omitempty"` // that it suggests
	Words   *string  `json:"words,omitempty"`   // suggested in place of the quote of a new thread
	Unnamed bool     `json:"unnamed,omitempty"` // nothing keeps whose it is, where the policy allows that
}

func thread(ref, id, rest string) string {
	return incident(ref) + "/threads/" + url.PathEscape(id) + rest
}

// Threads returns what is said about a post-mortem, to who takes part in it.
func (c *Client) Threads(ctx context.Context, ref string) ([]Thread, error) {
	return get[[]Thread](ctx, c, incident(ref)+"/threads", nil)
}

// OpenThread comments on a post-mortem or a part of it, or suggests a change. It
// returns the id of the thread.
func (c *Client) OpenThread(ctx context.Context, ref string, on Anchor, s Saying) (string, error) {
	out, err := send[struct {
		ID string `json:"id"`
	}](ctx, c, http.MethodPost, incident(ref)+"/threads", struct {
		Anchor Anchor `json:"anchor"`
		Saying
	}{on, s})
	return out.ID, err
}

// Reply answers in a thread.
func (c *Client) Reply(ctx context.Context, ref, id string, s Saying) ([]Thread, error) {
	return send[[]Thread](ctx, c, http.MethodPost, thread(ref, id, "/comments"), s)
}

// EditComment changes the text of one's own comment.
func (c *Client) EditComment(ctx context.Context, ref, id, comment, text string) ([]Thread, error) {
	return send[[]Thread](ctx, c, http.MethodPut, thread(ref, id, "/comments/"+url.PathEscape(comment)), map[string]string{"text": text})
}

// ResolveThread closes a thread, or opens it again.
func (c *Client) ResolveThread(ctx context.Context, ref, id string, resolved bool) ([]Thread, error) {
	return send[[]Thread](ctx, c, http.MethodPost, thread(ref, id, "/resolve"), map[string]bool{"resolved": resolved})
}

// AcceptSuggestion makes the change that a comment suggests. The error is a conflict
// when what it was made from has changed since.
func (c *Client) AcceptSuggestion(ctx context.Context, ref, id, comment string) (Saved, error) {
	return send[Saved](ctx, c, http.MethodPost, thread(ref, id, "/comments/"+url.PathEscape(comment)+"/accept"), struct{}{})
}

// DeclineSuggestion does not make the change that a comment suggests, for a reason.
func (c *Client) DeclineSuggestion(ctx context.Context, ref, id, comment, reason string) ([]Thread, error) {
	return send[[]Thread](ctx, c, http.MethodPost, thread(ref, id, "/comments/"+url.PathEscape(comment)+"/decline"), map[string]string{"reason": reason})
}

// ReviewRequest is a review that somebody was asked for.
type ReviewRequest struct {
	PersonID string        `json:"person_id"`
	Round    int64         `json:"round"`
	Approves bool          `json:"approves"` // it cannot be approved without them
	AskedBy  string        `json:"asked_by"`
	AskedAt  time.Time     `json:"asked_at"`
	Due      hindcast.Date `json:"due"`
	Answer   string        `json:"answer"` // reviewed, changes or approved; empty while it waits
	Said     string        `json:"said"`
	SaidAt   time.Time     `json:"said_at"`
}

// Reviews returns the reviews that were asked for, the last round first.
func (c *Client) Reviews(ctx context.Context, ref string) ([]ReviewRequest, error) {
	return get[[]ReviewRequest](ctx, c, incident(ref)+"/reviews", nil)
}

// AskForReview asks people who take part for a review, by a day unless that is zero.
// approves says that it cannot be approved without them.
func (c *Client) AskForReview(ctx context.Context, ref string, people []string, due hindcast.Date, approves bool) ([]ReviewRequest, error) {
	return send[[]ReviewRequest](ctx, c, http.MethodPost, incident(ref)+"/reviews", struct {
		People   []string      `json:"people"`
		Due      hindcast.Date `json:"due,omitzero"`
		Approves bool          `json:"approves"`
	}{people, due, approves})
}

// AnswerReview says what one thinks of a post-mortem: reviewed, changes or approved.
func (c *Client) AnswerReview(ctx context.Context, ref, answer, said string) ([]ReviewRequest, error) {
	return send[[]ReviewRequest](ctx, c, http.MethodPost, incident(ref)+"/reviews/answer", map[string]string{"answer": answer, "said": said})
}

// Approvals are how the approvals of a post-mortem stand that the policy asks for.
type Approvals struct {
	Needed     int      `json:"needed"`
	Parts      []string `json:"parts"`
	Given      []string `json:"given"` // ids of those whose approval counts
	NotCounted []struct {
		PersonID string `json:"person_id"`
		Why      string `json:"why"`
	} `json:"not_counted"`
	Named []struct {
		PersonID string `json:"person_id"` // empty when nobody has the address that the policy names
		Name     string `json:"name"`
		Approved bool   `json:"approved"`
	} `json:"named"`
	Waiting []string `json:"waiting"` // ids of those who were asked by name and have not answered
	Lacks   []string `json:"lacks"`   // in words; empty when it can be approved
}

// Approvals returns how the approvals stand.
func (c *Client) Approvals(ctx context.Context, ref string) (Approvals, error) {
	return get[Approvals](ctx, c, incident(ref)+"/approvals", nil)
}

// AccountRequest is how it stands with what somebody remembers.
type AccountRequest struct {
	PersonID string    `json:"person_id"`
	State    string    `json:"state"` // asked, written or declined
	AskedAt  time.Time `json:"asked_at"`
}

// AccountRequests returns who was asked for what they remember: all of them for who
// leads, and else oneself.
func (c *Client) AccountRequests(ctx context.Context, ref string) ([]AccountRequest, error) {
	return get[[]AccountRequest](ctx, c, incident(ref)+"/accounts", nil)
}

// AskForAccounts asks people for what they remember, before they see what others do.
func (c *Client) AskForAccounts(ctx context.Context, ref string, people ...string) ([]AccountRequest, error) {
	return send[[]AccountRequest](ctx, c, http.MethodPost, incident(ref)+"/accounts/ask", map[string][]string{"people": people})
}

// WriteAccount writes down what one remembers. Its id and the time of writing are
// the server's.
func (c *Client) WriteAccount(ctx context.Context, ref string, a hindcast.Account) (Saved, error) {
	return send[Saved](ctx, c, http.MethodPost, incident(ref)+"/accounts", struct {
		Who   string    `json:"who"`
		Text  string    `json:"text"`
		About time.Time `json:"about,omitzero"`
	}{a.Who, a.Text, a.About})
}

// DeclineAccount says that one has nothing to add to what others remember.
func (c *Client) DeclineAccount(ctx context.Context, ref string) error {
	return tell(ctx, c, http.MethodPost, incident(ref)+"/accounts/decline", nil)
}
