package media

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"jurat"
)

// scratch is a nameless file for so many bytes, in memory or in the folder the
// operator named; a negative size is one not known before.
func (t *Tools) scratch(size int64) (*os.File, error) {
	if size <= t.memory {
		fd, err := unix.MemfdCreate("jurat", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "could not tell: no memory for a copy to work on")
		}
		return os.NewFile(uintptr(fd), "scratch"), nil
	}
	if t.settings.Scratch == "" {
		return nil, errNoScratch
	}
	f, err := os.OpenFile(t.settings.Scratch, os.O_RDWR|unix.O_TMPFILE, 0o600)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "could not tell: the scratch folder cannot be written to")
	}
	return f, nil
}

// errNoScratch: it is larger than memory takes and no folder was named.
var errNoScratch = errors.New("larger than memory takes, and no scratch folder is set")

// keepStill makes what lies in memory unchangeable, so that the program that
// reads it cannot write to it. A file in a folder stays as it is: it is this
// run's own.
func keepStill(f *os.File) {
	_, _ = unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_WRITE|unix.F_SEAL_GROW|unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL)
}
