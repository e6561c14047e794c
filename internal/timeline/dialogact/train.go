package dialogact

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// Example is a message with what it does.
type Example struct {
	Act      speech.Act
	Text     string
	features []string
}

// ReadCorpus reads the lines of a writer: what a message does, a tab, the message, and,
// when it is of a conversation, a tab and where it stands there, as package dialog reads
// it. Empty lines, and those that begin with # and name a conversation, are passed over.
func ReadCorpus(text string) ([]Example, error) {
	g := speech.New()
	var out []Example
	n := 0
	for line := range strings.Lines(text) {
		n++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		act, said, ok := strings.Cut(line, "\t")
		if !ok || !slices.Contains(acts, speech.Act(act)) {
			return nil, fmt.Errorf("line %d does not begin with an act and a tab: %.60s", n, line)
		}
		said, place, _ := strings.Cut(said, "\t")
		known := append(Features(said, g.Read(said), gist.Read(said, nil)), strings.Fields(place)...)
		out = append(out, Example{speech.Act(act), said, known})
	}
	return out, nil
}

// How the weights are learned: by stochastic gradient descent with an L2 penalty.
const (
	epochs = 25
	rate   = 0.1
	decay  = 0.015
	slow   = 0.1 // how fast the rate falls
	seldom = 4   // how often a feature must occur
)

// Train learns weights from examples. The same examples give the same weights.
func Train(data []Example) *Model {
	m := &Model{Acts: acts}
	index := number(data)
	weights := make([][]float64, len(index))
	for i := range weights {
		weights[i] = make([]float64, len(acts))
	}
	known := make([][]int, len(data))
	for i, e := range data {
		for _, f := range e.features {
			if k, ok := index[f]; ok {
				known[i] = append(known[i], k)
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for n := range epochs {
		step := rate / (1 + slow*float64(n))
		for _, i := range r.Perm(len(data)) {
			descend(weights, known[i], slices.Index(acts, data[i].Act), step)
		}
	}
	m.weights = make(map[string][]float64, len(index))
	for f, k := range index {
		m.weights[f] = weights[k]
	}
	return m
}

// number numbers the features that occur often enough, in order.
func number(data []Example) map[string]int {
	count := map[string]int{}
	for _, e := range data {
		for _, f := range e.features {
			count[f]++
		}
	}
	out := map[string]int{}
	for _, f := range slices.Sorted(maps.Keys(count)) {
		if count[f] >= seldom {
			out[f] = len(out)
		}
	}
	return out
}

// descend goes one step towards weights that give an example its act.
func descend(weights [][]float64, features []int, act int, step float64) {
	p, share := make([]float64, len(acts)), even(len(features))
	for _, f := range features {
		for k, x := range weights[f] {
			p[k] += share * x
		}
	}
	softmax(p)
	p[act]--
	for _, f := range features {
		w := weights[f]
		for k := range w {
			w[k] -= step * (share*p[k] + decay*w[k])
		}
	}
}

// Accuracy returns which share of the examples the model gives their act, and
// those that it does not.
func (m *Model) Accuracy(data []Example) (share float64, wrong []Example) {
	for _, e := range data {
		p := m.probabilities(e.features)
		best := 0
		for k := range p {
			if p[k] > p[best] {
				best = k
			}
		}
		if m.Acts[best] != e.Act {
			wrong = append(wrong, e)
		}
	}
	return 1 - float64(len(wrong))/float64(max(len(data), 1)), wrong
}

// String writes the weights as a table: a line of the acts, then a line for each
// feature that says something.
func (m *Model) String() string {
	var b strings.Builder
	for _, a := range m.Acts {
		b.WriteString("\t" + string(a))
	}
	b.WriteString("\n")
	for _, f := range slices.Sorted(maps.Keys(m.weights)) {
		line, says := f, false
		for _, x := range m.weights[f] {
			line += "\t"
			if n := int(math.Round(x * scale)); n != 0 {
				line, says = fmt.Sprint(line, n), true
			}
		}
		if says {
			b.WriteString(strings.TrimRight(line, "\t") + "\n")
		}
	}
	return b.String()
}
