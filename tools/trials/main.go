// Command trials tells how close timelines come to the truth, for incidents of which
// is known what a reader needs (see package trial for their form).
//
//	go run ./tools/trials [-v] FOLDER_OR_ZIP...
//
// With -v it names the events that were missed and the entries that nobody needs.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hindcast/hindcast/tools/trial"
)

func main() {
	verbose := flag.Bool("v", false, "name what was missed, and what nobody needs")
	flag.Parse()
	if err := run(os.Stdout, flag.Args(), *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "trials:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, names []string, verbose bool) error {
	fmt.Fprintf(w, "%-40s %s\n", "", "recall precision phases kind actor evidence known-late")
	var total trial.Mean
	for _, name := range names {
		t, err := trial.Open(name)
		if err != nil {
			return err
		}
		tl, _, err := t.Timeline()
		if err != nil {
			return err
		}
		s := t.Score(tl)
		total.Add(s)
		show(w, t.Name, s.Shares(), s.Late, s.KnownLate)
		if verbose {
			explain(w, s)
		}
	}
	show(w, fmt.Sprintf("mean of %d", len(names)), total.Shares(), total.Late, total.KnownLate)
	return nil
}

func show(w io.Writer, name string, s trial.Shares, late, known int) {
	fmt.Fprintf(w, "%-40.40s %6.3f %9.3f %6.2f %4.2f %5.2f %8.2f %7d/%d\n", name, s.Recall, s.Precision, s.Phases, s.Kind, s.Actor, s.Evidence, late, known)
}

func explain(w io.Writer, s trial.Score) {
	for _, k := range s.Missed {
		fmt.Fprintf(w, "  missed %s %-16s %s\n", k.At.Format(time.DateTime), k.ID, k.Title)
	}
	for _, e := range s.Excess {
		fmt.Fprintf(w, "  excess %s %-12s %.120s\n", e.At.Format(time.DateTime), e.Kind, e.Title)
	}
}
