// Command turns learns the weights by which it is chosen when the impact of an incident
// began to fall, from internal/timeline/turn/table.tsv, and writes them beside it. First
// it prints, for each set of incidents, how many are right by the weights of the other
// sets: sets are by different writers.
//
//	go run ./tools/turns
//	go run ./tools/turns -add NAME FOLDER...
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

	"github.com/hindcast/hindcast/internal/timeline/turn"
	"github.com/hindcast/hindcast/tools/trial"
)

var folder = filepath.Join("internal", "timeline", "turn")

func main() {
	set := flag.String("add", "", "add the incidents in the folders named to the table, as a set of this name")
	flag.Parse()
	if err := run(*set, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "turns:", err)
		os.Exit(1)
	}
}

func run(set string, dirs []string) error {
	path := filepath.Join(folder, "table.tsv")
	text, err := os.ReadFile(path)
	if err != nil && !(os.IsNotExist(err) && set != "") {
		return err
	}
	list, err := turn.ReadCases(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if set != "" {
		if list, err = add(list, set, dirs); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(turn.WriteCases(list)), 0o644); err != nil {
			return err
		}
	}
	report(list)
	return os.WriteFile(filepath.Join(folder, "weights.tsv"), []byte(turn.Learn(list).String()), 0o644)
}

// add returns the list with the incidents in folders as the set of a name.
func add(list []*turn.Case, set string, dirs []string) ([]*turn.Case, error) {
	list = slices.DeleteFunc(list, func(c *turn.Case) bool { return c.Set == set })
	for i, dir := range dirs {
		t, err := trial.Open(dir)
		if err != nil {
			return nil, err
		}
		_, weighed, err := t.Timeline()
		if err != nil {
			return nil, fmt.Errorf("read the incident in %s: %w", dir, err)
		}
		c := &turn.Case{Set: set, Name: strconv.Itoa(i + 1), Turns: weighed.Turns}
		within := time.Duration(t.Truth.Tolerance["mitigated_at"] * float64(time.Second))
		for _, tn := range c.Turns {
			c.Right = append(c.Right, tn.At.Sub(t.Truth.Incident.MitigatedAt).Abs() <= within)
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(x, y *turn.Case) int { return cmp.Compare(x.Set, y.Set) })
	return list, nil
}

// report prints how many incidents of each set are right by the weights of the others.
func report(list []*turn.Case) {
	byOthers, byAll := 0, 0
	whole := turn.Learn(list)
	for _, set := range sets(list) {
		m := turn.Learn(slices.DeleteFunc(slices.Clone(list), func(c *turn.Case) bool { return c.Set == set }))
		n, right := 0, 0
		for _, c := range list {
			if c.Set != set {
				continue
			}
			n++
			if c.Hits(m) {
				right++
			}
			if c.Hits(whole) {
				byAll++
			}
		}
		byOthers += right
		fmt.Printf("%-8s %d of %d\n", set, right, n)
	}
	fmt.Printf("all      %d of %d by the weights of the other sets, %d by those of all\n", byOthers, len(list), byAll)
}

func sets(list []*turn.Case) []string {
	var out []string
	for _, c := range list {
		if !slices.Contains(out, c.Set) {
			out = append(out, c.Set)
		}
	}
	return out
}
