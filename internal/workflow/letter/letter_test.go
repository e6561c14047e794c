package letter_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

const title = " - Mobile API down"

func TestANoticeComesByMail(t *testing.T) {
	onBoth(t, func(o *office) {
		o.tell(workflow.NoteReview, `Your review of #1 is <asked> for & "soon"`)
		o.work()
		o.arrived() // it waits for more
		o.now = o.now.Add(letter.Gather)
		o.work()
		got := o.mails()
		if len(got) != 1 {
			t.Fatalf("%d mails, want one: not to who acts", len(got))
		}
		m := got[0]
		if m.to != "member@example.org" || m.subject != `Your review of #1 is <asked> for & "soon"`+title {
			t.Errorf("to %s: %s", m.to, m.subject)
		}
		for _, want := range []string{"#1 Mobile API down", `- Your review of #1 is <asked> for & "soon"`, "https://hindcast.example.org/p/1/review#x", "https://hindcast.example.org/inbox/preferences"} {
			if !strings.Contains(m.text, want) {
				t.Errorf("the text lacks %q:\n%s", want, m.text)
			}
		}
		for _, want := range []string{`<a class="link" href="https://hindcast.example.org/p/1/review#x"`, "Your review of #1 is &lt;asked&gt; for &amp; &#34;soon&#34;</a>"} {
			if !strings.Contains(m.html, want) {
				t.Errorf("the HTML lacks %q:\n%s", want, m.html)
			}
		}
		stop := strings.Trim(m.Get("List-Unsubscribe"), "<>")
		if !strings.HasPrefix(stop, "https://hindcast.example.org/unsubscribe/") || m.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.Contains(m.text, stop) || !strings.Contains(m.html, stop) {
			t.Errorf("there is no way out in %v", m.Header)
		}
		if m.Get("References") != "<post-mortem-1@example.org>" {
			t.Errorf("it belongs to the thread %s", m.Get("References"))
		}
	})
}

func TestABurstIsOneMail(t *testing.T) {
	onSQLite(t, func(o *office) {
		for _, text := range []string{"One", "Two", "Three"} {
			o.tell(workflow.NoteMention, text)
			o.now = o.now.Add(30 * time.Second)
			o.work()
		}
		o.pass(time.Hour)
		o.arrived("3 things about #1" + title)
		o.tell(workflow.NoteMention, "Four")
		o.pass(time.Hour)
		o.arrived("#1: Four" + title)
	})
}

func TestALetterTellsSoMuch(t *testing.T) {
	onSQLite(t, func(o *office) {
		for i := range 60 {
			o.tell(workflow.NoteMention, fmt.Sprint("Thing ", i))
		}
		o.pass(time.Hour)
		got := o.mails()
		if len(got) != 1 || got[0].subject != "60 things about #1"+title || !strings.Contains(got[0].text, "And 10 more in your inbox.") || strings.Count(got[0].text, "Thing ") != 50 {
			t.Errorf("mails %+v", got)
		}
	})
}

// TestASlowMailServerLeavesRoomForOtherWork has three letters sent while the server
// does not answer.
func TestASlowMailServerLeavesRoomForOtherWork(t *testing.T) {
	onSQLite(t, func(o *office) {
		for _, v := range []hindcast.Viewer{admin, member} {
			_, err := o.wf.Share(t.Context(), lead, o.doc, v.PersonID, access.Lead)
			o.ok(err)
		}
		o.pass(time.Hour)
		o.mails()
		begun, answer := make(chan struct{}, 3), make(chan struct{})
		send := o.Send
		o.Send = func(ctx context.Context, l email.Letter, leave func() error) error {
			begun <- struct{}{}
			<-answer
			return send(ctx, l, leave)
		}
		o.ok(o.store.DB().Write(t.Context(), func(tx *sqldb.Tx) error {
			return o.notices.Post(t.Context(), tx, o.doc, workflow.Note{Kind: workflow.NoteMention, To: []string{"admin", "member", "lead"}, Subject: "All", Path: "/p/1"})
		}))
		o.now = o.now.Add(letter.Gather)
		stepped := make(chan error)
		go func() {
			w := &queue.Worker{Queue: o.queue, Handlers: o.Handlers(), AtOnce: 3}
			_, err := w.Step(t.Context())
			stepped <- err
		}()
		<-begun
		<-begun
		for queued := 0; queued == 0; { // the third is put off
			o.ok(o.store.DB().QueryRow(t.Context(), `select count(*) from job where kind = 'letter' and state = 'queued'`).Scan(&queued))
		}
		close(answer)
		o.ok(<-stepped)
		if got := len(o.mails()); got != 2 {
			t.Errorf("%d mails were sent at once, want 2", got)
		}
		o.pass(5 * time.Minute)
		o.arrived("#1: All" + title)
	})
}

