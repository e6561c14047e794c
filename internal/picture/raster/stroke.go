package raster

import (
	"math"

	"github.com/hindcast/hindcast/internal/picture/marks"
)

// stroke returns what a pen of a look covers along lines: a piece for each straight
// line, and one for each corner, all wound alike so that together they are one area.
func (p *pen) stroke(lines []polyline, l marks.Look) [][]point {
	half := l.StrokeWidth * p.scale / 2
	if len(l.Dash) > 0 {
		lines = p.dashed(lines, l.Dash)
	}
	var out [][]point
	for _, line := range lines {
		out = append(out, along(line, half)...)
		if n := len(line.points); l.Round && !line.closed && n > 0 {
			out = append(out, dot(line.points[0], half), dot(line.points[n-1], half))
		}
	}
	return out
}

// along returns the pieces of one line.
func along(l polyline, half float64) [][]point {
	var pts []point
	for i, p := range l.points {
		if i == 0 || p != l.points[i-1] {
			pts = append(pts, p)
		}
	}
	n := len(pts)
	if n < 2 {
		return nil
	}
	ends := n - 1
	if l.closed && n > 2 {
		ends = n
	}
	var out [][]point
	for i := range ends {
		a, b := pts[i], pts[(i+1)%n]
		s := side(a, b, half)
		out = append(out, wound([]point{{a.x + s.x, a.y + s.y}, {b.x + s.x, b.y + s.y}, {b.x - s.x, b.y - s.y}, {a.x - s.x, a.y - s.y}}))
		if i+1 < ends || ends == n {
			if c := corner(a, b, pts[(i+2)%n], half); c != nil {
				out = append(out, c)
			}
		}
	}
	return out
}

// side is the way from a line to its edge.
func side(a, b point, half float64) point {
	dx, dy := b.x-a.x, b.y-a.y
	d := math.Hypot(dx, dy)
	return point{-dy / d * half, dx / d * half}
}

// mostMiter is how far a corner may stick out, in halves of the pen; see the property
// stroke-miterlimit.
const mostMiter = 4

// corner returns what is missing at the outside of a corner.
func corner(a, b, c point, half float64) []point {
	s, t := side(a, b, half), side(b, c, half)
	turn := s.x*t.y - s.y*t.x
	if math.Abs(turn) < 1e-9 {
		return nil
	}
	if turn > 0 { // the outside is at the other side
		s, t = point{-s.x, -s.y}, point{-t.x, -t.y}
	}
	first, last := point{b.x + s.x, b.y + s.y}, point{b.x + t.x, b.y + t.y}
	mx, my := s.x+t.x, s.y+t.y
	k := 2 * half * half / (mx*mx + my*my)
	if math.Hypot(mx, my)*k > mostMiter*half {
		return wound([]point{b, first, last})
	}
	return wound([]point{b, first, {b.x + mx*k, b.y + my*k}, last})
}

// dot is a round end.
func dot(at point, r float64) []point {
	const n = 20
	out := make([]point, n)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		out[i] = point{at.x + r*cos, at.y + r*sin}
	}
	return wound(out)
}

// wound turns an area so that it is wound as all others are.
func wound(list []point) []point {
	area := 0.0
	for i, p := range list {
		q := list[(i+1)%len(list)]
		area += p.x*q.y - q.x*p.y
	}
	if area < 0 {
		for i, k := 0, len(list)-1; i < k; i, k = i+1, k-1 {
			list[i], list[k] = list[k], list[i]
		}
	}
	return list
}

// dashed cuts lines into dashes.
func (p *pen) dashed(lines []polyline, dash []float64) []polyline {
	sum := 0.0
	for _, d := range dash {
		sum += max(d, 0) * p.scale
	}
	if sum < 0.5 { // finer than pixels
		return lines
	}
	var out []polyline
	for _, l := range lines {
		if l.closed && len(l.points) > 1 {
			l.points = append(append([]point(nil), l.points...), l.points[0])
		}
		out = append(out, p.dashes(l.points, dash)...)
	}
	return out
}

func (p *pen) dashes(pts []point, dash []float64) []polyline {
	var out []polyline
	cur, i, left := []point{pts[0]}, 0, dash[0]*p.scale
	for k := 1; k < len(pts); k++ {
		a, b := pts[k-1], pts[k]
		for {
			d := math.Hypot(b.x-a.x, b.y-a.y)
			if d < left {
				left -= d
				cur = append(cur, b)
				break
			}
			t := left / d
			if d == 0 {
				t = 0
			}
			a = point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}
			if cur = append(cur, a); i%2 == 0 {
				out = append(out, polyline{points: cur})
			}
			cur, i = []point{a}, i+1
			left = max(dash[i%len(dash)]*p.scale, 0.01)
		}
	}
	if i%2 == 0 && len(cur) > 1 {
		out = append(out, polyline{points: cur})
	}
	return out
}
