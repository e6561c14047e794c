package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/graph"
)

func TestFactorsOfABoneStandBelowWhatTheyLedTo(t *testing.T) {
	factor := func(id string, tag hindcast.Tag, bone hindcast.Bone, to ...string) hindcast.Factor {
		x := hindcast.Factor{ID: id, Description: id, Tag: tag, Bone: bone}
		for _, id := range to {
			x.LedTo = append(x.LedTo, hindcast.Edge{To: id})
		}
		return x
	}
	p := hindcast.Postmortem{Factors: []hindcast.Factor{
		factor("deep", hindcast.Root, hindcast.BoneProcess, "middle"),
		factor("other", "", hindcast.BoneProcess, "elsewhere"),
		factor("middle", "", hindcast.BoneProcess, "elsewhere", "top"),
		factor("elsewhere", "", hindcast.BonePeople, hindcast.Outcome),
		factor("top", hindcast.Contributing, hindcast.BoneProcess, hindcast.Outcome),
		factor("alone", hindcast.Root, hindcast.BoneProcess, hindcast.Outcome),
	}}
	type line struct {
		ID    string
		Depth int
	}
	got := map[hindcast.Bone][]line{}
	for _, b := range graph.Of(p).Fishbone().Bones {
		for i, x := range b.Factors {
			got[b.Bone] = append(got[b.Bone], line{x.ID, b.Depth[i]})
		}
	}
	want := map[hindcast.Bone][]line{
		hindcast.BoneProcess: {{"alone", 0}, {"other", 0}, {"top", 0}, {"middle", 1}, {"deep", 2}},
		hindcast.BonePeople:  {{"elsewhere", 0}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the bones hold other factors than wanted (-want +got):\n%s", diff)
	}
}
