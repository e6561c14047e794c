package logit

import "testing"

func TestLearn(t *testing.T) {
	var list []Example
	for i := range 40 {
		e := Example{Features: Features{"noise": float64(i % 3)}, Is: i%2 == 0, Weight: 1}
		if e.Is {
			e.Features["tells"] = 1
		}
		list = append(list, e)
	}
	list = append(list, Example{Features: Features{"rare": 1}, Weight: 1})
	m := Learn(list)
	if yes, no := m.Chance(Features{"tells": 1}), m.Chance(nil); yes < 0.6 || no > 0.4 {
		t.Errorf("chances with and without what tells are %.2f and %.2f, want over 0.6 and under 0.4", yes, no)
	}
	if _, ok := m["rare"]; ok {
		t.Error("a feature that occurs once has a weight")
	}
	back, err := Parse(m.String())
	if err != nil || back.String() != m.String() {
		t.Errorf("Parse() of String() = %v, %v, want the weights", back, err)
	}
	if _, err := Parse("words\tmany\n"); err == nil {
		t.Error("Parse() of a weight that is no number gives no error")
	}
}

func TestCasesThatCannotBeRead(t *testing.T) {
	const head = "set\tincident\tsecond\tright\tgood\n"
	for _, bad := range []string{head + "a\t1\tsoon\t1\t2\n", head + "a\t1\t5\n", head + "a\t1\t5\t1\tx\n"} {
		if _, err := ReadCases(bad); err == nil {
			t.Errorf("ReadCases(%q) gives no error", bad)
		}
	}
}
