package scope

import (
	"slices"
	"strings"
	"time"

	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/fuse"
	"github.com/hindcast/hindcast/internal/timeline/lexicon"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// fewWords is how many words of its own a message has at least to be judged
	// by them; with words of the trade one more.
	fewWords = 2
	// together is how far apart messages share a topic.
	together = 2 * time.Hour
)

// Hush takes messages for small talk that share no word with the rest of the
// evidence nor with what others say around the time, though they read like
// decisions or findings: "the board lost my column, found it". Messages with
// few words of their own are left alone, and so are those of people who spoke of
// the incident in that channel a short while ago.
func Hush(facts []*fact.Fact, v lexicon.Vocabulary) {
	var said []*fact.Fact
	for _, f := range facts {
		if f.Class == fact.Said && !f.At.IsZero() {
			said = append(said, f)
		}
	}
	fact.ByTime(said)
	people := map[string]bool{}
	for _, f := range said {
		for w := range lexicon.Tokens(f.Actor.Name) {
			people[w] = true
		}
	}
	words := make([]map[string]bool, len(said))
	for i, f := range said {
		words[i] = contents(f.Text(), people)
	}
	reeled := reeledOff(said)
	working := map[[2]string]time.Time{} // when somebody last spoke of the incident, by channel and name
	for i, f := range said {
		who := [2]string{f.Channel, f.Actor.Name}
		at, ok := working[who]
		if reeled[f] {
			f.Speech.Act, f.Speech.Reeled = speech.Social, true
			continue
		}
		if judged(f, words[i]) && !responder(f, facts) && !known(words[i], v) && !echoed(said, words, i) && !taken(said, i) && !(ok && f.At.Sub(at) <= responding) {
			f.Speech.Act, f.Speech.Hushed = speech.Social, true
		}
		switch f.Speech.Act {
		case speech.Social, speech.Other, speech.Question, speech.Hypothesis, speech.Communication:
		default:
			working[who] = f.At
		}
	}
}

// How many messages that say the same but for their figures are a reel, within a day and
// for how long at least: "wind 51 km/h at the viaduct", every few minutes, is what people
// there report as a matter of course.
const (
	reel  = 8
	shift = 2 * time.Hour
	day   = 24 * time.Hour
)

var figure = lazyregexp.New(`\d+(?:[.,:]\d+)*`)

// reeledOff returns the messages with figures that are said again and again,
// the same but for those: not what somebody does to a system or declares over, and not what
// is said of a service.
func reeledOff(said []*fact.Fact) map[*fact.Fact]bool {
	alike := map[string][]*fact.Fact{}
	for _, f := range said {
		text := strings.ToLower(strings.Join(strings.Fields(f.Text()), " "))
		if f.Named || f.Verb != "" || f.Speech.Over || f.Speech.Act == speech.AllClear || !figure.MatchString(text) || strings.Count(text, " ") < 2 {
			continue
		}
		k := figure.ReplaceAllString(text, "\x00")
		alike[k] = append(alike[k], f)
	}
	out := map[*fact.Fact]bool{}
	for _, list := range alike {
		first, marked := 0, 0
		for i, f := range list {
			for f.At.Sub(list[first].At) > day { // of another day is another matter
				first++
			}
			if i-first+1 >= reel && f.At.Sub(list[first].At) >= shift {
				for _, r := range list[max(first, marked) : i+1] {
					out[r] = true
				}
				marked = i + 1
			}
		}
	}
	return out
}

// trade are words that any message about software may hold, in earnest or not.
var trade = lazyregexp.New(`(?i)\b(?:deploy\w*|releas\w*|roll\w*|revert\w*|restart\w*|error\w*|fail\w*|alerts?|incidents?|outages?|queues?|servers?|services?|nodes?|pods?|cluster|database|db|prod\w*|staging|metrics?|graphs?|dashboards?|traffic|latency|config\w*|flags?|down|broken|crash\w*|slow)\b`)

