package gate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
)

// ParsePolicy returns the default severity policy with what a file changes: which
// criteria warn at a level instead of blocking, and which a person vouches for.
//
//	severities:
//	  - level: 1
//	    attests: [timeline-complete]
//	  - level: 4
//	    name: Low
//	    warns: [evidence-linked, contributing-factors]
//
// A level that the default policy has keeps what the file does not state; another
// needs a name. All faults are reported, each as "name:line: what is wrong".
func ParsePolicy(name string, text []byte) (hindcast.Policy, error) {
	r := policyReader{name: name, policy: hindcast.DefaultPolicy()}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return r.policy, hindcast.Errorf(hindcast.Invalid, "%s:%s", name, strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "line "))
	}
	if len(doc.Content) == 0 {
		r.fault(&yaml.Node{Line: 1}, "is empty; list the levels below severities")
		return r.policy, errors.Join(r.faults...)
	}
	r.file(doc.Content[0])
	slices.SortStableFunc(r.policy.Severities, func(a, b hindcast.Severity) int { return a.Level - b.Level })
	return r.policy, errors.Join(r.faults...)
}

// policyReader reads the file of a policy and collects its faults.
type policyReader struct {
	name   string
	policy hindcast.Policy
	seen   map[int]int // the line of each level
	faults []error
}

func (r *policyReader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, hindcast.Errorf(hindcast.Invalid, "%s:%d: %s", r.name, n.Line, fmt.Sprintf(format, args...)))
}

// keys calls a function for each key of a mapping, and reports those that are not
// among the known ones, and those that are there twice.
func (r *policyReader) keys(n *yaml.Node, known []string, each func(key string, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.fault(n, "holds no keys; write %s", strings.Join(known, ", "))
		return
	}
	var have []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case !slices.Contains(known, key.Value):
			r.fault(key, "there is no key %q; the keys are %s", key.Value, strings.Join(known, ", "))
		case slices.Contains(have, key.Value):
			r.fault(key, "%s is there twice", key.Value)
		default:
			have = append(have, key.Value)
			each(key.Value, n.Content[i+1])
		}
	}
}

func (r *policyReader) file(n *yaml.Node) {
	r.seen = map[int]int{}
	r.keys(n, []string{"severities"}, func(_ string, list *yaml.Node) {
		if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
			r.fault(list, "severities is no list of levels; write - level: 1 and what changes there")
			return
		}
		for _, item := range list.Content {
			r.level(item)
		}
	})
}

// level reads one level over the one that the policy has.
func (r *policyReader) level(n *yaml.Node) {
	number := &yaml.Node{Line: n.Line}
	values := map[string]*yaml.Node{}
	before := len(r.faults)
	r.keys(n, []string{"level", "name", "warns", "attests"}, func(key string, value *yaml.Node) {
		values[key] = value
		if key == "level" {
			number = value
		}
	})
	level := 0
	if values["level"] == nil {
		if len(r.faults) == before {
			r.fault(n, "a level has no number; write level: 1 for the most severe")
		}
	} else if err := number.Decode(&level); err != nil || level < 1 {
		r.fault(number, "level %q is no number from 1", number.Value)
	}
	s := hindcast.Severity{Level: level}
	at := slices.IndexFunc(r.policy.Severities, func(have hindcast.Severity) bool { return have.Level == level })
	if at >= 0 {
		s = r.policy.Severities[at]
	}
	r.fill(&s, values)
	switch line, twice := r.seen[level]; {
	case level < 1:
		return
	case twice:
		r.fault(number, "level %d is in line %d already", level, line)
	case s.Name == "":
		r.fault(number, "level %d is new and has no name; write name: and the word that documents use", level)
	}
	r.seen[level] = number.Line
	if at < 0 {
		at = len(r.policy.Severities)
		r.policy.Severities = append(r.policy.Severities, s)
	}
	r.policy.Severities[at] = s
}

// fill sets what a level states.
func (r *policyReader) fill(s *hindcast.Severity, values map[string]*yaml.Node) {
	if n := values["name"]; n != nil {
		if s.Name = strings.TrimSpace(n.Value); n.Kind != yaml.ScalarNode || s.Name == "" {
			r.fault(n, "name is no word")
		}
	}
	if n := values["warns"]; n != nil {
		s.Gate.Warns = r.criteria("warns", n)
	}
	if n := values["attests"]; n != nil {
		s.Gate.Attests = r.criteria("attests", n)
	}
}

// criteria reads a list of criteria.
func (r *policyReader) criteria(key string, n *yaml.Node) []hindcast.Criterion {
	var out []hindcast.Criterion
	if n.Kind != yaml.SequenceNode {
		r.fault(n, "%s is no list of criteria; write %s: [evidence-linked], or [] for none", key, key)
		return nil
	}
	var known []string
	for _, c := range hindcast.Checklist() {
		known = append(known, string(c.Criterion))
	}
	for _, item := range n.Content {
		switch c := hindcast.Criterion(item.Value); {
		case item.Kind != yaml.ScalarNode || !slices.Contains(known, item.Value):
			r.fault(item, "there is no criterion %q; the criteria are %s", item.Value, strings.Join(known, ", "))
		case !slices.Contains(out, c):
			out = append(out, c)
		}
	}
	return out
}
