// Package survival estimates how long things take when some of them are not over
// yet: by the method of Kaplan and Meier, every open one counts for as long as it has
// been open. A mean over closed ones alone looks the better the longer the rest stays
// open; this does not.
//
//	curve := survival.Estimate([]survival.Case{{Days: 6, Over: true}, {Days: 35}})
//	curve.Median // nil while fewer than half are known to be over
//
// Limits are for 95 %: Greenwood's variance on the scale of log(-log), which keeps
// them between 0 and 1, and for the median the days at which the limits pass one half
// (Brookmeyer and Crowley). It is pure.
package survival

import (
	"cmp"
	"math"
	"slices"
)

// Case is one thing that takes time.
type Case struct {
	Days int  // from its begin to its end or, when it is not over, until it was last seen open
	Over bool // else it is still open, or left for another reason
}

// Step is what is known of one day on which something was over.
type Step struct {
	Days   int     `json:"days"`
	AtRisk int     `json:"at_risk"`        // open until that day
	Over   int     `json:"over"`           // over on it
	Left   int     `json:"left"`           // seen open for the last time on it or since, before the next step
	Open   float64 `json:"open"`           // share that is open after it
	Error  float64 `json:"standard_error"` // of that share, after Greenwood
	Low    float64 `json:"low"`            // limits of that share; both Open when it is 0
	High   float64 `json:"high"`
}

// Curve is the share of things still open, by day.
type Curve struct {
	N, Over int // cases, and those that are over
	Left    int // cases that were last seen open before the first step
	Last    int // the longest time of any case
	Steps   []Step
	// Median is the first day after which at most half are open, nil while more than
	// half are. The limits are nil where the data do not tell them.
	Median, Low, High *int
}

// z is the deviation within which 95 % of a normal distribution lie.
const z = 1.959963984540054

// Estimate returns the curve of cases, in any order. Times below zero count as zero.
func Estimate(cases []Case) Curve {
	list := slices.Clone(cases)
	for i := range list {
		list[i].Days = max(list[i].Days, 0)
	}
	slices.SortFunc(list, func(a, b Case) int { return cmp.Compare(a.Days, b.Days) })
	c := Curve{N: len(list)}
	open, variance := 1.0, 0.0
	for i := 0; i < len(list); {
		day, risk := list[i].Days, len(list)-i
		over, left := 0, 0
		for ; i < len(list) && list[i].Days == day; i++ {
			if list[i].Over {
				over++
			} else {
				left++
			}
		}
		c.Over, c.Last = c.Over+over, day
		if over == 0 {
			c.leave(left)
			continue
		}
		open *= 1 - float64(over)/float64(risk)
		variance += float64(over) / (float64(risk) * float64(risk-over))
		c.Steps = append(c.Steps, step(Step{Days: day, AtRisk: risk, Over: over, Left: left, Open: open}, variance))
	}
	c.Median = c.first(func(s Step) bool { return s.Open <= half })
	c.Low = c.first(func(s Step) bool { return s.Low <= half })
	c.High = c.first(func(s Step) bool { return s.High <= half && s.Open > 0 })
	return c
}

// half is one half and what rounding adds to it.
const half = 0.5 + 1e-12

// leave counts cases that were last seen open behind the last step.
func (c *Curve) leave(n int) {
	if len(c.Steps) == 0 {
		c.Left += n
		return
	}
	c.Steps[len(c.Steps)-1].Left += n
}

// step fills in how sure a share is.
func step(s Step, variance float64) Step {
	s.Low, s.High = s.Open, s.Open
	if s.AtRisk == s.Over { // nothing is open any more
		s.Open, s.Low, s.High = 0, 0, 0
		return s
	}
	s.Error = s.Open * math.Sqrt(variance)
	width := z * math.Sqrt(variance) / math.Abs(math.Log(s.Open))
	s.Low, s.High = math.Pow(s.Open, math.Exp(width)), math.Pow(s.Open, math.Exp(-width))
	return s
}

// first returns the day of the first step that meets a condition.
func (c Curve) first(is func(Step) bool) *int {
	for _, s := range c.Steps {
		if is(s) {
			return &s.Days
		}
	}
	return nil
}

// At returns the share that is open after a number of days.
func (c Curve) At(days int) float64 {
	open := 1.0
	for _, s := range c.Steps {
		if s.Days > days {
			break
		}
		open = s.Open
	}
	return open
}
