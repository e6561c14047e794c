// Assets bundles the scripts of the pages into internal/web/dist, from which they
// are embedded. Run it in the root of the repository, after npm ci in its folder:
//
//	go run ./tools/assets
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	source  = "internal/web"
	output  = "internal/web/dist"
	modules = "tools/assets/node_modules"
)

// entries are what pages name. Each is built for itself: what several have in common
// would else be a file of its own, and one more request for every page.
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
	var files []api.OutputFile
	for _, entry := range entries {
		built, err := bundle(filepath.Join(source, entry))
		if err != nil {
			return err
		}
		files = append(files, built...)
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

// bundle returns what an entry is built to: itself, and what it loads when that is
// needed.
func bundle(entry string) ([]api.OutputFile, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Outdir: output, Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsEndOfFile,
		ChunkNames: "[name]-[hash]", NodePaths: []string{modules}, LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%s was not built; run npm ci in tools/assets first if a package is missing", entry)
	}
	return result.OutputFiles, nil
}
