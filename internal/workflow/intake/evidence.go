// Package intake takes in what people bring of an incident: it keeps and reads files
// of evidence, and says what was understood of a document.
package intake

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/blob"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/formats"
	"github.com/hindcast/hindcast/internal/store"
	"github.com/hindcast/hindcast/internal/timeline/collect"
	"github.com/hindcast/hindcast/internal/timeline/localtime"
)

// The most that is taken at once.
const (
	MaxFile  = 4 << 30 // bytes of one file
	MaxAdded = 8 << 30 // bytes that one upload may hold unpacked
	MaxFiles = 10_000  // of one incident, members of archives counted
)

// File is a file that somebody brings as evidence.
type File struct {
	Name string // path below the folder given, with forward slashes
	Size int64  // bytes; -1 when unknown
	Open func() (io.ReadCloser, error)
	// Source, Query and FetchedAt say of a file that was fetched from where, by which
	// question and when; they are empty when nobody knows.
	Source, Query string
	FetchedAt     time.Time
}

// Keep writes the bytes of files, and of the members of archives, into blobs. It
// returns a row for each, and what could not be read.
func Keep(ctx context.Context, blobs blob.Store, files []File) ([]store.EvidenceRow, []hindcast.Problem, error) {
	var sources []evidence.Source
	fetched := map[string]File{} // by clean name
	for _, f := range files {
		name, err := cleanName(f.Name)
		if err != nil {
			return nil, nil, err
		}
		sources = append(sources, evidence.Source{Name: name, Size: f.Size, Open: f.Open})
		fetched[name] = f
	}
	var rows []store.EvidenceRow
	left := int64(MaxAdded)
	problems, err := evidence.Unpack(sources, scratch, func(src evidence.Source) error {
		if len(rows) == MaxFiles {
			return hindcast.Errorf(hindcast.Invalid, "these are more than %d files; leave out what nobody needs", MaxFiles)
		}
		r, err := src.Open()
		if err != nil {
			return fmt.Errorf("read %s: %w", src.Name, err)
		}
		sum, size, err := blobs.Put(ctx, r, min(MaxFile, left))
		_ = r.Close() // read to its end or given up
		if err != nil {
			return fmt.Errorf("keep %s: %w", src.Name, err)
		}
		left -= size
		f := fetched[src.Name]
		rows = append(rows, store.EvidenceRow{Evidence: hindcast.Evidence{SHA256: sum, Name: src.Name, Size: size, Source: f.Source, Query: f.Query, FetchedAt: f.FetchedAt}})
		return nil
	})
	return rows, problems, err
}

// scratch is a file for what is unpacked.
func scratch() (evidence.Scratch, error) { return blob.Scratch() }

// cleanName refuses names that lead out of their folder.
func cleanName(name string) (string, error) {
	name = strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "./")
	bad := name == "" || len(name) > 1000 || strings.HasPrefix(name, "/") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f })
	for p := range strings.SplitSeq(name, "/") {
		bad = bad || p == ".." || p == "" || p == "."
	}
	if bad {
		return "", hindcast.Errorf(hindcast.Invalid, "%.100q is no name for a file of evidence; rename it", name)
	}
	return name, nil
}

// Fresh returns the rows whose bytes are not there yet, with names that are free.
// What was purged is not added again.
func Fresh(there, rows []store.EvidenceRow) []store.EvidenceRow {
	names, sums := map[string]bool{}, map[string]bool{}
	for _, r := range there {
		names[r.Name], sums[r.SHA256] = true, true
	}
	var out []store.EvidenceRow
	for _, r := range rows {
		if sums[r.SHA256] {
			continue
		}
		for n, name := 2, r.Name; names[r.Name]; n++ {
			r.Name = fmt.Sprintf("%s#%d", name, n)
		}
		names[r.Name], sums[r.SHA256] = true, true
		out = append(out, r)
	}
	return out
}

// MinutesFolder is where the minutes of meetings lie among the evidence. Who takes
// no part does not learn that there are any, and no timeline is made of them.
const MinutesFolder = "meeting/"

// Minutes reports whether a file holds the minutes of a meeting.
func Minutes(r store.EvidenceRow) bool { return strings.HasPrefix(r.Name, MinutesFolder) }

// Source returns a file of evidence for reading.
func Source(ctx context.Context, blobs blob.Store, row store.EvidenceRow) evidence.Source {
	return evidence.Source{Name: row.Name, Size: row.Size, Open: func() (io.ReadCloser, error) { return blobs.Open(ctx, row.SHA256) }}
}

// Reading says what evidence does not say itself.
type Reading struct {
	From  time.Time         `json:"from,omitzero"` // the incident lies between these; what is outside says what is normal
	To    time.Time         `json:"to,omitzero"`
	Zones map[string]string `json:"zones,omitempty"` // by file name: the zone of times without one, "Europe/Berlin"
	Year  int               `json:"year,omitempty"`  // of times without one
}

// Reader returns what reads what is there of evidence, and the zones that how names.
// Progress may be nil.
func Reader(ctx context.Context, blobs blob.Store, rows []store.EvidenceRow, how Reading, progress func(read, total int64)) (localtime.Read, localtime.Zone, error) {
	var sources []evidence.Source
	var total int64
	for _, r := range rows {
		if !r.Purged() && !Minutes(r) {
			sources = append(sources, Source(ctx, blobs, r))
			total += r.Size
		}
	}
	zones := map[string]*time.Location{}
	for file, name := range how.Zones {
		loc, err := time.LoadLocation(name)
		if err != nil {
			return nil, nil, hindcast.Errorf(hindcast.Invalid, "%s: there is no zone %q; use a name such as Europe/Berlin", file, name)
		}
		zones[file] = loc
	}
	opt := evidence.Options{Formats: formats.All(), Unpacked: true, Year: how.Year}
	if progress != nil {
		opt.Progress = func(n int64) { progress(n, total) }
	}
	read := func(zone localtime.Zone) (*collect.Result, []hindcast.Evidence, error) {
		opt.Zone = zone
		ev, sinks := evidence.Read(sources, opt, collect.New)
		return collect.Merge(sinks...), ev, nil
	}
	return read, func(name string) *time.Location { return zones[name] }, nil
}

// Read reads what is there of evidence as it was read when its timeline was built.
func Read(ctx context.Context, blobs blob.Store, rows []store.EvidenceRow, how Reading) (*collect.Result, error) {
	read, named, err := Reader(ctx, blobs, rows, how, nil)
	if err != nil {
		return nil, err
	}
	known := make([]hindcast.Evidence, 0, len(rows))
	for _, r := range rows {
		known = append(known, r.Evidence)
	}
	result, _, err := read(named.Or(localtime.Deduced(known)))
	return result, err
}

// known is what was found out about a file, with how it was fetched where the file
// does not say.
func known(found, was hindcast.Evidence) hindcast.Evidence {
	found.Source, found.Query = cmp.Or(found.Source, was.Source), cmp.Or(found.Query, was.Query)
	if found.FetchedAt.IsZero() {
		found.FetchedAt = was.FetchedAt
	}
	return found
}

// Described returns the rows with what was found out about their files.
func Described(rows []store.EvidenceRow, list []hindcast.Evidence) []store.EvidenceRow {
	byName := map[string]hindcast.Evidence{}
	for _, e := range list {
		byName[e.Name] = e
	}
	var out []store.EvidenceRow
	for _, r := range rows {
		if e, ok := byName[r.Name]; ok && e.SHA256 == r.SHA256 {
			r.Evidence = known(e, r.Evidence)
			out = append(out, r)
		}
	}
	return out
}
