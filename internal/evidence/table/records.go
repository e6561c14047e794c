package table

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/record"
)

// headSize is how much of a document is looked at, in bytes.
const headSize = 64 << 10

// head reads the beginning of a document, and returns a reader of all of it.
func head(f *record.File, r io.Reader) (record.Head, io.Reader, error) {
	b := make([]byte, headSize)
	n, err := io.ReadFull(r, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return record.Head{}, nil, err
	}
	return record.Head{Name: f.Name, Bytes: b[:n]}, io.MultiReader(bytes.NewReader(b[:n]), r), nil
}

// maxColumns is how many kinds of cells a record may have; further ones are left out.
const maxColumns = 64

// cells is one record of a document, by the names of its members: a row of the table that
// all records are.
type cells struct {
	list      []cell
	line, end int
	offset    int64
}

type cell struct{ name, text string }

func (c *cells) add(name, text string) {
	if text = strings.TrimSpace(text); text != "" && len(c.list) < maxColumns && !slices.ContainsFunc(c.list, func(o cell) bool { return o.name == name }) {
		c.list = append(c.list, cell{name, text})
	}
}

// row returns the cells below the names of a header; empty where the record has none.
func (c *cells) row(header []string) []string {
	out := make([]string, len(header))
	for _, o := range c.list {
		if i := slices.Index(header, o.name); i >= 0 {
			out[i] = o.text
		}
	}
	return out
}

// others returns the cells of which a header does not have the names: later records can
// have members that those of the head had not.
func (c *cells) others(header []string) []cell {
	return slices.DeleteFunc(slices.Clone(c.list), func(o cell) bool { return slices.Contains(header, o.name) })
}

// settleRecords finds the layout of the table that records are; false when they have no
// member that is called after their time.
func settleRecords(found []cells, h record.Head) (layout, bool) {
	var header []string
	for _, r := range found {
		for _, c := range r.list {
			if !slices.Contains(header, c.name) && len(header) < maxColumns {
				header = append(header, c.name)
			}
		}
	}
	rows := make([][]string, len(found))
	for i := range found {
		rows[i] = found[i].row(header)
	}
	l, ok := settle(header, rows, h.Name)
	return l, ok && l.named()
}
