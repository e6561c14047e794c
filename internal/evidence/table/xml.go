package table

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// An XML document of records is a table whose rows are the elements that repeat below
// its root, or one level further in. An attribute is a cell, and so is a child that
// holds text alone; the text of the record itself is in the column "text".

// sureXML is less than any format that knows what the elements mean.
const sureXML = 30

var xmlHead = lazyregexp.New(`\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<\w`)

func recognizeXML(h record.Head) int {
	if !xmlHead.MatchString(string(h.Bytes[:min(len(h.Bytes), 1024)])) {
		return 0
	}
	if _, _, ok := settleXML(h); ok {
		return sureXML
	}
	return 0
}

// records says where the records of a document are: elements of one name at a depth,
// where the root is at 1.
type records struct {
	depth int
	name  string // empty for any
}

// settleXML finds the records in the head of a file, and the layout of the table that
// they are.
func settleXML(h record.Head) (records, layout, bool) {
	for _, depth := range []int{2, 3} {
		var found []element
		_ = records{depth: depth}.each(bytes.NewReader(h.Bytes), func(r element) { found = append(found, r) }) // the head may be cut anywhere
		name := frequent(found)
		found = slices.DeleteFunc(found, func(r element) bool { return r.name != name })
		if len(found) < 2 {
			continue
		}
		rows := make([]cells, len(found))
		for i, r := range found {
			rows[i] = r.cells
		}
		if l, ok := settleRecords(rows, h); ok {
			return records{depth, name}, l, true
		}
	}
	return records{}, layout{}, false
}

// frequent returns the name that most of the elements have; the first one of several.
func frequent(found []element) (name string) {
	count := map[string]int{}
	for _, r := range found {
		count[r.name]++
	}
	for _, r := range found {
		if count[r.name] > count[name] {
			name = r.name
		}
	}
	return name
}

// element is one record with its name.
type element struct {
	name string
	cells
}

func (e *element) attributes(list []xml.Attr) {
	for _, a := range list {
		e.add(a.Name.Local, a.Value)
	}
}

// each calls fn with every record. What came before an error has been passed on.
func (rs records) each(in io.Reader, fn func(element)) error {
	d := xml.NewDecoder(in)
	var row *element
	var texts []string // of the elements that are open within the record
	for level := 0; ; {
		line, _ := d.InputPos()
		offset := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if level++; level == rs.depth && (rs.name == "" || rs.name == t.Name.Local) {
				row = &element{t.Name.Local, cells{line: line, offset: offset}}
			}
			if row != nil {
				row.attributes(t.Attr)
				texts = append(texts, "")
			}
		case xml.CharData:
			if n := len(texts); n > 0 && len(texts[n-1]) < maxText {
				texts[n-1] += string(t)
			}
		case xml.EndElement:
			level--
			if row == nil {
				continue
			}
			n := len(texts) - 1
			name := t.Name.Local
			if n == 0 {
				name = "text"
			}
			if row.add(name, texts[n]); n == 0 {
				row.end, _ = d.InputPos()
				fn(*row)
				row = nil
			}
			texts = texts[:n]
		}
	}
}

// maxText is about how much of an element's text is kept, and longestXML how much of a
// document is read, in bytes.
const (
	maxText    = 64 << 10
	longestXML = 256 << 20
)

// xml reads the records of a document.
func (k kit) xml(f *record.File, r io.Reader, sink record.Sink) error {
	h, all, err := head(f, r)
	if err != nil {
		return err
	}
	rs, l, ok := settleXML(h)
	if !ok {
		return nil
	}
	rd := k.reading(f, l, "", sink)
	defer rd.close()
	last := 1
	rest := &io.LimitedReader{R: all, N: longestXML}
	err = rs.each(rest, func(row element) {
		last = row.end
		rd.row(place(f, row.line, row.end, row.offset), row.row(l.header))
	})
	var syntax *xml.SyntaxError
	switch {
	case rest.N <= 0:
		rd.Problem(hindcast.Ref{File: f.Name, Line: last}, "the document is longer than is read of XML; what follows was left out")
	case errors.As(err, &syntax):
		rd.Problem(hindcast.Ref{File: f.Name, Line: max(syntax.Line, last)}, "this is not valid XML; what follows was not read")
	case err != nil:
		return err
	}
	return nil
}
