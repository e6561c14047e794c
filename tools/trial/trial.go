// Package trial measures timelines by incidents of which is known what a reader
// needs: what each holds as evidence, the truth about it, and how close a timeline
// comes to that.
package trial

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/timeline"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/keyrank"
	"github.com/hindcast/hindcast/internal/timeline/localtime"
)

// Trial is one incident. It is read from a folder, or a zip, that holds the folder
// evidence and truth.json.
type Trial struct {
	Name  string // of the folder or zip, without ".zip"
	Truth Truth
	files fs.FS
}

// Truth is what the timeline of an incident holds for a reader of its evidence.
type Truth struct {
	Incident hindcast.Phases `json:"incident"`
	// Tolerance is how far each phase may lie from the truth, in seconds, by the
	// name of the phase ("started_at", ...).
	Tolerance map[string]float64 `json:"phase_tolerance_s"`
	Key       []Event            `json:"key_events"` // what a reader needs
	Also      []Event            `json:"also_ok"`    // what an entry may tell of without harm
}

// Event is something that happened.
type Event struct {
	ID        string             `json:"id"`
	Title     string             `json:"title"`
	At        time.Time          `json:"at"`
	KnownAt   time.Time          `json:"known_at"` // when responders had it; zero in also_ok
	Tolerance float64            `json:"tolerance_s"`
	Kind      hindcast.EntryKind `json:"kind"`
	ActorKind hindcast.ActorKind `json:"actor_kind"`
	Mention   []string           `json:"must_mention"` // patterns, of which what is told of it matches one
	Evidence  []Place            `json:"evidence"`     // records that tell of it

	mention []*regexp.Regexp
}

// Place is a record in the evidence.
type Place struct {
	File    string `json:"file"`
	Line    int    `json:"line"`     // first physical line, from 1
	EndLine int    `json:"end_line"` // last one
}

// Open reads the truth of the incident in a folder or a zip.
func Open(name string) (*Trial, error) {
	t := &Trial{Name: strings.TrimSuffix(filepath.Base(name), ".zip"), files: os.DirFS(name)}
	if path.Ext(name) == ".zip" {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if t.files, err = zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
			return nil, fmt.Errorf("open %s: %w", name, err)
		}
	}
	data, err := fs.ReadFile(t.files, "truth.json")
	if err != nil {
		return nil, fmt.Errorf("read the truth of %s: %w", name, err)
	}
	if err := json.Unmarshal(data, &t.Truth); err != nil {
		return nil, fmt.Errorf("%s: truth.json: %w", name, err)
	}
	if err := t.learned(filepath.Join(filepath.Dir(name), "known.tsv")); err != nil {
		return nil, err
	}
	for _, list := range [][]Event{t.Truth.Key, t.Truth.Also} {
		for i := range list {
			if err := list[i].compile(); err != nil {
				return nil, fmt.Errorf("%s: truth.json: must_mention: %w", name, err)
			}
		}
	}
	return t, nil
}

// learned takes when events became known from a table beside the incidents, where it says
// so: it was written by readers of one definition, the incidents by many writers. A table
// that is not there says nothing.
func (t *Trial) learned(table string) error {
	text, err := os.ReadFile(table)
	if os.IsNotExist(err) {
		return nil
	} else if err != nil {
		return err
	}
	known := map[string]string{}
	for line := range strings.Lines(string(text)) {
		incident, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if event, at, ok := strings.Cut(rest, "\t"); ok && incident == t.Name {
			known[event] = at
		}
	}
	for i, k := range t.Truth.Key {
		if at, ok := known[k.ID]; ok {
			if t.Truth.Key[i].KnownAt, err = time.Parse(time.RFC3339, at); err != nil {
				return fmt.Errorf("%s: %s of %s: %w", table, k.ID, t.Name, err)
			}
		}
	}
	return nil
}

func (k *Event) compile() error {
	for _, m := range k.Mention {
		re, err := regexp.Compile("(?is)" + m)
		if err != nil {
			return err
		}
		k.mention = append(k.mention, re)
	}
	return nil
}

// Weighed is what was weighed for a timeline.
type Weighed struct {
	Said   map[string]*keyrank.Candidate // messages, by the id of the entry
	Phases *course.Result
}

// Timeline builds the timeline of the incident from its evidence. It also returns
// what was weighed for it.
func (t *Trial) Timeline() (hindcast.Timeline, Weighed, error) {
	weighed := Weighed{Said: map[string]*keyrank.Candidate{}}
	sources, err := t.sources()
	if err != nil {
		return hindcast.Timeline{}, weighed, err
	}
	scratch := func() (evidence.Scratch, error) { return blob.Scratch() }
	read := func(zone localtime.Zone) (*collect.Result, []hindcast.Evidence, error) {
		ev, sinks := evidence.Read(sources, evidence.Options{Scratch: scratch, Formats: formats.All(), Zone: zone}, collect.New)
		return collect.Merge(sinks...), ev, nil
	}
	_, tl, err := localtime.Build(read, nil, timeline.Options{
		Weighed: func(id string, c *keyrank.Candidate) { weighed.Said[id] = c },
		Phases:  func(r *course.Result) { weighed.Phases = r },
	})
	return tl, weighed, err
}

func (t *Trial) sources() ([]evidence.Source, error) {
	var out []evidence.Source
	err := fs.WalkDir(t.files, "evidence", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		out = append(out, evidence.Source{Name: strings.TrimPrefix(name, "evidence/"), Size: info.Size(), Open: func() (io.ReadCloser, error) { return t.files.Open(name) }})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the evidence of %s: %w", t.Name, err)
	}
	return out, nil
}
