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
	type clock struct {
		Hour, Minute, Second int
		Since                bool
		Act                  speech.Act
	}
	var got []clock
	for _, c := range speech.New().Read("payments are off since 18:38, answers again from 18:41:30, 2:1 odds").Clocks {
		got = append(got, clock{c.Hour, c.Minute, c.Second, c.Since, c.Act})
	}
	want := []clock{{18, 38, 0, true, speech.Action}, {18, 41, 30, true, speech.Mitigation}}
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

func TestReadWhatIsDeclaredOver(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"back to normal, closing", true},
		{"everything is back to normal", true},
		{"Back to baseline.", true},
		{"all services are back to normal", true},
		{"calling it resolved", true},
		{"checked them all by hand, we can close", true},
		{"watching 10 more min before closing", false},
		{"keeping the bridge up until we call it", false},
		{"ok mystery solved", false},
		{"so: resolved, all services normal. coffee.", true},
		{"the coffee machine is resolved. closed the lid", false},
		{"hold, not closing until git owns the setting again", false},
		{"error rate back to baseline", false}, // one measure, not the incident
		{"p99 is back to normal, watching the queue", false},
		{"latency for eu-west back to baseline", false},
	}
	g := speech.New()
	for _, tt := range tests {
		if got := g.Read(tt.text).Over; got != tt.want {
			t.Errorf("Read(%q).Over = %t, want %t", tt.text, got, tt.want)
		}
	}
}
