package raw

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/timeline/changepoint"
)

func newChanges(env *command.Env) *cobra.Command {
	var counts bool
	cmd := &cobra.Command{
		Use:   "changes [--counts]",
		Short: "Find where a series of numbers changes",
		Long: `Changes reads one number a line from standard input and prints the indices of
the first value after each change, counted from 0, one a line. With --counts the
numbers are counts of events; otherwise they are measured values. NaN and empty
lines are missing values.`,
		Example: `  hindcast changes < latency.txt
  hindcast changes --counts < errors-per-minute.txt`,
		Args: cobra.NoArgs,
		RunE: command.Run(func(*cobra.Command, []string) error {
			values, err := numbers(env, counts)
			if err != nil {
				return err
			}
			found := changepoint.Metric(values).Changes
			if counts {
				found = changepoint.Counts(values, nil)
			}
			for _, i := range found {
				fmt.Fprintln(env.Stdout, i)
			}
			return nil
		}),
	}
	cmd.Flags().BoolVar(&counts, "counts", false, "the numbers are counts of events")
	return cmd
}

// numbers reads a number from each line of standard input. All faults are
// reported at once.
func numbers(env *command.Env, counts bool) ([]float64, error) {
	var out []float64
	var faults []error
	in := bufio.NewScanner(env.Stdin)
	for in.Scan() {
		text := strings.TrimSpace(in.Text())
		if text == "" {
			out = append(out, math.NaN())
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil && !errors.Is(err, strconv.ErrRange):
			faults = append(faults, fmt.Errorf("standard input line %d: this is not a number", len(out)+1))
		case counts && v < 0:
			faults = append(faults, fmt.Errorf("standard input line %d: a count cannot be negative", len(out)+1))
		}
		out = append(out, v)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	if len(faults) > 10 {
		faults = append(faults[:10], fmt.Errorf("and %d more lines", len(faults)-10))
	}
	return out, errors.Join(faults...)
}
