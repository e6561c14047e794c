package spool

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/hindcast/hindcast/internal/connector/kubernetes"
)

// segment is one file with events.
type segment struct {
	number      int64
	open        bool // it is being written, or was when a program ended
	first, last time.Time
	size        int64 // of whole lines
	written     time.Time
}

// stamp is a time in the name of a segment.
const stamp = "20060102T150405Z"

// named reads the name of a segment.
var named = regexp.MustCompile(`^events-(\d{8,})(?:_(\d{8}T\d{6}Z)_(\d{8}T\d{6}Z))?\.ndjson$`)

// name is that of its file. Times are rounded so that all events lie between them.
func (g segment) name() string {
	if g.open {
		return fmt.Sprintf("events-%08d.ndjson", g.number)
	}
	up := g.last.Add(time.Second - 1).Truncate(time.Second)
	return fmt.Sprintf("events-%08d_%s_%s.ndjson", g.number, g.first.UTC().Format(stamp), up.UTC().Format(stamp))
}

// span has the times of a segment take in an event.
func (g *segment) span(ev kubernetes.Event) {
	if g.first.IsZero() || ev.First.Before(g.first) {
		g.first = ev.First
	}
	if ev.Last.After(g.last) {
		g.last = ev.Last
	}
}

// segments returns those of a folder, by number. Other files are not ours.
func segments(dir string) ([]segment, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []segment
	for _, e := range entries {
		m := named.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		g := segment{open: m[2] == "", size: info.Size(), written: info.ModTime()}
		if g.number, err = strconv.ParseInt(m[1], 10, 64); err != nil {
			continue
		}
		if !g.open {
			if g.first, err = time.Parse(stamp, m[2]); err != nil {
				continue
			}
			if g.last, err = time.Parse(stamp, m[3]); err != nil {
				continue
			}
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b segment) int { return int(a.number - b.number) })
	return out, nil
}

// eachLine calls f with the whole lines of a file, up to a size when that is not
// negative, and where they begin. A line is good until f returns.
func eachLine(name string, size int64, f func(at int64, line []byte) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // opened for reading only
	var r io.Reader = file
	if size >= 0 {
		r = io.LimitReader(file, size)
	}
	buf := bufio.NewReaderSize(r, 64<<10)
	var at int64
	var long []byte
	for {
		part, err := buf.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil // without its end it is no line
		}
		if err != nil {
			return err
		}
		line := part
		if long != nil {
			line, long = append(long, part...), nil
		}
		if err := f(at, bytes.TrimSuffix(line, []byte{'\n'})); err != nil {
			return err
		}
		at += int64(len(line))
	}
}

// The files beside the events.
const (
	positionFile = "position.json"
	coveredFile  = "covered.json"
)

// read reads a file into v, which stays as it is when that cannot be read: then
// everything is listed anew.
func read[T any](dir, file string, v *map[string]T) {
	out := map[string]T{}
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err == nil && json.Unmarshal(text, &out) == nil && out != nil {
		*v = out
	}
}

// write keeps a file, wholly or not at all.
func write(dir, file string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, file)
	f, err := os.OpenFile(name+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	return syncDir(dir)
}

// syncDir has the names of the files in a folder be on the disk.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
