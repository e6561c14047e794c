package quality

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/spf13/cobra"

	"github.com/hindcast/hindcast"
	"github.com/hindcast/hindcast/internal/cli/command"
	"github.com/hindcast/hindcast/internal/document"
	"github.com/hindcast/hindcast/internal/document/section"
	"github.com/hindcast/hindcast/internal/lint"
	"github.com/hindcast/hindcast/internal/lint/report"
)

// lintFlags are the flags of lint.
type lintFlags struct {
	format, as, failOn, now, color string
	config, people, actors         []string
	lines, fix, write, rules       bool
}

func newLint(env *command.Env) *cobra.Command {
	var f lintFlags
	cmd := &cobra.Command{
		Use:   "lint [flags] FILE...",
		Short: "Find blame, hidden actors, hindsight, shallow causes and vague actions",
		Long: `Lint reads post-mortems in Markdown - files, folders of .md files, or - for
standard input - and says which wording hides who acted, blames people, argues
with hindsight, stops at a shallow cause or plans a vague action, why that
matters, and what to write instead.

A comment silences a rule for a paragraph, list item or table row, with a reason:

  <!-- lint-ignore blame: quoted from the vendor's report -->

The exit code is 1 when a finding is at least as grave as --fail-on.`,
		Example: `  hindcast lint post-mortem.md
  hindcast lint --format github --fail-on warning docs/post-mortems
  hindcast lint --fix post-mortem.md          # shows the diff; --write makes it
  echo 'Improve monitoring' | hindcast lint --lines --as action -`,
		RunE: command.Run(func(_ *cobra.Command, args []string) error {
			return runLint(env, f, args)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "text, json, sarif or github")
	flags.BoolVar(&f.lines, "lines", false, "each line of input is a text of its own")
	flags.StringVar(&f.as, "as", "", "the section that the text belongs to: timeline, cause, action, ...")
	flags.StringVar(&f.failOn, "fail-on", "error", "exit with 1 from this level on: error, warning, note or never")
	flags.StringVar(&f.now, "now", "", "what counts as now, as 2024-03-22T09:00:00Z (default: the clock)")
	flags.StringVar(&f.color, "color", "auto", "color text: auto, always or never")
	flags.StringArrayVar(&f.config, "config", nil, "file of rules to add, tune or switch off (repeatable)")
	flags.StringArrayVar(&f.people, "person", nil, "name of a person that must not stand among causes (repeatable)")
	flags.StringArrayVar(&f.actors, "actor", nil, "system or role to propose in rewrites (repeatable)")
	flags.BoolVar(&f.fix, "fix", false, "print the changes that the suggestions would make, as a diff")
	flags.BoolVar(&f.write, "write", false, "with --fix: make them")
	flags.BoolVar(&f.rules, "rules", false, "list the rules")
	return cmd
}

// lintRun is one run of the command.
type lintRun struct {
	*command.Env
	linter  *lint.Linter
	context lint.Context
	flags   lintFlags
	failing int // findings at or above --fail-on
	least   int // the rank from which they count
}

func runLint(env *command.Env, f lintFlags, args []string) error {
	r, err := newLintRun(env, f)
	if err != nil {
		return err
	}
	switch {
	case f.rules && len(args) > 0:
		return command.Usagef("--rules takes no files")
	case f.rules:
		return r.listRules()
	case len(args) == 0:
		return command.Usagef("name the files to read, or - for standard input")
	}
	files, err := texts(env, args)
	if err != nil {
		return err
	}
	if f.fix {
		return r.fixAll(files)
	}
	if err := r.report(files); err != nil {
		return err
	}
	if r.failing > 0 {
		return command.ErrSilent
	}
	return nil
}

func newLintRun(env *command.Env, f lintFlags) (*lintRun, error) {
	command.Roomy()
	r := &lintRun{Env: env, flags: f, least: hindcast.FindingLevel(f.failOn).Rank()}
	switch {
	case r.least == 0 && f.failOn != "never":
		return nil, command.Usagef("--fail-on %s: choose error, warning, note or never", f.failOn)
	case f.format != "text" && f.format != "json" && f.format != "sarif" && f.format != "github":
		return nil, command.Usagef("--format %s: choose text, json, sarif or github", f.format)
	case f.color != "auto" && f.color != "always" && f.color != "never":
		return nil, command.Usagef("--color %s: choose auto, always or never", f.color)
	case f.write && !f.fix:
		return nil, command.Usagef("--write makes the changes of --fix; give both")
	case f.fix && f.lines:
		return nil, command.Usagef("--fix changes whole files; leave out --lines")
	}
	now, err := command.FlagTime("now", f.now)
	if err != nil {
		return nil, err
	}
	if now.IsZero() {
		now = time.Now()
	}
	r.context = lint.Context{Today: hindcast.DateOf(now), People: f.people, Actors: f.actors, Incomplete: f.lines || f.as != ""}
	if f.as != "" {
		kind, ok := section.As(f.as)
		if !ok {
			return nil, command.Usagef("--as %s: choose one of %s", f.as, strings.Join(section.Names(), ", "))
		}
		r.context.Section = kind
	}
	var rules []lint.File
	for _, name := range f.config {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the rules: %w", err)
		}
		file, err := lint.ParseFile(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		rules = append(rules, file)
	}
	r.linter, err = lint.New(rules...)
	return r, err
}

// text is a text to lint.
type text struct {
	name   string
	source []byte
}

// texts reads the files that args name; folders are walked for Markdown.
func texts(env *command.Env, args []string) ([]text, error) {
	var out []text
	var faults []error
	for _, name := range args {
		if name == "-" {
			data, err := io.ReadAll(env.Stdin)
			if err != nil {
				return nil, fmt.Errorf("read standard input: %w", err)
			}
			out = append(out, text{"<stdin>", data})
			continue
		}
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() || path != name && !strings.EqualFold(filepath.Ext(path), ".md") {
				return nil
			}
			data, err := os.ReadFile(path)
			out = append(out, text{path, data})
			return err
		})
		if err != nil {
			faults = append(faults, err)
		}
	}
	return out, errors.Join(faults...)
}

