// Command keyrank learns the weights by which it is chosen which of the things that
// people said are key entries, from internal/timeline/keyrank/table.tsv, and writes
// them beside it. First it prints, for each set of incidents, how good the choice is
// by the weights of the other sets: sets are by different writers.
//
//	go run ./tools/keyrank
//	go run ./tools/keyrank -add NAME FOLDER...
//
// With -add it first adds incidents to the table, as a set of that name, or in place
// of the set of that name. Each folder or zip is a trial, see package trial. The table
// keeps numbers only.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/keyrank"
	"github.com/hindcast/hindcast/internal/timeline/logit"
)

var folder = filepath.Join("internal", "timeline", "keyrank")

func main() {
	set := flag.String("add", "", "add the incidents in the folders named to the table, as a set of this name")
	flag.Parse()
	if err := run(*set, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "keyrank:", err)
		os.Exit(1)
	}
}

func run(set string, dirs []string) error {
	path := filepath.Join(folder, "table.tsv")
	text, err := os.ReadFile(path)
	if err != nil && !(os.IsNotExist(err) && set != "") {
		return err
	}
	list, err := keyrank.ReadTable(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if set != "" {
		if list, err = add(list, set, dirs); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(keyrank.WriteTable(list)), 0o644); err != nil {
			return err
		}
	}
	report(list)
	m := logit.Learn(examples(list))
	return os.WriteFile(filepath.Join(folder, "weights.tsv"), []byte(m.String()), 0o644)
}

func examples(list []*keyrank.Incident) []logit.Example {
	var out []logit.Example
	for _, in := range list {
		out = append(out, in.Examples()...)
	}
	return out
}

// report prints how good the choice is in each set: by the rules alone, and by the
// weights of the other sets.
func report(list []*keyrank.Incident) {
	var names []string
	for _, in := range list {
		if !slices.Contains(names, in.Set) {
			names = append(names, in.Set)
		}
	}
	fmt.Println("set      recall, precision, f1: by the rules alone; by the weights of the other sets")
	var before, after []keyrank.Figures
	for _, name := range names {
		var own, others []*keyrank.Incident
		for _, in := range list {
			if in.Set == name {
				own = append(own, in)
			} else {
				others = append(others, in)
			}
		}
		m := logit.Learn(examples(others))
		var x, y []keyrank.Figures
		for _, in := range own {
			in.Apply(m)
			x = append(x, in.Score(func(r *keyrank.Row) bool { return r.Candidate == nil || r.Candidate.Rule }))
			y = append(y, in.Score(func(r *keyrank.Row) bool { return r.Candidate == nil || r.Candidate.Chosen }))
		}
		before, after = append(before, mean(x)), append(after, mean(y))
		show(name, mean(x), mean(y))
	}
	show("mean", mean(before), mean(after))
}

func show(name string, x, y keyrank.Figures) {
	fmt.Printf("%-8s %.3f %.3f %.3f; %.3f %.3f %.3f\n", name, x.Recall, x.Precision, x.F1, y.Recall, y.Precision, y.F1)
}

func mean(list []keyrank.Figures) keyrank.Figures {
	var out keyrank.Figures
	n := float64(max(1, len(list)))
	for _, f := range list {
		out.Recall += f.Recall / n
		out.Precision += f.Precision / n
		out.F1 += f.F1 / n
	}
	return out
}
