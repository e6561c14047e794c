package evidence

import "github.com/hindcast/hindcast"

// Unpack calls each for every file among sources, in order: for those that are
// no archive, and for the members of those that are, which can be opened only
// during the call. Files that are merely compressed are given as they are. A message
// of e-mail is given as it is, and then the files that are attached to it. Names
// and what is refused are those of [Read], so reading what each was given is
// reading the sources (with Unpacked). scratch is that of [Options]. An error of each ends the walk
// and is returned.
func Unpack(sources []Source, scratch func() (Scratch, error), each func(Source) error) ([]hindcast.Problem, error) {
	u := &unpacker{}
	r := &reader{opt: Options{Scratch: scratch}, taken: map[string]bool{}, sink: u}
	var failed error
	r.each = func(s Source) {
		if failed == nil {
			s.Name, s.archive = r.name(s), ""
			failed = each(s)
		}
	}
	for _, s := range sources {
		if failed != nil {
			break
		}
		r.source(s, 0)
	}
	for _, c := range r.closers {
		_ = c.Close() // opened for reading only
	}
	return u.problems, failed
}

// unpacker collects what is wrong with archives.
type unpacker struct {
	discard
	problems []hindcast.Problem
}

func (u *unpacker) Problem(p hindcast.Problem) { u.problems = append(u.problems, p) }
