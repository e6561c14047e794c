package console

import (
	"strings"

	"github.com/hindcast/hindcast/internal/evidence/fact"
	"github.com/hindcast/hindcast/internal/lazyregexp"
)

const (
	forward = `(?:re-?)?deploy(?:ing|ment|ed|s)?|roll(?:ed|ing)?[ -]?out|releas(?:e|ed|ing)|shipp(?:ed|ing)|promot(?:e|ed|ing)|upgrad(?:e|ed|ing)`
	reverse = `roll(?:ed|ing|s)?[ -]?back|revert(?:ed|ing|s)?`
	number  = `v?\d+(?:\.\d+)+(?:[-+][\w.]+)*|[0-9a-f]{7,40}|v\d+|\d{8}[-.]?\d*|(?:build|release|rel|r)-\d[\w.\-]*`
)

var (
	anyAct   = lazyregexp.New(`(?i)\b(?:` + forward + `|` + reverse + `)\b`)
	backAct  = lazyregexp.New(`(?i)\b(?:` + reverse + `)\b`)
	failWord = lazyregexp.New(`(?i)\b(?:fail(?:ed|ure|ing)?|abort(?:ed|ing)?|cancel+ed|timed out|unsuccessful(?:ly)?|could not)\b`)
	doneWord = lazyregexp.New(`(?i)\b(?:deployed|rolled[ -]?out|released|shipped|promoted|upgraded|rolled[ -]?back|reverted|done|finished|completed?|succeeded|success(?:ful(?:ly)?)?|now live|is live)\b`)
	goWord   = lazyregexp.New(`(?i)\b(?:(?:re-?)?deploying|rolling[ -]?(?:out|back)|releasing|shipping|promoting|upgrading|reverting|start(?:ed|ing|s)?|begin(?:ning|s)?|began|initiat(?:ed|ing)|trigger(?:ed|ing)|launch(?:ed|ing)|running|executing)\b`)
	unreal   = lazyregexp.New(`(?i)\?|\b(?:I|we|we're|I'm|let's|please|would|will|should|could|if|unless|skip(?:ped|ping)?|next|last|previous|no|not|without|schedul(?:ed|ing)|planned|queued|waiting|approval|dry.?run|before|since|latest|current(?:ly)?|notes?|checklist|policy|lock|window|freeze|config(?:uration)?)\b`)

	// named is the service after what is done to it.
	named = lazyregexp.New(`(?i)\b(?:` + forward + `|` + reverse + `)(?:\s+(?:of|the|for|service|app|application|release|version|new|canary|failed|finished|completed?|started|starting|start|succeeded|successful(?:ly)?|done|done:|started:|tag|image))*[\s:]+["'\[(]?([A-Za-z][\w./\-]*\w)["'\])]?(?:[\s:@=]+(?:version |release |tag |build |from |to |\()?["']?(` + number + `)\b)?`)
	// before is the service before what was done to it.
	before = lazyregexp.New(`(?i)["'\[]?\b([A-Za-z][\w./\-]*\w)["'\]]?(?:[\s:@]+\(?(` + number + `)\)?)?[\s:]+(?:(?:has been|was|is|successfully|now)\s+)*(?:` + forward + `|` + reverse + `)\b`)

	fromToNumber = lazyregexp.New(`(?i)(?:\bfrom\s+)?["'(]?\b(` + number + `)["')]?\s*(?:->|→|=>|\bto\b)\s*["'(]?(?:version |release )?(` + number + `)\b`)
	toNumber     = lazyregexp.New(`(?i)\b(?:to|pinned to|at)\s+["']?(?:version |release |tag |revision )?["']?(` + number + `)\b`)
	calledNumber = lazyregexp.New(`(?i)\b(?:version|tag|release|build|rev(?:ision)?|commit|sha)\b[ :=#]*["']?(\w[\w.\-+]*\d[\w.\-+]*|\d)`)
	imageNumber  = lazyregexp.New(`[\w.\-]+(?::\d+)?/[\w./\-]*[\w\-]:(\w[\w.\-]*)`)
	bareNumber   = lazyregexp.New(`(?:^|[\s@:("'=])(v\d+(?:\.\d+)*(?:[-+][\w.]+)*|\d+\.\d+\.\d+(?:[-+][\w.]+)*)(?:$|[\s,;:)"'.])`)

	// pair is a service as programs that log in pairs name it, whole one of which a
	// version is.
	pair  = lazyregexp.New(`(?i)\b(?:service|app|application|component)[=:]\s*["']?([A-Za-z][\w.\-]*\w)`)
	whole = lazyregexp.New(`(?i)\b(?:build|release|version) \S+ of ([a-z]\w*[\-_][\w\-]*\w)`)

	toward = lazyregexp.New(`(?i)(?:(?:\b(?:to|in|on|into|onto)|->|→)\s+(?:env(?:ironment)?[ =:]+)?|\b(?:env|environment|target|stage)[ =:]+)["'\[(]?(?:the )?([\w\-]+)`)
	whose  = lazyregexp.New(`\b(?:[Bb]y|[Uu]ser|[Dd]eployer|[Aa]ctor|[Rr]equester)[ :=]+@?([A-Za-z][\w.@+\-]*(?: [A-Z][\w.\-]*)?)`)
)

