//go:build !unix

package spool

import (
	"os"

	"github.com/hindcast/hindcast"
)

// lock refuses: here nothing keeps two programs from writing to one folder.
func lock(string) (*os.File, error) {
	return nil, hindcast.Errorf(hindcast.Unavailable, "watching needs a Unix system, such as a container of Linux")
}
