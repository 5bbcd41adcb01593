// Package dirstore keeps sealed bytes in a folder.
//
// Holds: ROOT/ab/<id>, where ab are the first two digits of the id, and while
// a blob is being written ROOT/ab/<id>.tmp (docs/format/vault.md, V2 to V5).
// Promises: the contract of vault.Store on any file system; where the system
// allows it, writing around the page cache, so that a large file does not
// push everything else out of memory.
// May open: the law; vault, for its contract; durable.
// Never: opens a blob's bytes to look at them, or removes what it does not
// know.
package dirstore

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync"
	"syscall"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/vault"
)

// A Store is a [vault.Store] in a folder. Two processes may use one folder.
type Store struct {
	root string
	disk durable.Disk

	mu      sync.Mutex
	folders map[string]bool // whose names this process knows to be durable
}

var (
	_ vault.Store = (*Store)(nil)
	_ vault.Roomy = (*Store)(nil)
)

// Room implements [vault.Roomy].
func (s *Store) Room() (int64, error) {
	n, err := room(s.root)
	if err != nil {
		return 0, readError(err)
	}
	return n, nil
}

const (
	folderMode = 0o700
	fileMode   = 0o600
	tempSuffix = ".tmp"
)

// Create makes the folder if it is not there, durably, and opens it.
func Create(root string) (*Store, error) { return create(durable.OS{}, root) }

func create(disk durable.Disk, root string) (*Store, error) {
	if err := (durable.Files{Disk: disk}).MkdirAll(root, folderMode); err != nil {
		return nil, err
	}
	return open(disk, root)
}

// Open opens a folder that is there; it writes nothing. A folder that is not
// there is Unavailable: a disk that is not mounted is not an empty vault.
func Open(root string) (*Store, error) { return open(durable.OS{}, root) }

func open(disk durable.Disk, root string) (*Store, error) {
	s := &Store{root: root, disk: disk, folders: map[string]bool{}}
	return s, s.present()
}

// present tells a vault that is not there from a blob that is not there.
func (s *Store) present() error {
	info, err := s.disk.Stat(s.root)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "the vault folder %s is not there; is its disk mounted?", s.root)
	}
	if !info.IsDir() {
		return jurat.Errorf(jurat.Unavailable, "the vault folder %s is not a folder", s.root)
	}
	return nil
}

func (s *Store) folder(id vault.BlobID) string { return filepath.Join(s.root, string(id[:2])) }
func (s *Store) path(id vault.BlobID) string   { return filepath.Join(s.folder(id), string(id)) }

// Create implements [vault.Store].
func (s *Store) Create(ctx context.Context, id vault.BlobID, size int64) (vault.Draft, error) {
	if ctx.Err() != nil {
		return nil, jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped")
	}
	if _, err := vault.ParseBlobID(string(id)); err != nil {
		return nil, err
	}
	if err := s.makeFolder(s.folder(id)); err != nil {
		return nil, err
	}
	if _, err := s.disk.Stat(s.path(id)); err == nil {
		return nil, jurat.Errorf(jurat.Conflict, "blob %s exists", id)
	}
	temp := s.path(id) + tempSuffix
	f, err := s.disk.Create(temp, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return nil, jurat.Errorf(jurat.Conflict, "blob %s is being written", id)
	}
	if err != nil {
		return nil, writeError(err)
	}
	d := &draft{store: s, id: id, temp: temp, file: f}
	if err := d.prepare(size); err != nil {
		d.Discard()
		return nil, err
	}
	return d, nil
}

// makeFolder makes a folder of blobs, durably, once.
func (s *Store) makeFolder(folder string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folders[folder] {
		return nil
	}
	if err := s.present(); err != nil {
		return err
	}
	if err := (durable.Files{Disk: s.disk}).MkdirAll(folder, folderMode); err != nil {
		return err
	}
	s.folders[folder] = true
	return nil
}

// Open implements [vault.Store].
func (s *Store) Open(ctx context.Context, id vault.BlobID) (vault.Object, error) {
	if ctx.Err() != nil {
		return nil, jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped")
	}
	if _, err := vault.ParseBlobID(string(id)); err != nil {
		return nil, err
	}
	f, err := s.disk.Open(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.present(); err != nil {
			return nil, err
		}
		return nil, jurat.Because(jurat.NotFound, err, "blob %s is not in the vault", id)
	}
	if err != nil {
		return nil, readError(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, readError(err)
	}
	if !info.Mode().IsRegular() {
		f.Close()
		return nil, jurat.Errorf(jurat.Unavailable, "blob %s is not a file", id)
	}
	return object{f, info.Size()}, nil
}

// Remove implements [vault.Store].
func (s *Store) Remove(ctx context.Context, id vault.BlobID) error {
	if ctx.Err() != nil {
		return jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped")
	}
	if _, err := vault.ParseBlobID(string(id)); err != nil {
		return err
	}
	err := durable.Files{Disk: s.disk}.Remove(s.path(id))
	if errors.Is(err, jurat.NotFound) {
		if err := s.present(); err != nil {
			return err
		}
		return jurat.Because(jurat.NotFound, err, "blob %s is not in the vault", id)
	}
	return err
}

// object is an open file; its errors have kinds.
type object struct {
	durable.File
	size int64
}

func (o object) Size() int64 { return o.size }

func readError(err error) error {
	return jurat.Because(jurat.Unavailable, err, "the vault could not be read")
}

func writeError(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return jurat.Because(jurat.Unavailable, err, "the vault's disk is full")
	case errors.Is(err, syscall.EFBIG):
		return jurat.Because(jurat.Unavailable, err, "the vault's disk takes no file this large")
	default:
		return jurat.Because(jurat.Unavailable, err, "the vault could not be written")
	}
}
