package people

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

// CommentBody is something that somebody says, and may suggest.
type CommentBody struct {
	Anchor  review.Anchor `json:"anchor,omitzero" doc:"what it is about; of a new thread"`
	Text    string        `json:"text,omitempty" maxLength:"10000"`
	Changes []part.Change `json:"changes,omitempty" doc:"what it suggests, in the form of an edit"`
	Unnamed bool          `json:"unnamed,omitempty" doc:"nothing keeps whose it is, where the policy allows that; for words alone"`
	Words   *string       `json:"words,omitempty" doc:"of a new thread with a quote: what it suggests in place of the quoted words, whatever is written around them until then"`
}

// named refuses a suggestion without a name.
func (c CommentBody) named() error {
	if c.Unnamed && (len(c.Changes) > 0 || c.Words != nil) {
		return hindcast.Errorf(hindcast.Invalid, "unnamed: a suggestion has a name, so that somebody can ask what is meant; say it in a comment")
	}
	return nil
}

// ThreadInput names a thread of an incident.
type ThreadInput struct {
	operation.RefInput
	Thread string `path:"thread" maxLength:"100"`
}

// CommentInput names a comment of a thread.
type CommentInput struct {
	ThreadInput
	Comment string `path:"comment" maxLength:"100"`
}

func (a *api) reviewing() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/threads", "list-threads", "List what is said about a post-mortem; for who takes part", "review"), a.listThreads)
	open := operation.New("POST", "/incidents/{ref}/threads", "open-thread", "Comment on a post-mortem or a part of it, or suggest a change", "review")
	open.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, open, a.openThread)
	reply := operation.New("POST", "/incidents/{ref}/threads/{thread}/comments", "reply", "Answer in a thread", "review")
	reply.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, reply, a.reply)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/threads/{thread}/comments/{comment}", "edit-comment", "Change the text of your own comment", "review"), a.editComment)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/threads/{thread}/resolve", "resolve-thread", "Close a thread, or open it again", "review"), a.resolveThread)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/threads/{thread}/comments/{comment}/accept", "accept-suggestion", "Make the change that a comment suggests", "review"), a.acceptSuggestion)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/threads/{thread}/comments/{comment}/decline", "decline-suggestion", "Do not make the change that a comment suggests", "review"), a.declineSuggestion)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/reviews", "list-review-requests", "List the reviews that were asked for, the last round first", "review"), a.listRequests)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/reviews", "ask-for-review", "Ask people who take part for a review", "review"), a.askForReview)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/reviews/answer", "answer-review", "Say what you think of a post-mortem that you were asked to review", "review"), a.answerReview)
}

// accounts adds what concerns what people remember, and what it takes to approve.
func (a *api) accounts() {
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/accounts", "list-account-requests", "List who was asked for what they remember; for who leads, and others see only themselves", "review"), a.listAccounts)
	write := operation.New("POST", "/incidents/{ref}/accounts", "write-account", "Write down what you remember", "review")
	write.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, write, a.writeAccount)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/accounts/ask", "ask-for-accounts", "Ask people for what they remember, before they see what others do", "review"), a.askAccounts)
	operation.Register(a.Set, operation.New("POST", "/incidents/{ref}/accounts/decline", "decline-account", "Say that you have nothing to add to what others remember", "review"), a.declineAccount)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/approvals", "get-approvals", "Get how the approvals stand that the policy asks for", "review"), a.getApprovals)
}

type accountsOutput struct{ Body []review.AccountRequest }

func (a *api) listAccounts(ctx context.Context, in *operation.RefInput) (*accountsOutput, error) {
	list, err := a.Review.Accounts(ctx, operation.Viewer(ctx), in.Ref)
	return &accountsOutput{list}, err
}

func (a *api) writeAccount(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		Who   string    `json:"who" minLength:"1" maxLength:"200" doc:"the role in which you were there"`
		Text  string    `json:"text" minLength:"1" maxLength:"20000"`
		About time.Time `json:"about,omitzero" doc:"about when it was"`
	}
}) (*operation.SavedOutput, error) {
	saved, err := a.Review.WriteAccount(ctx, operation.Viewer(ctx), in.Ref, hindcast.Account{Who: in.Body.Who, Text: in.Body.Text, About: in.Body.About})
	return operation.SavedAnswer(saved), err
}

func (a *api) askAccounts(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		People []string `json:"people" minItems:"1" maxItems:"200" doc:"ids of people who write in it"`
	}
}) (*accountsOutput, error) {
	if err := a.Review.AskAccounts(ctx, operation.Viewer(ctx), in.Ref, in.Body.People); err != nil {
		return nil, err
	}
	return a.listAccounts(ctx, &in.RefInput)
}

func (a *api) declineAccount(ctx context.Context, in *operation.RefInput) (*accountsOutput, error) {
	if err := a.Review.DeclineAccount(ctx, operation.Viewer(ctx), in.Ref); err != nil {
		return nil, err
	}
	return a.listAccounts(ctx, in)
}

// Approvals are how the approvals of a post-mortem stand.
type Approvals struct {
	review.Standing
	Lacks []string `json:"lacks" doc:"what is missing, in words; empty when it can be approved"`
}

func (a *api) getApprovals(ctx context.Context, in *operation.RefInput) (*struct{ Body Approvals }, error) {
	st, err := a.Review.Standing(ctx, operation.Viewer(ctx), in.Ref)
	return &struct{ Body Approvals }{Approvals{st, append([]string{}, st.Lacks()...)}}, err
}

