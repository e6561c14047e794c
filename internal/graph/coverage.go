package graph

import (
	"github.com/hindcast/hindcast"
)

// Share is how many factors have something, and which do not.
type Share struct {
	Have    int      `json:"have"`
	Missing []string `json:"missing,omitempty"` // ids, in the order of the document
}

func (s *Share) count(x hindcast.Factor, has bool) {
	if has {
		s.Have++
		return
	}
	s.Missing = append(s.Missing, x.ID)
}

// Coverage says how far the analysis is, over the factors that were not ruled
// out.
type Coverage struct {
	Factors    int   `json:"factors"`
	Evidence   Share `json:"evidence"`
	Category   Share `json:"category"`
	Bone       Share `json:"bone"`
	Identified Share `json:"identified"` // says how it was found
	Action     Share `json:"action"`     // an action answers it or a factor that led to it
}

// Coverage counts what the factors have.
func (g *Graph) Coverage() Coverage {
	var c Coverage
	for _, x := range g.factors {
		if x.RuledOutBy != "" {
			continue
		}
		c.Factors++
		c.Evidence.count(x, len(x.Evidence) > 0)
		c.Category.count(x, x.Category != "")
		c.Bone.count(x, x.Bone != "")
		c.Identified.count(x, x.Identified != "")
		c.Action.count(x, g.answered(x.ID))
	}
	return c
}

// answered reports whether an action answers a factor or one behind it.
func (g *Graph) answered(id string) bool {
	seen := map[string]bool{}
	var visit func(id string) bool
	visit = func(id string) bool {
		if seen[id] {
			return false
		}
		seen[id] = true
		if len(g.actions[id]) > 0 {
			return true
		}
		for _, c := range g.causes[id] {
			if visit(g.factors[c.factor].ID) {
				return true
			}
		}
		return false
	}
	return visit(id)
}
