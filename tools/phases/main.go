// Command phases learns the weights by which phases are chosen: the report by which people
// noticed an incident (-of report), and when its impact began to fall (-of turn), from
// internal/timeline/NAME/table.tsv, and writes them beside it. First it prints, for each
// set of incidents, how many are right by the weights of the other sets: sets are by
// different writers.
//
//	go run ./tools/phases -of turn
//	go run ./tools/phases -of turn -add NAME FOLDER...
//
// With -add it first adds incidents to the table, as a set of that name, or in place
// of the set of that name. Each folder or zip is a trial, see package trial. The table
// keeps numbers only.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/hindcast/hindcast/internal/timeline/course"
	"github.com/hindcast/hindcast/internal/timeline/logit"
	"github.com/hindcast/hindcast/internal/timeline/report"
	"github.com/hindcast/hindcast/internal/timeline/turn"
	"github.com/hindcast/hindcast/tools/trial"
)

// learner is one thing that is learned.
type learner struct {
	logit.Chooser
	phase   string // as truth.json calls it
	choices func(r *course.Result) []choice
}

// choice is what could be chosen in an incident.
type choice struct {
	at       time.Time
	features logit.Features
}

var learners = map[string]learner{
	"turn": {turn.Chooser{}, "mitigated_at", func(r *course.Result) (out []choice) {
		for _, t := range r.Turns {
			out = append(out, choice{t.At, t.Features})
		}
		return out
	}},
	"report": {report.Chooser{}, "detected_at", func(r *course.Result) (out []choice) {
		for _, c := range r.Reports {
			out = append(out, choice{c.Fact.At, c.Features})
		}
		return out
	}},
}

func main() {
	of := flag.String("of", "", "what to learn: report or turn")
	set := flag.String("add", "", "add the incidents in the folders named to the table, as a set of this name")
	flag.Parse()
	l, ok := learners[*of]
	if !ok {
		fmt.Fprintf(os.Stderr, "phases: -of %q: say report or turn\n", *of)
		os.Exit(2)
	}
	if err := l.run(filepath.Join("internal", "timeline", *of), *set, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "phases:", err)
		os.Exit(1)
	}
}

func (l learner) run(folder, set string, dirs []string) error {
	path := filepath.Join(folder, "table.tsv")
	text, err := os.ReadFile(path)
	if err != nil && !(os.IsNotExist(err) && set != "") {
		return err
	}
	list, err := logit.ReadCases(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if set != "" {
		if list, err = l.add(list, set, dirs); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(logit.WriteCases(list)), 0o644); err != nil {
			return err
		}
	}
	right, sets := logit.Apart(list, l)
	all := 0
	for _, set := range sets {
		all += right[set]
		fmt.Printf("%-8s %d\n", set, right[set])
	}
	fmt.Printf("all      %d of %d by the weights of the other sets\n", all, len(list))
	return os.WriteFile(filepath.Join(folder, "weights.tsv"), []byte(l.Learn(list).String()), 0o644)
}

// add returns the list with the incidents in folders as the set of a name.
func (l learner) add(list []*logit.Case, set string, dirs []string) ([]*logit.Case, error) {
	list = slices.DeleteFunc(list, func(c *logit.Case) bool { return c.Set == set })
	for i, dir := range dirs {
		t, err := trial.Open(dir)
		if err != nil {
			return nil, err
		}
		_, weighed, err := t.Timeline()
		if err != nil {
			return nil, fmt.Errorf("read the incident in %s: %w", dir, err)
		}
		c := &logit.Case{Set: set, Name: strconv.Itoa(i + 1)}
		within := time.Duration(t.Truth.Tolerance[l.phase] * float64(time.Second))
		want := moment(t.Truth, l.phase)
		choices := l.choices(weighed.Phases)
		for _, o := range choices {
			c.Choices = append(c.Choices, logit.Choice{Second: int(o.at.Sub(choices[0].at).Round(time.Second).Seconds()), Right: o.at.Sub(want).Abs() <= within, Features: o.features})
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(x, y *logit.Case) int { return cmp.Compare(x.Set, y.Set) })
	return list, nil
}

// moment returns a phase of an incident by its name.
func moment(t trial.Truth, name string) time.Time {
	if name == "detected_at" {
		return t.Incident.DetectedAt
	}
	return t.Incident.MitigatedAt
}
