package desktest

import (
	"os"
	"syscall"
)

// enough is how much must be free in memory before records of tests lie there:
// many times what all of them take.
const enough = 2 << 30

// InMemory has the folders of a program's tests lie in memory, where this machine
// has room there, and gives what removes them at its end: a test of the desk asks
// what is on the record, and that a disk keeps it is the matter of other rooms'
// tests, which stay on one. Call it in TestMain.
func InMemory() (end func()) {
	const memory = "/dev/shm"
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < enough {
		return func() {}
	}
	dir, err := os.MkdirTemp(memory, "jurat-test")
	if err != nil {
		return func() {}
	}
	// A database server that runs as somebody else has its folder there too.
	if os.Chmod(dir, 0o755) != nil || os.Setenv("TMPDIR", dir) != nil {
		os.RemoveAll(dir)
		return func() {}
	}
	return func() { os.RemoveAll(dir) }
}
