package evidence_test

import (
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

// TestUnpackedIsTheSameEvidence reads archives, and again what Unpack made of them.
func TestUnpackedIsTheSameEvidence(t *testing.T) {
	inner := zipped(t, map[string]string{"deep/e.log": "word 2024-03-15T14:00:00Z\n"})
	outer := zipped(t, map[string]string{"a.log": "word one\nword two\n", "inner.zip": string(inner), "empty.log": "", "../out": "word\n", "odd": "unknown"})
	sources := []evidence.Source{
		bytesSource("evidence.zip", outer), bytesSource("a.log", []byte("word three\n")), bytesSource("z.log.gz", gzipped(t, "word four\n")), bytesSource("broken.zip", outer[:40]),
	}
	var members []evidence.Source
	problems, err := evidence.Unpack(sources, nil, func(s evidence.Source) error {
		c, err := s.Open()
		if err != nil {
			return err
		}
		data, err := io.ReadAll(c)
		members = append(members, bytesSource(s.Name, data))
		return errors.Join(err, c.Close())
	})
	if err != nil {
		t.Fatal(err)
	}
	opt := evidence.Options{Formats: []record.Format{words("word"), whole()}}
	wantEvidence, wantEvents, wantProblems := read(opt, sources...)
	gotEvidence, gotEvents, gotProblems := read(opt, members...)
	for _, p := range problems {
		gotProblems = append(gotProblems, p.String())
	}
	anyOrder := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if d := cmp.Diff(wantEvidence, gotEvidence); d != "" {
		t.Errorf("evidence differs (-archives +unpacked):\n%s", d)
	}
	if d := cmp.Diff(wantEvents, gotEvents, anyOrder); d != "" {
		t.Errorf("records differ (-archives +unpacked):\n%s", d)
	}
	if d := cmp.Diff(wantProblems, gotProblems, anyOrder); d != "" {
		t.Errorf("problems differ (-archives +unpacked):\n%s", d)
	}
}

func TestUnpackEndsWithTheError(t *testing.T) {
	full := hindcast.Errorf(hindcast.Unavailable, "no room left")
	calls := 0
	_, err := evidence.Unpack([]evidence.Source{bytesSource("a", []byte("x")), bytesSource("b", []byte("y"))}, nil, func(evidence.Source) error {
		calls++
		return full
	})
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("Unpack = %v after %d calls, want the error after the first", err, calls)
	}
}
