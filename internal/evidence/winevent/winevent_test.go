package winevent_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/winevent"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, winevent.Formats(), os.DirFS("testdata"), save)
}

func TestCutAnywhere(t *testing.T) {
	const one = "Event[0]:\n  Log Name: System\n  Source: EventLog\n  Date: 2026-03-05T14:37:05.123\n  Level: Error\n  Description: \nThe shutdown was unexpected.\n\n"
	recordtest.CutAnywhere(t, winevent.Formats()[1], &record.File{Name: "a"}, []byte(one+one+one))
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, winevent.Formats(), "<Events><Event><System></System></Event><Event ", "Event[0]:\n  Log Name: System\n  Source: a\n  Date: 2026-03-05T14:37:05.123\n")
}
