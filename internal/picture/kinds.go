package picture

import (
	"fmt"
	"strconv"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/picture/svg"
)

func (d *drawing) drawLegend(c *svg.Canvas) {
	for _, k := range d.kinds {
		x, y := k.x, d.legend+k.y
		c.Printf("%s\n", shape(k.EntryKind, x, y-4))
		c.Text(x+12, y, "soft", "start", string(k.EntryKind))
	}
}

// kindSign is a kind of entry in the legend.
type kindSign struct {
	hindcast.EntryKind
	x, y float64 // y counts from the first row of the legend
}

// layLegend places the kinds that are shown, in as many rows as they need.
func (d *drawing) layLegend() {
	used := map[hindcast.EntryKind]bool{}
	for _, e := range d.tl.Entries {
		used[e.Kind] = used[e.Kind] || d.look.shows(e)
	}
	x, y := float64(gutter), 0.0
	for _, k := range kinds {
		if !used[k] {
			continue
		}
		w := 14 + svg.TextWidth(string(k), fontSize) + 18
		if x+w > d.width-right && x > gutter {
			x, y = gutter, y+18
		}
		d.kinds = append(d.kinds, kindSign{k, x, y})
		x += w
	}
	d.height += y
}

// kinds in the order of the legend.
var kinds = [...]hindcast.EntryKind{
	hindcast.Change, hindcast.Symptom, hindcast.Alert, hindcast.Acknowledge, hindcast.Observed, hindcast.Decided, hindcast.Action,
	hindcast.Mitigation, hindcast.Recovery, hindcast.Communication, hindcast.ExternalEvent,
}

// shape returns the mark of a kind, centered at (x, y). Every kind has a form of
// its own, so that none depends on color.
func shape(k hindcast.EntryKind, x, y float64) string {
	poly := func(class string, pts ...float64) string {
		b := append(append(append(make([]byte, 0, 128), `<polygon class="`...), class...), `" points="`...)
		for i := 0; i < len(pts); i += 2 {
			if i > 0 {
				b = append(b, ' ')
			}
			b = strconv.AppendFloat(b, x+pts[i], 'f', 1, 64)
			b = strconv.AppendFloat(append(b, ','), y+pts[i+1], 'f', 1, 64)
		}
		return string(append(b, `"/>`...))
	}
	switch k {
	case hindcast.Change:
		return poly("mark", 0, -6, 6, 5, -6, 5)
	case hindcast.Alert:
		return fmt.Sprintf(`<circle class="mark" cx="%.1f" cy="%.1f" r="5"/>`, x, y)
	case hindcast.Acknowledge:
		return fmt.Sprintf(`<circle class="mark open" cx="%.1f" cy="%.1f" r="5"/><circle class="mark" cx="%.1f" cy="%.1f" r="1.2"/>`, x, y, x, y)
	case hindcast.Observed:
		return fmt.Sprintf(`<circle class="mark open" cx="%.1f" cy="%.1f" r="4.5"/>`, x, y)
	case hindcast.Decided:
		return poly("mark", 0, -6, 6, 0, 0, 6, -6, 0)
	case hindcast.Action:
		return poly("mark", -5, -5, 5, -5, 5, 5, -5, 5)
	case hindcast.Mitigation:
		return poly("mark", -6, -5, 6, -5, 0, 6)
	case hindcast.Recovery:
		return poly("mark open", -6, -5, 6, -5, 0, 6)
	case hindcast.Communication:
		return poly("mark open", -6, -4, 6, -4, 6, 3, 0, 3, -3, 6, -3, 3, -6, 3)
	case hindcast.ExternalEvent:
		return poly("mark open", -6, 0, -3, -5, 3, -5, 6, 0, 3, 5, -3, 5)
	}
	return fmt.Sprintf(`<path class="mark" d="M%.1f %.1fl9 9m0 -9l-9 9" fill="none"/>`, x-4.5, y-4.5)
}
