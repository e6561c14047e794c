// Command dialogact learns the weights by which messages are read from the
// messages in internal/timeline/dialogact/corpus, and writes them beside it.
//
//	go run ./tools/dialogact
//	go run ./tools/dialogact -apart
//	go run ./tools/dialogact -without o.tsv
//	go run ./tools/dialogact -renew FOLDER...
//
// With -apart it first tells for each writer how many of the messages are read as
// labeled by weights that were learned from the others, and with -v which are not. With
// -without it learns from the other files only: tables of incidents whose conversations
// are in a file must be made with weights that do not know them, as those will not of
// whoever uses the program. With -renew it first reads anew where the messages stand in
// the conversations of incidents, each a folder or zip, see package trial.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/hindcast/hindcast/internal/timeline/dialogact"
)

const folder = "internal/timeline/dialogact"

func main() {
	apart := flag.Bool("apart", false, "tell how each writer is read by what the others teach")
	verbose := flag.Bool("v", false, "with -apart, print what is read in another way than it is labeled")
	without := flag.String("without", "", "do not learn from the file of this name")
	anew := flag.Bool("renew", false, "read anew where messages stand in the incidents named")
	flag.Parse()
	if err := run(*apart, *verbose, *anew, *without, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "dialogact:", err)
		os.Exit(1)
	}
}

func run(apart, verbose, anew bool, without string, dirs []string) error {
	files, err := filepath.Glob(filepath.Join(folder, "corpus", "*.tsv"))
	if err != nil {
		return err
	}
	if anew {
		if err := renew(files, dirs); err != nil {
			return err
		}
	}
	files = slices.DeleteFunc(files, func(name string) bool { return filepath.Base(name) == without })
	writers := make([][]dialogact.Example, len(files))
	for i, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if writers[i], err = dialogact.ReadCorpus(string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if apart {
		compare(files, writers, verbose)
	}
	m := dialogact.Train(slices.Concat(writers...))
	return os.WriteFile(filepath.Join(folder, "weights.tsv"), []byte(m.String()), 0o644)
}

// compare tells how many messages of each writer are read as labeled by the weights that
// the others teach.
func compare(files []string, writers [][]dialogact.Example, verbose bool) {
	for i, name := range files {
		others := slices.Concat(slices.Concat(writers[:i]...), slices.Concat(writers[i+1:]...))
		share, wrong := dialogact.Train(others).Accuracy(writers[i])
		fmt.Printf("%s: %d messages, %.1f %% as labeled by the weights of the others\n", filepath.Base(name), len(writers[i]), 100*share)
		for _, e := range wrong {
			if verbose {
				fmt.Printf("  not %s: %s\n", e.Act, e.Text)
			}
		}
	}
}
