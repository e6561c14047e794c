package notion

import (
	"context"
	"encoding/json"
	"net/url"
	"path"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/connector"
)

// rawBlock is a block as it comes: its text is below the name of its type.
type rawBlock struct{ told }

// UnmarshalJSON reads a block.
func (b *rawBlock) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &b.told); err != nil {
		return err
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return err
	}
	var inside struct {
		Text    []said   `json:"rich_text"`
		Cells   [][]said `json:"cells"`
		Checked bool     `json:"checked"`
	}
	if raw := whole[b.Type]; raw != nil {
		if err := json.Unmarshal(raw, &inside); err != nil {
			return err
		}
	}
	b.text, b.checked = inside.Text, inside.Checked
	for i, cell := range inside.Cells {
		if i > 0 {
			b.text = append(b.text, said{Plain: " | "})
		}
		for _, s := range cell {
			s.Plain = strings.ReplaceAll(s.Plain, "|", `\|`)
			b.text = append(b.text, s)
		}
	}
	return nil
}

// ReadPage returns the page with an address or id as Markdown, with what is folded
// in it. People who are mentioned become "a person".
func (p *Shelf) ReadPage(ctx context.Context, ref string) (connector.Page, error) {
	id := idIn(ref)
	if id == "" {
		return connector.Page{}, hindcast.Errorf(hindcast.Invalid, "copy the address of a page from Notion; it ends with 32 letters and digits")
	}
	r := reader{shelf: p}
	if err := r.page(ctx, id, 0); err != nil {
		return connector.Page{}, err
	}
	return connector.Page{Title: titleOf(ref, r.first), Markdown: strings.TrimSpace(r.out.String()) + "\n", URL: address(id)}, nil
}

// titleOf returns the title of a page: the description has no request for it, but
// addresses hold it, and a page mostly begins with it.
func titleOf(ref, first string) string {
	if first != "" {
		return first
	}
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil {
		return ""
	}
	slug := path.Base(u.Path)
	return strings.TrimSpace(strings.ReplaceAll(strings.TrimSuffix(slug, hexID.FindString(slug)), "-", " "))
}

// deepest is how deep blocks are read into.
const deepest = 5

// reader writes the Markdown of a page.
type reader struct {
	shelf *Shelf
	out   strings.Builder
	first string // heading of the first level
	rows  int    // of the table that is being written
}

var marks = map[string]string{
	"heading_1": "# ", "heading_2": "## ", "heading_3": "### ", "bulleted_list_item": "- ", "numbered_list_item": "1. ", "quote": "> ", "callout": "> ", "toggle": "- ",
}

func (r *reader) page(ctx context.Context, id string, depth int) error {
	list, err := r.shelf.children(ctx, id)
	if err != nil {
		return err
	}
	for _, b := range list {
		r.block(b, depth)
		if b.HasChildren && b.Type != childPage && b.Type != "child_database" && depth < deepest {
			below := depth + 1
			if b.Type == "table" || strings.HasPrefix(b.Type, "column") || b.Type == "synced_block" {
				below = depth
			}
			if err := r.page(ctx, b.ID, below); err != nil {
				return err
			}
		}
	}
	return nil
}

// block writes one block.
func (r *reader) block(b told, depth int) {
	text := words(b.text)
	indent := strings.Repeat("  ", depth)
	if b.Type != "table_row" {
		r.rows = 0
	}
	switch {
	case b.Type == "table_row":
		r.out.WriteString("| " + text + " |\n")
		if r.rows == 0 {
			r.out.WriteString("|" + strings.Repeat(" --- |", strings.Count(text, " | ")+1) + "\n")
		}
		r.rows++
	case b.Type == "code":
		r.out.WriteString("\n```\n" + strings.ReplaceAll(text, "```", "") + "\n```\n\n")
	case b.Type == "divider":
		r.out.WriteString("\n---\n\n")
	case b.Type == "to_do":
		box := "[ ] "
		if b.checked {
			box = "[x] "
		}
		r.out.WriteString(indent + "- " + box + text + "\n")
	case text == "":
	case marks[b.Type] != "":
		r.heading(b.Type, text)
		r.out.WriteString(indent + marks[b.Type] + text + "\n")
	default:
		r.out.WriteString("\n" + indent + text + "\n\n")
	}
}

func (r *reader) heading(kind, text string) {
	if !strings.HasPrefix(kind, "heading") {
		return
	}
	r.out.WriteString("\n")
	if kind == "heading_1" && r.first == "" {
		r.first = text
	}
}

// words returns text as Markdown, with its links.
func words(list []said) string {
	var s strings.Builder
	for _, x := range list {
		plain := x.Plain
		if x.Type == "mention" && strings.HasPrefix(plain, "@") {
			plain = "a person"
		}
		if x.Href != nil && safe(*x.Href) != "" {
			plain = "[" + plain + "](" + *x.Href + ")"
		}
		s.WriteString(plain)
	}
	return s.String()
}
