package letter_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/followup"
	"github.com/hindcast/hindcast/internal/workflow/letter"
	"github.com/hindcast/hindcast/internal/workflow/notice"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	if runChild() {
		return
	}
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

var (
	lead   = hindcast.Viewer{PersonID: "lead", Name: "Incident commander", Role: hindcast.RoleMember}
	member = hindcast.Viewer{PersonID: "member", Name: "Engineer A", Role: hindcast.RoleMember}
	admin  = hindcast.Viewer{PersonID: "admin", Name: "Admin", Role: hindcast.RoleAdmin}
)

// key seals the links of the tests, in child programs too.
const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// people are who has an account; some tests disable somebody.
type people map[string]*letter.Person

func everybody() people {
	out := people{}
	for _, v := range []hindcast.Viewer{lead, member, admin} {
		out[v.PersonID] = &letter.Person{Viewer: v, Email: v.PersonID + "@example.org"}
	}
	return out
}

func (p people) one(_ context.Context, id string) (letter.Person, error) {
	if p[id] == nil {
		return letter.Person{}, hindcast.Errorf(hindcast.NotFound, "nobody has the id %s", id)
	}
	return *p[id], nil
}

func (p people) all(context.Context) (out []letter.Person, err error) {
	for _, id := range []string{"lead", "member", "admin"} {
		out = append(out, *p[id])
	}
	return out, nil
}

// rooms are the services of a library in a database.
type rooms struct {
	*letter.Service
	store   *store.Store
	wf      *workflow.Service
	notices *notice.Service
	actions *followup.Service
	queue   *queue.Queue
}

func open(ctx context.Context, url, folder string, now func() time.Time, p people, s email.Server) (*rooms, error) {
	st, err := store.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	blobs, err := blob.OpenDir(filepath.Join(folder, "blobs"))
	if err != nil {
		return nil, err
	}
	box, err := secret.NewBox(key)
	if err != nil {
		return nil, err
	}
	r := &rooms{store: st, queue: queue.New(queue.Config{DB: st.DB(), Now: now})}
	r.notices = notice.New(notice.Config{DB: st.DB(), Now: now, Calendar: hindcast.Calendar{Zone: "Europe/Berlin", Holidays: []hindcast.Date{{Year: 2026, Month: 4, Day: 6}}}})
	r.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now, Notify: r.notices.Post})
	r.actions = followup.New(followup.Config{Workflow: r.wf, DB: st.DB(), Now: now})
	r.Service = letter.New(letter.Config{DB: st.DB(), Queue: r.queue, Box: box, Notice: r.notices, Workflow: r.wf, Actions: r.actions, Person: p.one, People: p.all,
		Address: func() string { return "https://hindcast.example.org" }, Server: s, Now: now})
	r.notices.Mail = r.Take
	return r, nil
}

// office is a library with mail, and a clock that the test moves: at first it is
// Tuesday, March 31, 2026, noon in Berlin. lead has a draft in which member takes
// part, and has read that.
type office struct {
	*testing.T
	*rooms
	people people
	post   *emailtest.Server
	worker *queue.Worker
	doc    string
	now    time.Time
	seen   int // mails that were looked at
}

// onBoth runs a story on both databases.
func onBoth(t *testing.T, story func(o *office)) { on(t, story, "sqlite", "postgres") }

// onSQLite runs a story whose statements others run on both.
func onSQLite(t *testing.T, story func(o *office)) { on(t, story, "sqlite") }

func on(t *testing.T, story func(o *office), engines ...string) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := filepath.Join(t.TempDir(), "hindcast.db")
			if engine == "postgres" {
				url = postgres.URL(t)
			}
			o := &office{T: t, people: everybody(), post: emailtest.Start(t, "starttls"), now: time.Date(2026, 3, 31, 10, 0, 0, 0, time.UTC)}
			r, err := open(t.Context(), url, t.TempDir(), func() time.Time { return o.now }, o.people, o.post.SignedIn())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.store.Close() })
			o.rooms = r
			o.worker = &queue.Worker{Queue: r.queue, Handlers: r.Handlers(), AtOnce: 1, Backoff: func(int) time.Duration { return time.Minute }}
			d, err := o.wf.Create(t.Context(), lead, workflow.NewIncident{Title: "Mobile API down", Kind: hindcast.KindIncident, Severity: 1})
			o.ok(err)
			o.doc = d.ID
			_, err = o.wf.Share(t.Context(), lead, d.ID, member.PersonID, access.Participant)
			o.ok(err)
			o.ok(o.notices.MarkAll(t.Context(), member))
			o.pass(time.Hour)
			story(o)
		})
	}
}

func (o *office) ok(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// tell tells member something, as lead.
func (o *office) tell(kind workflow.NoteKind, subject string) {
	o.Helper()
	o.note(workflow.Note{Kind: kind, To: []string{lead.PersonID, member.PersonID}, Subject: subject, Path: "/p/1/review#x"})
}

func (o *office) note(n workflow.Note) {
	o.Helper()
	o.ok(o.wf.Hold(o.Context(), lead, o.doc, access.Read, func(h *workflow.Held) error { return h.Notify(o.Context(), n) }))
}

// choose has member choose.
func (o *office) choose(change func(*notice.Choices)) {
	o.Helper()
	c, err := o.notices.Choices(o.Context(), member)
	o.ok(err)
	change(&c)
	o.ok(o.notices.SetChoices(o.Context(), member, c))
}

// work does what is due now.
func (o *office) work() {
	o.Helper()
	for {
		n, err := o.worker.Step(o.Context())
		o.ok(err)
		if n == 0 {
			return
		}
	}
}

// pass lets time go by, five minutes at a time, or half an hour of longer times,
// with the worker at work.
func (o *office) pass(d time.Duration) {
	o.Helper()
	step := 5 * time.Minute
	if d > time.Hour {
		step = 30 * time.Minute
	}
	for end := o.now.Add(d); o.now.Before(end); {
		o.now = o.now.Add(step)
		o.work()
	}
}

// message is a mail as it is read.
type message struct {
	mail.Header
	to, subject, text, html string
}

func read(t *testing.T, m emailtest.Mail) message {
	t.Helper()
	parsed, err := mail.ReadMessage(strings.NewReader(m.Text))
	if err != nil {
		t.Fatal(err)
	}
	out := message{Header: parsed.Header, to: strings.Join(m.To, ", ")}
	if out.subject, err = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(parsed.Body, params["boundary"])
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			out.html = string(text)
		} else {
			out.text = string(text)
		}
	}
}

// mails returns the mails that arrived since it was last asked.
func (o *office) mails() (out []message) {
	o.Helper()
	all := o.post.Taken()
	for _, m := range all[o.seen:] {
		out = append(out, read(o.T, m))
	}
	o.seen = len(all)
	return out
}

// arrived compares the subjects of the mails that arrived since it was last asked.
func (o *office) arrived(want ...string) {
	o.Helper()
	var got []string
	for _, m := range o.mails() {
		got = append(got, m.subject)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		o.Errorf("at %s these arrived (-want +got):\n%s", o.now.Format("Mon 02 15:04"), diff)
	}
}
