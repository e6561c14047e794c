// Package csvrec cuts delimited text (CSV, TSV, semicolons, pipes) into rows and
// remembers where each one stood.
//
// [Sniff] finds the delimiter and the header in the head of a file. A [Reader]
// then steps through the rows of a chunk without allocating: cells are parts of
// the chunk. A quoted cell may hold delimiters and line ends; a quote that never
// ends costs its own line only.
package csvrec

import (
	"bytes"
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Table is what the head of a file shows.
type Table struct {
	Comma  byte       // what stands between cells
	Header []string   // names of the columns, without quotes and blanks around them
	Line   int        // physical line of the header; rows up to it are none
	Rows   [][]string // the first rows, at most [SampleRows], those of full length
	Ragged int        // rows among the first whose length is not the header's
}

// SampleRows is how many rows Sniff returns.
const SampleRows = 200

// Sniff returns the table that a file begins with; false when it is none. Lines
// before the header that are empty, begin with # or name the delimiter
// ("sep=;") are passed over.
func Sniff(h record.Head) (Table, bool) {
	data := h.Bytes
	if end := bytes.LastIndexByte(data, '\n'); !h.Whole && end >= 0 {
		data = data[:end+1]
	}
	r := Reader{Data: data, Number: 1}
	t := Table{Line: 1}
	for preamble(r.Data) {
		end := bytes.IndexByte(r.Data, '\n')
		if end < 0 {
			return Table{}, false
		}
		r.Data = r.Data[end+1:]
		r.Number++
	}
	t.Line = r.Number
	t.Comma = delimiter(r.Data)
	if t.Comma == 0 {
		return Table{}, false
	}
	r.Comma = t.Comma
	row, ok := r.Next()
	if !ok || len(row.Cells) < 2 || row.EndLine != row.Line {
		return Table{}, false
	}
	t.Header = texts(row.Cells)
	for len(t.Rows) < SampleRows {
		row, ok := r.Next()
		if !ok {
			break
		}
		if len(row.Cells) != len(t.Header) {
			t.Ragged++
			continue
		}
		t.Rows = append(t.Rows, texts(row.Cells))
	}
	return t, len(t.Rows) > t.Ragged
}

func texts(cells [][]byte) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.TrimSpace(string(c))
	}
	return out
}

// preamble reports whether the first line of data stands before a header.
func preamble(data []byte) bool {
	line, _, more := bytes.Cut(data, []byte{'\n'})
	line = bytes.TrimSpace(line)
	return more && (len(line) == 0 || line[0] == '#' || len(line) <= 7 && bytes.HasPrefix(bytes.ToLower(bytes.Trim(line, `"`)), []byte("sep=")))
}

// delimiter returns the byte that divides the first line most often; 0 when none does.
func delimiter(data []byte) byte {
	line, _, _ := bytes.Cut(data, []byte{'\n'})
	best, most := byte(0), 0
	for _, c := range []byte{'\t', ';', ',', '|'} {
		if n := outside(line, c); n > most {
			best, most = c, n
		}
	}
	return best
}

// outside counts c in line outside quotes.
func outside(line []byte, c byte) int {
	n, quoted := 0, false
	for _, b := range line {
		if b == '"' {
			quoted = !quoted
		} else if b == c && !quoted {
			n++
		}
	}
	return n
}

// Row is one row.
type Row struct {
	Cells         [][]byte // without quotes around them, trimmed only where quoted; valid until Next
	Line, EndLine int      // physical lines, from 1
	Offset        int64    // of the first byte
	Raw           []byte   // without the last line end
	Open          bool     // a quote had no end
}

// Reader steps through the rows of a chunk. Set Data, Comma, Number and Offset
// for its first line, then call Next.
type Reader struct {
	Data   []byte // what follows the current row
	Comma  byte
	Number int   // physical line number the next row has, from 1
	Offset int64 // where the next row begins in the file

	cells [][]byte
}

