package postmortem

import (
	"strings"

	"github.com/hindcast/hindcast"
)

func participants(list []hindcast.Participant) string {
	var out []string
	for _, p := range list {
		switch {
		case p.Name == "":
			out = append(out, p.Role)
		default:
			out = append(out, p.Name+" ("+p.Role+")")
		}
	}
	return strings.Join(out, ", ")
}

// requirement says whether the policy requires a post-mortem, and why.
func requirement(v *View) string {
	if v.Why == "" {
		return ""
	}
	if v.Required {
		return "A post-mortem is required: " + v.Why + "."
	}
	return "A post-mortem is not required: " + v.Why + "."
}
