package ledger

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"sync"
	"time"

	"jurat"
	"jurat/internal/durable"
)

// A folder is a directory the ledger keeps or copies to. Names in it are
// slash-separated. Its methods may be called from several goroutines.
type folder struct {
	dir  string
	disk durable.Disk

	mu   sync.Mutex
	made map[string]bool // directories whose names are durable, seen by this process
}

func newFolder(dir string, disk durable.Disk) *folder {
	if disk == nil {
		disk = durable.OS{}
	}
	return &folder{dir: dir, disk: disk, made: map[string]bool{}}
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// read returns a whole file; NotFound when it is not there, Unavailable when
// it cannot be read or is larger than limit.
func (f *folder) read(name string, limit int64) ([]byte, error) {
	file, err := f.disk.Open(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, jurat.Because(jurat.NotFound, err, "%s is not there", f.path(name))
	}
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "%s cannot be opened", f.path(name))
	}
	defer file.Close()
	data, err := io.ReadAll(io.NewSectionReader(file, 0, limit+1))
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "%s cannot be read", f.path(name))
	}
	if int64(len(data)) > limit {
		return nil, jurat.Errorf(jurat.Unavailable, "%s is larger than such a file may be (%d bytes)", f.path(name), limit)
	}
	return data, nil
}

// list returns the names in a directory, none when it is not there.
func (f *folder) list(dir string) ([]string, error) {
	entries, err := f.disk.ReadDir(f.path(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "%s cannot be listed", f.path(dir))
	}
	var names []string
	for _, e := range entries {
		if !durable.IsTemp(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// writers is how many files are written at once: the syncs of files written
// together share the disk's journal.
const writers = 8

// write replaces files, in no order among them. When it returns nil all are
// durable; when it does not, each is as it was or as it should be.
func (f *folder) write(files ...file) error {
	for _, w := range files {
		if err := f.mkdir(path.Dir(w.name)); err != nil {
			return err
		}
	}
	on := durable.Files{Disk: f.disk}
	if len(files) == 1 {
		for _, w := range files {
			if err := on.WriteFile(f.path(w.name), w.data, 0o644); err != nil {
				return err
			}
		}
		return nil
	}
	var wg sync.WaitGroup
	errs := make([]error, len(files))
	next := make(chan int, len(files))
	for i := range files {
		next <- i
	}
	close(next)
	for range min(writers, len(files)) {
		wg.Go(func() {
			for i := range next {
				errs[i] = on.WriteFile(f.path(files[i].name), files[i].data, 0o644)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// mkdir makes a directory durable by name, with those above it. What a killed
// process left without a sync is synced once by every process that uses it.
func (f *folder) mkdir(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mkdirLocked(dir)
}

func (f *folder) mkdirLocked(dir string) error {
	if f.made[dir] {
		return nil
	}
	if dir != "." {
		if err := f.mkdirLocked(path.Dir(dir)); err != nil {
			return err
		}
	}
	if err := (durable.Files{Disk: f.disk}).MkdirAll(f.path(dir), 0o755); err != nil {
		return err
	}
	f.made[dir] = true
	return nil
}

// sweep removes a directory of files nothing needs any more, as far as it can:
// what stays is true, only superfluous.
func (f *folder) sweep(dir string) {
	entries, err := f.disk.ReadDir(f.path(dir))
	if err != nil {
		return
	}
	for _, e := range entries {
		f.disk.Remove(f.path(path.Join(dir, e.Name())))
	}
	f.disk.Remove(f.path(dir))
	f.mu.Lock()
	delete(f.made, dir)
	f.mu.Unlock()
}

// move gives a file or directory another name, durably. What is not there was
// moved before.
func (f *folder) move(from, to string) error {
	if _, err := f.disk.Stat(f.path(from)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := f.mkdir(path.Dir(to)); err != nil {
		return err
	}
	f.mu.Lock()
	clear(f.made)
	f.mu.Unlock()
	return durable.Files{Disk: f.disk}.Rename(f.path(from), f.path(to))
}

// lock takes the folder for one writer among all processes of the machine, and
// waits for it as long as ctx allows. A killed process gives it back at once.
func (f *folder) lock(ctx context.Context) (unlock func(), err error) {
	if err := f.mkdir("."); err != nil {
		return nil, err
	}
	try := lockDir
	if _, ok := f.disk.(durable.OS); !ok {
		locker, ok := f.disk.(interface {
			Lock(dir string) (unlock func(), busy bool, err error)
		})
		if !ok {
			return func() {}, nil // a disk that one process alone can see
		}
		try = locker.Lock
	}
	for {
		unlock, busy, err := try(f.dir)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "%s cannot be locked", f.dir)
		}
		if !busy {
			return unlock, nil
		}
		select {
		case <-ctx.Done():
			return nil, jurat.Because(jurat.Unavailable, ctx.Err(), "%s is being written by another program", f.dir)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
