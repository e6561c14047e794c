// Package evidence reads what an incident left behind: files of any kind, also
// inside zip, tar, gzip and bzip2 archives.
//
// [Read] recognizes each file from its content, hashes it and has its records
// parsed on several cores. Every file ends as one [hindcast.Evidence], whether
// it could be read or not; what is wrong with it becomes a problem. The order
// in which sinks see records differs from run to run, so sinks must not depend
// on it; nothing else does.
package evidence

import (
	"cmp"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// Source is one file to read.
type Source struct {
	Name string // becomes Evidence.Name: forward slashes, relative
	Size int64  // bytes; -1 when unknown
	// Open starts reading. An archive is read in place when the result is an
	// io.ReaderAt too, as files are; otherwise it is held in memory.
	Open func() (io.ReadCloser, error)

	archive string // name of the archive it is a member of
}

// Options say how to read. The zero value reads with no format.
type Options struct {
	Formats []record.Format
	// Zone returns the zone of a file's zone-less times; nil when the user named none.
	Zone func(name string) *time.Location
	// Year completes times without one; 0 takes the year that the other evidence is from.
	Year int
	// Scratch makes a file for large members of archives; nil keeps them in memory.
	Scratch func() (Scratch, error)
	// Workers is how many parsers run at once; 0 means one per core.
	Workers int
	// Unpacked says that the sources came from [Unpack]: files that are attached to
	// messages are among them already.
	Unpacked bool
	// Unhashed leaves out the SHA-256 of the evidence, for callers that only count.
	Unhashed bool
	// Progress, when set, is told the bytes read so far, from one goroutine.
	Progress func(bytes int64)

	swapped map[string]bool // names of files whose days and months are, by the other files
}

// Read reads all sources. It returns the evidence by name and the sinks that
// newSink made, one for each worker. When the order of day and month, or the zone, of
// files that do not tell is plain from the others, everything is read again with it.
func Read[S record.Sink](sources []Source, opt Options, newSink func() S) ([]hindcast.Evidence, []S) {
	files, sinks := read(sources, opt, newSink)
	if opt.swapped = misdated(files); len(opt.swapped) > 0 {
		files, sinks = read(sources, opt, newSink)
		stillAstray(files, opt.swapped)
	}
	if zones := deduce(files); len(zones) > 0 {
		files, sinks = read(sources, opt.with(zones), newSink)
		for _, name := range slices.Sorted(maps.Keys(zones)) {
			sinks[0].Problem(zones[name].say(name))
		}
	}
	out := make([]hindcast.Evidence, 0, len(files))
	for _, f := range files {
		if opt.swapped[f.Name] {
			sinks[0].Problem(hindcast.Problem{File: f.Name, Message: "its dates can be read as day/month and as month/day, and were read as what the rest of the evidence is from, " + time.Unix(0, f.from).UTC().Format(time.DateOnly) + "; write the day into the dates as 2024-05-01 if that is wrong"})
		}
		out = append(out, f.evidence())
	}
	slices.SortFunc(out, func(a, b hindcast.Evidence) int { return cmp.Compare(a.Name, b.Name) })
	return out, sinks
}

// with returns the options with zones for files for which the user named none.
func (o Options) with(zones map[string]deduced) Options {
	named := o.Zone
	o.Zone = func(name string) *time.Location {
		if named != nil {
			if z := named(name); z != nil {
				return z
			}
		}
		return zones[name].zone
	}
	return o
}

// read reads all sources once.
func read[S record.Sink](sources []Source, opt Options, newSink func() S) ([]*file, []S) {
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	r := &reader{opt: opt, jobs: make(chan job, opt.Workers), taken: map[string]bool{}}
	r.free.New = func() any { b := make([]byte, chunkSize); return &b }
	sinks := make([]S, opt.Workers+1)
	for i := range sinks {
		sinks[i] = newSink()
	}
	var workers sync.WaitGroup
	for _, sink := range sinks[1:] {
		workers.Go(func() { r.work(sink) })
	}
	r.sink = sinks[0]
	r.readAll(sources)
	close(r.jobs)
	workers.Wait()
	for _, c := range r.closers {
		_ = c.Close() // opened for reading only
	}
	return r.files, sinks
}

// file is what is known about one file while it is read.
type file struct {
	record.File
	format record.Format
	sha    string
	turn   *turn // nil when its clocks never change

	mu       sync.Mutex
	size     int64
	records  int
	problems int
	assumed  bool // times without zone were read as UTC
	from, to int64
}

func (f *file) evidence() hindcast.Evidence {
	e := hindcast.Evidence{
		SHA256: f.sha, Name: f.Name, Format: f.Format, Size: f.size, Source: f.format.Source,
		Records: f.records, Problems: f.problems, Offsets: f.Offsets.All(),
	}
	switch {
	case f.Zone != nil:
		e.Zone = f.Zone.String()
	case f.assumed:
		e.Zone = "assumed UTC"
	case f.records > 0:
		e.Zone = "recorded"
	}
	if f.to != 0 {
		e.From, e.To = time.Unix(0, f.from).UTC(), time.Unix(0, f.to).UTC()
		if f.format.Keeps > 0 {
			e.ExpiresAt = e.From.Add(f.format.Keeps)
		}
	}
	return e
}

// job is a part of a file for one worker.
type job struct {
	file   *file
	stream func(sink record.Sink) // reads the whole file, or
	parser record.LineParser      // parses data
	data   []byte
	buf    *[]byte
	line   int
	offset int64
}

type reader struct {
	opt     Options
	jobs    chan job
	sink    record.Sink // of the goroutine that opens files
	files   []*file
	taken   map[string]bool // names in use
	given   map[string]bool // names of the sources, which are not taken out of messages again
	closers []io.Closer
	spooled int64        // bytes kept aside
	later   []Source     // files whose times lack a year or a date
	days    hours        // of the files before these
	last    bool         // the files in later are being read
	each    func(Source) // takes files that are no archive instead of their being read; see Unpack
	pending sync.WaitGroup
	free    sync.Pool
	bytes   atomic.Int64
}

func (r *reader) readAll(sources []Source) {
	r.given = map[string]bool{}
	for _, s := range sources {
		r.given[s.Name] = true
	}
	for _, s := range sources {
		r.source(s, 0)
	}
	if len(r.later) == 0 {
		return
	}
	r.pending.Wait()
	r.opt.Year, r.days, r.last = cmp.Or(r.opt.Year, r.year()), hoursOf(r.files), true
	for _, s := range r.later {
		r.source(s, maxDepth) // archives among them are open already
	}
}

// year returns the year in which most of the evidence read so far ends; 0 when
// nothing has a time.
func (r *reader) year() int {
	count, best := map[int]int{}, 0
	for _, f := range r.files {
		if f.to == 0 {
			continue
		}
		y := time.Unix(0, f.to).UTC().Year()
		count[y]++
		if count[y] > count[best] || count[y] == count[best] && y > best {
			best = y
		}
	}
	return best
}

func (r *reader) work(sink record.Sink) {
	for j := range r.jobs {
		c := &counter{sink: sink, file: j.file, from: 1<<63 - 1, to: record.NoTime}
		r.do(j, c)
		c.done()
		r.pending.Done()
	}
}

// do carries out a job. A panic of a parser, which odd bytes may bring about, is a
// problem of its file and not the end of the program.
func (r *reader) do(j job, c *counter) {
	defer func() {
		if p := recover(); p != nil {
			c.Problem(hindcast.Problem{File: j.file.Name, Line: j.line, Message: "reading it as " + j.file.File.Format + " failed, which is a fault of ours; the rest was kept"})
		}
	}()
	var sink record.Sink = c
	if j.file.turn != nil {
		sink = turning{c, j.file.turn}
	}
	if j.stream != nil {
		j.stream(sink)
		return
	}
	j.parser.Chunk(j.data, j.line, j.offset, sink)
	r.free.Put(j.buf)
}

// here carries out a job of a file whose chunks must be read in order.
func (r *reader) here(j job) {
	c := &counter{sink: r.sink, file: j.file, from: 1<<63 - 1, to: record.NoTime}
	r.do(j, c)
	c.done()
}

func (r *reader) send(j job) {
	r.pending.Add(1)
	r.jobs <- j
}

func (r *reader) progress() {
	if r.opt.Progress != nil {
		r.opt.Progress(r.bytes.Load())
	}
}

// problem reports what is wrong with a file as a whole.
func (r *reader) problem(sink record.Sink, name, message string) {
	sink.Problem(hindcast.Problem{File: name, Message: message})
}

// name returns a name for s that no other file of this reading has: its own,
// else that with the archive's name before it, else that with a number.
func (r *reader) name(s Source) string {
	name := s.Name
	if r.taken[name] && s.archive != "" {
		name = s.archive + "/" + s.Name
	}
	for n := 2; r.taken[name]; n++ {
		name = s.Name + "#" + strconv.Itoa(n)
	}
	r.taken[name] = true
	return name
}
