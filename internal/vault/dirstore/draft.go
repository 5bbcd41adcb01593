package dirstore

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/vault"
)

// A draft is a file with a temporary name.
type draft struct {
	store *Store
	id    vault.BlobID
	temp  string
	file  durable.File // nil once closed
	fast  fastFile     // the same file, where the system lets it be written faster
	sync  behind

	finished, ended bool
}

var errEnded = jurat.Errorf(jurat.Unavailable, "the draft has ended")

// prepare makes ready for size bytes, or for any number when it is -1.
func (d *draft) prepare(size int64) error {
	if f, ok := d.file.(*os.File); ok {
		return d.fast.begin(f, size)
	}
	return nil
}

func (d *draft) Write(p []byte) (int, error) {
	if d.finished || d.ended {
		return 0, errEnded
	}
	n, err := d.fast.write(d.file, p)
	if err == nil && d.fast.direct {
		err = d.sync.wrote(n, d.file.Sync)
	}
	if err != nil {
		return n, writeError(err)
	}
	return n, nil
}

// Finish syncs the file and closes it.
func (d *draft) Finish() error {
	if d.ended {
		return errEnded
	}
	if d.finished {
		return nil
	}
	d.finished = true
	err := d.sync.wait()
	if err == nil {
		err = d.fast.end(d.file)
	}
	if err == nil {
		err = d.file.Sync()
	}
	if closeErr := d.file.Close(); err == nil {
		err = closeErr
	}
	d.file = nil
	if err != nil {
		return writeError(err)
	}
	return nil
}

func (d *draft) Discard() error {
	if d.ended {
		return nil
	}
	d.ended = true
	if d.file != nil {
		_ = d.sync.wait() // nothing of it is kept
		d.file.Close()
		d.file = nil
	}
	if err := d.store.disk.Remove(d.temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeError(err)
	}
	return nil
}

// Keep implements [vault.Store]: every file is synced, then named, then each
// folder is synced once.
func (s *Store) Keep(_ context.Context, drafts ...vault.Draft) []error {
	errs := make([]error, len(drafts))
	named := map[string][]int{} // by folder
	for i, x := range drafts {
		d, ok := x.(*draft)
		if !ok || d.store != s || d.ended {
			errs[i] = errEnded
			continue
		}
		if errs[i] = d.name(); errs[i] == nil {
			named[s.folder(d.id)] = append(named[s.folder(d.id)], i)
		}
	}
	for folder, of := range named {
		err := durable.Files{Disk: s.disk}.SyncDir(folder)
		if err == nil {
			continue
		}
		for _, i := range of {
			s.disk.Remove(s.path(drafts[i].(*draft).id)) // the error says that nobody knows
			errs[i] = err
		}
	}
	return errs
}

// name ends a draft as a file under its id, not yet durable by name.
func (d *draft) name() error {
	if err := d.Finish(); err != nil {
		d.Discard()
		return err
	}
	if err := d.store.disk.Rename(d.temp, d.store.path(d.id)); err != nil {
		d.Discard()
		return writeError(err)
	}
	d.ended = true
	return nil
}
