package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// PolicyFrom reads the severity policy of a file; the default one without a name.
func PolicyFrom(name string) (hindcast.Policy, error) {
	if name == "" {
		return hindcast.DefaultPolicy(), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return hindcast.Policy{}, fmt.Errorf("read the severity policy: %w", err)
	}
	return gate.ParsePolicy(name, data)
}

// Sources returns the files that args name: files, folders and everything below
// them, or "-" for standard input; what is named twice is read once. Links and devices
// inside folders are problems.
func (env *Env) Sources(args []string) ([]evidence.Source, []hindcast.Problem, error) {
	Roomy()
	var out []evidence.Source
	var problems []hindcast.Problem
	var missing []error
	named := map[string]bool{}
	for _, arg := range args {
		if path, err := filepath.Abs(arg); err == nil && arg != "-" {
			if named[path] {
				problems = append(problems, hindcast.Problem{File: arg, Message: "it is named twice and was read once"})
				continue
			}
			named[path] = true
		}
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
			missing = append(missing, fmt.Errorf("%s: %s", arg, Reason(err)))
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
		env.Problems(problems)
		return nil, nil, fmt.Errorf("%s: there are no files in it that can be read; name the folder that holds the evidence", strings.Join(args, " "))
	}
	return out, problems, nil
}

// Reason says in words why a path cannot be used.
func Reason(err error) string {
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

// Roomy lets the heap grow to four times what is in use before garbage is
// collected, unless GOGC says otherwise: what these commands read keeps little.
func Roomy() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
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
			problems = append(problems, hindcast.Problem{File: name, Message: Reason(err)})
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
			problems = append(problems, hindcast.Problem{File: name, Message: Reason(err)})
			return nil
		}
		files = append(files, fileSource(file, name, info.Size()))
		return nil
	})
	return files, problems, err
}

// Problems prints what is wrong with the evidence.
func (env *Env) Problems(list []hindcast.Problem) {
	for _, p := range list {
		fmt.Fprintln(env.Stderr, p)
	}
}

// ReadDocument reads a post-mortem file; "-" is standard input. What is wrong with
// its form is told on standard error.
func (env *Env) ReadDocument(name string) (hindcast.Postmortem, error) {
	var text []byte
	var err error
	if name == "-" {
		text, err = io.ReadAll(env.Stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return hindcast.Postmortem{}, fmt.Errorf("%s: %s", name, Reason(err))
	}
	parsed := document.Parse(name, text)
	env.Problems(parsed.Problems)
	return parsed.Postmortem, nil
}
