package tally

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// MaxExample is how many bytes of a message are kept as an example.
const MaxExample = 512

// series is the records of one shape in one service over time.
type series struct {
	key     uint64 // hash of service
	total   int
	last    signal.Mark
	buckets []signal.Count // nearly in order; a bucket may occur again
	current *record.File   // the one of files used last
	levels  [hindcast.LevelFatal + 1]int
	file    int            // index in files of current
	files   []*record.File // of all records with a time
	first   signal.Mark
	example []byte // message of the first record
	service string
}

// add counts a record. Most come in order of time.
func (s *series) add(l *record.Log) {
	s.total++
	s.levels[min(l.Level, hindcast.LevelFatal)]++
	mark := signal.Mark{At: l.At, File: l.File, Line: l.Line, EndLine: l.EndLine, Offset: l.Offset}
	if l.At > s.last.At && s.total > 1 && s.first.At != record.NoTime {
		s.last = mark
	} else {
		s.bound(&mark, l.Message[:whole(l.Message, MaxExample)])
	}
	if l.At == record.NoTime {
		return
	}
	index, micros := bucket(l.At)
	if n := len(s.buckets); n > 0 && s.current == l.File {
		if b := &s.buckets[n-1]; b.Bucket == index && b.Micros < micros {
			b.N++
			return
		}
	}
	c := signal.Count{Bucket: index, N: 1, Micros: micros}
	if f := s.fileIndex(l.File); f <= math.MaxUint16 {
		c.File, c.Line = uint16(f), int32(min(l.Line, math.MaxInt32))
	}
	s.count(c)
}

// bound makes a record the first or the last if it is.
func (s *series) bound(mark *signal.Mark, message []byte) {
	if s.total == 1 || later(mark, &s.last) {
		s.last = *mark
	}
	if s.total == 1 || !s.precedes(mark, message) {
		s.first = *mark
		s.example = append(s.example[:0], message...)
	}
}

// precedes reports whether the first record of s comes before another one.
func (s *series) precedes(mark *signal.Mark, message []byte) bool {
	if mark.At == s.first.At && comparePlaces(mark, &s.first) == 0 {
		return bytes.Compare(s.example, message) <= 0
	}
	return earlier(&s.first, mark)
}

// bucket returns the index of the bucket that holds a moment, and how many
// microseconds after its beginning the moment is.
func bucket(at int64) (index int64, micros uint32) {
	index = at / int64(signal.Bucket)
	after := at - index*int64(signal.Bucket)
	if after < 0 {
		index, after = index-1, after+int64(signal.Bucket)
	}
	return index, uint32(after / 1000)
}

// fileIndex returns the index of a file, which it adds if need be.
func (s *series) fileIndex(f *record.File) int {
	if s.current == f && len(s.files) > 0 {
		return s.file
	}
	s.current, s.file = f, slices.Index(s.files, f)
	if s.file < 0 {
		s.file = len(s.files)
		s.files = append(s.files, f)
	}
	return s.file
}

// near is how many buckets back a record is looked for: records of one file are
// hardly ever further out of order.
const near = 3

// count adds c to the buckets. When room runs out, repeated buckets are put
// together first.
func (s *series) count(c signal.Count) {
	n := len(s.buckets)
	for i := n - 1; i >= 0 && i >= n-near; i-- {
		if b := &s.buckets[i]; b.Bucket == c.Bucket {
			s.merge(b, c)
			return
		} else if b.Bucket < c.Bucket {
			break
		}
	}
	if n == cap(s.buckets) && n > 0 {
		s.compact()
		if n = len(s.buckets); n > cap(s.buckets)/2 {
			s.buckets = slices.Grow(s.buckets, n)
		}
	}
	s.buckets = append(s.buckets, c)
}

// merge adds o to c, which is the same bucket; the earliest record stays.
func (s *series) merge(c *signal.Count, o signal.Count) {
	n := c.N + o.N
	if o.Micros < c.Micros || o.Micros == c.Micros && s.compareOrigin(o, *c) < 0 {
		*c = o
	}
	c.N = n
}

