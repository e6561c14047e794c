package quality

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/lint/gate"
	"github.com/hindcast/hindcast/internal/lint/report"
)

// checkFlags are the flags of check beside those it shares with lint.
type checkFlags struct {
	lintFlags
	severity int
	policy   string // name of the file
}

func newCheck(env *command.Env) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [flags] FILE...",
		Short: "Hold post-mortems against the quality checklist",
		Long: `Check is the quality gate. It reads post-mortems in Markdown - ours or another
template's; files, folders of .md files, or - for standard input - and says for
each of seven criteria whether it passes, fails, or waits for a person's word,
and names everything that is missing with its line:

  blameless, timeline-complete, root-causes, contributing-factors,
  actions-specific, learning-captured, evidence-linked

Attestations and waivers stand in the front matter, by role:

  attestations:
    - criterion: timeline-complete
      by: incident commander
      on: 2024-03-18
  waivers:
    - rule: evidence-linked
      reason: the provider's logs arrive in April
      by: reliability lead
      until: 2024-04-15

The severity decides what blocks and what warns, by a policy that --policy FILE
changes:

  severities:
    - level: 3
      warns: [contributing-factors]
    - level: 4
      name: Low
      warns: [contributing-factors, evidence-linked]

The exit code is 1 when a criterion blocks; --fail-on warning includes those that
warn.`,
		Example: `  hindcast check post-mortem.md
  hindcast check --format github docs/post-mortems
  hindcast check --policy severities.yaml docs/post-mortems
  hindcast check --severity 3 --now 2024-03-22T09:00:00Z post-mortem.md`,
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			return check(env, f, args)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "text, json, sarif or github")
	flags.StringVar(&f.failOn, "fail-on", "error", "exit with 1 from this level on: error, warning, note or never")
	flags.StringVar(&f.now, "now", "", "what counts as now, as 2024-03-22T09:00:00Z (default: the clock)")
	flags.StringVar(&f.color, "color", "auto", "color text: auto, always or never")
	flags.IntVar(&f.severity, "severity", 0, "severity level of documents that name none, 1 is the most severe")
	flags.StringVar(&f.policy, "policy", "", "file that says per severity what warns and what a person vouches for")
	flags.StringArrayVar(&f.config, "config", nil, "file of rules to add, tune or switch off (repeatable)")
	flags.StringArrayVar(&f.people, "person", nil, "name of a person that must not stand among causes (repeatable)")
	return cmd
}

func check(env *command.Env, f checkFlags, args []string) error {
	r, err := newLintRun(env, f.lintFlags)
	if err != nil {
		return err
	}
	policy, err := command.PolicyFrom(f.policy)
	if err != nil {
		return err
	}
	if _, ok := policy.Level(f.severity); !ok && f.severity != 0 {
		return command.Usagef("--severity %d: the severity policy has no such level", f.severity)
	}
	if len(args) == 0 {
		return command.Usagef("name the files to read, or - for standard input")
	}
	files, err := texts(env, args)
	if err != nil {
		return err
	}
	var checked []report.Checked
	for _, t := range files {
		if bytes.HasPrefix(bytes.TrimSpace(t.source), []byte("{")) {
			return fmt.Errorf("%s is JSON; check reads the Markdown form", t.name)
		}
		checked = append(checked, r.checkFile(t, gate.Options{Policy: policy, Severity: f.severity, Today: r.context.Today}))
	}
	if err := r.writeChecked(checked); err != nil {
		return err
	}
	if r.failing > 0 {
		return command.ErrSilent
	}
	return nil
}

// checkFile checks one text and counts what makes the run fail.
func (r *lintRun) checkFile(t text, o gate.Options) report.Checked {
	parsed := document.Parse(t.name, t.source)
	found := r.linter.Document(t.source, r.contextOf(parsed))
	g := gate.Check(gate.Document{Source: t.source, Parsed: parsed, Findings: found}, o)
	for _, x := range g.Deciding() {
		if r.least > 0 && x.Level.Rank() >= r.least {
			r.failing++
		}
	}
	return report.Checked{File: report.File{Name: t.name, Source: t.source, Findings: g.Deciding()}, Report: g}
}

func (r *lintRun) writeChecked(checked []report.Checked) error {
	switch r.flags.format {
	case "json":
		return report.CheckJSON(r.Stdout, checked)
	case "github":
		return report.GitHub(r.Stdout, report.Files(checked))
	case "sarif":
		return report.SARIF(r.Stdout, report.Files(checked), append(report.Criteria(), r.described()...), r.Version)
	}
	return report.CheckText(r.Stdout, checked, r.colored())
}
