package letter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

func TestDigests(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*notice.Choices)
		want   []string
	}{
		"daily": {func(c *notice.Choices) { c.Hour = 7; c.Actions = false }, []string{
			"Wed 01 07 Your digest: 1 thing in 1 post-mortem", "Thu 02 07 Your digest: 2 things in 1 post-mortem"}},
		"weekly": {func(c *notice.Choices) { c.Weekly, c.Day, c.Hour, c.Actions = true, time.Friday, 6, false }, []string{
			"Fri 03 06 Your digest: 3 things in 1 post-mortem"}},
		"not on days off": {func(c *notice.Choices) {
			c.Weekly, c.Day, c.Quiet.DaysOff, c.Actions = true, time.Saturday, true, false
		}, []string{"Tue 07 00 Your digest: 3 things in 1 post-mortem"}},
		"elsewhere": {func(c *notice.Choices) { c.Zone, c.Hour, c.Actions = "America/New_York", 12, false }, []string{
			"Tue 31 18 Your digest: 1 thing in 1 post-mortem", "Wed 01 18 Your digest: 2 things in 1 post-mortem"}},
		"with actions": {func(c *notice.Choices) {}, []string{
			"Wed 01 08 Your digest: 1 thing in 1 post-mortem", "Thu 02 08 Your digest: 2 things in 1 post-mortem", "Mon 06 08 Your week: 1 action overdue, 1 due this week"}},
	} {
		t.Run(name, func(t *testing.T) {
			on := onSQLite
			if name == "with actions" {
				on = onBoth
			}
			on(t, func(o *office) {
				o.choose(tt.change)
				o.ok(o.act("a1", "Alert on queue depth", hindcast.Date{Year: 2026, Month: 4, Day: 1}))
				o.ok(o.act("a2", "Rehearse the failover", hindcast.Date{Year: 2026, Month: 4, Day: 9}))
				berlin, err := time.LoadLocation("Europe/Berlin")
				o.ok(err)
				var got []string
				o.tell(workflow.NoteReply, "One")
				for hour := range 24 * 7 {
					if hour == 24 {
						o.tell(workflow.NoteReply, "Two")
						o.tell(workflow.NoteDecided, "Three")
					}
					o.now = o.now.Add(time.Hour)
					o.work()
					for _, m := range o.mails() {
						if m.to == "member@example.org" {
							got = append(got, o.now.In(berlin).Format("Mon 02 15 ")+m.subject)
						}
					}
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("digests (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestMailDoesNotTellWhenSomethingWithoutATimeWas holds back what nobody's name is
// at until the day is over.
func TestMailDoesNotTellWhenSomethingWithoutATimeWas(t *testing.T) {
	onBoth(t, func(o *office) {
		o.choose(func(c *notice.Choices) { c.Actions = false })
		o.note(workflow.Note{Kind: workflow.NoteMention, To: []string{"member"}, Subject: "You are named", Path: "/p/1/review", Undated: true})
		o.pass(12 * time.Hour)
		o.arrived()
		o.pass(12 * time.Hour) // 8 in the morning comes
		o.arrived("Your digest: 1 thing in 1 post-mortem")
	})
}

// act adds an action.
func (o *office) act(id, what string, due hindcast.Date) error {
	_, err := o.wf.Edit(o.Context(), lead, o.doc, []part.Change{{Path: "actions/" + id, Value: workflow.JSON(hindcast.ActionItem{ID: id, Description: what, Owner: "Engineer A", Priority: hindcast.PriorityHigh, Due: due, Status: hindcast.ActionOpen})}}, "")
	return err
}

// TestTheWeekCountsAllAndSaysWhoseTheyAre has more actions than a letter names, most
// of them of others.
func TestTheWeekCountsAllAndSaysWhoseTheyAre(t *testing.T) {
	onSQLite(t, func(o *office) {
		late := hindcast.Date{Year: 2026, Month: 3, Day: 2}
		for i := range followup.DigestItems + 2 {
			id := fmt.Sprintf("b%d", i)
			_, err := o.wf.Edit(o.Context(), lead, o.doc, []part.Change{{Path: "actions/" + id, Value: workflow.JSON(hindcast.ActionItem{ID: id, Description: "Theirs", Owner: "Platform team", Due: late, Status: hindcast.ActionOpen})}}, "")
			o.ok(err)
		}
		o.ok(o.act("mine", "Rehearse the failover", hindcast.Date{Year: 2026, Month: 3, Day: 20}))
		o.choose(func(c *notice.Choices) { c.Weekly, c.Day = true, o.now.Weekday() })
		o.pass(24 * time.Hour)
		mails := o.mails()
		i := slices.IndexFunc(mails, func(m message) bool {
			return m.to == "member@example.org" && m.subject == "Your week: 13 actions overdue"
		})
		if i < 0 {
			t.Fatalf("no letter counts 13 actions: %+v", mails)
		}
		text := strings.ReplaceAll(mails[i].text, "\r\n", "\n")
		if !strings.Contains(text, "#1: Rehearse the failover (was due 2026-03-20)\n") || strings.Index(text, "Rehearse") > strings.Index(text, "Theirs") {
			t.Errorf("the reader's own action is not the first, or has an owner:\n%s", text)
		}
		if !strings.Contains(text, "#1: Theirs (was due 2026-03-02; owner: Platform team)\n") {
			t.Errorf("it does not say whose an action is:\n%s", text)
		}
		if !strings.Contains(text, "- and 3 more\n  https://hindcast.example.org/actions?mine=1&state=overdue\n") {
			t.Errorf("it does not say that there are more:\n%s", text)
		}
	})
}

func TestADigestIsStoppedByOneClick(t *testing.T) {
	onSQLite(t, func(o *office) {
		o.tell(workflow.NoteReply, "One")
		o.pass(24 * time.Hour)
		secret := strings.TrimPrefix(strings.Trim(o.mails()[0].Get("List-Unsubscribe"), "<>"), "https://hindcast.example.org/unsubscribe/")
		_, err := o.Unsubscribe(t.Context(), secret, false)
		o.ok(err)
		c, err := o.notices.Choices(t.Context(), member)
		if o.ok(err); c.Actions || c.Way(workflow.NoteReply) != notice.Inbox || c.Way(workflow.NoteReview) != notice.Mail {
			t.Errorf("choices %+v", c)
		}
		if _, err = o.Unsubscribe(t.Context(), secret, true); err != nil {
			t.Fatal(err)
		}
		if c, err = o.notices.Choices(t.Context(), member); err != nil || !c.Actions || c.Way(workflow.NoteReply) != notice.Digest {
			t.Errorf("choices %+v, %v", c, err)
		}
	})
}
