package draft

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func said(names ...string) []hindcast.Entry {
	var out []hindcast.Entry
	for i, name := range names {
		e := entry("e", "10:00:00", hindcast.Observed, byPerson(name), "")
		e.At = e.At.Add(time.Minute)
		if i == 0 {
			e.Kind = hindcast.Acknowledge
		}
		out = append(out, e)
	}
	return out
}

// TestOnePersonManyNames: the sources spell one person differently.
func TestOnePersonManyNames(t *testing.T) {
	for name, tt := range map[string]struct {
		names []string
		want  []string // roles, in the order of names
	}{
		"full and short":          {[]string{"Robin Adler", "robin", "ADLER"}, []string{"on-call engineer", "on-call engineer", "on-call engineer"}},
		"short first":             {[]string{"robin", "Robin Adler"}, []string{"on-call engineer", "on-call engineer"}},
		"login":                   {[]string{"Robin Adler", "radler", "robin.adler@example.com"}, []string{"on-call engineer", "on-call engineer", "on-call engineer"}},
		"two persons":             {[]string{"Robin Adler", "Kim Osei", "kim"}, []string{"on-call engineer", "Engineer A", "Engineer A"}},
		"first name that two use": {[]string{"Robin Adler", "Robin Park", "robin"}, []string{"on-call engineer", "Engineer A", "Engineer B"}},
		"a person with a role":    {[]string{"priya-lead", "sre-pia", "platform-lead"}, []string{"on-call engineer", "Engineer A", "platform-lead"}},
		"a role already":          {[]string{"support engineer", "Robin Adler"}, []string{"support engineer", "Engineer A"}},
	} {
		t.Run(name, func(t *testing.T) {
			entries := said(tt.names...)
			p := newPeople(entries)
			var got []string
			for _, e := range entries {
				got = append(got, p.inEntry(e).Actor.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("roles of %v (-want +got):\n%s", tt.names, diff)
			}
		})
	}
}

func TestNamesInTexts(t *testing.T) {
	p := newPeople(said("Robin Adler", "Kim Osei", "Will Marsh", "Zoë Ünal"))
	for in, want := range map[string]string{
		"Acknowledged by Robin Adler.":           "Acknowledged by the on-call engineer.",
		"Robin restarts it. kim agrees":          "The on-call engineer restarts it. Engineer A agrees",
		"@robin can you look, @Kim Osei is away": "@on-call engineer can you look, @Engineer A is away",
		"robin's terminal":                       "The on-call engineer's terminal",
		"robin.adler@example.com wrote":          "the on-call engineer wrote",
		"see shell/robin.history and robin-api":  "see shell/robin.history and robin-api",
		"kimono, Adlerian":                       "kimono, Adlerian",
		"this will not do, the marsh is wet":     "this will not do, the marsh is wet",
		"ask Will or Will Marsh":                 "ask Engineer B or Engineer B",
		"zoë sees it, as does Ünal":              "Engineer C sees it, as does Engineer C",
		"":                                       "",
	} {
		if got := p.inText(in); got != want {
			t.Errorf("inText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestARoleIsNamedAfterAService(t *testing.T) {
	for service, want := range map[string]string{"cart-api": "oncall-cart", "search": "on-call engineer"} {
		entries := said("oncall-cart")
		entries[0].Service = service
		if got := newPeople(entries).inEntry(entries[0]).Actor.Name; got != want {
			t.Errorf("beside %s oncall-cart is %s, want %s", service, got, want)
		}
	}
}

// A handle may be of any words, which stand for themselves in a text.
func TestHandlesInTexts(t *testing.T) {
	p := newPeople(said("fair-sync", "sre-pia"))
	for in, want := range map[string]string{
		"fair-sync initiated a sync": "The on-call engineer initiated a sync",
		"ask Pia, or @pia":           "ask Engineer A, or @Engineer A",
		"sre-pia and the sre team":   "Engineer A and the sre team",
	} {
		if got := p.inText(in); got != want {
			t.Errorf("inText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLetters(t *testing.T) {
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 26 + 26*26: "AAA"} {
		if got := letters(n); got != want {
			t.Errorf("letters(%d) = %q, want %q", n, got, want)
		}
	}
}

// FuzzNames checks that no text breaks the replacement, and that what is
// replaced once stays.
func FuzzNames(f *testing.F) {
	p := newPeople(said("Robin Adler", "Kim Osei", "Will Marsh", "Zoë Ünal"))
	for _, s := range []string{"Robin Adler", "@kim", "kim@kim.kim", "a.robin.b", "Zoë\xff", "Will"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := p.inText(s)
		if twice := p.inText(once); twice != once {
			t.Errorf("inText(%q) = %q, and again %q", s, once, twice)
		}
	})
}
