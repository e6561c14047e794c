package postmortem

import (
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/web/ui"
)

// newFactor is the path of a factor to be added to a section.
func newFactor(kind hindcast.SectionKind) string {
	if kind == hindcast.SectionContributing {
		return "factors/new-contributing"
	}
	return "factors/new-root"
}

// newObservation is the path of an observation to be added to a section.
func newObservation(kind hindcast.SectionKind) string {
	if kind == hindcast.SectionWentWell {
		return "observations/new-well"
	}
	return "observations/new-poorly"
}

// relatedAddress is where a related incident is found; empty when its reference
// is neither a number nor an address.
func relatedAddress(ref string) string {
	if ui.WebAddress(ref) {
		return ref
	}
	if n := strings.TrimPrefix(ref, "#"); n != ref && n != "" && strings.Trim(n, "0123456789") == "" {
		return "/number/" + n
	}
	return ""
}

func total(files []hindcast.Evidence) int64 {
	var n int64
	for _, f := range files {
		n += f.Size
	}
	return n
}

// answerWord is the answer to whether the incident would have happened, with its
// reason.
func answerWord(c hindcast.Counterfactual) string {
	if c.Reason == "" {
		return ui.Sentence(c.Answer)
	}
	return ui.Sentence(c.Answer) + ": " + c.Reason
}
