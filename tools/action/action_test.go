// Package action_test tries the action of GitHub in action.yml on repositories of
// its own.
package action_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/hindcast/hindcast/internal/cli"
)

// asProgram has this test be the program that the action runs.
const asProgram = "ACTION_TEST_IS_HINDCAST"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// action is what the runner reads of action.yml.
type action struct {
	Inputs map[string]struct {
		Description string
		Default     string
	}
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []struct {
			ID, If, Uses, Shell, Run string
			Env                      map[string]string
			With                     map[string]string
		}
	}
}

func load(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	// Read here too, so that the result of a test is not taken for that of another script.
	if script, err := os.ReadFile("check"); err != nil || !bytes.HasPrefix(script, []byte("#!/usr/bin/env bash\n")) {
		t.Fatalf("the script of the action: %v", err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// repository is one with a first commit, in which post-mortems change.
type repository struct {
	*testing.T
	dir, base string
}

func begin(t *testing.T) *repository {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("SKIPPED: bash is not installed")
	}
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("SKIPPED: git is not installed")
	}
	r := &repository{T: t, dir: t.TempDir()}
	r.git("init", "--quiet", "--initial-branch=main")
	r.write("README.md", "# A repository\n")
	r.write("docs/post-mortems/old.md", "# Outage\n\nThe engineer caused the outage by mistake.\n")
	r.base = r.commit()
	return r
}

func (r *repository) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Engineer A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repository) write(name, text string) {
	r.Helper()
	file := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

// commit commits everything, and returns the commit.
func (r *repository) commit() string {
	r.Helper()
	r.git("add", "--all")
	r.git("commit", "--quiet", "--message", "change")
	return r.git("rev-parse", "HEAD")
}

// good is a post-mortem that passes.
func good(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../internal/sample/incidents/2024-03-15-mobile-api/post-mortem.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// ran is what came of the action.
type ran struct {
	code                    int
	log, annotations, files string
	summary                 string
}

// run does what the runner does with the steps that are run, in the repository.
func (r *repository) run(inputs map[string]string, event map[string]string) ran {
	r.Helper()
	a := load(r.T)
	source, err := filepath.Abs("../..")
	if err != nil {
		r.Fatal(err)
	}
	program := filepath.Join(r.TempDir(), "hindcast")
	if err := os.WriteFile(program, fmt.Appendf(nil, "#!/bin/sh\n%s=1 exec %q \"$@\"\n", asProgram, os.Args[0]), 0o700); err != nil {
		r.Fatal(err)
	}
	values := map[string]string{"github.action_path": source, "github.event.before": "", "github.event.pull_request.base.sha": ""}
	for name, in := range a.Inputs {
		values["inputs."+name] = in.Default
	}
	values["inputs.program"] = program
	for name, value := range inputs {
		if _, ok := a.Inputs[name]; !ok {
			r.Fatalf("the action has no input %s", name)
		}
		values["inputs."+name] = value
	}
	for name, value := range event {
		values["github.event."+name] = value
	}
	var out ran
	results, summary := filepath.Join(r.TempDir(), "output"), filepath.Join(r.TempDir(), "summary")
	for _, step := range a.Runs.Steps {
		if step.If != "" {
			if step.If != "inputs.program == ''" {
				r.Fatalf("the test does not understand the condition %q", step.If)
			}
			continue // the program is given
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
		cmd.Dir = r.dir
		cmd.Env = append(os.Environ(), "GITHUB_OUTPUT="+results, "GITHUB_STEP_SUMMARY="+summary)
		for name, value := range step.Env {
			cmd.Env = append(cmd.Env, name+"="+expand(r.T, value, values))
		}
		var stdout, log bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &log
		if err := cmd.Run(); err != nil {
			out.code = cmd.ProcessState.ExitCode()
		}
		out.annotations, out.log = out.annotations+stdout.String(), out.log+log.String()
	}
	text, _ := os.ReadFile(results) // not there when it failed early
	out.files = strings.TrimSpace(string(text))
	text, _ = os.ReadFile(summary)
	out.summary = string(text)
	return out
}

var expression = regexp.MustCompile(`\$\{\{ (.+?) \}\}`)

// expand fills in expressions: names, of which the first that is not empty counts.
func expand(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		for name := range strings.SplitSeq(expression.FindStringSubmatch(e)[1], " || ") {
			value, ok := values[name]
			if !ok {
				t.Fatalf("the test knows no %s", name)
			}
			if value != "" {
				return value
			}
		}
		return ""
	})
}

func TestChangedPostMortemsAreChecked(t *testing.T) {
	r := begin(t)
	r.write("docs/post-mortems/new one.md", "# Outage\n\n## Root cause\n\nThe engineer caused the outage by mistake.\n")
	r.write("docs/post-mortems/picture.svg", "<svg/>")
	r.write("docs/guide.md", "The engineer caused it.\n")
	r.commit()
	got := r.run(nil, map[string]string{"pull_request.base.sha": r.base})
	if got.code != 1 || got.files != "files=1" || !strings.Contains(got.annotations, "::error file=docs/post-mortems/new one.md,line=5,") {
		t.Errorf("a post-mortem that does not pass: %+v, want code 1 and annotations of it alone", got)
	}
	for _, other := range []string{"old.md", "guide.md", "README.md", "picture.svg"} {
		if strings.Contains(got.annotations+got.summary, other) {
			t.Errorf("%s was checked, and is no post-mortem that changed", other)
		}
	}
	if !strings.Contains(got.summary, "### Post-mortems") || !strings.Contains(got.summary, "does not pass") {
		t.Errorf("the summary is\n%s", got.summary)
	}
	if got := r.run(map[string]string{"fail-on": "never"}, map[string]string{"before": r.base}); got.code != 0 || !strings.Contains(got.annotations, "::error") {
		t.Errorf("with fail-on never: %+v, want code 0 and annotations", got)
	}
}

func TestWhatIsChecked(t *testing.T) {
	r := begin(t)
	r.write("docs/post-mortems/good.md", good(t))
	r.commit()
	r.git("rm", "--quiet", "docs/post-mortems/old.md")
	r.write("elsewhere/-odd\nname.md", good(t))
	r.commit()
	for _, tt := range []struct {
		name   string
		inputs map[string]string
		event  map[string]string
		code   int
		files  string
		log    string
	}{
		{"one that passes", nil, map[string]string{"before": r.base}, 0, "files=1", ""},
		{"nothing was touched", nil, map[string]string{"before": "HEAD", "pull_request.base.sha": r.git("rev-parse", "HEAD")}, 0, "files=0", ""},
		{"the first push of a branch", nil, map[string]string{"before": strings.Repeat("0", 40)}, 0, "files=1", "all are checked"},
		{"a commit that is not here", nil, map[string]string{"before": strings.Repeat("1", 40)}, 0, "files=1", "all are checked"},
		{"a base that is no commit", map[string]string{"base": "--output=x"}, nil, 0, "files=1", "all are checked"},
		{"all", map[string]string{"all": "true", "paths": "docs\nelsewhere\n"}, map[string]string{"before": r.base}, 0, "files=2", ""},
		{"all but one", map[string]string{"all": "true", "paths": "docs\n:!docs/post-mortems/good.md"}, nil, 0, "files=0", ""},
		{"an odd name", map[string]string{"paths": "elsewhere"}, map[string]string{"before": r.base}, 0, "files=1", ""},
		{"a policy that is not there", map[string]string{"policy": "none.yaml"}, map[string]string{"before": r.base}, 1, "files=1", "none.yaml"},
		{"a level that is none", map[string]string{"fail-on": "sometimes"}, map[string]string{"before": r.base}, 2, "files=1", "sometimes"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &repository{t, r.dir, r.base}
			got := r.run(tt.inputs, tt.event)
			if got.code != tt.code || got.files != tt.files || !strings.Contains(got.log, tt.log) {
				t.Errorf("%+v, want code %d, %s and %q", got, tt.code, tt.files, tt.log)
			}
		})
	}
}

