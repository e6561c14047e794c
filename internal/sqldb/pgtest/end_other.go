//go:build unix && !linux

package pgtest

import "syscall"

// endWithTests does nothing: only Linux can stop a program with its parent.
func endWithTests() *syscall.SysProcAttr { return &syscall.SysProcAttr{} }