func (s *series) compareOrigin(a, b signal.Count) int {
	if a.File != b.File {
		if c := cmp.Compare(name(s.files[a.File]), name(s.files[b.File])); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Line, b.Line)
}

// compact orders the buckets and puts repeated ones together.
func (s *series) compact() {
	ordered := true
	for i := 1; i < len(s.buckets) && ordered; i++ {
		ordered = s.buckets[i-1].Bucket < s.buckets[i].Bucket
	}
	if ordered {
		return
	}
	slices.SortFunc(s.buckets, func(a, b signal.Count) int { return cmp.Compare(a.Bucket, b.Bucket) })
	k := 0
	for i, c := range s.buckets {
		if i > 0 && s.buckets[k-1].Bucket == c.Bucket {
			s.merge(&s.buckets[k-1], c)
			continue
		}
		s.buckets[k] = c
		k++
	}
	s.buckets = s.buckets[:k]
}

// Join adds the records of o, which is not used afterwards.
func (s *series) join(o *series) {
	s.total += o.total
	for i, n := range o.levels {
		s.levels[i] += n
	}
	if !s.precedes(&o.first, o.example) {
		s.first, s.example = o.first, o.example
	}
	if later(&o.last, &s.last) {
		s.last = o.last
	}
	s.compact()
	o.compact()
	for i, c := range o.buckets {
		if f := s.fileIndex(o.files[c.File]); f <= math.MaxUint16 {
			o.buckets[i].File = uint16(f)
		} else {
			o.buckets[i].File, o.buckets[i].Line = 0, 0
		}
	}
	for _, f := range o.files {
		s.fileIndex(f)
	}
	s.buckets = s.interleave(s.buckets, o.buckets)
}

// interleave puts together buckets that are in order.
func (s *series) interleave(a, b []signal.Count) []signal.Count {
	if len(b) == 0 {
		return a
	}
	out := make([]signal.Count, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch c := cmp.Compare(a[0].Bucket, b[0].Bucket); {
		case c < 0:
			out, a = append(out, a[0]), a[1:]
		case c > 0:
			out, b = append(out, b[0]), b[1:]
		default:
			out = append(out, a[0])
			s.merge(&out[len(out)-1], b[0])
			a, b = a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// counts returns the series in its final form, with the files by name.
func (s *series) counts() signal.Counts {
	s.compact()
	files := slices.Clone(s.files)
	slices.SortStableFunc(files, func(a, b *record.File) int { return cmp.Compare(name(a), name(b)) })
	for i, c := range s.buckets {
		s.buckets[i].File = uint16(slices.Index(files, s.files[c.File]))
	}
	return signal.Counts{
		Service: s.service, Total: s.total, Buckets: slices.Clip(s.buckets), First: s.first, Last: s.last, Files: files,
	}
}

// earlier reports whether a comes before b. Records without a time come after
// those with one.
func earlier(a, b *signal.Mark) bool {
	if a.At == b.At {
		return comparePlaces(a, b) < 0
	}
	return b.At == record.NoTime || a.At != record.NoTime && a.At < b.At
}

// later reports whether a comes after b. Records without a time come before
// those with one.
func later(a, b *signal.Mark) bool {
	return a.At > b.At || a.At == b.At && comparePlaces(a, b) > 0
}

// comparePlaces compares where two records stand.
func comparePlaces(a, b *signal.Mark) int {
	if a.File != b.File {
		if c := cmp.Compare(name(a.File), name(b.File)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Offset, b.Offset))
}

func name(f *record.File) string {
	if f == nil {
		return ""
	}
	return f.Name
}

// whole returns the highest index up to n that does not cut a character.
func whole(b []byte, n int) int {
	if n >= len(b) {
		return len(b)
	}
	for k := n; k > n-utf8.UTFMax && k > 0; k-- {
		if utf8.RuneStart(b[k]) {
			return k
		}
	}
	return n
}
