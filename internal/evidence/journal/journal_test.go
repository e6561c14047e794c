package journal_test

import (
	"encoding/binary"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/evidence/journal"
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
	recordtest.Golden(t, journal.Formats(), os.DirFS("testdata"), save)
}

// binaryField is how an export holds a value of several lines.
func binaryField(key, value string) string {
	return key + "\n" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(value)))) + value + "\n"
}

const realtime = "__REALTIME_TIMESTAMP=1772721420123456\n"

func TestBinaryFields(t *testing.T) {
	in := realtime + "PRIORITY=3\nSYSLOG_IDENTIFIER=cart\n" + binaryField("MESSAGE", "crashed:\n  at a\n  at b") + "_HOSTNAME=web1\n\n" + realtime + "MESSAGE=next\n"
	sink := recordtest.Parse(t, journal.Formats(), "journal-export", &record.File{Name: "a"}, []byte(in))
	got, problems := recordtest.LogLines(sink)
	want := "1-8 2026-03-05T14:37:00.123456Z error cart web1 | crashed:\n10-11 2026-03-05T14:37:00.123456Z - a - | next\n"
	if got != want || problems != "" {
		t.Errorf("got:\n%swant:\n%sproblems: %s", got, want, problems)
	}
	if offset := int64(strings.LastIndex(in, realtime)); sink.Logs[1].Offset != offset {
		t.Errorf("the second entry is at %d, want %d", sink.Logs[1].Offset, offset)
	}
}

func TestCutAnywhere(t *testing.T) {
	const one = "Thu 2026-03-05 14:37:00.123456 UTC [s=abc;i=1;b=def;m=1;t=1;x=1]\n    PRIORITY=3\n    MESSAGE=first line\n            B=second\n    _HOSTNAME=web1\n"
	recordtest.CutAnywhere(t, journal.Formats()[1], &record.File{Name: "a"}, []byte(one+one+one))
}

func FuzzFormats(f *testing.F) {
	recordtest.Fuzz(f, journal.Formats(), realtime+"PRIORITY=3\n"+binaryField("MESSAGE", "a\nb")+"\n"+realtime+"MESSAGE=next\n", "A\n\x01\x00\x00\x00\x00\x00\x00\x00", "A\n\xff\xff\xff\xff\xff\xff\xff\xff")
}
