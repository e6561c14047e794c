package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/tools/trial"
)

// renew reads anew where the messages of incidents stand in their conversations, and
// writes it into the files of the corpus that hold them.
func renew(files, dirs []string) error {
	talks := map[string][]*fact.Fact{}
	for _, dir := range dirs {
		t, err := trial.Open(dir)
		if err != nil {
			return err
		}
		_, weighed, err := t.Timeline()
		if err != nil {
			return fmt.Errorf("read the incident in %s: %w", dir, err)
		}
		if weighed.Phases == nil {
			return fmt.Errorf("%s: no phases were found in it", dir)
		}
		for _, f := range weighed.Phases.Judge.Facts {
			if f.Class == fact.Said {
				name := strings.TrimSuffix(filepath.Base(filepath.Clean(dir)), ".zip")
				talks[name] = append(talks[name], f)
			}
		}
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if out := placed(string(text), talks); out != string(text) {
			if err := os.WriteFile(name, []byte(out), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// placed returns the lines of a file of the corpus with where their messages stand in
// talks, by the name of the incident; those of other incidents stay as they are.
func placed(text string, talks map[string][]*fact.Fact) string {
	var out strings.Builder
	var talk []*fact.Fact
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			talk = talks[name]
		} else if cells := strings.Split(line, "\t"); len(cells) > 1 && talk != nil {
			line = cells[0] + "\t" + cells[1]
			for i, f := range talk {
				if f != nil && strings.Join(strings.Fields(f.Text()), " ") == cells[1] {
					line += "\t" + strings.Join(f.Place, " ")
					talk[i] = nil // who writes the same twice stands elsewhere then
					break
				}
			}
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}
