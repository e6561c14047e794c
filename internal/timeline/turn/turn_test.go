package turn

import (
	"os"
	"runtime"
	"slices"
	"testing"
)

// cases returns the incidents of table.tsv, and its text.
func cases(t *testing.T) ([]*Case, string) {
	t.Helper()
	text, err := os.ReadFile("table.tsv")
	if err != nil {
		t.Fatal(err)
	}
	list, err := ReadCases(string(text))
	if err != nil {
		t.Fatalf("table.tsv: %v", err)
	}
	return list, string(text)
}

func TestTurnWeightsAreThoseOfTheTable(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("SKIPPED: weights are learned anew on amd64 only, whose rounding they have")
	}
	list, _ := cases(t)
	if Learn(list).String() != learned {
		t.Error("weights.tsv is not what table.tsv teaches; run go run ./tools/turns")
	}
}

func TestCasesAreWrittenAsRead(t *testing.T) {
	list, text := cases(t)
	if WriteCases(list) != text {
		t.Error("WriteCases() of what ReadCases() reads is not the table")
	}
	for _, bad := range []string{"set\tincident\tsecond\tright\tgood\na\t1\tsoon\t1\t2\n", "set\tincident\tsecond\tright\tgood\na\t1\t5\n", "set\tincident\tsecond\tright\tgood\na\t1\t5\t1\tx\n"} {
		if _, err := ReadCases(bad); err == nil {
			t.Errorf("ReadCases(%q) gives no error", bad)
		}
	}
}

// The weights of other writers find four of five turns, over all sets.
func TestWhatOthersTaughtFindsTurns(t *testing.T) {
	list, _ := cases(t)
	var sets []string
	for _, c := range list {
		if !slices.Contains(sets, c.Set) {
			sets = append(sets, c.Set)
		}
	}
	right := 0
	for _, set := range sets {
		own := func(c *Case) bool { return c.Set == set }
		m := Learn(slices.DeleteFunc(slices.Clone(list), own))
		for _, c := range list {
			if own(c) && c.Hits(m) {
				right++
			}
		}
	}
	if right < len(list)*4/5 {
		t.Errorf("by the weights of other sets %d of %d turns are right, want four of five", right, len(list))
	}
}
