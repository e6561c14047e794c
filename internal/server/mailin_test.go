package server_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/config"
	"github.com/hindcast/hindcast/internal/connector/email/emailtest"
	"github.com/hindcast/hindcast/internal/server"
	"github.com/hindcast/hindcast/internal/sqldb"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/workflow/letter"
)

// message is a mail with an id of its own.
func message(id int, from, text string, more ...string) string {
	return strings.Join(append(more, "From: "+from, "To: incident@hindcast.example.org", fmt.Sprintf("Subject: number %d", id), "Date: Sun, 2 Jun 2024 16:37:21 +0200", fmt.Sprintf("Message-ID: <%d@example.org>", id), "", text, ""), "\r\n")
}

// pass passes a message on as a mail server does.
func pass(addr, to, text string) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }() // what was said counts
	return c.SendMail("a@example.org", []string{to}, strings.NewReader(text))
}

// TestMailThatWasTakenIsThere kills a server again and again while mail is passed on
// to it, and passes on again what it did not say that it took, and some that it did.
func TestMailThatWasTakenIsThere(t *testing.T) {
	t.Parallel()
	r := &replica{T: t, data: t.TempDir(), addr: "127.0.0.1:0"}
	const rounds, each, senders = 4, 25, 3
	taken := make([]atomic.Bool, rounds*each*senders)
	for round := range rounds {
		r.start()
		var work sync.WaitGroup
		var n atomic.Int64
		enough := make(chan struct{})
		for s := range senders {
			work.Go(func() {
				for i := range each {
					id := (round*senders+s)*each + i
					if pass(r.mail, "incident@hindcast.example.org", message(id, "x@elsewhere.example.net", "text")) == nil {
						taken[id].Store(true)
					}
					if n.Add(1) == each*senders/2 {
						close(enough)
					}
				}
			})
		}
		<-enough
		r.kill()
		work.Wait()
	}
	r.start()
	for id := range taken {
		if taken[id].Load() && id%5 != 0 {
			continue // every fifth comes twice
		}
		if err := pass(r.mail, "incident@hindcast.example.org", message(id, "x@elsewhere.example.net", "text")); err != nil {
			t.Fatal(err)
		}
	}
	r.kill()
	r.allThere(len(taken))
}

// allThere checks that messages 0 to n-1 are kept, once each, with their bytes.
func (r *replica) allThere(n int) {
	r.Helper()
	st, err := store.Open(r.Context(), filepath.Join(r.data, "hindcast.db"))
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	blobs, err := blob.OpenDir(filepath.Join(r.data, "blobs"))
	if err != nil {
		r.Fatal(err)
	}
	rows, err := sqldb.All(r.Context(), st.DB(), func(scan func(...any) error) (row [2]string, err error) {
		err = scan(&row[0], &row[1])
		return row, err
	}, `select subject, sha256 from mail_in`)
	if err != nil {
		r.Fatal(err)
	}
	seen := map[string]int{}
	for _, row := range rows {
		seen[row[0]]++
		b, err := blobs.Open(r.Context(), row[1])
		if err != nil {
			r.Fatalf("%s: %v", row[0], err)
		}
		text, err := io.ReadAll(b)
		if err != nil || !strings.Contains(string(text), "Subject: "+row[0]+"\r\n") {
			r.Errorf("%s: kept as %q, %v", row[0], text, err)
		}
	}
	for id := range n {
		if got := seen[fmt.Sprintf("number %d", id)]; got != 1 {
			r.Errorf("message %d is there %d times", id, got)
		}
	}
}

// takingMail is a server that sends mail and takes mail in.
type takingMail struct {
	*mailing
	addr string
}

func startTakingMail(t *testing.T) *takingMail {
	t.Helper()
	m := &mailing{post: emailtest.Start(t, "starttls"), taken: make(chan struct{}, 10)}
	m.post.Arrived(func() { m.taken <- struct{}{} })
	s := m.post.SignedIn()
	running, log := listenAs(t, func(c *config.Config) {
		c.SMTP = config.SMTP{Addr: s.Addr, User: s.User, Password: s.Password.Reveal(), From: s.From, TLS: s.TLS}
		c.MailIn.Address, c.MailIn.Listen, c.MailIn.Trusted, c.MailIn.Token = "incident@hindcast.example.org", "127.0.0.1:0", "mx.example.org", "token-of-the-mail-server-1"
	}, server.Options{Roots: s.Roots, Now: func() time.Time { return time.Now().Add(time.Duration(m.ahead.Load())) }})
	m.running = running
	at := regexp.MustCompile(`mail is taken in" at=(\S+)`).FindStringSubmatch(log.String())
	if at == nil {
		t.Fatalf("it takes no mail: %s", log)
	}
	return &takingMail{m, at[1]}
}

const proved = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"

