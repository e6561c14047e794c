package smtp_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	client "github.com/emersion/go-smtp"
)

// encrypted starts a server that offers STARTTLS, and returns what a client needs
// that trusts it.
func encrypted(t *testing.T) (*office, *tls.Config) {
	t.Helper()
	https := httptest.NewTLSServer(nil) // for its certificate
	t.Cleanup(https.Close)
	roots := x509.NewCertPool()
	roots.AddCert(https.Certificate())
	return startWith(t, false, &tls.Config{Certificates: https.TLS.Certificates, MinVersion: tls.VersionTLS12}), &tls.Config{RootCAs: roots, ServerName: "example.com"}
}

// TestEncryption passes messages on with STARTTLS and without, to a server that
// offers it.
func TestEncryption(t *testing.T) {
	o, trusting := encrypted(t)
	doubting := trusting.Clone()
	doubting.RootCAs = x509.NewCertPool()
	old := trusting.Clone()
	old.MaxVersion = tls.VersionTLS11
	dial := func(c *tls.Config) error {
		s, err := client.DialStartTLS(o.addr, c)
		if err != nil {
			return err
		}
		defer func() { _ = s.Close() }() // what was said counts
		return s.SendMail("a@example.org", []string{"incident@hindcast.example.org"}, strings.NewReader("Subject: secret\r\n\r\ntext\r\n"))
	}
	for _, tt := range []struct {
		name   string
		config *tls.Config
		taken  bool
	}{
		{"who trusts the certificate", trusting, true},
		{"who does not", doubting, false},
		{"a version that is no longer safe", old, false},
	} {
		before := len(o.taken)
		err := dial(tt.config)
		if got := err == nil && len(o.taken) == before+1; got != tt.taken {
			t.Errorf("%s: taken %t (%v), want %t", tt.name, got, err, tt.taken)
		}
	}
	if code, said := o.send(t, "incident@hindcast.example.org", "Subject: plain\r\n\r\ntext\r\n"); code != 0 {
		t.Errorf("without encryption it is answered with %d %s", code, said)
	}
}

// TestEncryptionIsOfferedWithACertificate reads what servers say that they can do.
func TestEncryptionIsOfferedWithACertificate(t *testing.T) {
	with, _ := encrypted(t)
	for _, tt := range []struct {
		addr string
		want bool
	}{{with.addr, true}, {start(t, false).addr, false}} {
		c, err := client.Dial(tt.addr)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := c.Extension("STARTTLS"); got != tt.want {
			t.Errorf("offered %t, want %t", got, tt.want)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestWhatCameBeforeEncryptionIsForgotten says something in the clear behind
// STARTTLS, as somebody between two servers would: it must not count as said within.
func TestWhatCameBeforeEncryptionIsForgotten(t *testing.T) {
	o, trusting := encrypted(t)
	conn, err := net.Dial("tcp", o.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	say := func(w io.Writer, r *bufio.Reader, text, want string) {
		t.Helper()
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Fatalf("after %q: %v", text, err)
			}
			if len(line) > 3 && line[3] == '-' {
				continue // more follows
			}
			if !strings.HasPrefix(line, want) {
				t.Fatalf("after %q: %q, want %s", text, line, want)
			}
			return
		}
	}
	r := bufio.NewReader(conn)
	say(conn, r, "", "220")
	say(conn, r, "EHLO a\r\n", "250")
	say(conn, r, "STARTTLS\r\nEHLO b\r\nMAIL FROM:<forged@example.org>\r\n", "220")
	within := tls.Client(conn, trusting)
	r = bufio.NewReader(within)
	say(within, r, "RCPT TO:<incident@hindcast.example.org>\r\n", "502")
	say(within, r, "EHLO a\r\n", "250")
	say(within, r, "RCPT TO:<incident@hindcast.example.org>\r\n", "502")
	say(within, r, "QUIT\r\n", "221")
}