// report lints the files and writes the findings.
func (r *lintRun) report(files []text) error {
	var out []report.File
	for _, f := range files {
		if r.flags.lines && r.flags.format == "json" {
			if err := r.jsonLines(f); err != nil {
				return err
			}
			continue
		}
		file := report.File{Name: f.name, Source: f.source}
		if r.flags.lines {
			file.Findings = r.eachLine(f)
		} else {
			file.Findings = r.findings(f.source)
		}
		out = append(out, file)
	}
	switch r.flags.format {
	case "json":
		return report.JSON(r.Stdout, out)
	case "github":
		return report.GitHub(r.Stdout, out)
	case "sarif":
		return report.SARIF(r.Stdout, out, r.described(), r.Version)
	}
	return report.Text(r.Stdout, out, r.colored())
}

// findings lints one text and counts what makes the run fail.
func (r *lintRun) findings(source []byte) []hindcast.Finding {
	found := r.document(source)
	for _, f := range found {
		if r.least > 0 && f.Level.Rank() >= r.least {
			r.failing++
		}
	}
	return found
}

// document lints one text, with what a document in our own format says of itself.
func (r *lintRun) document(source []byte) []hindcast.Finding {
	context := r.context
	if !context.Incomplete && bytes.HasPrefix(source, []byte("---")) { // else it has no front matter
		context = r.contextOf(document.Parse("", source))
	}
	return r.linter.Document(source, context)
}

// contextOf returns the context with what a document in our own format says of
// itself.
func (r *lintRun) contextOf(parsed *document.Parsed) lint.Context {
	if !parsed.Ours {
		return r.context
	}
	return r.context.With(parsed.Postmortem)
}

