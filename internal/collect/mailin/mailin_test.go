package mailin_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/access"
	"github.com/hindcast/hindcast/internal/auth"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/collect/mailin"
	"github.com/hindcast/hindcast/internal/queue"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/sqldb/pgtest"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/store/storetest"
	"github.com/hindcast/hindcast/internal/workflow"
	"github.com/hindcast/hindcast/internal/workflow/review"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// library takes mail in, with a clock that the test moves. Its people are lead, who
// leads every post-mortem, and other and reader, who take no part.
type library struct {
	*testing.T
	*mailin.Service
	wf     *workflow.Service
	review *review.Service
	worker *queue.Worker
	db     *sqldb.DB
	now    time.Time
	people map[string]hindcast.Viewer
}

func onBoth(t *testing.T, settings mailin.Settings, story func(l *library)) {
	storetest.Each(t, &postgres, func(t *testing.T, st *store.Store) { story(open(t, st, settings)) })
}

// onOne tells a story of rules that no database knows of.
func onOne(t *testing.T, settings mailin.Settings, story func(l *library)) {
	story(open(t, storetest.SQLite(t), settings))
}

func open(t *testing.T, st *store.Store, settings mailin.Settings) *library {
	t.Helper()
	blobs, err := blob.OpenDir(filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	l := &library{T: t, now: time.Date(2024, 6, 2, 15, 0, 0, 0, time.UTC), db: st.DB(), people: map[string]hindcast.Viewer{}}
	now := func() time.Time { return l.now }
	people := auth.New(auth.Config{DB: st.DB(), Now: now})
	l.accounts()
	settings.Address = "incident@hindcast.example.org"
	settings.Most, settings.PerHour = 1<<20, 20
	q := queue.New(queue.Config{DB: st.DB(), Now: now})
	l.wf = workflow.New(workflow.Config{Store: st, Blobs: blobs, Now: now})
	l.review = review.New(review.Config{DB: st.DB(), Workflow: l.wf, Names: auth.Names, IDs: auth.IDs, Now: now})
	l.Service = mailin.New(mailin.Config{DB: st.DB(), Queue: q, Blobs: blobs, Workflow: l.wf, Review: l.review, Person: people.Active, Settings: settings, Now: now})
	l.worker = &queue.Worker{Queue: q, Handlers: l.Handlers(), Backoff: func(int) time.Duration { return time.Minute }, AtOnce: 1}
	return l
}

// accounts makes the people: lead@example.org and so on.
func (l *library) accounts() {
	l.Helper()
	for name, role := range map[string]hindcast.Role{"lead": hindcast.RoleAdmin, "other": hindcast.RoleMember, "reader": hindcast.RoleReader, "gone": hindcast.RoleMember} {
		l.ok(l.db.Write(l.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(l.Context(), `insert into person (id, email, name, role, disabled, password, created_at, seen_at) values ($1, $2, $3, $4, $5, '', 1, 0)`, "id-"+name, name+"@example.org", "Engineer "+strings.ToUpper(name[:1]), string(role), name == "gone")
			return err
		}))
		l.people[name] = hindcast.Viewer{PersonID: "id-" + name, Name: name, Role: role}
	}
}