func TestEachKindComesAsItsPersonChose(t *testing.T) {
	onSQLite(t, func(o *office) {
		type chosen struct {
			kind         workflow.NoteKind
			way          notice.Way // empty for nothing chosen
			mail, digest bool
			inbox        bool
		}
		list := []chosen{{workflow.NoteReview, "", true, false, true}, {workflow.NoteReply, "", false, true, true}, {workflow.NoteMoved, "", false, false, true}}
		for _, kind := range workflow.NoteKinds() {
			for _, way := range []notice.Way{notice.Mail, notice.Digest, notice.Inbox, notice.Off} {
				list = append(list, chosen{kind, way, way == notice.Mail, way == notice.Digest, way != notice.Off})
			}
		}
		for _, tt := range list {
			o.choose(func(c *notice.Choices) {
				c.Ways = nil
				if tt.way != "" {
					c.Ways = map[workflow.NoteKind]notice.Way{tt.kind: tt.way}
				}
			})
			o.tell(tt.kind, "Something")
			unread, err := o.notices.Unread(t.Context(), member)
			if o.ok(err); unread == 1 != tt.inbox {
				t.Errorf("%s as %q: %d in the inbox", tt.kind, tt.way, unread)
			}
			o.pass(time.Hour)
			if got := len(o.mails()) == 1; got != tt.mail {
				t.Errorf("%s as %q: mail is %v, want %v", tt.kind, tt.way, got, tt.mail)
			}
			o.pass(24 * time.Hour)
			if got := o.mails(); len(got) == 1 != tt.digest {
				t.Errorf("%s as %q: digest is %v, want %v", tt.kind, tt.way, got, tt.digest)
			}
			o.ok(o.notices.MarkAll(t.Context(), member))
		}
	})
}

func TestNobodyGetsMailThatDoesNotConcernThemAnyMore(t *testing.T) {
	for name, change := range map[string]func(o *office){
		"has read it":                func(o *office) { o.ok(o.notices.MarkAll(o.Context(), member)) },
		"takes no part any more":     func(o *office) { o.ok(o.wf.Unshare(o.Context(), lead, o.doc, member.PersonID)) },
		"the post-mortem is removed": func(o *office) { o.ok(o.wf.Remove(o.Context(), lead, o.doc, "a mistake")) },
		"may not sign in any more":   func(o *office) { o.people["member"].Disabled = true },
		"has no account any more":    func(o *office) { delete(o.people, "member") },
		"chose the inbox": func(o *office) {
			o.choose(func(c *notice.Choices) { c.Ways = map[workflow.NoteKind]notice.Way{workflow.NoteReview: notice.Inbox} })
		},
		"takes no part in what is published": func(o *office) {
			for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
				_, err := o.wf.Move(o.Context(), lead, o.doc, to, "")
				o.ok(err)
			}
			o.ok(o.wf.Unshare(o.Context(), lead, o.doc, member.PersonID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			onSQLite(t, func(o *office) {
				o.tell(workflow.NoteReview, "Something")
				change(o)
				o.now = o.now.Add(letter.Gather)
				o.work()
				o.arrived()
				var state string
				o.ok(o.store.DB().QueryRow(t.Context(), `select state from letter where incident = 1 and person = 'member' order by id desc limit 1`).Scan(&state))
				if state != string(letter.Empty) {
					t.Errorf("the letter is %s, want empty", state)
				}
			})
		})
	}
}

func TestMailAboutWhatIsPrivateSaysNothingOfIt(t *testing.T) {
	onSQLite(t, func(o *office) {
		_, err := o.wf.SetPrivate(t.Context(), lead, o.doc, true, "personal data")
		o.ok(err)
		o.tell(workflow.NoteMeeting, "A question of the meeting about #1 is yours: who paid?")
		o.pass(time.Hour)
		got := o.mails()
		if len(got) != 1 || got[0].subject != "#1: "+notice.About(workflow.NoteMeeting) {
			t.Fatalf("mails %+v", got)
		}
		for _, words := range []string{"who paid", "Mobile API"} {
			if strings.Contains(got[0].text+got[0].html, words) {
				t.Errorf("the mail says %q", words)
			}
		}
	})
}

