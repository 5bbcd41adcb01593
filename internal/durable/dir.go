package durable

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// SyncDir makes the names in a directory durable. A sync that fails is
// Unavailable with [ErrOutcomeUnknown].
func SyncDir(dir string) error { return Files{}.SyncDir(dir) }

// SyncDir is [SyncDir] on this disk.
func (f Files) SyncDir(dir string) error {
	if err := f.disk().SyncDir(dir); err != nil {
		return unknown(err, dir)
	}
	return nil
}

// MkdirAll makes a directory and those above it that are missing, each durable
// before the next. One that is already there is made durable by name too: it
// may have been left by a process that was killed before it could sync.
func MkdirAll(dir string, perm fs.FileMode) error { return Files{}.MkdirAll(dir, perm) }

// MkdirAll is [MkdirAll] on this disk.
func (f Files) MkdirAll(dir string, perm fs.FileMode) error {
	dir = filepath.Clean(dir)
	parent := filepath.Dir(dir)
	err := f.disk().Mkdir(dir, perm)
	if errors.Is(err, fs.ErrNotExist) && parent != dir {
		if err := f.MkdirAll(parent, perm); err != nil {
			return err
		}
		err = f.disk().Mkdir(dir, perm)
	}
	if err != nil {
		if info, statErr := f.disk().Stat(dir); statErr != nil || !info.IsDir() {
			return failed(err, dir)
		}
	}
	if parent == dir {
		return nil
	}
	return f.SyncDir(parent)
}

// Rename gives a file or directory another name, durably, replacing a file of
// that name. A name that is not there is NotFound.
func Rename(from, to string) error { return Files{}.Rename(from, to) }

// Rename is [Rename] on this disk.
func (f Files) Rename(from, to string) error {
	if err := f.disk().Rename(from, to); err != nil {
		return failed(err, from)
	}
	// The new name first: between the two syncs the file may have both names,
	// never none.
	if err := f.SyncDir(filepath.Dir(to)); err != nil {
		return err
	}
	if filepath.Dir(from) == filepath.Dir(to) {
		return nil
	}
	return f.SyncDir(filepath.Dir(from))
}

// Remove removes a file or an empty directory, durably. A name that is not
// there is NotFound.
func Remove(name string) error { return Files{}.Remove(name) }

// Remove is [Remove] on this disk.
func (f Files) Remove(name string) error {
	if err := f.disk().Remove(name); err != nil {
		return failed(err, name)
	}
	return f.SyncDir(filepath.Dir(name))
}
