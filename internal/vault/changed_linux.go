package vault

import (
	"io/fs"
	"os"
	"syscall"
)

// changed reports whether a file is another one or was written to between two
// looks. The time of change moves with every write, and unlike the time of
// writing nobody can set it back; it also moves when the file loses its name to
// another.
func changed(before, after fs.FileInfo) bool {
	a, okA := before.Sys().(*syscall.Stat_t)
	b, okB := after.Sys().(*syscall.Stat_t)
	if !okA || !okB {
		return before.Size() != after.Size() || !before.ModTime().Equal(after.ModTime())
	}
	return a.Size != b.Size || a.Ctim != b.Ctim || a.Ino != b.Ino || a.Dev != b.Dev
}

const fadvSequential = 2

// adviseSequential asks for more reading ahead; it is advice, so its failure
// is nobody's.
func adviseSequential(f *os.File) {
	if c, err := f.SyscallConn(); err == nil {
		_ = c.Control(func(fd uintptr) {
			_, _, _ = syscall.Syscall6(syscall.SYS_FADVISE64, fd, 0, 0, fadvSequential, 0, 0)
		})
	}
}
