package web_test

import (
	"context"
	"io"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

// postOffice tells people of a library's first post-mortem, in their inbox and by
// mail to a real mail server.
type postOffice struct {
	library
	db      *sqldb.DB
	notices *notice.Service
	worker  *queue.Worker
	server  *emailtest.Server
	seen    int
	ahead   time.Duration // by how much its clock goes before ours
}

func (l library) postOffice() *postOffice {
	l.Helper()
	st, err := store.Open(l.Context(), l.database)
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = st.Close() })
	box, err := secret.NewBox(secret.NewKey())
	if err != nil {
		l.Fatal(err)
	}
	people := auth.New(auth.Config{DB: st.DB()})
	one := func(ctx context.Context, id string) (letter.Person, error) {
		p, err := people.Person(ctx, id)
		return letter.Person{Viewer: p.Viewer(), Email: p.Email}, err
	}
	o := &postOffice{library: l, db: st.DB(), server: emailtest.Start(l, "none"), notices: notice.New(notice.Config{DB: st.DB()})}
	now := func() time.Time { return time.Now().Add(o.ahead) }
	q := queue.New(queue.Config{DB: st.DB(), Now: now})
	letters := letter.New(letter.Config{DB: st.DB(), Queue: q, Box: box, Notice: o.notices, Workflow: l.Workflow(), Actions: followup.New(followup.Config{DB: st.DB(), Workflow: l.Workflow()}),
		Person: one, People: func(context.Context) ([]letter.Person, error) { return nil, nil }, Address: func() string { return "http://example.com" }, Server: o.server.Settings(), Now: now})
	o.notices.Mail = letters.Take
	o.worker = &queue.Worker{Queue: q, Handlers: map[string]queue.Handler{"letter": letters.Handlers()["letter"]}}
	return o
}

// tell tells people something of an incident.
func (o *postOffice) tell(incident, subject string, to ...hindcast.Viewer) {
	o.Helper()
	n := workflow.Note{Kind: workflow.NoteMention, Subject: subject, Path: "/p/1/review"}
	for _, v := range to {
		n.To = append(n.To, v.PersonID)
	}
	if err := o.db.Write(o.Context(), func(tx *sqldb.Tx) error { return o.notices.Post(o.Context(), tx, incident, n) }); err != nil {
		o.Fatal(err)
	}
}

// tellAndLeave tells two people something while both take part; then one of them
// does not any more.
func (o *postOffice) tellAndLeave(incident, subject string, owner, leaves hindcast.Viewer) {
	o.Helper()
	if _, err := o.Workflow().Share(o.Context(), owner, incident, leaves.PersonID, access.Participant); err != nil {
		o.Fatal(err)
	}
	o.tell(incident, subject, owner, leaves)
	if err := o.Workflow().Unshare(o.Context(), owner, incident, leaves.PersonID); err != nil {
		o.Fatal(err)
	}
}

// mails sends what waits to be joined to more, and returns it as text, by address.
func (o *postOffice) mails() map[string]string {
	o.Helper()
	o.ahead += letter.Gather
	for n := 1; n > 0; {
		var err error
		if n, err = o.worker.Step(o.Context()); err != nil {
			o.Fatal(err)
		}
	}
	out := map[string]string{}
	all := o.server.Taken()
	for _, m := range all[o.seen:] {
		text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(m.Text)))
		if err != nil {
			o.Fatal(err)
		}
		out[m.To[0]] += string(text)
	}
	o.seen = len(all)
	return out
}

// checkMails holds that mail goes to who takes part only, and that it tells want and
// no other marker.
func checkMails(t *testing.T, when string, mails map[string]string, want ...string) {
	t.Helper()
	owner := mails["owner@example.org"]
	if len(mails) != 1 || owner == "" {
		t.Fatalf("%s, mail goes to %v, want to who takes part", when, mails)
	}
	for _, found := range marks.FindAllString(owner, -1) {
		if !strings.Contains(strings.Join(want, " "), found) {
			t.Errorf("%s, mail tells %s: %s", when, found, owner)
		}
	}
	for _, w := range want {
		if !strings.Contains(owner, w) {
			t.Errorf("%s, mail does not tell %s: %s", when, w, owner)
		}
	}
}
