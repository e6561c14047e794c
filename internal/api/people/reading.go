package people

import (
	"context"
	"net/http"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/api/operation"
	"github.com/hindcast/hindcast/internal/workflow/reading"
)

// Published is a published post-mortem in a list, as its readers have it.
type Published struct {
	ID       string    `json:"id" doc:"of the post-mortem"`
	Num      int64     `json:"number"`
	N        int64     `json:"publication"`
	At       time.Time `json:"at"`
	Title    string    `json:"title"`
	Severity int       `json:"severity,omitempty"`
	Services []string  `json:"services,omitempty"`
	Excerpt  string    `json:"excerpt,omitempty"`
	Revised  bool      `json:"revised,omitempty" doc:"it is taken up again"`
}

// Edition is one publication of a post-mortem.
type Edition struct {
	N         int64     `json:"publication"`
	At        time.Time `json:"at"`
	Withdrawn time.Time `json:"withdrawn_at,omitzero"`
	Why       string    `json:"withdrawn_why,omitempty"`
}

// Publication is a post-mortem as it was published, with people as roles.
type Publication struct {
	Num        int64               `json:"number"`
	N          int64               `json:"publication" doc:"0 when it was published before publications were kept"`
	Last       int64               `json:"last" doc:"the last publication there is"`
	At         time.Time           `json:"at"`
	Revised    bool                `json:"revised,omitempty" doc:"it is taken up again, and not published now"`
	Today      bool                `json:"today,omitempty" doc:"action items are as they are today, and not as on the day of publication"`
	Postmortem hindcast.Postmortem `json:"postmortem"`
}

// Lesson is what a reader found useful to a service.
type Lesson struct {
	Num     int64     `json:"number"`
	Title   string    `json:"title"`
	Service string    `json:"service"`
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
}

// Marks are what readers left at a post-mortem. Nobody is named.
type Marks struct {
	Thanks    int              `json:"thanks"`
	Thanked   bool             `json:"thanked" doc:"by you"`
	Questions []ReaderQuestion `json:"questions"`
	Uses      []Use            `json:"uses"`
}

// ReaderQuestion is what a reader asks.
type ReaderQuestion struct {
	ID      string         `json:"id"`
	At      time.Time      `json:"at"`
	Text    string         `json:"text"`
	Mine    bool           `json:"mine,omitempty"`
	Answers []ReaderAnswer `json:"answers"`
}

// ReaderAnswer is an answer to a reader.
type ReaderAnswer struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
	Mine bool      `json:"mine,omitempty"`
}

// Use says to which service something is useful, and how.
type Use struct {
	Service string    `json:"service"`
	Note    string    `json:"note"`
	At      time.Time `json:"at"`
	Mine    bool      `json:"mine,omitempty"`
}

type serviceInput struct {
	Service string `query:"service" maxLength:"200" doc:"only of this service"`
}

// EditionInput names a publication of an incident.
type EditionInput struct {
	operation.RefInput
	N int64 `path:"n" minimum:"0" doc:"number of a publication; 0 is the last"`
}

// QuestionInput names a question of a reader.
type QuestionInput struct {
	operation.RefInput
	Question string `path:"question" maxLength:"100"`
}

type marksOutput struct{ Body Marks }

func (a *api) published() {
	operation.Register(a.Set, operation.New("GET", "/publications", "list-published", "List what was published last and everybody may read, at most 100", "reading"), a.listPublished)
	operation.Register(a.Set, operation.New("GET", "/lessons", "list-lessons", "List what readers found useful to their services, at most 100", "reading"), a.listLessons)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/publications", "list-publications", "List the publications of a post-mortem, the last first", "reading"), a.listPublications)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/publications/{n}", "get-publication", "Get a post-mortem as it was published", "reading"), a.getPublication)
	withdraw := operation.New("POST", "/incidents/{ref}/publications/{n}/withdraw", "withdraw-publication", "Take a publication from its readers", "reading")
	withdraw.DefaultStatus = http.StatusNoContent
	operation.Register(a.Set, withdraw, a.withdraw)
	operation.Register(a.Set, operation.New("GET", "/incidents/{ref}/marks", "get-marks", "Get what readers left at a post-mortem: thanks, questions, and to what it is useful", "reading"), a.getMarks)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/marks/thanks", "thank", "Thank those who wrote a post-mortem; more than once counts once", "reading"), a.thank(true))
	operation.Register(a.Set, operation.New("DELETE", "/incidents/{ref}/marks/thanks", "take-thanks-back", "Take your thanks back", "reading"), a.thank(false))
	ask := operation.New("POST", "/incidents/{ref}/marks/questions", "ask-question", "Ask those who take part", "reading")
	ask.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, ask, a.askQuestion)
	answer := operation.New("POST", "/incidents/{ref}/marks/questions/{question}/answers", "answer-question", "Answer a question of a reader", "reading")
	answer.DefaultStatus = http.StatusCreated
	operation.Register(a.Set, answer, a.answerQuestion)
	operation.Register(a.Set, operation.New("DELETE", "/incidents/{ref}/marks/questions/{question}", "take-question-back", "Remove a question with its answers: your own, or as a lead", "reading"), a.takeQuestionBack)
	operation.Register(a.Set, operation.New("PUT", "/incidents/{ref}/marks/uses", "put-use", "Say to which service of yours a post-mortem is useful, and how; an empty note takes it back", "reading"), a.putUse)
}

