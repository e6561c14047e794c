package postmortem_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/draft"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/sample"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/web/postmortem"
	"github.com/hindcast/hindcast/internal/web/prose"
	"github.com/hindcast/hindcast/internal/web/webtest"
)

// drafted returns the draft of the first sample incident, with a record of every
// kind added.
func drafted(tb testing.TB) *hindcast.Postmortem {
	tb.Helper()
	var sources []evidence.Source
	files := sample.All()[0].Files()
	err := fs.WalkDir(files, "evidence", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		sources = append(sources, evidence.Source{Name: strings.TrimPrefix(name, "evidence/"), Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		}})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	ev, sinks := evidence.Read(sources, evidence.Options{Formats: formats.All()}, collect.New)
	tl := timeline.Build(collect.Merge(sinks...), timeline.Options{Evidence: ev})
	pm := draft.Compose(tl, draft.Options{Severity: 1})
	pm.Factors = []hindcast.Factor{
		{ID: "f1", Description: "The readiness check passes before the migration has run", Tag: hindcast.Root, Category: hindcast.ProcessGap,
			Counterfactual: hindcast.Counterfactual{Answer: hindcast.AnswerNo, Reason: "the rollout would have stopped at the first pod"}, LedTo: []hindcast.Edge{{To: hindcast.Outcome}}},
		{ID: "f2", Description: "Staging holds no rows, so the migration could not fail there", Tag: hindcast.Contributing, Gap: hindcast.GapTesting, LedTo: []hindcast.Edge{{To: "f1"}}},
	}
	pm.Observations = []hindcast.Observation{
		{ID: "o1", Kind: hindcast.WentWell, Text: "The alert named the service", Stage: hindcast.StageDetection},
		{ID: "o2", Kind: hindcast.Luck, Text: "The previous image was still cached on every node"},
	}
	pm.Actions = []hindcast.ActionItem{{ID: "a1", Description: "Run migrations before the rollout and stop when one fails", Owner: "platform team", Priority: hindcast.PriorityCritical,
		Status: hindcast.ActionOpen, Effects: []hindcast.Effect{hindcast.PreventsRecurrence}, Factors: []string{"f1"}}}
	pm.Related = []hindcast.RelatedIncident{{ID: "r1", Ref: "#4388", Title: "A migration locked the orders table"}}
	users := 100.0
	pm.Incident.Impact.Users = hindcast.Number{State: hindcast.Estimated, Value: &users, Unit: "%", By: "support lead"}
	pm.Incident.Impact.SLOs = []hindcast.SLO{{ID: "s1", Name: "mobile-api availability", Target: 99.9, WindowDays: 30, Outcome: hindcast.SLOViolated}}
	return &pm
}

func view(tb testing.TB) *postmortem.View {
	pm := drafted(tb)
	return &postmortem.View{
		Num: 12, Version: 3, Post: pm, Policy: hindcast.DefaultPolicy(), Required: true, Why: "severity 1 (Critical) requires one",
		People:   []postmortem.Person{{ID: "p1", Name: "Engineer A", Role: "lead"}},
		MayWrite: true, MayFollow: true, MayManage: true, Prose: prose.New().HTML,
	}
}

func render(tb testing.TB, v *postmortem.View) string {
	tb.Helper()
	var b strings.Builder
	if err := postmortem.Page(v).Render(context.Background(), &b); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func TestPageKeepsTheRules(t *testing.T) {
	for name, change := range map[string]func(*postmortem.View){
		"as a writer": func(*postmortem.View) {},
		"as a reader": func(v *postmortem.View) { v.MayWrite, v.MayFollow, v.MayManage = false, false, false },
		"empty":       func(v *postmortem.View) { v.Post = &hindcast.Postmortem{Status: hindcast.StatusDraft} },
		"by service":  func(v *postmortem.View) { v.Look = postmortem.Look{ByService: true, Zoom: 4} },
		"with a form": func(v *postmortem.View) { v.Edit = &postmortem.Edit{Path: "timeline/" + v.Post.Timeline[3].ID} },
		"with a fault": func(v *postmortem.View) {
			v.Edit = &postmortem.Edit{Path: "actions/a1", Faults: []hindcast.Fault{{Path: "due", Message: "is no day"}, {Message: "is odd"}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := view(t)
			change(v)
			for _, f := range webtest.Faults("<html>" + render(t, v) + "</html>") {
				t.Error(f)
			}
		})
	}
}

func TestPageHoldsTheWholeDocument(t *testing.T) {
	v := view(t)
	page := render(t, v)
	all, err := webtest.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(webtest.Find(all, "tr", "id", "timeline/")); got != len(v.Post.Timeline) {
		t.Errorf("%d rows, want %d entries", got, len(v.Post.Timeline))
	}
	if got := len(webtest.Find(all, "a", "href", "#timeline/", "data-entry", "")); got != len(v.Post.Timeline) {
		t.Errorf("%d marks in the picture, want %d", got, len(v.Post.Timeline))
	}
	for _, want := range []string{"100 % failing x 23 m / (30 d x 0.1 % allowed) = 53.2 %", `href="/number/4388"`, "the rollout would have stopped", "Engineer A"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestReadersSeeNoForms(t *testing.T) {
	v := view(t)
	v.MayWrite, v.MayFollow, v.MayManage = false, false, false
	v.Edit = &postmortem.Edit{Path: "title"}
	page := render(t, v)
	if strings.Contains(page, `method="post"`) || strings.Contains(page, "data-edit") {
		t.Error("a reader is offered to write")
	}
}

func BenchmarkPage(b *testing.B) {
	v := view(b)
	for len(v.Post.Timeline) < 40 {
		e := v.Post.Timeline[len(v.Post.Timeline)%7]
		e.ID += "x"
		v.Post.Timeline = append(v.Post.Timeline, e)
	}
	for b.Loop() {
		if err := postmortem.Page(v).Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
