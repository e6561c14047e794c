package draft

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/document"
)

var update = flag.Bool("update", false, "write what is got into testdata")

func at(clock string) time.Time {
	t, err := time.Parse(time.DateTime, "2024-06-07 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func ref(file string, line int) hindcast.Ref {
	return hindcast.Ref{File: file, Line: line, Offset: 99, SHA256: strings.Repeat("5c", 32)}
}

func entry(id, clock string, kind hindcast.EntryKind, actor hindcast.Actor, title string) hindcast.Entry {
	return hindcast.Entry{ID: id, At: at(clock), KnownAt: at(clock), Kind: kind, Actor: actor, Title: title, Key: true, Evidence: []hindcast.Ref{ref("chat/incidents.json", len(id))}}
}

func byPerson(name string) hindcast.Actor { return hindcast.Actor{Name: name, Kind: hindcast.Person} }

// slowSearch is the timeline of an incident with persons under several names.
func slowSearch() hindcast.Timeline {
	monitor := hindcast.Actor{Name: "Alertmanager", Kind: hindcast.Automation}
	deploys := hindcast.Actor{Name: "deploy-bot", Kind: hindcast.Automation}
	search := hindcast.Actor{Name: "search-api", Kind: hindcast.System}
	tl := hindcast.Timeline{
		Incident: hindcast.Phases{StartedAt: at("09:00:00"), DetectedAt: at("09:04:10"), AcknowledgedAt: at("09:05:00"), MitigatedAt: at("09:30:00"), ResolvedAt: at("09:45:00")},
		PhaseWhy: map[string]string{"started_at": "the change at deploys.json:3: 40s before the first symptom; people named it as the cause at 09:20:00", "resolved_at": "declared over by Robin Adler"},
		Suspects: []hindcast.Suspect{{Service: "search-api", Score: 0.98, Why: "latency of search-api rose from 0.1 to 4.2"}},
		Entries: []hindcast.Entry{
			entry("e1", "09:00:00", hindcast.Change, deploys, "Rollout of search-api 7.1 begins"),
			entry("e2", "09:00:40", hindcast.Symptom, search, "p99 latency of search-api rose from 0.1 to 4.2"),
			entry("e3", "09:04:10", hindcast.Alert, monitor, "[#771] [FIRING:1] SearchApiLatencyHigh search-api critical"),
			entry("e4", "09:05:00", hindcast.Acknowledge, byPerson("Robin Adler"), "Acknowledged by Robin Adler"),
			entry("e5", "09:07:00", hindcast.Communication, byPerson("Kim Osei"), "I'm incident commander, Robin looks at the shards"),
			entry("e6", "09:20:00", hindcast.Observed, byPerson("Jo Park"), "@kim it is one shard, see shell/robin.history. Thanks robin, kim's graph shows it"),
			entry("e7", "09:25:00", hindcast.Decided, byPerson("kim"), "roll back, robin does it"),
			entry("e8", "09:30:00", hindcast.Mitigation, search, "latency falls"),
			entry("e9", "09:45:00", hindcast.Recovery, byPerson("robin"), "Resolved by Robin Adler"),
			{ID: "e10", At: at("09:50:00"), KnownAt: at("09:50:00"), Kind: hindcast.Observed, Actor: byPerson("Sam Lee"), Title: "lunch?"},
		},
		Offsets:  []hindcast.ClockOffset{{File: "db.log", Offset: 1500 * time.Millisecond, OffsetS: 1.5, Against: "deploys.json", Why: "its lines about the rollout come 1.5 s late"}},
		Evidence: []hindcast.Evidence{{Name: "chat/incidents.json", SHA256: strings.Repeat("5c", 32), Format: "slack-messages", Size: 812, Records: 9, Zone: "recorded", From: at("08:59:00"), To: at("09:50:00"), ExpiresAt: at("23:00:00")}},
		Problems: []hindcast.Problem{{File: "db.log", Line: 3, Message: "is no time"}, {File: "db.log", Line: 9, Message: "is no time"}},
	}
	tl.Entries[0].Service, tl.Entries[1].Service, tl.Entries[2].Service = "search-api", "search-api", "search-api"
	tl.Entries[0].Why = "it set the incident off: 40s before the first symptom; it was taken back at 09:25:00 by robin (surprise 7.1)"
	tl.Entries[2].Detail = "firing: SearchApiLatencyHigh"
	tl.Entries[5].Detail = "it is one shard | the graph of shard 7 shows a hundred times the load of the others"
	tl.Entries[5].At = tl.Entries[5].At.Add(123 * time.Millisecond)
	tl.Entries[6].Decision = &hindcast.Decision{Question: "Roll back or move the shard, Kim?", Options: []string{"roll back", "move the shard, says Jo Park"}, Choice: "roll back, robin does it", Known: []string{"e1", "e3", "e10"}, NotKnown: []string{"e2"}}
	return tl
}

func TestCompose(t *testing.T) {
	template := document.Outline("template.md", []byte("---\nlayout: review\n---\n\n# Review\n\nWe look at systems, not at people.\n\n"+
		"## What happened\n\n## Timeline\n\nUse UTC.\n\n## Five whys\n\nStart at the symptom. Which conditions made it possible?\n\n- first why\n\n"+
		"## Customer letter\n\nAttach the letter that went out.\n\n## Who approves?\n\nWho approves it?\n\n## Follow-ups\n")).Postmortem
	for name, tt := range map[string]struct {
		timeline hindcast.Timeline
		options  Options
	}{
		"slow-search":    {slowSearch(), Options{Severity: 2}},
		"named":          {slowSearch(), Options{Title: "Search was slow", Service: "search-frontend", Number: "INC-7", Severity: 1}},
		"own-template":   {slowSearch(), Options{Template: &template}},
		"no-incident":    {hindcast.Timeline{Evidence: slowSearch().Evidence}, Options{}},
		"phases-unknown": {hindcast.Timeline{Incident: hindcast.Phases{DetectedAt: at("09:04:10")}, Entries: slowSearch().Entries[2:4]}, Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			p := Compose(tt.timeline, tt.options)
			text := document.Markdown(p)
			golden(t, "testdata/"+name+".md", text)
			if again := document.Markdown(Compose(tt.timeline, tt.options)); !bytes.Equal(text, again) {
				t.Error("a second draft of the same timeline differs")
			}
			parsed := document.Parse(name, text)
			ours := func(p hindcast.Problem) bool { return !strings.Contains(p.Message, `"layout" is no key`) }
			for _, problem := range parsed.Problems {
				if ours(problem) {
					t.Errorf("the draft has a problem: %v", problem)
				}
			}
			if name == "own-template" { // sections for the records are added where the template has none
				return
			}
			if diff := cmp.Diff(p, parsed.Postmortem, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the draft reads back differently (-draft +read):\n%s", diff)
			}
		})
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestDraftNamesNobody: no name of a person is left outside the names of files.
func TestDraftNamesNobody(t *testing.T) {
	text := strings.ToLower(string(document.Markdown(Compose(slowSearch(), Options{}))))
	text = strings.ReplaceAll(text, "shell/robin.history", "")
	for _, name := range []string{"robin", "adler", "kim", "osei", "jo park", "sam lee"} {
		if strings.Contains(text, name) {
			t.Errorf("the draft names %q", name)
		}
	}
}

func TestTitleFrom(t *testing.T) {
	for _, tt := range []struct{ words, service, want string }{
		{"[#4521] [FIRING:1] MobileApiErrorRateHigh mobile-api critical", "mobile-api", "mobile-api: error rate high"},
		{"TRIGGERED: Disk full on db-3", "db", "db: Disk full on db-3"},
		{"HTTP 5xx above 2 %", "", "HTTP 5xx above 2 %"},
		{"[FIRING:2]", "web", "[FIRING:2]"},
		{"#7719 created: TURN handshakes below 70%", "", "TURN handshakes below 70%"},
		{"New alert: connected clients down 35% in 4m (P1) — assigned to the on-call engineer", "", "connected clients down 35% in 4m (P1)"},
		{"QueueDepth", "job-runner", "job-runner: queue depth"},
	} {
		if got := titleFrom(tt.words, tt.service); got != tt.want {
			t.Errorf("titleFrom(%q, %q) = %q, want %q", tt.words, tt.service, got, tt.want)
		}
	}
}

func TestReason(t *testing.T) {
	for in, want := range map[string]string{
		"first page (surprise 10.1)": "first page",
		"it set the incident off: 30s before the first symptom; it was taken back": "30s before the first symptom; it was taken back",
		"people named it as the cause at 14:40; a change":                          "a change",
		"the root cause":                    "",
		strings.Repeat("a long part; ", 30): strings.TrimSuffix(strings.Repeat("a long part; ", 12), "; "),
	} {
		if got := reason(in); got != want {
			t.Errorf("reason(%q) = %q, want %q", in, got, want)
		}
	}
}
