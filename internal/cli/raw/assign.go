package raw

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/template"
)

const assignChunk = 1 << 20 // bytes that are read at a time

// assignLines prints the id and the template of every line of the sources, in
// their order. A line that belongs to no record by itself, such as one of a
// stack trace, is its own message.
func assignLines(w io.Writer, sources []evidence.Source) error {
	a := &assigner{miner: template.New(), index: map[template.Shape]int32{}}
	for _, s := range sources {
		if err := a.read(s); err != nil {
			return err
		}
	}
	result := template.Merge(a.miner)
	shown := make([]string, len(a.samples))
	for i, l := range a.samples {
		id, text, _ := result.AssignLog(&l)
		shown[i] = id + "\t" + text + "\n"
	}
	out := bufio.NewWriterSize(w, 64<<10)
	for _, i := range a.lines {
		if _, err := out.WriteString(shown[i]); err != nil {
			return err
		}
	}
	return out.Flush()
}

// assigner remembers the shape of each line, and one message of each shape. It takes
// the records of a chunk.
type assigner struct {
	miner   *template.Miner
	index   map[template.Shape]int32 // in samples
	samples []record.Log
	lines   []int32 // index of the shape of each line

	chunk []byte
	next  int // number of the first line of the chunk that has no shape yet
}

// read reads one source.
func (a *assigner) read(s evidence.Source) error {
	r, err := s.Open()
	if err != nil {
		return fmt.Errorf("%s: %s", s.Name, command.Reason(err))
	}
	defer func() { _ = r.Close() }() // opened for reading only
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %s", s.Name, command.Reason(err))
	}
	parser := lineParser(s.Name, record.Head{Name: s.Name, Bytes: bytes.Clone(head), Whole: err != nil})
	a.next = 1
	var held []byte
	for offset := int64(0); ; {
		from := len(held)
		held = append(held, make([]byte, assignChunk)...)
		n, err := io.ReadFull(in, held[from:])
		held = held[:from+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return fmt.Errorf("%s: %s", s.Name, command.Reason(err))
		}
		cut := parser.Cut(held, last)
		a.take(parser, held[:cut], offset)
		offset += int64(cut)
		held = append(held[:0], held[cut:]...)
		if last {
			return nil
		}
	}
}

// take gives every line of a chunk its shape.
func (a *assigner) take(parser record.LineParser, chunk []byte, offset int64) {
	a.chunk = chunk
	parser.Chunk(chunk, a.next, offset, a)
	for len(a.chunk) > 0 {
		a.alone()
	}
}

// Log gives the line that a record begins on its shape, and those before it that
// are of no record.
func (a *assigner) Log(l *record.Log) {
	for a.next < l.Line && len(a.chunk) > 0 {
		a.alone()
	}
	if a.next == l.Line && len(a.chunk) > 0 {
		a.line()
		a.add(l.Message, l.Status)
	}
}

// alone takes the next line of the chunk as a message.
func (a *assigner) alone() { a.add(bytes.TrimRight(a.line(), "\r\n"), 0) }

// line steps over the next line of the chunk.
func (a *assigner) line() []byte {
	n := bytes.IndexByte(a.chunk, '\n') + 1
	if n == 0 {
		n = len(a.chunk)
	}
	line := a.chunk[:n]
	a.chunk = a.chunk[n:]
	a.next++
	return line
}

func (a *assigner) add(message []byte, status int) {
	shape := a.miner.AddShape(&record.Log{Message: message, Status: status, At: record.NoTime})
	i, ok := a.index[shape]
	if !ok {
		i = int32(len(a.samples))
		a.index[shape] = i
		a.samples = append(a.samples, record.Log{Message: bytes.Clone(message), Status: status, At: record.NoTime})
	}
	a.lines = append(a.lines, i)
}

// Event does nothing: only lines of logs have templates.
func (*assigner) Event(hindcast.Event) {}

// Sample does nothing.
func (*assigner) Sample(*record.Sample) {}

// Span does nothing.
func (*assigner) Span(*record.Span) {}

// Person does nothing.
func (*assigner) Person(record.Person) {}

// Problem does nothing: a line that cannot be read as a record is its own message.
func (*assigner) Problem(hindcast.Problem) {}

// lineParser returns the parser of the log format that head is in, or one that finds
// no records when it is in none.
func lineParser(name string, head record.Head) record.LineParser {
	best, found := 0, record.Format{}
	for _, f := range formats.All() {
		if n := f.Recognize(head); n > best && f.Lines != nil {
			best, found = n, f
		}
	}
	if best == 0 {
		return noRecords{}
	}
	return found.Lines(&record.File{Name: name}, head)
}

// noRecords is the parser of lines that are in no known format.
type noRecords struct{}

// Cut cuts behind the last complete line.
func (noRecords) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

// Chunk finds nothing.
func (noRecords) Chunk([]byte, int, int64, record.Sink) {}
