package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/connector/webhook"
	"github.com/hindcast/hindcast/internal/secret"
	"github.com/hindcast/hindcast/internal/server"
)

// safeBuffer is a log that is read while others write it.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// listen runs a server as a program does, with its work in the background.
func listen(t *testing.T, change func(*config.Config)) (*running, *safeBuffer) {
	t.Helper()
	return listenWith(t, change, 0)
}

// listenWith runs a server as listen does, that waits for what comes late as long as
// it is told.
func listenWith(t *testing.T, change func(*config.Config), settle time.Duration) (*running, *safeBuffer) {
	t.Helper()
	return listenAs(t, change, server.Options{Settle: settle})
}

// listenAs runs a server as listen does, with other options.
func listenAs(t *testing.T, change func(*config.Config), opt server.Options) (*running, *safeBuffer) {
	t.Helper()
	c := config.Default()
	c.Addr, c.Data, c.Private = "127.0.0.1:0", t.TempDir(), true
	if change != nil {
		change(&c)
	}
	log := &safeBuffer{}
	opt.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := server.New(t.Context(), c, opt)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	end := sync.OnceFunc(func() {
		stop()
		if err := errors.Join(<-done, s.Close()); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return &running{Server: s, T: t, url: "http://" + l.Addr().String(), log: &bytes.Buffer{}, stop: end}, log
}

// arrive brings something to the address of a receiver, which must take it.
func arrive(t *testing.T, hook, body string, header map[string]string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, hook, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if _ = res.Body.Close(); res.StatusCode != http.StatusAccepted {
		t.Fatalf("%s is answered %s", body, res.Status)
	}
}

// TestAWebhookTellsOfAnIncident follows a message from the API through the queue
// to a receiver and back to the list of deliveries.
func TestAWebhookTellsOfAnIncident(t *testing.T) {
	t.Parallel()
	for _, db := range []string{"sqlite", "postgres"} {
		t.Run(db, func(t *testing.T) {
			type told struct{ id, at, signature, body string }
			messages := make(chan told, 10)
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				messages <- told{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), r.Header.Get("webhook-signature"), string(body)}
				w.WriteHeader(http.StatusAccepted)
			}))
			defer receiver.Close()
			r, log := listen(t, func(c *config.Config) {
				if db == "postgres" {
					c.DB = postgres.URL(t)
				}
			})
			admin := r.admin()
			var end struct {
				ID, Where string
				Secrets   map[string]string
			}
			admin.api("POST", "/endpoints", map[string]any{"kind": "webhook", "name": "Chat", "events": []string{"incident.created"}, "settings": map[string]string{"url": receiver.URL + "/hook?token=s3cret-token"}}, &end)
			if end.Where != receiver.URL || !strings.HasPrefix(end.Secrets["secret"], "whsec_") {
				t.Errorf("endpoint %+v", end)
			}
			var result struct {
				OK     bool
				Answer string
			}
			admin.api("POST", "/endpoints/"+end.ID+"/test", nil, &result)
			if m := <-messages; !result.OK || result.Answer != "202 Accepted" || !strings.Contains(m.body, "hindcast.test") {
				t.Errorf("test %+v sent %s", result, m.body)
			}
			var d struct{ Number int }
			admin.api("POST", "/incidents", map[string]string{"title": "Ledger outage"}, &d)
			m := <-messages
			var seconds int64
			if _, err := fmt.Sscan(m.at, &seconds); err != nil {
				t.Errorf("timestamp %q", m.at)
			}
			want, err := webhook.Sign(secret.New(end.Secrets["secret"]), m.id, time.Unix(seconds, 0), []byte(m.body))
			if err != nil || m.signature != want || !strings.Contains(m.body, fmt.Sprintf(`"url":"%s/p/%d"`, r.url, d.Number)) {
				t.Errorf("message %+v, want signature %s, %v", m, want, err)
			}
			admin.sent(m.id)
			res, figures := admin.do("GET", "/metrics", "", "")
			for _, line := range []string{`hindcast_deliveries{state="sent"} 1`, `hindcast_jobs{kind="deliver",state="done"} 1`, `hindcast_queue_lag_seconds 0`} {
				if res.StatusCode != http.StatusOK || !strings.Contains(figures, line) {
					t.Errorf("the figures lack %s", line)
				}
			}
			_, list := admin.do("GET", "/api/v1/endpoints", "", "")
			for _, s := range []string{"s3cret-token", end.Secrets["secret"]} {
				if strings.Contains(log.String()+list, s) {
					t.Errorf("%s is logged or listed", s)
				}
			}
		})
	}
}

