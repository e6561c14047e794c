package console

import (
	"cmp"
	"path"
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// runs are what the systems that run pipelines write of the run as a whole.
var runs = []rule{
	// GitHub Actions and Azure Pipelines.
	{"complete job name:", lazyregexp.New(`^Complete job name: (.+)`), func(m []string) said { return said{job: m[1]} }},
	{"syncing repository:", lazyregexp.New(`^Syncing repository: (\S+)`), func(m []string) said { return said{repo: m[1]} }},
	{"triggered by", lazyregexp.New(`^(?:Triggered|Requested|Queued|Started) by:? +@?(.+)$`), func(m []string) said { return said{by: m[1]} }},
	{"process completed with exit code", lazyregexp.New(`Process completed with exit code [1-9]`), fixed(said{act: broken, sure: true})},
	{"the operation was cancel", lazyregexp.New(`^(?:##\[error\])?(?:Error: )?The operation was cancell?ed`), fixed(said{act: broken, sure: true})},
	{"##[section]starting:", lazyregexp.New(`^##\[section\]Starting: (.+)`), func(m []string) said { return said{job: m[1]} }},
	// GitLab.
	{"running with gitlab-runner", lazyregexp.New(`^Running with gitlab-runner`), fixed(said{tool: "GitLab CI", sure: true})},
	{"git repository in", lazyregexp.New(`(?i)(?:initialized|existing).* Git repository in (/\S+?)/\.git/?$`), func(m []string) said { return said{repo: m[1]} }},
	{"detached head", lazyregexp.New(`^Checking out ([0-9a-f]{7,40}) as (?:detached HEAD \(ref is )?(\S+?)\)?(?:\.\.\.)?$`), func(m []string) said { return said{sha: m[1], branch: m[2]} }},
	{"job succeeded", lazyregexp.New(`^Job succeeded$`), fixed(said{act: over, tool: "GitLab CI", sure: true})},
	{"job failed", lazyregexp.New(`^(?:ERROR: )?Job failed\b`), fixed(said{act: broken, tool: "GitLab CI", sure: true})},
	// Jenkins.
	{"started by", lazyregexp.New(`^Started by (?:user|GitHub push by|GitLab push by) (.+)$`), func(m []string) said { return said{tool: "Jenkins", by: m[1], sure: true} }},
	{"started by", lazyregexp.New(`^Started by (?:upstream project|timer|an SCM change|remote host|changes from)`), fixed(said{tool: "Jenkins", sure: true})},
	{"[pipeline]", lazyregexp.New(`^\[Pipeline\] \{ \(([^)]+)\)`), func(m []string) said { return said{tool: "Jenkins", job: m[1], sure: true} }},
	{"[pipeline]", lazyregexp.New(`^\[Pipeline\] `), fixed(said{tool: "Jenkins", sure: true})},
	{"cloning repository", lazyregexp.New(`^Cloning repository (\S+)`), func(m []string) said { return said{repo: m[1]} }},
	{"checking out revision", lazyregexp.New(`^Checking out Revision ([0-9a-f]{7,40})(?: \((?:refs/remotes/)?(?:origin/)?([^)]+)\))?`), func(m []string) said { return said{sha: m[1], branch: m[2]} }},
	{"finished: ", lazyregexp.New(`^Finished: (?:SUCCESS|UNSTABLE)$`), fixed(said{act: over, tool: "Jenkins", sure: true})},
	{"finished: ", lazyregexp.New(`^Finished: (?:FAILURE|ABORTED|NOT_BUILT)$`), fixed(said{act: broken, tool: "Jenkins", sure: true})},
	// Buildkite, CircleCI, Drone and shells.
	{"exited with status", lazyregexp.New(`(?i)(?:The command )?exited with status [1-9]`), fixed(said{act: broken})},
	{"exited with code", lazyregexp.New(`^Exited with code (?:exit status )?[1-9]`), fixed(said{act: broken, sure: true})},
	{"head is now at", lazyregexp.New(`^HEAD is now at ([0-9a-f]{7,40})`), func(m []string) said { return said{sha: m[1]} }},
}

// ofRun reads a line about the run as a whole.
func ofRun(text, lower string) (said, bool) {
	for i := range runs {
		r := &runs[i]
		if !strings.Contains(lower, r.sign) {
			continue
		}
		if m := r.re.FindStringSubmatch(text); m != nil {
			s := r.read(m)
			if s.act == nothing {
				s.act = context
			}
			s.repo = repoName(s.repo)
			return s, true
		}
	}
	return said{}, false
}

// repoName is the last part of a repository's address or folder.
func repoName(s string) string {
	if s == "" {
		return ""
	}
	return path.Base(strings.TrimSuffix(strings.ReplaceAll(s, ":", "/"), ".git"))
}

// ofTool reads a line that a tool writes.
func ofTool(text, lower string) (said, bool) {
	for i := range rules {
		r := &rules[i]
		if !strings.Contains(lower, r.sign) {
			continue
		}
		if m := r.re.FindStringSubmatch(text); m != nil {
			return r.read(m), true
		}
	}
	return said{}, false
}

// prompt is what stands before a command that a log shows.
var prompt = lazyregexp.New(`^(?:\[[\w@.\-]+\] )?(?:\++ |\$ |# |> |##\[group\]Run |##\[command\]|\[command\]|(?:Running|Executing|Run|Command): ?)(.+)$`)

// ofCommand reads a command that brings something out, as logs show them before
// what it writes.
func ofCommand(text string) (said, bool) {
	m := prompt.FindStringSubmatch(text)
	if m == nil {
		return said{}, false
	}
	f := strings.Fields(strings.ReplaceAll(m[1], `"`, ""))
	for len(f) > 1 && (f[0] == "sudo" || strings.Contains(f[0], "=")) {
		f = f[1:]
	}
	if len(f) < 2 {
		return said{}, false
	}
	args, flags := arguments(f[1:])
	s := said{env: cmp.Or(flags["environment"], flags["env"], flags["cluster"], flags["kube-context"], flags["context"], flags["namespace"], flags["n"])}
	switch path.Base(f[0]) {
	case "helm":
		return helm(s, args, flags)
	case "kubectl", "oc":
		return kubectl(s, args)
	case "argocd":
		return argocd(s, args, flags)
	case "docker", "gcloud", "cap", "ansible-playbook", "nomad":
		return other(s, path.Base(f[0]), args, flags)
	}
	return said{}, false
}

// switches are the options that take no value.
var switches = map[string]bool{"install": true, "i": true, "atomic": true, "wait": true, "debug": true, "force": true, "dry-run": true, "cleanup-on-fail": true, "create-namespace": true, "reset-values": true, "reuse-values": true, "record": true, "prune": true, "quiet": true, "detach": true}

// arguments divides the words of a command into arguments and options; values
// that are set one by one (--set image.tag=1.2, -e version=1.2) are options too.
func arguments(words []string) (args []string, flags map[string]string) {
	flags = map[string]string{}
	for i := 0; i < len(words); i++ {
		w := strings.Trim(words[i], "'")
		name := strings.TrimLeft(w, "-")
		if name == w {
			args = append(args, w)
			continue
		}
		name, value, ok := strings.Cut(name, "=")
		if !ok && !switches[name] && i+1 < len(words) {
			i++
			value = strings.Trim(words[i], "'")
		}
		flags[name] = value
		for pair := range strings.SplitSeq(value, ",") {
			if k, v, ok := strings.Cut(pair, "="); ok && v != "" {
				flags[strings.ToLower(k[strings.LastIndexByte(k, '.')+1:])] = v
			}
		}
	}
	return args, flags
}

func helm(s said, args []string, flags map[string]string) (said, bool) {
	if _, dry := flags["dry-run"]; dry || len(args) < 2 {
		return s, false
	}
	s.tool, s.service, s.sure = "Helm", args[1], true
	switch args[0] {
	case "upgrade", "install":
		s.act, s.version = begins, cmp.Or(flags["tag"], flags["imagetag"], flags["image_tag"], tagOf(flags["image"]), flags["version"])
		return s, true
	case "rollback":
		s.act = backs
		return s, true
	}
	return s, false
}

func kubectl(s said, args []string) (said, bool) {
	s.tool, s.sure = "kubectl", true
	switch {
	case len(args) > 3 && args[0] == "set" && args[1] == "image":
		s.act, s.service = begins, args[2][strings.LastIndexByte(args[2], '/')+1:]
		_, image, _ := strings.Cut(args[len(args)-1], "=")
		s.version = tagOf(image)
	case len(args) > 2 && args[0] == "rollout" && args[1] == "undo":
		s.act, s.service = backs, args[len(args)-1][strings.LastIndexByte(args[len(args)-1], '/')+1:]
	default:
		return s, false
	}
	return s, true
}

func argocd(s said, args []string, flags map[string]string) (said, bool) {
	if len(args) < 3 || args[0] != "app" || args[1] != "sync" && args[1] != "rollback" {
		return s, false
	}
	s.act, s.tool, s.service, s.version, s.sure = begins, "Argo CD", args[2], short(flags["revision"]), true
	if args[1] == "rollback" {
		s.act = backs
	}
	return s, true
}

// other reads the commands of tools that have one command for it.
func other(s said, program string, args []string, flags map[string]string) (said, bool) {
	s.act, s.sure = begins, true
	s.version = cmp.Or(flags["tag"], tagOf(flags["image"]), flags["version"], flags["app_version"], flags["release"])
	last := ""
	if len(args) > 0 {
		last = args[len(args)-1]
	}
	switch {
	case program == "docker" && len(args) > 2 && (args[0] == "service" && args[1] == "update" || args[0] == "stack" && args[1] == "deploy"):
		s.tool, s.service = "Docker", last
	case program == "gcloud" && len(args) > 2 && args[0] == "run" && args[1] == "deploy":
		s.tool, s.service = "Cloud Run", args[2]
	case program == "cap" && len(args) == 2 && strings.HasPrefix(args[1], "deploy"):
		s.tool, s.env = "Capistrano", args[0]
		if args[1] == "deploy:rollback" {
			s.act = backs
		}
	case program == "ansible-playbook" && s.version != "":
		s.tool, s.service = "Ansible", flags["app"]+flags["service"]
	default:
		return s, false
	}
	return s, true
}

// tagOf is the tag of an image.
func tagOf(image string) string {
	image, _, _ = strings.Cut(image, "@")
	name := image[strings.LastIndexByte(image, '/')+1:]
	_, tag, _ := strings.Cut(name, ":")
	return tag
}