func (l *library) ok(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// work does what is due.
func (l *library) work() {
	l.Helper()
	for {
		n, err := l.worker.Step(l.Context())
		l.ok(err)
		if n == 0 {
			return
		}
		l.now = l.now.Add(time.Minute)
	}
}

// begin begins a post-mortem that lead leads, and returns its number and address.
func (l *library) begin(private bool) (string, string) {
	l.Helper()
	n := workflow.NewIncident{Title: "Search is slow", Severity: 1, Private: private, Phases: hindcast.Phases{StartedAt: l.now.Add(-time.Hour), DetectedAt: l.now.Add(-50 * time.Minute)}}
	if private {
		n.PrivateReason = "personal data"
	}
	d, err := l.wf.Create(l.Context(), l.people["lead"], n)
	l.ok(err)
	address, err := l.Address(l.Context(), l.people["lead"], d.ID)
	l.ok(err)
	return fmt.Sprint(d.Num), address
}

var ids int

// letter is a message.
func letter(from, subject, text string, more ...string) string {
	ids++
	return strings.Join(append(more, "From: "+from, "To: somebody@example.org", "Subject: "+subject, "Date: Sun, 2 Jun 2024 16:37:21 +0200", fmt.Sprintf("Message-ID: <%d@example.org>", ids), "", text, ""), "\r\n")
}

func (l *library) receive(to, text string) {
	l.Helper()
	l.ok(l.Receive(l.Context(), []string{to}, strings.NewReader(text)))
	l.work()
}

// files returns the names of the evidence of a post-mortem.
func (l *library) files(num string) (out []string) {
	l.Helper()
	rows, err := l.wf.Evidence(l.Context(), l.people["lead"], l.id(num))
	l.ok(err)
	for _, r := range rows {
		out = append(out, r.Name)
	}
	return out
}

func (l *library) id(num string) string {
	l.Helper()
	d, err := l.wf.Get(l.Context(), l.people["lead"], num)
	l.ok(err)
	return d.ID
}

func (l *library) waiting(who string) []mailin.Mail {
	l.Helper()
	page, err := l.List(l.Context(), l.people[who], mailin.Filter{})
	l.ok(err)
	return page.Items
}

// titles returns the entries of the timeline.
func (l *library) titles(num string) string {
	l.Helper()
	d, err := l.wf.Get(l.Context(), l.people["lead"], num)
	l.ok(err)
	var out []string
	for _, e := range d.Post.Timeline {
		out = append(out, string(e.Kind)+" "+e.Title)
	}
	return strings.Join(out, "\n")
}

func TestMailBecomesAnEntry(t *testing.T) {
	onBoth(t, mailin.Settings{}, func(l *library) {
		num, address := l.begin(false)
		l.receive(address, letter("Engineer L <lead@example.org>", "Decision: fail over", "We fail over to the other site now.\r\n\r\n-- \r\nEngineer L", "To: "+address))
		if got := l.titles(num); !strings.Contains(got, "decision Decision: fail over: We fail over to the other site now.") {
			t.Errorf("timeline:\n%s\nwant the decision", got)
		}
		if got := l.files(num); len(got) != 1 || got[0] != "mail/2024-06-02.143721-decision-fail-over.eml" {
			t.Errorf("evidence %q", got)
		}
		_, r, err := l.wf.Bytes(l.Context(), l.people["lead"], l.id(num), l.files(num)[0])
		l.ok(err)
		raw, err := io.ReadAll(r)
		l.ok(err)
		_, secret, _ := strings.Cut(strings.TrimSuffix(address, "@hindcast.example.org"), "-")
		if strings.Contains(string(raw), secret) || !strings.Contains(string(raw), "+"+num+"-...@hindcast.example.org") {
			t.Errorf("the evidence has the secret part of the address:\n%s", raw)
		}
		if w := l.waiting("lead"); len(w) != 0 {
			t.Errorf("%d messages wait, want none", len(w))
		}
	})
}

func TestTheSameMessageIsKeptOnce(t *testing.T) {
	onBoth(t, mailin.Settings{}, func(l *library) {
		num, address := l.begin(false)
		text := letter("lead@example.org", "Search is slow", "since 14:30")
		for range 3 {
			l.receive(address, text)
		}
		l.receive(strings.ToUpper(address), "From lead@example.org Sun Jun  2 14:37:21 2024\r\nReceived: from a by b; Sun, 2 Jun 2024 14:38:00 +0000\r\n"+text)
		if got := l.files(num); len(got) != 1 {
			t.Errorf("evidence %q, want one file", got)
		}
	})
}

func TestWhoWaits(t *testing.T) {
	pass := "Authentication-Results: mx.example.org; dmarc=pass (p=reject) header.from=example.org; spf=pass smtp.mailfrom=lead@example.org"
	trusting := mailin.Settings{Domains: []string{"partner.example.com"}}
	proving := mailin.Settings{Domains: trusting.Domains, Trusted: "mx.example.org"}
	tests := map[string]struct {
		settings mailin.Settings
		from     string
		header   []string
		kept     bool
		why      string
	}{
		"a person":                       {trusting, "lead@example.org", nil, true, ""},
		"a trusted domain":               {trusting, "ops@partner.example.com", nil, true, ""},
		"a stranger":                     {trusting, "x@elsewhere.example.net", nil, false, "nobody here has the address"},
		"a domain that ends alike":       {trusting, "x@evilpartner.example.com", nil, false, "nobody here has the address"},
		"proved":                         {proving, "lead@example.org", []string{pass}, true, ""},
		"not proved":                     {proving, "lead@example.org", nil, false, "nothing proves who sent it"},
		"proved by somebody else":        {proving, "lead@example.org", []string{strings.Replace(pass, "mx.example.org", "mx.evil.example.net", 1)}, false, "nothing proves"},
		"proved before the last hop":     {proving, "lead@example.org", []string{"Authentication-Results: mx.example.org; dmarc=fail header.from=example.org", "Received: from x by y; Sun, 2 Jun 2024 14:38:00 +0000", pass}, false, "nothing proves"},
		"proved for another domain":      {proving, "lead@example.org", []string{"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=evil@evil.example.net"}, false, "nothing proves"},
		"proved in a comment":            {proving, "lead@example.org", []string{"Authentication-Results: mx.example.org; spf=fail (dmarc=pass header.from=example.org)"}, false, "nothing proves"},
		"two senders":                    {proving, "lead@example.org, x@evil.example.net", []string{pass}, false, "nothing proves"},
		"a domain that others sign for":  {proving, "ops@partner.example.com", []string{pass}, false, "nothing proves"},
		"a person whose account is gone": {trusting, "gone@example.org", nil, false, "nobody here has the address"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			onOne(t, tt.settings, func(l *library) {
				num, address := l.begin(false)
				l.receive(address, letter(tt.from, "Search is slow", "since 14:30", tt.header...))
				if got := len(l.files(num)) == 1; got != tt.kept {
					t.Errorf("kept = %v, want %v", got, tt.kept)
				}
				if w := l.waiting("lead"); !tt.kept && (len(w) != 1 || !strings.Contains(w[0].Said, tt.why)) {
					t.Errorf("waiting: %+v, want one that says %q", w, tt.why)
				}
			})
		})
	}
}

