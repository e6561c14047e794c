package message_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence/message"
)

// parts reads a message and says what it holds, a line for each part.
func parts(t *testing.T, text string) (out, faults []string) {
	t.Helper()
	_, faults, err := message.Read(strings.NewReader(text), func(p message.Part) error {
		b, err := io.ReadAll(p.Body)
		out = append(out, fmt.Sprintf("%s %q %v %q", p.Type, p.Name, p.IsText(), b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, faults
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func TestParts(t *testing.T) {
	tests := map[string]struct {
		text         string
		want, faults []string
	}{
		"no type": {"From: a@example.org\n\nhello\n", []string{`text/plain "" true "hello\n"`}, nil},
		"mixed": {crlf("Content-Type: multipart/mixed; boundary=x\n\npreamble\n--x\n\none\n--x\nContent-Type: text/csv\nContent-Disposition: attachment; filename*=utf-8''a%20b.csv\n\n1,2\n--x--\nafter\n"),
			[]string{`text/plain "" true "one"`, `text/csv "a b.csv" false "1,2"`}, nil},
		"names that lead elsewhere": {"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; name=\"..\\\\..\\\\etc/passwd\"\n\na\n--x\nContent-Disposition: attachment; filename=\"../../..\"\n\nb\n--x--\n",
			[]string{`text/plain "passwd" false "a"`, `text/plain "" false "b"`}, nil},
		"base64 with other letters":   {"Content-Transfer-Encoding: base64\n\naGVs*bG8=\n\n", []string{`text/plain "" true "hello"`}, nil},
		"base64 that ends early":      {"Content-Transfer-Encoding: base64\n\naGVsbG8gd29ybG\n", []string{`text/plain "" true "hello wor"`}, []string{"part of it is damaged: its encoding ends in the middle; what came before was kept"}},
		"a boundary that never comes": {"Content-Type: multipart/mixed; boundary=x\n\nnothing\n", nil, []string{"its parts end in the middle; what came before was kept"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, faults := parts(t, tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("parts: -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.faults, faults); diff != "" {
				t.Errorf("faults: -want +got:\n%s", diff)
			}
		})
	}
}

func TestNestingEnds(t *testing.T) {
	var b strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	b.WriteString("\nthe innermost\n")
	got, faults := parts(t, b.String())
	if len(got) != 0 || len(faults) == 0 || !strings.Contains(faults[0], "nested more than 20 deep") {
		t.Errorf("parts %q, faults %q; want none, and that they are nested too deep", got, faults)
	}
}

func TestThousandsOfParts(t *testing.T) {
	text := "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\na\n", 20_000) + "--x--\n"
	got, faults := parts(t, text)
	if len(got) != message.MaxParts || len(faults) != 1 {
		t.Errorf("%d parts, faults %q; want %d and one fault", len(got), faults, message.MaxParts)
	}
}

func TestHeader(t *testing.T) {
	text := "From: \"Last, First\" <A@Example.org>\nTo: =?utf-8?q?J=C3=BCrgen?= <b@example.org>, c@example.org\nSubject: =?iso-8859-1?B?5Pb8?=\n and more\nX-Long: " + strings.Repeat("x", 300<<10) +
		"\nMessage-ID: <late@example.org>\nnot a field\n\nbody\n"
	h, faults, err := message.Read(strings.NewReader(text), func(message.Part) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintln(h.From(), h.Addresses("To"), h.Text("Subject")), "{Last, First a@example.org} [{Jürgen b@example.org} { c@example.org}] äöü and more\n"; got != want {
		t.Errorf("header = %s, want %s", got, want)
	}
	if len(faults) != 1 || h.ID() != "" {
		t.Errorf("faults %q, id %q; want that the header is too long", faults, h.ID())
	}
}

func TestSaid(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"signature":            {"It is over.\n-- \nEngineer A", "It is over."},
		"a line of dashes":     {"Steps\n---\none", "Steps\n---\none"},
		"answers between":      {"> is it over?\nYes.\n> since when?\n14:50", "Yes.\n14:50"},
		"on ... wrote":         {"Yes.\n\nOn Sun, Jun 2, 2024 at 2:37 PM A <a@example.org> wrote:\n> is it over?", "Yes."},
		"on, but no quotation": {"On the second node somebody wrote:\nit is full", "On the second node somebody wrote:\nit is full"},
		"German":               {"Ja.\n\nAm 02.06.2024 um 14:37 schrieb A:\n> vorbei?", "Ja."},
		"original message":     {"Yes.\n-----Original Message-----\nFrom: A\nis it over?", "Yes."},
		"forwarded alone":      {"-----Original Message-----\nFrom: A\nis it over?", "-----Original Message-----\nFrom: A\nis it over?"},
		"phone":                {"Yes.\n\nSent from my iPhone", "Yes."},
		"disclaimer":           {"Yes.\n\nThis message is intended only for the addressee and is\nconfidential.\n", "Yes."},
		"confidential talk":    {"This message queue is full.", "This message queue is full."},
		"only a quotation":     {"> a", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := message.Said(tt.text); got != tt.want {
				t.Errorf("Said(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	tests := map[string]string{
		"<p>a <b>b</b> c</p><p>d</p>":                                     "a b c\n\nd",
		"<head><title>t</title><body>a":                                   "a",
		"<script>x</script>a<style>y</style>":                             "a",
		"a<blockquote>b<br>c</blockquote>d":                               "a\n> b\n> c\nd",
		"a<div id=\"appendonsend\"></div>old":                             "a\n> old",
		"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>": "a b\nc",
		"a &lt;b&gt; &amp; c":                                             "a <b> & c",
		"<img src=x onerror=alert(1)>a":                                   "a",
	}
	for source, want := range tests {
		if got := message.Plain(source); got != want {
			t.Errorf("Plain(%q) = %q, want %q", source, got, want)
		}
	}
}

func TestBox(t *testing.T) {
	text := "From a Sun Jun  2 12:37:21 2024\nSubject: 1\n\n>From here\n>>From there\n\nFrom b Sun Jun  2 12:37:21 2024\nSubject: 2\n\nFrom now on\n"
	box := message.OpenBox(strings.NewReader(text))
	var got []string
	for box.Next() {
		first := box.Line()
		b, err := io.ReadAll(box)
		end, fault := box.End()
		got = append(got, fmt.Sprintf("%d-%d %q %v %v", first, end, b, err, fault))
	}
	want := []string{`2-6 "Subject: 1\n\nFrom here\n>From there\n\n" <nil> <nil>`, `8-10 "Subject: 2\n\nFrom now on\n" <nil> <nil>`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages: -want +got:\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html; charset=koi8-r\nContent-Transfer-Encoding: quoted-printable\n\n<p>=C1\n--x--\n")
	f.Fuzz(func(t *testing.T, text string) {
		for box := message.OpenBox(strings.NewReader(text)); box.Next(); {
			h, body, _, err := message.ReadBody(box)
			if err != nil {
				t.Fatal(err)
			}
			_ = message.Said(body.Text)
			_, _ = h.From(), h.Root()
			if _, err := box.End(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
