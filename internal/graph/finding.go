package graph

import (
	"fmt"

	"github.com/hindcast/hindcast"
)

// The rules of findings.
const (
	RuleOrphanRoot  = "orphan-root"   // a root from which no path leads to the incident
	RuleUnconnected = "unconnected"   // another factor from which none does
	RuleNoEvidence  = "root-evidence" // a root that rests on no evidence
	RuleNoAction    = "open-end"      // a chain of whys whose end no action answers
	RuleUntaggedEnd = "untagged-end"  // a chain whose end is not said to be a root or contributing
	RuleStopsEarly  = "stops-early"   // a chain that ends at a person or at the nearest cause
	RuleShortChain  = "short-chain"   // a root after fewer than three whys
	RuleSingleBone  = "single-bone"   // all factors on one bone
)

// leastWhys is the number of whys below which a root is likely to be shallow.
const leastWhys = 3

// Finding is something in the analysis that is worth a look. None of them makes a
// post-mortem invalid.
type Finding struct {
	Rule     string                `json:"rule"`
	Level    hindcast.FindingLevel `json:"level"`
	Factor   string                `json:"factor,omitempty"` // id; empty for the analysis as a whole
	Message  string                `json:"message"`
	Question string                `json:"question,omitempty"` // what to ask next
}

// Findings returns what is worth a look: first by factor in the order of the
// document, then by the ends of the whys, then of the whole.
func (g *Graph) Findings(judge Judge) []Finding {
	var out []Finding
	for _, x := range g.factors {
		if x.RuledOutBy == "" {
			out = append(out, g.ofFactor(x)...)
		}
	}
	out = ofEnds(out, g.Whys(judge))
	return append(out, g.ofWhole()...)
}

// ofEnds adds what there is to say of the ends of a tree of whys.
func ofEnds(out []Finding, tree []Why) []Finding {
	for _, y := range tree {
		out = ofEnds(append(out, ofEnd(y)...), y.Causes)
	}
	return out
}

func (g *Graph) ofFactor(x hindcast.Factor) []Finding {
	var out []Finding
	switch {
	case g.reaches[x.ID]:
	case x.Tag == hindcast.Root:
		out = append(out, Finding{RuleOrphanRoot, hindcast.FindingError, x.ID,
			"this root does not lead to the incident; link it to what it led to", "What did it lead to?"})
	case len(x.LedTo) == 0 && len(g.causes[x.ID]) == 0:
		out = append(out, Finding{RuleUnconnected, hindcast.FindingWarning, x.ID,
			"nothing led to this factor and it leads nowhere; link it, or say what ruled it out", "What did it lead to?"})
	default:
		out = append(out, Finding{RuleUnconnected, hindcast.FindingWarning, x.ID,
			"no path leads from this factor to the incident; link the last factor of its chain", "What did it lead to in the end?"})
	}
	if x.Tag == hindcast.Root && len(x.Evidence) == 0 {
		out = append(out, Finding{RuleNoEvidence, hindcast.FindingWarning, x.ID,
			"no evidence supports this root; name the record that shows it", "How do we know?"})
	}
	return out
}

// ofEnd looks at where a chain of whys ends.
func ofEnd(last Why) []Finding {
	if last.End == nil {
		return nil
	}
	x, next := last.Factor, nextQuestion(last.Level+1)
	var out []Finding
	switch last.End.Stop {
	case StopPerson:
		out = append(out, Finding{RuleStopsEarly, hindcast.FindingWarning, x.ID,
			"the chain stops at what somebody did; add what made it possible and let it lead here", "How did the system make that the likely thing to do?"})
	case StopProximate:
		out = append(out, Finding{RuleStopsEarly, hindcast.FindingWarning, x.ID,
			"the chain stops at the nearest cause; ask why again", next})
	default:
		if x.Tag == hindcast.Root && last.Level < leastWhys {
			out = append(out, Finding{RuleShortChain, hindcast.FindingNote, x.ID,
				fmt.Sprintf("this root comes after %s; go on until an action can change the answer", plural(last.Level, "why")), next})
		}
	}
	if x.Tag == "" {
		out = append(out, Finding{RuleUntaggedEnd, hindcast.FindingNote, x.ID,
			"the chain ends here and nothing says which part this played; tag it, or go on", "Would the incident have happened without it?"})
	}
	if len(last.End.Actions) == 0 {
		out = append(out, Finding{RuleNoAction, hindcast.FindingNote, x.ID,
			"no action answers the end of this chain; add one, or ask why again", "What will make this different next time?"})
	}
	return out
}

// nextQuestion returns the question of a level, the last one for all below it.
func nextQuestion(level int) string {
	levels := hindcast.FiveWhys()
	return levels[min(level, len(levels))-1].Question
}

func plural(n int, noun string) string {
	if n == 1 {
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ofWhole looks at the analysis as a whole.
func (g *Graph) ofWhole() []Finding {
	var only hindcast.Bone
	n := 0
	for _, x := range g.factors {
		if x.RuledOutBy != "" {
			continue
		}
		if x.Bone == "" || n > 0 && x.Bone != only {
			return nil
		}
		only = x.Bone
		n++
	}
	if n < 3 {
		return nil
	}
	other := hindcast.BoneProcess
	if only == other {
		other = hindcast.BoneTechnology
	}
	return []Finding{{RuleSingleBone, hindcast.FindingWarning, "",
		fmt.Sprintf("all %d factors are of one kind, %s; look at the other bones too", n, only), BoneQuestion(other)}}
}
