package evidence_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// letter is a message with files.
func letter(files map[string]string, order ...string) string {
	var b strings.Builder
	b.WriteString("From: a@example.org\nDate: Sun, 2 Jun 2024 14:37:21 +0200\nMessage-ID: <1@example.org>\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee the files\n")
	for _, name := range order {
		fmt.Fprintf(&b, "--x\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=%q\nContent-Transfer-Encoding: base64\n\n%s\n", name, base64.StdEncoding.EncodeToString([]byte(files[name])))
	}
	return b.String() + "--x--\n"
}

// names unpacks sources and returns what came out, with sizes.
func names(t *testing.T, sources ...evidence.Source) (out []string, problems []string) {
	t.Helper()
	faults, err := evidence.Unpack(sources, nil, func(s evidence.Source) error {
		c, err := s.Open()
		if err != nil {
			return err
		}
		n, err := io.Copy(io.Discard, c)
		out = append(out, fmt.Sprint(s.Name, " ", n))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range faults {
		problems = append(problems, p.String())
	}
	return out, problems
}

func TestAttachedFilesAreEvidence(t *testing.T) {
	inner := letter(map[string]string{"inner.log": "word five\n"}, "inner.log")
	text := letter(map[string]string{"a.log": "word one\n", "logs.zip": string(zipped(t, map[string]string{"b.log": "word two\n"})), "../../c.log": "word three\n", "fwd.eml": inner},
		"a.log", "logs.zip", "../../c.log", "fwd.eml", "a.log")
	got, problems := names(t, bytesSource("mail/outage.eml", []byte(text)))
	folder := "mail/outage.eml.attached/"
	want := []string{fmt.Sprint("mail/outage.eml ", len(text)), folder + "a.log 9", "b.log 9", folder + "c.log 11", fmt.Sprint(folder+"fwd.eml ", len(inner)), folder + "fwd.eml.attached/inner.log 10", folder + "a.log#2 9"}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Errorf("files: -want +got:\n%s; problems %q", diff, problems)
	}
}

func TestMessagesInMessagesEnd(t *testing.T) {
	text := "From: a@example.org\nMessage-ID: <0@x>\n\nend\n"
	for i := range 50 {
		text = fmt.Sprintf("From: a@example.org\nMessage-ID: <%d@x>\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d\nContent-Type: message/rfc822\n\n%s\n--b%d--\n", i, i, i, text, i)
	}
	got, problems := names(t, bytesSource("a.eml", []byte(text)))
	if len(got) != 4 || len(problems) != 1 || !strings.Contains(problems[0], "nested too deep") {
		t.Errorf("%d files, problems %q; want 4, and that they are nested too deep", len(got), problems)
	}
}

func TestABombInAMessage(t *testing.T) {
	text := letter(map[string]string{"zeros.zip": string(zipped(t, map[string]string{"zeros": strings.Repeat("\x00", 100<<20)}))}, "zeros.zip")
	_, err := evidence.Unpack([]evidence.Source{bytesSource("a.eml", []byte(text))}, nil, func(s evidence.Source) error {
		c, err := s.Open()
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, c)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "bomb") {
		t.Errorf("reading a bomb: %v, want that it is refused", err)
	}
}

// TestUnpackedMessagesAreReadOnce reads a message, and again what Unpack made of it.
func TestUnpackedMessagesAreReadOnce(t *testing.T) {
	text := letter(map[string]string{"a.log": "word one\n"}, "a.log")
	var members []evidence.Source
	_, err := evidence.Unpack([]evidence.Source{bytesSource("m.eml", []byte(text))}, nil, func(s evidence.Source) error {
		c, err := s.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(c)
		members = append(members, bytesSource(s.Name, data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	formats := []record.Format{words("word"), whole()}
	want, _, _ := read(evidence.Options{Formats: formats}, bytesSource("m.eml", []byte(text)))
	for name, opt := range map[string]evidence.Options{"unpacked": {Formats: formats, Unpacked: true}, "a folder of an export": {Formats: formats}} {
		got, _, _ := read(opt, members...)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: evidence differs (-message +unpacked):\n%s", name, diff)
		}
	}
}
