package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jurat"
	"jurat/internal/durable"
)

// A newFile is a file the person named, which did not exist when the work
// began. It is made, and its name is durable, before the act whose words it will
// hold, so that no act is left without its file, and goes again when the act
// fails.
type newFile struct {
	*os.File
	kept bool
}

// create makes a file. Conflict: there is one of that name; it was not touched.
func create(path string, perm fs.FileMode) (*newFile, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, jurat.Errorf(jurat.Conflict, "%s exists and was not touched; name a file that does not", path)
	case err != nil:
		return nil, jurat.Because(jurat.Unavailable, reason(err), "%s cannot be made", path)
	}
	if err := durable.SyncDir(filepath.Dir(path)); err != nil {
		n := &newFile{File: f}
		n.leave()
		return nil, jurat.Because(jurat.Unavailable, reason(err), "%s cannot be made", path)
	}
	return &newFile{File: f}, nil
}

// keep makes the file's bytes durable.
func (f *newFile) keep() error {
	if err := f.Sync(); err != nil {
		return jurat.Because(jurat.Unavailable, reason(err), "%s may not be whole", f.Name())
	}
	f.kept = true
	return nil
}

// write keeps a whole text.
func (f *newFile) write(text []byte) error {
	if _, err := f.Write(text); err != nil {
		return jurat.Because(jurat.Unavailable, reason(err), "%s cannot be written", f.Name())
	}
	return f.keep()
}

// leave closes the file, and removes it unless it was kept.
func (f *newFile) leave() {
	_ = f.Close()
	if !f.kept {
		_ = os.Remove(f.Name())
	}
}
