package fact

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/speech"
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
	back       = lazyregexp.New(`(?i)\broll(?:ed|ing)?[ _\-]?back|\brevert`)
	failed     = lazyregexp.New(`(?i)^(?:fail\w*|error\w*|unhealthy|degraded|aborted|timed_?out)$`)
	failedText = lazyregexp.New(`(?i)\bfail(?:ed|ure)\b|\bexited with (?:status|code) [1-9]|\berror\b`)
)

// change reads a change of a flag, a setting or infrastructure.
func (r *Reader) change(f *Fact, e hindcast.Event) {
	f.Class = Changed
	if (e.Attrs["flag"] != "" || strings.HasPrefix(e.Subject, "flag:")) && describes.MatchString(e.Title) {
		f.Class = Row
		return
	}
	f.Verb = VerbOf(e.Title + " " + e.Text + " " + e.Attrs["kind"] + " " + e.Attrs["type"])
	f.Verb = cmp.Or(f.Verb, command.Config)
	f.Object = cmp.Or(e.Attrs["flag"], e.Attrs["key"], e.Attrs["name"], e.Attrs["object"], e.Service)
	if f.Object == "" || f.Object == e.Service {
		f.Object = cmp.Or(identifier.FindString(strings.ReplaceAll(e.Title+" "+e.Text, e.Service, "")), f.Object)
	}
	f.Setting = setting(e.Title + " " + e.Text)
	if v := cmp.Or(e.Attrs["value"], e.Attrs["to"], e.Attrs["new"], e.Attrs["new_value"]); v != "" && f.Object != "" {
		f.Setting = f.Object + "=" + v
	}
}

// describes is how an audit log of flags says that only what people read was edited.
var describes = lazyregexp.New(`(?i)^(?:\S+ ){0,3}(?:updated|changed|edited|added|removed|set|cleared|modified|corrected|wrote)(?: (?:a|an|the|its))?(?: new)? (?:(?:flag|feature|toggle|experiment|segment)(?:'s)? )?(?:descriptions?|tags?|comments?|notes?|maintainers?|display name|documentation|links?|screenshots?)(?: \S+)? (?:of|to|from|for|on|in) (?:the )?(?:flag |feature |toggle |experiment |segment )?\W?[\w.\-]+\W?(?: in \S+)?$`)

// row reads a row of a table or an event of a monitor: a change, or only a row.
func (r *Reader) row(f *Fact, e hindcast.Event) {
	f.Class, f.Title = Row, e.Title
	for _, k := range slices.Sorted(maps.Keys(e.Attrs)) {
		if v := e.Attrs[k]; len(v) > 2 && !strings.Contains(f.Title, v) && len(f.Title)+len(v) < maxRow {
			f.Title += " " + v
		}
	}
	if e.Status != "" && !strings.Contains(f.Title, e.Status) {
		f.Title += " " + e.Status
	}
	words := f.Title + " " + e.Text
	f.Bot = speech.ReadBot(e.Title)
	switch {
	case f.Bot.Notice == speech.Switched:
		f.Class, f.Title = Changed, e.Title
		f.Verb = cmp.Or(VerbOf(words), command.Config)
		f.Object, f.Setting = identifier.FindString(words), setting(words)
	case operation.MatchString(words):
		f.Class, f.Object = Changed, e.Title
	case byHand(e):
		f.Class, f.Verb = Changed, cmp.Or(VerbOf(words), command.Config)
		f.Object, f.Setting = cmp.Or(identifier.FindString(words), e.Title), setting(words)
	default:
		return
	}
	if who := cmp.Or(f.Bot.Person, speech.ReadBot(e.Text).Person); who != "" && f.Actor.Kind != hindcast.Person {
		f.Actor = hindcast.Actor{Name: who, Kind: hindcast.Person}
	}
	if f.Actor.Kind != hindcast.Person {
		f.Actor.Kind = hindcast.Automation
	}
}

// byHand reports whether a row says that somebody changed something: it names who,
// and begins with what that one did, as audit logs have it.
func byHand(e hindcast.Event) bool {
	return e.Actor.Kind != hindcast.System && (did.MatchString(e.Title) || called.MatchString(e.Title))
}

// called is how cloud services call the operation that changed something.
var called = lazyregexp.New(`^(?:\S+[.:/])?(?:Revoke|Authorize|Create|Delete|Update|Modify|Put|Attach|Detach|Enable|Disable|Stop|Start|Reboot|Terminate|Add|Remove|Associate|Disassociate|Replace|Restore|Reset|Change|Register|Deregister|Rotate|Purge|Set)[A-Z][A-Za-z]+\b`)

// did is how audit logs call what was done.
var did = lazyregexp.New(`(?i)^(?:(?:\S+[.:_/])?(?:restor|revert|roll(?:ed)?[_ -]?back|updat|creat|delet|remov|enabl|disabl|toggl|publish|import|upload|appl(?:y|ied)|grant|revok|purg|flush|clear|replay|releas|paus|resum|block|unblock|edit|modif|chang|rotat|reset|switch|suspend|reinstat|(?:de)?activat|promot|resiz|restart|extend|increas|decreas|rais|lower|set|commit|assign|schedul|launch|send|duplicat|copy|copied|execut|approv|merg|deploy|push|mov)[a-z]*(?:[_-][a-z]+)?)\b`)

// maxRow is how many bytes of a row's cells make its title.
const maxRow = 160

var (
	identifier = lazyregexp.New(`\b[A-Za-z][A-Za-z0-9]*(?:[\-_.][A-Za-z0-9]+)+\b`)
	fromTo     = lazyregexp.New(`(?i)\bfrom (\S+) to (\S+)`)
)

// setting returns the new value that a text names: "from 5% to 50%".
func setting(text string) string {
	if m := fromTo.FindStringSubmatch(text); m != nil {
		return identifier.FindString(text) + "=" + strings.TrimRight(m[2], ".,;:)")
	}
	return ""
}

// operation is what platforms call the changes they make by themselves.
var operation = lazyregexp.New(`(?i)(?:\b|_)(?:upgrad|maintenance|drain|rollout|migrat|resiz|scal(?:e|ing)|restart|reboot|rotat|failover|patch|reconfigur|set_|update_|replac|repair|recreat)`)

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
