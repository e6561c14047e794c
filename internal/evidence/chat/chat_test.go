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

func TestNotesTakeTheYearOfOtherEvidence(t *testing.T) {
	for day, want := range map[string]string{
		"Desk log, Thursday 11 June (wall clock, CEST)": "2026-06-11T11:29:00+02:00", "Cuaderno turno de tarde, 17 oct": "2026-10-17T11:29:00Z", "Protokoll vom 3. Mai 2024": "2024-05-03T11:29:00Z", "Shift of August 9th": "2026-08-09T11:29:00Z", "Turno del 3 luglio": "2026-07-03T11:29:00Z", "Equipe du 2 août": "2026-08-02T11:29:00Z", "4 markets, 2 decks and 5 maybes on 12 mars": "2026-03-12T11:29:00Z",
	} {
		in := []byte("# " + day + "\n\n- 10:50 handover from night, all quiet here\n- 11:26 rain is audible, the radar shows none\n- 11:29 wrote to the radar people about it\n- 11:33 the tower phones about an empty picture\n- 12:27 the composite is back without north\n")
		sink := recordtest.Parse(t, chat.Formats(), "scribe-notes", &record.File{Name: "desk-log.md", Year: 2026}, in)
		if len(sink.Events) != 5 {
			t.Errorf("below %q there are %d entries, want 5", day, len(sink.Events))
			continue
		}
		if at, _ := time.Parse(time.RFC3339, want); !sink.Events[2].At.Equal(at) {
			t.Errorf("below %q an entry is of %v, want %v", day, sink.Events[2].At, at)
		}
	}
}

func TestDaysWithoutAYearPassNewYear(t *testing.T) {
	in := []byte("[31/12 23:58] Engineer A: happy new year\n[01/01 00:05] Engineer B: happy new year\n[01/01 00:06] Engineer A: the queue is growing\n")
	sink := recordtest.Parse(t, chat.Formats(), "chat-transcript", &record.File{Name: "room.txt", Year: 2025}, in)
	if len(sink.Events) != 3 {
		t.Fatalf("got %d events, want 3", len(sink.Events))
	}
	for i, want := range []string{"2025-12-31T23:58:00Z", "2026-01-01T00:05:00Z", "2026-01-01T00:06:00Z"} {
		if got := sink.Events[i].At.Format(time.RFC3339); got != want {
			t.Errorf("message %d at %s, want %s", i, got, want)
		}
	}
}
