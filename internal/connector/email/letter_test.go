package email_test

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
)

func letter() email.Letter {
	return email.Letter{ID: "01a-b2", Date: time.Date(2026, 3, 15, 14, 5, 0, 0, time.UTC), To: "lead@example.org", Subject: "Ausfall – Köln: " + strings.Repeat("ä", 200),
		Text: "Plain – text\n.\nend\n", HTML: "<p>Plain – text</p>\n", Thread: "postmortem-1", Unsubscribe: "https://hindcast.example.org/unsubscribe/x"}
}

func left() error { return nil }

// body reads the parts of a letter by their type.
func body(t *testing.T, m *mail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := r.NextPart() // decodes quoted-printable
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
		out[p.Header.Get("Content-Type")] = string(text)
	}
}

func TestALetterIsTextAndHTML(t *testing.T) {
	p := emailtest.Start(t, "starttls")
	for range 2 { // the same bytes each time
		if err := p.SignedIn().Send(t.Context(), letter(), left); err != nil {
			t.Fatal(err)
		}
	}
	got := p.Taken()
	if got[0].Text != got[1].Text || got[0].User != "hindcast" || !got[0].Encrypted {
		t.Errorf("the letters are not the same, or not sent as configured: %+v", got)
	}
	for line := range strings.SplitSeq(got[0].Text, "\r\n") {
		if len(line) > 300 {
			t.Errorf("a line has %d bytes", len(line))
		}
	}
	m, err := mail.ReadMessage(strings.NewReader(got[0].Text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != letter().Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{"Message-Id": "<01a-b2@example.org>", "References": "<postmortem-1@example.org>", "Date": "Sun, 15 Mar 2026 14:05:00 +0000", "Auto-Submitted": "auto-generated",
		"To": "<lead@example.org>", "List-Unsubscribe": "<https://hindcast.example.org/unsubscribe/x>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	parts := body(t, m)
	if parts["text/plain; charset=utf-8"] != "Plain – text\r\n.\r\nend\r\n" || parts["text/html; charset=utf-8"] != "<p>Plain – text</p>\r\n" {
		t.Errorf("parts %q", parts)
	}
}

func TestNothingInALetterCanAddAHeader(t *testing.T) {
	p := emailtest.Start(t, "none")
	evil := "x\r\nBcc: everybody@example.org\r\n\r\n"
	l := letter()
	l.ID, l.Subject, l.Thread, l.Unsubscribe, l.Text, l.HTML = evil, evil, evil, evil, evil, evil
	if err := p.Settings().Send(t.Context(), l, left); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(p.Taken()[0].Text))
	if err != nil || m.Header.Get("Bcc") != "" || len(m.Header) != 11 {
		t.Errorf("headers %v, %v", m.Header, err)
	}
}

func TestWhatBecomesOfALetter(t *testing.T) {
	stop := errors.New("not now")
	for name, tt := range map[string]struct {
		command string
		refusal *smtp.SMTPError
		leave   func() error
		change  func(*email.Server, *email.Letter)
		want    error // nil for any error after which it is tried again
	}{
		"busy":                     {"MAIL", &smtp.SMTPError{Code: 421, Message: "busy"}, left, nil, nil},
		"greylisted":               {"lead@example.org", &smtp.SMTPError{Code: 450, Message: "come back"}, left, nil, nil},
		"full":                     {"DATA", &smtp.SMTPError{Code: 452, Message: "full"}, left, nil, nil},
		"no such recipient":        {"lead@example.org", &smtp.SMTPError{Code: 550, Message: "unknown"}, left, nil, email.ErrRefused},
		"refused after reading it": {"DATA", &smtp.SMTPError{Code: 554, Message: "spam"}, left, nil, email.ErrRefused},
		"wants us to sign in":      {"MAIL", &smtp.SMTPError{Code: 530, Message: "who are you"}, left, nil, nil},
		"no address":               {"", nil, left, func(_ *email.Server, l *email.Letter) { l.To = "nobody" }, email.ErrRefused},
		"a wrong password":         {"", nil, left, func(s *email.Server, _ *email.Letter) { s.User = "hindcast" }, nil},
		"a wrong certificate":      {"", nil, left, func(s *email.Server, _ *email.Letter) { s.Roots = nil }, nil},
		"nobody there":             {"", nil, left, func(s *email.Server, _ *email.Letter) { s.Addr = "127.0.0.1:1" }, nil},
		"kept back":                {"", nil, func() error { return stop }, nil, stop},
	} {
		t.Run(name, func(t *testing.T) {
			p := emailtest.Start(t, "starttls")
			p.Refuse(tt.command, tt.refusal)
			s, l := p.Settings(), letter()
			if tt.change != nil {
				tt.change(&s, &l)
			}
			err := s.Send(t.Context(), l, tt.leave)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || tt.want == nil && (errors.Is(err, email.ErrRefused) || errors.Is(err, email.ErrUnsure)) {
				t.Errorf("Send = %v, want %v", err, tt.want)
			}
			if len(p.Taken()) != 0 {
				t.Error("the letter arrived")
			}
		})
	}
}

func TestNobodyKnowsWhetherALetterArrived(t *testing.T) {
	p := emailtest.Start(t, "none")
	p.Arrived(func() { p.Drop() })
	if err := p.Settings().Send(t.Context(), letter(), left); !errors.Is(err, email.ErrUnsure) {
		t.Errorf("Send = %v, want %v", err, email.ErrUnsure)
	}
	if len(p.Taken()) != 1 {
		t.Error("the letter did not arrive")
	}
}
