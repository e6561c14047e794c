package picture_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture"
)

var start = time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)

func entry(after time.Duration, kind hindcast.EntryKind, actor hindcast.ActorKind, title string) hindcast.Entry {
	return hindcast.Entry{ID: title, At: start.Add(after), Kind: kind, Actor: hindcast.Actor{Name: "someone", Kind: actor}, Title: title}
}

func draw(t *testing.T, tl hindcast.Timeline, width int) string {
	t.Helper()
	var b strings.Builder
	if err := picture.Timeline(&b, tl, width); err != nil {
		t.Fatal(err)
	}
	dec := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture is not well-formed XML: %v\n%s", err, b.String())
		}
	}
	return b.String()
}

func TestTimelineDrawsPhasesAndEntries(t *testing.T) {
	tl := hindcast.Timeline{
		Incident: hindcast.Phases{StartedAt: start, DetectedAt: start.Add(105 * time.Second), ResolvedAt: start.Add(23 * time.Minute)},
		Entries: []hindcast.Entry{
			entry(0, hindcast.Change, hindcast.Automation, `rollout of "v2.8.0" <began>`),
			entry(105*time.Second, hindcast.Alert, hindcast.Automation, "error rate"),
			entry(315*time.Second, hindcast.Action, hindcast.Person, "rolled back\x00"),
		},
	}
	svg := draw(t, tl, 1200)
	for _, want := range []string{"undetected 1 m 45 s", "detected 21 m 15 s", "rollout of &quot;v2.8.0&quot; &lt;began&gt;", ">people<", ">automation<", "14:38:45 alert"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	if again := draw(t, tl, 1200); again != svg {
		t.Error("the same timeline gave another picture")
	}
}

func TestTimelineLabelsDoNotOverlap(t *testing.T) {
	var tl hindcast.Timeline
	for i := range 60 {
		tl.Entries = append(tl.Entries, entry(time.Duration(i*i)*time.Second, hindcast.Observed, hindcast.Person, fmt.Sprintf("observation number %d of a long incident", i)))
	}
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`<text x="([\d.]+)" y="([\d.]+)" class="label"`).FindAllStringSubmatch(draw(t, tl, 900), -1) {
		if seen[m[1]+m[2]] {
			t.Errorf("two labels at %s, %s", m[1], m[2])
		}
		seen[m[1]+m[2]] = true
	}
	if len(seen) != 60 {
		t.Errorf("%d labels, want 60", len(seen))
	}
}

func TestLongLabelsTakeTheRoomThatIsLeft(t *testing.T) {
	const long = "The dashboard of failed payments shows nothing while that of completed ones shows a cliff, and the two are read by different people"
	end := entry(2*time.Hour, hindcast.Recovery, hindcast.Person, "over")
	if svg := draw(t, hindcast.Timeline{Entries: []hindcast.Entry{entry(0, hindcast.Observed, hindcast.Person, long), end}}, 1200); !strings.Contains(svg, ">"+long+"</text>") {
		t.Error("a label is cut although there is room for it")
	}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 9))
		tl := hindcast.Timeline{Entries: []hindcast.Entry{end}}
		for range r.IntN(40) {
			tl.Entries = append(tl.Entries, entry(time.Duration(r.IntN(7200))*time.Second, hindcast.Observed, hindcast.Person, long[:8+r.IntN(len(long)-8)]))
		}
		for _, width := range []int{480, 728, 1200} {
			var all []area
			for _, m := range regexp.MustCompile(`<text x="([\d.-]+)" y="([\d.]+)" class="label" text-anchor="(\w+)">([^<]*)`).FindAllStringSubmatch(draw(t, tl, width), -1) {
				x, errX := strconv.ParseFloat(m[1], 64)
				y, errY := strconv.ParseFloat(m[2], 64)
				if errX != nil || errY != nil {
					t.Fatal(m[0])
				}
				a := textArea(m[4], "label", "", x, y)
				if m[3] == "end" {
					a.left, a.right = a.left-(a.right-a.left), a.left
				}
				for _, other := range all {
					if a.overlaps(other) {
						t.Errorf("seed %d, %d wide: %q overlaps %q", seed, width, a.what, other.what)
					}
				}
				all = append(all, a)
			}
			if len(all) != len(tl.Entries) {
				t.Errorf("seed %d, %d wide: read %d labels of %d entries", seed, width, len(all), len(tl.Entries))
			}
		}
	}
}

