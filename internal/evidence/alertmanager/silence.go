package alertmanager

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
	"github.com/hindcast/hindcast/internal/evidence/record"
)

func isSilences(f jsonrec.Fields) bool {
	return f.Has("matchers.name", "matchers.value", "createdBy", "startsAt", "endsAt")
}

// silence mutes the alerts that match, so that nobody is told of them.
type silence struct {
	ID        string    `json:"id"`
	Comment   string    `json:"comment"`
	CreatedBy string    `json:"createdBy"`
	StartsAt  string    `json:"startsAt"`
	EndsAt    string    `json:"endsAt"`
	Matchers  []matcher `json:"matchers"`
}

// matcher is a condition on a label.
type matcher struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Regex bool   `json:"isRegex"`
	Equal *bool  `json:"isEqual"` // true where it is missing
}

// operator is how Alertmanager writes the condition.
func (m matcher) operator() string {
	not := m.Equal != nil && !*m.Equal
	switch {
	case m.Regex && not:
		return "!~"
	case m.Regex:
		return "=~"
	case not:
		return "!="
	}
	return "="
}

// silences reads what Alertmanager's API and amtool silence query -o json list.
func (rd *reading) silences(f *record.File, r io.Reader) error {
	return jsonrec.Each(f, r, rd.sink, func(rec jsonrec.Record) {
		var s silence
		if !rec.Decode(&s, rd.sink) {
			return
		}
		e := hindcast.Event{Kind: hindcast.Record, ID: "silence:" + s.ID, Subject: "silence:" + s.ID, Attrs: map[string]string{"by": s.CreatedBy}}
		var of []string
		for _, m := range s.Matchers {
			e.Attrs["label."+m.Name] = m.Value
			if m.Name == "alertname" {
				of = append([]string{m.Value}, of...)
				continue
			}
			of = append(of, m.Name+m.operator()+m.Value)
			if e.Service == "" && slices.Contains(serviceLabels, m.Name) && !m.Regex {
				e.Service = m.Value
			}
		}
		e.Title = strings.TrimSuffix("Silenced "+strings.Join(of, ", ")+": "+s.Comment, ": ")
		e.Actor = rd.words.Actor(cmp.Or(s.CreatedBy, rd.source))
		e.Until, _, _ = rd.Time(s.EndsAt)
		rd.Write(rec.Ref(), s.StartsAt, e)
	}, "", "data")
}
