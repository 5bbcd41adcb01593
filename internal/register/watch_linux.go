package register

import (
	"io"
	"os"
	"syscall"
)

const canWatch = true

// lockByte takes the lock of one byte of f for this opening of it, at once or
// not at all. Unlike the locks of fcntl's older kind it is not lost when
// another opening of the same file is closed.
func lockByte(f *os.File, at int64) error {
	const setOpenFileLock = 37 // F_OFD_SETLK
	return syscall.FcntlFlock(f.Fd(), setOpenFileLock, &syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: at, Len: 1})
}
