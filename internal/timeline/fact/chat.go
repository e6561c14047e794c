package fact

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/dialogact"
	"github.com/hindcast/hindcast/internal/timeline/gist"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

// message reads what a person or a bot writes.
func (r *Reader) message(f *Fact, e hindcast.Event) {
	f.Channel, f.Thread, f.SaidAt = strings.TrimPrefix(e.Attrs["channel"], "#"), e.Attrs["thread"], e.At
	text := cmp.Or(e.Text, e.Title)
	if e.Kind == hindcast.PagerNote {
		f.Channel, f.Number = "", number(e)
	}
	if e.Actor.Kind == hindcast.Automation && !letter(e) {
		r.told(f, text)
		return
	}
	f.Class, f.Actor.Kind = Said, hindcast.Person
	text = firstPerson(text, e.Actor.Name)
	plain := r.names.Hide(text)
	f.Bare = plain
	f.Speech, f.Gist = r.grammar.Read(plain), gist.Read(plain, r.grammar.Domain())
	f.Odds = dialogact.Read(plain, f.Speech, f.Gist)
	switch f.Speech.Act {
	case speech.Other, speech.Observation, speech.Mitigation, speech.Report:
		if r.names.Replies(text) {
			f.Speech.Act = speech.Vendor
		}
	}
	switch f.Speech.Act {
	case speech.Action, speech.Decision, speech.Mitigation, speech.Restated, speech.AllClear:
		f.Verb = VerbOf(text)
	}
	f.Version, f.Named = mentioned(text), len(r.names.Find(text)) > 0
}

// firstPerson turns minutes, in which people speak of themselves by their role,
// into what they say: the role is part of how they are named.
func firstPerson(text, name string) string {
	for part := range strings.FieldsFuncSeq(name, func(c rune) bool { return strings.ContainsRune("(),[]|", c) }) {
		part = strings.TrimSpace(part)
		rest := strings.TrimPrefix(strings.TrimPrefix(text, "The "), "the ")
		if len(part) < 4 || len(rest) <= len(part) || !strings.EqualFold(rest[:len(part)], part) || rest[len(part)] != ' ' {
			continue
		}
		rest = strings.TrimSpace(rest[len(part):])
		if said := says.FindString(rest); said != "" {
			return strings.TrimSpace(rest[len(said):])
		}
		return "I " + rest
	}
	return text
}

// says is what stands between who says something and what they say.
var says = lazyregexp.New(`(?i)^(?:reports?|states?|says?|notes?|confirms?|adds?|reported|stated|said)(?: that)?\b[:,]? *`)

// letter reports whether a mail from an address that nobody reads is a letter all the
// same, and no notice of a system: it answers ours, or speaks of our request.
func letter(e hindcast.Event) bool {
	return e.Attrs["from"] != "" && (answer.MatchString(e.Attrs["subject"]) || request.MatchString(cmp.Or(e.Text, e.Title)))
}

var (
	answer  = lazyregexp.New(`(?i)^(?:re|aw|sv|antw|rif|res)(?:\[\d+\])?:`)
	request = lazyregexp.New(`(?i)\b(?:your|ihre?) (?:\w+ ){0,2}(?:request|case|ticket|inquiry|enquiry|application|anfrage|antrag)\b|\b(?:you|as) (?:have )?(?:asked|requested)\b`)
)

func (r *Reader) told(f *Fact, text string) {
	f.Class, f.Bot = Told, speech.ReadBot(text)
	f.Number, f.Version, f.Test = f.Bot.Number, f.Bot.Version, f.Test || f.Bot.Test
	f.Name = AlertName(text)
	if at := r.names.Find(text); len(at) > 0 {
		f.Service = at[0]
	}
	switch f.Bot.Notice {
	case speech.RolledBack, speech.Switched, speech.Deployed:
		f.Verb = VerbOf(text)
	}
}

