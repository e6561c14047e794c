package gate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lint/gate"
)

// TestPolicyDecidesWhatBlocks checks a document without a due date against
// policies: what warns passes, what a person has to vouch for waits.
func TestPolicyDecidesWhatBlocks(t *testing.T) {
	l := newLinter(t)
	text := replace(t, sample(t, "mobile-api.md"), "  - Due: 2024-04-05\n", "")
	minor := replace(t, text, "severity: 1\nseverity_name: Critical", "severity: 4")
	for name, tt := range map[string]struct {
		text, policy string
		passes       bool
		actions      gate.State
	}{
		"by default":         {text, "severities:\n- level: 3\n  warns: []\n", false, gate.Fail},
		"warns":              {text, "severities:\n- level: 1\n  warns: [actions-specific]\n", true, gate.Fail},
		"of another level":   {text, "severities:\n- level: 2\n  warns: [actions-specific]\n", false, gate.Fail},
		"a new level":        {minor, "severities:\n- level: 4\n  name: Low\n  warns: [actions-specific]\n", true, gate.Fail},
		"a level it lacks":   {minor, "severities:\n- level: 1\n  warns: [actions-specific]\n", true, gate.Fail},
		"vouching asked":     {replace(t, minor, noAttestations, "---\n"), "severities:\n- level: 4\n  name: Low\n  warns: [actions-specific]\n  attests: [blameless]\n", false, gate.Fail},
		"vouching not asked": {replace(t, text, noAttestations, "---\n"), "severities:\n- level: 1\n  warns: [actions-specific]\n  attests: []\n", true, gate.Fail},
	} {
		policy, err := gate.ParsePolicy("policy.yaml", []byte(tt.policy))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := check(l, tt.text, gate.Options{Policy: policy, Today: soon})
		if got.Passed != tt.passes || of(got, hindcast.CriterionActionsSpecific).State != tt.actions {
			t.Errorf("%s: passed = %v, states = %v", name, got.Passed, states(got))
		}
	}
}

func TestParsePolicyKeepsWhatIsNotStated(t *testing.T) {
	got, err := gate.ParsePolicy("p.yaml", []byte("severities:\n- level: 5\n  name: Notice\n- level: 2\n  warns: [evidence-linked, evidence-linked]\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := hindcast.DefaultPolicy()
	want.Severities[1].Gate.Warns = []hindcast.Criterion{hindcast.CriterionEvidence}
	want.Severities = append(want.Severities, hindcast.Severity{Level: 5, Name: "Notice"})
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("policy (-want +got):\n%s", d)
	}
}

func TestParsePolicyNamesEveryFault(t *testing.T) {
	const criteria = "blameless, timeline-complete, root-causes, contributing-factors, actions-specific, learning-captured, evidence-linked"
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"empty":       {"", []string{"p.yaml:1: is empty; list the levels below severities"}},
		"no mapping":  {"- level: 1\n", []string{"p.yaml:1: holds no keys; write severities"}},
		"no list":     {"severities: high\n", []string{"p.yaml:1: severities is no list of levels; write - level: 1 and what changes there"}},
		"not YAML":    {"severities:\n- level: 1\n  warns: [a\n", []string{"p.yaml:2: did not find expected ',' or ']'"}},
		"another key": {"severities: [{level: 1}]\ntriggers: {}\n", []string{`p.yaml:2: there is no key "triggers"; the keys are severities`}},
		"many": {"severities:\n- level: 1\n  warn: []\n- level: 1\n- level: 4\n- name: x\n- level: zero\n- level: 2\n  warns: evidence-linked\n  attests:\n  - blameless\n  - evidence\n",
			[]string{
				`p.yaml:3: there is no key "warn"; the keys are level, name, warns, attests`,
				"p.yaml:4: level 1 is in line 2 already",
				"p.yaml:5: level 4 is new and has no name; write name: and the word that documents use",
				"p.yaml:6: a level has no number; write level: 1 for the most severe",
				`p.yaml:7: level "zero" is no number from 1`,
				"p.yaml:9: warns is no list of criteria; write warns: [evidence-linked], or [] for none",
				`p.yaml:12: there is no criterion "evidence"; the criteria are ` + criteria,
			}},
	} {
		_, err := gate.ParsePolicy("p.yaml", []byte(tt.text))
		if err == nil {
			t.Errorf("%s: no fault", name)
			continue
		}
		if d := cmp.Diff(tt.want, strings.Split(err.Error(), "\n")); d != "" {
			t.Errorf("%s: faults (-want +got):\n%s", name, d)
		}
	}
}
