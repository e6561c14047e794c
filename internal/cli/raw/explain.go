package raw

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/evidence"
	"github.com/hindcast/hindcast/internal/export"
	"github.com/hindcast/hindcast/internal/redact"
)

const (
	neighbors    = 2       // shown on each side of the explained entry
	excerptLimit = 4 << 10 // bytes shown of one record
)

// explanation is the answer of explain.
type explanation struct {
	Entry  hindcast.Entry   `json:"entry"`
	Raw    []rawRecord      `json:"raw"`
	Before []hindcast.Entry `json:"before"`
	After  []hindcast.Entry `json:"after"`
}

// rawRecord is one reference with the lines it leads to, without secrets.
type rawRecord struct {
	hindcast.Ref
	Text string `json:"text"`
}

func newExplain(env *command.Env) *cobra.Command {
	var flags Flags
	var format string
	cmd := &cobra.Command{
		Use:   "explain [flags] ID EVIDENCE...",
		Short: "Say why an entry was chosen, or not, beside its raw lines",
		Long: `Explain prints one entry of the timeline with the rule and the numbers behind
it, the raw lines of its evidence, and its neighbors with the reasons why they
were or were not chosen. Secrets in raw lines are taken out.`,
		Example: `  hindcast timeline --all ./evidence        # shows the ids
  hindcast explain 3f9c21d07a55 ./evidence`,
		Args: cobra.MinimumNArgs(2),
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return command.Usagef("--format %s: choose text or json", format)
			}
			g, err := Gather(env, args[1:], &flags)
			if err != nil {
				return err
			}
			x, err := explain(g, args[0])
			if err != nil {
				return err
			}
			if format == "json" {
				enc := json.NewEncoder(env.Stdout)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				return enc.Encode(x)
			}
			x.write(env.Stdout)
			return nil
		}),
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

// explain finds the entry whose id is, or begins with, the one given.
func explain(g *Gathered, id string) (*explanation, error) {
	entries := g.Timeline.Entries
	at := slices.IndexFunc(entries, func(e hindcast.Entry) bool { return e.ID == id })
	if at < 0 {
		for i, e := range entries {
			if !strings.HasPrefix(e.ID, id) {
				continue
			}
			if at >= 0 {
				return nil, fmt.Errorf("several entries begin with %s; write more of the id", id)
			}
			at = i
		}
	}
	if at < 0 {
		return nil, fmt.Errorf("no entry %s comes from this evidence; 'hindcast timeline --all' shows the ids", id)
	}
	x := &explanation{
		Entry:  entries[at],
		Before: slices.Clone(entries[max(0, at-neighbors):at]),
		After:  slices.Clone(entries[at+1 : min(len(entries), at+1+neighbors)]),
	}
	clean := redact.New()
	raw := evidence.Excerpt(g.sources, x.Entry.Evidence, excerptLimit)
	for _, ref := range x.Entry.Evidence {
		x.Raw = append(x.Raw, rawRecord{ref, clean.Text(raw[ref])})
	}
	return x, nil
}

func (x *explanation) write(w io.Writer) {
	e := x.Entry
	chosen := "not chosen"
	if e.Key {
		chosen = "chosen"
	}
	fmt.Fprintf(w, "%s  %s  %s\n%s by %s (%s), %s with score %.2f\n\nWhy: %s\n", e.At.UTC().Format(time.RFC3339), e.ID, export.Printable(e.Title),
		e.Kind, export.Printable(e.Actor.Name), e.Actor.Kind, chosen, e.Score, export.Printable(e.Why))
	if late := e.KnownAt.Sub(e.At); late > 0 {
		fmt.Fprintf(w, "Known %s later, at %s.\n", hindcast.FormatDuration(late), e.KnownAt.UTC().Format(time.RFC3339))
	}
	for _, r := range x.Raw {
		fmt.Fprintf(w, "\n%s  sha256 %s\n", r.Ref, r.SHA256)
		for line := range strings.SplitSeq(r.Text, "\n") {
			fmt.Fprintf(w, "  | %s\n", export.Printable(line))
		}
	}
	writeNeighbors(w, "Before it", x.Before)
	writeNeighbors(w, "After it", x.After)
}

func writeNeighbors(w io.Writer, title string, entries []hindcast.Entry) {
	if len(entries) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, e := range entries {
		mark := " "
		if e.Key {
			mark = "*"
		}
		fmt.Fprintf(w, "  %s %s  %s  %s\n      %s\n", mark, e.At.UTC().Format(time.TimeOnly), e.ID, export.Printable(e.Title), export.Printable(e.Why))
	}
}
