package fact

import (
	"cmp"
	"strings"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/lazyregexp"
	"github.com/hindcast/hindcast/internal/timeline/command"
)

var (
	// syncs is how a controller that keeps a cluster as a repository says begins a
	// rollout: by itself, or for somebody.
	syncs = lazyregexp.New(`(?i)^(?:OperationStarted: )?(?:(\S+|Unknown user) )?initiated (automated )?(?:partial )?(sync|rollback)\b`)
	// heals is how such a controller says that it puts back what others changed.
	heals = lazyregexp.New(`(?i)\bself[- ]?heal\w*|\b(?:drift(?:ed)?|live (?:state|manifest|object)s? (?:differs?|changed|diverged|deviates?)|corrected drift|undo(?:es|ing)? manual)\b`)
	// itself is how such a controller calls itself.
	itself = lazyregexp.New(`(?i)^(?:auto|automat\w*|argo\w*|flux\w*|system|controller|self)(?:-\w+)*$`)
	// synced is the commit of the repository to which such a rollout brings the cluster.
	synced = lazyregexp.New(`(?i)\b(?:sync|rollback) to (?:history id \d+ \(revision |HEAD \()?'?([0-9a-f]{6,40})\b`)
	// tagged is how what is rolled out names the version of an image.
	tagged = lazyregexp.New(`(?i)\b(?:image )?(?:tag|version|revision)[:=]? ?'?v?(\d+\.[\w.\-]*\w)|\((?:[^()\d]*\s)?v?(\d+\.\d+(?:\.\d+)?)\)`)
)

// shortCommit is how many digits of a commit stand for its version.
const shortCommit = 7

// sync reads the start of a rollout by a controller; any other operation stays what
// it is.
func (r *Reader) sync(f *Fact, e hindcast.Event) {
	m := syncs.FindStringSubmatch(e.Title)
	if m == nil || e.Service == "" {
		return
	}
	f.Class, f.Verb, f.Object = Rollout, command.Deploy, e.Service
	if strings.EqualFold(m[3], "rollback") {
		f.Verb = command.Rollback
	}
	f.Actor.Kind = hindcast.Automation
	if m[2] == "" && m[1] != "" && m[1] != "Unknown user" && !itself.MatchString(m[1]) {
		f.Actor = hindcast.Actor{Name: m[1], Kind: hindcast.Person}
	}
	if v := tagged.FindStringSubmatch(e.Title + " " + e.Text); v != nil {
		f.Version = Version(cmp.Or(v[1], v[2]))
	} else if c := synced.FindStringSubmatch(e.Title); c != nil {
		f.Version = c[1][:min(len(c[1]), shortCommit)]
	}
	begun, _, _ := strings.Cut(strings.TrimPrefix(e.Title, "OperationStarted: "), "\n")
	f.Title = e.Service + ": " + begun
}

// Heals reports whether automation put back what others had changed.
func (f *Fact) Heals() bool {
	return f.Class == Rollout && !f.ByPerson() && heals.MatchString(f.First().Title+" "+f.First().Text)
}

// Synced reports whether a controller began a rollout of its own accord, because the
// repository had changed, or a bot alone tells of a rollout by nobody.
func (f *Fact) Synced() bool {
	return f.Class == Rollout && !f.ByPerson() && (f.Reason == "OperationStarted" || f.First().Kind == hindcast.Message)
}
