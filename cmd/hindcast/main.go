// Hindcast turns an incident's raw evidence into a post-mortem. Run "hindcast
// help" for its commands.
package main

import (
	"os"
	_ "time/tzdata" // zones by name on machines that have no zone database

	"github.com/hindcast/hindcast/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
