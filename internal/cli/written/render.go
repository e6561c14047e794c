package written

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/audience"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/export/pdf"
	"github.com/hindcast/hindcast/internal/graph"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/picture"
	"github.com/hindcast/hindcast/internal/picture/marks"
	"github.com/hindcast/hindcast/internal/picture/raster"
	"github.com/hindcast/hindcast/internal/publish"
)

// renderFlags are the flags of render.
type renderFlags struct {
	view, format, output string
	asOf, audience       string
	paper                string
	width                int
	force                bool
	theme, background    string
	scale                float64
}

// The views and formats that there are.
var (
	renderViews   = []string{"fishbone", "whys", "graph", "timeline", "chart"}
	backgrounds   = []string{"paper", "none"}
	renderFormats = []string{"svg", "png", "pdf", "html", "md", "json"}
)

func newRender(env *command.Env) *cobra.Command {
	var f renderFlags
	cmd := &cobra.Command{
		Use:   "render [flags] FILE [EVIDENCE...]",
		Short: "Draw a post-mortem's pictures, or write it as a page",
		Long: `Render reads a post-mortem in Markdown or JSON (- for standard input) and writes
one of its pictures as SVG, or with --format png or pdf for what shows no SVG:

  fishbone   the factors by bone, with the question of an empty one
  whys       the five whys as a tree, with the question of each level
  graph      which factor led to which, and to the incident
  timeline   phases and entries
  chart      the metrics in EVIDENCE beside phases and changes

or, without --view, the whole of it: as a page that needs nothing else (html), for
paper (pdf), as Markdown or as JSON. A view as md is the same in words, as json the analysis with
its findings and how much of it rests on evidence. With --audience it holds what
engineers, executives or customers may see (docs/audiences.md). With --as-of a view shows only
what responders could know at that moment, and says how much it leaves out. The
same file gives the same bytes. Pictures as SVG adapt to light and dark, print, and say in
words what they show; as PNG and PDF they are in one --theme, and text is set in fonts that the
program brings with it.`,
		Example: `  hindcast render --view fishbone -o fishbone.svg post-mortem.md
  hindcast render --view whys --width 360 post-mortem.md
  hindcast render --view graph -o graph.png post-mortem.md
  hindcast render --view graph --theme dark --background none --scale 3 -o graph.png post-mortem.md
  hindcast render --view timeline --as-of 14:40:30 -o then.svg post-mortem.md
  hindcast render --view chart -o metrics.svg post-mortem.md ./evidence
  hindcast render --audience customer --format md post-mortem.md
  hindcast render --format html -o post-mortem.html post-mortem.md`,
		Args: cobra.MinimumNArgs(1),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if (f.view == viewChart) != (len(args) > 1) {
				return command.Usagef("--view chart draws the metrics of evidence: name a post-mortem and its evidence; other views take a post-mortem alone")
			}
			return render(env, args[0], args[1:], f)
		}),
	}
	fl := cmd.Flags()
	fl.StringVar(&f.view, "view", "", strings.Join(renderViews, ", "))
	fl.StringVar(&f.format, "format", "", strings.Join(renderFormats, ", ")+" (default: with --view by the name of the output, else svg; without md)")
	fl.StringVar(&f.asOf, "as-of", "", "show a view as of this moment, as 2024-03-15T14:40:30Z, or 14:40:30 on the day on which the incident began")
	fl.StringVar(&f.audience, "audience", "", "show what this audience may see: "+strings.Join(audience.Names(), ", ")+" (default: all)")
	fl.StringVar(&f.paper, "paper", string(pdf.A4), "paper of a PDF: "+strings.Join(pdf.Papers(), ", "))
	fl.IntVar(&f.width, "width", 1200, "about how wide a picture may be, in pixels; below 640 as for a phone")
	fl.StringVar(&f.theme, "theme", string(marks.Light), "theme of a picture as PNG or PDF: "+strings.Join(marks.Themes(), ", "))
	fl.StringVar(&f.background, "background", backgrounds[0], "what a picture as PNG or PDF stands on: "+strings.Join(backgrounds, ", "))
	fl.Float64Var(&f.scale, "scale", raster.DefaultScale, "pixels of a PNG for each pixel of the picture")
	fl.StringVarP(&f.output, "output", "o", "", "file to write (default: standard output)")
	fl.BoolVar(&f.force, "force", false, "replace the file if it exists")
	return cmd
}

