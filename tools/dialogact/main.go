// Command dialogact learns the weights by which messages are read from the
// messages in internal/timeline/dialogact/corpus, and writes them beside it. First
// it tells for each writer how many of the messages are read as labeled by weights
// that were learned from the others, and with -v which are not.
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
	verbose := flag.Bool("v", false, "print what is read in another way than it is labeled")
	flag.Parse()
	if err := learn(*verbose); err != nil {
		fmt.Fprintln(os.Stderr, "dialogact:", err)
		os.Exit(1)
	}
}

func learn(verbose bool) error {
	files, err := filepath.Glob(filepath.Join(folder, "corpus", "*.tsv"))
	if err != nil {
		return err
	}
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
	for i, name := range files {
		others := slices.Concat(slices.Concat(writers[:i]...), slices.Concat(writers[i+1:]...))
		m := dialogact.Train(others)
		share, wrong := m.Accuracy(writers[i])
		fmt.Printf("%s: %d messages, %.1f %% as labeled by the weights of the others\n", filepath.Base(name), len(writers[i]), 100*share)
		for _, e := range wrong {
			if verbose {
				fmt.Printf("  not %s: %s\n", e.Act, e.Text)
			}
		}
	}
	m := dialogact.Train(slices.Concat(writers...))
	return os.WriteFile(filepath.Join(folder, "weights.tsv"), []byte(m.String()), 0o644)
}
