package deploys

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// separators are what columns are divided by, the likeliest first.
var separators = []rune{',', ';', '\t'}

// recognizeTable takes a CSV file whose header clearly speaks of changes: when,
// what, which version and who, how or from where.
func recognizeTable(h record.Head) int {
	line, _, _ := bytes.Cut(h.Bytes, []byte("\n"))
	if len(line) > 2000 {
		return 0
	}
	for _, sep := range separators {
		if isChangeHeader(header(line, sep)) {
			return 78
		}
	}
	return 0
}

// header returns the folded names of a header's columns as fields of themselves.
func header(line []byte, sep rune) fields {
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma = sep
	names, err := r.Read()
	if err != nil || len(names) < 3 {
		return nil
	}
	f := fields{}
	for _, n := range names {
		f.add(n, n)
	}
	return f
}

func isChangeHeader(f fields) bool {
	return f.has(timeNames) && f.has(serviceNames) && f.has(versionNames) && (f.has(byNames) || f.has(kindNames) || f.has(previousNames) || f["deployedat"].value != "") ||
		f.has(timeNames) && f.has(flagNames[:7]) && f.has(toNames) && f.has(byNames)
}

// table reads a CSV file of changes.
func (p *parser) table(f *record.File, in io.Reader, sink record.Sink) error {
	buf := bufio.NewReaderSize(in, 4<<10)
	first, err := buf.Peek(2000)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	line, _, _ := bytes.Cut(first, []byte("\n"))
	r := csv.NewReader(buf)
	for _, sep := range separators {
		if isChangeHeader(header(line, sep)) {
			r.Comma = sep
			break
		}
	}
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	names, err := r.Read()
	if err != nil {
		return unreadable(err)
	}
	w := fact.NewWriter(p.redactor, f, sink)
	for {
		offset := r.InputOffset()
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			if err := unreadable(err); err != nil {
				return err
			}
			sink.Problem(hindcast.Problem{File: f.Name, Line: lineOf(err), Message: "this is not a row of the table; it was skipped"})
			continue
		}
		ref := hindcast.Ref{File: f.Name, Offset: offset}
		ref.Line, _ = r.FieldPos(0)
		last, _ := r.FieldPos(len(row) - 1)
		if last += strings.Count(row[len(row)-1], "\n"); last > ref.Line {
			ref.EndLine = last
		}
		m := fields{}
		for i, v := range row[:min(len(row), len(names))] {
			m.add(names[i], v)
		}
		if len(m) > 0 {
			p.change(w, ref, m)
		}
	}
}

// unreadable returns err when it is the reader's and not the content's.
func unreadable(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func lineOf(err error) int {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return parse.StartLine
	}
	return 0
}
