package speech_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// TestReadAct reads testdata/phrases.tsv: an act and what somebody wrote, one
// message a line.
func TestReadAct(t *testing.T) {
	g := speech.New()
	data, err := os.ReadFile("testdata/phrases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		want, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("testdata/phrases.tsv: %q is no act and text", line)
		}
		if got := g.Read(text).Act; got != speech.Act(want) {
			t.Errorf("Read(%q).Act = %s, want %s", text, got, want)
		}
	}
}

func TestReadClocks(t *testing.T) {
	got := speech.New().Read("payments are off since 18:38, answers again from 18:41:30, 2:1 odds").Clocks
	want := []speech.Clock{
		{Hour: 18, Minute: 38, Since: true, Act: speech.Action},
		{Hour: 18, Minute: 41, Second: 30, HasSecond: true, Since: true, Act: speech.Mitigation},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Read(...).Clocks: -want +got:\n%s", diff)
	}
}

func TestReadNamesWhatIsRuledOut(t *testing.T) {
	if got := speech.New().Read("it is not the database").About; got != "database" {
		t.Errorf("Read(...).About = %q, want %q", got, "database")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("decision: roll back to 2.7.5 now")
	f.Add("status page: delayed since 08:45")
	g := speech.New()
	f.Fuzz(func(t *testing.T, s string) {
		if g.Read(s).Act == "" {
			t.Errorf("Read(%q) has no act", s)
		}
	})
}
