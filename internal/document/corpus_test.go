package document

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
)

var misses = flag.Bool("misses", false, "print what was read otherwise than it is labeled")

// eachInCorpus calls f with each file in the folder HINDCAST_TEST_CORPUS. It holds
// post-mortems that others published, which are no part of the project: what
// needs them is skipped without it.
func eachInCorpus(t *testing.T, f func(name string, text []byte)) {
	t.Helper()
	dir := os.Getenv("HINDCAST_TEST_CORPUS")
	if dir == "" {
		t.Skip("HINDCAST_TEST_CORPUS names no folder with post-mortems of others")
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".jsonl") {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil {
			f(filepath.Base(path), text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tally counts what was read of one kind of thing.
type tally struct{ right, read, labeled int }

func (c *tally) add(read, labeled int) { c.set(min(read, labeled), read, labeled) }

func (c *tally) set(right, read, labeled int) {
	c.right, c.read, c.labeled = c.right+right, c.read+read, c.labeled+labeled
}

func (c tally) precision() float64 { return 100 * float64(c.right) / float64(c.read) }
func (c tally) recall() float64    { return 100 * float64(c.right) / float64(c.labeled) }

// TestForeignScore reads documents of others that are labeled with the sections
// of the template they have, the number of their timeline rows and that of their
// action items.
func TestForeignScore(t *testing.T) {
	labels := readLabels(t)
	var sections, rows, actions tally
	n := 0
	eachInCorpus(t, func(name string, text []byte) {
		want, ok := labels[fmt.Sprintf("%x", sha256.Sum256(text))[:12]]
		if !ok {
			return
		}
		n++
		p := Parse(name, text).Postmortem
		var got []string
		for _, s := range p.Sections {
			if s.Kind != "" && !slices.Contains(got, string(s.Kind)) && strings.Contains(string(text), s.Heading) {
				got = append(got, string(s.Kind))
			}
		}
		right := 0
		for _, kind := range want.sections {
			if slices.Contains(got, kind) {
				right++
			}
		}
		sections.set(right, len(got), len(want.sections))
		rows.add(len(p.Timeline), want.rows)
		actions.add(len(p.Actions), want.actions)
		if *misses && (right != len(got) || right != len(want.sections) || len(p.Timeline) != want.rows || len(p.Actions) != want.actions) {
			t.Logf("%s: %d rows, want %d; %d actions, want %d; sections %v, want %v", name, len(p.Timeline), want.rows, len(p.Actions), want.actions, got, want.sections)
		}
	})
	if n < len(labels) {
		t.Skipf("only %d of %d labeled documents are there", n, len(labels))
	}
	for _, c := range []struct {
		name string
		tally
		least float64 // of precision and recall
	}{{"sections", sections, 95}, {"timeline rows", rows, 97}, {"action items", actions, 80}} {
		t.Logf("%s: precision %.1f %%, recall %.1f %% (%d of %d read, %d labeled)", c.name, c.precision(), c.recall(), c.right, c.read, c.labeled)
		if c.precision() < c.least || c.recall() < c.least {
			t.Errorf("%s: want at least %.0f %%", c.name, c.least)
		}
	}
}

type label struct {
	sections      []string
	rows, actions int
}

// readLabels reads what people found in documents, by the beginning of their hash.
func readLabels(t *testing.T) map[string]label {
	t.Helper()
	text, err := os.ReadFile("testdata/foreign-labels.tsv")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]label{}
	for line := range strings.SplitSeq(string(text), "\n") {
		cells := strings.Split(line, "\t")
		if len(cells) != 4 || strings.HasPrefix(cells[0], "#") {
			continue
		}
		var l label
		if l.sections = strings.Fields(cells[1]); cells[1] == "-" {
			l.sections = nil
		}
		var errs [2]error
		l.rows, errs[0] = strconv.Atoi(cells[2])
		l.actions, errs[1] = strconv.Atoi(cells[3])
		if errs != [2]error{} {
			t.Fatalf("labels of %s: %v", cells[0], errs)
		}
		out[cells[0]] = l
	}
	return out
}

var (
	timeMark = regexp.MustCompile(`(\d)t(\d)`)
	listMark = regexp.MustCompile(`(?m)^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\] )?`)
	// Names of columns, fields and lists that we know by a name of our own.
	headRow   = regexp.MustCompile(`(?m)^.*\|.*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$`)
	ourColumn = regexp.MustCompile(`(?i)\b(?:date|time|utc|event|state|action item|action|description|owner|assignee|deadline|due date|who|what|update|status|bug|type)\b`)
	ourField  = regexp.MustCompile(`(?im)^\s+[-*+] \**(?:deadline|assignee|due date|target|who|responsible)\**:`)
	ourList   = regexp.MustCompile(`(?im)^#+ where we got lucky.*$`)
)

// wordsOf counts the words of a text: each run of letters and digits.
func wordsOf(text string) map[string]int {
	out := map[string]int{}
	text = timeMark.ReplaceAllString(strings.ToLower(text), "$1 $2")
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		if t := strings.TrimLeft(w, "0"); t != "" {
			w = t // 9:05 is shown as 09:05
		}
		out[w]++
	}
	return out
}

// lost returns the words of a text that its document lacks. Numbers and "utc"
// count as there when they are there once: a day that stands in each line of a
// table becomes one heading.
func lost(text, document string) []string {
	text = listMark.ReplaceAllString(ourField.ReplaceAllString(text, ""), "")
	text = headRow.ReplaceAllStringFunc(text, func(s string) string { return ourColumn.ReplaceAllString(s, "") })
	text = ourList.ReplaceAllString(text, "")
	var out []string
	got := wordsOf(document)
	for w, n := range wordsOf(text) {
		if once := strings.Trim(w, "0123456789") == "" || w == "utc"; got[w] < n && !(once && got[w] > 0) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// TestForeignLosesNothing: every word of a document of others is in what we make
// of it, which is valid, and reading it takes no time to speak of.
func TestForeignLosesNothing(t *testing.T) {
	eachInCorpus(t, func(name string, text []byte) {
		begun := time.Now()
		p := Parse(name, text).Postmortem
		if took := time.Since(begun); took > time.Second {
			t.Errorf("%s: read in %v", name, took)
		}
		for _, f := range p.Validate() {
			if f.Path != "incident.title" {
				t.Errorf("%s: %s", name, f)
			}
		}
		if words := lost(string(text), string(Markdown(p))); len(words) > 0 {
			t.Errorf("%s: lost %q", name, words)
		}
	})
}

// TestOthersLoseNothing: the same for our own samples of other templates.
func TestOthersLoseNothing(t *testing.T) {
	for _, name := range []string{"labels", "other-template", "plain", "signs", "tables", "zones"} {
		text, err := os.ReadFile("testdata/parse/" + name + ".md")
		if err != nil {
			t.Fatal(err)
		}
		if words := lost(string(text), string(Markdown(Parse(name+".md", text).Postmortem))); len(words) > 0 {
			t.Errorf("%s: lost %q", name, words)
		}
	}
}

// TestForeignHostile: no text takes longer than in proportion to its length.
func TestForeignHostile(t *testing.T) {
	for _, part := range []string{
		"- 14:37 x\n", "a | b\n- | -\n", "**Timeline:**\n\n", "## Timeline\n", "### 14:00\nx\n", "- **Impact**: x\n", "14:37 x\n", "2024-03-15 ~ ", "  - a\n", "- a:\n  - b\n",
		"~", "14:37 - ", "| a | b |\n", "Owner: x\n", "- [ ] x (", "Resolved 2024-03-15 12:07\n", "* * ", "1. why\n",
	} {
		for _, head := range []string{"", "## Timeline\n\n", "## Action items\n\n", "## Root causes\n\n"} {
			text := head + strings.Repeat(part, 20_000/len(part))
			begun := time.Now()
			Parse("x.md", []byte(text))
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("%.20q, %q many times: read in %v", head, part, took)
			}
		}
	}
}
