package message

import (
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// Plain returns the words of HTML as people see them. Quotations begin with ">" as
// they do in plain text; scripts, styles and what else nobody sees are left out.
func Plain(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(1 << 20)
	p := &plain{}
	for {
		switch z.Next() {
		case html.ErrorToken: // the end, or a tag without one
			return p.String()
		case html.TextToken:
			p.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := atom.Lookup(name)
			class := ""
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				if string(key) == "class" || string(key) == "id" {
					class += " " + string(value)
				}
			}
			p.begin(tag, class)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name))
		}
	}
}

// plain writes what a page says.
type plain struct {
	lines  []string
	line   strings.Builder
	quotes int
	hidden int  // tags that are open whose words nobody sees
	rest   bool // all that follows is an older message
}

func (p *plain) String() string {
	p.flush()
	return strings.TrimSpace(strings.Join(p.lines, "\n"))
}

func (p *plain) text(s string) {
	if p.hidden > 0 {
		return
	}
	words := strings.Join(strings.Fields(s), " ")
	if words == "" {
		if p.line.Len() > 0 {
			p.space()
		}
		return
	}
	if s[0] == ' ' || s[0] == '\n' || s[0] == '\t' || s[0] == '\r' {
		p.space()
	}
	p.line.WriteString(words)
	if last := s[len(s)-1]; last == ' ' || last == '\n' || last == '\t' || last == '\r' {
		p.space()
	}
}

func (p *plain) space() {
	if text := p.line.String(); text != "" && text[len(text)-1] != ' ' {
		p.line.WriteByte(' ')
	}
}

// flush ends a line.
func (p *plain) flush() {
	text := strings.TrimSpace(p.line.String())
	p.line.Reset()
	if text != "" && (p.quotes > 0 || p.rest) {
		text = strings.Repeat("> ", max(min(p.quotes, 5), 1)) + text
	}
	if text != "" || len(p.lines) > 0 && p.lines[len(p.lines)-1] != "" {
		p.lines = append(p.lines, text)
	}
}

// begin takes a tag that begins.
func (p *plain) begin(tag atom.Atom, class string) {
	switch tag {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
		p.hidden++
	case atom.Body:
		p.hidden = 0 // the head ends, whether it says so or not
	case atom.Br:
		p.brk()
	case atom.Blockquote:
		p.brk()
		p.quotes++
	case atom.P, atom.Div, atom.Tr, atom.H1, atom.H2, atom.H3, atom.H4, atom.Pre, atom.Table, atom.Ul, atom.Ol, atom.Hr:
		p.brk()
	case atom.Li:
		p.brk()
		p.line.WriteString("- ")
	case atom.Td, atom.Th:
		p.space()
	}
	if older.MatchString(class) {
		p.brk()
		p.rest = true
	}
}

// older are the classes and ids with which mail programs mark the message before.
var older = lazyregexp.New(`\b(?:gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION)\b`)

// brk ends a line that has begun.
func (p *plain) brk() {
	if p.line.Len() > 0 {
		p.flush()
	}
}

// end takes a tag that ends.
func (p *plain) end(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
		p.hidden = max(p.hidden-1, 0)
	case atom.Blockquote:
		p.brk()
		p.quotes = max(p.quotes-1, 0)
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4:
		p.brk()
		p.flush()
	case atom.Div, atom.Tr, atom.Li, atom.Pre, atom.Table:
		p.brk()
	}
}

