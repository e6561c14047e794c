package template

import (
	"cmp"
	"math"
	"slices"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/timeline/signal"
)

// series is the records of one shape in one service over time.
type series struct {
	service     []byte
	total       int
	first, last signal.Mark
	buckets     []signal.Count // in order of appearance; a bucket may occur again
	files       []*record.File // of all records with a time
	file        int            // index of the one used last
}

// add counts the record at mark.
func (s *series) add(mark *signal.Mark) {
	s.total++
	if s.total == 1 {
		s.first, s.last = *mark, *mark
	}
	if later(mark, &s.last) {
		s.last = *mark
	}
	if earlier(mark, &s.first) {
		s.first = *mark
	}
	if mark.At == record.NoTime {
		return
	}
	at, after := bucket(mark.At)
	c := signal.Count{Bucket: at, N: 1, Micros: uint32(after / 1000)}
	if f := s.fileIndex(mark.File); f <= math.MaxUint16 {
		c.File, c.Line = uint16(f), int32(min(mark.Line, math.MaxInt32))
	}
	s.count(c)
}

// fileIndex returns the index of a file, which it adds if need be.
func (s *series) fileIndex(f *record.File) int {
	if s.file < len(s.files) && s.files[s.file] == f {
		return s.file
	}
	s.file = slices.Index(s.files, f)
	if s.file < 0 {
		s.file = len(s.files)
		s.files = append(s.files, f)
	}
	return s.file
}

// bucket returns the index of the bucket that holds a moment, and how many
// nanoseconds after its beginning the moment is.
func bucket(at int64) (index, after int64) {
	index = at / int64(signal.Bucket)
	after = at - index*int64(signal.Bucket)
	if after < 0 {
		return index - 1, after + int64(signal.Bucket)
	}
	return index, after
}

// count adds c to the buckets. Records come mostly in order of time; when room
// runs out, repeated buckets are put together first.
func (s *series) count(c signal.Count) {
	n := len(s.buckets)
	if n > 0 && s.buckets[n-1].Bucket == c.Bucket {
		s.merge(&s.buckets[n-1], c)
		return
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

// join adds the records of o, which is not used afterwards.
func (s *series) join(o *series) {
	if s.total == 0 {
		*s = *o
		return
	}
	s.total += o.total
	if earlier(&o.first, &s.first) {
		s.first = o.first
	}
	if later(&o.last, &s.last) {
		s.last = o.last
	}
	for _, f := range o.files {
		s.fileIndex(f)
	}
	for _, c := range o.buckets {
		if f := s.fileIndex(o.files[c.File]); f <= math.MaxUint16 {
			c.File = uint16(f)
		} else {
			c.File, c.Line = 0, 0
		}
		s.count(c)
	}
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
		Service: string(s.service), Total: s.total, Buckets: slices.Clip(s.buckets), First: s.first, Last: s.last, Files: files,
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
	if a.At == b.At {
		return comparePlaces(a, b) > 0
	}
	return a.At > b.At
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
