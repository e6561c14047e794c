package console

import (
	"strings"

	"github.com/hindcast/hindcast/internal/lazyregexp"
)

// act is what a line says happened.
type act int

const (
	nothing act = iota
	begins      // a deploy begins
	goesOn      // a deploy that is under way
	ends        // a deploy is done
	fails
	backs   // a deploy back to an earlier version
	backed  // such a deploy is done
	changes // infrastructure or a setting begins to be changed
	changed // it has been
	step    // a part of a deploy: a migration, a check
	context // says something of the run as a whole
	over    // the run is over
	broken  // the run failed
)

// said is what a line says, as far as it says it.
type said struct {
	act                                  act
	tool                                 string // that says it, or that the line is of
	service, version, previous, env, by  string
	repo, sha, branch, job, ref, at, end string
	sure                                 bool // only the tool writes such a line
}

// rule reads one sort of line that a tool writes.
type rule struct {
	sign string // a part of every such line, in lower case
	re   *lazyregexp.Regexp
	read func(m []string) said
}

func fixed(s said) func([]string) said { return func([]string) said { return s } }

// of returns what a tool says of the service that the first submatch names.
func of(tool string, a act) func([]string) said {
	return func(m []string) said { return said{act: a, tool: tool, service: m[1], sure: true} }
}