// verbs are the words of each sort of change, tried in order.
var verbs = []struct {
	act command.Act
	re  *lazyregexp.Regexp
}{
	{command.Rollback, lazyregexp.New(`(?i)\brol(?:l|led|ling)[ -]?(?:\S+ ){0,4}?back\b|\broll-?backs?\b|\brollout undo\b|\brevert\w*|\brb'?(?:ing|ed|d)\b|\bback(?:ed|ing)? out\b|\bprevious (?:version|release|build)\b|\bundo(?:ne|ing)?\b|\bgo(?:ing)? back to\b`)},
	{command.Failover, lazyregexp.New(`(?i)\bfail(?:ed|ing|s)?[ -]?(?:\S+ ){0,4}?over\b|\bpromot\w+|\bswitchover\b|\bis (?:the )?(?:new )?(?:primary|leader|master)\b|\b(?:backup|second(?:ary)?|standby|other) (?:provider|region|site|cluster|dc)\b`)},
	{command.Scale, lazyregexp.New(`(?i)\bscal(?:e|ed|ing)\b|\breplicas?\b.*\bto \d+|\b(?:add|added|adding) (?:\d+|\w+) (?:\w+ )?(?:pods?|nodes?|workers?|replicas?|instances?|brokers?|hosts?)|\b(?:workers?|pods?|replicas?|instances?)\b.*\b(?:from )?\d+ (?:to|->) \d+|\b\d+ (?:workers?|pods?|replicas?|instances?|nodes?) (?:running|up|now)|\bresiz\w+|\b(?:bigger|larger) (?:node|instance|machine|box)\w*`)},
	{command.Certificate, lazyregexp.New(`(?i)\b(?:renew\w*|re-?issu\w+|new|replac\w+|rotat\w+|install\w*)\b.*\b(?:cert\w*|tls)\b|\bcert\w*\b.*\b(?:renewed|reissued|replaced|rotated|installed|reloaded)\b`)},
	{command.Flag, lazyregexp.New(`(?i)\bflags?\b|\btoggles?\b|\bkill[- ]?switch\b|\bfeature\b|\b(?:turn|turned|turning|switch|switched|switching)\b.*\b(?:off|on)\b|\b(?:is|are) (?:now )?(?:off|on)(?: since| again| now|[,.;]|$)|\b(?:disabl|enabl)\w+\b|\bmaintenance mode\b`)},
	{command.Restart, lazyregexp.New(`(?i)\brestart\w*|\breboot\w*|\bbounc(?:e|ed|ing)\b|\breload\w*|\brecycl\w+|\bpower[ -]cycl\w+`)},
	{command.Kill, lazyregexp.New(`(?i)\bkill(?:ed|ing)?\b|\bterminat\w+|\bcancel\w*|\babort\w*`)},
	{command.Traffic, lazyregexp.New(`(?i)\bdrain\w*|\bcordon\w*|\bblock(?:ed|ing)?\b|\bban(?:ned|ning)?\b|\b(?:re)?rout(?:e|ed|ing)\b|\bshift(?:ed|ing)?\b|\bdivert\w*|\bredirect\w*|\bout of (?:the )?(?:lb|load ?balancer|rotation|pool)\b|\bthrottl\w+|\brate[- ]limit\w*|\bshed\w*|\bbypass\w*|\bdns\b.*\b(?:switch|chang|point|updat)\w*|\b(?:switch|chang|point|updat)\w*\b.*\bdns\b|\bisolat\w+|\bpaus(?:e|ed|ing)\b`)},
	{command.Cleanup, lazyregexp.New(`(?i)\bfree(?:d|ing)?\b|\bdelet(?:e|ed|ing)\b|\bclean(?:ed|ing)?[ -]?up\b|\bpurg\w+|\btruncat\w+|\bflush\w*|\bclear(?:ed|ing)\b|\bvacuum\w*|\bremov\w+`)},
	{command.Deploy, lazyregexp.New(`(?i)\b(?:hot)?fix(?:ed)?\b.*\b(?:out|live|deploy\w*|shipp\w+|rolling)|\b(?:re)?deploy\w*|\bhotfix\w*|\bshipp\w+|\bpatch\w*|\bmerg\w+|\bpush\w*|\bpromot\w+`)},
	{command.Data, lazyregexp.New(`(?i)\brestor(?:e|ed|ing)\b|\breplay\w*|\brequeu\w*|\bbackfill\w*|\breindex\w*|\bcreat\w+ (?:the |an? )?index|\bresync\w*|\brebuil\w+`)},
	{command.Config, lazyregexp.New(`(?i)\b(?:rais|bump|increas|lower|reduc|doubl|chang|extend|expand)\w*\b|\bset\b|\bconfig\w*|\blimit\b|\bterraform\b|\bfirewall\b`)},
}

// VerbOf says what sort of change a text speaks of; empty when of none.
func VerbOf(text string) command.Act {
	for _, v := range verbs {
		if v.re.MatchString(text) {
			return v.act
		}
	}
	return ""
}

var versionWord = lazyregexp.New(`(?i)\bv?(\d+\.\d+\.\d+(?:[\-+][0-9a-z.\-]+)?|\d+\.\d+)\b(?:[^%\d]|$)`)

// mentioned returns the first version that a text names.
func mentioned(text string) string {
	if m := versionWord.FindStringSubmatch(text); m != nil {
		return Version(m[1])
	}
	return ""
}

// leisure is what a channel for anything but work is called.
var leisure = lazyregexp.New(`(?i)random|social|fun\b|off-?topic|water-?cooler|lunch|food|pets?\b|music|meme|sport|gaming|books|kudos|birthday|lounge|coffee|chit-?chat|banter|plauder|hobb`)

// Leisure reports whether a channel is for anything but work.
func Leisure(channel string) bool { return leisure.MatchString(channel) }
