package fact

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/command"
)

// deploy reads the start or a step of a rollout.
func (r *Reader) deploy(f *Fact, e hindcast.Event) {
	text := e.Title + " " + e.Text
	if e.Kind == hindcast.DeployStep {
		f.Class = RolloutStep
		if failed.MatchString(e.Status) || e.Level >= hindcast.LevelError || failedText.MatchString(e.Title) {
			f.Class = RolloutFault
		}
		return
	}
	f.Class, f.Verb = Rollout, command.Deploy
	if back.MatchString(text) || back.MatchString(e.Attrs["kind"]) || back.MatchString(e.Attrs["task"]) || back.MatchString(e.Attrs["strategy"]) {
		f.Verb = command.Rollback
	}
	f.Object = e.Service
}

var (
	back       = regexp.MustCompile(`(?i)\broll(?:ed|ing)?[ _\-]?back|\brevert`)
	failed     = regexp.MustCompile(`(?i)^(?:fail\w*|error\w*|unhealthy|degraded|aborted|timed_?out)$`)
	failedText = regexp.MustCompile(`(?i)\bfail(?:ed|ure)\b|\bexited with (?:status|code) [1-9]|\berror\b`)
)

// change reads a change of a flag, a setting or infrastructure.
func (r *Reader) change(f *Fact, e hindcast.Event) {
	f.Class = Changed
	f.Verb = VerbOf(e.Title + " " + e.Text + " " + e.Attrs["kind"] + " " + e.Attrs["type"])
	f.Verb = cmp.Or(f.Verb, command.Config)
	f.Object = cmp.Or(e.Attrs["flag"], e.Attrs["key"], e.Attrs["name"], e.Attrs["object"], e.Service)
	if v := cmp.Or(e.Attrs["value"], e.Attrs["to"], e.Attrs["new"], e.Attrs["new_value"]); v != "" && f.Object != "" {
		f.Setting = f.Object + "=" + v
	}
}

// row reads a row of a table: an operation that changes something, or only a row.
func (r *Reader) row(f *Fact, e hindcast.Event) {
	f.Class = Row
	words := []string{e.Title}
	for _, k := range slices.Sorted(maps.Keys(e.Attrs)) {
		words = append(words, e.Attrs[k])
	}
	if f.Title = strings.Join(append(words, e.Status), " "); operation.MatchString(f.Title) {
		f.Class, f.Object = Changed, e.Title
		if f.Actor.Kind != hindcast.Person {
			f.Actor.Kind = hindcast.Automation
		}
	}
}

// operation is what platforms call the changes they make by themselves.
var operation = regexp.MustCompile(`(?i)(?:\b|_)(?:upgrad|maintenance|drain|rollout|migrat|resiz|scal(?:e|ing)|restart|reboot|rotat|failover|patch|reconfigur|set_|update_|replac|repair|recreat)`)

// command reads a line of somebody's shell history.
func (r *Reader) command(f *Fact, e hindcast.Event) {
	c := command.Read(cmp.Or(e.Text, e.Title))
	f.Class, f.Actor.Kind = Looked, hindcast.Person
	if !c.Changes() {
		return
	}
	f.Class, f.Verb, f.Object, f.Setting = Ran, c.Act, c.Object, c.Setting
	f.Version = mentioned(e.Title)
	if at := append(r.names.Find(c.Object), r.names.Find(e.Title)...); len(at) > 0 {
		f.Service = at[0]
	}
	f.Title = commandTitles[c.Act] + ": " + strings.TrimSpace(e.Title)
}

// commandTitles say what a command does, before the command itself.
var commandTitles = map[command.Act]string{
	command.Rollback:    "Rollback",
	command.Deploy:      "Deploy",
	command.Scale:       "Scale",
	command.Restart:     "Restart",
	command.Flag:        "Flag changed",
	command.Config:      "Configuration changed",
	command.Failover:    "Failover",
	command.Traffic:     "Traffic changed",
	command.Data:        "Data changed",
	command.Cleanup:     "Cleanup",
	command.Kill:        "Killed",
	command.Certificate: "Certificate",
	command.Infra:       "Infrastructure changed",
}
