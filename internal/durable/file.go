package durable

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
)

// Files writes durably on one disk. The zero value writes on the disk of the
// operating system, as the functions of this package do.
type Files struct{ Disk Disk }

func (f Files) disk() Disk {
	if f.Disk == nil {
		return OS{}
	}
	return f.Disk
}

const tempSuffix = ".tmp"

// IsTemp reports whether a file of this name is one this package writes and
// renames: found lying about, it was left by a process that was killed, and
// nothing refers to it.
func IsTemp(name string) bool {
	base := filepath.Base(name)
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, tempSuffix)
}

// A Pending is a file being written beside the name it will have. One
// goroutine uses it at a time, and ends it with Keep or Discard.
type Pending struct {
	disk       Disk
	name, temp string
	file       File
	ended      bool
}

// Create begins a file that will be called name once Keep says so; a file
// already there stays as it is until then. The folder must exist (NotFound).
func Create(name string, perm fs.FileMode) (*Pending, error) { return Files{}.Create(name, perm) }

// Create is [Create] on this disk.
func (f Files) Create(name string, perm fs.FileMode) (*Pending, error) {
	var r [8]byte
	rand.Read(r[:])
	dir, base := filepath.Split(name)
	temp := dir + "." + base + "." + hex.EncodeToString(r[:]) + tempSuffix
	file, err := f.disk().Create(temp, perm)
	if err != nil {
		return nil, failed(err, name)
	}
	return &Pending{disk: f.disk(), name: name, temp: temp, file: file}, nil
}

// Write adds to the file; nothing of it is durable before Keep.
func (p *Pending) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	if err != nil {
		return n, failed(err, p.name)
	}
	return n, nil
}

// Keep syncs the file, gives it its name and syncs the folder. When it returns
// nil the file is whole and durable under its name. A failed sync is
// Unavailable with [ErrOutcomeUnknown]; any other error leaves the name as it
// was. Keep ends p in every case.
func (p *Pending) Keep() error {
	if p.ended {
		return failed(fs.ErrClosed, p.name)
	}
	p.ended = true
	if err := p.file.Sync(); err != nil {
		p.file.Close()
		p.disk.Remove(p.temp)
		return unknown(err, p.name)
	}
	if err := p.file.Close(); err != nil {
		p.disk.Remove(p.temp)
		return unknown(err, p.name)
	}
	if err := p.disk.Rename(p.temp, p.name); err != nil {
		p.disk.Remove(p.temp)
		return failed(err, p.name)
	}
	return Files{p.disk}.SyncDir(filepath.Dir(p.name))
}

// Discard removes what was written; after Keep it does nothing, so it may be
// deferred.
func (p *Pending) Discard() error {
	if p.ended {
		return nil
	}
	p.ended = true
	p.file.Close()
	if err := p.disk.Remove(p.temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed(err, p.temp)
	}
	return nil
}

// WriteFile replaces the file called name by data: after a power cut it holds
// the old bytes or the new ones, never some of each, and once WriteFile has
// returned nil, the new ones. Errors are those of [Pending.Keep].
func WriteFile(name string, data []byte, perm fs.FileMode) error {
	return Files{}.WriteFile(name, data, perm)
}

// WriteFile is [WriteFile] on this disk.
func (f Files) WriteFile(name string, data []byte, perm fs.FileMode) error {
	p, err := f.Create(name, perm)
	if err != nil {
		return err
	}
	defer p.Discard()
	if _, err := p.Write(data); err != nil {
		return err
	}
	return p.Keep()
}
