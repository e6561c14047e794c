package plot

import (
	"fmt"
	"io"
	"strings"
)

// Step is where a share goes down.
type Step struct {
	At              int     // days
	Share, Low, Top float64 // after it, with its limits
	Left            bool    // some were last seen after it, before the next one
	Words, Link     string
}

// StepChart is a share that begins at 1 and goes down.
type StepChart struct {
	Title, Desc string
	Steps       []Step
	Last        int // where the data end
	Median      *int
}

// Steps draws a share that goes down, with its limits and the median.
func Steps(w io.Writer, c StepChart, look Look) error {
	d := newDrawing(w, look)
	d.head(c.Title, c.Desc)
	d.text(left, 21, "soft", "start", "share still open")
	d.text(d.width-right, top+plotH+32, "soft", "end", "days since it was agreed")
	last := max(c.Last, 1)
	step := nice(last)
	x := func(days int) float64 { return left + (d.width-left-right)*float64(days)/float64(last) }
	for _, p := range []int{0, 25, 50, 75, 100} {
		y := d.y(float64(p) / 100)
		d.printf(`<line class="grid" x1="%d" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", left, d.width-right, y, y)
		d.text(left-8, y+4, "num", "end", fmt.Sprintf("%d %%", p))
	}
	for n := 0; n <= last; n += step {
		d.text(x(n), top+plotH+16, "num", "middle", fmt.Sprint(n))
	}
	d.limits(c, x)
	d.curve(c, x)
	d.median(c, x)
	for _, s := range c.Steps {
		end := d.link(s.Link, s.Words)
		d.printf(`<rect class="hit" x="%.1f" y="%d" width="12" height="%d"/>`+"\n", x(s.At)-6, top, plotH)
		d.printf(`<circle class="dot" cx="%.1f" cy="%.1f" r="3.5"/>`+"\n%s", x(s.At), d.y(s.Share), end)
	}
	return d.end()
}

// limits draws within which limits the share lies.
func (d *drawing) limits(c StepChart, x func(int) float64) {
	if len(c.Steps) == 0 {
		return
	}
	var up, down strings.Builder
	var back []string
	for i, s := range c.Steps {
		next := c.Last
		if i+1 < len(c.Steps) {
			next = c.Steps[i+1].At
		}
		fmt.Fprintf(&up, "%.1f,%.1f %.1f,%.1f ", x(s.At), d.y(s.Top), x(next), d.y(s.Top))
		back = append(back, fmt.Sprintf("%.1f,%.1f %.1f,%.1f ", x(next), d.y(s.Low), x(s.At), d.y(s.Low)))
	}
	for i := len(back) - 1; i >= 0; i-- {
		down.WriteString(back[i])
	}
	d.printf(`<polygon class="limits" points="%s"/>`+"\n", strings.TrimSpace(up.String()+down.String()))
}

func (d *drawing) curve(c StepChart, x func(int) float64) {
	path, share := fmt.Sprintf("M%.1f %.1f", x(0), d.y(1)), 1.0
	for _, s := range c.Steps {
		path += fmt.Sprintf("H%.1fV%.1f", x(s.At), d.y(s.Share))
		share = s.Share
	}
	d.printf(`<path class="curve" d="%sH%.1f"/>`+"\n", path, x(c.Last))
	if share > 0 {
		d.printf(`<line class="left" x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f"/>`+"\n", x(c.Last), x(c.Last), d.y(share)-5, d.y(share)+5)
	}
}

// median draws how the median is read.
func (d *drawing) median(c StepChart, x func(int) float64) {
	if c.Median == nil {
		return
	}
	at := x(*c.Median)
	d.printf(`<path class="half" fill="none" d="M%d %.1fH%.1fV%d"/>`+"\n", left, d.y(0.5), at, top+plotH)
	anchor, dx := "start", 6.0
	if at > d.width*0.7 {
		anchor, dx = "end", -6
	}
	d.text(at+dx, d.y(0.5)-6, "", anchor, fmt.Sprintf("half after %d days", *c.Median))
}