// sent waits until a delivery is said to be sent: its end is kept after the
// receiver was told.
func (p *person) sent(id string) {
	p.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		var page struct {
			Items []struct{ ID, State, Answer string }
		}
		p.api("GET", "/deliveries?state=sent", nil, &page)
		if len(page.Items) == 1 && page.Items[0].ID == id {
			return
		}
		if time.Now().After(deadline) {
			p.Fatalf("deliveries %+v, want %s", page.Items, id)
		}
	}
}

func TestPrivateAddressesAreRefusedUnlessAllowed(t *testing.T) {
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a private address was reached") }))
	defer receiver.Close()
	admin := start(t, nil, server.Options{}).admin()
	var end struct{ ID string }
	admin.api("POST", "/endpoints", map[string]any{"kind": "webhook", "name": "Chat", "events": []string{"incident.created"}, "settings": map[string]string{"url": receiver.URL}}, &end)
	var result struct {
		OK     bool
		Answer string
	}
	admin.api("POST", "/endpoints/"+end.ID+"/test", nil, &result)
	if result.OK || !strings.Contains(result.Answer, "allow_private_addresses") {
		t.Errorf("test %+v", result)
	}
}

// TestNothingLeavesADemo: in a demo everybody is an admin, and it must not become
// a way to send mail and requests from somebody's machine.
func TestNothingLeavesADemo(t *testing.T) {
	t.Parallel()
	anybody := start(t, nil, server.Options{Demo: true}).browser()
	for _, path := range []string{"/endpoints", "/endpoints/x/test"} {
		res, body := anybody.do("POST", "/api/v1"+path, "application/json", `{"kind":"webhook","name":"Chat","events":["incident.created"],"settings":{"url":"https://example.org"}}`)
		if res.StatusCode != http.StatusForbidden || !strings.Contains(body, "demo") {
			t.Errorf("POST %s: %s %s", path, res.Status, body)
		}
	}
}

// mailbox is a mail server.
type mailbox struct{ mails chan string }

// NewSession begins to take a mail.
func (m mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }

func (mailbox) Mail(string, *smtp.MailOptions) error { return nil }
func (mailbox) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (mailbox) Reset()                               {}
func (mailbox) Logout() error                        { return nil }

// Data takes a mail.
func (m mailbox) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	m.mails <- string(text)
	return err
}

func TestAMailTellsOfAPublication(t *testing.T) {
	t.Parallel()
	box := mailbox{make(chan string, 10)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(box)
	defer func() { _ = s.Close() }() // the test ends
	go func() { _ = s.Serve(l) }()   // it ends with the test
	r, _ := listen(t, func(c *config.Config) {
		c.SMTP = config.SMTP{Addr: l.Addr().String(), From: "hindcast@example.org", TLS: "none"}
	})
	admin := r.admin()
	admin.api("POST", "/endpoints", map[string]any{"kind": "email", "name": "Engineers", "events": []string{"postmortem.published"}, "settings": map[string]string{"to": "engineers@example.org"}}, nil)
	var d struct{ ID string }
	admin.api("POST", "/incidents", map[string]string{"title": "Ledger outage"}, &d)
	for _, to := range []string{"in-review", "approved", "published"} {
		admin.api("POST", "/incidents/"+d.ID+"/status", map[string]string{"to": to}, nil)
	}
	mail := <-box.mails
	for _, part := range []string{"To: <engineers@example.org>", "Subject: Post-mortem #1 Ledger outage was published", r.url + "/p/1"} {
		if !strings.Contains(mail, part) {
			t.Errorf("the mail lacks %q:\n%s", part, mail)
		}
	}
}
