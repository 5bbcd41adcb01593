//go:build unix && !linux

package registertest

import "syscall"

func server(as *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as}
}
