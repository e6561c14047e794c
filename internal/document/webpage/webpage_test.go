package webpage_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/webpage"
)

const exported = `<!DOCTYPE html><html><head><title>Ops : Mobile API down</title></head><body><div id="breadcrumbs"><a href="index.html">Ops</a></div>
<h1 id="title-heading"><span id="title-text"> Ops : Mobile API down</span></h1><div class="page-metadata">Created by Engineer A</div>
<div id="main-content"><h2>Summary</h2><p>A migration was missing &amp; all failed.</p><script>alert(1)</script><table><tbody><tr><th>Time</th><th>Event</th></tr><tr><td>14:38</td><td>Errors begin</td></tr></tbody></table></div><footer>x</footer></body></html>`

func TestText(t *testing.T) {
	want := "# Mobile API down\n\n## Summary\n\nA migration was missing & all failed.\n\n| Time  | Event        |\n|-------|--------------|\n| 14:38 | Errors begin |\n"
	for _, tt := range []struct{ name, file, in, want string }{
		{"a page that Confluence exported", "page.html", exported, want},
		{"the same without its name", "page", "\ufeff\n" + exported, want},
		{"a page of anybody", "x.htm", "<html><head><title>Down</title></head><body><nav>x</nav><main><p>It was.</p></main></body></html>", "# Down\n\nIt was.\n"},
		{"with a title of its own", "x.html", "<html><head><title>Down</title></head><body><h1>Down again</h1><p>It was.</p></body></html>", "# Down again\n\nIt was.\n"},
		{"the storage format", "page.xml", `<h2>Summary</h2><ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-body>Add an alert</ac:task-body></ac:task></ac:task-list><p><ri:user ri:account-id="x"/> wrote</p>`, "## Summary\n\n- Add an alert\n\na person wrote\n"},
		{"an answer of its API", "page.json", `{"title":"Down","body":{"storage":{"value":"<p>It was.</p>"}}}`, "# Down\n\nIt was.\n"},
		{"our JSON", "p.json", `{"title":"Down"}`, `{"title":"Down"}`},
		{"Markdown", "p.md", "# Down\n\n<b>x</b>\n", "# Down\n\n<b>x</b>\n"},
		{"nothing", "p.html", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := webpage.Text(tt.file, []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("Text (-want +got):\n%s", diff)
			}
		})
	}
}

// packed returns an archive of files.
func packed(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestArchive(t *testing.T) {
	inner := packed(t, "Down 0123456789abcdef0123456789abcdef.md", "# Down\n", "Down 0123456789abcdef0123456789abcdef/a.png", "\x89PNG", "__MACOSX/._Down.md", "x")
	outer := packed(t, "ExportBlock-1-Part-1.zip", string(inner), "OPS/index.html", exported, "OPS/Mobile_1.html", exported, "OPS/site.css", "p{}")
	got := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(outer), int64(len(outer)))
	if err != nil {
		t.Fatal(err)
	}
	err = webpage.Archive(z, func(f webpage.File, err error) error {
		got[f.Name], _, _ = strings.Cut(string(f.Text), "\n")
		return err
	})
	if diff := cmp.Diff(map[string]string{"Down.md": "# Down", "Mobile_1.md": "# Mobile API down"}, got); diff != "" || err != nil {
		t.Errorf("Archive: %v (-want +got):\n%s", err, diff)
	}
}

func TestADamagedArchiveWithinAnArchive(t *testing.T) {
	outer := packed(t, "Part-1.zip", "no archive")
	z, err := zip.NewReader(bytes.NewReader(outer), int64(len(outer)))
	if err != nil {
		t.Fatal(err)
	}
	if err := webpage.Archive(z, func(webpage.File, error) error { return nil }); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("Archive = %v, want it invalid", err)
	}
}

func FuzzText(f *testing.F) {
	f.Add("page.html", []byte(exported))
	f.Add("page.xml", []byte("<p><ac:task>"))
	f.Add("page.json", []byte(`{"body":{"storage":{"value":"<p"}}}`))
	f.Fuzz(func(t *testing.T, name string, raw []byte) {
		if _, err := webpage.Text(name, raw); err != nil && hindcast.CodeOf(err) == hindcast.Internal {
			t.Errorf("Text = %v, want an error for people", err)
		}
	})
}