func render(env *command.Env, name string, from []string, f renderFlags) error {
	f.format = f.formatOr()
	if err := f.check(); err != nil {
		return err
	}
	if err := checkAudience(f.audience, f.view); err != nil {
		return err
	}
	pm, err := env.ReadDocument(name)
	if err != nil {
		return err
	}
	pm = seenBy(env, name, f.audience, pm)
	known := newKnown(pm)
	if f.asOf != "" {
		at, err := momentOf(pm, f.asOf)
		if err != nil {
			return err
		}
		known = knownAt(pm, at)
	}
	if f.view == viewChart {
		if known.charts, err = charts(env, from, pm); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	lacking, err := renderTo(&b, known, f)
	if err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	if lacking > 0 {
		fmt.Fprintf(env.Stderr, "%s: %d characters are not in the fonts of this format and stand as boxes; --format svg has them\n", name, lacking)
	}
	if f.output == "" {
		_, err := b.WriteTo(env.Stdout)
		return err
	}
	return command.WriteFile(f.output, b.Bytes(), f.force)
}

// formatOr returns the format that was asked for, or is meant.
func (f *renderFlags) formatOr() string {
	ext := strings.TrimPrefix(filepath.Ext(f.output), ".")
	switch {
	case f.format != "":
		return f.format
	case f.view == "":
		return "md"
	case ext == "png" || ext == "pdf":
		return ext
	}
	return "svg"
}

// check says what is wrong with the flags.
func (f *renderFlags) check() error {
	switch {
	case f.view != "" && !slices.Contains(renderViews, f.view):
		return command.Usagef("--view %s: choose %s", f.view, strings.Join(renderViews, ", "))
	case !slices.Contains(renderFormats, f.format):
		return command.Usagef("--format %s: there are %s", f.format, strings.Join(renderFormats, ", "))
	case f.view == "" && (f.format == "svg" || f.format == "png"):
		return command.Usagef("--format %s draws one picture: choose --view %s", f.format, strings.Join(renderViews, ", "))
	case f.view != "" && f.format == "html":
		return command.Usagef("--format %s is the whole post-mortem with its pictures: leave out --view %s", f.format, f.view)
	case !slices.Contains(pdf.Papers(), f.paper):
		return command.Usagef("--paper %s: choose %s", f.paper, strings.Join(pdf.Papers(), ", "))
	case f.view == "" && f.asOf != "":
		return command.Usagef("--as-of shows one view as of a moment: choose --view %s", strings.Join(renderViews, ", "))
	case !slices.Contains(marks.Themes(), f.theme):
		return command.Usagef("--theme %s: choose %s", f.theme, strings.Join(marks.Themes(), ", "))
	case !slices.Contains(backgrounds, f.background):
		return command.Usagef("--background %s: choose %s", f.background, strings.Join(backgrounds, ", "))
	case !(f.scale >= raster.LeastScale && f.scale <= raster.MostScale):
		return command.Usagef("--scale %g: choose a scale between %g and %g", f.scale, raster.LeastScale, raster.MostScale)
	case f.width < 300 || f.width > 20000:
		return command.Usagef("--width %d: choose a width between 300 and 20000", f.width)
	}
	return nil
}

// renderTo writes the picture or the document that the flags name. It returns how many
// characters the fonts of a picture lack.
func renderTo(w io.Writer, k known, f renderFlags) (lacking int, err error) {
	switch {
	case f.view != "" && slices.Contains(publish.PictureFormats(), publish.Format(f.format)):
		return writePicture(w, k, f)
	case f.view == viewChart:
		return 0, writeCharts(w, k, f)
	case f.view != "":
		return 0, writeView(w, f.view, f.format, k)
	}
	return 0, publish.Write(w, audience.View{Audience: audience.Audience(f.audience), Postmortem: k.Postmortem}, publish.Format(f.format), pdf.Paper(f.paper))
}

// writePicture writes a picture in a format of pictures.
func writePicture(w io.Writer, k known, f renderFlags) (lacking int, err error) {
	var svg bytes.Buffer
	if f.view == viewChart {
		err = drawCharts(&svg, k, f)
	} else {
		err = draw(&svg, f.view, k, picture.Frame{Width: f.width})
	}
	if err != nil {
		return 0, err
	}
	return publish.Picture(w, svg.Bytes(), publish.Format(f.format), publish.Still{
		Theme: marks.Theme(f.theme), Scale: f.scale, Clear: f.background == "none", Date: k.Incident.StartedAt})
}

// draw draws one picture of a post-mortem.
func draw(w io.Writer, view string, k known, f picture.Frame) error {
	if view != "timeline" {
		return publish.Draw(w, k.Postmortem, view, f)
	}
	tl := hindcast.Timeline{Incident: k.Incident.Phases, Entries: k.all}
	return picture.DrawTimeline(w, tl, picture.Look{Width: f.Width, Within: f.Within, AsOf: k.at, Note: k.note})
}

// writeView writes what a picture shows, as text or for programs. As JSON the
// views of the causes are one analysis.
func writeView(w io.Writer, view, format string, k known) error {
	pm := k.Postmortem
	if tl := (hindcast.Timeline{Incident: pm.Incident.Phases, Metrics: pm.Incident.Metrics(), Entries: pm.Timeline}); view == "timeline" {
		if format == "json" {
			return export.TimelineJSON(w, tl)
		}
		if err := export.TimelineMarkdown(w, tl); err != nil || k.note == "" {
			return err
		}
		_, err := fmt.Fprintf(w, "\nAs of %s: %s.\n", k.at.Format(time.DateTime+" MST"), k.note)
		return err
	}
	judge, err := newJudge()
	if err != nil {
		return err
	}
	switch g := graph.Of(pm); {
	case format == "json":
		return g.JSON(w, judge)
	case view == "whys":
		return g.WhysMarkdown(w, judge)
	case view == "fishbone":
		return g.FishboneMarkdown(w)
	default:
		return g.CausalMarkdown(w)
	}
}

// newJudge returns what the lint says about causes that stop too early.
func newJudge() (graph.Judge, error) {
	linter, err := lint.New()
	if err != nil {
		return nil, err
	}
	return graph.JudgeBy(linter.Cause), nil
}