func TestPrivateMailIsSeenByWhoTakesPart(t *testing.T) {
	onBoth(t, mailin.Settings{}, func(l *library) {
		num, address := l.begin(true)
		// Who takes no part may add, and learns nothing.
		l.receive(address, letter("other@example.org", "I saw it too", "at 14:31"))
		if got := l.files(num); len(got) != 1 {
			t.Errorf("evidence %q, want one file", got)
		}
		l.receive(address, letter("x@elsewhere.example.net", "Me too", "at 14:32"))
		if got := l.waiting("other"); len(got) != 0 {
			t.Errorf("who takes no part sees %+v", got)
		}
		w := l.waiting("lead")
		if len(w) != 1 {
			t.Fatalf("the lead sees %d messages, want 1", len(w))
		}
		for _, act := range []func() error{
			func() error { _, err := l.Read(l.Context(), l.people["other"], w[0].ID); return err },
			func() error { _, err := l.Attach(l.Context(), l.people["other"], w[0].ID, num); return err },
			func() error { _, err := l.Draft(l.Context(), l.people["other"], w[0].ID); return err },
			func() error { return l.Dismiss(l.Context(), l.people["other"], w[0].ID) },
			func() error { _, err := l.Address(l.Context(), l.people["other"], num); return err },
			func() error { _, err := l.Renew(l.Context(), l.people["other"], num); return err },
		} {
			if err := act(); hindcast.CodeOf(err) != hindcast.NotFound {
				t.Errorf("who takes no part: %v, want that it is not found", err)
			}
		}
		if _, err := l.List(l.Context(), l.people["reader"], mailin.Filter{}); hindcast.CodeOf(err) != hindcast.Denied {
			t.Errorf("a reader: %v, want a refusal", err)
		}
		page, err := l.wf.Audit(l.Context(), l.people["lead"], store.AuditFilter{})
		l.ok(err)
		said := fmt.Sprintf("%+v", page.Items)
		if !strings.Contains(said, "mail.keep") {
			t.Errorf("the audit trail does not say that mail was kept: %s", said)
		}
	})
}

func TestAddressesThatAreNotOurs(t *testing.T) {
	onOne(t, mailin.Settings{}, func(l *library) {
		num, address := l.begin(true)
		wrong := map[bool]string{true: "aaaaaaaaaaaaaaaa", false: "bbbbbbbbbbbbbbbb"}[!strings.Contains(address, "-aaaaaaaaaaaaaaaa")]
		said := ""
		for _, to := range []string{"incident+" + num + "-" + wrong + "@hindcast.example.org", "incident+999-" + wrong + "@hindcast.example.org", "incident+" + num + "@hindcast.example.org",
			"incident+r-" + wrong + "@hindcast.example.org", "incident+@hindcast.example.org", "other@hindcast.example.org", "incident@elsewhere.example.org", "x", "", "incident+-1-" + wrong + "@hindcast.example.org"} {
			err := l.Known(l.Context(), to)
			if hindcast.CodeOf(err) != hindcast.NotFound || said != "" && err.Error() != said {
				t.Errorf("%q: %v, want the same answer as for all others", to, err)
			}
			said = err.Error()
		}
		for _, to := range []string{address, "<" + address + ">", "Incident@Hindcast.example.org"} {
			l.ok(l.Known(l.Context(), to))
		}
		next, err := l.Renew(l.Context(), l.people["lead"], num)
		l.ok(err)
		if hindcast.CodeOf(l.Known(l.Context(), address)) != hindcast.NotFound || l.Known(l.Context(), next) != nil {
			t.Error("the address before is still taken, or the new one is not")
		}
	})
}

