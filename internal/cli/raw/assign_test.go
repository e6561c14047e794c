package raw

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence"
)

func assigned(t *testing.T, text string) []string {
	t.Helper()
	var out bytes.Buffer
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	if err := assignLines(&out, []evidence.Source{{Name: "app.log", Size: int64(len(text)), Open: open}}); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// Each line has one answer, also where a record goes on over the end of what is read
// at a time, and the lines of a stack trace are messages of their own.
func TestEveryLineIsAssigned(t *testing.T) {
	var in strings.Builder
	const record = "2026-03-04 10:00:%02d,%03d ERROR [worker-%d] store.Client - connection %d refused\n\tat store.Client.dial(Client.java:%d)\n\n"
	n := 0
	for ; in.Len() < 3*assignChunk; n++ {
		fmt.Fprintf(&in, record, n%60, n%1000, n%7, n, n%90)
	}
	got := assigned(t, in.String())
	if len(got) != 3*n {
		t.Fatalf("%d lines were assigned, want %d", len(got), 3*n)
	}
	for i, line := range got {
		want := []string{"connection <*> refused", "at store.Client.dial(Client.java:<*>)", ""}[i%3]
		if _, text, _ := strings.Cut(line, "\t"); strings.TrimSpace(text) != want {
			t.Fatalf("line %d: %q, want %q", i+1, line, want)
		}
	}
}

func TestLinesInNoFormatAreAssigned(t *testing.T) {
	got := assigned(t, "session 12 opened\nsession 93 opened\nsession 7 opened")
	if len(got) != 3 || got[0] != got[1] || got[1] != got[2] || !strings.HasSuffix(got[0], "session <*> opened") {
		t.Errorf("assigned %q", got)
	}
}
