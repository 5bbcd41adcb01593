package main

import (
	"errors"
	"os"
	"path/filepath"

	"jurat"
	"jurat/internal/durable"
)

// newFolder fills a folder the person named, which is absent or empty: whole,
// or not at all. The files are written beside it and get its name together. It
// says how many there are.
func newFolder(dir string, fill func(put func(name string, b []byte) error) error) (files int, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return 0, jurat.Because(jurat.Unavailable, err, "say where %s is", dir)
	}
	if here, err := os.Getwd(); err == nil && here == dir {
		return 0, jurat.Errorf(jurat.Invalid, "%s is the folder you are in, and cannot be replaced from there; name another", dir)
	}
	if err := emptyFolder(dir); err != nil {
		return 0, err
	}
	beside, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-")
	if err != nil {
		return 0, jurat.Because(jurat.Unavailable, reason(err), "a folder beside %s cannot be made", dir)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(beside))
		}
	}()
	if err := os.Chmod(beside, 0o755); err != nil {
		return 0, jurat.Because(jurat.Unavailable, reason(err), "a folder beside %s cannot be made", dir)
	}
	err = fill(func(name string, b []byte) error {
		files++
		return durable.WriteFile(filepath.Join(beside, name), b, 0o644)
	})
	if err != nil {
		return 0, err
	}
	if err := durable.SyncDir(beside); err != nil {
		return 0, err
	}
	if err := durable.Remove(dir); err != nil { // still empty, or it is not ours to replace
		return 0, err
	}
	return files, durable.Rename(beside, dir)
}
