package settings

import (
	"fmt"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// approvals says what it takes to approve; empty when the policy asks for nothing.
func approvals(a hindcast.Approvals) string {
	var out []string
	if a.Count > 0 {
		words := ui.Count(a.Count, "approval", "approvals") + " of people who did not write it"
		if len(a.Parts) > 0 {
			words += " (" + strings.Join(a.Parts, " or ") + ")"
		}
		out = append(out, words)
	}
	if n := len(a.People); n > 0 { // addresses are for admins
		out = append(out, fmt.Sprintf("that of %s whom the configuration names", ui.Count(n, "person", "people")))
	}
	return strings.Join(out, ", and ")
}
