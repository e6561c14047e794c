package wording

import (
	"strings"
	"unicode"

	"github.com/hindcast/hindcast/internal/lint/sentence"
	"github.com/hindcast/hindcast/internal/lint/word"
)

// due reports whether "should have" says what is expected of things by a moment:
// "caches should have expired by 12:30". Of people, and of what keeps incidents
// away, it is a judgment: "the alert should have fired by 12:30".
func (k *Counterfactual) due(t []sentence.Token, i, last int) bool {
	for _, x := range t[word.Clause(t, i):i] {
		if k.People[x.Norm] || k.Pronouns[x.Norm] || x.Norm == "we" || k.controls[x.Norm] {
			return false
		}
	}
	for j := last + 1; j+1 < min(len(t), last+9) && !word.Breaks(t[j]); j++ {
		if t[j].Norm == "by" && (moments[t[j+1].Norm] || strings.IndexFunc(t[j+1].Norm, unicode.IsDigit) == 0) {
			return true
		}
	}
	return false
}

// moments are words for the time at which something is expected.
var moments = word.NewSet(strings.Fields("now then today tonight tomorrow noon midnight"))

// repeated reports whether the fault itself is imagined elsewhere or at another
// time: "during the day the same fault would have stopped every till".
func repeated(t []sentence.Token, i, last int) bool {
	from := word.Clause(t, i)
	if refused(t, i, last) {
		return false
	}
	for j := i - 1; j > from; j-- {
		if faults[t[j].Norm] {
			w := t[j-1].Norm
			return w == "same" || w == "similar" || w == "identical" || w == "such"
		}
	}
	return false
}

// faults are nouns for what went wrong.
var faults = word.NewSet(strings.Fields("fault bug failure error mistake incident outage defect change crash problem issue misconfiguration leak typo"))

// opened reports whether the verb at last says what a flaw lets strangers do:
// "would have allowed anyone on the network to".
func opened(t []sentence.Token, last int) bool {
	if !grants[t[last].Norm] {
		return false
	}
	for j := last + 1; j < min(len(t), last+4); j++ {
		if strangers[t[j].Norm] {
			return true
		}
	}
	return false
}

// strangers are those whom nobody wants to let in.
var strangers = word.NewSet(strings.Fields("anyone anybody attacker attackers strangers outsiders unauthenticated unauthorized malicious guests intruder intruders"))

// chain reports whether could or might tells of harm that a thing nearly set off:
// "stale prices could have triggered margin calls". What keeps incidents away is
// meant to trigger, and people are judged.
func (k *Counterfactual) chain(t []sentence.Token, i, last int) bool {
	if m := t[i].Norm; m != "could" && m != "might" || !sparks[t[last].Norm] || t[last-1].Norm == "been" || i == 0 {
		return false
	}
	for _, x := range t[word.Clause(t, i):i] {
		if k.People[x.Norm] || k.Pronouns[x.Norm] || x.Norm == "we" || k.controls[x.Norm] {
			return false
		}
	}
	return true
}

// sparks are verbs of one thing that sets off another.
var sparks = word.NewSet(strings.Fields("triggered forced led tripped caused"))

// weighed reports whether another way is named with its price, as a reason for
// the way that was taken: "restoring the backup would have meant losing a day".
func (k *Counterfactual) weighed(t []sentence.Token, i, last int) bool {
	switch t[last].Norm {
	case "meant", "required", "taken", "cost", "risked", "needed":
	default:
		return false
	}
	from := word.Clause(t, i)
	if from == i || !strings.HasSuffix(t[from].Norm, "ing") || k.controls[t[from].Norm] {
		return false
	}
	for _, x := range t[last+1 : min(len(t), last+6)] {
		if k.good[x.Norm] {
			return false
		}
	}
	return true
}