type threadsOutput struct{ Body []review.Thread }

func (a *api) threadsOf(ctx context.Context, ref string) (*threadsOutput, error) {
	list, err := a.Review.Threads(ctx, operation.Viewer(ctx), ref)
	if list == nil {
		list = []review.Thread{}
	}
	return &threadsOutput{list}, err
}

func (a *api) listThreads(ctx context.Context, in *operation.RefInput) (*threadsOutput, error) {
	return a.threadsOf(ctx, in.Ref)
}

func (a *api) openThread(ctx context.Context, in *struct {
	operation.RefInput
	Body CommentBody
}) (*struct {
	Body struct {
		ID string `json:"id"`
	}
}, error) {
	out := &struct {
		Body struct {
			ID string `json:"id"`
		}
	}{}
	err := in.Body.named()
	switch b := in.Body; {
	case err != nil:
	case b.Unnamed:
		out.Body.ID, err = a.Review.OpenUnnamed(ctx, operation.Viewer(ctx), in.Ref, b.Anchor, b.Text)
	case b.Words != nil && len(b.Changes) > 0:
		err = hindcast.Errorf(hindcast.Invalid, "words: suggest either words or changes")
	case b.Words != nil:
		out.Body.ID, err = a.Review.Reword(ctx, operation.Viewer(ctx), in.Ref, b.Anchor, b.Text, *b.Words)
	default:
		out.Body.ID, err = a.Review.Open(ctx, operation.Viewer(ctx), in.Ref, b.Anchor, b.Text, b.Changes)
	}
	return out, err
}

func (a *api) reply(ctx context.Context, in *struct {
	ThreadInput
	Body CommentBody
}) (*threadsOutput, error) {
	if in.Body.Words != nil {
		return nil, hindcast.Errorf(hindcast.Invalid, "words: are suggested with a new thread on the words that they replace")
	}
	err := in.Body.named()
	switch {
	case err != nil:
	case in.Body.Unnamed:
		err = a.Review.ReplyUnnamed(ctx, operation.Viewer(ctx), in.Ref, in.Thread, in.Body.Text)
	default:
		err = a.Review.Reply(ctx, operation.Viewer(ctx), in.Ref, in.Thread, in.Body.Text, in.Body.Changes)
	}
	if err != nil {
		return nil, err
	}
	return a.threadsOf(ctx, in.Ref)
}

func (a *api) editComment(ctx context.Context, in *struct {
	CommentInput
	Body struct {
		Text string `json:"text" minLength:"1"`
	}
}) (*threadsOutput, error) {
	if err := a.Review.Edit(ctx, operation.Viewer(ctx), in.Ref, in.Thread, in.Comment, in.Body.Text); err != nil {
		return nil, err
	}
	return a.threadsOf(ctx, in.Ref)
}

func (a *api) resolveThread(ctx context.Context, in *struct {
	ThreadInput
	Body struct {
		Resolved bool `json:"resolved"`
	}
}) (*threadsOutput, error) {
	if err := a.Review.Resolve(ctx, operation.Viewer(ctx), in.Ref, in.Thread, in.Body.Resolved); err != nil {
		return nil, err
	}
	return a.threadsOf(ctx, in.Ref)
}

func (a *api) acceptSuggestion(ctx context.Context, in *CommentInput) (*struct{ Body operation.Saved }, error) {
	saved, err := a.Review.Accept(ctx, operation.Viewer(ctx), in.Ref, in.Thread, in.Comment)
	return &struct{ Body operation.Saved }{operation.Saved{Version: saved.Version, Revision: saved.Revision, Tags: saved.Tags}}, err
}

func (a *api) declineSuggestion(ctx context.Context, in *struct {
	CommentInput
	Body struct {
		Reason string `json:"reason" minLength:"1"`
	}
}) (*threadsOutput, error) {
	if err := a.Review.Decline(ctx, operation.Viewer(ctx), in.Ref, in.Thread, in.Comment, in.Body.Reason); err != nil {
		return nil, err
	}
	return a.threadsOf(ctx, in.Ref)
}

type reviewsOutput struct{ Body []review.Request }

func (a *api) listRequests(ctx context.Context, in *operation.RefInput) (*reviewsOutput, error) {
	list, err := a.Review.Requests(ctx, operation.Viewer(ctx), in.Ref)
	if list == nil {
		list = []review.Request{}
	}
	return &reviewsOutput{list}, err
}

func (a *api) askForReview(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		People   []string      `json:"people" minItems:"1" doc:"ids of people who take part"`
		Due      hindcast.Date `json:"due,omitzero"`
		Approves bool          `json:"approves,omitempty" doc:"it cannot be approved without them"`
	}
}) (*reviewsOutput, error) {
	if err := a.Review.Ask(ctx, operation.Viewer(ctx), in.Ref, in.Body.People, in.Body.Due, in.Body.Approves); err != nil {
		return nil, err
	}
	return a.listRequests(ctx, &in.RefInput)
}

func (a *api) answerReview(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		Answer review.Answer `json:"answer" enum:"reviewed,changes,approved"`
		Said   string        `json:"said,omitempty" maxLength:"10000"`
	}
}) (*reviewsOutput, error) {
	if err := a.Review.Answer(ctx, operation.Viewer(ctx), in.Ref, in.Body.Answer, in.Body.Said); err != nil {
		return nil, err
	}
	return a.listRequests(ctx, &in.RefInput)
}
