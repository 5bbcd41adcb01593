package durable

import (
	"errors"
	"io/fs"
	"syscall"

	"jurat"
)

// ErrOutcomeUnknown is the cause of every error that leaves it open whether
// the change is on the disk. Whoever gets it must read again before deciding.
var ErrOutcomeUnknown = errors.New("outcome unknown")

// unknown tells of a failed sync.
func unknown(err error, name string) error {
	return jurat.Because(jurat.Unavailable, errors.Join(ErrOutcomeUnknown, err), "%s: the disk did not confirm the write; read it again before relying on it", name)
}

// failed tells of a step that did not happen.
func failed(err error, name string) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return jurat.Because(jurat.NotFound, err, "%s is not there", name)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return jurat.Because(jurat.Unavailable, err, "%s was not written: the disk is full", name)
	default:
		return jurat.Because(jurat.Unavailable, err, "%s was not changed", name)
	}
}
