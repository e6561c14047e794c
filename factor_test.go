package hindcast_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
)

func TestNumberFactors(t *testing.T) {
	f := func(id string, n int) hindcast.Factor { return hindcast.Factor{ID: id, Number: n} }
	type list = []hindcast.Factor
	for name, tt := range map[string]struct{ before, list, want list }{
		"the first":                {nil, list{f("a", 0), f("b", 0)}, list{f("a", 1), f("b", 2)}},
		"a new one":                {list{f("a", 1), f("b", 2)}, list{f("new", 0), f("a", 1), f("b", 2)}, list{f("new", 3), f("a", 1), f("b", 2)}},
		"moved":                    {list{f("a", 1), f("b", 2)}, list{f("b", 2), f("a", 1)}, list{f("b", 2), f("a", 1)}},
		"one gone":                 {list{f("a", 1), f("b", 2), f("c", 3)}, list{f("a", 1), f("c", 3)}, list{f("a", 1), f("c", 3)}},
		"one gone and one new":     {list{f("a", 1), f("b", 2)}, list{f("a", 1), f("c", 0)}, list{f("a", 1), f("c", 3)}},
		"a number left out":        {list{f("a", 1), f("b", 2)}, list{f("a", 0), f("b", 2)}, list{f("a", 1), f("b", 2)}},
		"a number taken":           {list{f("a", 1), f("b", 2)}, list{f("c", 2), f("a", 1), f("b", 2)}, list{f("c", 3), f("a", 1), f("b", 2)}},
		"brought back, since used": {list{f("a", 1), f("c", 2)}, list{f("b", 2), f("a", 1), f("c", 2)}, list{f("b", 3), f("a", 1), f("c", 2)}},
		"chosen by hand":           {list{f("a", 1)}, list{f("a", 7), f("b", 0)}, list{f("a", 7), f("b", 8)}},
		"the same twice":           {nil, list{f("a", 4), f("b", 4), f("c", 0)}, list{f("a", 4), f("b", 5), f("c", 6)}},
		"none":                     {list{f("a", 1)}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, hindcast.NumberFactors(tt.before, tt.list)); d != "" {
				t.Errorf("NumberFactors (-want +got):\n%s", d)
			}
		})
	}
}

func TestLabel(t *testing.T) {
	if got := (hindcast.Factor{Number: 7}).Labeled("the queue"); got != "F7 the queue" {
		t.Errorf("Labeled = %q", got)
	}
	if got := (hindcast.Factor{}).Labeled("the queue"); got != "the queue" {
		t.Errorf("without a number: %q", got)
	}
}

func TestTakenUp(t *testing.T) {
	no := hindcast.Counterfactual{Answer: hindcast.AnswerNo}
	for name, tt := range map[string]struct {
		in   hindcast.Factor
		want hindcast.Tag
	}{
		"contributing":         {hindcast.Factor{TagBefore: hindcast.Contributing}, hindcast.Contributing},
		"root":                 {hindcast.Factor{TagBefore: hindcast.Root, Counterfactual: no}, hindcast.Root},
		"root without answer":  {hindcast.Factor{TagBefore: hindcast.Root}, ""},
		"tagged anew":          {hindcast.Factor{TagBefore: hindcast.Root, Counterfactual: no, Tag: hindcast.Mitigating}, hindcast.Mitigating},
		"nothing known before": {hindcast.Factor{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tt.in.TakenUp(); got.Tag != tt.want || got.TagBefore != "" {
				t.Errorf("TakenUp = %q, before %q; want %q", got.Tag, got.TagBefore, tt.want)
			}
		})
	}
	if out := (hindcast.Factor{RuledOutBy: "x", TagBefore: hindcast.Root}); out.TakenUp().TagBefore != hindcast.Root {
		t.Error("what is ruled out lost its tag")
	}
}
