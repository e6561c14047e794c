package hindcast_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/hindcast/hindcast"

// layers are the rooms of the module, lowest first. A package imports only from
// layers below its own; a package and those in folders below it are one room.
var layers = [][]string{
	{"."},
	{"internal/lazyregexp"},
	{"internal/document", "internal/markdown", "internal/picture", "internal/redact", "internal/diff", "internal/sample", "internal/outhttp", "internal/secret", "internal/sqldb"},
	{"internal/evidence", "internal/timeline", "internal/impact", "internal/draft", "internal/lint", "internal/pattern", "internal/graph", "internal/export", "internal/proof", "internal/asof", "internal/audience", "internal/integrity"},
	{"internal/store", "internal/publish", "internal/blob", "internal/access", "internal/config", "internal/queue", "internal/connector", "client"},
	{"internal/workflow", "internal/auth", "internal/collab"},
	{"internal/deliver"},
	{"internal/collect"},
	{"internal/web", "internal/api", "internal/lsp", "internal/hook"},
	{"internal/server"},
	{"internal/cli"},
	{"cmd", "tools"},
}

// sameLayer are the imports between rooms of one layer that are allowed:
// timelines are built from records, whatever format they came in.
var sameLayer = map[string][]string{
	"internal/timeline": {"internal/evidence/record", "internal/evidence/stamp"},
}

// closed are imports that lie below a room and are not for it: surfaces ask the
// workflow, which decides what their viewer may.
var closed = map[string][]string{
	"internal/web": {"internal/store", "internal/blob"},
	"internal/api": {"internal/store", "internal/blob"},
}

// pure is the number of layers, from the bottom, that have no input or output,
// no clock and no log; outside are the rooms among them whose job is just that.
const pure = 4

var outside = []string{"internal/outhttp", "internal/secret", "internal/sqldb"}

var impure = []string{"os", "os/exec", "net", "net/http", "log", "log/slog", "database/sql", "syscall"}

// sourceFile is one Go file of the module that is not a test.
type sourceFile struct {
	dir, room string
	layer     int
	ast       *ast.File
	fset      *token.FileSet
}

func sourceFiles(t *testing.T) []sourceFile {
	t.Helper()
	var out []sourceFile
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "tmp_") || name == "testdata" || name == "node_modules" || p == "tools/lint") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := path.Dir(filepath.ToSlash(p))
		room, layer := place(dir)
		if layer < 0 {
			t.Errorf("%s: the package belongs to no layer; add it to layers", dir)
		}
		out = append(out, sourceFile{dir, room, layer, f, fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// place returns the room and the layer of a package.
func place(dir string) (room string, layer int) {
	for i, rooms := range layers {
		for _, r := range rooms {
			if dir == r || r != "." && strings.HasPrefix(dir, r+"/") {
				return r, i
			}
		}
	}
	return "", -1
}

func TestLayers(t *testing.T) {
	for _, f := range sourceFiles(t) {
		for _, spec := range f.ast.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if f.layer < pure && !slices.Contains(outside, f.room) && slices.Contains(impure, name) {
				t.Errorf("%s: imports %s; packages of this layer have no input or output", f.fset.Position(spec.Pos()), name)
			}
			if name != module && !strings.HasPrefix(name, module+"/") {
				if f.dir == "." && strings.Contains(name, ".") {
					t.Errorf("%s: imports %s; the root package imports the standard library only", f.fset.Position(spec.Pos()), name)
				}
				continue
			}
			dir := strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
			if dir == "" {
				dir = "."
			}
			room, layer := place(dir)
			if slices.Contains(closed[f.room], room) {
				t.Errorf("%s: imports %s; ask the workflow instead", f.fset.Position(spec.Pos()), dir)
			}
			if layer < f.layer || room == f.room || slices.Contains(sameLayer[f.room], dir) {
				continue
			}
			t.Errorf("%s: imports %s, which is not below it", f.fset.Position(spec.Pos()), dir)
		}
	}
}

func TestEnginesHaveNoClock(t *testing.T) {
	for _, f := range sourceFiles(t) {
		if f.layer >= pure {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since" || sel.Sel.Name == "Sleep") {
				t.Errorf("%s: uses time.%s; pass the time in", f.fset.Position(n.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

func TestNoInitFunctions(t *testing.T) {
	for _, f := range sourceFiles(t) {
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: has an init function; call it from where it is needed", f.fset.Position(fn.Pos()))
			}
		}
	}
}

func TestExportedNamesHaveComments(t *testing.T) {
	for _, f := range sourceFiles(t) {
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
					t.Errorf("%s: %s has no comment", f.fset.Position(d.Pos()), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil {
						t.Errorf("%s: %s has no comment", f.fset.Position(ts.Pos()), ts.Name.Name)
					}
				}
			}
		}
	}
}

// exportedReceiver reports whether fn is a function or a method of an exported type.
func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	expr := fn.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.Ident:
			return e.IsExported()
		default:
			return true
		}
	}
}
