package publish_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/publish"
	"github.com/hindcast/hindcast/internal/sample"
)

func postmortem(t *testing.T) hindcast.Postmortem {
	t.Helper()
	data, err := fs.ReadFile(sample.All()[0].Files(), "post-mortem.md")
	if err != nil {
		t.Fatal(err)
	}
	return document.Parse("post-mortem.md", data).Postmortem
}

// readable returns the text of a file.
func readable(t *testing.T, data []byte, f publish.Format) string {
	t.Helper()
	if f != publish.PDF {
		return string(data)
	}
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not here; install poppler-utils to read PDFs back")
	}
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", name, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

// TestNoFormatSaysMore looks in every file for what its audience may not see.
func TestNoFormatSaysMore(t *testing.T) {
	pm := postmortem(t)
	for who, tt := range map[string]struct{ has, lacks []string }{
		"":            {[]string{"Rollback: kubectl", "slack-export/users.json", "Engineer A"}, nil},
		"engineering": {[]string{"Rollback: kubectl", "slack-export/users.json", "PLAT-812"}, nil},
		"executive":   {[]string{"The refresh of staging copies", "Platform team", "182000"}, []string{"kubectl", "slack-export", "PLAT-812", "payments-gateway", "Engineer E", "14:42"}},
		"customer":    {[]string{"182000", "Our team took it up", "Update migration tooling"}, []string{"mobile-api", "Engineer A", "Platform team", "The refresh of staging", "PagerDuty", "4521", "Orders lost"}},
	} {
		for _, f := range publish.Formats() {
			v, err := publish.View(pm, who)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := publish.Write(&b, v, f, pdf.A4); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(strings.Fields(readable(t, b.Bytes(), f)), " ")
			for _, s := range tt.has {
				if !strings.Contains(got, s) {
					t.Errorf("%s for %q lacks %q", f, who, s)
				}
			}
			for _, s := range tt.lacks {
				if strings.Contains(got, s) {
					t.Errorf("%s for %q says %q", f, who, s)
				}
			}
		}
	}
}

func TestUnknown(t *testing.T) {
	if _, err := publish.View(hindcast.Postmortem{}, "press"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("View for press: %v, want an invalid error", err)
	}
	v, err := publish.View(hindcast.Postmortem{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := publish.Write(&bytes.Buffer{}, v, "doc", pdf.A4); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("Write as doc: %v, want an invalid error", err)
	}
}
