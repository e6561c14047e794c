// Assets bundles the scripts of the pages into internal/web/dist, from which they
// are embedded. Run it in the root of the repository, after npm ci in its folder:
//
//	go run ./tools/assets
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	source  = "internal/web"
	output  = "internal/web/dist"
	modules = "tools/assets/node_modules"
)

// entries are what pages name. Each is one file with all that its page needs at once:
// what it has in common with others, or with what is loaded later, would else be files
// of their own, and more requests for every page.
var entries = []string{"app.ts", "document.ts", "reading.ts"}

func main() {
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

// build replaces what is in the output folder.
func build() error {
	old, err := filepath.Glob(filepath.Join(output, "*.js"))
	if err != nil {
		return err
	}
	later, err := laterOf(entries)
	if err != nil {
		return err
	}
	files, names, err := bundleLater(later)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		built, err := bundle(entry, func(path string) string { return names[path] })
		if err != nil {
			return err
		}
		files = append(files, built.OutputFiles...)
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := os.WriteFile(f.Path, f.Contents, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// laterOf returns the files that entries load when they are needed.
func laterOf(entries []string) ([]string, error) {
	var later []string
	for _, entry := range entries {
		_, err := bundle(entry, func(path string) string {
			later = append(later, path)
			return path
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(later)
	return slices.Compact(later), nil
}

// bundle builds an entry to one file. What it loads later is called what name says of
// its path.
func bundle(entry string, name func(path string) string) (api.BuildResult, error) {
	o := options()
	o.EntryPoints = []string{filepath.Join(source, entry)}
	o.Plugins = []api.Plugin{{Name: "later", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind != api.ResolveJSDynamicImport {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: name(filepath.Join(a.ResolveDir, a.Path) + ".ts"), External: true}, nil
		})
	}}}
	return run(entry, o)
}

// bundleLater builds what entries load later, and returns how each is called from
// them.
func bundleLater(paths []string) ([]api.OutputFile, map[string]string, error) {
	o := options()
	o.EntryPoints, o.EntryNames, o.ChunkNames = paths, "[name]-[hash]", "[name]-[hash]"
	o.Splitting, o.Metafile = true, true
	built, err := run("what is loaded later", o)
	if err != nil {
		return nil, nil, err
	}
	var meta struct {
		Inputs  map[string]any
		Outputs map[string]struct{ EntryPoint string }
	}
	if err := json.Unmarshal([]byte(built.Metafile), &meta); err != nil {
		return nil, nil, fmt.Errorf("read what was built: %w", err)
	}
	for in := range meta.Inputs {
		if strings.HasSuffix(in, "/script.ts") {
			return nil, nil, fmt.Errorf("%s runs for a page that has it already; move what is needed of it later to a file beside it", in)
		}
	}
	names := map[string]string{}
	for out, o := range meta.Outputs {
		if o.EntryPoint == "" {
			continue
		}
		path, err := filepath.Abs(o.EntryPoint)
		if err != nil {
			return nil, nil, err
		}
		names[path] = "./" + filepath.Base(out)
	}
	return built.OutputFiles, names, nil
}

// options are what all scripts are built with.
func options() api.BuildOptions {
	return api.BuildOptions{
		Outdir: output, Bundle: true, Format: api.FormatESModule, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsEndOfFile,
		NodePaths: []string{modules}, LogLevel: api.LogLevelWarning,
	}
}

// run builds what options say.
func run(what string, o api.BuildOptions) (api.BuildResult, error) {
	result := api.Build(o)
	if len(result.Errors) > 0 {
		return result, fmt.Errorf("%s was not built; run npm ci in tools/assets first if a package is missing", what)
	}
	return result, nil
}
