package pdf

import (
	"strings"
	"unicode/utf8"
)

// color is one of the light theme.
type color struct{ r, g, b int }

var (
	ink   = color{0x1f, 0x23, 0x28}
	soft  = color{0x5b, 0x62, 0x6d}
	rule  = color{0xd5, 0xd8, 0xdd}
	shade = color{0xf6, 0xf5, 0xf2}
	link  = color{0x2f, 0x5d, 0x8a}
)

const (
	normal = 10.0
	small  = 8.8
)

// style is how text looks.
type style struct {
	size                       float64
	color                      color
	bold, italic, mono, struck bool
}

func (s style) font() (family, mark string) {
	family = "go"
	if s.mono {
		family = "mono"
	}
	if s.bold {
		mark += "B"
	}
	if s.italic && !s.mono {
		mark += "I"
	}
	return family, mark
}

// span is text of one style, with what it links to.
type span struct {
	text string
	style
	href string
}

// piece is a part of a line: a span's text at its place.
type piece struct {
	span
	x, w float64 // from the beginning of the line
}

// use tells the file a style.
func (w *writer) use(s style) {
	family, mark := s.font()
	w.f.SetFont(family, mark, s.size)
	w.f.SetTextColor(s.color.r, s.color.g, s.color.b)
}

// measure returns the width of text, which must be plain.
func (w *writer) measure(s string, st style) float64 {
	family, mark := st.font()
	w.f.SetFont(family, mark, st.size)
	return w.f.GetStringWidth(s)
}

// put writes plain text with its baseline at y.
func (w *writer) put(x, y float64, s string, st style) {
	if s == "" {
		return
	}
	w.use(st)
	w.f.Text(x, y, s)
	if st.struck {
		w.f.SetDrawColor(st.color.r, st.color.g, st.color.b)
		w.f.SetLineWidth(st.size / 18)
		w.f.Line(x, y-st.size*0.3, x+w.measure(s, st), y-st.size*0.3)
	}
}

// lines breaks text into lines of a width. A word that is longer is broken.
func (w *writer) lines(spans []span, width float64) [][]piece {
	b := breaker{w: w, width: width}
	for _, s := range spans {
		s.text = w.chars.Plain(s.text)
		for i, part := range strings.Split(s.text, "\n") {
			if i > 0 {
				b.endWord()
				b.endLine()
			}
			b.take(s, part)
		}
	}
	b.endWord()
	b.endLine()
	return b.out
}

// breaker collects words, which may consist of pieces of several styles.
type breaker struct {
	w     *writer
	width float64
	out   [][]piece
	line  []piece
	used  float64
	word  []piece
	long  float64 // width of the word
	gap   *span   // the space before the word
}

func (b *breaker) take(s span, text string) {
	for text != "" {
		i := strings.IndexByte(text, ' ')
		if i < 0 {
			b.add(s, text)
			return
		}
		b.add(s, text[:i])
		b.endWord()
		blank := s
		blank.text = " "
		b.gap = &blank
		text = text[i+1:]
	}
}

func (b *breaker) add(s span, text string) {
	if text == "" {
		return
	}
	s.text = text
	p := piece{span: s, w: b.w.measure(text, s.style)}
	b.word, b.long = append(b.word, p), b.long+p.w
}

// endWord puts the word into the line, or into the next one.
func (b *breaker) endWord() {
	if len(b.word) == 0 {
		return
	}
	gap := 0.0
	if b.gap != nil && len(b.line) > 0 {
		gap = b.w.measure(" ", b.gap.style)
	}
	if len(b.line) > 0 && b.used+gap+b.long > b.width {
		b.endLine()
		gap = 0
	}
	if gap > 0 {
		b.place(piece{span: *b.gap, w: gap})
	}
	for _, p := range b.word {
		b.fit(p)
	}
	b.word, b.long, b.gap = nil, 0, nil
}

// fit places a piece, broken where it has to be.
func (b *breaker) fit(p piece) {
	for b.used+p.w > b.width {
		n := b.head(p)
		if n == 0 && len(b.line) > 0 {
			b.endLine()
			continue
		}
		_, one := utf8.DecodeRuneInString(p.text)
		n = max(n, one)
		if n == len(p.text) {
			break
		}
		head := p
		head.text = p.text[:n]
		head.w = b.w.measure(head.text, p.style)
		b.place(head)
		b.endLine()
		p.text = p.text[n:]
		p.w -= head.w
	}
	b.place(p)
}

// head returns how many bytes of a piece fit into the line, at a mark where there
// is one.
func (b *breaker) head(p piece) int {
	w, fits, mark := b.used, 0, 0
	for i, r := range p.text {
		if w += b.w.measure(string(r), p.style); w > b.width {
			break
		}
		fits = i + utf8.RuneLen(r)
		if strings.ContainsRune("-_/.:,=", r) {
			mark = fits
		}
	}
	if mark > fits/2 {
		return mark
	}
	return fits
}

// place adds a piece to the line, joined with the one before of the same look.
func (b *breaker) place(p piece) {
	if n := len(b.line); n > 0 && b.line[n-1].style == p.style && b.line[n-1].href == p.href {
		b.line[n-1].text += p.text
		b.line[n-1].w += p.w
	} else {
		p.x = b.used
		b.line = append(b.line, p)
	}
	b.used += p.w
}

func (b *breaker) endLine() {
	if len(b.line) > 0 {
		b.out = append(b.out, b.line)
	}
	b.line, b.used, b.gap = nil, 0, nil
}

// flow writes text between x and right, over pages where it must. No page begins
// with a paragraph's last line when it could have two.
func (w *writer) flow(spans []span, x, right, leading float64) {
	lines := w.lines(spans, right-x)
	for i, l := range lines {
		left := len(lines) - i
		if left == 2 || i == 0 && left > 1 {
			w.need(2 * leading)
		}
		w.need(leading)
		w.line(l, x, w.y+leading*0.74)
		w.y += leading
	}
}

// line writes a line with its baseline at y.
func (w *writer) line(l []piece, x, y float64) {
	for _, p := range l {
		if p.mono {
			w.f.SetFillColor(shade.r, shade.g, shade.b)
			w.f.Rect(x+p.x-1, y-p.size*0.85, p.w+2, p.size*1.15, "F")
		}
		w.put(x+p.x, y, p.text, p.style)
		w.linked(p.href, x+p.x, y-p.size*0.8, p.w, p.size)
	}
}

// linked makes an area lead somewhere: within the document, or to an address of
// the web or of mail.
func (w *writer) linked(href string, x, y, wd, ht float64) {
	switch {
	case strings.HasPrefix(href, "#"):
		w.f.Link(x, y, wd, ht, w.target(href[1:]))
	case outward(href):
		w.f.LinkString(x, y, wd, ht, href)
	}
}

// outward reports whether a file may lead to an address.
func outward(href string) bool {
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if len(href) > len(scheme) && strings.EqualFold(href[:len(scheme)], scheme) {
			return strings.IndexFunc(href, func(r rune) bool { return r <= ' ' || r > 0x7e || strings.ContainsRune(`()\`, r) }) < 0
		}
	}
	return false
}

// fill draws an area of a color.
func (w *writer) fill(c color, x, y, wd, ht float64) {
	w.f.SetFillColor(c.r, c.g, c.b)
	w.f.Rect(x, y, wd, ht, "F")
}

// stroke draws a thin line.
func (w *writer) stroke(c color, x1, y1, x2, y2 float64) {
	w.f.SetDrawColor(c.r, c.g, c.b)
	w.f.SetLineWidth(0.6)
	w.f.Line(x1, y1, x2, y2)
}
