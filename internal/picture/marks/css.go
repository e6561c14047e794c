package marks

import (
	"regexp"
	"strconv"
	"strings"
)

// Theme is how a picture looks whose reader's theme is not known.
type Theme string

// The themes.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Themes returns the names of the themes.
func Themes() []string { return []string{string(Light), string(Dark)} }

// Color is a color without transparency.
type Color struct{ R, G, B int }

// Paper is the ground on which pictures of a theme stand.
func (t Theme) Paper() Color {
	if t == Dark {
		return Color{0x16, 0x18, 0x1b}
	}
	return Color{0xff, 0xff, 0xff}
}

// sheet is what a style sheet of pictures says in one theme.
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

// newSheet reads a style sheet of ours: plain rules, variables of the svg, and media
// queries, of which those for the theme count.
func newSheet(css string, theme Theme) sheet {
	s := sheet{vars: map[string]string{}}
	for _, m := range cssBlock.FindAllStringSubmatch(themed(css, theme), -1) {
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

// themed leaves out media queries with the rules in them, but for those of a theme.
func themed(css string, theme Theme) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(css, "@media")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		depth, begin, end := 0, 0, len(after)
		for i, c := range after {
			if c == '{' {
				if depth++; depth == 1 {
					begin = i + 1
				}
			} else if c == '}' {
				if depth--; depth == 0 {
					end = i + 1
					break
				}
			}
		}
		if strings.Contains(after[:begin], "prefers-color-scheme:"+string(theme)) {
			b.WriteString(after[begin : end-1])
		}
		css = after[end:]
	}
}

// Look is how a mark of a picture is drawn. Colors are nil for none.
type Look struct {
	Fill, Stroke               *Color
	StrokeWidth, Size, Opacity float64
	Dash                       []float64
	Bold, Italic, Struck       bool
	Round                      bool // ends of lines
}

// look returns how an element with classes is drawn. Classes win over elements,
// and those over what the element says itself.
func (s sheet) look(element string, classes []string, own map[string]string) Look {
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
	l := Look{Fill: &Color{}, StrokeWidth: 1, Size: 12, Opacity: 1}
	if v, ok := set["fill"]; ok {
		l.Fill = s.color(v)
	}
	if v, ok := set["stroke"]; ok {
		l.Stroke = s.color(v)
	}
	l.StrokeWidth = number(set["stroke-width"], 1)
	l.Size = min(max(number(strings.TrimSuffix(set["font-size"], "px"), 12), 1), 100)
	l.Opacity = number(set["opacity"], 1)
	for f := range strings.FieldsSeq(strings.ReplaceAll(set["stroke-dasharray"], ",", " ")) {
		l.Dash = append(l.Dash, number(f, 1))
	}
	l.Bold = set["font-weight"] == "600" || set["font-weight"] == "700" || set["font-weight"] == "bold"
	l.Italic = set["font-style"] == "italic"
	l.Struck = set["text-decoration"] == "line-through"
	l.Round = set["stroke-linecap"] == "round"
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
func (s sheet) color(v string) *Color {
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
	return &Color{int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff)}
}

// number reads a number that can be drawn.
func number(s string, other float64) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || v != v || v > 1e6 || v < -1e6 {
		return other
	}
	return v
}
