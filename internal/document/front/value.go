package front

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	bareWord  = lazyregexp.New(`^[A-Za-z][A-Za-z0-9 ./_()+-]*$`)
	ambiguous = lazyregexp.New(`^(?i:y|n|yes|no|on|off|true|false|null|nan|inf)$`)
	digits    = lazyregexp.New(`^[1-9][0-9]{0,17}$`)
)

// scalar returns a string; nil when it is empty.
func scalar(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	return word(s)
}

// word returns a string, in quotes unless it cannot be taken for anything else.
func word(s string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
	if bareWord.MatchString(s) && !ambiguous.MatchString(s) && s == strings.TrimSpace(s) {
		n.Style = 0
	}
	return n
}

func wholeNumber(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: s}
}

func timeNode(t time.Time) *yaml.Node {
	if t.IsZero() {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: t.UTC().Format(time.RFC3339Nano)}
}

func dateNode(d hindcast.Date) *yaml.Node {
	if d.IsZero() {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!timestamp", Value: d.String()}
}

// mapping returns a mapping of names to values, without those that are nil.
func mapping(pairs ...any) *yaml.Node {
	m := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i < len(pairs); i += 2 {
		if n := pairs[i+1].(*yaml.Node); n != nil {
			m.Content = append(m.Content, word(pairs[i].(string)), n)
		}
	}
	return m
}

// sequence returns a list; nil when it is empty.
func sequence[T any](list []T, write func(T) *yaml.Node) *yaml.Node {
	if len(list) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, v := range list {
		n.Content = append(n.Content, write(v))
	}
	return n
}

func writeIncidentNumber(p *hindcast.Postmortem) *yaml.Node {
	if digits.MatchString(p.Incident.Number) {
		return wholeNumber(p.Incident.Number)
	}
	return scalar(p.Incident.Number)
}

func writeKind(p *hindcast.Postmortem) *yaml.Node {
	if p.Incident.Kind == hindcast.KindIncident {
		return nil
	}
	return scalar(string(p.Incident.Kind))
}

func writeSeverity(p *hindcast.Postmortem) *yaml.Node {
	if p.Incident.Severity == 0 {
		return nil
	}
	return wholeNumber(strconv.Itoa(p.Incident.Severity))
}

func writeServices(p *hindcast.Postmortem) *yaml.Node {
	n := sequence(p.Incident.Services, word)
	if n != nil {
		n.Style = yaml.FlowStyle
	}
	return n
}

func writeParticipants(p *hindcast.Postmortem) *yaml.Node {
	return sequence(p.Incident.Participants, func(x hindcast.Participant) *yaml.Node {
		return mapping("role", word(x.Role), "name", scalar(x.Name))
	})
}

func writeSeverityChanges(p *hindcast.Postmortem) *yaml.Node {
	return sequence(p.Incident.SeverityChanges, func(c hindcast.SeverityChange) *yaml.Node {
		return mapping("from", wholeNumber(strconv.Itoa(c.From)), "to", wholeNumber(strconv.Itoa(c.To)), "at", timeNode(c.At), "by", scalar(c.By), "reason", word(c.Reason))
	})
}

func writeHistory(p *hindcast.Postmortem) *yaml.Node {
	return sequence(p.History, func(t hindcast.Transition) *yaml.Node {
		return mapping("to", word(string(t.To)), "at", timeNode(t.At), "by", scalar(t.By), "reason", scalar(t.Reason))
	})
}

func writeAttestations(p *hindcast.Postmortem) *yaml.Node {
	return sequence(p.Attestations, func(a hindcast.Attestation) *yaml.Node {
		return mapping("criterion", word(string(a.Criterion)), "by", scalar(a.By), "on", dateNode(a.On), "note", scalar(a.Note))
	})
}

func writeWaivers(p *hindcast.Postmortem) *yaml.Node {
	return sequence(p.Waivers, func(w hindcast.Waiver) *yaml.Node {
		return mapping("rule", word(w.Rule), "reason", scalar(w.Reason), "by", scalar(w.By), "until", dateNode(w.Until))
	})
}

// scalarValue returns the text of a scalar as it was written; ok is false for
// lists and mappings. null is empty.
func scalarValue(n *yaml.Node) (s string, ok bool) {
	if n.Kind != yaml.ScalarNode {
		return "", false
	}
	if n.Tag == "!!null" {
		return "", true
	}
	return n.Value, true
}

func readString(at func(*hindcast.Postmortem) *string) func(*hindcast.Postmortem, *yaml.Node) string {
	return func(p *hindcast.Postmortem, n *yaml.Node) string {
		s, ok := scalarValue(n)
		if !ok {
			return "is a list; write one text"
		}
		*at(p) = s
		return ""
	}
}

var statuses = []hindcast.Status{hindcast.StatusDraft, hindcast.StatusInReview, hindcast.StatusApproved, hindcast.StatusPublished}

func readWord[W ~string](at func(*hindcast.Postmortem) *W, known ...W) func(*hindcast.Postmortem, *yaml.Node) string {
	return func(p *hindcast.Postmortem, n *yaml.Node) string {
		s, ok := scalarValue(n)
		if !ok {
			return "is a list; write one word"
		}
		w, complaint := syntax.KnownWord(s, known)
		if s == "" {
			return ""
		}
		if complaint == "" {
			*at(p) = w
		}
		return complaint
	}
}

func readTime(at func(*hindcast.Postmortem) *time.Time) func(*hindcast.Postmortem, *yaml.Node) string {
	return func(p *hindcast.Postmortem, n *yaml.Node) string {
		t, ok := nodeTime(n)
		if !ok {
			return "is no time; write it as 2024-03-15T14:37:00Z"
		}
		*at(p) = t
		return ""
	}
}

// nodeTime reads a time; an empty value is the zero time.
func nodeTime(n *yaml.Node) (time.Time, bool) {
	s, ok := scalarValue(n)
	if !ok || s == "" {
		return time.Time{}, ok
	}
	return syntax.ReadMoment(s, time.Time{})
}

func readFrontSeverity(p *hindcast.Postmortem, n *yaml.Node) string {
	s, ok := scalarValue(n)
	if !ok {
		return "is a list; write one level"
	}
	level, name := ReadSeverity(s)
	if s != "" && level == 0 {
		return "is no level of a severity policy; write its number, 1 is the most severe"
	}
	p.Incident.Severity = level
	if name != "" && p.Incident.SeverityName == "" {
		p.Incident.SeverityName = name
	}
	return ""
}

func readServices(p *hindcast.Postmortem, n *yaml.Node) string {
	if s, ok := scalarValue(n); ok {
		p.Incident.Services = SplitWords(s)
		return ""
	}
	if n.Kind != yaml.SequenceNode {
		return "is a mapping; write a list of names"
	}
	p.Incident.Services = nil
	for _, c := range n.Content {
		if s, ok := scalarValue(c); ok {
			p.Incident.Services = append(p.Incident.Services, s)
		}
	}
	return ""
}

// entries calls read for each mapping of a list with its scalars by name; a
// list entry that is a scalar has it under the first name. It returns the first
// thing that is wrong, or "".
func entries(n *yaml.Node, names []string, read func(map[string]string) string) (complaint string) {
	if s, ok := scalarValue(n); ok && s == "" {
		return ""
	}
	if n.Kind != yaml.SequenceNode {
		return "is not a list; begin each of its entries with - " + names[0] + ":"
	}
	for _, c := range n.Content {
		m := map[string]string{}
		if s, ok := scalarValue(c); ok {
			m[names[0]] = s
		}
		for i := 0; c.Kind == yaml.MappingNode && i+1 < len(c.Content); i += 2 {
			name := c.Content[i].Value
			m[name], _ = scalarValue(c.Content[i+1])
			if !slices.Contains(names, name) {
				complaint = cmp.Or(complaint, fmt.Sprintf("has the unknown key %q; known are %s", name, strings.Join(names, ", ")))
			}
		}
		complaint = cmp.Or(complaint, read(m))
	}
	return complaint
}

func readParticipants(p *hindcast.Postmortem, n *yaml.Node) string {
	return entries(n, []string{"role", "name"}, func(m map[string]string) string {
		p.Incident.Participants = append(p.Incident.Participants, hindcast.Participant{Role: m["role"], Name: m["name"]})
		return ""
	})
}

func readSeverityChanges(p *hindcast.Postmortem, n *yaml.Node) string {
	return entries(n, []string{"from", "to", "at", "by", "reason"}, func(m map[string]string) string {
		from, err1 := strconv.Atoi(m["from"])
		to, err2 := strconv.Atoi(m["to"])
		if err1 != nil || err2 != nil {
			return "has a level that is no number; write from and to as levels of the severity policy"
		}
		at, ok := syntax.ReadMoment(m["at"], time.Time{})
		p.Incident.SeverityChanges = append(p.Incident.SeverityChanges, hindcast.SeverityChange{From: from, To: to, At: at, By: m["by"], Reason: m["reason"]})
		if !ok && m["at"] != "" {
			return "has a time that is not understood; write it as 2024-03-15T14:37:00Z"
		}
		return ""
	})
}

func readHistory(p *hindcast.Postmortem, n *yaml.Node) string {
	return entries(n, []string{"to", "at", "by", "reason"}, func(m map[string]string) string {
		to, complaint := syntax.KnownWord(m["to"], statuses)
		if complaint != "" {
			return complaint
		}
		at, ok := syntax.ReadMoment(m["at"], time.Time{})
		if !ok && m["at"] != "" {
			complaint = "has a time that is not understood; write it as 2024-03-15T14:37:00Z"
		}
		p.History = append(p.History, hindcast.Transition{To: to, At: at, By: m["by"], Reason: m["reason"]})
		return complaint
	})
}

func readAttestations(p *hindcast.Postmortem, n *yaml.Node) string {
	return entries(n, []string{"criterion", "by", "on", "note"}, func(m map[string]string) string {
		on, complaint := frontDate(m["on"])
		p.Attestations = append(p.Attestations, hindcast.Attestation{Criterion: hindcast.Criterion(m["criterion"]), By: m["by"], On: on, Note: m["note"]})
		return complaint
	})
}

func readWaivers(p *hindcast.Postmortem, n *yaml.Node) string {
	return entries(n, []string{"rule", "reason", "by", "until"}, func(m map[string]string) string {
		until, complaint := frontDate(m["until"])
		p.Waivers = append(p.Waivers, hindcast.Waiver{Rule: m["rule"], Reason: m["reason"], By: m["by"], Until: until})
		return complaint
	})
}

func frontDate(s string) (hindcast.Date, string) {
	if s == "" {
		return hindcast.Date{}, ""
	}
	d, err := hindcast.ParseDate(s)
	if err != nil {
		return d, "has a day that is not understood; write it as YYYY-MM-DD"
	}
	return d, ""
}

// SplitWords reads names between commas.
func SplitWords(s string) []string {
	var out []string
	for _, w := range strings.Split(s, ",") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

var severity = lazyregexp.New(`^(?i:sev(?:erity)?|s|p|priority|level)?[-_ ]?([0-9])\b[ :-]*\(?(.*?)\)?$`)

// ReadSeverity reads "1", "SEV-1", "1 (Critical)" or the name of a level of the
// default policy; 0 when it is none of these.
func ReadSeverity(s string) (level int, name string) {
	if m := severity.FindStringSubmatch(strings.TrimSpace(s)); m != nil {
		level, _ = strconv.Atoi(m[1]) // one digit
		return level, m[2]
	}
	for _, l := range hindcast.DefaultPolicy().Severities {
		if strings.EqualFold(l.Name, strings.TrimSpace(s)) {
			return l.Level, l.Name
		}
	}
	return 0, ""
}
