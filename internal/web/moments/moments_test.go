package moments_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/moments"
)

func TestBarStopsAtTheMomentAskedFor(t *testing.T) {
	begin := time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)
	pm := hindcast.Postmortem{Timeline: []hindcast.Entry{
		{ID: "a", At: begin, KnownAt: begin, Key: true, Title: "rollout"},
		{ID: "b", At: begin, KnownAt: begin.Add(2 * time.Minute), Key: true, Title: "page"},
	}}
	for _, after := range []time.Duration{-time.Minute, 0, time.Minute, 2 * time.Minute, time.Hour} {
		at := begin.Add(after)
		bar, then := moments.Of(7, pm, at)
		var page strings.Builder
		if err := moments.View(bar).Render(context.Background(), &page); err != nil {
			t.Fatal(err)
		}
		if want := `<option value="` + at.Format(time.RFC3339) + `" selected`; strings.Count(page.String(), want) != 1 || strings.Count(page.String(), " selected") != 1 {
			t.Errorf("as of %s the page does not choose that moment alone:\n%s", at.Format(time.TimeOnly), &page)
		}
		for _, e := range then.Timeline {
			if e.KnownAt.After(at) {
				t.Errorf("as of %s the page shows %q, known at %s", at.Format(time.TimeOnly), e.Title, e.KnownAt.Format(time.TimeOnly))
			}
		}
	}
}

func TestBarTellsTheScriptWhatWasKnownWhen(t *testing.T) {
	begin := time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)
	pm := hindcast.Postmortem{Timeline: []hindcast.Entry{
		{ID: "a", At: begin, KnownAt: begin, Key: true, Title: "rollout"},
		{ID: "b", At: begin.Add(30 * time.Second), KnownAt: begin.Add(2 * time.Minute), Key: true, Title: "crash"},
		{ID: "c", At: begin.Add(time.Minute), Title: "told by nobody"},
		{ID: "d", At: begin.Add(time.Minute), KnownAt: begin.Add(time.Minute), Title: "alert"},
	}}
	bar, _ := moments.Of(7, pm, time.Time{})
	var page strings.Builder
	if err := moments.View(bar).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(page.String(), `data-items="`)
	got, _, _ := strings.Cut(rest, `"`)
	if want := "timeline/a 1710513420 0\ntimeline/d 60 0\ntimeline/b -30 90\ntimeline/c 30 -"; got != want {
		t.Errorf("items = %q, want %q", got, want)
	}
}
