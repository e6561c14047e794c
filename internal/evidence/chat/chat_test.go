package chat_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/chat"
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
	recordtest.Golden(t, chat.Formats(), os.DirFS("testdata"), save)
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, chat.Formats())
}

func TestYearless(t *testing.T) {
	in := []byte("Sunday, June 2nd\nEngineer A  8:03 AM\nslow\nEngineer B  8:04 AM\nlooking\nEngineer A  8:05 AM\nthanks\n")
	for _, f := range chat.Formats() {
		if f.Name != "chat-transcript" {
			continue
		}
		if !f.Yearless(recordtest.Head("pasted.txt", in)) {
			t.Error("a transcript that tells no year is not yearless")
		}
		if f.Yearless(recordtest.Head("pasted-2024-06-02.txt", in)) {
			t.Error("a transcript with the year in its name is yearless")
		}
	}
	sink := recordtest.Parse(t, chat.Formats(), "chat-transcript", &record.File{Name: "pasted.txt", Year: 2023}, in)
	if len(sink.Events) != 3 {
		t.Fatalf("got %d events, want 3", len(sink.Events))
	}
	if got, want := sink.Events[2].At.Format(time.RFC3339), "2023-06-02T08:05:00Z"; got != want {
		t.Errorf("last message at %s, want %s", got, want)
	}
}
