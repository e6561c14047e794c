package workflow_test

import (
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/part"
	"github.com/hindcast/hindcast/internal/workflow"
)

const skewed = `---
hindcast: 1
title: Search answered slowly
severity: 2
severity_name: High
acknowledged_at: 2024-05-13T14:00:30Z
status: draft
---

# Search answered slowly

## Timeline

### 2024-05-13 (UTC)

- **14:00:30** Acknowledged — *acknowledge by Engineer A (person)* <!-- e:ack -->
  - Evidence: ` + "`chat.json:1`" + `
- **14:02:00** Error rate is high — *alert by pager (automation)* <!-- e:alert -->
  - Evidence: ` + "`pager.json:1`" + `

## Evidence

### Clocks

- ` + "`chat.json`" + `
  - Ahead by: -120 s
  - Against: pager.json
  - Why: states pages earlier
`

func TestAnalysisKeepsReasons(t *testing.T) {
	l := open(t, t.TempDir()+"/hindcast.db")
	d, _, err := l.CreateFromMarkdown(l.ctx, lead, "pm.md", []byte(skewed), workflow.NewIncident{})
	if err != nil {
		t.Fatal(err)
	}
	post := func() hindcast.Postmortem {
		t.Helper()
		got, err := l.Get(l.ctx, lead, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Post
	}
	before := string(document.Markdown(post()))

	if _, err := l.SetSeverity(l.ctx, lead, d.ID, 1, " "); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("a change of severity without a reason gave %v", err)
	}
	if _, err := l.SetSeverity(l.ctx, lead, d.ID, 9, "x"); hindcast.CodeOf(err) != hindcast.Invalid {
		t.Errorf("a level that the policy lacks gave %v", err)
	}
	severity, err := l.SetSeverity(l.ctx, lead, d.ID, 1, "all users are affected")
	if err != nil {
		t.Fatal(err)
	}
	if inc := post().Incident; inc.Severity != 1 || inc.SeverityName != "Critical" || len(inc.SeverityChanges) != 1 || inc.SeverityChanges[0].Reason != "all users are affected" || inc.SeverityChanges[0].By == "" {
		t.Errorf("severity %d %q, changes %+v", inc.Severity, inc.SeverityName, inc.SeverityChanges)
	}

	edited, err := l.Edit(l.ctx, lead, d.ID, []part.Change{{Path: "severity", Value: workflow.JSON(2)}}, "fewer users than thought")
	if err != nil {
		t.Fatal(err)
	}
	if inc := post().Incident; inc.SeverityName != "High" || len(inc.SeverityChanges) != 2 || inc.SeverityChanges[1].Reason != "fewer users than thought" {
		t.Errorf("after an edit of the field alone: %q, changes %+v", inc.SeverityName, inc.SeverityChanges)
	}
	if _, err := l.Undo(l.ctx, lead, d.ID, edited.Revision); err != nil {
		t.Fatal(err)
	}
	if inc := post().Incident; inc.Severity != 1 || inc.SeverityName != "Critical" || len(inc.SeverityChanges) != 1 {
		t.Errorf("after taking it back: severity %d %q, changes %+v", inc.Severity, inc.SeverityName, inc.SeverityChanges)
	}

	clock, err := l.AcceptClock(l.ctx, lead, d.ID, "chat.json")
	if err != nil {
		t.Fatal(err)
	}
	p := post()
	if e := p.Timeline[1]; e.ID != "ack" || e.At.Format(time.TimeOnly) != "14:02:30" || e.RecordedAt.Format(time.TimeOnly) != "14:00:30" || !p.Incident.AcknowledgedAt.Equal(e.At) {
		t.Errorf("entry %s at %s, recorded as %s, acknowledged at %s", e.ID, e.At, e.RecordedAt, p.Incident.AcknowledgedAt)
	}
	if _, err := l.Believe(l.ctx, lead, d.ID, "alert", "ack", "the pager records it itself"); err != nil {
		t.Fatal(err)
	}
	if e := post().Timeline[1]; e.Prefer == nil || e.Prefer.Entry != "alert" {
		t.Errorf("prefers %+v, want the alert", e.Prefer)
	}
	for _, act := range []func() (workflow.Saved, error){
		func() (workflow.Saved, error) { return l.SetSeverity(l.ctx, other, d.ID, 3, "x") },
		func() (workflow.Saved, error) { return l.WithdrawClock(l.ctx, other, d.ID, "chat.json") },
		func() (workflow.Saved, error) { return l.Believe(l.ctx, reader, d.ID, "ack", "alert", "x") },
	} {
		if _, err := act(); err == nil {
			t.Error("somebody who takes no part changed the document")
		}
	}
	if saved, err := l.WithdrawClock(l.ctx, lead, d.ID, "chat.json"); err != nil || saved.Revision <= clock.Revision || clock.Revision <= severity.Revision {
		t.Errorf("%v; revisions %d, %d, %d", err, severity.Revision, clock.Revision, saved.Revision)
	}
	if text := string(document.Markdown(post())); text == before {
		t.Error("the severity and the preference did not stay")
	}
	if e := post().Timeline[0]; e.ID != "ack" || !e.RecordedAt.IsZero() {
		t.Errorf("first entry %s, recorded as %s, want what the clock said", e.ID, e.RecordedAt)
	}
}
