package workflow_test

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/workflow"
)

func TestMarkdownComesBackTheSame(t *testing.T) {
	onBoth(t, func(l *library) {
		d, err := l.Draft(l.ctx, lead, workflow.NewIncident{Severity: 1}, evidence(t, all), nil)
		l.ok(err)
		want := document.Markdown(d.Post)
		copied, report, err := l.CreateFromMarkdown(l.ctx, other, "exported.md", want, workflow.NewIncident{})
		l.ok(err)
		if !report.Ours || len(report.Problems) > 0 || report.Entries != len(d.Post.Timeline) {
			l.Errorf("report = %+v", report)
		}
		if diff := cmp.Diff(string(want), string(document.Markdown(copied.Post))); diff != "" {
			l.Errorf("the copy differs (-want +got):\n%s", diff)
		}
	})
}

func TestMarkdownOfOthers(t *testing.T) {
	const text = "# Search was down\n\n**Date:** 2024-03-15\n**Severity:** SEV-2\n\n## Timeline (CET)\n\n- 14:00 it began\n- later it ended\n\n## Thanks\n\nTo all.\n\n## Next steps\n\n- [ ] Add an alert\n\n## What went well\n\n- The alert\n"
	onBoth(t, func(l *library) {
		d, report, err := l.CreateFromMarkdown(l.ctx, lead, "search.md", []byte(text), workflow.NewIncident{})
		l.ok(err)
		if len(report.Problems) != 2 {
			l.Errorf("problems = %v, want that the day is assumed and that a time is not understood", report.Problems)
		}
		report.Problems = nil
		want := workflow.Imported{Sections: []string{"Timeline (CET)", "Next steps", "What went well"}, Unknown: []string{"Thanks"}, Metadata: []string{"severity"}, Entries: 2, Untimed: 1, Observations: 1, Actions: 1}
		if diff := cmp.Diff(want, report); diff != "" {
			l.Errorf("report (-want +got):\n%s", diff)
		}
		if at := d.Post.Timeline[0].At; at.Hour() != 13 {
			l.Errorf("the entry is at %v, want 13:00 UTC", at)
		}
	})
}

func TestLibraryMovesToAnEmptyInstance(t *testing.T) {
	from := open(t, filepath.Join(t.TempDir(), "from.db"))
	d, err := from.Draft(from.ctx, lead, workflow.NewIncident{Severity: 1}, evidence(t, all), nil)
	from.ok(err)
	for _, to := range []hindcast.Status{hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished} {
		_, err := from.Move(from.ctx, lead, d.ID, to, "")
		from.ok(err)
	}
	private := from.create("Kept private")
	_, err = from.SetPrivate(from.ctx, lead, private.ID, true, "personal data")
	from.ok(err)
	var b bytes.Buffer
	from.ok(from.Export(from.ctx, lead, &b))

	to := open(t, filepath.Join(t.TempDir(), "to.db"))
	report, err := to.Import(to.ctx, other, bytes.NewReader(b.Bytes()), int64(b.Len()), false)
	to.ok(err)
	if to.events != nil {
		t.Errorf("an import tells %+v, want nothing", to.events)
	}
	if report.Incidents != 2 || report.Files != len(d.Post.Evidence) || len(report.Problems) != 0 {
		t.Errorf("report = %+v, want two incidents with all files", report)
	}
	want, got := from.get(lead, "1"), to.get(other, "1")
	if diff := cmp.Diff(string(document.Markdown(want.Post)), string(document.Markdown(got.Post))); diff != "" {
		t.Errorf("the document differs (-want +got):\n%s", diff)
	}
	if p := to.get(other, "2"); !p.Private || p.PrivateReason != "personal data" {
		t.Errorf("the private one is private %t, %q", p.Private, p.PrivateReason)
	}
	again, err := to.Import(to.ctx, other, bytes.NewReader(b.Bytes()), int64(b.Len()), true)
	to.ok(err)
	if again.Incidents != 0 || again.Known != 2 {
		t.Errorf("importing again = %+v, want nothing new", again)
	}
	told := open(t, filepath.Join(t.TempDir(), "told.db"))
	_, err = told.Import(told.ctx, other, bytes.NewReader(b.Bytes()), int64(b.Len()), true)
	told.ok(err)
	if len(told.events) != 2 || told.events[0].Kind != workflow.IncidentCreated {
		t.Errorf("an import that announces tells %+v, want of both incidents", told.events)
	}
	var theirs bytes.Buffer
	from.ok(from.Export(from.ctx, reader, &theirs))
	z, err := zip.NewReader(bytes.NewReader(theirs.Bytes()), int64(theirs.Len()))
	from.ok(err)
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "2/") || strings.Contains(f.Name, "/evidence/") {
			t.Errorf("a reader's export holds %s", f.Name)
		}
	}
	_, err = to.Import(to.ctx, other, strings.NewReader("no zip"), 6, false)
	to.refused("importing something else", err, hindcast.Invalid)
}
