//go:build tools

// Package lint holds the versions of the linters. They live in a module of
// their own so that the program does not depend on them.
package lint

import (
	_ "github.com/golangci/misspell/cmd/misspell"
	_ "github.com/kisielk/errcheck"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
