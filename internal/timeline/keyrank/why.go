package keyrank

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// saying are the features that a reader can follow, in words: for what there is
// much of, and for what there is little of.
var saying = map[string][2]string{
	"facts":      {"it has hard facts", "it has no hard facts"},
	"numbers":    {"it has figures", "it has no figures"},
	"code":       {"it quotes a system", ""},
	"words":      {"it says much", "it is short"},
	"weight":     {"its words are rare ones", "its words are of the everyday"},
	"fresh":      {"it tells what no other entry shows", "it tells little that other entries do not show"},
	"beside":     {"its words are of talk beside the matter", "its words are of the matter"},
	"echo":       {"others take it up", "nobody takes it up"},
	"thread":     {"it is in a thread", ""},
	"reactions":  {"others reacted to it", ""},
	"pause":      {"it came after a pause", "it came amid other messages"},
	"answers":    {"others wrote at once", "nobody wrote at once"},
	"hand":       {"its writer worked on it", "its writer changed nothing"},
	"ongoing":    {"it is under way", ""},
	"finding":    {"it stands where people found things", ""},
	"failing":    {"something fails by it", ""},
	"recorded":   {"records around it show the same", "no record shows the same"},
	"gapAll":     {"little was told shortly before", "much was told shortly before"},
	"first":      {"it is the first of its sort", ""},
	"rank":       {"many of its sort came before", ""},
	"talk":       {"much is said in all", "little is said in all"},
	"ruledShare": {"much that is said counts", "little that is said counts"},
	"goesOn":     {"it goes on with what its writer said", ""},
}

// usualValue is about how much of a feature a message has, to tell much from little.
var usualValue = map[string]float64{"facts": 0.5, "numbers": 0.6, "words": 2.4, "weight": 0.7, "fresh": 0.6, "beside": 0.3, "echo": 0.6, "pause": 0.3, "answers": 0.9, "hand": 0.5, "recorded": 0.4, "gapAll": 0.4, "rank": 0.7, "talk": 0.7, "ruledShare": 0.4}

// reasons is how many reasons are told.
const reasons = 2

// Why says in words what speaks most for a chosen candidate, or against another.
func (c *Candidate) Why() string {
	m := known()
	type part struct {
		says string
		much float64
	}
	var parts []part
	for _, name := range slices.Sorted(maps.Keys(saying)) {
		off := c.Features[name] - usualValue[name]
		w := m[name] * off
		says := saying[name][0]
		if off < 0 {
			says = saying[name][1]
		}
		if says != "" && (w > 0) == c.Chosen && w != 0 {
			parts = append(parts, part{says, math.Abs(w)})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.much, a.much) })
	var out []string
	for _, p := range parts[:min(reasons, len(parts))] {
		out = append(out, p.says)
	}
	told := strings.Join(out, ", ")
	if told != "" {
		told = ": " + told
	}
	if c.Chosen {
		return fmt.Sprintf("one of the things said that tell most (%.2f, of %.2f needed)%s", c.Chance, c.Needed, told)
	}
	return fmt.Sprintf("weaker than what is shown (%.2f, of %.2f needed)%s", c.Chance, c.Needed, told)
}
