package words_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast/internal/store/words"
)

func TestQueryInBothLanguages(t *testing.T) {
	for _, c := range []struct{ text, fts5, tsquery string }{
		{"pool", `(("pool"))`, `((('pool')))`},
		{"Pool EXHAUSTED", `(("pool") AND ("exhausted"))`, `((('pool')) & (('exhausted')))`},
		{`"connection pool"`, `(("connection pool"))`, `((('connection' <-> 'pool')))`},
		{`"never closed`, `(("never closed"))`, `((('never' <-> 'closed')))`},
		{"checkout-api", `(("checkout api"))`, `((('checkout' <-> 'api')))`},
		{"time*", `(("time"*))`, `((('time':*)))`},
		{`"time*"`, `(("time"))`, `((('time')))`},
		{"pool -drill", `(("pool")) NOT ("drill")`, `((('pool'))) & !(('drill'))`},
		{`pool -"game day" -drill`, `(("pool")) NOT ("game day" OR "drill")`, `((('pool'))) & !(('game' <-> 'day') | ('drill'))`},
		{"a redis OR memcached", `(("a") AND ("redis" OR "memcached"))`, `((('a')) & (('redis') | ('memcached')))`},
		{"OR a OR", `(("a"))`, `((('a')))`},
		{"a OR -b", `(("a")) NOT ("b")`, `((('a'))) & !(('b'))`},
		{"it's é#4521", `(("it s") AND ("é 4521"))`, `((('it' <-> 's')) & (('é' <-> '4521')))`},
	} {
		q := words.Parse(c.text)
		if got := q.FTS5(); got != c.fts5 {
			t.Errorf("FTS5(%s) = %s, want %s", c.text, got, c.fts5)
		}
		if got := q.TSQuery(); got != c.tsquery {
			t.Errorf("TSQuery(%s) = %s, want %s", c.text, got, c.tsquery)
		}
	}
	for _, text := range []string{"", "  ", "-pool", `"`, "***", "-- -", "OR", `- "`} {
		if q := words.Parse(text); !q.Empty() {
			t.Errorf("Parse(%q) = %+v, want nothing", text, q)
		}
	}
}

// marked writes spans with brackets around what was found.
func marked(spans []words.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Match {
			b.WriteString("[" + s.Text + "]")
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct{ query, text, want string }{
		{"pool", "Pools of the pool; poolside", "[Pools] of the [pool]; poolside"},
		{"failing", "It failed, fails and will fail.", "It [failed], [fails] and will [fail]."},
		{"queries", "one query, two queries", "one [query], two [queries]"},
		{"time*", "timeout at times", "[timeout] at [times]"},
		{"checkout-api", "checkout-api v2", "[checkout]-[api] v2"},
		{"4521", "see #4521 and 45210", "see #[4521] and 45210"},
		{"pool -drill", "a drill on the pool", "a drill on the [pool]"},
		{"é", "É é e", "[É] [é] e"},
		{"x", "", ""},
	} {
		if got := marked(words.Parse(c.query).Highlight(c.text)); got != c.want {
			t.Errorf("Highlight(%s, %s) = %s, want %s", c.query, c.text, got, c.want)
		}
	}
}

func TestScore(t *testing.T) {
	const phrase = `"connection pools"`
	for _, c := range []struct{ name, query, title, better, worse string }{
		{"more often", phrase, "", "The connection pool; a Connection-Pool.", "The connection pool; a pool of connections, reconnection pools."},
		{"another form", phrase, "", "Connections pooled.", "A pool, connected."},
		{"in capitals", `"api gateway"`, "", "The API gateway, an Api Gateway.", "Our api gateway."},
		{"one of two", `"cold cache" OR "full disk"`, "", "Full disks, a full disk.", "A cold cache."},
		{"both", `"cold cache" leader`, "", "A cold cache, no leader.", "A cold cache, a cold cache, a cold cache."},
		{"beginning", `"cold ca*" checkout-ap*`, "", "checkout-api", "checkout"},
		{"excluded words do not count", `checkout-api -drill`, "", "checkout-api: checkout-api", "checkout-api drill drill"},
	} {
		q := words.Parse(c.query)
		if better, worse := q.Score(c.title, c.better), q.Score(c.title, c.worse); better <= worse {
			t.Errorf("%s: %q scores %v, %q %v; want more for the first", c.name, c.better, better, c.worse, worse)
		}
	}
	q := words.Parse(phrase)
	if title, prose := q.Score("Connection pool ran dry", ""), q.Score("", "A connection pool and a connection pool."); title <= prose {
		t.Errorf("a title scores %v, prose %v; want more for the title", title, prose)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("before it all ", 40) + "the pool\n\nwas   empty " + strings.Repeat("and after that ", 40)
	got := words.Parse("pool").Snippet(long, 100)
	text := marked(got)
	if !strings.HasPrefix(text, "… ") || !strings.HasSuffix(text, " …") || !strings.Contains(text, "the [pool] was empty and") || len(text) > 130 {
		t.Errorf("snippet %q; want some text around the pool on one line", text)
	}
	if got := marked(words.Parse("absent").Snippet("Short text.\n", 100)); got != "Short text." {
		t.Errorf("snippet without a match %q, want the beginning", got)
	}
	if diff := cmp.Diff([]words.Span{{Text: "a "}, {Text: "b", Match: true}, {Text: " c"}}, words.Parse("b").Snippet("a b c", 100)); diff != "" {
		t.Error(diff)
	}
}

func FuzzQuery(f *testing.F) {
	f.Add(`pool -"game day" time* a OR b`, "the pool was empty")
	f.Add("é\x00\xff '\\", strings.Repeat("ä", 300))
	f.Fuzz(func(t *testing.T, query, text string) {
		q := words.Parse(query)
		if !q.Empty() {
			for _, s := range []string{q.FTS5(), q.TSQuery()} {
				if strings.ContainsAny(s, "\x00\\;") || strings.Count(s, `"`)%2 != 0 || strings.Count(s, `'`)%2 != 0 {
					t.Errorf("%q becomes %q", query, s)
				}
			}
		}
		var all strings.Builder
		for _, s := range q.Highlight(text) {
			all.WriteString(s.Text)
		}
		if all.String() != text {
			t.Errorf("Highlight(%q) gives back %q", text, all.String())
		}
		if got := q.Score(text, text); got < 0 {
			t.Errorf("Score(%q) = %v", text, got)
		}
		for _, s := range q.Snippet(text, 60) {
			if utf8.ValidString(text) && !utf8.ValidString(s.Text) {
				t.Errorf("Snippet(%q) cuts a character: %q", text, s.Text)
			}
		}
	})
}
