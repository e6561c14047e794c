package change

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/part"
)

// FieldFault is a rule that an edit would break, at the field that breaks it.
type FieldFault struct {
	Path    string `json:"path"`            // the part: "actions/a1"
	Field   string `json:"field,omitempty"` // in the part's value: "due"
	Message string `json:"message"`
}

// Faults is the error of an edit after which the document would be wrong. It is
// Invalid.
type Faults []FieldFault

// Error lists the faults.
func (f Faults) Error() string {
	var lines []string
	for _, x := range f {
		where, isPhase := strings.CutPrefix(x.Path, "phases/")
		if x.Field != "" && !isPhase {
			where += " " + x.Field
		}
		lines = append(lines, strings.TrimSpace(where+" "+x.Message))
	}
	return strings.Join(lines, "; ")
}

// Unwrap returns the error that gives Faults their code.
func (f Faults) Unwrap() error { return hindcast.Errorf(hindcast.Invalid, "%s", f.Error()) }

// Check returns the [Faults] of next that before did not have, nil when there are none.
func Check(before, next hindcast.Postmortem) error {
	known := map[string]bool{}
	for _, f := range before.Validate() {
		path, field := locate(&before, f.Path)
		known[path+" "+field+" "+f.Message] = true
	}
	out := longTexts(before, next)
	for _, f := range next.Validate() {
		path, field := locate(&next, f.Path)
		if !known[path+" "+field+" "+f.Message] {
			out = append(out, FieldFault{path, field, f.Message})
		}
	}
	if out == nil {
		return nil
	}
	return out
}

// MaxText is the most bytes that one text of a document may have. Every text is
// rendered and looked at by the lint whenever it changes.
const MaxText = 256 << 10

// longTexts returns the sections of next that are longer than that, but for those
// that before has as they are.
func longTexts(before, next hindcast.Postmortem) Faults {
	was := map[string]bool{}
	for _, s := range before.Sections {
		was[s.Text] = true
	}
	var out Faults
	keys := part.SectionKeys(next.Sections)
	for i, s := range next.Sections {
		if len(s.Text) > MaxText && !was[s.Text] {
			out = append(out, FieldFault{"sections/" + keys[i], "text", fmt.Sprintf("is longer than %d KiB; keep what nobody reads through as evidence", MaxText>>10)})
		}
	}
	if len(next.Preamble) > MaxText && next.Preamble != before.Preamble {
		out = append(out, FieldFault{"preamble", "", fmt.Sprintf("is longer than %d KiB; keep what nobody reads through as evidence", MaxText>>10)})
	}
	return out
}

var indexed = regexp.MustCompile(`^(incident\.impact\.)?([a-z_]+)\[(\d+)\]\.?(.*)$`)

// locate turns the path of a fault, "actions[1].due", into a part and a field.
func locate(p *hindcast.Postmortem, path string) (string, string) {
	m := indexed.FindStringSubmatch(path)
	if m == nil {
		return plain(path)
	}
	list := m[2]
	if m[1] != "" {
		list = "impact/" + list
	}
	i, err := strconv.Atoi(m[3])
	if err != nil {
		return path, ""
	}
	if ids := part.IDs(p, list); i < len(ids) {
		return list + "/" + ids[i], m[4]
	}
	return list, m[4]
}

// plain locates a fault outside lists.
func plain(path string) (string, string) {
	rest, ok := strings.CutPrefix(path, "incident.")
	if !ok {
		head, field, _ := strings.Cut(path, ".")
		if head == "primary_category" {
			head = "category"
		}
		return head, field
	}
	if users, ok := strings.CutPrefix(rest, "impact.users"); ok {
		return "impact/users", strings.TrimPrefix(users, ".")
	}
	head, field, _ := strings.Cut(rest, ".")
	for _, name := range hindcast.PhaseNames() {
		if head == name {
			return "phases/" + name, "at"
		}
	}
	return strings.TrimRight(head, "0123456789[]"), field
}
