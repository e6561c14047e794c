package skew_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/skew"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// show gives findings as FILE OFFSET AGAINST.
func show(found []hindcast.ClockOffset) []string {
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprintf("%s %s %s", f.File, f.Offset, f.Against))
	}
	return out
}

// zoneless is evidence whose files carry no zone.
func zoneless(files ...string) []hindcast.Evidence {
	var out []hindcast.Evidence
	for _, f := range files {
		out = append(out, hindcast.Evidence{Name: f, Zone: "assumed UTC"})
	}
	return out
}

// told returns what a story's records state, with those of a file shifted.
func told(s *facttest.Story, file string, by ...time.Duration) []skew.Statement {
	names := fact.NewNames(s.Events, nil)
	r := fact.NewReader(speech.New(), names, nil)
	var facts []*fact.Fact
	n := 0
	for _, e := range s.Events {
		if e.Ref.File == file {
			e.At = e.At.Add(by[min(n, len(by)-1)])
			n++
		}
		facts = append(facts, r.Read(e))
	}
	return skew.Statements(facts)
}

// paged is pages that the pager and a bot in chat tell, each bot's word late
// by some seconds.
func paged(n int) *facttest.Story {
	s := &facttest.Story{}
	for i := range n {
		number := fmt.Sprint(812 + i)
		s.Page(fmt.Sprintf("10:%02d", 7*i), number, "cart-api", "CartErrors on cart-api")
		s.Bot(fmt.Sprintf("10:%02d:%02d", 7*i, i+1), "Triggered #"+number+": CartErrors on cart-api")
	}
	return s
}

func TestFindByFactsOfTwoFiles(t *testing.T) {
	day := &facttest.Story{}
	for i := range 4 {
		version := fmt.Sprintf("2.%d.0", i)
		day.Deploy(fmt.Sprintf("1%d:00", i), "cart-api", version, "")
		day.Bot(fmt.Sprintf("1%d:04", i), "cart-api v"+version+" -> production")
	}
	for _, tt := range []struct {
		name  string
		story *facttest.Story
		file  string
		by    []time.Duration
		local []string
		want  []string
	}{
		{name: "bots are late by seconds", story: paged(5), file: "none", by: []time.Duration{0}},
		{name: "chat is late by most of a minute", story: paged(5), file: "chat.json", by: []time.Duration{50 * time.Second}},
		{name: "chat runs ahead", story: paged(5), file: "chat.json", by: []time.Duration{90 * time.Second}, want: []string{"chat.json 1m33s pager.json"}},
		{name: "two facts are too few", story: paged(2), file: "chat.json", by: []time.Duration{90 * time.Second}},
		{name: "differences that do not agree", story: paged(3), file: "chat.json", by: []time.Duration{90 * time.Second, 70 * time.Second, 200 * time.Second}},
		{name: "one fact at the same time", story: paged(4), file: "chat.json", by: []time.Duration{90 * time.Second, 90 * time.Second, 90 * time.Second, 0}},
		{name: "hours between zoned files are other facts", story: paged(4), file: "chat.json", by: []time.Duration{2 * time.Hour}},
		{name: "local time", story: paged(2), file: "chat.json", by: []time.Duration{2 * time.Hour}, local: []string{"chat.json"}, want: []string{"chat.json 2h0m0s pager.json"}},
		{name: "local time of a zone with a half hour", story: paged(2), file: "pager.json", by: []time.Duration{-210 * time.Minute}, local: []string{"pager.json"}, want: []string{"pager.json -3h30m0s chat.json"}},
		{name: "one fact shows no zone", story: paged(1), file: "chat.json", by: []time.Duration{2 * time.Hour}, local: []string{"chat.json"}},
		{name: "both without zone", story: paged(3), file: "chat.json", by: []time.Duration{2 * time.Hour}, local: []string{"chat.json", "pager.json"}},
		{name: "rollouts are announced when they end", story: day, file: "none", by: []time.Duration{0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := skew.Input{Statements: told(tt.story, tt.file, tt.by...), Evidence: zoneless(tt.local...)}
			if diff := cmp.Diff(tt.want, show(skew.Find(in))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFindDoesNotDependOnOrder(t *testing.T) {
	in := skew.Input{Statements: told(paged(6), "chat.json", 90*time.Second)}
	want := skew.Find(in)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(in.Statements), func(i, j int) {
			in.Statements[i], in.Statements[j] = in.Statements[j], in.Statements[i]
		})
		if diff := cmp.Diff(want, skew.Find(in)); diff != "" {
			t.Fatalf("after a shuffle: -want +got:\n%s", diff)
		}
	}
}
