package evidence_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// words is a format whose records are lines that begin with a given word; the
// rest of a line is the record's time or nothing.
func words(word string) record.Format {
	return record.Format{
		Name:      word,
		Keeps:     time.Hour,
		Recognize: func(h record.Head) int { return boolInt(bytes.HasPrefix(h.Bytes, []byte(word))) },
		Yearless:  func(h record.Head) bool { return bytes.HasPrefix(h.Bytes, []byte("word Mar")) },
		Lines:     func(f *record.File, _ record.Head) record.LineParser { return lineParser{f} },
	}
}

func boolInt(b bool) int {
	if b {
		return 50
	}
	return 0
}

type lineParser struct{ f *record.File }

func (p lineParser) Cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

func (p lineParser) Chunk(data []byte, line int, offset int64, sink record.Sink) {
	for part := range bytes.Lines(data) {
		text := string(bytes.TrimSpace(part))
		e := hindcast.Event{Ref: hindcast.Ref{File: p.f.Name, Line: line, Offset: offset}, Title: text}
		if _, s, ok := strings.Cut(text, " "); ok {
			e.At, _ = time.Parse("2006 Jan 2", fmt.Sprint(p.f.Year, " ", s))
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				e.At = t
			}
		}
		sink.Event(e)
		line++
		offset += int64(len(part))
	}
}

// whole is a format that is parsed as a whole.
func whole() record.Format {
	return record.Format{
		Name:      "whole",
		Recognize: func(h record.Head) int { return boolInt(bytes.HasPrefix(h.Bytes, []byte("whole"))) },
		Parse: func(f *record.File, r io.Reader, sink record.Sink) error {
			b, err := io.ReadAll(r)
			sink.Event(hindcast.Event{Ref: hindcast.Ref{File: f.Name, Line: 1}, Title: fmt.Sprint(len(b))})
			return err
		},
	}
}

func bytesSource(name string, data []byte) evidence.Source {
	return evidence.Source{Name: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(data)), nil
	}}
}

func read(opt evidence.Options, sources ...evidence.Source) ([]hindcast.Evidence, []string, []string) {
	opt.Formats = []record.Format{words("word"), whole()}
	ev, sinks := evidence.Read(sources, opt, func() *recordtest.Sink { return &recordtest.Sink{} })
	var events, problems []string
	for _, s := range sinks {
		for _, e := range s.Events {
			events = append(events, fmt.Sprintf("%s@%d %s", e.Ref, e.Ref.Offset, e.Title))
		}
		for _, p := range s.Problems {
			problems = append(problems, p.String())
		}
	}
	slices.Sort(events)
	slices.Sort(problems)
	return ev, events, problems
}

