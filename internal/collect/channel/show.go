package channel

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/deliver"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
)

// posted is what the job that shows links works with.
type posted struct {
	Endpoint string         `json:"endpoint"`
	Talk     connector.Talk `json:"talk"`
}

// shows bounds how often it is tried to show a link; nobody looks for it later.
const shows = 3

// showSoon queues that what links lead to is shown, once for each message.
func (s *Service) showSoon(ctx context.Context, tx *sqldb.Tx, end deliver.Endpoint, n connector.Notice) error {
	_, err := s.Queue.Add(ctx, tx, queue.Job{Kind: showKind, Key: end.ID + "/" + n.ID, Payload: workflow.JSON(posted{end.ID, *n.Talk}), MaxAttempts: shows})
	return err
}

// show does the job of the links of one message.
func (s *Service) show(ctx context.Context, j *queue.Job) error {
	var p posted
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return queue.Permanent(err)
	}
	var cards []connector.Card
	for _, link := range p.Talk.Links {
		card, ok, err := s.card(ctx, link)
		if err != nil {
			return err
		}
		if ok {
			cards = append(cards, card)
		}
	}
	if len(cards) == 0 {
		return nil
	}
	_, t, err := s.Deliver.Talker(ctx, p.Endpoint)
	if err != nil {
		return classify(err)
	}
	return classify(t.Show(ctx, p.Talk, cards))
}

// anybody reads what every member reads, and takes part in nothing.
var anybody = hindcast.Viewer{PersonID: "anybody", Role: hindcast.RoleReader}

// card says what a link leads to; ok is false when it leads to no post-mortem here.
// What is not published to every member is shown like what does not exist.
func (s *Service) card(ctx context.Context, link string) (card connector.Card, ok bool, err error) {
	num, ok := s.number(link)
	if !ok {
		return card, false, nil
	}
	card = connector.Card{Link: link, Title: fmt.Sprintf("Post-mortem #%d", num), Text: "Not published. Who takes part reads it after signing in."}
	d, err := s.Workflow.Get(ctx, anybody, fmt.Sprint(num))
	if hindcast.CodeOf(err) == hindcast.NotFound {
		return card, true, nil
	}
	if err != nil {
		return card, false, err
	}
	inc := d.Post.Incident
	card.Title += " " + inc.Title
	facts := []string{"Published"}
	if inc.Severity > 0 {
		facts = append(facts, fmt.Sprintf("severity %d", inc.Severity))
	}
	if at := inc.Phases.StartedAt; !at.IsZero() {
		facts = append(facts, at.UTC().Format("2 January 2006 15:04 MST"))
	}
	if s := inc.Phases.Metrics().Duration; s != nil {
		facts = append(facts, "lasted "+hindcast.FormatDuration(time.Duration(*s)*time.Second))
	}
	if len(inc.Services) > 0 {
		facts = append(facts, strings.Join(inc.Services, ", "))
	}
	card.Text = strings.Join(facts, " · ")
	return card, true, nil
}

// number returns the number of the post-mortem to which a link of ours leads, by its
// page or any below it.
func (s *Service) number(link string) (int64, bool) {
	u, err := url.Parse(link)
	here, fault := url.Parse(s.Address())
	if err != nil || fault != nil || !strings.EqualFold(u.Host, here.Host) {
		return 0, false
	}
	path, ok := strings.CutPrefix(u.Path, strings.TrimSuffix(here.Path, "/")+"/p/")
	if !ok {
		return 0, false
	}
	path, _, _ = strings.Cut(path, "/")
	num, err := strconv.ParseInt(path, 10, 64)
	return num, err == nil && num > 0
}
