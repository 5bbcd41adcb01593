package durable

import (
	"io"
	"io/fs"
	"os"
)

// A Disk is every call durable makes on a file system. [OS] is the one the
// product uses; durabletest has one that forgets whatever was not synced.
type Disk interface {
	// Create makes a new file for writing; a name that exists is fs.ErrExist.
	Create(name string, perm fs.FileMode) (File, error)
	// Open opens a file for reading.
	Open(name string) (File, error)
	// SyncDir makes the names in a directory durable: what was created in it,
	// renamed into or out of it, and removed from it.
	SyncDir(name string) error
	Mkdir(name string, perm fs.FileMode) error
	Rename(from, to string) error
	Remove(name string) error
	Stat(name string) (fs.FileInfo, error)
	// ReadDir lists a directory in the order of names.
	ReadDir(name string) ([]fs.DirEntry, error)
}

// A File is an open file of a Disk. Its bytes are durable after Sync, its name
// after SyncDir of its directory.
type File interface {
	io.Writer
	io.ReaderAt
	io.Closer
	Sync() error
	Stat() (fs.FileInfo, error)
}

// OS is the disk of the operating system. Its files are *os.File.
type OS struct{}

// Create implements [Disk].
func (OS) Create(name string, perm fs.FileMode) (File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Open implements [Disk].
func (OS) Open(name string) (File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// SyncDir implements [Disk].
func (OS) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	defer d.Close() // opened for reading: closing cannot lose anything
	return d.Sync()
}

// Mkdir implements [Disk].
func (OS) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }

// Rename implements [Disk].
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements [Disk].
func (OS) Remove(name string) error { return os.Remove(name) }

// Stat implements [Disk].
func (OS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// ReadDir implements [Disk].
func (OS) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