func zipped(t *testing.T, members map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range members {
		m, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(m, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(t *testing.T, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t *testing.T, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		h.Size = int64(len(h.PAXRecords["content"]))
		content := h.PAXRecords["content"]
		h.PAXRecords = nil
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	utf16 := []byte{0xff, 0xfe, 'w', 0, 'o', 0, 'r', 0, 'd', 0, ' ', 0, 0x3d, 0xd8, 0x00, 0xde}
	tests := []struct {
		name     string
		sources  []evidence.Source
		events   []string
		problems []string
	}{
		{name: "lines", sources: []evidence.Source{bytesSource("a", []byte("word one\nword two"))}, events: []string{"a:1@0 word one", "a:2@9 word two"}},
		{name: "whole", sources: []evidence.Source{bytesSource("a", []byte("whole file"))}, events: []string{"a:1@0 10"}},
		{name: "byte order mark", sources: []evidence.Source{bytesSource("a", []byte("\xef\xbb\xbfword one"))}, events: []string{"a:1@3 word one"}},
		{name: "UTF-16", sources: []evidence.Source{bytesSource("a", utf16)}, events: []string{"a:1@0 word \U0001F600"}},
		{name: "gzip", sources: []evidence.Source{bytesSource("a.gz", gzipped(t, "word one\n"))}, events: []string{"a.gz:1@0 word one"}},
		{name: "truncated gzip", sources: []evidence.Source{bytesSource("a.gz", gzipped(t, "word one\nword two\n")[:24])}, events: []string{"a.gz:1@0 word one", "a.gz:2@9 word tw"},
			problems: []string{"a.gz: the file ends too early, as if it was copied while it was written; what it holds was kept"}},
		{name: "zip", sources: []evidence.Source{bytesSource("z.zip", zipped(t, map[string]string{"b/c": "word one", "d": "whole", "__MACOSX/d": "x"}))}, events: []string{"b/c:1@0 word one", "d:1@0 5"}},
		{name: "zip in a zip", sources: []evidence.Source{bytesSource("z.zip", zipped(t, map[string]string{"i.zip": string(zipped(t, map[string]string{"c": "word one"}))}))}, events: []string{"c:1@0 word one"}},
		{name: "same names", sources: []evidence.Source{bytesSource("c", []byte("word")), bytesSource("z.zip", zipped(t, map[string]string{"c": "word one"}))}, events: []string{"c:1@0 word", "z.zip/c:1@0 word one"}},
		{name: "tar.gz with a link", sources: []evidence.Source{bytesSource("t.tgz", gzipped(t, string(tarred(t,
			tar.Header{Name: "./a", PAXRecords: map[string]string{"content": "word one"}}, tar.Header{Name: "l", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}))))},
			events: []string{"a:1@0 word one"}, problems: []string{"t.tgz: the archive member is a link or a device; it was refused"}},
		{name: "paths that leave the archive", sources: []evidence.Source{bytesSource("z.zip", zipped(t, map[string]string{"../a": "word", "/b": "word", `c\d`: "word"}))},
			problems: slices.Repeat([]string{"z.zip: an archive member has a name that points outside the archive; it was refused"}, 3)},
		{name: "damaged zip", sources: []evidence.Source{bytesSource("z.zip", []byte("PK\x03\x04 not really"))}, problems: []string{"z.zip: the zip archive is damaged and cannot be opened; export it again"}},
		{name: "empty", sources: []evidence.Source{bytesSource("a", []byte(" \n"))}, problems: []string{"a: the file is empty"}},
		{name: "unknown", sources: []evidence.Source{bytesSource("a", []byte("\x00\x01"))},
			problems: []string{"a: what it holds was not recognized, so it is kept and hashed but not read; see the list of formats in the documentation"}},
		{name: "zstd", sources: []evidence.Source{bytesSource("a", []byte{0x28, 0xb5, 0x2f, 0xfd, 0})}, problems: []string{"a: this kind of compression is not read; unpack it first"}},
		{name: "denied", sources: []evidence.Source{{Name: "a", Open: func() (io.ReadCloser, error) { return nil, fs.ErrPermission }}},
			problems: []string{"a: permission to read it was denied; change its mode or leave it out"}},
		{name: "year from the other evidence", sources: []evidence.Source{bytesSource("a", []byte("word Mar 5")), bytesSource("b", []byte("word 2023-03-05T10:00:00Z"))},
			events: []string{"a:1@0 word Mar 5", "b:1@0 word 2023-03-05T10:00:00Z"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, events, problems := read(evidence.Options{}, tt.sources...)
			if diff := cmp.Diff(tt.events, events); diff != "" {
				t.Errorf("Read: events -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.problems, problems); diff != "" {
				t.Errorf("Read: problems -want +got:\n%s", diff)
			}
		})
	}
}

func TestReadDescribesEvidence(t *testing.T) {
	data := gzipped(t, "word 2024-03-15T14:37:00Z\nword 2024-03-15T14:39:00Z\n")
	ev, _, _ := read(evidence.Options{}, bytesSource("a.gz", data), bytesSource("b", []byte("word Mar 5")))
	sum := sha256.Sum256(data)
	start := time.Date(2024, 3, 15, 14, 37, 0, 0, time.UTC)
	want := hindcast.Evidence{
		Name: "a.gz", Format: "word", SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data)), Records: 2, Zone: "recorded",
		From: start, To: start.Add(2 * time.Minute), ExpiresAt: start.Add(time.Hour),
	}
	if diff := cmp.Diff(want, ev[0]); diff != "" {
		t.Errorf("Read: evidence -want +got:\n%s", diff)
	}
	bare, _, _ := read(evidence.Options{Unhashed: true}, bytesSource("a.gz", data))
	if want.SHA256 = ""; !cmp.Equal(want, bare[0]) {
		t.Errorf("Read without hashes: evidence -want +got:\n%s", cmp.Diff(want, bare[0]))
	}
	if got := ev[1].From; got.Year() != 2024 {
		t.Errorf("Read: the file without a year begins in %v, want 2024", got)
	}
}

func TestReadCutsLargeFiles(t *testing.T) {
	var b strings.Builder
	for i := range 150_000 {
		fmt.Fprintf(&b, "word %d\n", i)
	}
	for _, workers := range []int{1, 3} {
		_, events, problems := read(evidence.Options{Workers: workers}, bytesSource("a", []byte(b.String())))
		if len(events) != 150_000 || len(problems) != 0 {
			t.Fatalf("Read with %d workers gave %d events and %v", workers, len(events), problems)
		}
		if want := fmt.Sprintf("a:150000@%d word 149999", b.Len()-12); !slices.Contains(events, want) {
			t.Errorf("Read with %d workers has no %q", workers, want)
		}
	}
}

func TestReadSkipsGiganticLines(t *testing.T) {
	data := "word one\nword " + strings.Repeat("x", 20<<20) + "\nword three\n"
	_, events, problems := read(evidence.Options{}, bytesSource("a", []byte(data)))
	want := []string{"a:1@0 word one", fmt.Sprintf("a:3@%d word three", len(data)-11)}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("Read: events -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a:2: the line is longer than 16 MiB; it was skipped"}, problems); diff != "" {
		t.Errorf("Read: problems -want +got:\n%s", diff)
	}
}

func TestReadRefusesBombs(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, "word\n"); err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for range 80 {
		if _, err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, problems := read(evidence.Options{}, bytesSource("a.gz", b.Bytes()))
	want := "a.gz: it expands to far more than it holds, as an archive bomb does; it was refused"
	if !slices.Contains(problems, want) {
		t.Errorf("Read: problems = %q, want %q among them", problems, want)
	}
}

func TestReadSurvivesReadErrors(t *testing.T) {
	broken := evidence.Source{Name: "a", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("word one\n"), errorReader{})), nil
	}}
	_, _, problems := read(evidence.Options{}, broken)
	if len(problems) != 1 || !strings.Contains(problems[0], "disk on fire") {
		t.Errorf("Read: problems = %q, want the read error", problems)
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func FuzzRead(f *testing.F) {
	f.Add([]byte("word one\nword two\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ev, _, problems := read(evidence.Options{Workers: 1}, bytesSource("a", data))
		if len(ev) == 0 && len(problems) == 0 {
			t.Error("Read neither read the file nor said why not")
		}
	})
}

// TestPanicOfAParserIsAProblemOfItsFile reads a file whose parser fails in a way
// that nobody foresaw, beside one that can be read.
func TestPanicOfAParserIsAProblemOfItsFile(t *testing.T) {
	odd := words("odd")
	odd.Lines = nil
	odd.Parse = func(*record.File, io.Reader, record.Sink) error { panic("index out of range") }
	sources := []evidence.Source{bytesSource("a.log", []byte("odd\n")), bytesSource("b.log", []byte("word one\n"))}
	_, sinks := evidence.Read(sources, evidence.Options{Formats: []record.Format{odd, words("word")}}, func() *recordtest.Sink { return &recordtest.Sink{} })
	var events, problems []string
	for _, s := range sinks {
		for _, e := range s.Events {
			events = append(events, e.Title)
		}
		for _, p := range s.Problems {
			problems = append(problems, p.String())
		}
	}
	if len(events) != 1 || len(problems) != 1 || !strings.HasPrefix(problems[0], "a.log: reading it as odd failed") {
		t.Errorf("Read: events %q, problems %q; want those of b.log and a problem of a.log", events, problems)
	}
}

// TestLargeMembersAreNotHeldInMemory reads archives inside an archive, one of them
// with a member that is read after the others, and looks at what stays behind.
func TestLargeMembersAreNotHeldInMemory(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	var large bytes.Buffer
	for i := range 10_000 {
		sum := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
		fmt.Fprintf(&large, "word %s\n", strings.Repeat(hex.EncodeToString(sum[:]), 16))
	}
	text := large.String()
	inner := zipped(t, map[string]string{"a.log": text})
	tarball := tarred(t, tar.Header{Name: "yearless.log", PAXRecords: map[string]string{"content": "word Mar 15\n" + text}})
	outer := zipped(t, map[string]string{"inner.zip": string(inner), "logs.tar": string(tarball)})
	ev, _, problems := read(evidence.Options{}, bytesSource("evidence.zip", outer))
	if len(ev) != 2 || len(problems) != 0 {
		t.Errorf("Read: %d files, problems %q", len(ev), problems)
	}
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 0 {
		t.Errorf("temporary files stay: %v, %v", left, err)
	}
}
