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
	source  = "internal/web/app.ts"
	output  = "internal/web/dist"
	modules = "tools/assets/node_modules"
)

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
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{source}, Outdir: output, Bundle: true, Splitting: true, Format: api.FormatESModule, Target: api.ES2022,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsEndOfFile,
		ChunkNames: "[name]-[hash]", NodePaths: []string{modules}, LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%s was not built; run npm ci in tools/assets first if a package is missing", source)
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	for _, f := range result.OutputFiles {
		if err := os.WriteFile(f.Path, f.Contents, 0o644); err != nil {
			return err
		}
	}
	return nil
}
