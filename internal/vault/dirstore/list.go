package dirstore

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
	"time"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/vault"
)

// Blobs implements [vault.Store].
func (s *Store) Blobs(ctx context.Context) iter.Seq2[vault.Stored, error] {
	return func(yield func(vault.Stored, error) bool) {
		for f, err := range s.walk(ctx) {
			if err != nil {
				yield(vault.Stored{}, err)
				return
			}
			if f.kind == kept && !yield(vault.Stored{ID: vault.BlobID(f.base()), Size: f.info.Size(), At: f.info.ModTime()}, nil) {
				return
			}
		}
	}
}

// Litter implements [vault.Store].
func (s *Store) Litter(ctx context.Context) iter.Seq2[vault.Litter, error] {
	return func(yield func(vault.Litter, error) bool) {
		for f, err := range s.walk(ctx) {
			if err != nil {
				yield(vault.Litter{}, err)
				return
			}
			if f.kind != kept && !yield(vault.Litter{Name: f.name, Size: f.info.Size(), At: f.info.ModTime(), Draft: f.kind == drafted}, nil) {
				return
			}
		}
	}
}

// Sweep implements [vault.Store].
func (s *Store) Sweep(ctx context.Context, olderThan time.Time) (int, error) {
	n := 0
	touched := map[string]bool{}
	for f, err := range s.walk(ctx) {
		if err != nil {
			return n, err
		}
		if f.kind != drafted || !f.info.ModTime().Before(olderThan) {
			continue
		}
		name := filepath.Join(s.root, f.name)
		if err := s.disk.Remove(name); err != nil {
			return n, writeError(err)
		}
		touched[filepath.Dir(name)] = true
		n++
	}
	for folder := range touched {
		if err := (durable.Files{Disk: s.disk}).SyncDir(folder); err != nil {
			return n, err
		}
	}
	return n, nil
}

// What a file in the vault is, by its name alone.
type kind int

const (
	foreign kind = iota
	drafted
	kept
)

type found struct {
	name string // within the root
	kind kind
	info fs.FileInfo
}

func (f found) base() string { return filepath.Base(f.name) }

// walk gives every file below the root but the folders of blobs themselves,
// in the order of names.
func (s *Store) walk(ctx context.Context) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		if err := s.present(); err != nil {
			yield(found{}, err)
			return
		}
		tops, err := s.disk.ReadDir(s.root)
		if err != nil {
			yield(found{}, readError(err))
			return
		}
		for _, top := range tops {
			if ctx.Err() != nil {
				yield(found{}, jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped"))
				return
			}
			if !top.IsDir() || !isFolder(top.Name()) {
				if !give(yield, top.Name(), foreign, top) {
					return
				}
				continue
			}
			list, err := s.disk.ReadDir(filepath.Join(s.root, top.Name()))
			if err != nil {
				yield(found{}, readError(err))
				return
			}
			for _, e := range list {
				if !give(yield, filepath.Join(top.Name(), e.Name()), kindOf(top.Name(), e), e) {
					return
				}
			}
		}
	}
}

// give yields one entry; one that was removed since it was listed is not there.
func give(yield func(found, error) bool, name string, k kind, e fs.DirEntry) bool {
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	if err != nil {
		yield(found{}, readError(err))
		return false
	}
	return yield(found{name, k, info}, nil)
}

func isFolder(name string) bool {
	return len(name) == 2 && strings.Trim(name, "0123456789abcdef") == ""
}

// kindOf knows a file by its name and place; anything else is foreign.
func kindOf(folder string, e fs.DirEntry) kind {
	stem, temp := strings.CutSuffix(e.Name(), tempSuffix)
	if _, err := vault.ParseBlobID(stem); err != nil || stem[:2] != folder || !e.Type().IsRegular() {
		return foreign
	}
	if temp {
		return drafted
	}
	return kept
}