// words reads a sentence in a team's own words about something that is brought
// out. ok is false when it is about none.
func words(text string) (said, bool) {
	if len(text) > 400 || !anyAct.MatchString(text) {
		return said{}, false
	}
	s := said{act: step}
	s.entities(text)
	back := backAct.MatchString(text)
	switch head := anyAct.FindStringIndex(text); {
	case unreal.MatchString(text):
	case failWord.MatchString(text):
		s.act = fails
	case goWord.MatchString(text) && !finishedFirst(text):
		s.act = begins
	case doneWord.MatchString(text):
		s.act = ends
	case s.service != "" && s.version != "" && strings.Trim(text[:head[0]], "=-*#>~ :[]") == "":
		s.act = begins
	}
	if back && s.act == begins {
		s.act = backs
	} else if back && s.act == ends {
		s.act = backed
	}
	return s, true
}

// finishedFirst reports whether a sentence says that something is over and only
// then what began it: "deployed checkout 1.2, started by ci".
func finishedFirst(text string) bool {
	done, began := doneWord.FindStringIndex(text), goWord.FindStringIndex(text)
	return done != nil && began != nil && done[0] < began[0]
}

// entities reads what a sentence names.
func (s *said) entities(text string) {
	for _, re := range []*lazyregexp.Regexp{named, before} {
		m := re.FindStringSubmatch(text)
		if m != nil && service(m[1], m[2]) {
			s.service, s.version = strings.TrimRight(m[1], "./"), m[2]
			break
		}
	}
	for _, re := range []*lazyregexp.Regexp{pair, whole} {
		if m := re.FindStringSubmatch(text); m != nil && s.service == "" {
			s.service = m[1]
		}
	}
	if m := fromToNumber.FindStringSubmatch(text); m != nil {
		s.previous, s.version = m[1], m[2]
	} else if m := toNumber.FindStringSubmatch(text); m != nil {
		if s.version != "" && s.version != m[1] {
			s.previous = s.version
		}
		s.version = m[1]
	}
	for _, re := range []*lazyregexp.Regexp{imageNumber, calledNumber, bareNumber} {
		if m := re.FindStringSubmatch(text); m != nil && s.version == "" {
			s.version = m[1]
		}
	}
	s.version, s.previous = short(s.version), short(s.previous)
	for _, m := range toward.FindAllStringSubmatch(text, 4) {
		if env := fact.NewWords().Environment(m[1]); env != "" {
			s.env = env
			break
		}
	}
	if m := whose.FindStringSubmatch(text); m != nil {
		s.by = strings.TrimRight(m[1], ".")
	}
}

// service reports whether a word can be the name of a service. A plain word is
// one only when a version follows.
func service(word, version string) bool {
	if strings.HasPrefix(word, "/") || plain.MatchString(word) || sole.MatchString(word) || fact.NewWords().Environment(word) != "" && !strings.ContainsAny(word, "-_") {
		return false
	}
	return version != "" || strings.ContainsAny(word, "-_")
}

var (
	plain = lazyregexp.New(`(?i)^(?:to|in|on|by|with|from|at|is|was|has|have|been|and|or|step|stage|for|of|the|a|an|it|this|that|new|now|all|version|release|tag|build|commit|revision|image|code|script|started|done|failed|complete|completed|finished|succeeded|success|process|pipeline|job|branch|target|hosts?|pods?|canary|successfully|starting|running|trigger(?:ed|ing)|` + forward + `|` + reverse + `)$`)
	// sole is a version that is no service.
	sole = lazyregexp.New(`^(?:` + number + `)$`)
)
