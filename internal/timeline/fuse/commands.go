package fuse

import (
	"path"
	"strings"
	"time"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/timeline/fact"
)

// loggedWithin is how far apart a shell and sudo write down one command: a shell when it was
// entered, sudo after its user had said who they are.
const loggedWithin = 15 * time.Second

// commands joins a command in the history of a shell with the same in a log of sudo, whatever
// the owner of the history is called: some are of a role.
func (j *joiner) commands() {
	ran := j.of(fact.Ran, fact.Looked)
	paired := map[*fact.Fact]bool{}
	for i, a := range ran {
		if a.First().Kind != hindcast.Command {
			continue
		}
		for _, b := range fact.Between(ran[i+1:], a.At, a.At.Add(loggedWithin)) {
			if paired[a] || paired[b] || b.First().Kind != hindcast.Command || logged(a) == logged(b) || bareCommand(a) != bareCommand(b) {
				continue
			}
			paired[a], paired[b] = true, true
			if logged(a) { // the history has the words that were entered
				j.merge(b, a)
			} else {
				j.merge(a, b)
			}
		}
	}
}

// logged reports whether a command is told by a log of sudo.
func logged(f *fact.Fact) bool { return f.First().Attrs["via"] == "sudo" }

// bareCommand is a command without sudo and the folder of its program.
func bareCommand(f *fact.Fact) string {
	words := strings.Fields(strings.TrimPrefix(f.First().Title, "sudo "))
	if len(words) == 0 {
		return ""
	}
	words[0] = path.Base(words[0])
	return strings.Join(words, " ")
}
