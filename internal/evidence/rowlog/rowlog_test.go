package rowlog_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
	"github.com/hindcast/hindcast/internal/evidence/rowlog"
)

var update = flag.Bool("update", false, "write what the parsers say now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, rowlog.Formats(), os.DirFS("testdata"), save)
}

func TestCutAnywhere(t *testing.T) {
	const row = "2026-03-05 14:37:00.123 UTC,\"app\",\"shop\",1234,\"192.0.2.5:45678\",65e7.4d2,1,\"SELECT\",2026-03-05 14:30:00 UTC,3/12,0,ERROR,40P01,\"deadlock detected\",,,,,,,,,\"checkout\"\n"
	recordtest.CutAnywhere(t, rowlog.Formats()[0], &record.File{Name: "a.csv"}, []byte(row+row+row))
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, rowlog.Formats())
}
