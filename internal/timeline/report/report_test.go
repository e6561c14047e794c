package report

import (
	_ "embed"
	"testing"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/fact/facttest"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/logit/logittest"
	"github.com/hindcast/hindcast/internal/timeline/scope"
)

//go:embed table.tsv
var table string

func TestTable(t *testing.T) { logittest.Table(t, table, learned, Chooser{}, 0.8) }

func TestChoose(t *testing.T) {
	list := []*Report{{Features: logit.Features{"x": -3}}, {Features: logit.Features{"x": 1}}, {Features: logit.Features{"x": 3}}}
	m := logit.Model{"x": 1}
	if got := Choose(list, m); got != list[1] {
		t.Errorf("Choose() = %v, want the first that is likely one", got)
	}
	if got := Choose(list[:1], m); got != nil {
		t.Errorf("Choose() = %v, want none", got)
	}
}

func TestRead(t *testing.T) {
	var s facttest.Story
	s.SayIn("support", "06:00", "Support", "hours before: two shops cannot pay")
	s.SayIn("support", "09:50", "Support", "14 customers tell us that checkout fails with a 503")
	s.SayIn("support", "09:52", "Engineer B", "looking into it")
	s.Page("10:00", "7", "cart-api", "checkout fails on cart-api")
	s.Ack("10:01", "7", "Engineer A")
	s.SayIn("support", "10:05", "Engineer A", "checkout of cart-api answers 503 to everybody")
	facts, names := s.Facts()
	list := Read(Input{Facts: facts, Scope: scope.Find(facts, names), Page: facts[3], Until: facttest.At("10:00"), Failing: func(_, _ time.Time) bool { return true }})
	if len(list) != 2 {
		t.Fatalf("Read() returned %d messages, want the two of the two hours before the page", len(list))
	}
	x := list[0].Features
	for _, name := range []string{"several", "meanwhile", "answered", "answeredBefore", "silence", "page", "echo"} {
		if x[name] <= 0 {
			t.Errorf("a report's %q is %v, want more than 0", name, x[name])
		}
	}
	if x["question"] != 0 || x["nopage"] != 0 || list[1].Features["answered"] != 0 {
		t.Errorf("features are %v and %v, want no question, a page, and no answer to the second", x, list[1].Features)
	}
	if p, q := Known().Chance(x), Known().Chance(list[1].Features); p <= q {
		t.Errorf("the chances of a report and its answer are %.2f and %.2f, want the report's higher", p, q)
	}
}
