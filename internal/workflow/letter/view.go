package letter

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	_ "embed"

	"github.com/hindcast/hindcast/internal/connector/email"
	"github.com/hindcast/hindcast/internal/workflow"
)

//go:embed letter.html
var htmlText string

//go:embed letter.txt
var plainText string

var (
	asHTML  = htmltemplate.Must(htmltemplate.New("letter.html").Parse(htmlText))
	asPlain = texttemplate.Must(texttemplate.New("letter.txt").Parse(plainText))
)

// view is what a letter says.
type view struct {
	Subject, Lede string
	Groups        []group
	More          int    // how much was told that the letter leaves out
	Lists         []list // of actions
	Address       string // of the server
	Stop          string // address that stops such letters; empty for a test
	Own           bool   // it is a digest
	ReplyTo       string // an answer sent there is a comment; empty when it would not be
}

// group is what was told of one post-mortem.
type group struct {
	Num        int64
	Title, URL string
	Items      []item
}

// list is some actions.
type list struct {
	Title string
	URL   string // where all of them are
	Items []item
	More  int // how many there are besides
}

type item struct {
	Text, Note, URL string
	kind            workflow.NoteKind
}

// maxSubject bounds a subject, in letters.
const maxSubject = 150

// title says in the subject what a letter is about.
func (v *view) title(kind Kind) {
	told := v.More
	for _, g := range v.Groups {
		told += len(g.Items)
	}
	switch {
	case kind != Notices:
		v.Subject, v.Lede = v.digestTitle(kind, told), "What waits for you, as you chose to be told."
	case told == 1:
		v.Subject = v.Groups[0].Items[0].Text
		if !strings.Contains(v.Subject, fmt.Sprintf("#%d", v.Groups[0].Num)) {
			v.Subject = fmt.Sprintf("#%d: %s", v.Groups[0].Num, v.Subject)
		}
	default:
		v.Subject = fmt.Sprintf("%d things about #%d", told, v.Groups[0].Num)
	}
	if kind == Notices && v.Groups[0].Title != "" {
		v.Subject += " - " + v.Groups[0].Title
	}
	if r := []rune(v.Subject); len(r) > maxSubject {
		v.Subject = string(r[:maxSubject-1]) + "…"
	}
}

func (v *view) digestTitle(kind Kind, told int) string {
	var parts []string
	if told > 0 {
		parts = append(parts, count(told, "thing", "things")+" in "+count(len(v.Groups), "post-mortem", "post-mortems"))
	}
	for _, l := range v.Lists {
		switch l.Title {
		case overdueTitle:
			parts = append(parts, count(len(l.Items)+l.More, "action", "actions")+" overdue")
		case dueTitle:
			parts = append(parts, fmt.Sprintf("%d due this week", len(l.Items)+l.More))
		}
	}
	if len(parts) == 0 {
		parts = []string{"actions to look at"}
	}
	name := "Your digest: "
	if kind == Week {
		name = "Your week: "
	}
	return name + strings.Join(parts, ", ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// letter fills a letter in.
func (v view) letter(l email.Letter) (*email.Letter, error) {
	var text, html bytes.Buffer
	if err := asPlain.Execute(&text, v); err != nil {
		return nil, fmt.Errorf("write letter %s: %w", l.ID, err)
	}
	if err := asHTML.Execute(&html, v); err != nil {
		return nil, fmt.Errorf("write letter %s: %w", l.ID, err)
	}
	l.Subject, l.Text, l.HTML = v.Subject, strings.TrimSpace(text.String())+"\n", html.String()
	return &l, nil
}
