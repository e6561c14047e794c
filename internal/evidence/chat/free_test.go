package chat_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/evidence/chat"
	"github.com/hindcast/hindcast/internal/evidence/record"
	"github.com/hindcast/hindcast/internal/evidence/record/recordtest"
)

// TestConversationsAreReadHoweverTheirLinesBegin writes one conversation in many ways, in
// the layouts of package time, and as a log that differs in nothing but what it says.
func TestConversationsAreReadHoweverTheirLinesBegin(t *testing.T) {
	said := [][2]string{
		{"Ops Duty", "wave 1 kicked off, anybody up?"},
		{"Depot Desk", "no run sheets on the screens (31 vans)"},
		{"Ops Duty", "same here. looking"},
		{"On-call Engineer", "up. give me a minute to find my glasses"},
		{"On-call Engineer", "planner is alive: cpu is low, they wait"},
		{"Ops Duty", "no, wave 5 was fine. i think it is the db"},
	}
	logged := []string{"cache flushed in 3 ms", "index opened (12 segments)", "cache flushed in 8 ms", "leader elected", "compaction done: 3 files", "cache closed"}
	forms := []string{
		"2006-01-02 15:04:05  NAME: TEXT", "2006-01-02T15:04:05Z NAME: TEXT", "2006-01-02 15:04:05 UTC NAME: TEXT", "2006/01/02 15:04:05 NAME: TEXT", "20060102 15:04:05 NAME: TEXT",
		"Mon 2 Jan 2006 15:04:05 NAME: TEXT", "[Mon Jan _2 15:04:05 2006 +0000] <NAME> TEXT", "Mon Jan _2 15:04:05 2006 NAME: TEXT", "2 Jan 15:04 NAME: TEXT", "[02/01 15:04] NAME\nTEXT\n", "[02.01. 15:04] NAME\nTEXT\n", "2006-01-02 15:04:05  NAME   TEXT", "2006-01-02 15:04 | NAME | TEXT",
		"| 2006-01-02 15:04 | NAME | TEXT |", "2006-01-02 15:04 - NAME - TEXT", "2006-01-02 15:04:05 [NAME] TEXT", "[2006-01-02 15:04:05] [NAME] TEXT", "15:04:05 NAME> TEXT", "15h04 NAME : TEXT", "15.04 NAME: TEXT",
		"(15:04) NAME: TEXT", "NAME [15:04]: TEXT", "NAME (15:04): TEXT", "NAME, 3:04 PM: TEXT", "**NAME** (15:04): TEXT\n", "**15:04 NAME:** TEXT\n", "- `15:04` **NAME**: TEXT", "> **NAME** — 15:04\n> TEXT\n", "15:04\tNAME\tTEXT",
	}
	for _, form := range forms {
		var people, programs strings.Builder
		at := time.Date(2025, 11, 23, 16, 40, 10, 0, time.UTC)
		for i, s := range said {
			line := at.Add(time.Duration(i) * 77 * time.Second).Format(strings.Split(form, "TEXT")[0])
			people.WriteString(strings.Replace(line, "NAME", s[0], 1) + s[1] + strings.Split(form, "TEXT")[1] + "\n")
			programs.WriteString(strings.Replace(line, "NAME", s[0], 1) + logged[i] + "\n")
		}
		f := record.File{Name: "thread-2025-11-23.txt", Year: 2025}
		format := transcriptFormat()
		if format.Recognize(recordtest.Head(f.Name, []byte(people.String()))) == 0 {
			t.Errorf("%s: people who talk are no conversation", form)
			continue
		}
		if strings.Contains(form, "05 NAME:") && format.Recognize(recordtest.Head(f.Name, []byte(programs.String()))) != 0 {
			t.Errorf("%s: what programs say is a conversation", form)
		}
		sink := recordtest.Parse(t, chat.Formats(), "chat-transcript", &f, []byte(people.String()))
		if len(sink.Events) != len(said) {
			t.Errorf("%s: %d messages, want %d", form, len(sink.Events), len(said))
			continue
		}
		for i, e := range sink.Events {
			want := at.Add(time.Duration(i) * 77 * time.Second)
			if !strings.Contains(form, ":05") {
				want = want.Truncate(time.Minute)
			}
			if e.Actor.Name != said[i][0] || e.Text != said[i][1] || !e.At.Equal(want) {
				t.Errorf("%s: %s %q %q, want %s %q", form, e.At, e.Actor.Name, e.Text, want, said[i])
			}
		}
	}
}

func transcriptFormat() record.Format {
	for _, f := range chat.Formats() {
		if f.Name == "chat-transcript" {
			return f
		}
	}
	panic("there is no chat-transcript")
}
