package recordtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// wantFile is the member of a golden archive that holds what is expected.
const wantFile = "want"

// Golden checks parsers against the .txtar files of fsys, one test each. The
// members of an archive are pieces of evidence, read one by one with the format
// that recognizes them; the member "want" holds what [Describe] says of their
// events and a line for every log record, sample and span. A
// non-nil save is given the archives as they should be, instead of a check.
func Golden(t *testing.T, formats []record.Format, fsys fs.FS, save func(name string, data []byte) error) {
	t.Helper()
	names, err := fs.Glob(fsys, "*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, path.Ext(name)), func(t *testing.T) {
			data, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			comment, members := members(string(data))
			var got, want string
			for _, m := range members {
				if m.name == wantFile {
					want = m.data
					continue
				}
				got += describeFile(t, formats, m)
				comment += m.String()
			}
			if save == nil {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: -want +got:\n%s", name, diff)
				}
				return
			}
			if err := save(name, []byte(comment+member{wantFile, got}.String())); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// member is one file of an archive in the txtar format.
type member struct{ name, data string }

func (m member) String() string { return "-- " + m.name + " --\n" + m.data }

func members(archive string) (comment string, out []member) {
	for line := range strings.Lines(archive) {
		name, ok := strings.CutPrefix(line, "-- ")
		name, end := strings.CutSuffix(name, " --\n")
		switch {
		case ok && end:
			out = append(out, member{name: name})
		case len(out) == 0:
			comment += line
		default:
			out[len(out)-1].data += line
		}
	}
	return comment, out
}

func describeFile(t *testing.T, formats []record.Format, m member) string {
	t.Helper()
	format := Recognize(formats, m.name, []byte(m.data))
	out := fmt.Sprintf("%s: %s\n", m.name, format)
	if format == "" {
		return out
	}
	sink := Parse(t, formats, format, &record.File{Name: m.name, Format: format, Size: int64(len(m.data))}, []byte(m.data))
	for _, e := range sink.Events {
		out += Describe(e)
	}
	out += describeBulk(sink)
	for _, p := range sink.Problems {
		out += "! " + p.String() + "\n"
	}
	return out
}

// describeBulk returns one line for each log record, sample and span.
func describeBulk(sink *Sink) string {
	var b strings.Builder
	for _, l := range sink.Logs {
		fmt.Fprintf(&b, "%d-%d %s %s [%s %s] %q", l.Line, max(l.Line, l.EndLine), l.At, l.Level, l.Service, l.Instance, l.Message)
		if l.TraceID != "" || l.Status != 0 {
			fmt.Fprintf(&b, " trace %s/%s status %d", l.TraceID, l.SpanID, l.Status)
		}
		b.WriteByte('\n')
	}
	for _, s := range sink.Samples {
		fmt.Fprintf(&b, "%d %s [%s] %s%q = %v\n", s.Line, s.At, s.Series.Service, s.Series.Name, s.Series.Labels, s.Value)
	}
	for _, s := range sink.Spans {
		fmt.Fprintf(&b, "%d %s %v [%s %s] %q %s/%s<%s", s.Line, Time(s.Start), s.Duration, s.Service, s.Instance, s.Operation, s.TraceID, s.SpanID, s.ParentID)
		if s.Error {
			fmt.Fprintf(&b, " failed: %s", s.Message)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// Describe returns an event as lines for a golden file: its place, time, kind
// and actor, then the other fields that are set.
func Describe(e hindcast.Event) string {
	var b bytes.Buffer
	at := "no time"
	if !e.At.IsZero() {
		at = e.At.Format(time.RFC3339Nano)
	}
	fmt.Fprintf(&b, "* %d-%d %s (%s) %s by %s %q\n", e.Ref.Line, max(e.Ref.Line, e.Ref.EndLine), at, e.Zone, e.Kind, e.Actor.Kind, e.Actor.Name)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", name, strings.ReplaceAll(value, "\n", "\n    "))
		}
	}
	field("title", e.Title)
	field("text", e.Text)
	if !e.Until.IsZero() {
		field("until", e.Until.Format(time.RFC3339Nano))
	}
	field("id", e.ID)
	field("subject", e.Subject)
	field("service", e.Service)
	field("level", e.Level.String())
	field("version", e.Version)
	field("previous", e.Previous)
	field("env", e.Env)
	field("status", e.Status)
	if e.Count != 0 {
		field("count", fmt.Sprint(e.Count))
	}
	if e.Test {
		field("test", "true")
	}
	field("links", strings.Join(e.Links, " "))
	for _, k := range slices.Sorted(maps.Keys(e.Attrs)) {
		field("@"+k, e.Attrs[k])
	}
	return b.String()
}
