package keyrank

import (
	_ "embed"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed weights.tsv
var learned string

// known is the weights of weights.tsv, read when the first message is.
var known = sync.OnceValue(func() Model {
	m, err := Parse(learned)
	if err != nil {
		panic("keyrank: weights.tsv: " + err.Error())
	}
	return m
})

// Model is what was learned: a weight for each feature, and that of [constant].
type Model map[string]float64

// constant is the name of what counts for every message.
const constant = "one"

// Parse reads what [Model.String] wrote: a name, a tab and a weight in each line.
func Parse(text string) (Model, error) {
	m := Model{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		w, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("the weight of %q is no number: %w", name, err)
		}
		m[name] = w
	}
	return m, nil
}

// String writes the weights, by name.
func (m Model) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "%s\t%s\n", name, strconv.FormatFloat(m[name], 'f', 4, 64))
	}
	return b.String()
}

// chance returns how likely a reader needs a message, in steps of a ten-thousandth.
func (m Model) chance(x map[string]float64) float64 {
	z := m[constant]
	for _, name := range slices.Sorted(maps.Keys(x)) {
		z += m[name] * x[name]
	}
	return math.Round(1e4/(1+math.Exp(-z))) / 1e4
}
