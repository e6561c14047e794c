package export_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"

	"github.com/hindcast/hindcast"
)

const story = `---
hindcast: 1
title: Search <answered> slowly
status: in-review
owner: Search team
---

# Search <answered> slowly

## Incident Summary

The index was rebuilt. <script>alert(1)</script> ![a picture](https://example.com/x.png) [a link](https://example.com/) [another](javascript:alert(1))

<iframe src="https://example.com"></iframe>

## Timeline

### 2024-05-13 (UTC)

- **14:00:00** The index job began — *change by scheduler (automation)* <!-- e:begin score=0.9 -->

## Root Cause Analysis

- The job holds a lock <!-- f:lock -->
  - Tag: root
  - Without it: no: queries would have been answered
  - Led to:
    - the incident <!-- f:incident -->
- Nobody owns the schedule <!-- f:owner -->
  - Led to:
    - The job holds a lock <!-- f:lock -->
`

func page(t *testing.T, pictures ...export.Picture) string {
	t.Helper()
	var b strings.Builder
	if err := export.Page(&b, export.Document{Postmortem: document.Parse("story.md", []byte(story)).Postmortem, Pictures: pictures}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	got := page(t,
		export.Picture{Section: hindcast.SectionRootCauses, Caption: "first", SVG: "<svg>1</svg>"},
		export.Picture{Section: hindcast.SectionRootCauses, Caption: "second & last", SVG: "<svg>2</svg>", Narrow: "<svg>3</svg>"},
		export.Picture{Section: hindcast.SectionActions, Caption: "none", SVG: "<svg>4</svg>"})
	for _, want := range []string{
		"<title>Search &lt;answered&gt; slowly</title>", "Post-mortem · Search team · in review", `<li id="factors/lock">`, `<li id="factors/owner">`, `<li id="timeline/begin">`,
		`<a href="https://example.com/" rel="noreferrer">a link</a>`, "second &amp; last</figcaption>\n<div class=\"wide\"><svg>2</svg></div>\n<div class=\"narrow\"><svg>3</svg></div>",
		"default-src 'none'",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, not := range []string{"<script", "<iframe", "<img", "javascript:", "hindcast: 1", "<!-- ", "<svg>4"} {
		if strings.Contains(got, not) {
			t.Errorf("the page has %s", not)
		}
	}
	if a, b := strings.Index(got, "<svg>1"), strings.Index(got, "<svg>2"); a > b || a < strings.Index(got, `<h2 id="root-causes">`) {
		t.Error("the pictures do not stand below their heading in order")
	}
	ids := regexp.MustCompile(` id="([^"]+)"`).FindAllString(got, -1)
	slices.Sort(ids)
	if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) {
		t.Errorf("an id is there twice: %q", ids)
	}
}

func TestPageIsTheSameTwice(t *testing.T) {
	if first, again := page(t), page(t); first != again {
		t.Error("the same post-mortem gave another page")
	}
}
