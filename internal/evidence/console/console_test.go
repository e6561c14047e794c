package console_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/console"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

var update = flag.Bool("update", false, "write what the parser says now as what is wanted")

func TestFormats(t *testing.T) {
	var save func(string, []byte) error
	if *update {
		save = func(name string, data []byte) error {
			return os.WriteFile(filepath.Join("testdata", name), data, 0o644)
		}
	}
	recordtest.Golden(t, console.Formats(), os.DirFS("testdata"), save)
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, console.Formats())
}

// TestYearOfSyslogTimes has the log of a unit read after what tells the year.
func TestYearOfSyslogTimes(t *testing.T) {
	format := console.Formats()[0]
	for text, want := range map[string]bool{
		"Mar  2 06:00:00 web-1 deploy.sh[991]: Deploying quay-cache 1.2.0 to production\n":      true,
		"2026-03-02T06:00:00Z web-1 deploy.sh[991]: Deploying quay-cache 1.2.0 to production\n": false,
		"Mon Mar  2 06:00:00 UTC 2026: Deploying quay-cache 1.2.0 to production\n":              false,
		"Deploying quay-cache 1.2.0 to production\n":                                            false,
	} {
		if got := format.Yearless(recordtest.Head("deploy.log", []byte(text))); got != want {
			t.Errorf("Yearless(%q) = %v, want %v", text, got, want)
		}
	}
	data := []byte("Mar  2 06:00:00 web-1 deploy.sh[991]: Deploying quay-cache 1.2.0 to production\n")
	sink := recordtest.Parse(t, console.Formats(), "pipeline-log", &record.File{Name: "deploy.log", Year: 2026}, data)
	want := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	if len(sink.Events) != 1 || !sink.Events[0].At.Equal(want) {
		t.Errorf("events are %v, want one at %v", sink.Events, want)
	}
}

// TestLongLogs keeps a log with very many deploys or lines from costing more
// than its size.
func TestLongLogs(t *testing.T) {
	var b strings.Builder
	for i := range 800 {
		fmt.Fprintf(&b, "2026-01-14T09:%02d:%02dZ Deploying svc-%d 1.2.%d to production by ci\n", i/60, i%60, i, i)
	}
	sink := recordtest.Parse(t, console.Formats(), "pipeline-log", &record.File{Name: "deploy.log"}, []byte(b.String()))
	if got := len(sink.Events); got != 800 {
		t.Errorf("%d events, want one for each of 800 lines", got)
	}
}
