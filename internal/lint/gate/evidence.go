package gate

import (
	"cmp"
	"fmt"
	"slices"
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
	accounts := map[string][]time.Time{}
	for _, a := range p.pm.Accounts {
		if who := strings.ToLower(a.Who); a.Text != "" && len(accounts[who]) < mostAccounts {
			accounts[who] = append(accounts[who], a.About)
		}
	}
	remembered := 0 // entries in words alone, as people write down what they remember
	for i, e := range p.pm.Timeline {
		if len(e.Evidence) == 0 && e.Kind == "" {
			remembered++
		}
		at := max(1, p.parsed.Line(path("timeline", i, "evidence")))
		if len(e.Evidence) == 0 && e.Kind != "" && !supported(e, accounts[strings.ToLower(e.Actor.Name)]) {
			v.missing = append(v.missing, Missing{Line: at, Message: "nothing supports this entry; add Evidence, or an account below What people remember"})
		}
		for _, r := range e.Evidence {
			if !files[r.File] {
				v.missing = append(v.missing, Missing{Line: at, Message: fmt.Sprintf("cites %s, which is not in the list of evidence", r.File)})
			}
		}
	}
	v.good = fmt.Sprintf("every entry leads to its evidence in %s", plural(len(p.pm.Evidence), "file"))
	if remembered > 0 {
		v.good = fmt.Sprintf("%d of %s lead to evidence in %s, the others are from memory", len(p.pm.Timeline)-remembered, entries(len(p.pm.Timeline)), plural(len(p.pm.Evidence), "file"))
	}
	if 2*remembered > len(p.pm.Timeline) {
		v.missing = append(v.missing, Missing{Line: p.where(hindcast.SectionTimeline), Message: "most entries lead to no evidence"})
	}
	return v
}

// near is how far from an entry an account may be that supports it.
const near = 5 * time.Minute

// mostAccounts is how many accounts of one person are looked at.
const mostAccounts = 100

// supported reports whether an entry without a reference has a link or a
// picture, or one of the accounts of whoever acted is about that moment.
func supported(e hindcast.Entry, accounts []time.Time) bool {
	text := e.Title + "\n" + e.Detail
	if strings.Contains(text, "https://") || strings.Contains(text, "http://") || strings.Contains(text, "](") {
		return true
	}
	return slices.ContainsFunc(accounts, func(at time.Time) bool { return at.Sub(e.At).Abs() <= near })
}
