package dirstore

import (
	"errors"
	"io"
	"os"

	"jurat/internal/vault"
)

var _ vault.Sequential = object{}

// Sequential implements [vault.Sequential].
func (o object) Sequential() {
	if f, ok := o.File.(*os.File); ok {
		adviseSequential(f)
	}
}

// ReadAt gives the sealed bytes as they are on the disk.
func (o object) ReadAt(p []byte, off int64) (int, error) {
	n, err := o.File.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, readError(err)
	}
	return n, err
}
