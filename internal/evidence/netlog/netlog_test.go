package netlog_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/netlog"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, netlog.Formats(), os.DirFS("testdata"), save)
}

func TestCutAnywhere(t *testing.T) {
	const row = "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 1772721431 1772721490 REJECT OK\n"
	recordtest.CutAnywhere(t, netlog.Formats()[0], &record.File{Name: "flow.log"}, []byte(row+row+row+row))
}

// TestOthersAreNotRecognized keeps rows of numbers and objects with a time what they are.
func TestOthersAreNotRecognized(t *testing.T) {
	for name, in := range map[string]string{
		"words and a time": "2 a b c d e f g h i 1772721431 1772721490 DROP OK\n",
		"a list of hosts":  "name srcaddr owner\nweb 10.0.0.1 shop\n",
		"an event":         `{"timestamp":"2026-03-05T14:37:00Z","message":"order placed","event":"order"}` + "\n",
		"an epoch":         `{"ts":1772721431.5,"level":"info","msg":"started"}` + "\n",
		"nothing":          "",
	} {
		if got := recordtest.Recognize(netlog.Formats(), name, []byte(in)); got != "" {
			t.Errorf("%s: recognized as %s", name, got)
		}
	}
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, netlog.Formats())
}