func TestMailNamesPeopleByTheirRoles(t *testing.T) {
	onSQLite(t, func(o *office) {
		_, err := o.wf.Edit(t.Context(), lead, o.doc, []part.Change{{Path: "participants", Value: workflow.JSON([]hindcast.Participant{{Name: "Doe Example", Role: "on-call engineer"}})},
			{Path: "title", Value: workflow.JSON("Doe Example and the API")}}, "")
		o.ok(err)
		o.tell(workflow.NoteMeeting, "A question is yours: ask Doe Example")
		o.pass(time.Hour)
		if got := o.mails(); len(got) != 1 || strings.Contains(got[0].subject+got[0].text+got[0].html, "Doe Example") || !strings.Contains(got[0].text, "ask on-call engineer") {
			t.Errorf("mails %+v", got)
		}
	})
}

func TestQuietHoursHoldMailBack(t *testing.T) {
	onBoth(t, func(o *office) {
		o.choose(func(c *notice.Choices) {
			c.Quiet = notice.Quiet{From: 18, To: 8, DaysOff: true, Except: []workflow.NoteKind{workflow.NoteDue}}
		})
		o.now = time.Date(2026, 4, 3, 16, 10, 0, 0, time.UTC) // Friday, 18:10 in Berlin
		o.tell(workflow.NoteMention, "Friday")
		o.tell(workflow.NoteDue, "Urgent")
		o.pass(time.Hour)
		o.arrived("#1: Urgent" + title)
		o.pass(48 * time.Hour)
		o.tell(workflow.NoteMention, "Sunday")
		o.pass(22 * time.Hour) // Easter Monday, which is a holiday
		o.arrived()
		o.now = time.Date(2026, 4, 7, 5, 55, 0, 0, time.UTC)
		o.work()
		o.arrived()
		o.pass(5 * time.Minute)
		o.arrived("2 things about #1" + title)
	})
}

func TestQuietHoursThatAreChosenLaterHold(t *testing.T) {
	onSQLite(t, func(o *office) {
		o.tell(workflow.NoteMention, "Now")
		o.choose(func(c *notice.Choices) { c.Quiet = notice.Quiet{From: 9, To: 17}; c.Zone = "Europe/London" })
		o.pass(3 * time.Hour)
		o.arrived()
		o.pass(2 * time.Hour)
		o.arrived("#1: Now" + title)
	})
}

func TestMailIsStoppedByOneClick(t *testing.T) {
	onBoth(t, func(o *office) {
		o.tell(workflow.NoteReview, "One")
		o.pass(time.Hour)
		secret := strings.TrimPrefix(strings.Trim(o.mails()[0].Get("List-Unsubscribe"), "<>"), "https://hindcast.example.org/unsubscribe/")
		st, err := o.Stops(secret)
		want := letter.Stop{Person: "member", Way: notice.Mail, Kinds: []workflow.NoteKind{workflow.NoteReview}}
		if diff := cmp.Diff(want, st); diff != "" || err != nil {
			t.Errorf("the link stops (-want +got), %v:\n%s", err, diff)
		}
		for range 2 {
			_, err = o.Unsubscribe(t.Context(), secret, false)
			o.ok(err)
		}
		o.tell(workflow.NoteReview, "Two")
		o.tell(workflow.NoteMention, "Another kind")
		o.pass(time.Hour)
		o.arrived("#1: Another kind" + title)
		_, err = o.Unsubscribe(t.Context(), secret, true)
		o.ok(err)
		o.tell(workflow.NoteReview, "Three")
		o.pass(time.Hour)
		o.arrived("#1: Three" + title)
		for _, wrong := range []string{"", "x", secret[:len(secret)-8], secret[:len(secret)-4] + "AAAA"} {
			if _, err := o.Unsubscribe(t.Context(), wrong, false); hindcast.CodeOf(err) != hindcast.NotFound {
				t.Errorf("Unsubscribe(%q) = %v, want NotFound", wrong, err)
			}
		}
	})
}

func TestABusyServerIsAskedAgain(t *testing.T) {
	onBoth(t, func(o *office) {
		o.post.Refuse("DATA", &smtp.SMTPError{Code: 451, Message: "come back"})
		o.tell(workflow.NoteReview, "One")
		o.pass(20 * time.Minute)
		o.arrived()
		office, err := o.Office(t.Context(), admin)
		if o.ok(err); len(office.Faults) != 1 || office.Faults[0].Over() || !strings.Contains(office.Faults[0].Said, "451") {
			t.Errorf("faults %+v, want one that is tried again", office.Faults)
		}
		o.post.Refuse("DATA", nil)
		o.pass(10 * time.Minute)
		o.arrived("#1: One" + title)
		if office, err = o.Office(t.Context(), admin); err != nil || len(office.Faults) != 0 || office.Waiting != 0 {
			t.Errorf("office %+v, %v", office, err)
		}
	})
}

