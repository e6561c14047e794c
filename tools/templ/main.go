// Templ writes the Go code of the templates below internal/web, with the version
// of templ in go.mod. Run it in the root of the repository:
//
//	go run ./tools/templ
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	parser "github.com/a-h/templ/parser/v2"
)

func main() {
	err := each("internal/web", func(template string, code []byte) error {
		return os.WriteFile(target(template), code, 0o644)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "templ:", err)
		os.Exit(1)
	}
}

// target is the file that holds the code of a template.
func target(template string) string { return strings.TrimSuffix(template, ".templ") + "_templ.go" }

// each calls f with every template below a folder and its code.
func each(root string, f func(template string, code []byte) error) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".templ" {
			return err
		}
		code, err := generate(root, name)
		if err != nil {
			return err
		}
		return f(name, code)
	})
}

// generate returns the code of a template. Failures while it renders name the
// template below root.
func generate(root, name string) ([]byte, error) {
	t, err := parser.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	shown, err := filepath.Rel(root, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := generator.Generate(t, &b, generator.WithVersion(templ.Version()), generator.WithFileName(filepath.ToSlash(shown))); err != nil {
		return nil, fmt.Errorf("write the code of %s: %w", name, err)
	}
	code, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("format the code of %s: %w", name, err)
	}
	return code, nil
}