// contents returns the words of a message that are its own: neither common nor
// of the trade.
func contents(text string, people map[string]bool) map[string]bool {
	out := map[string]bool{}
	for w, weight := range lexicon.Tokens(trade.ReplaceAllString(text, " ")) {
		if weight >= 1 && !chatter[w] && !people[w] {
			out[w] = true
		}
	}
	return out
}

// chatter are the stems of words that people use in any talk.
var chatter = stems("decision decide decided agreed proposal propose plan option rather please pls thanks thx thank ok okay yes yep nope hey guys team folks everyone anybody nobody somebody someone anyone today now later soon fast more less almost already still even good bad nice great right left really maybe think guess know help try take took give gave work works back off going come came done fix fixed find found start started stop stopped end ended open closed close problem issue thing things stuff way lot bit minute minutes hour hours sec looking check checking wait moment first next second zero half double none will dont didnt cant wont isnt doesnt thats its lets too then than well sure agreed yeah hmm sorry because until instead without around between through every nothing something everything again everybody")

func stems(list string) map[string]bool {
	out := map[string]bool{}
	for w := range lexicon.Tokens(list) {
		out[w] = true
	}
	return out
}

// judged reports whether a message has enough words of its own to be judged by.
func judged(f *fact.Fact, own map[string]bool) bool {
	switch f.Speech.Act {
	case speech.Social, speech.Other, speech.Question, speech.Taken, speech.Communication, speech.Vendor, speech.Report:
		return false
	}
	need := fewWords
	if trade.MatchString(f.Text()) || f.Verb != "" {
		need++
	}
	if f.Speech.Over || f.Speech.Act == speech.Decision && need > fewWords || answer.MatchString(f.Text()) {
		return false
	}
	return len(own) >= need && !f.Named && len(f.Moments) == 0 && !coded.MatchString(f.Text())
}

// taken reports whether another person takes up what a message tells of.
func taken(said []*fact.Fact, i int) bool {
	if !said[i].Speech.Failing {
		return false
	}
	for _, f := range said[i+1:] {
		if f.At.Sub(said[i].At) > soonTaken {
			break
		}
		if f.Channel == said[i].Channel && f.Speech.Act == speech.Taken && !fuse.SamePerson(f.Actor.Name, said[i].Actor.Name) {
			return true
		}
	}
	return false
}

// soonTaken is how soon somebody takes up what was told.
const soonTaken = 15 * time.Minute

// responder reports whether somebody who took a page up a short while ago says
// what fails or what to do.
func responder(f *fact.Fact, facts []*fact.Fact) bool {
	if !f.Speech.Failing && f.Speech.Act != speech.Decision && f.Speech.Act != speech.Action {
		return false
	}
	return slices.ContainsFunc(facts, func(a *fact.Fact) bool {
		lag := f.At.Sub(a.At)
		return a.Class == fact.Acknowledged && a.ByPerson() && !a.Test && lag >= 0 && lag <= responding && fuse.SamePerson(a.Actor.Name, f.Actor.Name)
	})
}

// answer begins what is said to what another person asked.
var answer = lazyregexp.New(`(?i)^(?:yes|yep|yeah|yup|no|nope|nah|correct|exactly|indeed|confirmed)\b`)

// coded is what only systems say: a status code, a percentile, a version.
var coded = lazyregexp.New(`(?i)\b[45]\d\ds?\b|\b[45]xx\b|\bp\d\d\b|\b\d+\.\d+\.\d+\b`)

func known(own map[string]bool, v lexicon.Vocabulary) bool {
	for w := range own {
		if v[w] {
			return true
		}
	}
	return false
}

// echoed reports whether another person uses one of a message's words around
// the same time in the same channel.
func echoed(said []*fact.Fact, words []map[string]bool, i int) bool {
	begin, _ := slices.BinarySearchFunc(said, said[i].At.Add(-together), func(f *fact.Fact, t time.Time) int { return f.At.Compare(t) })
	for j := begin; j < len(said) && said[j].At.Sub(said[i].At) <= together; j++ {
		f := said[j]
		if f.Channel != said[i].Channel || fuse.SamePerson(f.Actor.Name, said[i].Actor.Name) {
			continue
		}
		for w := range words[i] {
			if words[j][w] {
				return true
			}
		}
	}
	return false
}
