package server_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/client"
	"github.com/hindcast/hindcast/internal/config"
)

// client returns the public client of somebody.
func (p *person) client() *client.Client {
	p.Helper()
	_, page := p.do("POST", "/settings/tokens", "application/x-www-form-urlencoded", "name=client&scope=write")
	c, err := client.New(p.url, regexp.MustCompile(`hct_[\w-]+`).FindString(page))
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// id returns the id of somebody.
func (p *person) id() string {
	p.Helper()
	var me struct{ ID string }
	p.api("GET", "/me", nil, &me)
	return me.ID
}

// pair is a post-mortem with who leads it and with another who writes in it, by the
// public client.
type pair struct {
	*testing.T
	lead, other     *client.Client
	leadID, otherID string
	ref             string
}

func withClients(t *testing.T, change func(*config.Config)) pair {
	r, _ := listen(t, change)
	admin := r.admin()
	other := admin.invited("engineer@example.org", "member")
	p := pair{T: t, leadID: admin.id(), otherID: other.id(), ref: "1"}
	var d struct{ ID string }
	admin.api("POST", "/incidents", map[string]any{"title": "Mobile API down", "services": []string{"mobile-api"}, "phases": map[string]any{"started_at": "2024-03-15T14:37:00Z", "resolved_at": "2024-03-15T15:00:00Z"}}, &d)
	admin.api("PUT", "/incidents/"+d.ID+"/participants/"+p.otherID, map[string]string{"part": "participant"}, nil)
	p.lead, p.other = admin.client(), other.client()
	return p
}

func (p pair) ok(what string, err error) {
	p.Helper()
	if err != nil {
		p.Fatalf("%s: %v", what, err)
	}
}

func (p pair) move(list ...hindcast.Status) {
	p.Helper()
	for _, to := range list {
		_, err := p.lead.Move(p.Context(), p.ref, to, "")
		p.ok("Move", err)
	}
}

// TestTheClientReviews calls every method of the public client about a review.
func TestTheClientReviews(t *testing.T) {
	t.Parallel()
	p := withClients(t, func(c *config.Config) { c.Review.Approvals = []config.Approval{{Severity: 1, Count: 1}} })
	ctx := t.Context()
	_, err := p.lead.Edit(ctx, p.ref, []client.Change{{Path: "preamble", Value: []byte(`"The alert came late."`)}, {Path: "accounts/c1", Value: []byte(`{"who":"on-call engineer","text":"nothing was to be seen"}`)}}, "")
	p.ok("Edit", err)
	asked, err := p.lead.AskForAccounts(ctx, p.ref, p.leadID, p.otherID)
	p.ok("AskForAccounts", err)
	if len(asked) != 2 || asked[0].State != "asked" {
		t.Errorf("AskForAccounts = %+v, want both asked", asked)
	}
	d, err := p.other.Incident(ctx, p.ref)
	p.ok("Incident", err)
	if d.Account != "asked" || d.Withheld != 1 || len(d.Postmortem.Accounts) != 0 {
		t.Errorf("who is asked gets %s, %d withheld, %d accounts", d.Account, d.Withheld, len(d.Postmortem.Accounts))
	}
	_, err = p.other.WriteAccount(ctx, p.ref, hindcast.Account{Who: "database engineer", Text: "I saw the queue grow.", About: time.Date(2024, 3, 15, 14, 40, 0, 0, time.UTC)})
	p.ok("WriteAccount", err)
	p.ok("DeclineAccount", p.lead.DeclineAccount(ctx, p.ref))
	own, err := p.other.AccountRequests(ctx, p.ref)
	p.ok("AccountRequests", err)
	if len(own) != 1 || own[0].State != "written" {
		t.Errorf("AccountRequests = %+v, want one's own, written", own)
	}

	words := "15 minutes late"
	id, err := p.other.OpenThread(ctx, p.ref, client.Anchor{Path: "preamble", Quote: "late"}, client.Saying{Words: &words})
	p.ok("OpenThread", err)
	list, err := p.lead.Reply(ctx, p.ref, id, client.Saying{Text: "How long is that?"})
	p.ok("Reply", err)
	mine := list[0].Comments[1].ID
	_, err = p.lead.EditComment(ctx, p.ref, id, mine, "How late is that?")
	p.ok("EditComment", err)
	if _, err := p.lead.AcceptSuggestion(ctx, p.ref, id, list[0].Comments[0].ID); err != nil {
		t.Errorf("AcceptSuggestion: %v", err)
	}
	_, err = p.lead.ResolveThread(ctx, p.ref, id, false)
	p.ok("ResolveThread", err)
	other, err := p.other.OpenThread(ctx, p.ref, client.Anchor{Path: "preamble"}, client.Saying{Changes: []client.Change{{Path: "preamble", Value: []byte(`"Late."`)}}})
	p.ok("OpenThread", err)
	list, err = p.lead.Threads(ctx, p.ref)
	p.ok("Threads", err)
	if len(list) != 2 || list[0].Comments[0].Verdict != "accepted" || list[0].Comments[1].Text != "How late is that?" {
		t.Fatalf("Threads = %+v", list)
	}
	_, err = p.lead.DeclineSuggestion(ctx, p.ref, other, list[1].Comments[0].ID, "it says less")
	p.ok("DeclineSuggestion", err)
	if _, err := p.other.OpenThread(ctx, p.ref, client.Anchor{}, client.Saying{Text: "hm", Unnamed: true}); hindcast.CodeOf(err) != hindcast.Denied {
		t.Errorf("a comment without a name: %v, want %s by the default policy", err, hindcast.Denied)
	}

	_, err = p.lead.AskForReview(ctx, p.ref, []string{p.otherID}, hindcast.DateOf(time.Now()).Add(3), true)
	p.ok("AskForReview", err)
	p.move(hindcast.StatusInReview)
	if _, err := p.lead.Move(ctx, p.ref, hindcast.StatusApproved, ""); hindcast.CodeOf(err) != hindcast.Conflict {
		t.Errorf("approved with nobody's approval: %v, want %s", err, hindcast.Conflict)
	}
	_, err = p.other.AnswerReview(ctx, p.ref, "approved", "")
	p.ok("AnswerReview", err)
	reviews, err := p.lead.Reviews(ctx, p.ref)
	p.ok("Reviews", err)
	st, err := p.lead.Approvals(ctx, p.ref)
	p.ok("Approvals", err)
	if len(reviews) != 1 || reviews[0].Answer != "approved" || len(st.Lacks) != 0 || !slices.Equal(st.Given, []string{p.otherID}) {
		t.Errorf("Reviews = %+v, Approvals = %+v; want the one, given", reviews, st)
	}
	p.move(hindcast.StatusApproved)
	notices, err := p.other.Inbox(ctx)
	p.ok("Inbox", err)
	if !slices.ContainsFunc(notices, func(n client.Notice) bool { return n.Subject == "What do you remember of #1?" && n.ReadAt.IsZero() }) {
		t.Errorf("Inbox = %+v, want the question of what they remember", notices)
	}
	p.ok("MarkRead", p.other.MarkRead(ctx, notices[0].ID))
	p.ok("MarkRead", p.other.MarkRead(ctx))
	if notices, err = p.other.Inbox(ctx); err != nil || slices.ContainsFunc(notices, func(n client.Notice) bool { return n.ReadAt.IsZero() }) {
		t.Errorf("after all was read: %+v, %v", notices, err)
	}
}

// TestTheClientMeets calls every method of the public client about a meeting.
func TestTheClientMeets(t *testing.T) {
	t.Parallel()
	p := withClients(t, nil)
	ctx := t.Context()
	plan := client.MeetingPlan{StartsAt: time.Now().Add(time.Hour).Truncate(time.Second).UTC(), Zone: "UTC", Kind: "hybrid", Facilitator: p.leadID,
		Attendees: []client.Attendee{{Person: p.leadID, Role: "lead"}, {Person: p.otherID, Role: "participant"}}}
	first, err := p.lead.PlanMeeting(ctx, p.ref, plan)
	p.ok("PlanMeeting", err)
	first, err = p.lead.CancelMeeting(ctx, p.ref, first.ID)
	p.ok("CancelMeeting", err)
	m, err := p.lead.PlanMeeting(ctx, p.ref, plan)
	p.ok("PlanMeeting", err)
	plan.Place = "Room 3"
	m, err = p.lead.ReplanMeeting(ctx, p.ref, m.ID, plan)
	p.ok("ReplanMeeting", err)
	if first.State != "canceled" || m.Place != "Room 3" || len(m.Agenda) < 3 {
		t.Errorf("ReplanMeeting = %+v after %s", m, first.State)
	}
	m, err = p.lead.TurnMeeting(ctx, p.ref, m.ID, client.MeetingTurn{Do: "start"})
	p.ok("TurnMeeting", err)
	if _, err := p.other.ShowInMeeting(ctx, p.ref, m.ID, "title"); hindcast.CodeOf(err) != hindcast.Denied {
		t.Errorf("who follows changes the screen: %v, want %s", err, hindcast.Denied)
	}
	_, err = p.lead.NoteAttendance(ctx, p.ref, m.ID, 0, 1)
	p.ok("NoteAttendance", err)
	_, err = p.lead.SayInMeeting(ctx, p.ref, m.ID, "note", "The dashboard showed nothing", "")
	p.ok("SayInMeeting", err)
	_, err = p.other.SayInMeeting(ctx, p.ref, m.ID, "question", "Since when?", p.otherID)
	p.ok("SayInMeeting", err)
	_, err = p.other.SayInMeeting(ctx, p.ref, m.ID, "parked", "Alert on errors by version", "")
	p.ok("SayInMeeting", err)
	m, err = p.other.SayInMeeting(ctx, p.ref, m.ID, "parked", "Buy more", "")
	p.ok("SayInMeeting", err)
	_, err = p.lead.TakeUpParked(ctx, p.ref, m.ID, m.Parked[0].ID, "", "platform team", hindcast.DateOf(time.Now()).Add(14))
	p.ok("TakeUpParked", err)
	_, err = p.lead.LetParkedGo(ctx, p.ref, m.ID, m.Parked[1].ID)
	p.ok("LetParkedGo", err)
	m, err = p.lead.WriteInMeeting(ctx, p.ref, m.ID, client.MeetingPart{Kind: "well", Text: "The rollback took two minutes"})
	p.ok("WriteInMeeting", err)
	m, err = p.lead.ShowInMeeting(ctx, p.ref, m.ID, m.Added[len(m.Added)-1].Path)
	p.ok("ShowInMeeting", err)
	d, err := p.lead.Incident(ctx, p.ref)
	p.ok("Incident", err)
	if len(d.Postmortem.Actions) != 1 || d.Postmortem.Actions[0].Description != "Alert on errors by version" || len(d.Postmortem.Observations) != 1 || m.Parked[0].Action == "" || !m.Parked[1].Let || !m.Attendees[1].Came {
		t.Errorf("it wrote %+v and %+v into the post-mortem; the meeting is %+v", d.Postmortem.Actions, d.Postmortem.Observations, m)
	}
	if _, err := p.lead.CloseMeeting(ctx, p.ref, m.ID, client.MeetingClosing{}); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("closed with nothing settled: %v, want %s", err, hindcast.Invalid)
	}
	day := hindcast.DateOf(time.Now())
	_, err = p.lead.CloseMeeting(ctx, p.ref, m.ID, client.MeetingClosing{Owner: "platform team", Publish: day.Add(3), FollowUp: day.Add(30)})
	p.ok("CloseMeeting", err)
	m, err = p.other.Meeting(ctx, p.ref, m.ID)
	p.ok("Meeting", err)
	all, err := p.other.Meetings(ctx, p.ref)
	p.ok("Meetings", err)
	if m.State != "closed" || m.Minutes == "" || m.Closing.FollowUp != day.Add(30) || len(all) != 2 {
		t.Errorf("Meeting = %+v among %d", m, len(all))
	}
}