func TestWhatAPersonDecides(t *testing.T) {
	onBoth(t, mailin.Settings{}, func(l *library) {
		num, _ := l.begin(false)
		for _, subject := range []string{"One", "Fwd: Two", "Three"} {
			l.receive(l.General(), letter("x@elsewhere.example.net", subject, "The key is password=hunter2-hunter2 since 14:30."))
		}
		w := l.waiting("other")
		if len(w) != 3 {
			t.Fatalf("%d messages wait, want 3", len(w))
		}
		three, two, one := w[0].ID, w[1].ID, w[2].ID
		opened, err := l.Read(l.Context(), l.people["other"], one)
		l.ok(err)
		if opened.Text == "" || strings.Contains(opened.Text, "hunter2") {
			t.Errorf("text = %q, want it without the secret", opened.Text)
		}
		if _, err := l.Attach(l.Context(), l.people["other"], one, num); hindcast.CodeOf(err) != hindcast.NotFound {
			t.Errorf("attach to what one may not see: %v, want that it is not found", err)
		}
		_, err = l.Attach(l.Context(), l.people["lead"], one, "#"+num)
		l.ok(err)
		drafted, err := l.Draft(l.Context(), l.people["other"], two)
		l.ok(err)
		l.wf.Wait()
		d, err := l.wf.Get(l.Context(), l.people["other"], fmt.Sprint(drafted))
		l.ok(err)
		if d.Post.Incident.Title != "Two" || d.Part() != access.Lead {
			t.Errorf("the draft is %q, led as %q; want Two, led by who drafted it", d.Post.Incident.Title, d.Part())
		}
		l.ok(l.Dismiss(l.Context(), l.people["other"], three))
		if got := l.waiting("other"); len(got) != 0 {
			t.Errorf("%d messages wait, want none", len(got))
		}
		l.ok(l.Restore(l.Context(), l.people["lead"], three))
		if got := l.waiting("other"); len(got) != 1 {
			t.Errorf("%d messages wait after one was brought back, want 1", len(got))
		}
		if _, err := l.Attach(l.Context(), l.people["lead"], one, num); hindcast.CodeOf(err) != hindcast.Conflict {
			t.Errorf("attach again: %v, want a conflict", err)
		}
	})
}

