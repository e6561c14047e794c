package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/stamp"
)

// sources returns the files that args name: files, folders and everything below
// them, or "-" for standard input. Links and devices inside folders are
// problems.
func (env *environment) sources(args []string) ([]evidence.Source, []hindcast.Problem, error) {
	roomy()
	var out []evidence.Source
	var problems []hindcast.Problem
	var missing []error
	for _, arg := range args {
		if arg == "-" {
			s, err := env.standardInput()
			if err != nil {
				return nil, nil, err
			}
			out = append(out, s)
			continue
		}
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			missing = append(missing, fmt.Errorf("%s: %s", arg, reason(err)))
		case info.IsDir():
			files, links, err := folder(arg)
			if err != nil {
				missing = append(missing, err)
			}
			out, problems = append(out, files...), append(problems, links...)
		default:
			out = append(out, fileSource(arg, filepath.Base(arg), info.Size()))
		}
	}
	if err := errors.Join(missing...); err != nil {
		return nil, nil, err
	}
	if len(out) == 0 {
		return nil, nil, fmt.Errorf("%s: there are no files in it; name the folder that holds the evidence", strings.Join(args, " "))
	}
	return out, problems, nil
}

// reason says in words why a path cannot be used.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file or folder"
	case errors.Is(err, fs.ErrPermission):
		return "permission to read it was denied"
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// roomy lets the heap grow to four times what is in use before garbage is
// collected, unless GOGC says otherwise: what these commands read keeps little.
func roomy() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

func (env *environment) standardInput() (evidence.Source, error) {
	data, err := io.ReadAll(env.stdin)
	if err != nil {
		return evidence.Source{}, fmt.Errorf("read standard input: %w", err)
	}
	return evidence.Source{Name: "stdin", Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}, nil
}

func fileSource(file, name string, size int64) evidence.Source {
	return evidence.Source{Name: name, Size: size, Open: func() (io.ReadCloser, error) { return os.Open(file) }}
}

// folder returns the files below dir in the order of their names.
func folder(dir string) (files []evidence.Source, problems []hindcast.Problem, err error) {
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		rel, rerr := filepath.Rel(dir, file)
		if rerr != nil {
			return rerr
		}
		name := filepath.ToSlash(rel)
		switch {
		case err != nil:
			problems = append(problems, hindcast.Problem{File: name, Message: reason(err)})
			return nil
		case d.IsDir():
			if d.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		case d.Name() == ".DS_Store":
			return nil
		case !d.Type().IsRegular():
			problems = append(problems, hindcast.Problem{File: name, Message: "it is a link or a device and was not followed; copy the file here instead"})
			return nil
		}
		info, err := d.Info()
		if err != nil {
			problems = append(problems, hindcast.Problem{File: name, Message: reason(err)})
			return nil
		}
		files = append(files, fileSource(file, name, info.Size()))
		return nil
	})
	return files, problems, err
}

// zones are the --zone flags: patterns of file names with the zone of their
// zone-less times.
type zones struct {
	rules []zoneRule
}

type zoneRule struct {
	pattern string
	zone    *time.Location
	used    bool
}

// parseZones reads FILE=ZONE pairs.
func parseZones(flags []string) (*zones, error) {
	z := &zones{}
	for _, f := range flags {
		pattern, name, ok := strings.Cut(f, "=")
		if !ok || pattern == "" || name == "" {
			return nil, usagef("--zone %s: write FILE=ZONE, as in --zone app.log=Europe/Berlin", f)
		}
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, usagef("--zone %s: %s is not a file name or pattern", f, pattern)
		}
		loc, err := zone(name)
		if err != nil {
			return nil, usagef("--zone %s: there is no zone %s; use a name such as Europe/Berlin, or an offset such as +02:00", f, name)
		}
		z.rules = append(z.rules, zoneRule{pattern: pattern, zone: loc})
	}
	return z, nil
}

func zone(name string) (*time.Location, error) {
	if t, err := time.Parse("-07:00", name); err == nil {
		_, off := t.Zone()
		return time.FixedZone(name, off), nil
	}
	if off, ok := stamp.Abbreviation(name); ok {
		return time.FixedZone(name, off), nil
	}
	return time.LoadLocation(name)
}

// of returns the zone for a file: the last flag that names it, its base name or
// a pattern of either.
func (z *zones) of(name string) *time.Location {
	var loc *time.Location
	for i := range z.rules {
		r := &z.rules[i]
		full, _ := path.Match(r.pattern, name) // the pattern was checked
		base, _ := path.Match(r.pattern, path.Base(name))
		if full || base || strings.HasSuffix(name, "/"+r.pattern) {
			r.used, loc = true, r.zone
		}
	}
	return loc
}

// unused returns an error for a flag that named no file.
func (z *zones) unused() error {
	for _, r := range z.rules {
		if !r.used {
			return usagef("--zone %s=%s: there is no such file in the evidence", r.pattern, r.zone)
		}
	}
	return nil
}