func TestARefusedLetterIsGivenUpAndAdminsAreTold(t *testing.T) {
	onBoth(t, func(o *office) {
		o.post.Refuse("member@example.org", &smtp.SMTPError{Code: 550, Message: "unknown"})
		o.tell(workflow.NoteReview, "One")
		o.pass(10 * time.Minute)
		o.tell(workflow.NoteReview, "Two")
		o.pass(time.Hour)
		list, err := o.notices.List(t.Context(), admin)
		if o.ok(err); len(list) != 1 || list[0].Kind != workflow.NoteSystem || list[0].Path != "/settings/mail" || !strings.Contains(list[0].Subject, "Mail to Engineer A did not arrive") || !strings.Contains(list[0].Subject, "550") {
			t.Errorf("the admin is told %+v, want one thing a day", list)
		}
		if list, err = o.notices.List(t.Context(), lead); err != nil || len(list) != 0 {
			t.Errorf("who is no admin is told %+v, %v", list, err)
		}
		office, err := o.Office(t.Context(), admin)
		if o.ok(err); len(office.Faults) != 2 || office.Faults[0].State != letter.Failed || office.Faults[0].Person != "member" {
			t.Fatalf("faults %+v", office.Faults)
		}
		o.post.Refuse("member@example.org", nil)
		o.pass(time.Hour)
		o.arrived()
		o.ok(o.Retry(t.Context(), admin, office.Faults[1].ID))
		o.work()
		o.arrived("#1: One" + title)
		if err := o.Retry(t.Context(), admin, office.Faults[1].ID); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("sending again what was sent = %v", err)
		}
	})
}

func TestAWrongPasswordLosesNoMail(t *testing.T) {
	onSQLite(t, func(o *office) {
		wrong := o.Server
		wrong.Password = secret.New("wrong")
		right := o.Send
		o.Send = wrong.Send
		o.tell(workflow.NoteReview, "One")
		o.pass(20 * time.Minute)
		list, err := o.notices.List(t.Context(), admin)
		if o.ok(err); len(list) != 1 || !strings.HasPrefix(list[0].Subject, "No mail can be sent: ") || strings.Contains(list[0].Subject, "wrong") {
			t.Errorf("the admin is told %+v", list)
		}
		o.Send = right
		o.pass(10 * time.Minute)
		o.arrived("#1: One" + title)
	})
}

func TestATestLetter(t *testing.T) {
	onBoth(t, func(o *office) {
		got, err := o.Test(t.Context(), admin)
		want := letter.Trial{OK: true, To: "admin@example.org", Answer: "the mail server took it"}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("Test (-want +got), %v:\n%s", err, diff)
		}
		o.arrived("Test letter from Hindcast")
		o.post.Refuse("MAIL", &smtp.SMTPError{Code: 554, Message: "not you"})
		if got, err = o.Test(t.Context(), admin); err != nil || got.OK || !strings.Contains(got.Answer, "554") {
			t.Errorf("Test = %+v, %v", got, err)
		}
		_, err = o.Test(t.Context(), lead)
		_, seen := o.Office(t.Context(), lead)
		for _, err := range []error{err, seen, o.Retry(t.Context(), lead, "x")} {
			if hindcast.CodeOf(err) != hindcast.Denied {
				t.Errorf("who is no admin gets %v, want Denied", err)
			}
		}
	})
}

func TestAllWhoTakePartGetTheirOwnMail(t *testing.T) {
	onSQLite(t, func(o *office) {
		_, err := o.wf.Share(t.Context(), lead, o.doc, admin.PersonID, access.Reviewer)
		o.ok(err)
		o.pass(time.Hour)
		o.mails()
		o.note(workflow.Note{Kind: workflow.NoteMention, To: []string{"admin", "member", "lead"}, Subject: "All", Path: "/p/1"})
		o.pass(time.Hour)
		to := map[string]int{}
		for _, m := range o.mails() {
			to[m.to]++
		}
		if diff := cmp.Diff(map[string]int{"admin@example.org": 1, "member@example.org": 1}, to); diff != "" {
			t.Errorf("mails (-want +got):\n%s", diff)
		}
	})
}
