package email_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
	"github.com/hindcast/hindcast/internal/secret"
)

const password = emailtest.Password

func mailer(t *testing.T, s email.Server, to string) connector.Announcer {
	t.Helper()
	v, err := email.Vendor(s).Open(connector.Settings{"to": secret.New(to)}, connector.Deps{Now: func() time.Time { return time.Date(2026, 3, 15, 14, 5, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return v.(connector.Announcer)
}

func message() connector.Message {
	return connector.Message{ID: "01a-b2", Type: "postmortem.published", Subject: "Published: Ausfall der Zahlungen – Köln", Text: "Post-mortem #7 was published.\n.\nSeverity 1 = Ausfall", URL: "https://hindcast.example.org/p/7"}
}

func TestMailArrives(t *testing.T) {
	for _, encryption := range []string{"starttls", "tls", "none"} {
		t.Run(encryption, func(t *testing.T) {
			p := emailtest.Start(t, encryption)
			s := p.SignedIn()
			answer, err := mailer(t, s, "ops@example.org, Lead <lead@example.org>, ops@example.org").Announce(t.Context(), message())
			if err != nil || !strings.Contains(answer, "2 recipients") {
				t.Fatalf("Announce = %q, %v", answer, err)
			}
			got := p.Taken()[len(p.Taken())-1]
			if got.From != "hindcast@example.org" || got.User != "hindcast" || got.Encrypted != (encryption != "none") {
				t.Errorf("from %q, signed in as %q, encrypted %v", got.From, got.User, got.Encrypted)
			}
			if diff := cmp.Diff([]string{"ops@example.org", "lead@example.org"}, got.To); diff != "" {
				t.Errorf("recipients (-want +got):\n%s", diff)
			}
			read(t, got.Text)
		})
	}
}

// read holds that a mail says what it should.
func read(t *testing.T, text string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != message().Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if want := strings.ReplaceAll(message().Text+"\n\n"+message().URL+"\n", "\n", "\r\n"); err != nil || string(body) != want {
		t.Errorf("body %q, %v, want %q", body, err, want)
	}
	for name, want := range map[string]string{"Message-Id": "<01a-b2@example.org>", "Auto-Submitted": "auto-generated", "Date": "Sun, 15 Mar 2026 14:05:00 +0000", "X-Hindcast-Event": "postmortem.published"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestNothingCanAddAHeader puts ends of lines wherever something is filled in.
func TestNothingCanAddAHeader(t *testing.T) {
	p := emailtest.Start(t, "none")
	for i, end := range []string{"\r\n", "\n", "\r", "\u0085", "\u2028", "\x00", "\r\n\r\n", "\r\n.\r\n"} {
		evil := "x" + end + "Bcc: everybody@example.org" + end + "RCPT TO:<everybody@example.org>" + end
		msg := connector.Message{ID: evil, Type: evil, Subject: evil, Text: evil, URL: evil}
		if _, err := mailer(t, p.Settings(), "ops@example.org").Announce(t.Context(), msg); err != nil {
			t.Fatal(err)
		}
		got := p.Taken()[len(p.Taken())-1]
		m, err := mail.ReadMessage(strings.NewReader(got.Text))
		if err != nil {
			t.Fatalf("%q: %v", end, err)
		}
		if len(got.To) != 1 || m.Header.Get("Bcc") != "" || len(m.Header) != 10 {
			t.Errorf("%q: %d recipients, headers %v", end, len(got.To), m.Header)
		}
		if len(p.Taken()) != i+1 {
			t.Errorf("%q: a second mail was sent", end)
		}
	}
}

func TestAddresses(t *testing.T) {
	v := email.Vendor(email.Server{Addr: "mail.example.org:25"})
	for to, want := range map[string]string{
		"ops@example.org": "ops@example.org", "Ops <ops@example.org>, b@example.org": "ops@example.org, b@example.org",
		"": "", "ops": "", "ops@example.org\r\nRCPT TO:<x@example.org>": "", "\"a\r\nb\"@example.org": "", "ops@example.org;x@example.org": "",
		"\"a b\"@example.org": "", strings.Repeat("a@example.org,", 50) + "a@example.org": "",
	} {
		where, err := v.Check(connector.Settings{"to": secret.New(to)})
		if where != want || err != nil && hindcast.CodeOf(err) != hindcast.Invalid || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", to, where, err, want)
		}
	}
	if _, err := email.Vendor(email.Server{}).Check(connector.Settings{"to": secret.New("ops@example.org")}); err == nil || !strings.Contains(err.Error(), "smtp.addr") {
		t.Errorf("without a server: %v", err)
	}
}

func TestWhatIsWorthAnotherAttempt(t *testing.T) {
	for name, tt := range map[string]struct {
		command string
		refusal *smtp.SMTPError
		change  func(*email.Server)
		want    hindcast.Code
	}{
		"busy":                        {"MAIL", &smtp.SMTPError{Code: 421, Message: "busy"}, nil, hindcast.Unavailable},
		"greylisted":                  {"b@example.org", &smtp.SMTPError{Code: 450, Message: "come back"}, nil, hindcast.Unavailable},
		"no such recipient":           {"b@example.org", &smtp.SMTPError{Code: 550, Message: "unknown"}, nil, hindcast.Invalid},
		"refused after reading it":    {"DATA", &smtp.SMTPError{Code: 554, Message: "spam"}, nil, hindcast.Invalid},
		"full":                        {"DATA", &smtp.SMTPError{Code: 452, Message: "full"}, nil, hindcast.Unavailable},
		"a wrong password":            {"", nil, func(s *email.Server) { s.User, s.Password = "hindcast", secret.New("wrong-"+password) }, hindcast.Denied},
		"a certificate of another":    {"", nil, func(s *email.Server) { s.Roots = x509.NewCertPool() }, hindcast.Invalid},
		"nobody there":                {"", nil, func(s *email.Server) { s.Addr = "127.0.0.1:1" }, hindcast.Unavailable},
		"another protocol than asked": {"", nil, func(s *email.Server) { s.TLS = "tls" }, hindcast.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			p := emailtest.Start(t, "starttls")
			p.Refuse(tt.command, tt.refusal)
			s := p.Settings()
			if tt.change != nil {
				tt.change(&s)
			}
			_, err := mailer(t, s, "a@example.org, b@example.org").Announce(t.Context(), message())
			if hindcast.CodeOf(err) != tt.want {
				t.Errorf("%v is %s, want %s", err, hindcast.CodeOf(err), tt.want)
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v %v", err, err, err, errors.Unwrap(err)), password) {
				t.Errorf("the error shows the password: %v", err)
			}
			if len(p.Taken()) != 0 {
				t.Error("a mail was sent")
			}
		})
	}
}

func TestNoPasswordGoesOverAnOpenLine(t *testing.T) {
	p := emailtest.Start(t, "none")
	s := p.SignedIn()
	s.TLS = "starttls"
	if _, err := mailer(t, s, "a@example.org").Announce(t.Context(), message()); hindcast.CodeOf(err) != hindcast.Invalid || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("a server without STARTTLS = %v", err)
	}
}

// TestASilentServerDoesNotHoldUp stops while the server says nothing.
func TestASilentServerDoesNotHoldUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }() // the test ends
	accepted := make(chan struct{})
	go func() {
		if c, err := l.Accept(); err == nil {
			close(accepted)
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		}
	}()
	ctx, stop := contextUntil(t, accepted)
	defer stop()
	s := email.Server{Addr: l.Addr().String(), From: "hindcast@example.org", TLS: "none"}
	if _, err := mailer(t, s, "a@example.org").Announce(ctx, message()); hindcast.CodeOf(err) != hindcast.Unavailable {
		t.Errorf("Announce = %v", err)
	}
}

// contextUntil returns a context that ends when a channel is closed.
func contextUntil(t *testing.T, c <-chan struct{}) (context.Context, func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-c; stop() }()
	return ctx, stop
}
