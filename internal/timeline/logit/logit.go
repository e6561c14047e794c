// Package logit tells how likely something is so by what is known of it: a logistic
// regression, whose weights are learned from examples by [Learn] and kept as text.
package logit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Features are what is known of one thing, by name; what is not there is zero.
type Features map[string]float64

// Is sets a feature that is there or not.
func (x Features) Is(name string, is bool) {
	if is {
		x[name] = 1
	}
}

// Num sets a value; it is rounded, so that all machines know the same.
func (x Features) Num(name string, v float64) {
	if v = math.Round(v*1000) / 1000; v != 0 {
		x[name] = v
	}
}

// Lag is a time as it counts in a feature: the first minutes most.
func Lag(d time.Duration) float64 { return math.Log1p(max(0, d.Minutes())) }

// Model is what was learned: a weight for each feature, and that of [constant].
type Model map[string]float64

// constant is the name of what counts for everything.
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

// Must returns the weights of a text that is part of the program.
func Must(text string) Model {
	m, err := Parse(text)
	if err != nil {
		panic("logit: " + err.Error())
	}
	return m
}

// Chance returns how likely it is so, in steps of a ten-thousandth.
func (m Model) Chance(x Features) float64 {
	z := m[constant]
	for _, name := range slices.Sorted(maps.Keys(x)) {
		z += m[name] * x[name]
	}
	return math.Round(1e4/(1+math.Exp(-z))) / 1e4
}