func TestAnAnswerToALetterIsAComment(t *testing.T) {
	onBoth(t, mailin.Settings{Trusted: "mx.example.org"}, func(l *library) {
		num, _ := l.begin(false)
		lead := l.people["lead"]
		thread, err := l.review.Open(l.Context(), lead, num, review.Anchor{}, "How did we notice?", nil)
		l.ok(err)
		_, err = l.wf.Share(l.Context(), lead, l.id(num), l.people["other"].PersonID, access.Participant)
		l.ok(err)
		d, err := l.wf.Get(l.Context(), lead, num)
		l.ok(err)
		address, err := l.ReplyTo(l.Context(), "letter-1", d.Num, thread, l.people["other"].PersonID)
		l.ok(err)
		again, err := l.ReplyTo(l.Context(), "letter-1", d.Num, thread, l.people["other"].PersonID)
		l.ok(err)
		if address != again || len(address) > 64+len("@hindcast.example.org") {
			t.Errorf("address %q, and then %q", address, again)
		}
		pass := func(who string) string {
			return "Authentication-Results: mx.example.org; dmarc=pass header.from=" + who
		}
		text := "A customer called.\r\n\r\nOn Sun, 2 Jun 2024 at 14:37, Hindcast <h@example.org> wrote:\r\n> How did we notice?"
		for _, m := range []string{
			letter("lead@example.org", "Re: #1", text, pass("example.org")),           // not who got the letter
			letter("other@example.org", "Re: #1", text),                               // not proved
			letter("x@elsewhere.example.net", "Re", text, pass("example.net")),        // a stranger
			letter("other@example.org", "Re: #1", "> only this", pass("example.org")), // nothing
		} {
			l.receive(address, m)
		}
		if got := len(l.waiting("lead")); got != 4 {
			t.Errorf("%d messages wait, want 4", got)
		}
		l.receive(address, letter("other@example.org", "Automatic reply: away", "I am away", pass("example.org"), "Auto-Submitted: auto-replied"))
		mine := letter("other@example.org", "Re: #1", text, pass("example.org"))
		l.receive(address, mine)
		l.receive(address, mine)
		threads, err := l.review.Threads(l.Context(), lead, num)
		l.ok(err)
		var said []string
		for _, c := range threads[0].Comments {
			said = append(said, c.Text)
		}
		if got := strings.Join(said, " | "); got != "How did we notice? | A customer called." {
			t.Errorf("the thread says %q", got)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	onOne(t, mailin.Settings{}, func(l *library) {
		_, address := l.begin(false)
		tests := map[string]struct {
			text string
			code hindcast.Code
		}{
			"too large":        {letter("lead@example.org", "x", strings.Repeat("x", 2<<20)), hindcast.Invalid},
			"goes round":       {letter("lead@example.org", "x", "y", "Hindcast-Received: 2024-06-02T12:40:00Z"), hindcast.Invalid},
			"too many servers": {strings.Repeat("Received: from a by b\r\n", 60) + letter("lead@example.org", "x", "y"), hindcast.Invalid},
			"from nobody":      {"Subject: x\r\n\r\ny", hindcast.Invalid},
			"nothing":          {"", hindcast.Invalid},
		}
		for name, tt := range tests {
			if err := l.Receive(l.Context(), []string{address}, strings.NewReader(tt.text)); hindcast.CodeOf(err) != tt.code {
				t.Errorf("%s: %v, want %s", name, err, tt.code)
			}
		}
		for range 20 {
			l.receive(address, letter("lead@example.org", "x", "y"))
		}
		if err := l.Receive(l.Context(), []string{address}, strings.NewReader(letter("lead@example.org", "x", "y"))); hindcast.CodeOf(err) != hindcast.Unavailable {
			t.Errorf("the 21st message within an hour: %v, want that it comes again later", err)
		}
		l.now = l.now.Add(time.Hour)
		l.receive(address, letter("lead@example.org", "x", "y"))
	})
}

func TestABombWaits(t *testing.T) {
	onOne(t, mailin.Settings{}, func(l *library) {
		num, address := l.begin(false)
		var z bytes.Buffer
		w := zip.NewWriter(&z)
		f, err := w.Create("zeros")
		l.ok(err)
		_, err = io.CopyN(f, zeros{}, 200<<20)
		l.ok(err)
		l.ok(w.Close())
		body := "--b\r\nContent-Type: application/zip; name=logs.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + wrapped(z.Bytes()) + "\r\n--b--"
		l.receive(address, letter("lead@example.org", "Logs", body, "Content-Type: multipart/mixed; boundary=b"))
		if got := l.files(num); len(got) != 0 {
			t.Errorf("evidence %q, want none", got)
		}
		if got := l.waiting("lead"); len(got) != 1 || !strings.Contains(got[0].Said, "bomb") {
			t.Errorf("waiting: %+v, want the message, and why", got)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// wrapped writes bytes as mail does.
func wrapped(b []byte) string {
	return regexp.MustCompile(`.{76}`).ReplaceAllString(base64.StdEncoding.EncodeToString(b), "$0\r\n")
}

func TestFilesOfAMessageAreEvidence(t *testing.T) {
	onOne(t, mailin.Settings{}, func(l *library) {
		num, address := l.begin(false)
		body := "--b\r\n\r\nsee the log\r\n--b\r\nContent-Type: text/plain; name=app.log\r\nContent-Transfer-Encoding: base64\r\n\r\n" + wrapped([]byte("2024-06-02T14:31:00Z ERROR pool exhausted\n")) + "\r\n--b--"
		l.receive(address, letter("lead@example.org", "Logs", body, "Content-Type: multipart/mixed; boundary=b"))
		got := strings.Join(l.files(num), " ")
		if want := "mail/2024-06-02.143721-logs.eml mail/2024-06-02.143721-logs.eml.attached/app.log"; got != want {
			t.Errorf("evidence %s, want %s", got, want)
		}
	})
}

// TestMailThatWaitsIsNotCollected keeps the bytes of what nobody decided about.
func TestMailThatWaitsIsNotCollected(t *testing.T) {
	onBoth(t, mailin.Settings{}, func(l *library) {
		l.receive(l.General(), letter("x@elsewhere.example.net", "One", "text"))
		l.now = time.Now().Add(100 * 24 * time.Hour) // blobs are as old as their files
		_, err := l.wf.Tidy(context.Background())
		l.ok(err)
		w := l.waiting("lead")
		if _, err := l.Read(l.Context(), l.people["lead"], w[0].ID); err != nil {
			t.Errorf("read after a day: %v", err)
		}
	})
}