// rules are what tools write when they bring something out, the first that fits.
var rules = []rule{
	// Helm.
	{"release \"", lazyregexp.New(`^Release "([^"]+)" has been upgraded`), of("Helm", ends)},
	{"release \"", lazyregexp.New(`^Release "([^"]+)" does not exist\. Installing it now`), of("Helm", begins)},
	{"last deployed:", lazyregexp.New(`^LAST DEPLOYED: (.+)`), func(m []string) said { return said{act: context, tool: "Helm", at: m[1], sure: true} }},
	{"namespace:", lazyregexp.New(`^NAMESPACE: (\S+)$`), func(m []string) said { return said{act: context, env: m[1]} }},
	{"name:", lazyregexp.New(`^NAME: ([a-z][\w.\-]*)$`), func(m []string) said { return said{act: ends, tool: "Helm", service: m[1], sure: true} }},
	{"failed", lazyregexp.New(`^(?:Error: )?(?:UPGRADE|INSTALLATION|ROLLBACK) FAILED`), fixed(said{act: fails, tool: "Helm", sure: true})},
	{"rollback was a success", lazyregexp.New(`^Rollback was a success`), fixed(said{act: backed, tool: "Helm", sure: true})},
	// kubectl.
	{"image updated", lazyregexp.New(`^(?:deployment|statefulset|daemonset)(?:\.apps|\.extensions)?/(\S+) image updated`), of("kubectl", begins)},
	{" configured", lazyregexp.New(`^(?:deployment|statefulset|daemonset)(?:\.apps|\.extensions)?[/ ]"?([\w.\-]+)"? configured`), of("kubectl", begins)},
	{" rolled back", lazyregexp.New(`^(?:deployment|statefulset|daemonset)(?:\.apps|\.extensions)?[/ ]"?([\w.\-]+)"? rolled back`), of("kubectl", backs)},
	{"rollout to finish", lazyregexp.New(`^Waiting for (?:deployment|statefulset|daemon ?set)(?: spec update)? ?"([^"]+)" rollout to finish`), of("kubectl", goesOn)},
	{"successfully rolled out", lazyregexp.New(`^(?:deployment|statefulset|daemon ?set) "([^"]+)" successfully rolled out`), of("kubectl", ends)},
	{"progress deadline", lazyregexp.New(`^(?:error: )?deployment "([^"]+)" exceeded its progress deadline`), of("kubectl", fails)},
	{"timed out waiting", lazyregexp.New(`^(?:error: )?timed out waiting for the condition`), fixed(said{act: fails, tool: "kubectl"})},
	// Argo CD.
	{"name:", lazyregexp.New(`^Name:\s+argocd/(\S+)$`), func(m []string) said { return said{act: goesOn, tool: "Argo CD", service: m[1], sure: true} }},
	{"namespace:", lazyregexp.New(`^Namespace:\s+(\S+)$`), func(m []string) said { return said{act: context, env: m[1]} }},
	{"sync revision:", lazyregexp.New(`^Sync Revision:\s+(\S+)`), func(m []string) said { return said{act: goesOn, tool: "Argo CD", version: short(m[1]), sure: true} }},
	{"start:", lazyregexp.New(`^Start:\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4})`), func(m []string) said { return said{act: goesOn, tool: "Argo CD", at: m[1]} }},
	{"finished:", lazyregexp.New(`^Finished:\s+(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4})`), func(m []string) said { return said{act: goesOn, tool: "Argo CD", end: m[1]} }},
	{"phase:", lazyregexp.New(`^Phase:\s+Succeeded`), fixed(said{act: ends, tool: "Argo CD", sure: true})},
	{"phase:", lazyregexp.New(`^Phase:\s+(?:Failed|Error)`), fixed(said{act: fails, tool: "Argo CD", sure: true})},
	// Ansible.
	{"play [", lazyregexp.New(`^PLAY \[(.*?)\] \*{3,}`), play},
	{"play recap", lazyregexp.New(`^PLAY RECAP(?: \*{3,}|:)`), fixed(said{act: ends, tool: playbooks, sure: true})},
	{"unreachable=", lazyregexp.New(`^\S+\s+: ok=\d+\s+changed=\d+\s+unreachable=(?:[1-9]|0\s+failed=[1-9])`), fixed(said{act: fails, tool: playbooks, sure: true})},
	{"fatal: [", lazyregexp.New(`^fatal: \[[^\]]+\]: (?:FAILED|UNREACHABLE)!`), fixed(said{act: step, tool: playbooks, sure: true})},
	// Capistrano.
	{"deployed as release", lazyregexp.New(`\bBranch (\S+) \(at ([0-9a-f]{6,40})\) deployed as release (\d{14}) by ([\w.@+\-]+)`), func(m []string) said {
		return said{act: ends, tool: "Capistrano", branch: m[1], version: short(m[2]), ref: m[3], by: m[4], sure: true}
	}},
	{"rolled back to release", lazyregexp.New(`\b([\w.@+\-]+) rolled back to release (\d{14})`), func(m []string) said {
		return said{act: backs, tool: "Capistrano", by: m[1], version: m[2], sure: true}
	}},
	{"/releases/", lazyregexp.New(`(?:^|[\s"'])(?:/[\w.\-]+)*/([\w.\-]+)/releases/(\d{14})(?:\s|$|/)`), func(m []string) said {
		return said{act: goesOn, tool: "Capistrano", service: m[1], ref: m[2], sure: true}
	}},
	// Terraform and OpenTofu.
	{": modifying...", lazyregexp.New(`^((?:module\.[\w.\-\[\]"]+\.)?[a-z]\w+\.[\w\-]+(?:\[.*?\])?): Modifying\.\.\.`), of(terraform, changes)},
	{": creating...", lazyregexp.New(`^((?:module\.[\w.\-\[\]"]+\.)?[a-z]\w+\.[\w\-]+(?:\[.*?\])?): Creating\.\.\.`), of(terraform, changes)},
	{": destroying...", lazyregexp.New(`^((?:module\.[\w.\-\[\]"]+\.)?[a-z]\w+\.[\w\-]+(?:\[.*?\])?): Destroying\.\.\.`), of(terraform, changes)},
	{"apply complete!", lazyregexp.New(`^Apply complete! Resources: \d+ (?:added|imported)`), fixed(said{act: changed, tool: terraform, sure: true})},
	// Migrations.
	{"migrating schema", lazyregexp.New(`^Migrating (schema \S+ to version .+)$`), of("Flyway", changes)},
	{"successfully applied", lazyregexp.New(`^Successfully applied \d+ migrations? to schema`), fixed(said{act: changed, tool: "Flyway", sure: true})},
	{"failed!", lazyregexp.New(`^Migration of schema .* failed!`), fixed(said{act: fails, tool: "Flyway", sure: true})},
	{"changeset", lazyregexp.New(`^Running Changeset: (\S+)`), of("Liquibase", changes)},
	{"liquibase", lazyregexp.New(`^Liquibase(?:: Update has been successful| command 'update' was executed successfully)`), fixed(said{act: changed, tool: "Liquibase", sure: true})},
	{"liquibase", lazyregexp.New(`^Unexpected error running Liquibase`), fixed(said{act: fails, tool: "Liquibase", sure: true})},
	{"running upgrade", lazyregexp.New(`^(?:\[alembic[^\]]*\] )?Running upgrade (\w* ?-> \w+.*)`), of("Alembic", changes)},
	{": migrating ===", lazyregexp.New(`^== (\d+ \w+): migrating =+`), of("Rails", changes)},
	{": migrated (", lazyregexp.New(`^== \d+ \w+: migrated \(`), fixed(said{act: changed, tool: "Rails", sure: true})},
	// Octopus, Spinnaker, serverless platforms.
	{" release ", lazyregexp.New(`^(?:Task ID|Description|Task)?:?\s*Deploy(?:ing)? ([\w.\- ]+?) release (\S+) to ([\w\- ]+)$`), func(m []string) said {
		return said{act: begins, tool: "Octopus", service: m[1], version: m[2], env: m[3], sure: true}
	}},
	{"the deployment ", lazyregexp.New(`^The deployment completed successfully`), fixed(said{act: ends, tool: "Octopus", sure: true})},
	{"the deployment ", lazyregexp.New(`^The deployment (?:failed|was canceled)`), fixed(said{act: fails, tool: "Octopus", sure: true})},
	{"serving 100 percent", lazyregexp.New(`^Service \[([^\]]+)\] revision \[([^\]]+)\] has been deployed`), func(m []string) said {
		return said{act: ends, tool: "Cloud Run", service: m[1], version: m[2], sure: true}
	}},
	{"cloud run service", lazyregexp.New(`^Deploying container to Cloud Run service \[([^\]]+)\]`), of("Cloud Run", begins)},
	{"deployed to stack", lazyregexp.New(`^\W*Service deployed to stack ([\w\-]+)`), of("Serverless Framework", ends)},
}

func play(m []string) said {
	s := said{act: context, tool: playbooks}
	if m[1] != "" && !strings.ContainsAny(m[1], " :") { // the name of a role or a group of hosts that it changes
		s = said{act: begins, tool: playbooks, service: m[1], sure: true}
	}
	if own, ok := words(m[1]); ok && own.act != fails {
		s = own
		s.tool, s.sure = playbooks, true
		if s.act == ends || s.act == step {
			s.act = begins
		}
	}
	if s.act == context && m[1] != "" { // in words of its own; it counts when it changes something
		s = said{act: changes, tool: playbooks, service: m[1], sure: true}
	}
	return s
}

// short is a hash as people write it; anything else as it is.
func short(revision string) string {
	if len(revision) == 40 && strings.Trim(revision, "0123456789abcdef") == "" {
		return revision[:7]
	}
	return revision
}
