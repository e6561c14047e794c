package csvrec

import (
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// Begin begins to read a chunk of a table and returns what is called with the place
// and the cells of each row, which are without blanks around them.
type Begin func(header []string, sink record.Sink) func(ref hindcast.Ref, cells []string)

// NewParser returns the parser of a file whose rows below the header are read one by
// one. Nothing is read of a file that is no table.
func NewParser(f *record.File, h record.Head, begin Begin) record.LineParser {
	t, _ := Sniff(h)
	return &parser{f, t, begin}
}

type parser struct {
	file  *record.File
	table Table
	begin Begin
}

// Cut implements [record.LineParser]: it cuts between rows.
func (p *parser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return Cut(data)
}

// Chunk implements [record.LineParser].
func (p *parser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	read := p.begin(p.table.Header, sink)
	rows := Reader{Data: data, Comma: p.table.Comma, Number: line, Offset: offset}
	for row, ok := rows.Next(); ok; row, ok = rows.Next() {
		if row.Line > p.table.Line {
			read(row.ref(p.file.Name), texts(row.Cells))
		}
	}
}

// Certain reports whether a cell is a time that leaves no doubt about day and month.
func Certain(cell string) bool {
	if _, ok := stamp.EpochString(cell); ok {
		return true
	}
	_, _, ok := stamp.Parse(cell, time.UTC, 0)
	return ok && !strings.Contains(cell, "/")
}
