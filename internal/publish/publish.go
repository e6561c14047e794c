// Package publish makes the files in which a post-mortem leaves: Markdown, JSON, a
// page and a PDF, whole or as an audience may see it, with its pictures.
//
// The command line and the server both write files through it, so that what an
// audience sees does not depend on the way it was asked for.
package publish

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/asof"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/picture"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	Markdown Format = "md"
	JSON     Format = "json"
	HTML     Format = "html"
	PDF      Format = "pdf"
	SVG      Format = "svg" // of a picture
	PNG      Format = "png" // of a picture
)

// Formats returns the formats of a whole post-mortem.
func Formats() []Format { return []Format{Markdown, JSON, HTML, PDF} }

// MediaType returns the media type of a format.
func (f Format) MediaType() string {
	return map[Format]string{Markdown: "text/markdown; charset=utf-8", JSON: "application/json", HTML: "text/html; charset=utf-8", PDF: "application/pdf",
		SVG: "image/svg+xml", PNG: "image/png"}[f]
}

// View returns a post-mortem as an audience sees it; all of it for the empty
// audience. An audience that there is not is an invalid error.
func View(pm hindcast.Postmortem, name string) (audience.View, error) {
	if name == "" {
		return audience.View{Postmortem: pm}, nil
	}
	a, err := audience.Parse(name)
	if err != nil {
		return audience.View{}, err
	}
	return audience.For(a, pm), nil
}

// Write writes a view as a file. The paper is that of a PDF.
func Write(w io.Writer, v audience.View, f Format, paper pdf.Paper) error {
	switch f {
	case Markdown:
		_, err := w.Write(v.Markdown())
		return err
	case JSON:
		data, err := document.JSON(v.Postmortem)
		if err == nil {
			_, err = w.Write(data)
		}
		return err
	case HTML, PDF:
		return writeReading(w, v, f, paper)
	}
	return hindcast.Errorf(hindcast.Invalid, "there is no format %q; choose md, json, html or pdf", f)
}

// The widths of pictures: on a page and on a phone; on paper, and there in the
// form of a list.
const (
	pageWide, pageNarrow   = 980, 340
	paperWide, paperNarrow = 700, 600
)

// writeReading writes the forms that have pictures.
func writeReading(w io.Writer, v audience.View, f Format, paper pdf.Paper) error {
	wide, narrow := pageWide, pageNarrow
	if f == PDF {
		wide, narrow = paperWide, paperNarrow
	}
	list, err := pictures(v, wide, narrow)
	if err != nil {
		return fmt.Errorf("draw the pictures: %w", err)
	}
	d := export.Document{Postmortem: v.Postmortem, Markdown: v.Markdown(), Pictures: list}
	if f == PDF {
		return pdf.Write(w, d, paper)
	}
	d.Slider = slider(v)
	return export.Page(w, d)
}

// slider returns the moments at which something became known; nil for an audience
// that does not see the timeline, and without such moments.
func slider(v audience.View) *export.Slider {
	items := asof.Items(v.Postmortem)
	stops := asof.Stops(items)
	if len(v.Postmortem.Timeline) == 0 || len(stops) == 0 {
		return nil
	}
	s := &export.Slider{Known: map[string]int{}}
	for n, t := range stops {
		then := asof.Of(items, t).Only(asof.Entry, asof.Factor)
		s.Stops = append(s.Stops, export.Stop{Label: t.Format("2006-01-02 15:04:05 MST"), Summary: then.Summary()})
		for _, i := range then.Known {
			id := map[asof.Kind]string{asof.Entry: "timeline/", asof.Factor: "factors/"}[i.Kind] + i.ID
			if _, ok := s.Known[id]; !ok {
				s.Known[id] = n
			}
		}
	}
	return s
}

// Figure is a picture that stands alone, with where it belongs.
type Figure struct {
	Name    string // "timeline"
	Below   string // heading of its section
	Caption string
	SVG     []byte
}

// Figures draws the pictures of a view, each as a file of its own.
func Figures(v audience.View) ([]Figure, error) {
	var out []Figure
	for _, p := range worth(v) {
		var b bytes.Buffer
		if err := Draw(&b, v.Postmortem, p.view, picture.Frame{Width: pageWide}); err != nil {
			return nil, err
		}
		heading, _ := hindcast.TemplateOf(p.section)
		out = append(out, Figure{Name: p.view, Below: heading.Heading, Caption: p.caption, SVG: b.Bytes()})
	}
	return out, nil
}

// Body returns the text of a view as Markdown without its front matter and its
// title.
func Body(v audience.View) string {
	text := string(export.Document{Postmortem: v.Postmortem, Markdown: v.Markdown()}.Text())
	if rest := strings.TrimLeft(text, "\n"); strings.HasPrefix(rest, "# ") {
		_, text, _ = strings.Cut(rest, "\n")
	}
	return text
}

// Draw draws one picture of a post-mortem: fishbone, whys, graph or timeline.
func Draw(w io.Writer, pm hindcast.Postmortem, view string, f picture.Frame) error {
	g := graph.Of(pm)
	switch view {
	case "fishbone":
		return g.DrawFishbone(w, f)
	case "graph":
		return g.DrawCausal(w, f)
	case "whys":
		linter, err := lint.New()
		if err != nil {
			return err
		}
		return g.DrawWhys(w, graph.JudgeBy(linter.Cause), f)
	}
	tl := hindcast.Timeline{Incident: pm.Incident.Phases, Entries: pm.Timeline}
	return picture.DrawTimeline(w, tl, picture.Look{Width: f.Width, Within: f.Within})
}

// shown is a picture that a reading has.
type shown struct {
	view, caption string
	section       hindcast.SectionKind
	narrow        bool // it has a form for phones
}

// worth returns the pictures of a view that show something. The questions of the
// whys are for those inside.
func worth(v audience.View) []shown {
	var out []shown
	if len(v.Postmortem.Timeline) > 0 {
		out = append(out, shown{"timeline", "Phases and entries, times in UTC", hindcast.SectionTimeline, false})
	}
	if !slices.ContainsFunc(v.Postmortem.Factors, func(x hindcast.Factor) bool { return x.Description != "" }) {
		return out
	}
	if v.Audience == "" || v.Audience == audience.Engineering {
		out = append(out, shown{"whys", "Why it happened, level by level", hindcast.SectionRootCauses, true})
	}
	return append(out,
		shown{"graph", "What led to what", hindcast.SectionRootCauses, true},
		shown{"fishbone", "Factors by kind", hindcast.SectionContributing, true})
}

// pictures draws what stands below the headings of sections, wide and, where
// there is such a form, narrow.
func pictures(v audience.View, wideAs, narrowAs int) ([]export.Picture, error) {
	var out []export.Picture
	for _, p := range worth(v) {
		var wide, narrow strings.Builder
		err := Draw(&wide, v.Postmortem, p.view, picture.Frame{Width: wideAs, Within: true})
		if err == nil && p.narrow {
			err = Draw(&narrow, v.Postmortem, p.view, picture.Frame{Width: narrowAs, Within: true})
		}
		if err != nil {
			return nil, err
		}
		out = append(out, export.Picture{Section: p.section, Caption: p.caption, SVG: wide.String(), Narrow: narrow.String()})
	}
	return out, nil
}