var (
	// wrote is the line before a quotation, in the languages of common programs.
	wrote = lazyregexp.New(`(?i)^(?:on\b.{4,300}\bwrote|am\b.{4,300}\bschrieb\b.{0,200}|le\b.{4,300}\ba écrit|el\b.{4,300}\bescribió|il\b.{4,300}\bha scritto|op\b.{4,300}\bschreef\b.{0,200}|em\b.{4,300}\bescreveu)\s*:$`)
	// original begins the message before, when its program does not mark its lines.
	original = lazyregexp.New(`(?i)^(?:-{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|message d'origine|mensaje original)\s*-{2,}|_{20,})$`)
	// sender is the first line of the header that Outlook writes above it.
	sender = lazyregexp.New(`(?i)^\*?(?:from|von|de|da):\*?\s+\S`)
	sent   = lazyregexp.New(`(?i)^\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato):\*?\s+\S`)
	// phones are the signatures that programs write by themselves.
	phones = lazyregexp.New(`(?i)^(?:sent from (?:my|outlook|mail|yahoo|gmail)\b.*|get outlook for .*|von meinem .{2,40} gesendet|envoyé de mon .{2,40})$`)
	// lawyers are how disclaimers begin.
	lawyers = lazyregexp.New(`(?i)^(?:\W*(?:confidentiality notice|disclaimer)\b|(?:this|the information (?:contained )?in this|the contents of this)\s+(?:e-?mail|message|communication|transmission)\b.*(?:confidential|intended (?:solely |only )?for|privileged|intended recipient))`)
)

// Said returns what somebody wrote in a message: its text without the messages that
// it answers, without signature and disclaimer. What was forwarded without a word
// of one's own stays.
func Said(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var out []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(strings.ReplaceAll(lines[i], "\u00a0", " "))
		switch {
		case strings.HasPrefix(line, ">"):
			continue
		case lines[i] == "-- " || lines[i] == "--", phones.MatchString(line), lawyers.MatchString(paragraph(lines[i:])):
			return tidy(out)
		case blank(out):
		case original.MatchString(line), sender.MatchString(line) && near(lines[i+1:], sent):
			return tidy(out)
		}
		if n := attribution(lines[i:]); n > 0 && quotes(lines[i+n:]) {
			i += n - 1
			continue
		}
		out = append(out, strings.TrimRight(lines[i], " \t\r"))
	}
	return tidy(out)
}

func blank(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) == "" }

// tidy joins lines, without more than one empty one between two.
func tidy(lines []string) string {
	var out []string
	for _, l := range lines {
		if l == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, l)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// paragraph returns the lines up to the next empty one as one.
func paragraph(lines []string) string {
	n := 0
	for n < len(lines) && n < 6 && strings.TrimSpace(lines[n]) != "" {
		n++
	}
	return strings.Join(strings.Fields(strings.Join(lines[:n], " ")), " ")
}

// attribution returns how many lines name who wrote what is quoted next; 0 for none.
func attribution(lines []string) int {
	for n := 1; n <= min(3, len(lines)); n++ {
		if strings.TrimSpace(lines[n-1]) == "" {
			return 0
		}
		if wrote.MatchString(paragraph(lines[:n])) {
			return n
		}
	}
	return 0
}

// quotes reports whether the next words are quoted, or there are none.
func quotes(lines []string) bool {
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			return strings.HasPrefix(l, ">")
		}
	}
	return true
}

// near reports whether one of the next lines is like want.
func near(lines []string, want *lazyregexp.Regexp) bool {
	for _, l := range lines[:min(3, len(lines))] {
		if want.MatchString(strings.TrimSpace(l)) {
			return true
		}
	}
	return false
}

// Body is what a message says.
type Body struct {
	Text  string   // plain, with all that it quotes
	Files []string // the names of its files
}

// maxText bounds what is read of the words of one message.
const maxText = 512 << 10

// ReadBody reads a message for its words.
func ReadBody(r io.Reader) (Header, Body, []string, error) {
	var plain, page strings.Builder
	var b Body
	h, faults, err := Read(r, func(p Part) error {
		if !p.IsText() {
			if p.Name != "" && !p.Embedded {
				b.Files = append(b.Files, p.Name)
			}
			return nil
		}
		text, err := p.Text(maxText)
		if to := &plain; plain.Len()+page.Len() < 2*maxText {
			if p.Type == "text/html" {
				to = &page
			}
			to.WriteString(text + "\n")
		}
		return err
	})
	b.Text = strings.TrimSpace(plain.String())
	if b.Text == "" {
		b.Text = Plain(page.String())
	}
	return h, b, faults, err
}
