package document

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document/syntax"
)

// complete gives ids to the records without one, and references the hash of
// their file. The same document always gets the same ids.
func (r *reader) complete() {
	p := &r.out.Postmortem
	i := ids{reader: r}
	assign(&i, "timeline", p.Timeline, func(e *hindcast.Entry) (*string, string) { return &e.ID, syntax.WriteStamp(e.At) + " " + e.Title })
	assign(&i, "accounts", p.Accounts, func(a *hindcast.Account) (*string, string) { return &a.ID, a.Who + " " + a.Text })
	assign(&i, "factors", p.Factors, func(x *hindcast.Factor) (*string, string) { return &x.ID, x.Description })
	i.number(p)
	assign(&i, "observations", p.Observations, func(o *hindcast.Observation) (*string, string) { return &o.ID, o.Text })
	assign(&i, "actions", p.Actions, func(a *hindcast.ActionItem) (*string, string) { return &a.ID, a.Description })
	assign(&i, "related", p.Related, func(x *hindcast.RelatedIncident) (*string, string) { return &x.ID, x.Ref + " " + x.Title })
	impact := &p.Incident.Impact
	measure := func(m *hindcast.Measure) (*string, string) { return &m.ID, m.Name }
	assign(&i, "incident.impact.counts", impact.Counts, measure)
	assign(&i, "incident.impact.business", impact.Business, measure)
	assign(&i, "incident.impact.slos", impact.SLOs, func(s *hindcast.SLO) (*string, string) { return &s.ID, s.Name })
	hashes := map[string]string{}
	for _, e := range p.Evidence {
		hashes[e.Name] = e.SHA256
	}
	for ref := range refs(p) {
		if ref.SHA256 == "" {
			ref.SHA256 = hashes[ref.File]
		}
	}
}

type ids struct{ reader *reader }

// number gives factors the numbers by which people point at them. Of two with the same
// number the second gets a new one.
func (i *ids) number(p *hindcast.Postmortem) {
	numbered := hindcast.NumberFactors(nil, p.Factors)
	for k, x := range numbered {
		if had := p.Factors[k].Number; had != 0 && had != x.Number {
			i.reader.problem(i.reader.out.Line(indexed("factors", k)), "there are two factors F%d; this one is %s from now on", had, x.Label())
		}
	}
	p.Factors = numbered
}

// assign gives each record of a list an id that no other has, made from what the
// record says. Of two with the same id the second gets a new one.
func assign[T any](i *ids, path string, list []T, of func(*T) (id *string, words string)) {
	taken := map[string]bool{}
	for k := range list {
		id, _ := of(&list[k])
		if *id != "" && taken[*id] {
			i.reader.problem(i.reader.out.Line(indexed(path, k)), "this id is there twice; here it was replaced, and references lead to the first")
			*id = ""
		}
		taken[*id] = true
	}
	used := map[string]int{} // ids made from each text
	for k := range list {
		for id, words := of(&list[k]); *id == ""; used[words]++ {
			if next := makeID(path, words, used[words]); !taken[next] {
				*id, taken[next] = next, true
			}
		}
	}
}

func makeID(path, words string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", path, words, n))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:])[:8])
}

// refs yields every reference to evidence in a post-mortem.
func refs(p *hindcast.Postmortem) func(yield func(*hindcast.Ref) bool) {
	return func(yield func(*hindcast.Ref) bool) {
		for _, list := range refLists(p) {
			for k := range list {
				if !yield(&list[k]) {
					return
				}
			}
		}
	}
}

func refLists(p *hindcast.Postmortem) [][]hindcast.Ref {
	impact := p.Incident.Impact
	out := [][]hindcast.Ref{impact.Users.Evidence}
	for _, m := range slices.Concat(impact.Counts, impact.Business) {
		out = append(out, m.Evidence)
	}
	for _, s := range impact.SLOs {
		out = append(out, s.Budget.Evidence, s.BurnRate.Evidence)
	}
	for _, e := range p.Timeline {
		out = append(out, e.Evidence)
	}
	for _, x := range p.Factors {
		out = append(out, x.Evidence)
	}
	for _, o := range p.Observations {
		out = append(out, o.Evidence)
	}
	for _, a := range p.Actions {
		if a.Verification != nil {
			out = append(out, a.Verification.Evidence)
		}
	}
	return out
}
