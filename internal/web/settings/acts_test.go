package settings

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hindcast/hindcast/internal/deliver"
)

// TestEveryActHasASentence reads the names of acts from the code that audits them.
func TestEveryActHasASentence(t *testing.T) {
	act := regexp.MustCompile(`^(incident|postmortem|evidence|timeline|person|session|token|endpoint|delivery|ticket|episode|mail)\.[a-z]+$`)
	others := []string{"incident.json"} // what looks like an act
	for _, e := range deliver.Events() {
		others = append(others, string(e))
	}
	found := 0
	for _, room := range []string{"workflow", "auth", "deliver", "collect"} {
		for _, name := range literals(t, filepath.Join("../..", room)) {
			if !act.MatchString(name) || slices.Contains(others, name) {
				continue
			}
			found++
			if actsOf(name) == nil {
				t.Errorf("the act %s of %s has no sentence; add it to groups", name, room)
			}
		}
	}
	if found < 30 {
		t.Errorf("%d acts were found; the test does not see them", found)
	}
}

// literals returns the strings in the code of a folder that is not a test.
func literals(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	fset := token.NewFileSet()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					out = append(out, s)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestActsHaveWordsToChooseThemBy(t *testing.T) {
	for _, g := range groups {
		for _, k := range g.kinds {
			if s := k.short(); strings.ContainsAny(s, "{}") || len(s) > 60 || s == "" {
				t.Errorf("%s is called %q in the list", k.act, s)
			}
		}
		if got := actsOf(strings.ToLower(g.name)); len(got) != len(g.kinds) {
			t.Errorf("the group %s means %q", g.name, got)
		}
	}
	if got := actsOf("drop table"); got != nil {
		t.Errorf("an unknown choice means %q", got)
	}
}