// TestTheClientReads calls every method of the public client about what is published.
func TestTheClientReads(t *testing.T) {
	t.Parallel()
	p := withClients(t, nil)
	ctx := t.Context()
	p.move(hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished)
	list, err := p.other.Published(ctx, "mobile-api")
	p.ok("Published", err)
	pub, err := p.other.Publication(ctx, p.ref, 0)
	p.ok("Publication", err)
	if len(list) != 1 || list[0].Title != "Mobile API down" || pub.N != 1 || pub.Postmortem.Incident.Title != "Mobile API down" {
		t.Errorf("Published = %+v, Publication = %+v", list, pub)
	}
	p.ok("Thank", p.other.Thank(ctx, p.ref))
	p.ok("Thank", p.other.Thank(ctx, p.ref))
	q, err := p.other.AskQuestion(ctx, p.ref, "Does it concern us?")
	p.ok("AskQuestion", err)
	_, err = p.lead.AnswerQuestion(ctx, p.ref, q, "If you use the same pool.")
	p.ok("AnswerQuestion", err)
	m, err := p.other.PutUse(ctx, p.ref, "ledger", "We have the same pool.")
	p.ok("PutUse", err)
	if m.Thanks != 1 || !m.Thanked || len(m.Questions) != 1 || !m.Questions[0].Mine || len(m.Questions[0].Answers) != 1 || len(m.Uses) != 1 {
		t.Errorf("PutUse = %+v", m)
	}
	lessons, err := p.lead.Lessons(ctx, "ledger")
	p.ok("Lessons", err)
	if len(lessons) != 1 || lessons[0].Note != "We have the same pool." {
		t.Errorf("Lessons = %+v", lessons)
	}
	p.ok("TakeThanksBack", p.other.TakeThanksBack(ctx, p.ref))
	p.ok("TakeQuestionBack", p.other.TakeQuestionBack(ctx, p.ref, q))
	if m, err = p.lead.Marks(ctx, p.ref); err != nil || m.Thanks != 0 || len(m.Questions) != 0 {
		t.Errorf("Marks = %+v, %v; want none but the use", m, err)
	}
	_, err = p.lead.Move(ctx, p.ref, hindcast.StatusDraft, "more to tell")
	p.ok("Move", err)
	p.ok("WithdrawPublication", p.lead.WithdrawPublication(ctx, p.ref, 1, "it named a customer"))
	editions, err := p.lead.Publications(ctx, p.ref)
	p.ok("Publications", err)
	if len(editions) != 1 || editions[0].Why != "it named a customer" {
		t.Errorf("Publications = %+v", editions)
	}
	if _, err := p.lead.Publication(ctx, p.ref, 1); hindcast.CodeOf(err) != hindcast.NotFound {
		t.Errorf("what was withdrawn: %v, want %s", err, hindcast.NotFound)
	}
}
