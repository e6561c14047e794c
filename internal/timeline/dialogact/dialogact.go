// Package dialogact tells what a message does from its words, by weights learned
// from messages that were written and labeled for it.
//
// It is a multinomial logistic regression over words, pairs of words, the gist of
// the sentences and what the grammar says (D. Jurafsky, J. H. Martin, Speech and
// Language Processing, its chapters on logistic regression and dialog). The grammar
// is sure of the phrases that it knows; the weights speak for those that it does
// not. The messages are in the folder corpus, one file for each writer, a label
// and a message in each line; tools/dialogact learns weights.tsv from them.
package dialogact

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

//go:embed weights.tsv
var learned string

// model is the weights of [Weights], read when the first message is.
var model = sync.OnceValue(func() *Model {
	m, err := Parse(learned)
	if err != nil {
		panic("dialogact: weights.tsv: " + err.Error())
	}
	return m
})

// Odds are how much more likely each act is by a message's words than if all were
// as likely, as natural logarithms; the zero Odds say nothing.
type Odds map[speech.Act]float64

// most is how much words alone can say for or against an act.
const most = 3

// Read returns the odds of the acts of a text of which the grammar's reading and
// the gist are known, and, when it is, where it stands in the conversation.
func Read(text string, r speech.Reading, g gist.Gist, place ...string) Odds {
	m := model()
	out := make(Odds, len(m.Acts))
	for k, p := range m.probabilities(append(Features(text, r, g), place...)) {
		out[m.Acts[k]] = max(-most, min(most, math.Log(p*float64(len(m.Acts))+1e-9)))
	}
	return out
}

// Best returns the likeliest act and its probability.
func (o Odds) Best() (speech.Act, float64) {
	best, top := speech.Other, math.Inf(-1)
	for _, a := range acts {
		if x, ok := o[a]; ok && x > top {
			best, top = a, x
		}
	}
	return best, math.Exp(top) / float64(max(len(o), 1))
}

// Beside returns how likely a message says nothing of the incident itself: talk,
// thanks, logistics, questions, what is said again.
func (o Odds) Beside() float64 {
	sum := 0.0
	for _, a := range []speech.Act{speech.Other, speech.Social, speech.Question, speech.Taken, speech.Restated} {
		if x, ok := o[a]; ok {
			sum += math.Exp(x) / float64(len(o))
		}
	}
	return sum
}

// acts are all labels, in the order in which equal ones are preferred.
var acts = []speech.Act{
	speech.Other, speech.Social, speech.Question, speech.Hypothesis, speech.RuledOut, speech.Taken, speech.Report, speech.Observation, speech.Cause, speech.Decision,
	speech.Action, speech.Mitigation, speech.AllClear, speech.Communication, speech.Vendor, speech.Restated,
}

// Model is what was learned: for each feature a weight for each act.
type Model struct {
	Acts    []speech.Act
	weights map[string][]float64
}

// probabilities returns how likely each act is.
func (m *Model) probabilities(features []string) []float64 {
	out, n := make([]float64, len(m.Acts)), 0
	for _, f := range features {
		if w, ok := m.weights[f]; ok {
			n++
			for k, x := range w {
				out[k] += x
			}
		}
	}
	share := even(n)
	for k := range out {
		out[k] *= share
	}
	return softmax(out)
}

// even returns how much each of the features of a text counts, so that long texts are
// read with no more confidence than short ones: texts have the same Euclidean length.
func even(features int) float64 { return 6 / math.Sqrt(float64(max(features, 1))) }

// softmax turns scores into probabilities, in place.
func softmax(scores []float64) []float64 {
	top := math.Inf(-1)
	for _, x := range scores {
		top = max(top, x)
	}
	sum := 0.0
	for k, x := range scores {
		scores[k] = math.Exp(x - top)
		sum += scores[k]
	}
	for k := range scores {
		scores[k] /= sum
	}
	return scores
}

// Parse reads what [Model.String] wrote.
func Parse(text string) (*Model, error) {
	m := &Model{weights: map[string][]float64{}}
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if m.Acts == nil {
			for _, a := range fields[1:] {
				m.Acts = append(m.Acts, speech.Act(a))
			}
			continue
		}
		w := make([]float64, len(m.Acts))
		for k := range w {
			if k+1 >= len(fields) || fields[k+1] == "" {
				continue
			}
			n, err := strconv.Atoi(fields[k+1])
			if err != nil {
				return nil, err
			}
			w[k] = float64(n) / scale
		}
		m.weights[fields[0]] = w
	}
	return m, nil
}

// scale is how many steps a weight of 1 has in a file.
const scale = 50
