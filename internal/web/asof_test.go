package web_test

import (
	"encoding/json"
	"html"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/sample"
	"github.com/hindcast/hindcast/internal/web/webtest"
)

// truth is what a sample's truth.json says of moments.
type truth struct {
	KeyEvents []fact `json:"key_events"`
	Late      []fact `json:"facts_known_late"`
}

// fact is something that happened, with when people knew it.
type fact struct {
	ID        string         `json:"id"`
	Fact      string         `json:"fact"`
	At        time.Time      `json:"at"`
	KnownAt   time.Time      `json:"known_at"`
	Tolerance int            `json:"tolerance_s"`
	Evidence  []hindcast.Ref `json:"evidence"`
}

// tells reports whether an entry rests on the lines of a fact.
func (f fact) tells(e hindcast.Entry) bool {
	return slices.ContainsFunc(f.Evidence, func(want hindcast.Ref) bool {
		return slices.ContainsFunc(e.Evidence, func(have hindcast.Ref) bool {
			return have.File == want.File && have.Line <= max(want.EndLine, want.Line) && want.Line <= max(have.EndLine, have.Line)
		})
	})
}

// TestPagesAsOfKeyEventsHoldTheTruth reads the page of every sample incident as of
// each key event and as of a second before it: an entry that tells a key event is
// on it exactly when truth.json says that people knew it, an entry that tells a
// fact known late is not on it before, and nothing on the page quotes an entry
// that is hidden.
func TestPagesAsOfKeyEventsHoldTheTruth(t *testing.T) {
	for _, inc := range sample.All() {
		t.Run(inc.Slug, func(t *testing.T) {
			d := start(t)
			text, want := sampleTruth(t, inc)
			p := document.Parse(inc.Slug, text).Postmortem
			title := p.Incident.Title + " as of then"
			w := d.send("/new/markdown", nil, "text", strings.NewReplacer(p.Incident.Title, title, "\nincident: "+p.Incident.Number+"\n", "\nincident: then-"+p.Incident.Number+"\n").Replace(string(text)))
			post := strings.TrimSuffix(w.Header().Get("Location"), "/imported")
			if w.Code != http.StatusSeeOther {
				t.Fatalf("importing = %d %s", w.Code, w.Body)
			}
			if len(want.KeyEvents) == 0 || len(want.Late) == 0 {
				t.Fatalf("the truth names %d key events and %d facts known late, want some", len(want.KeyEvents), len(want.Late))
			}
			pictures := 0
			for _, k := range want.KeyEvents {
				if !slices.ContainsFunc(p.Timeline, k.tells) {
					t.Errorf("no entry tells %s", k.ID)
				}
				for _, moment := range [...]time.Time{k.At, k.At.Add(-time.Second)} {
					page := d.page(post+"?at="+url.QueryEscape(moment.Format(time.RFC3339)), http.StatusOK)
					holdPage(t, page, moment, p.Timeline, want)
					pictures += holdPictures(t, d, page, post, moment, p)
				}
			}
			if pictures == 0 {
				t.Error("no page as of a moment shows a picture")
			}
		})
	}
}

