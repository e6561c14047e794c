package workflow_test

import (
	"errors"
	"strings"
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

// TestASeverityDoesNotChangeWithoutAReason is the rule of the form, for whoever edits.
func TestASeverityDoesNotChangeWithoutAReason(t *testing.T) {
	l := open(t, t.TempDir()+"/hindcast.db")
	d, _, err := l.CreateFromMarkdown(l.ctx, lead, "pm.md", []byte(skewed), workflow.NewIncident{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]part.Change{
		"another": {Path: "severity", Value: workflow.JSON(3)},
		"none":    {Path: "severity", Value: workflow.JSON(0)},
		"taken":   {Path: "severity"},
	} {
		_, err := l.Edit(l.ctx, lead, d.ID, []part.Change{c}, " ")
		var faults workflow.Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Path != "note" {
			t.Errorf("%s: %v, want a fault of the note", name, err)
		}
	}
	if _, err := l.Edit(l.ctx, lead, d.ID, []part.Change{{Path: "severity", Value: workflow.JSON(2)}}, ""); err != nil {
		t.Errorf("the severity that it has: %v", err)
	}
}

// TestFactorsKeepTheirNumbers edits factors as a program would that knows of no numbers.
func TestFactorsKeepTheirNumbers(t *testing.T) {
	l := open(t, t.TempDir()+"/hindcast.db")
	d, err := l.Create(l.ctx, lead, workflow.NewIncident{Title: "Search answered slowly", Kind: hindcast.KindIncident})
	if err != nil {
		t.Fatal(err)
	}
	edit := func(path string, value any) workflow.Saved {
		t.Helper()
		c := part.Change{Path: path}
		if value != nil {
			c.Value = workflow.JSON(value)
		}
		saved, err := l.Edit(l.ctx, lead, d.ID, []part.Change{c}, "")
		if err != nil {
			t.Fatal(err)
		}
		return saved
	}
	labels := func() string {
		t.Helper()
		got, err := l.Get(l.ctx, lead, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, x := range got.Post.Factors {
			out = append(out, x.ID+"="+x.Label())
		}
		return strings.Join(out, " ")
	}
	edit("factors/a", hindcast.Factor{ID: "a", Description: "one"})
	edit("factors/b", hindcast.Factor{ID: "b", Description: "two"})
	edit("factors/c", hindcast.Factor{ID: "c", Description: "three"})
	edit("factors/b", hindcast.Factor{ID: "b", Description: "two, said better"})
	if got := labels(); got != "a=F1 b=F2 c=F3" {
		t.Errorf("after three: %s", got)
	}
	gone := edit("factors/b", nil)
	if got := labels(); got != "a=F1 c=F3" {
		t.Errorf("after one went: %s", got)
	}
	edit("factors/d", hindcast.Factor{ID: "d", Description: "four"})
	if _, err := l.Undo(l.ctx, lead, d.ID, gone.Revision); err != nil {
		t.Fatal(err)
	}
	if got := labels(); got != "a=F1 b=F2 c=F3 d=F4" && got != "a=F1 c=F3 d=F4 b=F2" {
		t.Errorf("after it came back: %s", got)
	}
	edit("factors/a", hindcast.Factor{ID: "a", Description: "one", TagBefore: hindcast.Contributing})
	got, err := l.Get(l.ctx, lead, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	if x := got.Post.Factors[0]; x.Tag != hindcast.Contributing || x.TagBefore != "" {
		t.Errorf("taken up by hand: %+v", x)
	}
}
