package gate

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
)

// evidence: are timeline events supported by logs, metrics or screenshots?
func (p *page) evidence() verdict {
	if p.outline != nil {
		return p.foreignEvidence()
	}
	line := cmp.Or(p.heading(hindcast.SectionEvidenceFiles), p.heading(hindcast.SectionTimeline), p.title())
	v := verdict{line: line, missing: p.open(hindcast.SectionEvidenceFiles)}
	if len(p.pm.Timeline) == 0 {
		v.missing = append(v.missing, Missing{Line: p.where(hindcast.SectionTimeline), Message: "there are no timeline entries to support"})
		return v
	}
	files := map[string]bool{}
	for _, f := range p.pm.Evidence {
		files[f.Name] = true
	}
	for i, e := range p.pm.Timeline {
		at := max(1, p.parsed.Line(path("timeline", i, "evidence")))
		if len(e.Evidence) == 0 && !p.supported(e) {
			v.missing = append(v.missing, Missing{Line: at, Message: "nothing supports this entry; add Evidence, or an account below What people remember"})
		}
		for _, r := range e.Evidence {
			if !files[r.File] {
				v.missing = append(v.missing, Missing{Line: at, Message: fmt.Sprintf("cites %s, which is not in the list of evidence", r.File)})
			}
		}
	}
	v.good = fmt.Sprintf("every entry leads to its evidence in %s", plural(len(p.pm.Evidence), "file"))
	return v
}

// near is how far from an entry an account may be that supports it.
const near = 5 * time.Minute

// supported reports whether an entry without a reference has a link or a
// picture, or an account of that moment by whoever acted.
func (p *page) supported(e hindcast.Entry) bool {
	text := e.Title + "\n" + e.Detail
	if strings.Contains(text, "https://") || strings.Contains(text, "http://") || strings.Contains(text, "](") {
		return true
	}
	for _, a := range p.pm.Accounts {
		d := a.About.Sub(e.At)
		if a.Text != "" && strings.EqualFold(a.Who, e.Actor.Name) && d <= near && d >= -near {
			return true
		}
	}
	return false
}
