package incident

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/evidence/jsonrec"
)

// logs are the members under which an incident keeps what was done about it, with a time,
// the sort of step, by whom, and words.
var logs = []string{"log_records", "timeline", "log", "logs", "activity", "history", "events", "log_entries"}

// The folded names of what a step of such a log tells, best first.
var (
	stepTimes = []string{"createdat", "time", "timestamp", "at", "occurredat", "date"}
	stepKinds = []string{"type", "action", "kind", "event", "status"}
	stepTexts = []string{"text", "message", "description", "note", "log", "summary", "content", "details"}
	stepBy    = []string{"author", "user", "by", "actor", "owner", "username"}
)

// isLogged takes an incident by its title and the log in it, whatever else it tells.
func isLogged(f jsonrec.Fields) bool {
	if !f.Any("title", "name", "summary") {
		return false
	}
	for _, at := range logs {
		has := func(names []string) bool {
			for path := range f {
				if name, ok := strings.CutPrefix(path, at+"."); ok && slices.Contains(names, fold(name)) {
					return true
				}
			}
			return false
		}
		if has(stepTimes) && has(stepKinds) && has(stepTexts) && has(stepBy) {
			return true
		}
	}
	return false
}

// steps writes the log that an incident holds, but for what its own members tell.
func (rd *reading) steps(rec jsonrec.Record, inc incident, told map[hindcast.EventKind]bool) {
	for _, name := range logs {
		log, ok := rec.Member(name)
		if !ok || len(log.Raw) == 0 || log.Raw[0] != '[' {
			continue
		}
		log.EachObject(func(line jsonrec.Record) {
			var all map[string]json.RawMessage
			if !line.Decode(&all, rd.sink) {
				return
			}
			m := folded(all)
			s := stepOf(m.text(stepKinds), m.text(stepTexts))
			if told[s.kind] {
				return
			}
			s.at = m.text(stepTimes)
			if by := rd.person(m.raw(stepBy)); !strings.EqualFold(by.Name, "system") {
				s.by = by
			}
			rd.write(line.Ref(), inc, s)
		})
	}
}

// stepOf is a step by how a log calls it and what it says.
func stepOf(kind, text string) step {
	s := step{kind: hindcast.PagerStep, name: cmp.Or(kind, "step"), text: text}
	switch word := strings.ToLower(kind); {
	case strings.HasPrefix(word, "trigger"), word == "created", word == "opened", word == "registered":
		s.kind, s.name = hindcast.PagerTriggered, "triggered"
	case strings.HasPrefix(word, "acknowledge"), word == "acked", word == "ack":
		s.kind, s.name = hindcast.PagerAcknowledged, "acknowledged"
	case strings.HasPrefix(word, "resolve"), word == "closed":
		s.kind, s.name = hindcast.PagerResolved, "resolved"
	case strings.HasPrefix(word, "escalat"):
		s.name = "escalate"
	case word == "note", word == "comment":
		s.kind = hindcast.PagerNote
	}
	if s.kind != hindcast.PagerStep && s.kind != hindcast.PagerNote && strings.Contains(strings.ToLower(text), s.name) {
		s.text = "" // it says no more
	}
	return s
}