// TestMailOfAPersonIsEvidence passes mail on by SMTP and by HTTP, to the address that
// the API tells.
func TestMailOfAPersonIsEvidence(t *testing.T) {
	t.Parallel()
	m := startTakingMail(t)
	admin := m.admin()
	var d struct{ ID string }
	admin.api("POST", "/incidents", map[string]any{"title": "Mobile API down"}, &d)
	var to struct{ Address string }
	admin.api("GET", "/incidents/"+d.ID+"/mail-address", nil, &to)
	if err := pass(m.addr, to.Address, message(1, "admin@example.org", "It is down.", proved)); err != nil {
		t.Fatal(err)
	}
	bring := func(token, to, text string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "POST", m.url+"/hooks/mail?to="+url.QueryEscape(to), strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	for _, tt := range []struct {
		token, to, text string
		want            int
	}{
		{"token-of-the-mail-server-1", to.Address, message(2, "admin@example.org", "It is up.", proved), 202},
		{"token-of-the-mail-server-1", to.Address, message(2, "admin@example.org", "It is up.", proved), 202},
		{"wrong", to.Address, message(3, "admin@example.org", "x", proved), 401},
		{"", to.Address, message(3, "admin@example.org", "x", proved), 401},
		{"token-of-the-mail-server-1", "incident+1-aaaaaaaaaaaaaaaa@hindcast.example.org", message(3, "admin@example.org", "x", proved), 404},
		{"token-of-the-mail-server-1", to.Address, "nothing", 400},
	} {
		if got := bring(tt.token, tt.to, tt.text); got != tt.want {
			t.Errorf("POST with token %q to %s = %d, want %d", tt.token, tt.to, got, tt.want)
		}
	}
	for {
		var list []struct{ Name, Format string }
		admin.api("GET", "/incidents/"+d.ID+"/evidence", nil, &list)
		if len(list) < 2 {
			continue // it is kept in the background
		}
		names := []string{list[0].Name, list[1].Name}
		slices.Sort(names) // either may be kept first
		if len(list) != 2 || names[0] != "mail/2024-06-02.143721-number-1.eml" || names[1] != "mail/2024-06-02.143721-number-2.eml" {
			t.Errorf("evidence %+v", list)
		}
		return
	}
}

// TestAnAnswerToALetterIsSaidInItsThread follows a comment into a mail, and the
// answer to that back.
func TestAnAnswerToALetterIsSaidInItsThread(t *testing.T) {
	t.Parallel()
	m := startTakingMail(t)
	admin := m.admin()
	member := admin.invited("member@example.org", "member")
	var me, d struct{ ID string }
	member.api("GET", "/me", nil, &me)
	admin.api("POST", "/incidents", map[string]any{"title": "Mobile API down"}, &d)
	admin.api("PUT", "/incidents/"+d.ID+"/participants/"+me.ID, map[string]any{"part": "participant"}, nil)
	m.ahead.Add(int64(letter.Gather))
	_, _ = m.next() // that they take part
	var choices map[string]any
	member.api("GET", "/me/notifications", nil, &choices)
	choices["ways"] = map[string]string{"reply": "mail"}
	member.api("PUT", "/me/notifications", choices, nil)
	var thread struct{ ID string }
	member.api("POST", "/incidents/"+d.ID+"/threads", map[string]any{"text": "How did we notice?"}, &thread)
	admin.api("POST", "/incidents/"+d.ID+"/threads/"+thread.ID+"/comments", map[string]any{"text": "Did somebody call?"}, nil)
	m.ahead.Add(int64(letter.Gather))
	_, text := m.next()
	reply := regexp.MustCompile(`Reply-To: <([^>]+)>`).FindStringSubmatch(text)
	if reply == nil || !strings.Contains(text, "Answer this mail") {
		t.Fatalf("the letter has no address for an answer: %s", text)
	}
	if err := pass(m.addr, reply[1], message(1, "member@example.org", "A customer did.\r\n\r\nOn Sunday, Hindcast wrote:\r\n> Did somebody call?", proved)); err != nil {
		t.Fatal(err)
	}
	for {
		var threads []struct{ Comments []struct{ Text string } }
		admin.api("GET", "/incidents/"+d.ID+"/threads", nil, &threads)
		if n := len(threads[0].Comments); n == 3 {
			if got := threads[0].Comments[2].Text; got != "A customer did." {
				t.Errorf("the answer is %q", got)
			}
			return
		}
	}
}

// certificate writes a certificate for mail and its key to files, and returns these
// and who trusts it.
func certificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"hindcast.example.org"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, &about, &about, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key, roots = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), x509.NewCertPool()
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return cert, key, roots
}

// TestMailIsEncryptedByTheCertificateOfTheSettings passes a message on by STARTTLS to
// a server that has its certificate from files.
func TestMailIsEncryptedByTheCertificateOfTheSettings(t *testing.T) {
	cert, key, roots := certificate(t)
	running, log := listenAs(t, func(c *config.Config) {
		c.MailIn.Address, c.MailIn.Listen, c.MailIn.Cert, c.MailIn.Key = "incident@hindcast.example.org", "127.0.0.1:0", cert, key
	}, server.Options{})
	admin := running.admin()
	at := regexp.MustCompile(`mail is taken in" at=(\S+)`).FindStringSubmatch(log.String())
	if at == nil {
		t.Fatalf("it takes no mail: %s", log)
	}
	c, err := smtp.DialStartTLS(at[1], &tls.Config{RootCAs: roots, ServerName: "hindcast.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }() // what was said counts
	if err := c.SendMail("a@example.org", []string{"incident@hindcast.example.org"}, strings.NewReader(message(1, "x@elsewhere.example.net", "text"))); err != nil {
		t.Fatal(err)
	}
	for {
		var page struct{ Items []struct{ Subject string } }
		admin.api("GET", "/mail-in", nil, &page)
		if len(page.Items) == 0 {
			continue // it is decided about in the background
		}
		if got := page.Items[0].Subject; got != "number 1" {
			t.Errorf("there is %q", got)
		}
		return
	}
}

func TestACertificateThatIsNotThereIsSaid(t *testing.T) {
	c := config.Default()
	c.Addr, c.Data = "127.0.0.1:0", t.TempDir()
	c.MailIn.Address, c.MailIn.Cert, c.MailIn.Key = "incident@hindcast.example.org", filepath.Join(c.Data, "none.pem"), filepath.Join(c.Data, "none.key")
	if s, err := server.New(t.Context(), c, server.Options{}); err == nil || !strings.Contains(err.Error(), "look at mail_in.tls_cert") {
		t.Errorf("New = %v, %v; want what to look at", s, err)
	}
}