func sampleTruth(t *testing.T, inc sample.Incident) (text []byte, want truth) {
	t.Helper()
	text, err := fs.ReadFile(inc.Files(), "post-mortem.md")
	if err != nil {
		t.Fatal(err)
	}
	data, err := fs.ReadFile(inc.Files(), "truth.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	return text, want
}

// holdPage compares the page as of a moment with the truth.
func holdPage(t *testing.T, page string, moment time.Time, entries []hindcast.Entry, want truth) {
	t.Helper()
	all, err := webtest.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	words := html.UnescapeString(page)
	at := moment.Format(time.TimeOnly)
	for _, e := range entries {
		on := len(webtest.Find(all, "", "id", "timeline/"+e.ID)) > 0
		if known := !e.KnownAt.After(moment); on != known && !e.KnownAt.IsZero() {
			t.Errorf("as of %s: %q, known from %s, is on the page: %v", at, e.Title, e.KnownAt.Format(time.TimeOnly), on)
		}
		if !on && len(e.Title) > 12 && strings.Contains(words, e.Title) && !slices.ContainsFunc(entries, func(o hindcast.Entry) bool { return o.Title == e.Title && !o.KnownAt.After(moment) }) {
			i := strings.Index(words, e.Title)
			t.Errorf("as of %s: %q is hidden and yet on the page: …%s…", at, e.Title, words[max(i-80, 0):min(i+120, len(words))])
		}
		for _, k := range want.KeyEvents {
			if !k.tells(e) || e.At.Sub(k.At).Abs() > time.Duration(k.Tolerance)*time.Second {
				continue
			}
			if known := !k.KnownAt.After(moment); on != known {
				t.Errorf("as of %s: %s %q is on the page: %v, want %v", at, k.ID, e.Title, on, known)
			}
		}
		for _, f := range want.Late {
			if f.tells(e) && on && moment.Before(f.KnownAt) {
				t.Errorf("as of %s: %q tells %q, known only from %s", at, e.Title, f.Fact, f.KnownAt.Format(time.TimeOnly))
			}
		}
	}
}

// drawn is the ending of a picture that is drawn from an SVG.
var drawn = regexp.MustCompile(`\.(?:png|pdf)\b`)

// holdPictures expects that no picture that a page as of a moment shows or leads to
// tells a factor that the page hides, or an entry that nobody knew. It returns how
// many pictures there are.
func holdPictures(t *testing.T, d demo, page, post string, moment time.Time, p hindcast.Postmortem) int {
	t.Helper()
	all, err := webtest.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	pictures := map[string]string{}
	for _, attr := range []string{"src", "srcset", "href"} {
		for _, el := range webtest.Find(all, "", attr, post+"/picture/") {
			// Pixels and pages are drawn from the SVG, and only that can be read.
			if src := drawn.ReplaceAllString(el.Attr[attr], ".svg"); pictures[src] == "" {
				pictures[src] = html.UnescapeString(d.page(src, http.StatusOK))
			}
		}
	}
	for src, svg := range pictures {
		for _, x := range p.Factors {
			if len(webtest.Find(all, "", "id", "factors/"+x.ID)) == 0 && strings.Contains(svg, x.Description) {
				t.Errorf("as of %s: %q is hidden and yet in the picture %s", moment.Format(time.TimeOnly), x.Description, src)
			}
		}
		for _, e := range p.Timeline {
			if e.KnownAt.After(moment) && strings.Contains(svg, ">"+e.Title+"<") && !slices.ContainsFunc(p.Timeline, func(o hindcast.Entry) bool { return o.Title == e.Title && !o.KnownAt.After(moment) }) {
				t.Errorf("as of %s: %q is hidden and yet in the picture %s", moment.Format(time.TimeOnly), e.Title, src)
			}
		}
	}
	return len(pictures)
}

// twoFactors is a document in which one factor was known at 10:00 and another at
// noon.
const twoFactors = `---
hindcast: 1
title: Two factors
started_at: 2024-03-15T09:00:00Z
---

# Two factors

## Timeline

### 2024-03-15 (UTC)

- **10:00:00** The queue is full — *observation by Engineer A (person)* <!-- e:full -->
  - Evidence: ¸chat.json:1¸
- **10:30:00** The limit was never set — *observation by Engineer B (person)* <!-- e:limit -->
  - Known from: 12:00:00
  - Evidence: ¸chat.json:9¸
- **13:00:00** Over — *recovery by Engineer A (person)* <!-- e:over -->

## Root Cause Analysis

- The queue filled up <!-- f:queue -->
  - Led to:
    - the incident <!-- f:incident -->
  - Evidence: ¸chat.json:1¸
- Nobody had set a limit <!-- f:nolimit -->
  - Led to:
    - The queue filled up <!-- f:queue -->
  - Evidence: ¸chat.json:9¸
`

func TestPicturesOfCausesHideWhatNobodyKnewYet(t *testing.T) {
	d := start(t)
	w := d.send("/new/markdown", nil, "text", strings.ReplaceAll(twoFactors, "¸", "`"))
	post := strings.TrimSuffix(w.Header().Get("Location"), "/imported")
	p := document.Parse("two", []byte(strings.ReplaceAll(twoFactors, "¸", "`"))).Postmortem
	moment := time.Date(2024, 3, 15, 11, 0, 0, 0, time.UTC)
	page := d.page(post+"?at="+url.QueryEscape(moment.Format(time.RFC3339)), http.StatusOK)
	if !strings.Contains(page, `id="factors/queue"`) || strings.Contains(page, `id="factors/nolimit"`) || strings.Contains(page, "<hc-analysis") {
		t.Error("the page as of 11:00 does not tell just the factor known by then, in a still picture")
	}
	if n := holdPictures(t, d, page, post, moment, p); n < 3 {
		t.Errorf("the page as of 11:00 has %d pictures, want those of the causes and the timeline", n)
	}
	if svg := d.page(post+"/picture/whys.svg?at=2024-03-15T11:00:00Z", http.StatusOK); !strings.Contains(svg, "The queue filled up") {
		t.Error("the whys as of 11:00 lack the factor that was known")
	}
}