func TestTimelineNamesEveryKindHoweverNarrow(t *testing.T) {
	kinds := []hindcast.EntryKind{
		hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Acknowledge, hindcast.Observed, hindcast.Decided, hindcast.Action,
		hindcast.Mitigation, hindcast.Recovery, hindcast.Communication, hindcast.ExternalEvent,
	}
	var tl hindcast.Timeline
	for i, k := range kinds {
		tl.Entries = append(tl.Entries, entry(time.Duration(i)*time.Minute, k, hindcast.Person, "entry"))
	}
	for _, width := range []int{320, 728, 1200} {
		svg := draw(t, tl, width)
		for _, k := range kinds {
			if want := ">" + string(k) + "</text>"; !strings.Contains(svg, want) {
				t.Errorf("the legend of the picture %d wide lacks %q", width, k)
			}
		}
	}
}

func TestTimelineDrawsQuietStretchesAsGaps(t *testing.T) {
	tl := hindcast.Timeline{Entries: []hindcast.Entry{
		entry(0, hindcast.Change, hindcast.Automation, "a"), entry(time.Minute, hindcast.Symptom, hindcast.System, "b"),
		entry(2*time.Minute, hindcast.Alert, hindcast.Automation, "c"), entry(30*time.Hour, hindcast.Action, hindcast.Person, "d"),
		entry(30*time.Hour+time.Minute, hindcast.Recovery, hindcast.System, "e"),
	}}
	if svg := draw(t, tl, 1000); !strings.Contains(svg, `class="gap"`) {
		t.Error("thirty hours in which nothing happens are drawn to scale")
	}
}

func TestTimelineWithoutEntriesSaysSo(t *testing.T) {
	if svg := draw(t, hindcast.Timeline{}, 0); !strings.Contains(svg, "no incident") {
		t.Errorf("the picture does not say that there is no incident:\n%s", svg)
	}
}

func TestTimelineWithinAPage(t *testing.T) {
	tl := hindcast.Timeline{Entries: []hindcast.Entry{
		entry(0, hindcast.Change, hindcast.Automation, "rollout"), entry(time.Minute, hindcast.Alert, hindcast.Automation, "alert"),
		{ID: "x", Title: "nobody knows when", Kind: hindcast.Observed},
	}}
	tl.Entries[0].Service = "mobile-api"
	var b strings.Builder
	if err := picture.DrawTimeline(&b, tl, picture.Look{Width: 900, ByService: true, Within: true}); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for _, want := range []string{`<a href="#timeline/rollout"`, ">mobile-api<", ">no service<"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	for _, not := range []string{"<style", "style=", "nobody knows when", ">automation<", ` id="`} {
		if strings.Contains(svg, not) {
			t.Errorf("the picture has %q", not)
		}
	}
	if strings.Index(svg, ">mobile-api<") > strings.Index(svg, ">no service<") {
		t.Error("what has no service is not the last lane")
	}
}

func TestTimelineAsOfShowsOnlyWhatWasKnown(t *testing.T) {
	late := entry(21*time.Second, hindcast.Symptom, hindcast.System, "the migration fails")
	late.KnownAt = start.Add(44 * time.Minute)
	tl := hindcast.Timeline{
		Incident: hindcast.Phases{StartedAt: start, DetectedAt: start.Add(105 * time.Second), ResolvedAt: start.Add(23 * time.Minute)},
		Entries:  []hindcast.Entry{late, entry(105*time.Second, hindcast.Alert, hindcast.Automation, "error rate"), entry(15*time.Minute, hindcast.Mitigation, hindcast.Person, "rolled back")},
	}
	for i, e := range tl.Entries[1:] {
		tl.Entries[i+1].KnownAt = e.At
	}
	asOf := func(after time.Duration) string {
		var b strings.Builder
		if err := picture.DrawTimeline(&b, tl, picture.Look{Width: 1200, AsOf: start.Add(after), Note: "2 things nobody knew yet"}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	whole := draw(t, tl, 1200)
	for _, tt := range []struct {
		after time.Duration
		has   []string
		lacks []string
	}{
		{10 * time.Second, []string{"as of 14:37:10: 2 things nobody knew yet"}, []string{"migration", "error rate", "rolled back", "undetected", ">system<"}},
		{2 * time.Minute, []string{"as of 14:39:00", "error rate", "detected 15 s"}, []string{"migration", "rolled back", "resolved", ">system<", "mitigation"}},
		{45 * time.Minute, []string{"migration", "error rate", "rolled back", "detected 21 m 15 s"}, nil},
	} {
		got := asOf(tt.after)
		for _, s := range tt.has {
			if !strings.Contains(got, s) {
				t.Errorf("after %s the picture lacks %q", tt.after, s)
			}
		}
		for _, s := range tt.lacks {
			if strings.Contains(got, s) {
				t.Errorf("after %s the picture tells %q, which nobody knew", tt.after, s)
			}
		}
		place := regexp.MustCompile(`<circle class="mark" cx="[\d.]+" cy="[\d.]+" r="5"/>`).FindString(got)
		if !strings.Contains(whole, place) {
			t.Errorf("after %s the alert is drawn elsewhere than in the whole picture", tt.after)
		}
	}
}
