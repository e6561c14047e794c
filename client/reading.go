package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
)

// Published is a published post-mortem in a list, as its readers have it.
type Published struct {
	ID       string    `json:"id"` // of the post-mortem
	Num      int64     `json:"number"`
	N        int64     `json:"publication"`
	At       time.Time `json:"at"`
	Title    string    `json:"title"`
	Severity int       `json:"severity"`
	Services []string  `json:"services"`
	Excerpt  string    `json:"excerpt"`
	Revised  bool      `json:"revised"` // it is taken up again
}

func service(name string) url.Values {
	if name == "" {
		return nil
	}
	return url.Values{"service": {name}}
}

// Published returns what was published last and everybody may read; of one service
// when it is named.
func (c *Client) Published(ctx context.Context, of string) ([]Published, error) {
	return get[[]Published](ctx, c, "/publications", service(of))
}

// Lesson is what a reader found useful to a service.
type Lesson struct {
	Num     int64     `json:"number"`
	Title   string    `json:"title"`
	Service string    `json:"service"`
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
}

// Lessons returns what readers found useful; to one service when it is named.
func (c *Client) Lessons(ctx context.Context, to string) ([]Lesson, error) {
	return get[[]Lesson](ctx, c, "/lessons", service(to))
}

// Edition is one publication of a post-mortem.
type Edition struct {
	N         int64     `json:"publication"`
	At        time.Time `json:"at"`
	Withdrawn time.Time `json:"withdrawn_at"` // zero when readers have it
	Why       string    `json:"withdrawn_why"`
}

// Publications returns the publications of a post-mortem, the last first.
func (c *Client) Publications(ctx context.Context, ref string) ([]Edition, error) {
	return get[[]Edition](ctx, c, incident(ref)+"/publications", nil)
}

// Publication is a post-mortem as it was published, with people as roles.
type Publication struct {
	Num        int64               `json:"number"`
	N          int64               `json:"publication"`
	Last       int64               `json:"last"`
	At         time.Time           `json:"at"`
	Revised    bool                `json:"revised"`
	Today      bool                `json:"today"` // action items are as they are today
	Postmortem hindcast.Postmortem `json:"postmortem"`
}

func publication(ref string, n int64) string {
	return incident(ref) + "/publications/" + strconv.FormatInt(n, 10)
}

// Publication returns a post-mortem as it was published; the last publication when n
// is 0.
func (c *Client) Publication(ctx context.Context, ref string, n int64) (Publication, error) {
	return get[Publication](ctx, c, publication(ref, n), nil)
}

// WithdrawPublication takes a publication from its readers, for a reason.
func (c *Client) WithdrawPublication(ctx context.Context, ref string, n int64, reason string) error {
	return tell(ctx, c, http.MethodPost, publication(ref, n)+"/withdraw", map[string]string{"reason": reason})
}

// Marks are what readers left at a post-mortem. Nobody is named.
type Marks struct {
	Thanks    int  `json:"thanks"`
	Thanked   bool `json:"thanked"` // by who the token belongs to, as is what is Mine
	Questions []struct {
		ID      string    `json:"id"`
		At      time.Time `json:"at"`
		Text    string    `json:"text"`
		Mine    bool      `json:"mine"`
		Answers []struct {
			ID   string    `json:"id"`
			At   time.Time `json:"at"`
			Text string    `json:"text"`
			Mine bool      `json:"mine"`
		} `json:"answers"`
	} `json:"questions"`
	Uses []struct {
		Service string    `json:"service"`
		Note    string    `json:"note"`
		At      time.Time `json:"at"`
		Mine    bool      `json:"mine"`
	} `json:"uses"`
}

// Marks returns what readers left at a post-mortem.
func (c *Client) Marks(ctx context.Context, ref string) (Marks, error) {
	return get[Marks](ctx, c, incident(ref)+"/marks", nil)
}

// Thank thanks those who wrote a post-mortem; more than once counts once.
func (c *Client) Thank(ctx context.Context, ref string) error {
	return tell(ctx, c, http.MethodPut, incident(ref)+"/marks/thanks", nil)
}

// TakeThanksBack takes one's thanks back.
func (c *Client) TakeThanksBack(ctx context.Context, ref string) error {
	return tell(ctx, c, http.MethodDelete, incident(ref)+"/marks/thanks", nil)
}

// AskQuestion asks those who take part in a post-mortem. It returns the question's id.
func (c *Client) AskQuestion(ctx context.Context, ref, text string) (string, error) {
	out, err := send[struct {
		ID string `json:"id"`
	}](ctx, c, http.MethodPost, incident(ref)+"/marks/questions", map[string]string{"text": text})
	return out.ID, err
}

// AnswerQuestion answers a question of a reader.
func (c *Client) AnswerQuestion(ctx context.Context, ref, question, text string) (Marks, error) {
	return send[Marks](ctx, c, http.MethodPost, incident(ref)+"/marks/questions/"+url.PathEscape(question)+"/answers", map[string]string{"text": text})
}

// TakeQuestionBack removes a question with its answers.
func (c *Client) TakeQuestionBack(ctx context.Context, ref, question string) error {
	return tell(ctx, c, http.MethodDelete, incident(ref)+"/marks/questions/"+url.PathEscape(question), nil)
}

// PutUse says to which service a post-mortem is useful, and how. An empty note takes
// it back.
func (c *Client) PutUse(ctx context.Context, ref, of, note string) (Marks, error) {
	return send[Marks](ctx, c, http.MethodPut, incident(ref)+"/marks/uses", map[string]string{"service": of, "note": note})
}