func (a *api) listPublished(ctx context.Context, in *serviceInput) (*struct{ Body []Published }, error) {
	list, err := a.Reading.List(ctx, operation.Viewer(ctx), in.Service)
	out := []Published{}
	for _, l := range list {
		out = append(out, Published(l))
	}
	return &struct{ Body []Published }{out}, err
}

func (a *api) listLessons(ctx context.Context, in *serviceInput) (*struct{ Body []Lesson }, error) {
	list, err := a.Reading.Lessons(ctx, operation.Viewer(ctx), in.Service)
	out := []Lesson{}
	for _, l := range list {
		out = append(out, Lesson(l))
	}
	return &struct{ Body []Lesson }{out}, err
}

func (a *api) listPublications(ctx context.Context, in *operation.RefInput) (*struct{ Body []Edition }, error) {
	front, err := a.front(ctx, in.Ref)
	if err != nil {
		return nil, err
	}
	list, err := a.Reading.Editions(ctx, front)
	out := []Edition{}
	for _, e := range list {
		out = append(out, Edition(e))
	}
	return &struct{ Body []Edition }{out}, err
}

// front returns what says whose publications are asked for: of who takes part also
// when all of them were withdrawn.
func (a *api) front(ctx context.Context, ref string) (*reading.Front, error) {
	d, err := a.Workflow.Get(ctx, operation.Viewer(ctx), ref)
	if err == nil && d.Part() != "" {
		return &reading.Front{Num: d.Num, ID: d.ID, Part: d.Part()}, nil
	}
	p, err := a.Reading.Get(ctx, operation.Viewer(ctx), ref, 0)
	if err != nil {
		return nil, err
	}
	return &p.Front, nil
}

func (a *api) getPublication(ctx context.Context, in *EditionInput) (*struct{ Body Publication }, error) {
	p, err := a.Reading.Get(ctx, operation.Viewer(ctx), in.Ref, in.N)
	if err != nil {
		return nil, err
	}
	return &struct{ Body Publication }{Publication{p.Num, p.N, p.Last, p.At, p.Revised, p.Today, p.Post}}, nil
}

func (a *api) withdraw(ctx context.Context, in *struct {
	EditionInput
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"stays with those who take part"`
	}
}) (*struct{}, error) {
	return nil, a.Reading.Withdraw(ctx, operation.Viewer(ctx), in.Ref, in.N, in.Body.Reason)
}

func (a *api) getMarks(ctx context.Context, in *operation.RefInput) (*marksOutput, error) {
	p, err := a.Reading.Get(ctx, operation.Viewer(ctx), in.Ref, 0)
	if err != nil {
		return nil, err
	}
	m, err := a.Reading.Marks(ctx, operation.Viewer(ctx), &p.Front)
	return &marksOutput{marksOf(m)}, err
}

func marksOf(m reading.Marks) Marks {
	out := Marks{Thanks: m.Thanks, Thanked: m.Thanked, Questions: []ReaderQuestion{}, Uses: []Use{}}
	for _, q := range m.Questions {
		one := ReaderQuestion{ID: q.ID, At: q.At, Text: q.Text, Mine: q.Mine, Answers: []ReaderAnswer{}}
		for _, x := range q.Answers {
			one.Answers = append(one.Answers, ReaderAnswer(x))
		}
		out.Questions = append(out.Questions, one)
	}
	for _, u := range m.Uses {
		out.Uses = append(out.Uses, Use(u))
	}
	return out
}

// marked answers with what readers left, after one of them did something.
func (a *api) marked(ctx context.Context, in *operation.RefInput, err error) (*marksOutput, error) {
	if err != nil {
		return nil, err
	}
	return a.getMarks(ctx, in)
}

func (a *api) thank(on bool) func(context.Context, *operation.RefInput) (*marksOutput, error) {
	return func(ctx context.Context, in *operation.RefInput) (*marksOutput, error) {
		return a.marked(ctx, in, a.Reading.Thank(ctx, operation.Viewer(ctx), in.Ref, on))
	}
}

// TextBody is what a reader writes.
type TextBody struct {
	Text string `json:"text" minLength:"1" maxLength:"2000"`
}

func (a *api) askQuestion(ctx context.Context, in *struct {
	operation.RefInput
	Body TextBody
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
	var err error
	out.Body.ID, err = a.Reading.Ask(ctx, operation.Viewer(ctx), in.Ref, in.Body.Text)
	return out, err
}

func (a *api) answerQuestion(ctx context.Context, in *struct {
	QuestionInput
	Body TextBody
}) (*marksOutput, error) {
	return a.marked(ctx, &in.RefInput, a.Reading.Answer(ctx, operation.Viewer(ctx), in.Ref, in.Question, in.Body.Text))
}

func (a *api) takeQuestionBack(ctx context.Context, in *QuestionInput) (*marksOutput, error) {
	return a.marked(ctx, &in.RefInput, a.Reading.TakeBack(ctx, operation.Viewer(ctx), in.Ref, in.Question))
}

func (a *api) putUse(ctx context.Context, in *struct {
	operation.RefInput
	Body struct {
		Service string `json:"service" minLength:"1" maxLength:"100"`
		Note    string `json:"note" maxLength:"500" doc:"empty to take it back"`
	}
}) (*marksOutput, error) {
	return a.marked(ctx, &in.RefInput, a.Reading.Use(ctx, operation.Viewer(ctx), in.Ref, in.Body.Service, in.Body.Note))
}
