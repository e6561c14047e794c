package fuse

import (
	"strconv"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
	"github.com/hindcast/hindcast/internal/timeline/fact"
	"github.com/hindcast/hindcast/internal/timeline/speech"
)

const (
	// rolling is how long a rollout lasts at most, from its first pod to the end of
	// the last one before it.
	rolling = time.Hour
	// resolve is how long after people decide a change the platform shows it.
	resolve = 6 * time.Minute
)

// scaled reads what a deployment does to a replica set; its older wordings leave out
// how many there were.
var scaled = lazyregexp.New(`(?i)\bScaled (up|down) replica ?set (\S+)(?: from (\d+))? to (\d+)(?: from (\d+))?`)

// replicaStep is one change of a replica set.
type replicaStep struct {
	*fact.Fact
	workload, set string
	up            bool
	from, to      int // from is -1 when not told
}

func readStep(f *fact.Fact) (s replicaStep, ok bool) {
	m := scaled.FindStringSubmatch(f.Title)
	if m == nil {
		return s, false
	}
	s = replicaStep{Fact: f, workload: f.Object, set: m[2], up: strings.EqualFold(m[1], "up"), from: -1}
	if n := m[3] + m[5]; n != "" {
		s.from, _ = strconv.Atoi(n)
	}
	s.to, _ = strconv.Atoi(m[4])
	return s, true
}

// replicas takes what the platform does to replica sets for the change that it shows,
// where no pipeline, command or bot tells of that change: pods of another set come up
// in a rollout, those of one that was there before in a rollback; more of the same are
// a change when people spoke of it.
func (j *joiner) replicas() {
	var steps []replicaStep
	for _, f := range j.facts {
		if s, ok := readStep(f); ok && f.Reason == "ScalingReplicaSet" {
			steps = append(steps, s)
		}
	}
	if len(steps) == 0 {
		return
	}
	sets := fact.PodSets(j.facts)
	for i, s := range steps {
		if !s.up || j.gone[s.Fact] || s.Class != fact.Platform || repeats(steps[:i], s) {
			continue
		}
		if j.recorded(s, turned(steps[:i], s)) {
			s.Class = fact.RolloutStep
			continue
		}
		by := j.decided(s)
		switch {
		case s.from > 0 && by != nil && by.Verb == command.Scale:
			s.Class = fact.Changed
		case s.from <= 0 && replaces(steps, s):
			s.Class, s.Verb, s.Version = fact.Rollout, command.Deploy, sets[s.set].Version
			if by != nil && by.Verb == command.Rollback || s.former(steps[:i], sets[s.set]) {
				s.Verb = command.Rollback
			}
		default:
			continue
		}
		s.Actor = hindcast.Actor{Name: "Kubernetes", Kind: hindcast.Automation}
		if by != nil && by.Verb == s.Verb {
			s.Actor = by.Actor
		}
		s.Title = title(s)
	}
}

func title(s replicaStep) string {
	what := map[command.Act]string{command.Deploy: "Rollout", command.Rollback: "Rollback", command.Scale: "Scale"}[s.Verb]
	return strings.Join(strings.Fields(what+" of "+s.Service+" "+s.Version), " ") + ": " + strings.TrimPrefix(s.Fact.Title, s.Reason+": ")
}

// repeats reports whether an earlier step of the same rollout brought up pods of the set.
func repeats(before []replicaStep, s replicaStep) bool {
	for _, o := range before {
		if o.up && o.set == s.set && s.At.Sub(o.At) < rolloutSlack && s.from != 0 {
			return true
		}
	}
	return false
}

// replaces reports whether the workload has another set around the time, which goes
// while this one comes, or comes back later.
func replaces(steps []replicaStep, s replicaStep) bool {
	for _, o := range steps {
		if o.workload == s.workload && o.set != s.set && within(o.At, s.At, rolling) {
			return true
		}
	}
	return false
}

// former reports whether the set was there before: it had pods, or was brought up or
// taken down.
func (s replicaStep) former(before []replicaStep, pods fact.PodSet) bool {
	first := s.At
	if !pods.First.IsZero() {
		first = pods.First
	}
	for _, o := range before {
		if o.set == s.set && o.At.Before(first) {
			first = o.At
		}
	}
	return s.At.Sub(first) > rolloutSlack
}

// turned is when another set of the workload came up last: a record from before tells
// of that one.
func turned(before []replicaStep, s replicaStep) (last time.Time) {
	for _, o := range before {
		if o.up && o.workload == s.workload && o.set != s.set {
			last = o.At
		}
	}
	return last
}

// recorded reports whether another record, later than a moment, tells of a rollout of
// the workload.
func (j *joiner) recorded(s replicaStep, after time.Time) bool {
	for _, f := range j.of(fact.Rollout, fact.Ran, fact.Told) {
		d := s.At.Sub(f.At)
		if d < -echoSlack || d > rolloutSlack || !f.At.After(after) {
			continue
		}
		switch {
		case f.Class == fact.Told && f.Bot.Notice != speech.Deployed && f.Bot.Notice != speech.RolledBack:
		case f.Class == fact.Ran && f.Verb != command.Deploy && f.Verb != command.Rollback && f.Verb != command.Restart && f.Verb != command.Scale && f.Verb != command.Config:
		case f.Service == s.Service || f.Service == "" && strings.Contains(f.Words(), s.Service):
			return true
		}
	}
	return false
}

// decided returns who said shortly before, or within a minute after, that the workload
// would be changed; nil when nobody did.
func (j *joiner) decided(s replicaStep) (by *fact.Fact) {
	for _, f := range j.of(fact.Said) {
		if d := s.At.Sub(f.At); d < -time.Minute || d > resolve {
			continue
		}
		switch f.Speech.Act {
		case speech.Decision, speech.Action, speech.Taken, speech.Restated:
			if f.Verb != "" && (f.Service == "" || f.Service == s.Service || strings.Contains(f.Text(), s.Service)) {
				by = f
			}
		}
	}
	return by
}
