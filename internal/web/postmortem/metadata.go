package postmortem

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/ui"
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

// severityChange says in a sentence how a severity was changed, and why.
func severityChange(c hindcast.SeverityChange) string {
	s := "Changed from " + ui.SeverityWord(c.From, "") + " to " + ui.SeverityWord(c.To, "")
	if !c.At.IsZero() {
		s += " on " + hindcast.DateOf(c.At).String()
	}
	if c.By != "" {
		s += " by " + c.By
	}
	return s + ": " + c.Reason
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
