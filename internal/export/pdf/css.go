package pdf

import (
	"regexp"
	"strconv"
	"strings"
)

// sheet is what a style sheet of pictures says on paper: the light theme.
type sheet struct {
	rules []cssRule
	vars  map[string]string
}

// cssRule is one declaration block of a plain selector: a class or an element.
type cssRule struct {
	class, element string
	set            map[string]string
}

var (
	cssBlock = regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`)
	cssName  = regexp.MustCompile(`^(\.)?([a-zA-Z][\w-]*)$`)
)

// newSheet reads a style sheet of ours: plain rules, variables of the svg, media
// queries for other themes, which do not count here.
func newSheet(css string) sheet {
	s := sheet{vars: map[string]string{}}
	for _, m := range cssBlock.FindAllStringSubmatch(withoutMedia(css), -1) {
		set := map[string]string{}
		for d := range strings.SplitSeq(m[2], ";") {
			if name, value, ok := strings.Cut(d, ":"); ok {
				set[strings.TrimSpace(name)] = strings.TrimSpace(value)
			}
		}
		for sel := range strings.SplitSeq(m[1], ",") {
			n := cssName.FindStringSubmatch(strings.TrimSpace(sel))
			switch {
			case n == nil:
			case n[1] == "." && n[2] != "":
				s.rules = append(s.rules, cssRule{class: n[2], set: set})
			case n[2] == "svg":
				for k, v := range set {
					s.vars[k] = v
				}
			default:
				s.rules = append(s.rules, cssRule{element: n[2], set: set})
			}
		}
	}
	return s
}

// withoutMedia leaves out media queries with the rules in them.
func withoutMedia(css string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(css, "@media")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		depth, end := 0, len(after)
		for i, c := range after {
			if c == '{' {
				depth++
			} else if c == '}' {
				if depth--; depth == 0 {
					end = i + 1
					break
				}
			}
		}
		css = after[end:]
	}
}

// look is how a mark of a picture is drawn. Colors are nil for none.
type look struct {
	fill, stroke         *color
	width, size, opacity float64
	dash                 []float64
	bold, italic, struck bool
	round                bool
}

// look returns how an element with classes is drawn. Classes win over elements,
// and those over what the element says itself.
func (s sheet) look(element string, classes []string, own map[string]string) look {
	set := map[string]string{}
	for _, name := range []string{"fill", "stroke", "stroke-width", "opacity", "font-size"} {
		if v, ok := own[name]; ok {
			set[name] = v
		}
	}
	for _, pass := range []bool{false, true} {
		for _, r := range s.rules {
			if !pass && r.element == element || pass && r.class != "" && contains(classes, r.class) {
				for k, v := range r.set {
					set[k] = v
				}
			}
		}
	}
	l := look{fill: &color{}, width: 1, size: 12, opacity: 1}
	if v, ok := set["fill"]; ok {
		l.fill = s.color(v)
	}
	if v, ok := set["stroke"]; ok {
		l.stroke = s.color(v)
	}
	l.width = number(set["stroke-width"], 1)
	l.size = min(max(number(strings.TrimSuffix(set["font-size"], "px"), 12), 1), 100)
	l.opacity = number(set["opacity"], 1)
	for f := range strings.FieldsSeq(strings.ReplaceAll(set["stroke-dasharray"], ",", " ")) {
		l.dash = append(l.dash, number(f, 1))
	}
	l.bold = set["font-weight"] == "600" || set["font-weight"] == "700" || set["font-weight"] == "bold"
	l.italic = set["font-style"] == "italic"
	l.struck = set["text-decoration"] == "line-through"
	l.round = set["stroke-linecap"] == "round"
	return l
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// color reads a color; nil for none and for what is no color here.
func (s sheet) color(v string) *color {
	if name, ok := strings.CutPrefix(v, "var("); ok {
		name, _, _ = strings.Cut(strings.TrimSuffix(name, ")"), ",")
		v = s.vars[strings.TrimSpace(name)]
	}
	h, ok := strings.CutPrefix(v, "#")
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	n, err := strconv.ParseUint(h, 16, 32)
	if !ok || len(h) != 6 || err != nil {
		return nil
	}
	return &color{int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff)}
}

// number reads a number that can be drawn.
func number(s string, other float64) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || v != v || v > 1e6 || v < -1e6 {
		return other
	}
	return v
}