// TestAShallowClone is what actions/checkout makes: one commit, and no base.
func TestAShallowClone(t *testing.T) {
	r := begin(t)
	r.git("config", "uploadpack.allowAnySHA1InWant", "true")
	r.write("docs/post-mortems/good.md", good(t))
	r.commit()
	clone := &repository{t, filepath.Join(t.TempDir(), "clone"), r.base}
	r.git("clone", "--quiet", "--depth=1", "file://"+r.dir, clone.dir)
	if got := clone.run(nil, map[string]string{"pull_request.base.sha": r.base}); got.code != 0 || got.files != "files=1" || got.log != "" {
		t.Errorf("%+v, want the base to be fetched and one file", got)
	}
}

// TestTheProgramIsBuiltFromTheSource looks at the steps that the others leave out.
func TestTheProgramIsBuiltFromTheSource(t *testing.T) {
	a := load(t)
	built := false
	for _, step := range a.Runs.Steps {
		built = built || strings.Contains(step.Run, "go build") && strings.HasSuffix(step.Run, " ./cmd/hindcast") && strings.Contains(step.Run, `"$RUNNER_TEMP/hindcast"`)
	}
	if _, err := os.Stat("../../cmd/hindcast"); err != nil || !built || a.Runs.Using != "composite" {
		t.Errorf("the action does not build the program: %+v, %v", a.Runs, err)
	}
}
