package smtp_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	client "github.com/emersion/go-smtp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/hook/smtp"
)

// office is a server with an address of its own, and what it took.
type office struct {
	addr  string
	fault error
	mu    sync.Mutex
	taken []string
}

func start(t *testing.T, lmtp bool) *office {
	t.Helper()
	return startWith(t, lmtp, nil)
}

func startWith(t *testing.T, lmtp bool, encryption *tls.Config) *office {
	t.Helper()
	o := &office{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.addr = l.Addr().String()
	s := smtp.New(smtp.Config{Domain: "hindcast.example.org", Most: 100 << 10, LMTP: lmtp, TLS: encryption,
		Known: func(_ context.Context, address string) error {
			if address != "incident@hindcast.example.org" {
				return hindcast.Errorf(hindcast.NotFound, "there is no such address here")
			}
			return nil
		},
		Receive: func(_ context.Context, to []string, raw io.Reader) error {
			b, err := io.ReadAll(raw)
			if err != nil {
				return hindcast.Errorf(hindcast.Unavailable, "read it: %w", err)
			}
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.fault == nil {
				o.taken = append(o.taken, fmt.Sprint(to, " ", string(b)))
			}
			return o.fault
		}})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return o
}

// send passes a message on and returns the code of the answer; 0 when it was taken.
func (o *office) send(t *testing.T, to, text string) (code int, said string) {
	t.Helper()
	c, err := client.Dial(o.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	err = c.SendMail("a@example.org", []string{to}, strings.NewReader(text))
	var answer *client.SMTPError
	if errors.As(err, &answer) {
		return answer.Code, answer.Message
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0, ""
}

func TestAnswers(t *testing.T) {
	tests := map[string]struct {
		to, text string
		fault    error
		code     int
	}{
		"taken":                   {"incident@hindcast.example.org", "From: a@example.org\r\n\r\ntext\r\n", nil, 0},
		"somebody else's address": {"x@elsewhere.example.net", "x", nil, 550}, // nothing is passed on
		"an address of nobody":    {"other@hindcast.example.org", "x", nil, 550},
		"too large":               {"incident@hindcast.example.org", strings.Repeat("x\r\n", 200<<10), nil, 552},
		"refused":                 {"incident@hindcast.example.org", "x", hindcast.Errorf(hindcast.Invalid, "it goes round"), 554},
		"later":                   {"incident@hindcast.example.org", "x", hindcast.Errorf(hindcast.Unavailable, "too much"), 451},
		"a fault of ours":         {"incident@hindcast.example.org", "x", errors.New("disk secret-path is full"), 451},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := start(t, false)
			o.fault = tt.fault
			code, said := o.send(t, tt.to, tt.text)
			if code != tt.code || strings.Contains(said, "secret-path") {
				t.Errorf("answer %d %q, want %d", code, said, tt.code)
			}
			if took := len(o.taken) == 1; took != (tt.code == 0) {
				t.Errorf("taken %q", o.taken)
			}
		})
	}
}

// TestSmuggledEndsAreNoEnds sends what some servers take for the end of a message
// (a bare line feed around the dot): it stays part of the message.
func TestSmuggledEndsAreNoEnds(t *testing.T) {
	o := start(t, false)
	c, err := textproto.Dial("tcp", o.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	say := func(code int, text string) {
		t.Helper()
		if text != "" {
			if _, err := io.WriteString(c.W, text); err != nil {
				t.Fatal(err)
			}
			if err := c.W.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := c.ReadResponse(code); err != nil {
			t.Fatalf("after %q: %v", text, err)
		}
	}
	say(220, "")
	say(250, "EHLO a\r\n")
	say(250, "MAIL FROM:<a@example.org>\r\n")
	say(250, "RCPT TO:<incident@hindcast.example.org>\r\n")
	say(354, "DATA\r\n")
	say(250, "Subject: one\r\n\r\ntext\n.\nMAIL FROM:<b@example.org>\r\n\r\n.\r\n")
	say(221, "QUIT\r\n")
	if len(o.taken) != 1 || !strings.Contains(o.taken[0], "MAIL FROM:<b@example.org>") {
		t.Errorf("taken %q, want one message", o.taken)
	}
}

func TestLMTP(t *testing.T) {
	o := start(t, true)
	conn, err := net.Dial("tcp", o.addr)
	if err != nil {
		t.Fatal(err)
	}
	c := client.NewClientLMTP(conn)
	defer func() { _ = c.Close() }()
	for _, err := range []error{c.Mail("a@example.org", nil), c.Rcpt("incident@hindcast.example.org", nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.WriteString(w, "From: a@example.org\r\n\r\ntext\r\n")
	if err = errors.Join(err, w.Close()); err != nil || len(o.taken) != 1 {
		t.Errorf("error %v, taken %q", err, o.taken)
	}
}
