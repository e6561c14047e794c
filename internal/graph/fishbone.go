package graph

import (
	"cmp"
	"slices"

	"github.com/hindcast/hindcast"
)

// Bone is one bone of the fishbone with the factors on it: roots first, and what led
// to another factor of the same bone below that one.
type Bone struct {
	Bone     hindcast.Bone
	Question string // what to ask while the bone is empty
	Factors  []hindcast.Factor
	Depth    []int // of each factor: how many factors it stands below
}

// Fishbone is the analysis in the form of Ishikawa's diagram.
type Fishbone struct {
	Bones    []Bone            // all of them, in drawing order
	Unplaced []hindcast.Factor // on no bone yet
	RuledOut []hindcast.Factor
}

// Fishbone groups the factors by bone. Hypotheses that were ruled out stand apart.
func (g *Graph) Fishbone() Fishbone {
	var out Fishbone
	for _, b := range hindcast.Bones() {
		out.Bones = append(out.Bones, Bone{Bone: b, Question: BoneQuestion(b)})
	}
	for _, x := range g.factors {
		i := slices.Index(hindcast.Bones(), x.Bone)
		switch {
		case x.RuledOutBy != "":
			out.RuledOut = append(out.RuledOut, x)
		case i < 0:
			out.Unplaced = append(out.Unplaced, x)
		default:
			out.Bones[i].Factors = append(out.Bones[i].Factors, x)
		}
	}
	for i := range out.Bones {
		out.Bones[i].nest()
	}
	return out
}

// above returns the factor of the bone below which another of it stands; empty when it
// stands on the bone.
func (b *Bone) above(i int) string {
	for k := i - 1; k >= 0; k-- {
		if b.Depth[k] == b.Depth[i]-1 {
			return b.Factors[k].ID
		}
	}
	return ""
}

// nest orders the factors of a bone.
func (b *Bone) nest() {
	list := b.Factors
	slices.SortStableFunc(list, func(x, y hindcast.Factor) int { return cmp.Compare(rank(x.Tag), rank(y.Tag)) })
	here := map[string]bool{}
	for _, x := range list {
		here[x.ID] = true
	}
	below := map[string][]hindcast.Factor{}
	for _, x := range list {
		above := ""
		if i := slices.IndexFunc(x.LedTo, func(e hindcast.Edge) bool { return here[e.To] }); i >= 0 {
			above = x.LedTo[i].To
		}
		below[above] = append(below[above], x)
	}
	b.Factors = nil
	var add func(above string, depth int)
	add = func(above string, depth int) {
		for _, x := range below[above] {
			b.Factors, b.Depth = append(b.Factors, x), append(b.Depth, depth)
			add(x.ID, depth+1)
		}
	}
	add("", 0)
}

// rank puts roots first and what helped last.
func rank(t hindcast.Tag) int {
	return slices.Index([]hindcast.Tag{hindcast.Root, "", hindcast.Contributing, hindcast.Detecting, hindcast.Mitigating}, t)
}

// BoneQuestion returns the question that an empty bone asks. It asks about
// conditions, never about who.
func BoneQuestion(b hindcast.Bone) string {
	switch b {
	case hindcast.BonePeople:
		return "How did workload, handovers or what people could know play a part?"
	case hindcast.BoneProcess:
		return "Which review, test or rollout step could have kept this from users?"
	case hindcast.BoneTechnology:
		return "Which part of the software or its tools made this possible or worse?"
	case hindcast.BoneEnvironment:
		return "What in data, traffic, vendors or the platform was different this time?"
	}
	return ""
}