// Next returns the next row that is not empty; ok is false at the end.
func (r *Reader) Next() (row Row, ok bool) {
	for len(r.Data) > 0 {
		line, n := r.line(0)
		row = Row{Line: r.Number, EndLine: r.Number, Offset: r.Offset, Raw: line}
		if bytes.IndexByte(line, '"') < 0 {
			r.plain(line)
		} else if n = r.quoted(&row); n == 0 {
			row.Open = true
			line, n = r.line(0)
			r.plain(line)
		}
		r.Data, r.Number, r.Offset = r.Data[n:], row.EndLine+1, r.Offset+int64(n)
		if len(bytes.TrimSpace(row.Raw)) > 0 {
			row.Cells = r.cells
			return row, true
		}
	}
	return Row{}, false
}

// line returns the line at Data[from:] without its end, and where the next begins.
func (r *Reader) line(from int) (line []byte, next int) {
	line, next = r.Data[from:], len(r.Data)
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line, next = line[:i], from+i+1
	}
	return bytes.TrimSuffix(line, []byte{'\r'}), next
}

// plain cuts a line without quotes.
func (r *Reader) plain(line []byte) {
	r.cells = r.cells[:0]
	for {
		i := bytes.IndexByte(line, r.Comma)
		if i < 0 {
			r.cells = append(r.cells, line)
			return
		}
		r.cells = append(r.cells, line[:i])
		line = line[i+1:]
	}
}

// maxCellLines is how many lines a quoted cell may have.
const maxCellLines = 500

// quoted cuts a row with quotes and returns where the next row begins; 0 when a
// quote has no end.
func (r *Reader) quoted(row *Row) int {
	r.cells = r.cells[:0]
	d := r.Data
	for i := 0; ; {
		cell, end, ok := cellAt(d, i, r.Comma)
		if !ok {
			return 0
		}
		r.cells = append(r.cells, cell)
		if end < len(d) && d[end] == r.Comma {
			i = end + 1
			continue
		}
		row.Raw = bytes.TrimSuffix(d[:end], []byte{'\r'})
		row.EndLine = row.Line + bytes.Count(d[:end], []byte{'\n'})
		if row.EndLine-row.Line > maxCellLines {
			return 0
		}
		return min(end+1, len(d))
	}
}

// cellAt reads the cell at d[i:] and returns where it ends: at a comma, a line
// end or the end of d.
func cellAt(d []byte, i int, comma byte) (cell []byte, end int, ok bool) {
	start := i
	for start < len(d) && d[start] == ' ' {
		start++
	}
	if start == len(d) || d[start] != '"' {
		end = i
		for end < len(d) && d[end] != comma && d[end] != '\n' {
			end++
		}
		return bytes.TrimSuffix(d[i:end], []byte{'\r'}), end, true
	}
	start++
	doubled := false
	for j := start; j < len(d); j++ {
		if d[j] != '"' {
			continue
		}
		if j+1 < len(d) && d[j+1] == '"' {
			doubled = true
			j++
			continue
		}
		cell = d[start:j]
		if doubled {
			cell = bytes.ReplaceAll(cell, []byte(`""`), []byte{'"'})
		}
		for end = j + 1; end < len(d) && d[end] != comma && d[end] != '\n'; end++ {
			if d[end] != ' ' && d[end] != '\r' {
				return nil, 0, false // text behind the quote: it was none
			}
		}
		return cell, end, true
	}
	return nil, 0, false
}

// Cut returns the length of the longest prefix of data that ends where a row
// ends, for data that begins where a row begins; 0 when there is none.
func Cut(data []byte) int {
	end, quoted := 0, false
	for i := 0; i < len(data); {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			break
		}
		if bytes.Count(data[i:i+n], []byte{'"'})%2 == 1 {
			quoted = !quoted
		}
		if i += n + 1; !quoted {
			end = i
		}
	}
	if end < len(data)/2 { // a quote without an end
		return bytes.LastIndexByte(data, '\n') + 1
	}
	return end
}
