package console

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

var (
	// deploying is how a runner says that it runs an action that brings something out.
	deploying = lazyregexp.New(`(?i)^##\[group\]Run \S*(?:deploy|release|rollout|promote)\S*@\S+(.*)$`)
	// given is one of the inputs of an action: a name and a value.
	given = lazyregexp.New(`^\s*([\w\-]+)[:=]\s*["']?([^\s"']+)["']?\s*$`)
)

// runs notes that an action which deploys is run, with the inputs that stand behind it.
func (g *log) runs(m mark, text string) {
	g.act()
	found := deploying.FindStringSubmatch(text)
	if found == nil {
		return
	}
	g.action = &hint{m, said{act: begins, tool: "GitHub Actions", sure: true}}
	for _, word := range strings.Fields(found[1]) {
		g.input(word)
	}
	if g.action.service != "" && g.action.version != "" {
		g.act()
	}
}

// input takes an input of the action that is run, when the text is one.
func (g *log) input(text string) {
	found := given.FindStringSubmatch(text)
	if found == nil || g.action == nil {
		return
	}
	s := &g.action.said
	switch strings.ToLower(strings.ReplaceAll(found[1], "_", "-")) {
	case "service", "app", "application", "component":
		s.service = found[2]
	case "version", "tag", "image-tag", "release":
		s.version = short(found[2])
	case "environment", "env", "stage":
		s.env = g.environment(found[2])
	}
}

// act tells of the action that is run, once its inputs are known: it is a deploy when they
// name what goes out.
func (g *log) act() {
	a := g.action
	g.action = nil
	if a != nil && a.service != "" && a.version != "" {
		g.take(a.mark, line{text: "deploy of " + a.service + " " + a.version, at: a.mark.at}, a.said)
	}
}