// jsonLines writes an object for each line, clean ones too.
func (r *lintRun) jsonLines(f text) error {
	enc := json.NewEncoder(r.Stdout)
	enc.SetEscapeHTML(false)
	n := 0
	for line := range bytes.Lines(f.source) {
		n++
		found := r.findings(bytes.TrimRight(line, "\r\n"))
		if found == nil {
			found = []hindcast.Finding{}
		}
		err := enc.Encode(struct {
			Line     int                `json:"line"`
			Findings []hindcast.Finding `json:"findings"`
		}{n, found})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachLine lints line by line and puts the findings in their places in the file.
func (r *lintRun) eachLine(f text) []hindcast.Finding {
	var out []hindcast.Finding
	n, at, units := 0, 0, 0
	for line := range bytes.Lines(f.source) {
		for _, x := range r.findings(bytes.TrimRight(line, "\r\n")) {
			x.Line += n
			x.Start, x.End = x.Start+at, x.End+at
			x.StartUTF16, x.EndUTF16 = x.StartUTF16+units, x.EndUTF16+units
			x.Edit = nil
			out = append(out, x)
		}
		n, at, units = n+1, at+len(line), units+len(utf16.Encode([]rune(string(line))))
	}
	return out
}

// fixAll prints the changes that the suggestions would make, or makes them.
func (r *lintRun) fixAll(files []text) error {
	for _, f := range files {
		edits := lint.Edits(r.findings(f.source))
		switch {
		case f.name == "<stdin>" && r.flags.write:
			if _, err := r.Stdout.Write(lint.Apply(f.source, edits)); err != nil {
				return err
			}
		case r.flags.write && len(edits) > 0:
			if err := command.WriteFile(f.name, lint.Apply(f.source, edits), true); err != nil {
				return err
			}
			fmt.Fprintf(r.Stderr, "%s: made %d %s; answer what stands in brackets\n", f.name, len(edits), map[bool]string{true: "change", false: "changes"}[len(edits) == 1])
		default:
			if err := report.Diff(r.Stdout, filepath.ToSlash(f.name), f.source, edits); err != nil {
				return err
			}
		}
	}
	return nil
}

// colored reports whether text is to be colored.
func (r *lintRun) colored() bool {
	if r.flags.color != "auto" {
		return r.flags.color == "always"
	}
	return r.Terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// described returns the rules for programs that show findings.
func (r *lintRun) described() []report.Rule {
	var out []report.Rule
	for _, x := range r.linter.Rules() {
		if !x.Off {
			out = append(out, report.Rule{Name: x.Name, Level: x.Level, Message: x.Message, Why: x.Why, Bad: x.Bad, Good: x.Good})
		}
	}
	return out
}

// listedRule is a rule as --rules prints it.
type listedRule struct {
	Name     string                `json:"name"`
	Level    hindcast.FindingLevel `json:"level"`
	Why      string                `json:"why"`
	Bad      string                `json:"bad"`
	Good     string                `json:"good"`
	Sections []string              `json:"sections,omitempty"`
	Off      bool                  `json:"off,omitempty"`
}

// listRules prints the rules with their reasons and examples.
func (r *lintRun) listRules() error {
	var list []listedRule
	for _, x := range r.linter.Rules() {
		list = append(list, listedRule{x.Name, x.Level, x.Why, x.Bad, x.Good, x.Only, x.Off})
	}
	if r.flags.format == "json" {
		enc := json.NewEncoder(r.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(list)
	}
	for _, x := range list {
		state := string(x.Level)
		if x.Off {
			state = "off"
		}
		fmt.Fprintf(r.Stdout, "%s (%s)\n  %s\n  instead of: %s\n  write:      %s\n\n", x.Name, state, x.Why, x.Bad, x.Good)
	}
	return nil
}
