package picture

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Sheet is a part of a picture between two heights.
type Sheet struct{ From, To int }

var (
	sizes   = lazyregexp.New(`viewBox="0 0 (\d+) (\d+)" width="\d+" height="\d+"`)
	extents = lazyregexp.New(`^(?:rect class="cause[^"]*" x="-?\d+" y="(\d+)" width="\d+" height="(\d+)"|text x="-?\d+" y="(\d+)")`)
)

// Size returns the width and the height of a picture of causes, 0 when svg is none.
func Size(svg []byte) (width, height int) {
	m := sizes.FindStringSubmatch(string(svg))
	if m == nil {
		return 0, 0
	}
	return number(m[1]), number(m[2])
}

// Sheets divides a picture of causes into parts of at most a height, cut between
// boxes and lines of text. What is higher than two thirds of a sheet may be cut
// through.
func Sheets(svg []byte, height int) []Sheet {
	_, all := Size(svg)
	var whole []Sheet // what is not to be cut
	if all > height {
		whole = extentsOf(svg)
	}
	var out []Sheet
	for from := 0; from < all; {
		to := min(from+height, all)
		if to < all {
			to = cut(whole, from+height/3, to)
		}
		out = append(out, Sheet{from, to})
		from = to
	}
	return out
}

// extentsOf returns where boxes and lines of text are, which are not to be cut.
func extentsOf(svg []byte) []Sheet {
	var out []Sheet
	for tag := range bytes.SplitSeq(svg, []byte("<")) {
		m := extents.FindSubmatch(tag)
		if m == nil {
			continue
		}
		if y := number(string(m[3])); y > 0 {
			out = append(out, Sheet{y - 14, y + 5})
			continue
		}
		y := number(string(m[1]))
		out = append(out, Sheet{y - 4, y + number(string(m[2])) + 4})
	}
	return out
}

// cut returns the last height up to at that cuts through nothing, at when there
// is none after least.
func cut(whole []Sheet, least, at int) int {
	for to := at; to > least; {
		top := to
		for _, s := range whole {
			if s.From < to && s.To > to {
				top = min(top, s.From)
			}
		}
		if top == to {
			return to
		}
		to = top
	}
	return at
}

// Cut returns a part of a picture of causes as a picture.
func Cut(svg []byte, s Sheet) []byte {
	m := sizes.FindStringSubmatch(string(svg))
	if m == nil || s.To <= s.From {
		return svg
	}
	head := fmt.Sprintf(`viewBox="0 %d %s %d" width="%s" height="%d"`, s.From, m[1], s.To-s.From, m[1], s.To-s.From)
	return bytes.Replace(svg, []byte(m[0]), []byte(head), 1)
}

// number reads a whole number that a pattern found, 0 when it found none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
