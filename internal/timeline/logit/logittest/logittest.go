// Package logittest tests what was learned from a table of cases.
package logittest

import (
	"runtime"
	"testing"

	"github.com/hindcast/hindcast/internal/timeline/logit"
)

// Table checks that weights are what table.tsv, of which the text is given, teaches, that
// it is written as it is read, and that of its cases the share is right at least by the weights
// of the other sets.
func Table(t *testing.T, text, weights string, by logit.Chooser, share float64) {
	t.Helper()
	list, err := logit.ReadCases(text)
	if err != nil {
		t.Fatalf("table.tsv: %v", err)
	}
	if logit.WriteCases(list) != text {
		t.Error("WriteCases() of what ReadCases() reads is not table.tsv")
	}
	if runtime.GOARCH != "amd64" {
		t.Skip("SKIPPED: weights are learned anew on amd64 only, whose rounding they have")
	}
	if by.Learn(list).String() != weights {
		t.Error("weights.tsv is not what table.tsv teaches; run go run ./tools/phases")
	}
	all := 0
	right, _ := logit.Apart(list, by)
	for _, n := range right {
		all += n
	}
	if float64(all) < share*float64(len(list)) {
		t.Errorf("by the weights of other sets %d of %d cases are right, want a share of %.2f", all, len(list), share)
	}
}
