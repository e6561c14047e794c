package pgtest

import "syscall"

// endWithTests makes the system stop the server when the tests are killed.
func endWithTests() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT} }
