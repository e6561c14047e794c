package server

import (
	"bufio"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMapsOfTheProgram(t *testing.T) {
	const text = `00400000-019f5000 r-xp 00000000 fe:00 123                        /opt/hind cast
Size:              22484 kB
Rss:               16980 kB
Anonymous:             0 kB
019f5000-02ff6000 r--p 015f5000 fe:00 123                        /opt/hind cast
Anonymous:             4 kB
02ff6000-03000000 r--p 015f5000 fe:00 123                        /opt/hind cast
Anonymous:             0 kB
03000000-031d5000 rw-p 02bf6000 fe:00 123                        /opt/hind cast
Anonymous:             0 kB
7f0000000000-7f0000001000 r-xp 00000000 fe:00 9                  /lib/libc.so.6
Anonymous:             0 kB
7f0000002000-7f0000003000 r--p 00000000 00:00 0
Anonymous:             0 kB
`
	got, err := readMaps(bufio.NewScanner(strings.NewReader(text)), "/opt/hind cast")
	if err != nil {
		t.Fatal(err)
	}
	want := []span{{0x400000, 0x19f5000}, {0x2ff6000, 0x3000000}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(span{})); d != "" {
		t.Errorf("maps (-want +got):\n%s", d)
	}
}

// TestReleasedProgramRuns releases the test's own program and goes on.
func TestReleasedProgramRuns(t *testing.T) {
	list, err := programMaps()
	if err != nil || len(list) == 0 {
		t.Fatalf("the program is mapped at %v %v", list, err)
	}
	if err := releaseProgram(); err != nil {
		t.Error(err)
	}
}
