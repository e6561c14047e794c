//go:build unix

package spool

import (
	"os"
	"syscall"

	"github.com/hindcast/hindcast"
)

// lock takes a folder for this program, until it ends.
func lock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unusable(name, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // nothing was written
		return nil, hindcast.Errorf(hindcast.Conflict, "%s is locked: another program writes to this folder; stop it, or name another folder", name)
	}
	return f, nil
}
