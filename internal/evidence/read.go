package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/message"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// source reads one file, or what an archive holds.
func (r *reader) source(s Source, depth int) {
	in, err := r.open(s)
	if err != nil {
		r.reject(s, readFault(err))
		return
	}
	head, err := in.head(s.Name)
	if err != nil {
		r.unread(s, in, readFault(err))
		return
	}
	switch b := head.Bytes; {
	case bytes.HasPrefix(b, zipMagic) || bytes.HasPrefix(b, emptyZip):
		_ = in.closer.Close() // opened again by zip
		if in.packed != "" || depth >= maxDepth {
			r.problem(r.sink, s.Name, "archives are nested too deep; unpack the outer ones first")
			return
		}
		r.zip(s, depth)
	case isTar(b):
		if depth >= maxDepth {
			r.unread(s, in, "archives are nested too deep; unpack the outer ones first")
			return
		}
		r.tar(s, in, depth)
		_ = in.closer.Close() // read as far as it goes
	case r.each != nil:
		_ = in.closer.Close() // opened again by whoever gets it
		r.each(s)
		if message.Looks(b) {
			r.attachments(s, depth)
		}
	case bytes.HasPrefix(b, xzMagic), bytes.HasPrefix(b, zstdMagic), bytes.HasPrefix(b, sevenMagic):
		r.unread(s, in, "this kind of compression is not read; unpack it first")
	default:
		r.parse(s, in, head)
		if message.Looks(b) && !r.opt.Unpacked {
			r.attachments(s, depth)
		}
	}
}

// reject notes a file that could not even be opened.
func (r *reader) reject(s Source, why string) {
	f := &file{File: record.File{Name: r.name(s)}, problems: 1}
	r.files = append(r.files, f)
	r.problem(r.sink, f.Name, why)
}

// unread keeps the hash of a file that is not parsed and says why.
func (r *reader) unread(s Source, in *input, why string) {
	f := &file{File: record.File{Name: r.name(s)}, problems: 1}
	r.files = append(r.files, f)
	r.problem(r.sink, f.Name, why)
	if err := in.finish(f); err != nil && !strings.HasPrefix(why, "it cannot") {
		r.problem(r.sink, f.Name, readFault(err))
	}
}

// parse recognizes a file and has it parsed.
func (r *reader) parse(s Source, in *input, head record.Head) {
	if len(bytes.TrimSpace(head.Bytes)) == 0 && head.Whole {
		r.unread(s, in, "the file is empty")
		return
	}
	format, ok := recognize(r.opt.Formats, head)
	if !ok {
		r.unread(s, in, "what it holds was not recognized, so it is kept and hashed but not read; see the list of formats in the documentation")
		return
	}
	var clock time.Duration
	dayless := false
	if format.Dayless != nil {
		clock, dayless = format.Dayless(head)
	}
	if !r.last && (dayless || r.opt.Year == 0 && format.Yearless != nil && format.Yearless(head)) {
		_ = in.closer.Close() // read again when the year, or the day, is known
		r.later = append(r.later, s)
		return
	}
	f := &file{File: record.File{Name: r.name(s), Format: format.Name, Year: r.opt.Year, Size: s.Size, Offsets: &record.Offsets{}}, format: format}
	if in.packed != "" {
		f.File.Size = -1
	}
	f.Swapped = r.opt.swapped[f.Name]
	r.zone(f, head)
	if dayless {
		r.day(f, clock)
	}
	r.files = append(r.files, f)
	if format.Parse == nil {
		r.lines(f, in, format.Lines(&f.File, head))
		return
	}
	r.send(job{file: f, stream: func(sink record.Sink) {
		if err := errors.Join(format.Parse(&f.File, in.text, sink), in.finish(f)); err != nil {
			r.problem(sink, f.Name, readFault(err))
		}
		f.turn.report(f.Name, sink)
	}})
}

// zone sets the zone of a file's times without one: that which the user named, else
// that which the file says itself. A year that it says completes times when no other
// evidence tells the year.
func (r *reader) zone(f *file, head record.Head) {
	zone, year := stamp.Comments(string(head.Bytes[:min(len(head.Bytes), 8<<10)]))
	if f.Year == 0 {
		f.Year = year
	}
	if r.opt.Zone != nil {
		if named := r.opt.Zone(f.Name); named != nil {
			zone = named
		}
	}
	f.Zone, f.turn = zone, newTurn(zone)
}

// recognize returns the format that is surest of head.
func recognize(formats []record.Format, head record.Head) (record.Format, bool) {
	best, found := 0, record.Format{}
	for _, f := range formats {
		if n := f.Recognize(head); n > best {
			best, found = n, f
		}
	}
	return found, best > 0
}

// lines cuts a file into chunks for the workers.
func (r *reader) lines(f *file, in *input, parser record.LineParser) {
	line, offset := 1, in.skip
	buf := r.buffer()
	n, err := 0, error(nil)
	for err == nil {
		var got int
		got, err = fill(in.text, (*buf)[n:])
		n += got
		k := parser.Cut((*buf)[:n], err != nil)
		if k == 0 && err == nil {
			if len(*buf) >= maxLine {
				skipped := r.skipLine(f, in, line)
				line, offset, n = line+1, offset+int64(n)+skipped, 0
				continue
			}
			grown := make([]byte, 2*len(*buf))
			copy(grown, (*buf)[:n])
			*buf = grown
			continue
		}
		next := r.buffer()
		if len(*next) < n-k {
			*next = make([]byte, len(*buf))
		}
		rest := copy(*next, (*buf)[k:n])
		data := (*buf)[:k]
		newlines := bytes.Count(data, []byte{'\n'})
		if k > 0 {
			send := r.send
			if f.turn != nil {
				send = r.here
			}
			send(job{file: f, parser: parser, data: data, buf: buf, line: line, offset: offset})
		}
		line, offset, n, buf = line+newlines, offset+int64(k), rest, next
		r.progress()
	}
	r.free.Put(buf)
	f.turn.report(f.Name, r.sink)
	if err == io.EOF {
		err = nil
	}
	if err := errors.Join(err, in.finish(f)); err != nil {
		r.problem(r.sink, f.Name, readFault(err))
	}
}

// fill reads until p is full or r fails. Unlike io.ReadFull it returns r's own error.
func fill(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var got int
		got, err = r.Read(p[n:])
		n += got
	}
	return n, err
}

// skipLine reads to the end of a line that is too long. It returns the bytes skipped.
func (r *reader) skipLine(f *file, in *input, line int) int64 {
	r.sink.Problem(hindcast.Problem{File: f.Name, Line: line, Message: "the line is longer than 16 MiB; it was skipped"})
	f.mu.Lock()
	f.problems++
	f.mu.Unlock()
	var n int64
	for {
		part, err := in.text.ReadSlice('\n')
		n += int64(len(part))
		if !errors.Is(err, bufio.ErrBufferFull) {
			return n
		}
	}
}

func (r *reader) buffer() *[]byte { return r.free.Get().(*[]byte) }
