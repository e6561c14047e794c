package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/keyrank"
)

// truth is what the timeline of an incident holds for a reader of its evidence.
type truth struct {
	Key  []event `json:"key_events"`
	Also []event `json:"also_ok"`
}

type event struct {
	At        time.Time `json:"at"`
	Tolerance float64   `json:"tolerance_s"`
	Mention   []string  `json:"must_mention"`
	Evidence  []struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		EndLine int    `json:"end_line"`
	} `json:"evidence"`
}

// add returns the list with the incidents in folders as the set of a name.
func add(list []*keyrank.Incident, set string, dirs []string) ([]*keyrank.Incident, error) {
	list = slices.DeleteFunc(list, func(in *keyrank.Incident) bool { return in.Set == set })
	for i, dir := range dirs {
		in, err := read(dir)
		if err != nil {
			return nil, fmt.Errorf("read the incident in %s: %w", dir, err)
		}
		in.Set, in.Name = set, strconv.Itoa(i+1)
		list = append(list, in)
	}
	slices.SortStableFunc(list, func(x, y *keyrank.Incident) int { return cmp.Compare(x.Set, y.Set) })
	return list, nil
}

// read builds the timeline of an incident and compares it with the truth.
func read(dir string) (*keyrank.Incident, error) {
	var t truth
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("truth.json: %w", err)
	}
	tl, weighed, err := build(filepath.Join(dir, "evidence"))
	if err != nil {
		return nil, err
	}
	in := &keyrank.Incident{Events: len(t.Key)}
	for _, e := range tl.Entries {
		c := weighed[e.ID]
		if c == nil && !e.Key {
			continue
		}
		tells, err := tales(e, t.Key)
		if err != nil {
			return nil, err
		}
		also, err := tales(e, t.Also)
		if err != nil {
			return nil, err
		}
		r := &keyrank.Row{Candidate: c, Tells: tells}
		for _, x := range also {
			r.May = append(r.May, x.Event)
		}
		in.Rows = append(in.Rows, r)
	}
	return in, nil
}

// rounding is what a second that a record leaves out can make.
const rounding = 0.999

// tales returns which events an entry tells of, the nearest first.
func tales(e hindcast.Entry, events []event) ([]keyrank.Tale, error) {
	off := map[int]time.Duration{}
	var out []keyrank.Tale
	for i, k := range events {
		off[i] = e.At.Sub(k.At).Abs()
		if off[i].Seconds() > k.Tolerance+rounding {
			continue
		}
		is, err := mentions(e, k)
		if err != nil {
			return nil, err
		}
		if is {
			out = append(out, keyrank.Tale{Event: i, Own: rests(e, k)})
		}
	}
	slices.SortStableFunc(out, func(x, y keyrank.Tale) int { return cmp.Compare(off[x.Event], off[y.Event]) })
	return out, nil
}

func mentions(e hindcast.Entry, k event) (bool, error) {
	for _, m := range k.Mention {
		re, err := regexp.Compile("(?is)" + m)
		if err != nil {
			return false, fmt.Errorf("must_mention: %w", err)
		}
		if re.MatchString(e.Title + " " + e.Detail) {
			return true, nil
		}
	}
	return false, nil
}

// rests reports whether an entry rests on a record that the truth names for an event.
func rests(e hindcast.Entry, k event) bool {
	for _, r := range e.Evidence {
		for _, x := range k.Evidence {
			if r.File == x.File && r.Line >= x.Line && r.Line <= x.EndLine {
				return true
			}
		}
	}
	return false
}

// build returns the timeline of a folder of evidence, with what was weighed for it.
func build(dir string) (hindcast.Timeline, map[string]*keyrank.Candidate, error) {
	var sources []evidence.Source
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		sources = append(sources, evidence.Source{Name: filepath.ToSlash(rel), Size: info.Size(), Open: func() (io.ReadCloser, error) { return os.Open(path) }})
		return nil
	})
	if err != nil {
		return hindcast.Timeline{}, nil, err
	}
	scratch := func() (evidence.Scratch, error) { return blob.Scratch() }
	ev, sinks := evidence.Read(sources, evidence.Options{Scratch: scratch, Formats: formats.All()}, collect.New)
	weighed := map[string]*keyrank.Candidate{}
	tl := timeline.Build(collect.Merge(sinks...), timeline.Options{Evidence: ev, Weighed: func(id string, c *keyrank.Candidate) { weighed[id] = c }})
	return tl, weighed, nil
}
