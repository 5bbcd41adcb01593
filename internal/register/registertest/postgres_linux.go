package registertest

import "syscall"

// server is how the server runs: as another than root, and not longer than the
// test.
func server(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Pdeathsig: syscall.SIGQUIT}
}
